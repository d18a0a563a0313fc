/* loops.c - loops over slow functions, in the shapes that people write.
 *
 *     loops [N]
 *
 * What to notice: none of these shapes needs a change.  A call under an `if`, two functions in one loop, an array of
 * the results of another, a loop that counts down or skips, a result that is overwritten: all of it runs at once as far
 * as it may, and ends in memory as if it had not.
 */
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX = 1000 };

LAZY static unsigned slow(unsigned x) {
  for (int i = 0; i < 20000; i++)
    x = x * 1664525u + 1013904223u;
  return x;
}

LAZY static unsigned slower(unsigned x, unsigned y) {
  for (int i = 0; i < 40000; i++)
    x = (x ^ y) * 22695477u + 1;
  return x;
}

static void show(const char *name, const unsigned *a, int n) {
  unsigned sum = 0;
  for (int i = 0; i < n; i++)
    sum = sum * 31 + a[i];
  printf("%-12s %08x ... %08x  sum %08x\n", name, a[0], a[n - 1], sum);
}

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 500, i;
  static unsigned a[MAX], b[MAX], c[MAX];
  if (n < 1 || n > MAX) {
    fprintf(stderr, "usage: loops [N], with N from 1 to %d\n", MAX);
    return 2;
  }

  for (i = 0; i < n; i++)
    a[i] = slow(i);
  show("plain", a, n);

  for (i = 0; i < n; i++)
    if (a[i] & 1)
      b[i] = slow(a[i]);
  show("condition", b, n);

  for (i = 0; i < n; i++) {
    a[i] = slow(i + 1);
    b[i] = slower(i, 2);
  }
  show("two, first", a, n);
  show("two, second", b, n);

  for (i = n - 1; i >= 0; i--)
    c[i] = slower(a[i], b[n - 1 - i]);
  show("backwards", c, n);

  i = 0;
  while (i < n) {
    c[i] = slow(i);
    i += 3;
  }
  show("every third", c, n);

  for (i = 0; i < n; i++)
    c[i / 2] = slow(i);
  show("overwritten", c, n);

  for (i = 0; i < n; i++) {
    if (i > n / 2)
      break;
    a[i] = slower(slow(i), slow(n - i));
  }
  show("nested", a, n);
  return 0;
}
