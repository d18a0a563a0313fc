/* Keeps the folder of the cache open until it is told to end; and uses it once more before. */
#include <lazy/lazy.h>
#include <stdio.h>

LAZY LAZY_CACHED static int square(int x) { return x * x; }

int main(void) {
  printf("%d\n", square(100));
  fflush(stdout);
  getchar();
  printf("%d\n", square(101));
  return 0;
}
