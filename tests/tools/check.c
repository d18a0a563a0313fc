// LAZY=check: annotations that name less than the function touches, one after the other, in the order of the calls.
// RUN: %lazycc --check -O0 %s %S/Inputs/check-elsewhere.c -o %t
// RUN: env LAZY=check %t > %t.out 2> %t.err
// RUN: %FileCheck %s < %t.err
// RUN: %FileCheck %s --check-prefix=OUTPUT < %t.out
// RUN: %lazycc --check -O2 -g %s %S/Inputs/check-elsewhere.c -o %t
// RUN: env LAZY=check %t 2>&1 > %t.out | %FileCheck %s
// RUN: %FileCheck %s --check-prefix=OUTPUT < %t.out
// RUN: %lazycc --check -O1 -fsanitize=address,undefined %s %S/Inputs/check-elsewhere.c -o %t
// RUN: env LAZY=check ASAN_OPTIONS=detect_stack_use_after_return=1:detect_stack_use_after_scope=0 %t 2>&1 > %t.out \
// RUN:   | %FileCheck %s
// A function that is not compiled for it is told of, a program once.
// RUN: %lazycc -c %S/Inputs/check-elsewhere.c -o %t.o
// RUN: %lazycc --check %s %t.o -o %t
// RUN: env LAZY=check %t 2>&1 > %t.out | %FileCheck %s --check-prefix=UNABLE
// UNABLE: check.c:[[#]]:18: warning: 'elsewhere' is not checked: the file that it is in was not compiled for LAZY=check
// UNABLE-NEXT: {{^}}lazy: LAZY=check: 12 calls checked; 11 places are not as annotated
// RUN: %lazycc %s %S/Inputs/check-elsewhere.c -o %t
// RUN: env LAZY=check %t 2>&1 > %t.out | %FileCheck %s --check-prefix=NONE --implicit-check-not=warning
// NONE: lazy: LAZY=check: {{.*}}check.c was not compiled for it, so its calls run serially and unchecked; compile with lazycc --check, or -fplugin-arg-lazypass-instrument
// NONE-NEXT: lazy: LAZY=check: no call was checked
// RUN: %FileCheck %s --check-prefix=OUTPUT < %t.out
// The same program says nothing, and computes the same, when it is not asked.
// RUN: %lazycc --check -O2 %s %S/Inputs/check-elsewhere.c -o %t
// RUN: env LAZY=serial %t 2>&1 | %FileCheck %s --check-prefix=OUTPUT --implicit-check-not=warning
// RUN: env LAZY=defer %t 2>&1 | %FileCheck %s --check-prefix=SILENT --implicit-check-not=warning
// SILENT: done
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "Inputs/check-elsewhere.h"

// CHECK: {{.*}}check.c:[[@LINE+5]]:10: warning: 'sum' reads 8 bytes from byte 72 of 'a' on, of which its annotations name 72 bytes: 8 too few
// CHECK-NEXT: {{.*}}check.c:{{[0-9]+}}:14: note: 'sum' is called here
LAZY static double sum(LAZY_IN(n - 1) const double *a, long n) {
  double s = 0;
  for (long i = 0; i < n; i++)
    s += a[i];
  return s;
}

// In a helper; once for each place, however often.
// CHECK: {{.*}}check.c:[[@LINE+2]]:{{[0-9]+}}: warning: 'fill' writes 4 bytes in 'put' from byte 32 of 'to' on, of which its annotations name 32 bytes: 4 too few
// CHECK-NEXT: {{.*}}note: 'fill' is called here
static void put(int *p, int i, int value) { p[i] = value; }
LAZY static void fill(LAZY_OUT(n) int *to, int n) {
  for (int i = 0; i < n + 2; i++)
    put(to, i, i);
}

// CHECK-NEXT: {{.*}}check.c:[[@LINE+2]]:{{[0-9]+}}: warning: 'clear' writes 12 bytes from byte 0 of 'a' on, which is annotated as read only
// CHECK-NEXT: {{.*}}note: 'clear' is called here
LAZY static void clear(LAZY_IN(n) int *a, int n) { memset(a, 0, n * sizeof *a); }

// CHECK-NEXT: {{.*}}check.c:[[@LINE+6]]:12: warning: 'smooth' reads 4 bytes from byte 16 of 't' on, of which its annotations name 4 rows of 16 bytes, one every 48
// CHECK-NEXT: {{.*}}note: 'smooth' is called here
LAZY static float smooth(LAZY_IN(4, 4, ld + 4) const float *t, int ld) {
  float s = 0;
  for (int i = 0; i < 4; i++)
    for (int k = 0; k < 4; k++)
      s += t[i * ld / 2 + k];
  return s;
}

// In front.
// CHECK-NEXT: {{.*}}check.c:[[@LINE+2]]:{{[0-9]+}}: warning: 'before' reads 4 bytes from byte -4 of 'a' on, of which its annotations name 32 bytes: they begin 4 too late
// CHECK-NEXT: {{.*}}note: 'before' is called here
LAZY static int before(LAZY_IN(8) const int *a, int i) { return a[i]; }

// Of 4 bytes 2 are named.
// CHECK-NEXT: {{.*}}check.c:[[@LINE+4]]:3: warning: 'partly' reads 4 bytes from byte 6 of 's' on, of which its annotations name 8 bytes: 2 too few
// CHECK-NEXT: {{.*}}note: 'partly' is called here
LAZY static unsigned partly(LAZY_IN(8) const char *s, int at) {
  unsigned v;
  memcpy(&v, s + at, sizeof v);
  return v;
}

// Through memory of its own.
struct cursor {
  const int *at;
};
// CHECK-NEXT: {{.*}}check.c:[[@LINE+7]]:10: warning: 'walk' reads 4 bytes from byte 32 of 'a' on, of which its annotations name 32 bytes: 4 too few
// CHECK-NEXT: {{.*}}note: 'walk' is called here
LAZY static int walk(LAZY_IN(n) const int *a, int n) {
  struct cursor *c = malloc(sizeof *c);
  int s = 0;
  c->at = a;
  for (int i = 0; i <= n; i++)
    s += *c->at++;
  free(c);
  return s;
}

// Text has an end.
// CHECK-NEXT: {{.*}}check.c:[[@LINE+2]]:{{[0-9]+}}: warning: 'behind' reads 1 byte from byte 3 of 's' on, of which its annotations name 3 bytes: 1 too few
// CHECK-NEXT: {{.*}}note: 'behind' is called here
LAZY static int behind(LAZY_STR const char *s) { return s[strlen(s) + 1]; }

// What a copy of text needs.
// CHECK-NEXT: {{.*}}check.c:[[@LINE+2]]:{{[0-9]+}}: warning: 'spell' writes 3 bytes from byte 0 of 'to' on, of which its annotations name 2 bytes: 1 too few
// CHECK-NEXT: {{.*}}note: 'spell' is called here
LAZY static void spell(LAZY_OUT(2) char *to, LAZY_STR const char *s) { strcpy(to, s); }

// Called back by the library.
// CHECK-NEXT: {{.*}}check.c:[[@LINE+2]]:{{[0-9]+}}: warning: 'order' reads 4 bytes in 'value' from byte 28 of 'a' on, of which its annotations name 28 bytes: 4 too few
// CHECK-NEXT: {{.*}}note: 'order' is called here
static int value(const int *p) { return *p; }
static int compare(const void *a, const void *b) { return value(a) < value(b) ? -1 : value(a) > value(b); }
LAZY static void order(LAZY_INOUT(n - 1) int *a, int n) { qsort(a, n, sizeof *a, compare); }

// Numbers among the arguments of printf are no text, and text is.
// CHECK-NEXT: {{.*}}check.c:[[@LINE+3]]:{{[0-9]+}}: warning: 'label' reads 11 bytes from byte 0 of 'name' on, of which its annotations name 3 bytes: 8 too few
// CHECK-NEXT: {{.*}}note: 'label' is called here
LAZY static void label(LAZY_OUT(16) char *to, LAZY_IN(3) const char *name, int k, double x) {
  snprintf(to, 16, "%s%d %g", name, k, x);
}

int main(void) {
  int a[10] = {0}, table[8][8] = {{0}}, found = 0;
  double d[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  char text[8] = "ab\0c", letters[] = "abcdefghij";
  double s = sum(d, 10);
  fill(a, 8);
  fill(a, 8);
  clear(a, 3);
  found += smooth((float *)table, 8) > 0;
  found += before(&a[1], -1);
  unsigned v = partly(letters, 6);
  found += walk(a, 8);
  found += behind(text);
  spell(text + 5, "xy");
  order(a, 8);
  char labels[16];
  label(labels, letters, 5, 0.5);
  printf("%g %d %d %c %s %s\n", s, a[9], found, (char)v, text + 5, labels);
  printf("%d\n", elsewhere(a, 8));
  puts("done");
  fflush(stdout);
}
// CHECK-NEXT: lazy: LAZY=check: 13 calls checked; 11 places are not as annotated
// OUTPUT: 55 9 132 g xy abcdefghij5 0
// OUTPUT-NEXT: 8
// OUTPUT-NEXT: done
