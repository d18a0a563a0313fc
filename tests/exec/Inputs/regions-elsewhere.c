#include "regions-elsewhere.h"

static int offset = 3;

void set_offset(int to) { offset = to; }
void fill(int *to, int n, int seed) {
  for (int i = 0; i < n; i++)
    to[i] = seed * i + offset;
}
int sum(const int *a, int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    s = s * 3 % 65537 + a[i];
  return s;
}
