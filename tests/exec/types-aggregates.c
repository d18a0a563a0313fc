// Structs and unions of every class the ABI knows: an edge, one field read, a store that waits, a value through ?: and
// through a loop.  In registers (general, SSE, x87, mixed), split and put together, in memory, over-aligned, packed,
// empty, with bit-fields, arrays, pointers.
// RUN: %lazy_equiv %s
#include <complex.h>
#include <lazy/lazy.h>
#include <stdio.h>
#include <string.h>

/* `fields` of T; STEP changes p by k; the format and arguments VALUES show p. */
#define AGGREGATE(name, fields, step, ...)                                                                             \
  typedef fields name;                                                                                                 \
  LAZY static name next_##name(name p, int k) {                                                                        \
    step;                                                                                                              \
    return p;                                                                                                          \
  }                                                                                                                    \
  static void show_##name(const name *q) {                                                                             \
    name p = *q;                                                                                                       \
    printf(#name " " __VA_ARGS__);                                                                                     \
    printf("\n");                                                                                                      \
  }                                                                                                                    \
  static void check_##name(int n) {                                                                                    \
    name zero, out[4], here = {}, *to = &here;                                                                         \
    memset(&zero, 0, sizeof zero);                                                                                     \
    name a = next_##name(zero, n + 1), b = next_##name(a, 2), c = next_##name(a, 3), either = n & 1 ? b : c;           \
    for (int i = 0; i < 4; i++)                                                                                        \
      out[i] = next_##name(b, i);                                                                                      \
    *to = next_##name(c, 4);                                                                                           \
    name state = a;                                                                                                    \
    for (int i = 0; i < n; i++)                                                                                        \
      state = next_##name(state, i);                                                                                   \
    show_##name(&either), show_##name(&here), show_##name(&state);                                                     \
    for (int i = 0; i < 4; i++)                                                                                        \
      show_##name(&out[i]);                                                                                            \
  }

#define V(...) __VA_ARGS__
// clang-format off
AGGREGATE(byte, V(struct { char c; }), p.c += k, "%d", p.c)
AGGREGATE(three_bytes, V(struct { unsigned char r, g, b; }), V(p.r += k, p.g ^= p.r, p.b = k), "%d %d", p.g, p.b)
AGGREGATE(two_ints, V(struct { int a, b; }), V(p.a += k, p.b -= p.a), "%d %d", p.a, p.b)
AGGREGATE(three_ints, V(struct { int a, b, c; }), V(p.a += k, p.b -= p.a, p.c++), "%d %d %d", p.a, p.b, p.c)
AGGREGATE(odd_bytes, V(struct { char c[11]; }), V(p.c[k & 7] += k, p.c[10]--), "%d %d", p.c[1], p.c[10])
AGGREGATE(two_longs, V(struct { long a, b; }), V(p.a += k, p.b -= p.a), "%ld %ld", p.a, p.b)
AGGREGATE(wide_int, V(struct { __int128 a; }), p.a = p.a * 3 + k, "%llx", (unsigned long long)p.a)
AGGREGATE(one_float, V(struct { float a; }), p.a += k, "%a", p.a)
AGGREGATE(two_floats, V(struct { float a, b; }), V(p.a += k, p.b -= p.a / 3), "%a %a", p.a, p.b)
AGGREGATE(three_floats, V(struct { float a, b, c; }), V(p.a += k, p.b -= p.a, p.c++), "%a %a %a", p.a, p.b, p.c)
AGGREGATE(four_floats, V(struct { float a[4]; }), V(p.a[k & 3] += k, p.a[3]--), "%a %a", p.a[1], p.a[3])
AGGREGATE(two_doubles, V(struct { double a, b; }), V(p.a += k, p.b -= p.a / 3), "%a %a", p.a, p.b)
AGGREGATE(float_int, V(struct { float a; int b; }), V(p.a += k, p.b++), "%a %d", p.a, p.b)
AGGREGATE(float_long, V(struct { float a; long b; }), V(p.a += k, p.b++), "%a %ld", p.a, p.b)
AGGREGATE(int_double, V(struct { int a; double b; }), V(p.a += k, p.b--), "%d %a", p.a, p.b)
AGGREGATE(double_char, V(struct { double a; char b; }), V(p.a += k, p.b--), "%a %d", p.a, p.b)
AGGREGATE(float_double, V(struct { float a; double b; }), V(p.a += k, p.b--), "%a %a", p.a, p.b)
AGGREGATE(halves, V(struct { _Float16 a, b, c; }), V(p.a += k, p.c--), "%a %a", (double)p.a, (double)p.c)
AGGREGATE(x87, V(struct { long double a; }), p.a += k / 3.0L, "%La", p.a)
AGGREGATE(x87_int, V(struct { long double a; int b; }), V(p.a += k, p.b++), "%La %d", p.a, p.b)
AGGREGATE(complexes, V(struct { float _Complex a; double _Complex b; }), V(p.a += k, p.b += p.a), "%a", creal(p.b))
AGGREGATE(one_complex, V(struct { double _Complex a; }), p.a += k + I, "%a %a", creal(p.a), cimag(p.a))
AGGREGATE(int_union, V(union { int a; float b; char c[8]; }), V(p.a += k, p.c[7]++), "%d %d", p.a, p.c[7])
AGGREGATE(float_union, V(union { float a; double b; }), V(p.b += k), "%a", p.b)
AGGREGATE(large_union, V(union { char c[40]; double d[2]; }), V(p.d[1] += k, p.c[39]++), "%a %d", p.d[1], p.c[39])
AGGREGATE(bits, V(struct { unsigned a : 3, b : 17; long c : 40; }), V(p.a += k, p.b ^= p.a, p.c--), "%u %u", p.a, p.b)
AGGREGATE(straddling, V(struct __attribute__((packed)) { char a : 7; unsigned b : 26; short c; }),
          V(p.a += k, p.b += 99, p.c--), "%d %u %d", p.a, p.b, p.c)
AGGREGATE(packed, V(struct __attribute__((packed)) { char a; double b; int c; }), V(p.a += k, p.b++), "%a", p.b)
AGGREGATE(aligned32, V(struct __attribute__((aligned(32))) { int a; }), p.a += k, "%d %ld", p.a, (long)q & 31)
AGGREGATE(aligned64, V(struct { char c; _Alignas(64) long a[3]; }), V(p.a[1] += k, p.c++), "%ld %d", p.a[1], p.c)
AGGREGATE(aligned256, V(struct __attribute__((aligned(256))) { double a[4]; }), V(p.a[3] += k), "%a", p.a[3])
AGGREGATE(nested, V(struct { struct { short a; union { int b; float c; }; } d[2]; }), V(p.d[1].b += k), "%d", p.d[1].b)
AGGREGATE(nothing, V(struct {}), V((void)k), "%d", (int)sizeof p)
AGGREGATE(nothing_and_more, V(struct { struct {} a; int b; char c[0]; }), p.b += k, "%d", p.b)
AGGREGATE(bytes17, V(struct { char c[17]; }), V(p.c[16] += k, p.c[k & 15]++), "%d %d", p.c[16], p.c[2])
AGGREGATE(bytes100, V(struct { short c[50]; }), V(p.c[49] += k, p.c[k & 15]++), "%d %d", p.c[49], p.c[2])
AGGREGATE(bytes4096, V(struct { int c[1024]; }), V(p.c[1023] += k, p.c[k & 511]++), "%d %d", p.c[1023], p.c[2])
AGGREGATE(truths, V(struct { _Bool a, b; signed char c; }), V(p.a = !p.a, p.c--), "%d %d %d", p.a, p.b, p.c)
AGGREGATE(pointers, V(struct { const char *a; long b; }), V(p.a = k & 1 ? "odd" : "even", p.b++), "%s %ld", p.a, p.b)
AGGREGATE(functions, V(struct { int (*a)(const char *, ...); void *b[3]; }), p.a = printf, "%d", p.a == printf)
// clang-format on

int main(void) {
  for (int n = 1; n < 4; n++) {
    check_byte(n), check_three_bytes(n), check_two_ints(n), check_three_ints(n), check_odd_bytes(n), check_two_longs(n);
    check_wide_int(n), check_one_float(n), check_two_floats(n), check_three_floats(n), check_four_floats(n);
    check_two_doubles(n), check_float_int(n), check_float_long(n), check_int_double(n), check_double_char(n);
    check_float_double(n), check_halves(n), check_x87(n), check_x87_int(n), check_complexes(n);
    check_one_complex(n), check_int_union(n), check_float_union(n), check_large_union(n), check_bits(n);
    check_straddling(n), check_packed(n), check_aligned32(n), check_aligned64(n), check_aligned256(n), check_nested(n);
    check_nothing(n), check_nothing_and_more(n), check_bytes17(n), check_bytes100(n), check_bytes4096(n);
    check_truths(n), check_pointers(n), check_functions(n);
  }
  return 0;
}
