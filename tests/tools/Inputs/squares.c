/* A program with two lazy calls; prints 25. */
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static int square(int x) { return x * x; }

int main(void) {
  int a = square(3), b = square(4);
  printf("%d\n", a + b);
  return 0;
}
