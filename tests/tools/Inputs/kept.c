/* Three functions with results to keep. */
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

LAZY LAZY_CACHED static int square(int x) { return x * x; }
LAZY LAZY_CACHED static int cube(int x) { return x * x * x; }
LAZY LAZY_CACHED static void fill(LAZY_OUT(n) unsigned char *to, int n, int first) {
  for (int i = 0; i < n; i++)
    to[i] = (unsigned char)(first + i);
}

int main(int argc, char **argv) {
  static unsigned char bytes[5000];
  int count = argc > 1 ? atoi(argv[1]) : 3, sum = 0;
  for (int i = 0; i < count; i++) {
    fill(bytes, 5000, i);
    sum += square(i) + cube(i) + bytes[4999];
  }
  printf("%d\n", sum);
  return 0;
}
