// Every way to define a function, to call one, and to say that it is lazy: aliases, resolvers, inline of every kind,
// weak and absent, other calling conventions, targets and sections; vectors by value.
// RUN: %lazy_equiv --fast %s -Wno-everything --level=-O0 --level=-O2 --level="-O3 -flto -march=x86-64-v2" --level="-O1 -fPIC"
#include "Inputs/definitions.h"
#include <stdio.h>

LAZY int target(int x) { return x * 7 + 1; }
int plain_alias(int) __attribute__((alias("target")));
LAZY int lazy_alias(int) __attribute__((alias("target")));
LAZY __attribute__((weakref("target"))) static int reference(int);
LAZY __attribute__((weak)) int absent(int);
LAZY int renamed(int x) __asm__("other_name");
int renamed(int x) { return x * 17; }

static int implementation(int x) { return x + 100; }
static int (*resolve(void))(int) { return implementation; }
LAZY int resolved(int) __attribute__((ifunc("resolve")));

LAZY inline int c99_inline(int x) { return x * 5; }
extern inline int c99_inline(int x);
LAZY inline __attribute__((gnu_inline)) int gnu_inline(int x) { return x * 3; }
LAZY __attribute__((always_inline)) static inline int always(int x) { return x ^ 5; }
LAZY __attribute__((flatten, hot)) static int flat(int x) { return always(x) + 1; }
LAZY __attribute__((cold, optnone, noinline)) static int cold(int x) { return x + 4; }

int on_prototype(int x) { return x - 1; }
LAZY int on_definition(int x) { return x - 2; }
LAZY int both(int x) { return x - 3; }
int in_header(int x) { return x + 1000; }

LAZY __attribute__((pure, nothrow, leaf, warn_unused_result, deprecated)) static int attributes(int x) {
  return x * 19;
}
LAZY static int identifiers(x, c)
int x;
char c;
{
  return x * c;
}
LAZY __attribute__((noreturn)) static int never(int x) { __builtin_trap(); }

#ifdef __x86_64__
LAZY __attribute__((section(".lazy_text"))) static int section(int x) { return x * 11; }
LAZY __attribute__((target("sse4.2"))) static int newer(int x) {
  int s = 0;
  for (int i = 0; i < x; i++)
    s += i * x;
  return s;
}
LAZY __attribute__((ms_abi)) static int ms(int x, double y, int z) { return x + (int)y * z; }
LAZY __attribute__((preserve_most)) static int preserving(int x) { return x * 13; }
LAZY __attribute__((regcall)) static int registers(int a, int b, int c, int d, int e, int f, int g) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g;
}
static int foreign(int i) {
  int o[] = {section(i), newer(i), ms(i, i * 0.5, 3), preserving(i), registers(i, 1, i, 2, i, 3, i)}, s = 0;
  for (int k = 0; k < 5; k++)
    s = s * 3 + o[k];
  return s;
}
#else
static int foreign(int i) { return i; }
#endif

typedef int four __attribute__((vector_size(16)));
typedef float eight __attribute__((vector_size(32)));
LAZY static four times(four a, int k) { return a * k; }
LAZY static eight scaled(eight a, float k) { return a * k; }

static int vectors(int i) {
  four a = times((four){i, 2, 3, 4}, i), b = times(a, 3);
  eight c = scaled((eight){i, 1, 2, 3}, 1.5f), d = scaled(c, 2);
  return a[0] + b[3] + (int)(c[0] + d[3]);
}

int main(void) {
  for (int i = 0; i < 20; i++) {
    int o[] = {target(i),
               plain_alias(i),
               lazy_alias(i),
               reference(i),
               renamed(i),
               resolved(i),
               c99_inline(i),
               gnu_inline(i),
               always(i),
               flat(i),
               cold(i),
               on_prototype(i),
               on_definition(i),
               both(i),
               in_header(i),
               in_header_inline(i),
               attributes(i),
               identifiers(i, 3),
               absent ? absent(i) : -1,
               i > 100 ? never(i) : 0};
    for (unsigned k = 0; k < sizeof o / sizeof *o; k++)
      printf("%d ", o[k]);
    printf("%d %d\n", foreign(i), vectors(i));
  }
  return 0;
}
