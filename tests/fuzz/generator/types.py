"""The C types of random programs.

Each type T comes with functions in C: `T_of(u)` makes one of an unsigned number, `T_hash(x)` a number of one; `T_at(p, i)`
is where one of many lies, and `T_order(a, b)` says which of two comes first.  Between them, every type can be made of
every other, no conversion is undefined, and what is printed depends neither on padding nor on the sign of a NaN.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Type:
    name: str  # as programs write it
    kind: str  # integer, floating, complex, vector, struct, pointer
    c: str = ""  # what the name stands for
    wide: str = ""  # integers: the unsigned type that arithmetic is done in, so that nothing overflows
    fields: tuple = ()  # structs: (type, name); arrays and bit-fields have an odd name and are left to T_of and T_hash

    @property
    def arithmetic(self):
        return self.kind not in ("struct", "pointer")

    def declaration(self):
        """The type and its functions, in C."""
        name = self.name
        # Loops inlined everywhere would cost most of the time that compiling takes.
        inline = "__attribute__((noinline, unused)) static" if any("[" in f for _, f in self.fields) else "static inline"
        return f"{self.definition()}\n{inline} {name} {name}_of(u32 u) {{ {self.make()} }}\n" \
               f"{inline} u32 {name}_hash({name} x) {{ {self.digest()} }}\n{self.places()}"

    def places(self):
        name, unused = self.name, "__attribute__((unused)) static"
        return f"{unused} {name} *{name}_at({name} *p, long i) {{ return p + i; }}\n" \
               f"{unused} int {name}_order(const void *a, const void *b) {{ " \
               f"u32 x = {name}_hash(*(const {name} *)a), y = {name}_hash(*(const {name} *)b); return (x > y) - (x < y); }}\n"

    def definition(self):
        if self.kind != "struct":
            return f"typedef {self.c};"
        return f"typedef struct {{ {' '.join(f'{t} {f};' for t, f in self.fields)} }} {self.name};"

    def make(self):
        name = self.name
        if self.kind == "integer":
            return f"return ({name})(({self.wide})u ^ (({self.wide})u << 13));"
        if self.kind == "floating":
            return f"return ({name})((int)(u % 4001) - 2000) / 8;"
        if self.kind == "complex":
            part = "float" if name == "cf32" else "double"
            return f"return __builtin_complex(({part})(u % 99), ({part})(u % 55) / 4);"
        if self.kind == "vector":
            return f"return ({name}){{u % 1000, u % 77, u % 5, u % 333}};"
        if self.kind == "pointer":
            return "return pool + u % 64;"
        lines = [f"{name} x = {{0}};"]
        for k, (t, f) in enumerate(self.fields):
            if "[" in f:
                field, count = f.rstrip("]").split("[")
                lines.append(f"for (u32 i = 0; i < {count}; i++) x.{field}[i] = {t}_of(u + i);")
            else:
                lines.append(f"x.{f.split(':')[0]} = {t}_of(u * {2 * k + 1} + {k});")
        return " ".join(lines + ["return x;"])

    def digest(self):
        if self.kind == "integer":
            return {"u32": "return (u32)x;", "u64": "return (u32)((u64)x ^ (u64)x >> 32);",
                    "u128": "return (u32)((u128)x ^ (u128)x >> 32 ^ (u128)x >> 64 ^ (u128)x >> 96);"}[self.wide]
        if self.kind == "floating":
            return "u32 w[3] = {0}; if (x != x) return 7; " \
                   f"memcpy(w, &x, {10 if self.name == 'f80' else f'sizeof x'}); return w[0] * 31 ^ w[1] ^ w[2] * 7;"
        if self.kind == "complex":
            return "return f64_hash(__real__ x) * 31 + f64_hash(__imag__ x);"
        if self.kind == "vector":
            part = "f32" if self.name == "vf32" else "u32"
            return "u32 h = 0; for (u32 i = 0; i < 4; i++) " f"h = h * 31 + {part}_hash(x[i]); return h;"
        if self.kind == "pointer":
            return "return x ? (u32)(x - pool) : 99;"
        lines = ["u32 h = 0;"]
        for t, f in self.fields:
            if "[" in f:
                field, count = f.rstrip("]").split("[")
                lines.append(f"for (u32 i = 0; i < {count}; i++) h = h * 31 + {t}_hash(x.{field}[i]);")
            else:
                lines.append(f"h = h * 31 + {t}_hash(x.{f.split(':')[0]});")
        return " ".join(lines + ["return h;"])

    def plain_fields(self):
        """Fields that can be read and assigned like variables: (type, name)."""
        return [(TYPES[t], f.split(":")[0]) for t, f in self.fields if "[" not in f]


def integer(name, c, wide="u32"):
    return Type(name, "integer", f"{c} {name}", wide)


ALL = [
    integer("u32", "unsigned"),
    integer("b1", "_Bool"),
    integer("u8", "unsigned char"),
    integer("i16", "short"),
    integer("i32", "int"),
    integer("u64", "unsigned long", "u64"),
    integer("i64", "long", "u64"),
    integer("u128", "unsigned __int128", "u128"),
    integer("bits17", "unsigned _BitInt(17)"),
    integer("bits40", "_BitInt(40)", "u64"),
    Type("f32", "floating", "float f32"),
    Type("f64", "floating", "double f64"),
    Type("f80", "floating", "long double f80"),
    Type("cf32", "complex", "float _Complex cf32"),
    Type("cf64", "complex", "double _Complex cf64"),
    Type("vu32", "vector", "u32 vu32 __attribute__((vector_size(16)))"),
    Type("vf32", "vector", "f32 vf32 __attribute__((vector_size(16)))"),
    Type("pointer", "pointer", "u32 *pointer"),
    Type("bytes", "struct", fields=(("u8", "r"), ("u8", "g"), ("u8", "b"))),
    Type("pair", "struct", fields=(("u64", "x"), ("f64", "y"))),
    Type("two", "struct", fields=(("f64", "u"), ("f64", "v"))),
    Type("odd", "struct", fields=(("f32", "a"), ("u64", "b"), ("u8", "c"))),
    Type("field", "struct", fields=(("u32", "a:3"), ("u32", "b:17"), ("u64", "c:40"))),
    Type("x87", "struct", fields=(("f80", "x"), ("u32", "n"))),
    Type("link", "struct", fields=(("pointer", "to"), ("u32", "n"))),
    Type("nested", "struct", fields=(("bytes", "c"), ("vu32", "v"), ("pair", "p"))),
    Type("big", "struct", fields=(("u32", "n"), ("i64", "k"), ("u32", "a[12]"))),
    Type("board", "struct", fields=(("u32", "n"), ("u8", "c[20]"), ("i16", "h[10]"), ("f64", "d[10]"), ("pair", "p[4]"))),
    Type("huge", "struct", fields=(("pair", "p"), ("u64", "a[40]"), ("u8", "z"))),
]
TYPES = {t.name: t for t in ALL}
U32 = TYPES["u32"]

# Numbers and pairs are what programs are full of.
WEIGHTS = [8 if t.name in ("u32", "f64") else 4 if t.name in ("i32", "u64", "pair", "big") else 1 for t in ALL]


def pick(random):
    return random.choices(ALL, WEIGHTS)[0]


def convert(to, source, text):
    """The value of text, a `source`, as a `to`."""
    if to == source:
        return text
    numbers = {source.kind, to.kind}
    if numbers == {"integer"} or numbers == {"floating"} or \
            (source.kind == "integer" and to.kind == "floating" and source.wide != "u128"):
        return f"(({to.name}){text})"
    return f"{to.name}_of({source.name}_hash({text}))"
