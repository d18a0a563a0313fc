// Loops that only gather values, while what is in between cannot run ahead: smallest and where, sums in order, several
// calls of one iteration, calls under conditions, breaks and continues, more values than fit into a row, last values;
// and loops that look alike, where a value decides what comes next (kept_).
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct state {
  uint64_t seed;
  int steps;
  uint8_t bytes[12];
};

/* What changes memory that arguments come from; the loop cannot run ahead of it. */
__attribute__((noinline)) static int step(struct state *s) {
  s->seed = s->seed * 6364136223846793005u + 1442695040888963407u;
  s->bytes[s->steps % 12] ^= (uint8_t)(s->seed >> 40);
  s->steps++;
  return (int)(s->seed >> 33) % 1000;
}

LAZY static int f(struct state s, int x) {
  uint32_t h = (uint32_t)x * 2654435761u;
  for (int k = 0; k < 12 * 10; k++)
    h = (h ^ s.bytes[k % 12]) * 16777619u + (uint32_t)s.steps;
  return (int)(h >> 8);
}
LAZY static double g(struct state s) {
  double v = 0;
  for (int k = 1; k < 100; k++)
    v += 1.0 / (k + s.bytes[k % 12]);
  return v;
}
LAZY static const char *name(struct state s) {
  static const char *const names[] = {"ab", "cde", "f", "ghij"};
  unsigned sum = 0;
  for (int k = 0; k < 120; k++)
    sum += s.bytes[k % 12] * (unsigned)k;
  return names[sum % 4];
}
LAZY static _Bool even(struct state s) {
  unsigned sum = 0;
  for (int k = 0; k < 120; k++)
    sum = sum * 3 + s.bytes[k % 12];
  return sum % 2 == 0;
}

static struct state start(int n) { return (struct state){(uint64_t)n * 77, n, "abcdefghijk"}; }

static int smallest(int n) {
  struct state s = start(n);
  int best = 1 << 30;
  for (int i = 0; i < n; i++) {
    step(&s);
    int found = f(s, i);
    best = found < best ? found : best;
  }
  return best;
}

static int smallest_where(int n, int *where) {
  struct state s = start(n);
  int best = 1 << 30, at = -1, seen = 0;
  for (int i = 0; i < n; i++) {
    int x = step(&s);
    if (x % 3 == 0)
      continue;
    struct state next = s;
    if (step(&next) % 2 && x > 10) {
      int found = f(next, x);
      seen++;
      if (found < best) {
        best = found;
        at = i;
      } else if (found == best)
        at = -i;
    }
  }
  *where = at;
  return best + seen;
}

static double sum_in_order(int n) {
  struct state s = start(n);
  double sum = 0;
  while (n-- > 0) {
    step(&s);
    sum += g(s) * (n & 3);
  }
  return sum;
}

static double two_calls(int n) {
  struct state s = start(n);
  double sum = 1, other = 0;
  int i = 0;
  do {
    step(&s);
    double a = g(s);
    step(&s);
    int b = f(s, i);
    sum = sum * 0.5 + a / (b + 1.0);
    if (b & 1)
      other -= a;
    printf("%d ", s.steps % 10);
  } while (++i < n);
  puts("");
  return sum + other * 1e-3;
}

static int last_value(int n) {
  struct state s = start(n);
  int last = -1, before = 7;
  for (int i = 0; i < n; i++) {
    if (step(&s) % 5 == 0)
      last = f(s, i);
    before += i;
  }
  return last ^ before;
}

static int leaves_early(int n) {
  struct state s = start(n);
  int sum = 0;
  for (int i = 0;; i++) {
    int x = step(&s);
    if (i > n)
      break;
    sum += f(s, i) % 100;
    if (x % 97 == 5)
      return -sum;
    if (x % 89 == 5)
      break;
    sum ^= i;
  }
  return sum;
}

static int leaves_in_between(int n) {
  struct state s = start(n);
  int sum = 0;
  for (int i = 0;; i++) {
    int x = step(&s);
    if (i > n)
      break;
    sum += f(s, i) % 100;
    if (x % 97 == 5)
      return -sum;
    if (x % 89 == 5)
      break;
  }
  return sum;
}

/* What is wanted behind the loop is not the last. */
static int one_before(int n) {
  struct state s = start(n);
  int sum = 0, old;
  for (int i = 0;; i++) {
    step(&s);
    old = sum;
    sum = sum * 3 + f(s, i) % 100;
    if (i >= n)
      break;
  }
  return old;
}

static int by_cases(int n) {
  struct state s = start(n);
  int a = 0, b = 1, c = 2;
  for (int i = 0; i < n; i++) {
    step(&s);
    switch (f(s, i) % 5) {
    case 0: a += i; break;
    case 1:
      b ^= i;
      /* fall through */
    case 2: c += b; break;
    default: a = c;
    }
  }
  return a * 31 + b * 7 + c;
}

static int nested(int n) {
  int best = 0;
  for (int i = 0; i < n; i++) {
    struct state s = start(i);
    for (int k = 0; k < i; k++) {
      step(&s);
      int found = f(s, k) % 1000;
      best = found > best ? found : best;
    }
    printf("%d ", best);
  }
  puts("");
  return best;
}

static size_t pointers(int n) {
  struct state s = start(n);
  size_t sum = 0;
  const char *last = "";
  int all = 1;
  for (int i = 0; i < n; i++) {
    step(&s);
    last = name(s);
    step(&s);
    all &= even(s);
  }
  sum += strlen(last) + (size_t)all;
  return sum;
}

/* Two of them exchange what they are: not gathered one by one. */
static int exchanged(int n) {
  struct state s = start(n);
  int a = 1, b = 2;
  for (int i = 0; i < n; i++) {
    step(&s);
    int old = a;
    a = b + f(s, i) % 10;
    b = old;
  }
  return a * 1000 + b;
}

/* A way leads back to the call that does not come by the head of the loop. */
static int goes_round(int n) {
  struct state s = start(n);
  int best = 1 << 30;
  for (int i = 0; i < n; i++) {
    if (step(&s) % 3 == 0)
      goto middle;
  again:
    step(&s);
  middle:;
    int found = f(s, i);
    best = found < best ? found : best;
    if (step(&s) % 4 == 0)
      goto again;
    if (step(&s) % 5 == 0)
      goto middle;
  }
  return best;
}

/* What is divided by is looked at before the division: it may end the loop, or the program. */
static int divides_behind(int n) {
  struct state s = start(n);
  int sum = 0;
  for (int i = 0; i < n; i++) {
    step(&s);
    int found = f(s, i), by = found % 7;
    if (by == 0) {
      step(&s);
      continue;
    }
    step(&s);
    sum += 1000 / by;
  }
  return sum;
}

/* The value is there when the loop is left behind the call, and was not when it is left before. */
static int leaves_with_value(int n) {
  struct state s = start(n);
  int best = 1 << 30, last = -1, i;
  for (i = 0; i < n; i++) {
    if (step(&s) % 50 == 49)
      break;
    int found = f(s, i);
    best = found < best ? found : best;
    last = found;
    if (step(&s) % 40 == 39)
      goto behind;
  }
  return best ^ last * 3;
behind:
  return best ^ last * 5 ^ i;
}

static int kept_search(int n) {
  struct state s = start(n);
  int i = 0;
  for (; i < n; i++) {
    step(&s);
    if (f(s, i) % 41 == 3)
      break;
  }
  return i;
}

static int kept_bound(int n) {
  struct state s = start(n);
  int best = 1 << 30;
  for (int i = 0; i < n; i++) {
    step(&s);
    if (s.steps % 100 < best % 100) {
      int found = f(s, i);
      best = found < best ? found : best;
    }
  }
  return best;
}

static int kept_argument(int n) {
  struct state s = start(n);
  int x = 1;
  for (int i = 0; i < n; i++) {
    step(&s);
    x += f(s, x) % 10;
  }
  return x;
}

static int kept_told(int n) {
  struct state s = start(n);
  int sum = 0;
  for (int i = 0; i < n; i++) {
    step(&s);
    sum += f(s, i) % 100;
    if (i % 64 == 0)
      printf("%d ", sum);
  }
  puts("");
  return sum;
}

/* A search that goes on in each of many ways: a row in each frame. */
LAZY static uint64_t search(struct state s, int depth) {
  uint64_t best = UINT64_MAX;
  if (depth == 0)
    return s.seed % 1000003 << 20 | (uint64_t)s.steps;
  for (int way = 0; way < 4 + depth % 3; way++) {
    struct state next = s;
    next.steps += way;
    if (step(&next) % 4) {
      uint64_t found = search(next, depth - 1);
      best = found < best ? found : best;
    }
  }
  return best;
}

int main(void) {
  static const int many[] = {0, 1, 2, 63, 64, 65, 255, 256, 257, 600};
  for (unsigned k = 0; k < sizeof many / sizeof *many; k++) {
    int n = many[k], where = 0;
    printf("%d: %d ", n, smallest(n));
    int found = smallest_where(n, &where);
    printf("%d at %d %.17g %.17g\n", found, where, sum_in_order(n), two_calls(n));
    printf("%d %d %d ", last_value(n), leaves_early(n), leaves_in_between(n));
    printf("%d %d %d\n", one_before(n), by_cases(n), nested(n % 50));
    printf("%zu %d %d %d %d %d\n", pointers(n), exchanged(n), kept_search(n), kept_bound(n), kept_argument(n),
           kept_told(n));
    printf("%d %d %d\n", goes_round(n), divides_behind(n), leaves_with_value(n));
  }
  printf("%llx\n", (unsigned long long)search(start(3), 7));
  return 0;
}
