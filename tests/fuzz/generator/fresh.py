"""Results in memory of their own: pointers that are handed from call to call before anybody looks at them.

1. A maker returns a filled array of n elements that nobody else knows, or now and then NULL if n is 0.
2. A user works on n elements behind one pointer or two, and may give a pointer back.
3. A block of the program makes arrays, hands them on, gives them other names, and looks at some; at its end each is
   given back once, by one of its names.
"""
from dataclasses import dataclass, replace

from .expressions import Array, Region, Scope, Size, Variable
from .types import TYPES, U32, convert

MADE = ["u32"] * 6 + ["f64", "u64"] * 2 + ["pair", "u8"]
MOST = 12  # elements; other arrays have room for them, too


@dataclass
class Made:
    """An array in the block that is being written."""
    names: list  # of pointers to it, the oldest first
    type: object
    alias: bool = False  # one of the others


@dataclass
class Block:
    """What is known where arrays are made."""
    count: str  # of elements of each, in C
    least: int  # as many at least
    arrays: list
    scope: Scope
    depth: int

    def owned(self):
        return [a for a in self.arrays if not a.alias]


class Fresh:
    """Mixed into the generator, beside Expressions, Regions, Snapshots and Memory; .makers and .users are functions."""

    # -- functions --

    def opened(self, kind, result, parameters, limit):
        function, scope = self.new(kind, parameters)
        function.result = result
        function.constant |= self.r.random() < 0.6  # what reads memory by name is not handed on
        self.begin(function, limit)
        if not function.constant:
            self.globals_into(scope, False)
        self.out(f"u32 s = {self.value(U32, scope)};", 1)
        scope.variables.append(Variable("s", U32))
        self.name_regions(function)
        return function, scope

    def pointer_to(self, t):
        return replace(TYPES["pointer"], name=f"{t.name} *")

    def length(self):
        return Size("n", TYPES[self.r.choice(["i32", "i32", "i64", "u64", "u8"])], 0, MOST)

    def input(self, name, t, writes=False):
        word, const = ("INOUT", "") if writes else ("IN", "const ")
        return self.said_or_not(Region(name, t, True, writes, "n", 0, MOST, f"LAZY_{word}(n) {const}{t.name} *{name}_0"))

    def made_type(self):
        return TYPES[self.r.choice(MADE)]

    def maker(self):
        r, t = self.r, self.made_type()
        regions = [self.input("x", t if r.random() < 0.7 else self.made_type())] if r.random() < 0.5 else []
        function, scope = self.opened("maker", self.pointer_to(t), [self.length()] + regions + self.signature(1, 2), 100)
        inner = scope.inside("")
        inner.variables.append(Variable("i", TYPES["i64"], False))
        value = self.value(t, inner)
        for region in regions:
            value = convert(t, region.type, f"x[{r.choice(['i', 'n - 1 - i'])}]") if r.random() < 0.6 else value
            if r.random() < 0.5:
                self.digest(region, [], scope)
        others = [m for m in self.makers if m.result == function.result and not m.regions and self.is_in_reach(m)]
        if r.random() < 0.5:
            self.out("if (!n) return NULL;", 1)
        clear = r.random() < 0.3
        new = f"calloc(n, sizeof({t.name}))" if clear else f"malloc(n * sizeof({t.name}))"
        if others and r.random() < 0.3:
            other = r.choice(others)
            function.cost += other.cost + 1
            new = f"{other.name}(n, {', '.join(self.value(p, scope) for p in other.parameters[1:])})"
        elif not clear and r.random() < 0.2:
            new = f"s & 1 ? calloc(n, sizeof({t.name})) : {new}"
        self.out(f"{t.name} *made = {new};", 1)
        step = r.choice([1, 2]) if clear else 1
        loop = f"for (i64 i = 0; i < (i64)n; i{'++' if step == 1 else ' += 2'})"
        way = r.choice(["made[i] = {};"] * 3 + ["*(made + i) = {};", "{{ " + t.name + " v = {}; memcpy(&made[i], &v, sizeof v); }}",
                                              "*" + t.name + "_at(made, i) = {};"])
        self.out(f"{loop} {way.format(value)}", 1)
        self.out("return made;", 1)
        self.out("}")
        function.cost += MOST
        self.makers.append(function)

    def user(self):
        """Of one array or two of a type, or of a second type."""
        r, t = self.r, self.made_type()
        regions = [self.input(name, t if r.random() < 0.7 else self.made_type(), r.random() < 0.5) for name in "xy"[:r.choice([1, 1, 2])]]
        result = self.pointer_to(regions[0].type) if regions[0].writes and r.random() < 0.3 else \
            r.choice([None, U32, TYPES["f64"]]) if any(p.writes for p in regions) else r.choice([U32, TYPES["f64"]])
        function, scope = self.opened("user", result, regions + [self.length()] + self.signature(1, 1), 200)
        for _ in range(r.randint(1, 3)):
            r.choice([self.sweep, self.digest, self.gather])(r.choice(regions), regions, scope)
        if len(regions) > 1 and r.random() < 0.2:
            self.out("if ((void *)x_0 == (void *)y_0) s++;", 1)
        gives = result and result.kind == "pointer"
        if gives:
            self.out(f"return x{r.choice(['', '', '_0'])};", 1)
            self.out("}")
        else:
            self.end(self.value(result, scope) if result else "")
            self.functions.pop()
        self.users.append(function)

    # -- blocks --

    def make(self, scope, depth):
        """Made, handed on, looked at, given back."""
        if depth > 3 or not self.frame.affords(60) or not any(self.is_in_reach(m) for m in self.makers):
            return
        least = self.r.choice([0, 0, 3, 8])
        inner = scope.inside("")
        inner.returns = False
        block = Block(self.fresh("n"), least, [], inner, depth + 1)
        self.out("{", depth)
        number = self.r.choice(["i32", "i64", "u8"])
        self.out(f"{number} {block.count} = {least} + {self.index(scope, MOST - least + 1)};", depth + 1)
        for _ in range(self.r.choice([1, 2, 2, 3])):
            self.make_one(block)
            self.hand_on(block)
        for _ in range(self.r.randint(1, 5)):
            if block.arrays:
                self.r.choices([self.hand_on, self.rename, self.keep, self.peek, self.poke, self.make_again, self.hand_on_perhaps,
                                self.hand_on_often, self.anything], [8, 3, 2, 3, 3, 2, 3, 2, 2])[0](block)
        self.give_back(block)
        self.out("}", depth)

    def make_one(self, block):
        """Now and then handed on before it has a name."""
        r, name = self.r, self.fresh("m")
        made, t = self.call_maker(block)
        if not made:
            return
        givers = [u for u in self.users_of(block, t) if len(u.regions) == 1 and u.result and u.result.name == f"{t.name} *"]
        if givers and r.random() < 0.2:
            made = self.call_user(block, r.choice(givers), made)
        self.out(f"{t.name} *{name} = {made};", block.depth)
        block.arrays.append(Made([name], t))
        self.known(block, name, t)

    def give_back(self, block):
        """What is gone is not even compared any more."""
        block.arrays = block.owned()
        self.r.shuffle(block.arrays)
        while block.arrays:
            if self.r.random() < 0.6:
                self.peek(block, block.arrays[-1])
            self.out(f"free({self.r.choice(block.arrays.pop().names)});", block.depth)

    def known(self, block, name, t):
        if block.least:
            block.scope.arrays.append(Array(name, t, block.least, True, True, True))
        self.touched.append(name)

    def forget(self, block, kept):
        """This array is gone, and so are its other names."""
        gone = set(kept.names[1:]) | {n for a in block.arrays if a.alias and a.type == kept.type for n in a.names}
        block.arrays[:] = [a for a in block.arrays if not (a.alias and a.type == kept.type)]
        block.scope.arrays[:] = [a for a in block.scope.arrays if a.name not in gone]
        del kept.names[1:]

    # -- calls --

    def call_maker(self, block, t=None):
        makers = [m for m in self.makers if self.is_in_reach(m) and self.has_room(block, m) and
                  (not t or m.result.name == f"{t.name} *")]
        if not makers:
            return None, None
        maker = self.r.choice(makers)
        return self.call_user(block, maker), TYPES[maker.result.name.split()[0]]

    def has_room(self, block, callee):
        return all(self.memory(p, callee, block.scope) or any(a.type == p.type for a in block.arrays) for p in callee.regions)

    def users_of(self, block, t=None):
        types = [t] if t else [a.type for a in block.arrays]
        return [u for u in self.users if self.is_in_reach(u) and self.has_room(block, u) and
                any(p.type in types for p in u.regions)]

    def call_user(self, block, callee, first=None):
        """All its pointers are to so many elements; first is one that has no name yet."""
        self.frame.spend(callee.cost + 1)
        arguments = []
        for p in callee.parameters:
            if isinstance(p, Size):
                arguments.append(block.count)
            elif isinstance(p, Region):
                arguments.append(first or self.place_for(block, p, callee))
                first = None
            else:
                arguments.append(self.argument(p, block.scope, 1))
        return f"{callee.name}({', '.join(arguments)})"

    def place_for(self, block, region, callee):
        fit = [a for a in block.arrays if a.type == region.type]
        if fit and (self.r.random() < 0.9 or not self.memory(region, callee, block.scope)):
            return self.r.choice(self.r.choice(fit).names[-2:])
        return self.pointer(region, callee, block.scope)

    # -- what becomes of them --

    def hand_on(self, block):
        users = self.users_of(block)
        if not users:
            return
        user = self.r.choice(users)
        if not user.result or user.result.kind != "pointer":
            return self.use(self.call_user(block, user), user.result, block.scope, block.depth)
        fit = [a for a in block.arrays if a.type == user.regions[0].type]
        if not fit:
            return self.out(f"{self.call_user(block, user)};", block.depth)
        made, name = self.r.choice(fit), self.fresh("m")
        self.out(f"{user.result.name}{name} = {self.call_user(block, user, self.r.choice(made.names[-2:]))};", block.depth)
        made.names.append(name)
        self.known(block, name, made.type)

    def nested(self, block, head, foot):
        self.out(head, block.depth)
        inner = replace(block, arrays=[replace(a, names=list(a.names)) for a in block.arrays], scope=block.scope.inside(""),
                        depth=block.depth + 1)
        for _ in range(self.r.randint(1, 2)):
            self.r.choice([self.hand_on, self.hand_on, self.peek, self.poke])(inner)
        self.out(foot, block.depth)

    def hand_on_perhaps(self, block):
        self.nested(block, f"if {self.condition(block.scope)} {{", "}")

    def hand_on_often(self, block):
        trips = self.r.choice([2, 3, 5])
        if self.frame.affords(trips * 60):
            i = self.fresh("i")
            self.frame.times *= trips
            self.nested(block, f"for (u32 {i} = 0; {i} < {trips}; {i}++) {{", "}")
            self.frame.times //= trips

    def rename(self, block):
        """By a second variable, which may be one of two."""
        made, name = self.r.choice(block.arrays), self.fresh("m")
        others = [a for a in block.arrays if a.type == made.type]
        one, other = self.r.choice(made.names), self.r.choice(self.r.choice(others).names)
        same = self.r.random() < 0.4
        self.out(f"{made.type.name} *{name} = {one if same else f'{self.condition(block.scope)} ? {one} : {other}'};", block.depth)
        if same:
            made.names.append(name)
        else:
            block.arrays.append(Made([name], made.type, alias=True))
        self.known(block, name, made.type)

    def keep(self, block):
        """In memory: an array of pointers, a member of a struct."""
        made, name = self.r.choice(block.arrays), self.fresh("k")
        t, first = made.type.name, self.r.choice(made.names)
        if self.r.random() < 0.5:
            self.out(f"struct {{ {t} *to; u32 n; }} {name} = {{{first}, {block.count}}};", block.depth)
            made.names.append(f"{name}.to")
        else:
            other = self.r.choice([a for a in block.arrays if a.type == made.type])
            self.out(f"{t} *{name}[2] = {{{first}, {other.names[0]}}};", block.depth)
            made.names.append(f"{name}[0]")
            other.names.append(f"{name}[1]")

    def peek(self, block, made=None):
        """The program reads it, or asks where it is."""
        made, sums = made or self.r.choice(block.arrays), block.scope.of(U32, True)
        if not sums:
            return
        name, h, i = self.r.choice(made.names), self.r.choice(sums), self.fresh("i")
        other = self.r.choice(self.r.choice(block.arrays).names)
        digest = f"{h} = {h} * 31 + {made.type.name}_hash({name}"
        k = self.r.randrange(MOST)
        self.frame.spend(MOST // 4)
        self.out(self.r.choice([f"for (u32 {i} = 0; {i} < {block.count}; {i}++) {digest}[{i}]);",
                                f"if ({block.count} > {k}) {digest}[{k}]);",
                                f"{h} += (void *){name} == (void *){other};" if block.least else f"{h}++;"]), block.depth)

    def poke(self, block):
        """The program writes to it."""
        made, k = self.r.choice(block.arrays), self.r.randrange(MOST)
        name, t = self.r.choice(made.names), made.type
        self.out(self.r.choice([f"if ({block.count} > {k}) {name}[{k}] = {self.value(t, block.scope, 1)};",
                                f"memset({name}, 0, {block.count} * sizeof *{name});" if block.least else ";"]), block.depth)

    def make_again(self, block):
        """Something else under the same name; perhaps as much of it as there was."""
        made = self.r.choice(block.owned())
        call, _ = self.call_maker(block, made.type)
        new = self.fresh("m")
        if not call or not made.names[0].startswith("m"):
            return
        if self.r.random() < 0.3:
            self.out(f"{made.names[0]} = realloc({made.names[0]}, ({block.count} + 1) * sizeof({made.type.name}));", block.depth)
        else:
            self.out(f"{'if ' + self.condition(block.scope) + ' ' if self.r.random() < 0.4 else ''}{{ {made.type.name} *{new} = {call}; "
                     f"free({self.r.choice(made.names)}); {made.names[0]} = {new}; }}", block.depth)
        self.forget(block, made)

    def anything(self, block):
        self.body(block.scope.inside(), block.depth, self.r.randint(1, 2))
