// Results that malloc() has given: what is in that memory is kept, and each caller has some of its own.
// RUN: %lazy_equiv %s
// RUN: %clang_lazy -O1 %s -o %t -L%liblazy_dir -llazy -Wl,-rpath,%liblazy_dir
// RUN: rm -rf %t.kept && env LAZY_CACHE=%t.kept %t && env LAZY_CACHE=%t.kept LAZY_STATS=1 %t 2>&1 | %FileCheck %s
// CHECK-DAG: lazy: ramp: {{[0-9]+}} calls, {{[1-9][0-9]*}} found, 0 computed
// CHECK-DAG: lazy: join: {{[0-9]+}} calls, {{[1-9][0-9]*}} found, 0 computed
// CHECK-DAG: lazy: maybe: {{[0-9]+}} calls, {{[1-9][0-9]*}} found, 0 computed
// CHECK-NOT: lazy: inner:
// CHECK-NOT: lazy: list:
// CHECK-NOT: lazy: aligned:
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

LAZY LAZY_CACHED static int *ramp(int n, int by) {
  int *p = malloc((size_t)n * sizeof *p);
  for (int i = 0; i < n && p; i++)
    p[i] = i * by;
  return p;
}

LAZY LAZY_CACHED static double *smooth(LAZY_IN(n) const int *from, int n) {
  double *p = calloc((size_t)n, sizeof *p);
  if (!p)
    return NULL;
  for (int i = 1; i < n - 1; i++)
    p[i] = (from[i - 1] + from[i] + from[i + 1]) / 3.0;
  return p;
}

LAZY LAZY_CACHED static char *join(LAZY_STR const char *a, LAZY_STR const char *b, LAZY_OUT(1) size_t *length) {
  *length = strlen(a) + strlen(b);
  char *p = malloc(*length + 1);
  if (p) {
    memcpy(p, a, strlen(a));
    memcpy(p + strlen(a), b, strlen(b) + 1);
  }
  return p;
}

/* NULL is a result, too. */
LAZY LAZY_CACHED static char *maybe(int n) {
  char *p = n % 2 ? malloc(16) : NULL;
  for (int i = 0; p && i < 16; i++)
    p[i] = i < 15 ? (char)('a' + (n + i) % 26) : 0;
  return p;
}

/* None of these can be kept: not where the memory begins, memory that holds addresses, memory of another kind. */
LAZY LAZY_CACHED static int *inner(int n) {
  int *p = malloc(((size_t)n + 1) * sizeof *p);
  if (!p)
    return NULL;
  p[0] = n;
  for (int i = 1; i <= n; i++)
    p[i] = n - i;
  return p + 1;
}
struct link {
  struct link *next;
  int n;
};
LAZY LAZY_CACHED static struct link *list(int n) {
  struct link *first = malloc(sizeof *first);
  if (first) {
    first->n = n;
    if ((first->next = malloc(sizeof *first))) {
      first->next->n = n + 1;
      first->next->next = NULL;
    }
  }
  return first;
}
LAZY LAZY_CACHED static char *aligned(int n) {
  char *p = aligned_alloc(64, 64);
  if (p)
    memset(p, n, 64);
  return p;
}

int main(void) {
  long sum = 0;
  for (int round = 0; round < 3; round++)
    for (int n = 1; n < 200; n += 33) {
      int *a = ramp(n, 3), *b = ramp(n, 3), *first = inner(n);
      double *c = smooth(a, n);
      size_t length = 0;
      char *text = join("number", "s and letters", &length), *even = maybe(n + round), *block = aligned(n);
      struct link *l = list(n);
      if (!a || !b || !c || !text || !first || !block || !l || !l->next)
        return 1;
      a[0] = round; /* is nobody else's */
      printf("%d %d %d %g %s %zu %s %d %d %d %d\n", a[0], b[0], b[n - 1], c[n / 2], text, length, even ? even : "none",
             first[0], first[-1], l->next->n, block[63]);
      sum += (long)((uintptr_t)block % 64) + (a == b);
      text[0] = 'N';
      free(a);
      free(b);
      free(c);
      free(text);
      free(even);
      free(first - 1);
      free(block);
      free(l->next);
      free(l);
    }
  printf("%ld\n", sum);
  return 0;
}
