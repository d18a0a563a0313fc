// A loop that is run in batches takes a pending value along: in registers, and a struct in memory.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>

struct big {
  int v[12];
};
LAZY static float f(float x, int k) { return x * 3 + k; }
LAZY static struct big grow(struct big b, int k) {
  for (int i = 0; i < 12; i++)
    b.v[i] += i * k;
  return b;
}
static void show(const float *p) { printf("%g ", *p); }

__attribute__((noinline)) static void registers(float s, int n) {
  float out[4], a = f(s, n), b = f(a, 2), c = f(a, 3);
  for (int i = 0; i < 4; i++)
    out[i] = f(b, i);
  float either = n & 1 ? b : c;
  show(&a), show(&either);
  for (int i = 0; i < 4; i++)
    show(&out[i]);
}

__attribute__((noinline)) static void memory(int n) {
  struct big a = grow((struct big){{n}}, n), b = grow(a, 2);
  int out[5];
  for (int i = 0; i < 5; i++)
    out[i] = grow(b, i).v[i + 2];
  for (int i = 0; i < 5; i++)
    printf("%d ", out[i]);
  printf("%d\n", a.v[1]);
}

int main(void) {
  for (int n = 0; n < 8; n++)
    registers(n, n), memory(n);
  return 0;
}
