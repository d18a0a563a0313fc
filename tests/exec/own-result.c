// A large struct that a lazy function returns is put together where the result goes; what it points to is the function's own.
// RUN: %lazy_equiv %s
// RUN: %clang_lazy -O1 -c -o %t.o %s 2>&1 | count 0
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

struct entry {
  unsigned char key;
  long count;
};
struct table {
  struct entry *entries;
  long used, size;
};

static void add(struct table *t, unsigned char key) {
  struct entry *e = &t->entries[key];
  t->used += e->count == 0;
  e->key = key;
  e->count++;
}

LAZY static struct table count(const unsigned char *text, long n) {
  struct table t = {calloc(256, sizeof(struct entry)), 0, 256};
  for (long i = 0; i < n; i++)
    add(&t, text[i]);
  return t;
}

int main(void) {
  enum { N = 4000, PARTS = 8 };
  static unsigned char text[N];
  for (int i = 0; i < N; i++)
    text[i] = (unsigned char)(i * i % 201);
  struct table part[PARTS];
  for (int i = 0; i < PARTS; i++)
    part[i] = count(text + i * (N / PARTS), N / PARTS);
  long total = 0;
  for (int i = 0; i < PARTS; i++) {
    for (long k = 0; k < part[i].size; k++)
      total = total * 3 % 1000003 + part[i].entries[k].count * part[i].entries[k].key;
    printf("%ld %ld\n", part[i].used, total);
    free(part[i].entries);
  }
}
