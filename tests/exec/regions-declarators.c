// RUN: %lazy_equiv %s
// An array declarator promises nothing in C.  Where the body shows that it touches more, the body is right.
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static void four(int v[4], int s) {
  for (int i = 0; i < 16; i++)
    v[i] = v[i] * 3 + s;
}

LAZY static int second(const int pair[1]) {
  int s = 0;
  for (int k = 0; k < 1000; k++)
    s = s * 31 + pair[1];
  return s;
}

LAZY static void before(int here[2], int n) {
  for (int k = 0; k < 500; k++)
    here[-1] += here[0] * n + k;
}

// Only read, though not declared so: no call waits for another.
LAZY static long sum(long table[64]) {
  long s = 0;
  for (int i = 0; i < 64; i++)
    s += table[i];
  return s;
}

int main(void) {
  int v[64] = {1, 2, 3}, pairs[20] = {0}, found = 0;
  long table[64], sums[16];
  for (int round = 0; round < 50; round++)
    for (int i = 0; i <= 48; i += 4)
      four(v + i, i + round);
  for (int i = 0; i < 64; i++)
    printf("%d ", v[i]);
  puts("");
  for (int i = 1; i < 20; i++) {
    before(pairs + i, i);
    found ^= second(pairs + i - 1);
    pairs[i] = found & 15;
  }
  printf("%d %d\n", found, pairs[7]);
  for (int i = 0; i < 64; i++)
    table[i] = i * i;
  for (int i = 0; i < 16; i++)
    sums[i] = sum(table) + i;
  for (int i = 0; i < 16; i++)
    printf("%ld ", sums[i]);
  puts("");
}
