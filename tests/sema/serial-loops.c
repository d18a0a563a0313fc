// Why a loop waits for its lazy calls in each iteration: what may meet, where, and what would help; once for each cause.
// RUN: %clang_lazy -O2 -c -o %t.o -Rpass-missed=lazy %s -Xclang -verify
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

LAZY static void fill(LAZY_OUT(n) char *to, int n) {
  for (int i = 0; i < n; i++)
    to[i] = (char)n;
}
LAZY static int digest(LAZY_IN(n) const char *a, int n) { return a[n - 1]; }
LAZY static int pick(int n) { return n * 3 + 1; }
void unknown(int);
static volatile int shared;

void calls(char *to, int n) {
  for (int i = 0; i < n; i++) {
    fill(to + i * n, n);
    fill(to + i * n + 1, n - 2);
    unknown(1); // expected-remark-re {{each iteration waits here for what 'fill' at {{.*}}serial-loops.c:18:5 writes through parameter 1: this call of 'unknown' may touch it, or not return; call it before or after the loop}}
    unknown(2);
    fill(to, i);
    fflush(stdout); // expected-remark-re {{each iteration waits here for what 'fill' at {{.*}}serial-loops.c:18:5 writes through parameter 1: this call of 'fflush' may touch it, or not return; call it before or after the loop}}
  }
}

void alone(char *to, int n) {
  for (int i = 0; i < n; i++) {
    fill(to + i * n, n); // expected-remark-re {{call of 'fill' runs in place: what it writes is needed at once, for this call of 'unknown' at {{.*}}serial-loops.c:30:5 may touch it, or not return; call it before or after the loop}}
    unknown(i);
  }
}

void no_loop(char *to, int n) {
  fill(to, n); // expected-remark {{call of 'fill' runs in place: what it writes is needed at once, and nothing else could run meanwhile}}
  unknown(n);
}

void text(char *to, const char *name, int n) {
  for (int i = 0; i < n; i++) {
    fill(to + i * n, n);
    fill(to + i * n + 1, n - 2);
    strtol(name, NULL, 10); // expected-remark-re {{each iteration waits here for what 'fill' at {{.*}}serial-loops.c:41:5 writes through parameter 1: this call of 'strtol' may touch it, for how far it reads or writes is not known; make one of the pointers restrict, or let it work on a local array}}
  }
}

// That helps.
void text_apart(char *restrict to, const char *name, int n) {
  for (int i = 0; i < n; i++) {
    fill(to + i * n, n);
    strtol(name, NULL, 10);
    printf("%d\n", i);
  }
}

void others_look(char *to, int n) {
  for (int i = 0; i < n; i++) {
    fill(to + i * n, n);
    pick(digest(to, n));
    shared = i; // expected-remark-re {{each iteration waits here for what 'fill' at {{.*}}serial-loops.c:58:5 works on: this access is volatile or atomic, so others may look at it now; move it before or after the loop}}
    shared = n;
  }
}

void stores(int *to, int n) {
  for (int i = 0; i < n; i++) {
    to[i] = pick(to[i + 1]);
    unknown(i); // expected-remark-re {{each iteration waits here for what is stored at {{.*}}serial-loops.c:67:11: this call of 'unknown' may touch it, or not return; call it before or after the loop}}
  }
}

// Waits that not every iteration comes by, or that a local's end is the cause of, are nobody's fault.
int now_and_then(char *to, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    char local[50];
    fill(local, 50);
    fill(to + i * n, n);
    if (i == 3)
      unknown(i);
    sum += local[i % 50];
  }
  return sum;
}
