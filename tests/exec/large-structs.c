// Structs of many kilobytes by value, over-aligned ones, and arrays of them.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>

struct block {
  double m[64][16];
};
struct aligned {
  _Alignas(64) int v[20];
};
struct sixteen {
  _Alignas(16) char c[48];
};

LAZY static struct block fill(int seed) {
  struct block b;
  for (int i = 0; i < 64; i++)
    for (int j = 0; j < 16; j++)
      b.m[i][j] = seed * i + j;
  return b;
}
LAZY static struct block add(struct block a, struct block b) {
  for (int i = 0; i < 64; i++)
    for (int j = 0; j < 16; j++)
      a.m[i][j] += b.m[i][j];
  return a;
}
LAZY static struct aligned up(struct aligned a, int x) {
  for (int i = 0; i < 20; i++)
    a.v[i] += x;
  return a;
}
LAZY static struct sixteen next(struct sixteen s) {
  for (int i = 0; i < 48; i++)
    s.c[i]++;
  return s;
}

static struct block blocks[8];

int main(void) {
  struct block a = fill(1), b = fill(2), c = add(a, b), d = add(c, add(fill(3), fill(4)));
  for (int i = 0; i < 8; i++)
    blocks[i] = add(d, fill(i));
  blocks[3] = add(blocks[2], blocks[4]);
  blocks[4] = blocks[3];
  double s = 0;
  for (int i = 0; i < 8; i++)
    s += blocks[i].m[i][i] + blocks[i].m[63][15];
  struct aligned x = {{1}}, y = up(x, 3), z = up(y, 4);
  struct sixteen t = {"hello"}, u = next(t), v = next(u);
  printf("%g %d %d %.48s\n", s, z.v[0], y.v[19], v.c);
  return 0;
}
