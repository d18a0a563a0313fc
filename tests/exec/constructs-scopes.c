// Scopes and memory: variable length arrays and blocks that end while stores into them wait, alloca, large structs
// returned into every kind of place and straight on, switch in loops with ranges, goto out of nested loops, loops
// without end, structs whose address is known.
// RUN: %lazy_equiv %s -w
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

struct big {
  int v[20];
};
LAZY static int f(int x) { return x * 5 + 1; }
LAZY static struct big big(int n) {
  struct big b;
  for (int i = 0; i < 20; i++)
    b.v[i] = n * i;
  return b;
}
LAZY static struct big more(struct big b, int n) {
  b.v[n & 15] += n;
  return b;
}

static int arrays(int n) {
  int s = 0;
  for (int i = 1; i < n; i++) {
    int a[i + 1], b[n][i];
    for (int k = 0; k <= i; k++)
      a[k] = f(k + i);
    for (int k = 0; k < n; k++)
      b[k][i - 1] = f(k);
    if (i % 4 == 3)
      continue;
    int *c = __builtin_alloca(sizeof *c * i);
    for (int k = 0; k < i; k++)
      c[k] = f(a[k]);
    s += a[i] + b[n - 1][i - 1] * 3 + c[i - 1];
    if (s > 100000)
      goto out;
  }
out:
  return s;
}

static int *leaked;
static int blocks(int n) {
  int s = 0;
  for (int i = 0; i < n; i++) {
    {
      int a[3];
      leaked = &a[1];
      a[0] = f(i), a[1] = f(i + 1), a[2] = f(i + 2);
      s += *leaked;
    }
    {
      int b[3];
      b[i % 3] = f(s & 15);
      s ^= b[i % 3];
    }
  }
  return s;
}

static struct big onward(int n) { return big(n); }
static struct big chosen(int n) {
  struct big b = big(n), c = more(b, n);
  if (n & 1)
    return c;
  return n & 2 ? b : more(c, 3);
}
static struct big global;
static int places(int n) {
  static struct big kept;
  struct big list[3], *heap = malloc(2 * sizeof *heap), local, *to = &local;
  struct {
    int before;
    struct big b;
    int after;
  } in = {1, {}, 2};
  global = big(n);
  kept = more(global, n);
  list[n % 3] = big(n + 1);
  list[(n + 1) % 3] = more(list[n % 3], 2);
  heap[1] = big(n + 2);
  heap[0] = more(heap[1], 5);
  *to = more(onward(n), 7);
  in.b = more(chosen(n), 1);
  local.v[3] += big(n).v[4];
  global = more(global, 2);
  *to = more(*to, 3);
  int s =
      global.v[2] + kept.v[3] + list[(n + 1) % 3].v[2] + heap[0].v[5] + local.v[7] + in.b.v[1] + in.before + in.after;
  free(heap);
  return s;
}

static int switches(int n) {
  int s = 0, x = f(n);
  for (int i = 0;; i++) {
    int y = f(i), z = f(y);
    switch ((i * 7 + n) % 11) {
    case 0: continue;
    case 1 ... 3: s += y; break;
    case 4: {
      int t = f(z);
      if (t & 1)
        break;
      s ^= t;
    } /* fall through */
    case 5: s += z; /* fall through */
    default: x = f(x & 255); break;
    case 8:
      for (int k = 0; k < 9; k++)
        for (int l = 0; l < 9; l++) {
          int q = f(k * l);
          if (q % 23 == n)
            goto next;
          s += l;
        }
      break;
    case 10:
      if (i > 30)
        return s + x;
    }
  next:
    s &= 0xfffff;
  }
}

int main(void) {
  for (int n = 0; n < 12; n++) {
    struct big c = chosen(n);
    printf("%d %d %d %d %d\n", arrays(n), blocks(n), places(n), switches(n), c.v[3] + onward(n).v[19]);
  }
  return 0;
}
