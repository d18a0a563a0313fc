// What becomes a node, what is forced, what never runs; counted by a runtime that defers everything.  No reference is
// lost on any path.
// RUN: %clang_lazy -O0 -w %s %S/Inputs/mock.c -o %t && %t 2>&1 | %FileCheck %s
// RUN: %clang_lazy -O2 -w %s %S/Inputs/mock.c -o %t && %t 2>&1 | %FileCheck %s
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static int f(int x) { return x + 1; }

int main(int argc, char **argv) {
  // three at once, and none is needed before the first printf: three nodes
  int a = f(argc) + f(2) + f(3);
  // two paths of three: a node that is dropped
  int b = f(4);
  if (argc == 77)
    printf("%d\n", b);
  else if (argc == 78)
    printf("not %d\n", b);
  // never looked at: not even a node
  int c = f(5);
  // an edge: two nodes, one force
  int d = f(f(6));
  printf("%d\n", a);
  printf("%d\n", d);
  // ten stores
  int out[10];
  for (int i = 0; i < 10; i++)
    out[i] = f(i);
  printf("%d\n", out[argc]);
  return 0;
}
// (The books are closed before the output is flushed.)
// CHECK: nodes 16  ran 15  forces 14  dropped 1  stores 10  leaked 0
// CHECK-NEXT: 9
// CHECK-NEXT: 8
// CHECK-NEXT: 2
