// The bodies are in another file, and read a variable that nobody here can name.
// RUN: %lazy_equiv %s %S/Inputs/regions-elsewhere.c
// mock: no
#include "Inputs/regions-elsewhere.h"
#include <stdio.h>

// It runs in place: how far `a` reaches nobody can tell.
LAZY static void draw(LAZY_INOUT(n) long *counts, int *a, int n) {
  for (int i = 0; i < n; i++)
    counts[i] += a[i * i % n]++;
}

int main(void) {
  static int a[20][100];
  for (int i = 0; i < 20; i++) {
    fill(a[i], 100, i);
    if (i % 5 == 0)
      set_offset(i);
  }
  for (int i = 0; i < 20; i++)
    printf("%d\n", sum(a[i], 100));
  static long counts[100];
  for (int i = 0; i < 20; i++) {
    fill(a[i], 100, i + 3);
    draw(counts, a[i], 100);
    printf("%ld %d\n", counts[i], sum(a[i], 100));
  }
  return sum(a[0], 2000) % 50;
}
