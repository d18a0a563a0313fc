// What a lazy function out of sight says it writes is written by those that call it.
// RUN: %clang_lazy -O1 -c -o %t.o -Rpass-missed=lazy %s -ferror-limit=0 -Xclang -verify -Xclang -verify-ignore-unexpected=remark
#include <lazy/lazy.h>

LAZY void put(LAZY_OUT(n) int *to, int n);
LAZY int get(LAZY_IN(n) const int *from, int n);
static int table[8];

LAZY static int writes_global(int x) {
  put(table, 8); // expected-error {{lazy function 'writes_global' writes 'table', which others see}}
  return table[x % 8];
}
LAZY static int writes_input(LAZY_IN(n) int *a, int n) { // expected-warning {{lazy function 'writes_input' runs in place: parameter 1 is said to be read only, but is written through}}
  put(a, n);
  return a[0];
}
LAZY static int reads(LAZY_IN(n) int *a, int n) {
  int own[8];
  put(own, 8);
  return get(a, n) + get(table, 8) + own[0];
}

int call(int *a, int *b) {
  int x = writes_input(a, 4), y = reads(b, 4); // expected-remark {{parameter 1 is said to be read only, but is written through}}
  return x + y + reads(a, 2) + writes_global(3); // expected-remark {{writes 'table'}}
}

// A call that writes nothing and returns nothing.
LAZY void look(LAZY_IN(n) const int *from, int n);
void call_for_nothing(const int *a) { look(a, 3); }
