// The bodies are in another file, which has a visitor for what they take, and so they may be lazy; this one has none.
// RUN: %lazy_equiv %s %S/Inputs/visitors-elsewhere.c
// RUN: %lazy_equiv -DALL_KNOW %s %S/Inputs/visitors-elsewhere.c
// mock: no
#ifndef ALL_KNOW
#define WITHOUT_VISITOR
#endif
#include "Inputs/visitors-elsewhere.h"
#include <stdio.h>

static void here(struct buffer *b, int count) {
  int *bytes = b[0].bytes;
  for (int i = 0; i < 3 * count; i++) {
    struct buffer *now = &b[i % count];
    long before = weigh(b, count);
    shift(now, i);
    bytes[i % 5] += 3;
    long one = sum(now), two = weigh(b, count);
    reset(&b[(i + 2) % count], i);
    shift(&b[(i + 1) % count], 2);
    bytes[i] *= 2;
    printf("%ld %ld %ld %d\n", before, one, two, b[(i + 1) % count].bytes[7]);
  }
}

int main(void) {
  enum { COUNT = 6, SIZE = 40 };
  static int bytes[COUNT][SIZE];
  struct buffer b[COUNT];
  for (int i = 0; i < COUNT; i++) {
    b[i] = (struct buffer){SIZE, bytes[i]};
    for (int k = 0; k < SIZE; k++)
      bytes[i][k] = i * k;
  }
  here(b, COUNT);
  printf("%u\n", knowing(b, COUNT));
  b[2].bytes = b[3].bytes;
  here(b, COUNT);
  printf("%u\n", knowing(b, COUNT));
}
