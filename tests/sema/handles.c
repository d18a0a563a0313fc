// Calls that could not be made again run in place where handles are taken; those that only read need not.
// RUN: %clang_lazy -O2 -c -o %t.o -Rpass=lazy -Rpass-missed=lazy %s -Xclang -verify
#include <lazy/lazy.h>

LAZY LAZY_TRUSTED int length(int x);
LAZY LAZY_TRUSTED int sum(LAZY_IN(n) const int *a, int n);
LAZY LAZY_TRUSTED int fill(LAZY_OUT(n) int *a, int n);
LAZY LAZY_TRUSTED int words(LAZY_STR const char *text);

lazy_ref read_only(const int *a) {
  int x = sum(a, 3); // expected-remark {{call of 'sum' is deferred until its value is needed, if ever}}
  return lazy_handle(x);
}

lazy_ref in_loop(const int *a, lazy_ref *to, int n) {
  for (int i = 0; i < n; i++) {
    int x = sum(a, i); // expected-remark {{call of 'sum' is deferred until its value is needed, if ever}}
    to[i] = lazy_handle(x);
  }
  return to[0];
}

lazy_ref again(int *a, const char *text) {
  int x = fill(a, 3); // expected-remark {{call of 'fill' runs in place: it writes memory, and the function it is in takes handles; call it in a function of its own}}
  int y = words(text); // expected-remark {{call of 'words' runs in place: how much memory it reads depends on what is there, and the function it is in takes handles; call it in a function of its own}}
  lazy_release(lazy_handle(x));
  return lazy_handle(y);
}

lazy_ref severed(const int *a) {
  int n = length(3); // expected-remark {{call of 'length' is deferred}}
  // expected-remark-re@+1 {{the value of 'length' at {{.*}}handles.c:31:11 is forced here: it is an argument of a call that runs in place}}
  int x = sum(a, n); // expected-remark {{call of 'sum' runs in place: it needs the value of an argument at once, and the function it is in takes handles; call it in a function of its own}}
  return lazy_handle(x);
}
