// Floating-point and complex types: an edge, a store that waits, a value through ?:, each printed to the last bit, with
// infinities, NaNs, subnormals and negative zero among them.
// RUN: %lazy_equiv %s
#include <complex.h>
#include <lazy/lazy.h>
#include <stdio.h>
#include <string.h>

/* Prints the bytes that hold the value; a long double has padding. */
static void show(const char *name, const void *value, size_t size) {
  const unsigned char *bytes = value;
  printf("%s ", name);
  for (size_t i = size; i-- > 0;)
    printf("%02x", bytes[i]);
  printf("\n");
}

#define FLOATING(T, name, width, step)                                                                                 \
  LAZY static T next_##name(T x, int k) { return step; }                                                               \
  static void check_##name(T seed, int n) {                                                                            \
    T out[4], a = next_##name(seed, n), b = next_##name(a, 2), c = next_##name(a, 3);                                  \
    for (int i = 0; i < 4; i++)                                                                                        \
      out[i] = next_##name(b, i);                                                                                      \
    T either = n & 1 ? b : c;                                                                                          \
    show(#name, &a, width);                                                                                            \
    show(#name, &either, width);                                                                                       \
    for (int i = 0; i < 4; i++)                                                                                        \
      show(#name, &out[i], width);                                                                                     \
  }

#define REAL(T, name, width) FLOATING(T, name, width, k & 1 ? (T)(x / 3 + (T)k) : (T)(x * x - (T)k))
#define COMPLEX(T, name, width) FLOATING(T, name, width, k & 1 ? x / 3 + (T)k : x * x - (T)(k * I))

REAL(float, float_, 4)
REAL(double, double_, 8)
REAL(long double, long_double, 10)
REAL(_Float16, float16, 2)
REAL(__float128, float128, 16)
COMPLEX(float _Complex, complex_float, 8)
COMPLEX(double _Complex, complex_double, 16)
FLOATING(_Float16 _Complex, complex_float16, 4, x *x + (_Float16)k)

/* In two registers of the x87, with padding between. */
LAZY static long double _Complex next_long(long double _Complex z, int k) { return z * z / 3 + k * I; }
static void check_long(int n) {
  long double _Complex a = next_long(n + I, n), b = next_long(a, 2), c = next_long(a, 3), either = n & 1 ? b : c,
                       out[3];
  for (int i = 0; i < 3; i++)
    out[i] = next_long(b, i);
  printf("%La %La %La %La\n", creall(a), cimagl(a), creall(either), cimagl(either));
  for (int i = 0; i < 3; i++)
    printf("%La %La\n", creall(out[i]), cimagl(out[i]));
}

/* Of integers, as GNU has them. */
LAZY static int _Complex next_int(int _Complex z, int k) { return z * z + k; }
LAZY static char _Complex next_char(char _Complex z, int k) { return z * z + (char)k; }
static void check_integers(int n) {
  int _Complex a = next_int(n + 2i, n), b = next_int(a, 1);
  char _Complex c = next_char(n + 3i, 1), d = next_char(c, n);
  printf("%d %d %d %d %d %d\n", __real__ a, __imag__ a, __real__ b, __imag__ b, __real__ d, __imag__ d);
}

int main(void) {
  static const double seeds[] = {0.1, -0.0, 1e30, -1e-40, 65504, 1 / 0., -1 / 0.};
  for (int n = 0; n < 7; n++) {
    double s = seeds[n];
    check_float_((float)s, n), check_double_(s, n), check_long_double(s, n), check_float16((_Float16)s, n);
    check_float128(s, n), check_long(n), check_integers(n);
    if (n < 5)
      check_complex_float((float)s + 2 * I, n), check_complex_double(s - 3 * I, n), check_complex_float16(n, n);
  }
  check_double_(__builtin_nan("0x123"), 1), check_float_(__builtin_nanf("0x55"), 0);
  return 0;
}
