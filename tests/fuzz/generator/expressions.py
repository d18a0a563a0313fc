"""Expressions of random programs: of the type asked for, and never undefined.

1. A scope knows what can be named: variables, arrays, functions by the frame around it.
2. A frame is a function being written.  It knows what one call of it will cost, and refuses calls that it cannot
   afford; so programs of any size end in bounded time.
3. Arithmetic on integers is done in unsigned types, indices are reduced, shifts and divisors masked.
"""
from dataclasses import dataclass, field, replace

from .types import TYPES, U32, Type, convert


@dataclass
class Function:
    name: str
    result: Type  # None: void
    parameters: list  # each a Type, a Size or a Region
    lazy: bool
    file: int
    visible: bool  # in other files, too
    constant: bool = False  # reads no memory but what it is given
    helper: bool = False  # not lazy, but does no more than a lazy one may
    cost: int = 1

    @property
    def regions(self):
        return [p for p in self.parameters if isinstance(p, Region)]

    @property
    def writes(self):
        return any(r.writes for r in self.regions)

    @property
    def tame(self):
        """Writes nothing but its regions."""
        return self.lazy or self.helper


@dataclass(frozen=True)
class Size:
    """An integer parameter between two bounds, out of which extents are made."""
    name: str
    type: Type
    low: int
    high: int

    @property
    def declaration(self):
        return f"{self.type.name} {self.name}"


@dataclass(frozen=True)
class Region:
    """A pointer parameter, and how many elements from there on the function may touch."""
    name: str
    type: Type  # of the elements, as the function sees them
    reads: bool  # what is there when the function is called
    writes: bool
    extent: str  # in C
    least: int
    most: int
    declaration: str
    bytes: bool = False  # void *: of any array of whole numbers
    fills: bool = False  # writes all of it
    before: int = 0  # so many elements in front of it may be touched, too

    def unsaid(self):
        """The same, and only the body says what it touches."""
        const = "" if self.writes else "const "
        return replace(self, declaration=f"{const}{'void' if self.bytes else self.type.name} *{self.name}_0")


@dataclass(frozen=True)
class Variable:
    name: str
    type: Type
    writable: bool = True


@dataclass(frozen=True)
class Array:
    name: str
    type: Type
    size: int
    writable: bool = True
    alias: bool = False  # may lie in another one
    whole: bool = False  # pointers into it are rather to its start


@dataclass
class Scope:
    variables: list = field(default_factory=list)
    arrays: list = field(default_factory=list)
    loop: str = ""  # what may leave this place: "", "continue", "break continue"
    pure: bool = False  # nothing that others see is written
    returns: bool = True  # the function may be left from here

    def inside(self, loop=None):
        return replace(self, variables=list(self.variables), arrays=list(self.arrays),
                       loop=self.loop if loop is None else loop)

    def narrowed(self, kept):
        """Nothing is written here but what is in kept, so that what is read stays the same."""
        return replace(self, variables=[replace(v, writable=v.writable and v.name in kept) for v in self.variables],
                       arrays=[replace(a, writable=a.writable and a.name in kept) for a in self.arrays])

    def any(self, random):
        """A variable; rather one of the function's own, and rather a new one, so that values do not go to waste."""
        own = [v for v in self.variables if not v.name.startswith("g_")]
        if own and random.random() < 0.8:
            return random.choice(own[-5:] if random.random() < 0.6 else own)
        return random.choice(self.variables)

    def of(self, t, writable=False):
        return [v.name for v in self.variables if v.type == t and (v.writable or not writable)]


@dataclass
class Frame:
    function: Function
    limit: int  # of what a call may cost
    times: int = 1  # how often the place being written is run, at most

    def affords(self, cost):
        return self.times * cost <= self.limit - self.function.cost

    def spend(self, cost):
        self.function.cost += self.times * cost


class Expressions:
    """Mixed into the generator, beside Pointers; it has .r (a random.Random), .functions, and .frame."""

    def literal(self, t):
        n = self.r.randint(0, 99)
        if t.kind == "integer":
            return f"({t.name}){n}"
        return f"({t.name}){n}.5" if t.kind == "floating" else f"{t.name}_of({n})"

    def binary(self, t, a, b):
        r = self.r
        if t.kind != "integer":
            return f"({a} {r.choice('+-*' if t.name != 'vu32' else '+-*^&|')} {b})"
        w = t.wide
        pattern = r.choices(["{a} {o} {b}", "{a} << ({b} & 7)", "{a} >> ({b} & 7)", "{a} / ({b} | 1)", "{a} < {b}"],
                            [12, 1, 1, 1, 1])[0]
        return f"({t.name})(" + pattern.format(a=f"({w}){a}", b=f"({w}){b}", o=r.choice("+-*^&|")) + ")"

    def place(self, scope, t):
        """Something of type t that is there already, or None."""
        r = self.r
        exact = scope.of(t)
        exact = exact[-3:] if exact and r.random() < 0.5 else exact
        exact += [f"{v.name}.{f}" for v in scope.variables for ft, f in v.type.plain_fields() if ft == t]
        if exact and r.random() < 0.8:
            return r.choice(exact)
        arrays = [a for a in scope.arrays if a.type == t]
        if arrays and r.random() < 0.7:
            a = r.choice(arrays)
            return f"{a.name}[{self.index(scope, a.size)}]"
        return None

    def value(self, t, scope, depth=0):
        """An expression of type t; rather of counters of loops around it and of what is there than of numbers."""
        r = self.r
        choice = r.random()
        counters = [v for v in scope.variables if not v.writable and v.name[:2] != "g_" and v.type.kind == "integer"]
        if choice < 0.2 and counters:
            v = r.choice(counters[-2:])
            return convert(t, v.type, v.name)
        there = self.place(scope, t) if choice < 0.6 else None
        if there:
            return there
        if scope.variables and (choice < 0.75 or depth > 2):
            v = scope.any(r)
            return convert(t, v.type, v.name)
        if choice < 0.8 or depth > 2:
            return self.literal(t)
        if choice < 0.84:
            return f"({self.condition(scope, depth + 1)} ? {self.value(t, scope, depth + 1)} : " \
                   f"{self.value(t, scope, depth + 1)})"
        if t.arithmetic:
            return self.binary(t, self.value(t, scope, depth + 1), self.value(t, scope, depth + 1))
        if t.kind == "struct" and choice < 0.93:
            ft, f = r.choice(t.plain_fields())
            return f"({t.name}){{.{f} = {self.value(ft, scope, depth + 1)}}}"
        return f"{t.name}_of({self.value(U32, scope, depth + 1)})"

    def index(self, scope, size):
        counters = [v for v in scope.variables if not v.writable and v.type.kind == "integer"]
        if counters and self.r.random() < 0.6:
            v = self.r.choice(counters[-2:])
            return f"(u32){v.name} % {size}"
        return f"{self.value(U32, scope, 2)} % {size}"

    def condition(self, scope, depth=0):
        r = self.r
        if r.random() < 0.3:
            t = TYPES[r.choice(["u32", "i32", "u64", "f64", "f32"])]
            return f"({self.value(t, scope, depth + 1)} {r.choice(['<', '>=', '=='])} {self.value(t, scope, depth + 1)})"
        mask = r.choice([1, 1, 2, 3, 4, 7])
        return f"(({self.value(U32, scope, depth + 1)} & {mask}) {r.choice(['==', '!='])} {r.randint(0, 1) * mask})"

    def call(self, scope, want=None, depth=0, lazy=True):
        """(text, type) of a call that returns a `want`, or anything; (None, None) if there is none or it costs too much."""
        fits = [f for f in self.callable(scope, lazy) if f.result and want in (None, f.result)]
        if not fits:
            return None, None
        callee = self.r.choice(fits)
        return self.call_of(callee, scope, depth), callee.result

    def callable(self, scope, lazy=True):
        """The functions that can be called here."""
        return [f for f in self.functions if f.lazy == lazy and self.is_callable(f, scope)]

    def is_callable(self, f, scope):
        return self.is_in_reach(f) and self.has_memory(f, scope)

    def is_in_reach(self, f):
        frame = self.frame
        return (f.visible or f.file == frame.function.file) and (f.constant or not frame.function.constant) and \
            frame.affords(f.cost + 1)

    def call_of(self, callee, scope, depth=0):
        self.frame.spend(callee.cost + 1)
        return f"{callee.name}({', '.join(self.arguments(callee, scope, depth))})"

    def arguments(self, callee, scope, depth):
        for p in callee.parameters:
            if isinstance(p, Type):
                yield self.argument(p, scope, depth)
            else:
                yield self.size(p, scope) if isinstance(p, Size) else self.pointer(p, callee, scope)

    def argument(self, t, scope, depth):
        inner = None
        if depth < 2 and self.r.random() < 0.2:
            inner, result = self.call(scope, t if self.r.random() < 0.5 else None, depth + 1)
        return convert(t, result, inner) if inner else self.value(t, scope, 1)

    def called(self, t, scope):
        """A t that a call has gone into, if one can be had."""
        text, result = self.call(scope, t if self.r.random() < 0.7 else None)
        if not text:
            text, result = self.call(scope)
        return convert(t, result, text) if text else self.value(t, scope)

    def called_target(self, scope):
        """(place, its type, a value for it that a call has gone into), or three times None."""
        text, result = self.call(scope)
        place, t = self.target(scope, result) if text else (None, None)
        if text and not place:
            place, t = self.target(scope)
        return (place, t, convert(t, result, text)) if place else (None, None, None)

    def target(self, scope, t=None):
        """(text, type) of something that can be assigned to, or (None, None)."""
        choices = []
        for v in scope.variables:
            if v.writable:
                choices.append((v.name, v.type))
                choices += [(f"{v.name}.{f}", ft) for ft, f in v.type.plain_fields()]
        choices += [(a, a.type) for a in scope.arrays if a.writable]
        choices = [c for c in choices if t in (None, c[1])]
        if not choices:
            return None, None
        place, t = self.r.choice(choices)
        return (place if isinstance(place, str) else f"{place.name}[{self.index(scope, place.size)}]"), t
