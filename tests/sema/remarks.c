// Every deferral, every forced value with its reason and every refusal with the way out, at the exact place and
// without -g.
// RUN: %clang_lazy -O2 -c -o %t.o -Rpass=lazy -Rpass-missed=lazy %s -Xclang -verify -Xclang -verify-ignore-unexpected=note
#include <lazy/lazy.h>
int printf(const char *, ...);

LAZY static int f(int x) { return x + 1; }
LAZY static int by_pointer(int *p) { while (*p > 9) p++; return *p; }
static int counter;
LAZY static int count(int x) { return x + counter++; } // expected-error {{lazy function 'count' writes 'counter'}}
LAZY static void nothing(int x) { (void)x; }
LAZY static int variadic(int x, ...) { return x; }
LAZY int elsewhere(int);
void unknown(int);

int needed(int a, int b) {
  int x = f(a); // expected-remark {{call of 'f' is deferred, and may start at once: its value is needed on every path}}
  int y = f(b); // expected-remark {{call of 'f' runs in place: its value is needed at once, and nothing else could run meanwhile}}
  return x + y; // expected-remark-re {{the value of 'f' at {{.*}}remarks.c:17:11 is forced here: it is an operand of arithmetic}}
}

int perhaps(int a) {
  int x = f(a); // expected-remark {{call of 'f' is deferred until its value is needed, if ever}}
  if (a > 3)
    unknown(x); // expected-remark-re {{the value of 'f' at {{.*}} is forced here: it is an argument of a call that is not lazy}}
  else if (a > 2)
    return x;
  return a;
} // expected-remark-re {{the value of 'f' at {{.*}}remarks.c:23:11 is forced here: it is returned}}

int there(int a) {
  int x = f(a); // expected-remark {{call of 'f' is made on the path that needs its value, not before}} expected-remark {{call of 'f' runs in place}}
  if (a > 3)
    unknown(x);
  return a;
}

int never(int a) {
  f(a); // expected-remark {{call of 'f' never runs: nobody looks at its value}}
  return a;
}

void stored(int *out, int n) {
  for (int i = 0; i < n; i++)
    out[i] = f(i); // expected-remark {{call of 'f' runs in parallel with those of other iterations: none touches what another one writes}}
}

void stored_between(int *out, int n) {
  for (int i = 0; i < n; i++)
    out[i] = f(out[i + 1]); // expected-remark {{call of 'f' is deferred}} expected-remark {{the store is deferred with the call whose value it stores}}
}

int serial(int a) {
  int s = by_pointer(&a); // expected-remark {{call of 'by_pointer' runs in place: parameter 1 is used at 8:65 in a way that does not show how much memory it points to; say LAZY_IN(count) or LAZY_OUT(count)}}
  s += count(a);          // expected-remark {{call of 'count' runs in place: it writes 'counter', which others see; return the value instead}}
  nothing(a);             // expected-remark {{call of 'nothing' runs in place: it returns nothing}}
  return s + variadic(a, 1, 2); // expected-remark {{call of 'variadic' runs in place: it is variadic; give it fixed parameters}}
}

int clobbered(int a) {
  int x = elsewhere(a); // expected-remark {{call of 'elsewhere' runs in place: its value is needed at once}}
  unknown(a);
  return x;
}
