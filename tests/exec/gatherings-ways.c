// Loops in which a value seems only to be gathered, where the ways that control goes decide: it leads back to the call
// by another way than the loop's head; a state is wanted behind the loop as it was before the last value; and a division
// is never come to, because the program ends in between.
// RUN: %lazy_equiv %s
// All of it runs in place, so there are no references to count.
// mock: no
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct state {
  uint64_t seed;
  int steps;
};
__attribute__((noinline)) static int step(struct state *s) {
  s->seed = s->seed * 6364136223846793005u + 1442695040888963407u;
  s->steps++;
  return (int)(s->seed >> 33) % 1000;
}
LAZY static int f(struct state s, int x) {
  uint32_t h = (uint32_t)x * 2654435761u;
  for (int k = 0; k < 120; k++)
    h = (h ^ (uint32_t)(s.seed >> k % 40)) * 16777619u + (uint32_t)s.steps;
  return (int)(h >> 8);
}

static int goes_round(int n) {
  struct state s = {(uint64_t)n, 0};
  int best = 1 << 30;
  for (int i = 0; i < n; i++) {
    if (step(&s) % 3 == 0)
      goto middle;
  again:
    if (step(&s) % 7 == 0)
      continue;
  middle:
    if (step(&s) % 11 == 0)
      continue;
    int found = f(s, i);
    if (found < best)
      best = found;
    if (step(&s) % 4 == 0)
      goto again;
  }
  return best;
}

/* Left in front of the call, then behind it. */
static int before_the_last(int n) {
  struct state s = {(uint64_t)n, 0};
  int best = 1 << 30, old, i;
  for (i = 0;; i++) {
    step(&s);
    old = best;
    int found = f(s, i);
    if (found < best)
      best = found;
    if (i > n % 13)
      break;
    if (step(&s) % 70 == 39) {
      old = 7;
      break;
    }
  }
  return old;
}
static int before_the_end(int n) {
  struct state s = {(uint64_t)n, 0};
  int best = 1 << 30, i = 0, old;
  do {
    step(&s);
    old = best;
    int found = f(s, i);
    best = found < best ? found : best;
  } while (i++ < n);
  return old;
}

/* 0 in the call that fills the row. */
LAZY static int zero_at(struct state s, int i) { return i == 255 ? 0 : 1 + f(s, i) % 1000; }
__attribute__((noinline)) static void end_at(int i) {
  if (i == 255) {
    puts("ends");
    exit(3);
  }
}
static int divides_behind(int n) {
  struct state s = {(uint64_t)n, 0};
  int sum = 0, best = 1 << 30;
  for (int i = 0; i < n; i++) {
    step(&s);
    int found = zero_at(s, i);
    if (found < best)
      best = found;
    end_at(i);
    sum += 1000 / found;
  }
  return sum ^ best;
}

int main(void) {
  for (int n = 0; n < 700; n += 19)
    printf("%d: %d %d %d\n", n, goes_round(n), before_the_last(n), before_the_end(n));
  printf("%d %d\n", divides_behind(200), divides_behind(300));
  return 0;
}
