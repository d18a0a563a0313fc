// The bodies are in another file, and read a variable that nobody here can name.
// RUN: %lazy_equiv %s %S/Inputs/regions-elsewhere.c
// mock: no
#include "Inputs/regions-elsewhere.h"
#include <stdio.h>

int main(void) {
  static int a[20][100];
  for (int i = 0; i < 20; i++) {
    fill(a[i], 100, i);
    if (i % 5 == 0)
      set_offset(i);
  }
  for (int i = 0; i < 20; i++)
    printf("%d\n", sum(a[i], 100));
  return sum(a[0], 2000) % 50;
}
