/* A plugin of a program, with lazy functions of its own, also hidden ones and state. */
#include <lazy/lazy.h>

__attribute__((visibility("hidden"))) LAZY int hidden(int x);
LAZY int hidden(int x) {
  unsigned s = (unsigned)x;
  for (int i = 0; i < 2000; i++)
    s = s * 1103515245 + 12345;
  return (int)(s >> 16);
}
LAZY static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int run(int n, int *out) {
  for (int i = 0; i < n; i++)
    out[i] = hidden(i);
  int a = fib(12), b = fib(11);
  return a + b + out[n / 2];
}

/* A chain that may be dropped, pending, at the end. */
int drop(int n, int needed) {
  int a = hidden(n), b = hidden(a), c = hidden(b);
  return needed ? c : n;
}
