// Calls that read memory, in functions that take handles: the program's writes wait for them the first time; after
// lazy_changed() they are computed again, and nothing else is.
// RUN: %lazy_equiv %s
// mock: no, it computes nothing again
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often functions run, which they must not know themselves. */
static int runs;
LAZY_TRUSTED __attribute__((const, noinline)) static long counted(long x) {
  return x + (__atomic_add_fetch(&runs, 1, __ATOMIC_RELAXED) < 0);
}

static long total(const long *p, long n) {
  long sum = 0;
  for (long i = 0; i < n; i++)
    sum = sum * 3 + p[i];
  return sum;
}

LAZY static long sum(LAZY_IN(n) const long *p, long n) { return counted(total(p, n)); }
LAZY static long sum_and(LAZY_IN(n) const long *p, long n, long x) { return counted(total(p, n) + x); }
LAZY static long join(long a, long b) { return counted(a * 7 + b); }
LAZY static void clear(LAZY_OUT(n) long *p, long n) {
  for (long i = 0; i < n; i++)
    p[i] = 0;
}
LAZY static long words(LAZY_STR const char *text) { return counted((long)strlen(text)); }
struct counted_array {
  long n;
  long p[8];
};
LAZY static long filled(LAZY_IN(1) const struct counted_array *a, LAZY_IN(a->n) const long *p) {
  return counted(total(p, a->n));
}

static long table[16];
LAZY static long look_up(long i) { return counted(table[i] * 5); }

/* The value as computing it now gives it, which is what the program without handles prints. */
static void show(const char *name, lazy_ref handle, long now) {
  long value = now;
  if (handle && lazy_get(handle, &value, sizeof value) != LAZY_OK)
    abort();
  printf("%s %ld\n", name, value);
}

/* What is not kept cannot be counted. */
static void ran(lazy_ref handle, int expected) {
  if (handle && runs != expected) {
    printf("%d runs instead of %d\n", runs, expected);
    exit(1);
  }
  runs = 0;
}

static void fill(long *p, long n, long seed) {
  for (long i = 0; i < n; i++)
    p[i] = seed * (i + 1);
}

enum { N = 40 };

static void inputs(void) {
  static long a[N], b[N];
  fill(a, N, 3);
  fill(b, N, 5);
  long x = sum(a, N), y = sum(b, N), z = join(x, y), far = join(z, 1);
  lazy_ref hx = lazy_handle(x), hy = lazy_handle(y), hz = lazy_handle(z), hf = lazy_handle(far);
  a[0] = 100; /* of no concern to x: it is the value of its call */
  fill(b, N, 6);
  printf("%ld %ld\n", z, far);
  ran(hf, 4);
  lazy_changed(a, sizeof a);
  show("x", hx, total(a, N));
  ran(hx, 1);
  lazy_changed(b, sizeof b);
  lazy_changed(a + N, 8); /* beside */
  long xn = total(a, N), yn = total(b, N);
  show("far", hf, (xn * 7 + yn) * 7 + 1);
  show("y", hy, yn);
  show("z", hz, xn * 7 + yn);
  show("x", hx, xn);
  ran(hf, 3); /* y, z, far */
  lazy_release(hx);
  lazy_changed(a, sizeof a);
  lazy_release(hy);
  lazy_release(hz);
  lazy_release(hf);
  ran(hf, 0);
}

/* Handles live on where the function has ended, and so must the memory. */
static void parts(long *p, lazy_ref handles[N]) {
  for (int i = 0; i < N; i++) {
    long s = sum_and(p + i * N, N, i);
    handles[i] = lazy_handle(s);
  }
}

static void tiles(void) {
  lazy_ref handles[N];
  long *p = malloc(N * N * sizeof *p);
  fill(p, N * N, 1);
  parts(p, handles);
  ran(handles[0], N);
  for (int k = 0; k < 3; k++) {
    p[5 * N + 7] = k;
    p[9 * N] = p[9 * N - 1] = -k;
    lazy_changed(&p[5 * N + 7], sizeof *p);
    lazy_changed(&p[9 * N - 1], 2 * sizeof *p);
    for (int i = 0; i < N; i++)
      show("tile", handles[i], total(p + i * N, N) + i);
    ran(handles[0], 3);
  }
  for (int i = 0; i < N; i++)
    lazy_release(handles[i]);
  lazy_changed(p, N * N * sizeof *p);
  free(p);
}

/* Chains of calls that read, by name and through pointers. */
static void chains(void) {
  long a[N], s = 0;
  fill(a, N, 2);
  table[3] = 4;
  lazy_ref last = NULL;
  for (int i = 0; i < N; i++)
    s = sum_and(a + i, 1, s);
  long t = look_up(3), u = join(s, t);
  last = lazy_handle(u);
  printf("%ld %ld %ld\n", s, t, u);
  ran(last, N + 2);
  a[N - 1] = -1;
  lazy_changed(a + N - 1, sizeof *a);
  long now = 0;
  for (int i = 0; i < N; i++)
    now += a[i];
  show("u", last, now * 7 + t);
  ran(last, 2);
  table[3] = 9;
  lazy_changed(table, sizeof table);
  show("u", last, now * 7 + 45);
  ran(last, 2);
  lazy_release(last);
}

/* These run in place. */
static void in_place(void) {
  char text[] = "four words of text";
  struct counted_array a = {3, {1, 2, 3, 4, 5, 6, 7, 8}};
  long n = join(0, 8), s = sum(a.p, n), w = words(text), f = filled(&a, a.p);
  lazy_ref hn = lazy_handle(n), hs = lazy_handle(s), hw = lazy_handle(w), hf = lazy_handle(f);
  clear(a.p, 2);
  text[4] = 0;
  printf("%ld %ld %ld %ld %ld %d %d %d\n", n, s, w, f, a.p[0], hs != NULL, hw != NULL, hf != NULL);
  lazy_release(hn);
  lazy_release(hs);
  lazy_release(hw);
  lazy_release(hf);
}

int main(void) {
  inputs();
  tiles();
  chains();
  in_place();
  return 0;
}
