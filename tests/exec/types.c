// Every scalar type by value.
// RUN: %lazy_equiv %s
#include <complex.h>
#include <lazy/lazy.h>
#include <stdio.h>

typedef float v4 __attribute__((vector_size(16)));
enum color { RED, GREEN = 5, BLUE };

LAZY static _Bool b1(_Bool a, int b) { return a ^ (b > 2); }
LAZY static signed char c1(signed char c) { return c * 3; }
LAZY static unsigned short s1(unsigned short s) { return s * 3; }
LAZY static unsigned long long u1(unsigned long long u) { return u * 0x9e3779b97f4a7c15u; }
LAZY static __int128 i128(__int128 a, int b) { return a * a + b; }
LAZY static float f1(float f) { return f / 3; }
LAZY static double d1(double d) { return d / 3; }
LAZY static long double ld1(long double d) { return d / 3; }
LAZY static double _Complex cd(double _Complex z) { return z * z + 1; }
LAZY static float _Complex cf(float _Complex z) { return z * z + 1; }
LAZY static enum color e1(enum color c) { return c == RED ? GREEN : BLUE; }
LAZY static v4 vec(v4 v) { return v * v; }
LAZY static int none(void) { return 7; }
LAZY static int many(int a, long b, char c, double d, float e, short f, int g, long h, int i, double j) {
  return (int)(a + b + c + d + e + f + g) + (int)(h % 1000) + i + (int)j;
}

int main(void) {
  for (int i = 0; i < 4; i++) {
    _Bool b = b1(i & 1, i), bb = b1(b, 3);
    signed char c = c1(i * 40), cc = c1(c);
    unsigned short s = s1(i * 20000), ss = s1(s);
    unsigned long long u = u1(i), uu = u1(u);
    __int128 x = i128((__int128)1 << 40, i), xx = i128(x, 1);
    float f = f1(i), ff = f1(f);
    double d = d1(i), dd = d1(d);
    long double l = ld1(i + 1), ll = ld1(l);
    double _Complex z = cd(i + 2 * I), zz = cd(z);
    float _Complex w = cf(i - I), ww = cf(w);
    enum color e = e1(i), e2 = e1(e);
    v4 v = vec((v4){i, 1, 2, 3}), vv = vec(v);
    int n = none(), m = many(i, i, i, i, f, s, n, u, c, d);
    printf("%d %d %d %d %d %d %llx %llx\n", b, bb, c, cc, s, ss, u, uu);
    printf("%llx%016llx %llx\n", (unsigned long long)(x >> 64), (unsigned long long)x, (unsigned long long)xx);
    printf("%a %a %a %a %La %La\n", f, ff, d, dd, l, ll);
    printf("%g %g %g %g %g %g\n", creal(z), cimag(zz), crealf(w), cimagf(ww), creal(zz), crealf(ww));
    printf("%d %d %g %g %d %d\n", e, e2, v[0], vv[3], n, m);
  }
  return 0;
}
