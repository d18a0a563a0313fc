/* Calls the runtime itself, so it links only if liblazy is there; prints its version. */
#include <lazy/lazy.h>
#include <stdio.h>

int main(void) {
  puts(lazy_version());
  return 7;
}
