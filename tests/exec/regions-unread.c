// What is written to locals that nobody reads any more need not be written; what somebody may read must be.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 30 };

LAZY static void fill(LAZY_OUT(n) unsigned *to, int n, unsigned seed) {
  for (int round = 0; round < 20; round++)
    for (int i = 0; i < n; i++)
      to[i] = seed = seed * 1664525u + 1013904223u;
}
LAZY static unsigned grow(unsigned *a, int n) {
  unsigned h = 0;
  for (int i = 0; i < n; i++)
    h += a[i] = a[i] * 3 + 1;
  return h;
}
LAZY static void copy(LAZY_OUT(n) unsigned *to, LAZY_IN(n) const unsigned *from, int n) {
  for (int i = 0; i < n; i++)
    to[i] = from[i] ^ (from[n - 1 - i] >> 3);
}
LAZY static unsigned *where(LAZY_INOUT(n) unsigned *a, int n) {
  a[0] += (unsigned)n;
  return a + n / 2;
}
LAZY static void two(LAZY_OUT(n) unsigned *a, LAZY_OUT(n) unsigned *b, int n) {
  for (int i = 0; i < n; i++)
    a[i] = (unsigned)i, b[i] = (unsigned)(n - i);
}

static unsigned kept[N], *seen;

static unsigned way(int which) {
  unsigned a[N], b[N], h = 0;
  fill(a, N, 1);
  switch (which) {
  case 0: /* nobody reads b, so nobody needs a */ copy(b, a, N); break;
  case 1: /* nor its value */ grow(a, N); break;
  case 2: /* its value is read */ h = grow(a, N); break;
  case 3: /* written again before it is read */
    h = a[3];
    fill(a, N, 2);
    memset(a, 7, sizeof a);
    h += a[4];
    break;
  case 4: /* read after a loop, or in the next round */
    for (int i = 0; i < 5; i++) {
      if (i == 3)
        h += a[2];
      fill(a, N, (unsigned)i);
    }
    break;
  case 5: /* one of both is read */
    two(a, b, N);
    h = b[5];
    break;
  case 6: /* by another name */
    seen = a;
    fill(a, N, 6);
    h = seen[9];
    break;
  case 7:
    h = *where(a, N);
    fill(a, N, 7);
    break;
  case 8: {
    unsigned *p = where(a, N);
    fill(a, N, 8);
    h = p[1];
    break;
  }
  case 9: /* not a local only */ two(a, kept, N); break;
  case 10: {
    unsigned *p = (unsigned *)malloc(sizeof a);
    fill(which > N ? a : p, N, 10);
    h = p[8];
    free(p);
    break;
  }
  case 11: {
    unsigned c[N], *p = which % 2 ? c : b;
    fill(p, N, 11);
    h = c[3];
    break;
  }
  case 12:
    fill(a + 3, N - 3, 12);
    h = memcmp(a, kept, sizeof a) > 0;
    break;
  case 13: { /* a struct, compared and copied */ struct pair { unsigned x[4], y[4];
    } s, t;
    two(s.x, s.y, 4);
    t = s;
    two(s.x, s.y, 4);
    h = t.x[1] + t.y[1] + (&s.x[3] > &s.x[0]);
    break;
  }
  case 14: { /* one of both lives on */
    {
      unsigned c[N];
      two(c, a, N);
    }
    h = a[5];
    break;
  }
  default: { /* arrays of varying size, jumps back */
    unsigned v[which];
    int rounds = 0;
  again:
    fill(v, which, h);
    if (++rounds < 3) {
      h += v[which - 1];
      goto again;
    }
  }
  }
  return h;
}

int main(void) {
  for (int i = 0; i < 19; i++)
    printf("%d %u\n", i, way(i));
  printf("%u\n", kept[4]);
  return 0;
}
