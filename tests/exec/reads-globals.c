// Lazy functions that read globals, ordered against the program's writes to them.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
#include <string.h>

static int table[64], scale = 1;
static struct {
  int n;
  double w[8];
} config;
int visible = 5;

LAZY static int look(int i) { return table[i & 63] * scale; }
LAZY static double weigh(int i) { return config.w[i & 7] / (config.n + 1); }
LAZY static int see(int i) { return visible + i; }

static void store_while_pending(void) {
  int a = look(1), b = look(2);
  table[1] = 100;
  int c = look(1);
  scale = 2;
  int d = look(2);
  memset(table, 1, sizeof table);
  int e = look(3);
  printf("%d %d %d %d %d\n", a, b, c, d, e);
}
static void fill_from_itself(void) {
  for (int i = 1; i < 64; i++)
    table[i] = look(i - 1) + 1; /* reads what the last iteration stored */
  for (int i = 0; i < 64; i++)
    table[i] = look(i);
}
static void into(int *out, int n) { /* may be the table */
  for (int i = 0; i < n; i++)
    out[i] = look(i + 1);
}
static void change(void) { visible++; }
static int through_calls(void) {
  int a = see(1), b = see(2);
  change();
  int c = see(3);
  visible = 40;
  int d = see(a);
  return a + 10 * b + 100 * c + 1000 * d;
}
static int chained(void) {
  int x = look(4);
  int y = see(x); /* y's node keeps x's pending */
  table[4] = -1;
  visible = 9;
  return y;
}
static int dropped(int c) {
  int x = look(c);
  if (c & 1) {
    table[c] = 3;
    return c;
  }
  table[c] = 4;
  return x;
}

static void printing(void) { /* may change variables: by %n, or by a stream of the program's own */
  int a = look(1), b = see(2);
  printf("one %d%% %s\n", table[2], "two");
  puts("three");
  printf("%d %d %n", a, b, &visible);
  int c = see(3);
  printf("%n%d\n", &table[5], look(5) + c);
}

int main(void) {
  for (int i = 0; i < 64; i++)
    table[i] = i;
  printing();
  config.n = 3;
  for (int i = 0; i < 8; i++)
    config.w[i] = i * 1.25;
  store_while_pending();
  fill_from_itself();
  int out[70], s = 0;
  into(out, 63);
  into(table, 60);
  into(table + 1, 60);
  for (int i = 0; i < 63; i++)
    s = s * 3 + out[i] + table[i];
  printf("%d\n", s);
  double w[8];
  for (int i = 0; i < 8; i++)
    w[i] = weigh(i);
  config.n = 7;
  for (int i = 0; i < 8; i++)
    printf("%g %g\n", w[i], weigh(i));
  printf("%d %d\n", through_calls(), visible);
  printf("%d\n", chained());
  for (int c = 0; c < 6; c++)
    printf("%d %d\n", dropped(c), table[c]);
  return 0;
}
