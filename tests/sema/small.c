// A call that costs less than deferring it runs in place; where the cost cannot be told, or handles are taken, it does
// not.
// RUN: %clang -fplugin=%lazypass -I%include -O2 -c -o %t.o -Rpass=lazy -Rpass-missed=lazy %s -Xclang -verify -Xclang -verify-ignore-unexpected=note
// RUN: %clang -fplugin=%lazypass -I%include -O0 -c -o %t.o -Rpass=lazy -Rpass-missed=lazy %s -Xclang -verify -Xclang -verify-ignore-unexpected=note
#include <lazy/lazy.h>

static int helper(int x) { return x * x + 1; }
LAZY static int small(int x) { return x > 3 ? helper(x) : -x; }
LAZY static int loops(int x) {
  int s = 0;
  while (x > 0)
    s += x--;
  return s;
}
LAZY static int recursive(int x) {
  return x < 2 ? x : recursive(x - 1) + recursive(x - 2); // expected-remark {{call of 'recursive' is deferred}} expected-remark {{is forced here}} expected-remark {{call of 'recursive' runs in place: its value is needed at once}}
}
LAZY int unseen(int);

int main(int argc, char **argv) {
  int a = small(argc);     // expected-remark {{call of 'small' runs in place: it costs less than deferring it}}
  int b = loops(argc);     // expected-remark {{call of 'loops' is deferred}}
  int c = recursive(argc); // expected-remark {{call of 'recursive' is deferred}}
  int d = unseen(argc);    // expected-remark {{call of 'unseen' is deferred}}
  int e = loops(argc + 1); // expected-remark {{call of 'loops' runs in place: its value is needed at once}}
  return a + b + c + d + e; // expected-remark 3 {{is forced here}}
}

int handled(int x) {
  int a = small(x); // expected-remark {{call of 'small' is deferred}}
  lazy_ref node = lazy_handle(a);
  int done = lazy_done(node);
  lazy_release(node);
  return done + a; // expected-remark {{is forced here}}
}
