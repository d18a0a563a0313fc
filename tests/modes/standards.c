/* Every standard of C from C89 on, and every warning there is: none is about lazypass.
   RUN: %clang_lazy -O1 -std=c89 -pedantic -Weverything -Werror -c %s -o %t.o
   RUN: %lazy_equiv --fast --level="-std=c89" --level="-std=gnu89" --level="-std=c99" --level="-std=c11" \
   RUN:   --level="-std=c17" --level="-std=c23" %s
 */
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static int square(int x);

static int square(int x) { return x * x; }

int main(void) {
  int a = square(3);
  int b = square(4);
  printf("%d\n", a + b);
  return 0;
}
