// A lazy call in every kind of expression: statement expressions, _Generic, compound literals, initialisers, nested
// ?:, comma, short circuits, compound assignment, bit-fields, unevaluated operands, builtins, asm, atomics.
// RUN: %lazy_equiv %s -std=gnu2x -w
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static int f(int x) { return x * 5 + 1; }
LAZY static double g(double x) { return x / 3 - 1; }
LAZY static long h(int a, long b, char c) { return a + b * 3 - c; }

struct point {
  int x, y;
  struct {
    short z : 5, w : 11;
  };
  union {
    float real;
    int bits;
  };
};
LAZY static struct point point(int n) {
  return (struct point){.x = n, .y = n * n, .z = n & 7, .w = n * 3, .real = n * .5f};
}
LAZY static struct point moved(struct point p, int n) { return p.x += n, p.z ^= 1, p.bits ^= n, p; }

#define MAXIMUM(a, b)                                                                                                  \
  ({                                                                                                                   \
    __auto_type left_ = (a);                                                                                           \
    typeof(b) right_ = (b);                                                                                            \
    left_ > right_ ? left_ : right_;                                                                                   \
  })
#define ANY(x) _Generic((x), int: f, double: g)(x)

static int expressions(int n) {
  int a = ({
    int t = f(n), u = f(t);
    t > u ? t : u;
  });
  int b = MAXIMUM(f(n), f(3)), c = (f(n), f(n + 1)), d, e;
  d = e = f(c);
  int k = n > 3 ? n > 5 ? f(1) : f(2) : n > 1 ? b : f(4);
  int m = n & 1 ?: f(n), o = f(n) ?: a;
  d += f(n), e <<= f(n) & 3, d ^= f(f(f(n)));
  e -= -f(n) + ~f(n + 1) + !f(n + 2) + +f(n + 3);
  int p = (f(n) && f(n - 1)) || (f(n) > f(3) && (a = f(n)));
  int q = sizeof(f(n)) + _Alignof(typeof(f(n))) + __builtin_constant_p(f(n));
  int r = __builtin_expect(f(n), 1) + __builtin_choose_expr(1, f(n), g(n)) + __builtin_popcount(f(n));
  int s = __builtin_add_overflow(f(n), f(n + 1), &q) + q;
  double t = ANY(n) + ANY(n * 0.5);
  int u = h(f(n), h(1, f(2), 'c'), (char)f(3)) + (int)g(f(n)) + (char)f(n) + (_Bool)f(n) + (short)(f(n) * 999);
  printf("%d %d %d %d %d %d %d %d %d %d %g %d\n", a, b, c, d, e, k, m, o, p, s, t, u);
  return r + (n ? f(n) : g(n));
}

static int initialisers(int n) {
  int list[] = {f(1), f(2), [5] = f(n), f(n + 1)}, two[2][2] = {{f(n)}, {f(2), f(3)}};
  struct point p = {.x = f(n), .w = f(1) & 63}, q = {f(1), f(2), .real = g(n)}, *r = &(struct point){f(n), .y = f(4)};
  const struct point points[2] = {point(n), moved(point(n + 1), n)};
  int vla[n + 2];
  for (int i = 0; i < n + 2; i++)
    vla[i] = f(i + n);
  int matrix[2][n + 1];
  matrix[1][n] = f(n);
  int x = ((int[]){f(n), f(n + 1)})[n & 1], y = point(n).y, z = moved(point(f(n)), 3).z;
  p.w = f(n) & 127;
  p.z++;
  q = n & 1 ? point(f(n)) : p;
  printf("%d %d %d %d %d %d %d %d\n", list[0], list[6], two[0][0], two[1][1], p.x, p.w, q.x, r->y);
  printf("%d %d %d %d %d %d %d\n", points[0].y, points[1].bits, vla[n], matrix[1][n], x, y, z);
  return q.bits + points[1].z;
}

static int effects(int n) {
  _Atomic int atomic = f(n);
  volatile int seen = f(n + 1);
  static int kept;
  register int fast = f(n + 2);
  int out, in[4] = {};
  atomic += f(n);
  kept += f(n);
  in[f(n) & 3] = f(n + 4);
  in[seen & 3] += f(n);
  __asm__("leal 1(%1), %0" : "=r"(out) : "r"(f(n)));
  char text[32], *end = text + snprintf(text, sizeof text, "%d|%d", f(n), f(f(n)));
  printf("%d %d %d %d %d %s %d\n", atomic, seen, kept, fast, out, text, (int)(end - text));
  return in[0] + in[1] * 3 + in[2] * 5 + in[3] * 7;
}

int main(void) {
  for (int n = 0; n < 8; n++)
    printf("%d %d %d\n", expressions(n), initialisers(n), effects(n));
  return 0;
}
