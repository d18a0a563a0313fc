// Whose results can be kept, and why those of others cannot.
// RUN: %clang_lazy -O0 -c -o %t.o %s -Rpass-missed=lazy -Xclang -verify
// RUN: %clang -I%include -Wall -Wextra -Werror -c -o %t.o %s
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int table[64];
LAZY int out_of_sight(int x);
int elsewhere(const int *p);

LAZY LAZY_CACHED int number(int x) { return x * x + table[x & 63]; }
LAZY LAZY_CACHED void half(LAZY_OUT(n) int *to, LAZY_IN(n) const int *from, int n) {
  for (int i = 0; i < n; i++)
    to[i] = from[i] / 2;
}
LAZY LAZY_CACHED size_t length(LAZY_STR const char *s) { return strlen(s); }
// expected-remark@+1{{results of 'distance' cannot be kept: it turns an address into a number}}
LAZY LAZY_CACHED size_t distance(LAZY_STR const char *s) { return (size_t)(strchr(s, 0) - s); }

// expected-remark@+1{{results of 'place' cannot be kept: it returns an address}}
LAZY LAZY_CACHED const char *place(LAZY_STR const char *s) { return strchr(s, 'x'); }
// expected-remark@+1{{results of 'address' cannot be kept: it turns an address into a number}}
LAZY LAZY_CACHED unsigned address(LAZY_IN(1) const int *p) { return (unsigned)((uintptr_t)p >> 4) + (unsigned)*p; }
// expected-remark@+1{{results of 'order' cannot be kept: it compares the addresses of two objects}}
LAZY LAZY_CACHED int order(LAZY_IN(1) const int *a, LAZY_IN(1) const int *b) { return a < b ? *a : *b; }
// expected-remark@+1{{results of 'link' cannot be kept: it stores an address where others see it}}
LAZY LAZY_CACHED void link(LAZY_OUT(1) void **to, LAZY_OPAQUE void *what) { *to = what; }
// expected-remark@+1{{results of 'text' cannot be kept: it reads memory that has no name}}
LAZY LAZY_CACHED void text(LAZY_OUT(32) char *to, LAZY_IN(1) const int *p) { snprintf(to, 32, "%p", (const void *)p); }
// expected-remark@+1{{results of 'same' cannot be kept: what parameter 1 points to is not looked at, so it is an address}}
LAZY LAZY_CACHED int same(LAZY_OPAQUE const void *p, int x) { return p ? x : 0; }
// expected-remark@+1{{results of 'elsewhere_too' cannot be kept: parameter 1 is used at 36:63 in a way that does not show how much memory it}}
LAZY LAZY_CACHED int elsewhere_too(const char *name) { return getenv(name) != NULL; }
