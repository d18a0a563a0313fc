"""Pointers as arguments: at memory that has room for what the callee touches, and rather at what was touched before.

Any array will do, or a part of one; so will an array in a struct, a variable on its own where one element is asked for,
and, where bytes are, numbers of any size.  Nothing is looked at through two types but bytes, nor bytes of floating-point
numbers, whose NaNs have signs.
"""
from .expressions import Array
from .types import TYPES, U32

# Every pattern of bits is a value, and the bytes of each.
BYTES = {"u8": 1, "i16": 2, "u32": 4, "i32": 4, "u64": 8, "i64": 8, "bytes": 3}


def members(v):
    """The arrays in a struct."""
    for t, f in v.type.fields:
        if "[" in f:
            name, size = f.rstrip("]").split("[")
            yield Array(f"{v.name}.{name}", TYPES[t], int(size), v.writable)


def alone(v, pure):
    """A variable as an array of one, and its fields."""
    yield Array(f"(&{v.name})", v.type, 1, v.writable)
    for t, f in v.type.fields:
        if "[" not in f and ":" not in f:
            yield Array(f"(&{v.name}.{f})", TYPES[t], 1, v.writable)
    if v.type.kind == "pointer" and not pure:
        yield Array(f"({v.name} ?: pool)", U32, 1)


def room(a, region):
    """How many elements of the region's there are in an array, or -1."""
    if region.bytes:
        return a.size * BYTES.get(a.type.name, -1)
    return a.size if a.type == region.type else -1


class Pointers:
    """Mixed into the generator, beside Expressions; .touched are the names of arrays that regions lay in last."""

    def memory(self, region, callee, scope):
        """The arrays that the region fits into.  Plain functions write what they like."""
        found = list(scope.arrays)
        for v in scope.variables:
            found += members(v)
            if region.most + region.before <= 1:
                found += alone(v, scope.pure)
        return [a for a in found if room(a, region) >= max(region.most, 1) + region.before and
                (a.writable or not region.writes or not callee.tame)]

    def has_memory(self, callee, scope):
        return all(self.memory(r, callee, scope) for r in callee.regions)

    def pointer(self, region, callee, scope):
        found = self.memory(region, callee, scope)
        again = [a for a in found if a.name in self.touched[-3:]]
        a = self.r.choice(again if again and self.r.random() < 0.6 else found)
        self.touched.append(a.name)
        return self.part(a, region, scope)

    def part(self, a, region, scope):
        left, before = room(a, region) - region.most - region.before, region.before
        start = f"{a.name} + {before}" if before else a.name
        if left == 0 or self.r.random() < (0.8 if a.whole else 0.3):
            return f"(void *)({start})" if before else f"(void *){a.name}"
        cast = "(u8 *)" if region.bytes else ""
        return f"(void *)({cast}{start} + {self.step(scope)}{self.index(scope, left + 1)})"

    def step(self, scope):
        """Often far enough for the next part not to overlap, or to lie in the next row."""
        return f"{self.r.choice([4, 8, 12, 20])} * " if self.r.random() < 0.3 else ""

    def size(self, size, scope):
        """Between the bounds; now and then what a lazy function says."""
        span = size.high - size.low + 1
        if self.r.random() < 0.25:
            return str(self.r.randint(size.low, size.high))
        if span >= 3 and self.r.random() < 0.15:
            return f"{size.low} + few({self.value(U32, scope, 1)})" if size.low else f"few({self.value(U32, scope, 1)})"
        return f"{size.low} + {self.index(scope, span)}"
