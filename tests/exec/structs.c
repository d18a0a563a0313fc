// Structs by value of every size class: in one register, in two, of mixed classes, in memory.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>

struct rgb {
  unsigned char r, g, b;
};
struct pair {
  double x, y;
};
struct mixed {
  float a, b, c;
  int d;
};
struct odd {
  char c;
  short s;
  int i;
};
struct big {
  double a[12];
  int n;
};
struct padded {
  char c;
  double d;
};
union both {
  int i;
  float f;
};
struct bits {
  unsigned a : 3, b : 7, c : 22;
};
struct one {
  long v;
};

LAZY static struct rgb rgb(int x) { return (struct rgb){x, x * 2, x * 3}; }
LAZY static struct pair pair(int x) { return (struct pair){x * 0.1, x / 3.0}; }
LAZY static struct mixed mixed(struct pair p, int x) { return (struct mixed){p.x, p.y, x, x + 1}; }
LAZY static struct odd odd(struct odd o) { return (struct odd){o.c + 1, o.s * 2, o.i - 3}; }
LAZY static struct big big(int n) {
  struct big b = {.n = n};
  for (int i = 0; i < 12; i++)
    b.a[i] = n + i * 0.5;
  return b;
}
LAZY static struct big twice(struct big b) {
  for (int i = 0; i < 12; i++)
    b.a[i] *= 2;
  b.n++;
  return b;
}
LAZY static double total(struct big b, struct mixed m) {
  double s = m.a + m.b + m.c + m.d;
  for (int i = 0; i < 12; i++)
    s += b.a[i];
  return s + b.n;
}
LAZY static struct padded padded(struct padded p) { return (struct padded){p.c + 1, p.d * 2}; }
LAZY static union both both(float f) { return (union both){.f = f}; }
LAZY static struct bits bits(struct bits b) { return (struct bits){b.a + 1, b.b + 2, b.c + 3}; }
LAZY static struct one one(struct one o) { return (struct one){o.v + 1}; }

static void show(const struct big *b) { printf("%d %g %g\n", b->n, b->a[0], b->a[11]); }

int main(void) {
  for (int i = 0; i < 5; i++) {
    struct rgb c = rgb(i), c2 = rgb(i + 1);
    struct pair p = pair(i), q = pair(i + 7);
    struct mixed m = mixed(p, i), m2 = mixed(q, i);
    struct odd o = odd(odd((struct odd){'a', i, i}));
    struct big b = big(i), b2 = twice(b), b3 = twice(twice(b2)), unused = big(99);
    (void)unused;
    double t = total(b3, m2);
    printf("%d %d %d %d\n", c.r, c.g, c.b, c2.r);
    printf("%g %g %g %g %d %g\n", p.x, q.y, m.a, m.b, m.d, m2.c);
    printf("%d %d %d\n", o.c, o.s, o.i);
    show(&b);
    show(&b2);
    printf("%g %d %g\n", t, b3.n, b3.a[5]);
    b = big(i + 50);
    b.a[0] = -1;
    b2 = b;
    b2.n = i;
    show(&b2);
    show(&b);
    struct padded d = padded(padded((struct padded){'x', i}));
    union both u = both(i * 1.5f);
    struct bits t3 = bits(bits((struct bits){1, i, 1000}));
    struct one o1 = one(one(one((struct one){i})));
    printf("%c %g %x %u %u %u %ld\n", d.c, d.d, u.i, t3.a, t3.b, t3.c, o1.v);
  }
  struct big s = big(1);
  for (int i = 0; i < 6; i++)
    s = twice(s);
  show(&s);
  struct big t = big(3);
  for (int i = 0; i < 4; i++)
    if (i & 1)
      t = twice(t);
    else
      s = t;
  show(&s);
  show(&t);
  return 0;
}
