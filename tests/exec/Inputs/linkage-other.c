#include <lazy/lazy.h>

int shared_value = 10;
LAZY int elsewhere(int x) { return x * shared_value; }
LAZY __attribute__((const)) int elsewhere_pure(int x) { return x * 5 + 1; }
LAZY static int twice(int x) { return 2 * x; }
int by_pointer(int (*f)(int), int x) {
  int a = twice(x), b = twice(a);
  return f(x) + a + b;
}
