"""Calls of the C library on memory that other calls may be working on.

Lengths are known at run time at most, and text ends where it is said to end.
"""
from .pointers import BYTES
from .types import TYPES, U32


class Library:
    """Mixed into the generator, beside Expressions and Memory."""

    QUIET = ["copy", "copy", "set", "compare", "sort", "measure", "find", "write_text", "cut_text", "number", "duplicate"]
    LOUD = ["print_text", "print_bytes"]

    def library(self, scope, depth):
        getattr(self, "library_" + self.r.choice(self.QUIET if scope.pure else self.QUIET + self.LOUD))(scope, depth)

    # -- what there is to work on --

    def some(self, scope, fits=lambda a: True):
        """An array that fits, rather one touched before; or None."""
        found = [a for a in scope.arrays if fits(a)]
        again = [a for a in found if a.name in self.touched[-3:]]
        return self.r.choice(again if again and self.r.random() < 0.6 else found) if found else None

    def piece(self, a, scope, least=0):
        """(where it starts, how many elements) of a part of it, in C."""
        span = self.r.randint(max(least, 1), a.size) - least + 1
        count = f"{least} + few({self.value(U32, scope, 1)})" if span > 1 and self.r.random() < 0.2 else \
            f"{least} + {self.index(scope, span)}"
        return f"{a.name} + {self.index(scope, a.size - (least + span - 1) + 1)}", f"({count})"

    def characters(self, scope, writable):
        return self.some(scope, lambda a: a.type.name == "u8" and a.size >= 3 and (a.writable or not writable))

    def note(self, value, scope, depth):
        """What the library has answered."""
        sums = scope.of(U32, True)
        if sums:
            s = self.r.choice(sums)
            self.out(f"{s} = {s} * 31 + (u32)({value});", depth)

    # -- blocks of memory --

    def library_copy(self, scope, depth):
        a = self.some(scope, lambda a: a.writable)
        if a:
            b = self.r.choice([b for b in scope.arrays if b.type == a.type])
            smaller = min(a, b, key=lambda x: x.size)
            _, count = self.piece(smaller, scope)
            left, right = (f"{x.name} + {self.index(scope, x.size - smaller.size + 1)}" for x in (a, b))
            apart = a != b and not a.alias and not b.alias
            self.out(f"{self.r.choice(['memcpy', 'mempcpy']) if apart else 'memmove'}"
                     f"({left}, {right}, {count} * sizeof *{a.name});", depth)

    def library_set(self, scope, depth):
        a = self.some(scope, lambda a: a.writable)
        if a:
            where, count = self.piece(a, scope)
            self.out(f"memset({where}, {self.r.randint(0, 255) if a.type.name in BYTES else 0}, {count} * sizeof *{a.name});", depth)

    def library_compare(self, scope, depth):
        a = self.some(scope, lambda a: a.type.name in BYTES)
        if a:
            b = self.r.choice([b for b in scope.arrays if b.type == a.type and b.size >= a.size])
            where, count = self.piece(a, scope)
            self.note(f"memcmp({a.name}, {b.name}, {count} * sizeof *{a.name}) > 0", scope, depth)

    def library_sort(self, scope, depth):
        a = self.some(scope, lambda a: a.writable and a.size <= 60 and a.type != U32)
        if a:
            where, count = self.piece(a, scope)
            self.frame.spend(a.size)
            self.out(f"qsort({where}, {count}, sizeof *{a.name}, {a.type.name}_order);", depth)

    # -- text --

    def library_measure(self, scope, depth):
        a = self.characters(scope, False)
        if a:
            where, count = self.piece(a, scope)
            self.note(f"strnlen((char *)({where}), {count})", scope, depth)

    def library_find(self, scope, depth):
        a = self.characters(scope, False)
        if a:
            where, count = self.piece(a, scope)
            self.note(f"memchr({where}, {self.r.randint(0, 99)}, {count}) != NULL", scope, depth)

    def library_write_text(self, scope, depth):
        a = self.characters(scope, True)
        if a:
            where, count = self.piece(a, scope, 1)
            self.note(f"snprintf((char *)({where}), {count}, \"%u-%d\", {self.value(U32, scope, 1)}, 5)", scope, depth)

    def library_cut_text(self, scope, depth):
        """Up to an end of its own; what is copied is shorter than what there is."""
        a = self.characters(scope, True)
        b = self.some(scope, lambda b: b.type.name == "u8" and b.size >= 3 and not b.alias and b != a)
        if a and b and not a.alias:
            count = f"{self.index(scope, min(a.size, b.size))}"
            self.out(self.r.choice([f"strncpy((char *){a.name}, (char *){b.name}, {count});",
                                    f"memccpy({a.name}, {b.name}, {self.r.randint(0, 99)}, {count});",
                                    f"snprintf((char *){a.name}, {a.size}, \"%.*s.\", (int)({count}), (char *){b.name});"]), depth)

    def library_number(self, scope, depth):
        a = self.characters(scope, True)
        if a:
            self.out(f"{a.name}[{self.r.randint(1, a.size - 1)}] = 0;", depth)
            self.note(self.r.choice([f"strlen((char *){a.name})", f"strtoul((char *){a.name}, 0, 10)",
                                     f"strcmp((char *){a.name}, \"17\") > 0"]), scope, depth)

    def library_duplicate(self, scope, depth):
        """On the heap, for a while."""
        a = self.characters(scope, True)
        if a:
            p, end = self.fresh("t"), self.r.randint(1, a.size - 1)
            self.out(f"{a.name}[{end}] = 0;", depth)
            self.out(f"{{ u8 *{p} = (u8 *)strndup((char *){a.name}, {self.r.randint(0, end)});", depth)
            self.note(f"strlen((char *){p})", scope, depth + 1)
            self.out(f"free({p}); }}", depth)

    # -- output --

    def library_print_text(self, scope, depth):
        a = self.characters(scope, False)
        if a:
            where, count = self.piece(a, scope)
            self.frame.spend(5)
            self.out(f"printf(\"%.*s\\n\", (int){count}, (char *)({where}));", depth)

    def library_print_bytes(self, scope, depth):
        a = self.some(scope, lambda a: a.type.name in BYTES)
        if a:
            where, count = self.piece(a, scope)
            self.frame.spend(5)
            self.out(f"fwrite({where}, sizeof *{a.name}, {count}, stdout);", depth)
