// Caches that the program opens itself.
// RUN: %clang_lazy -O1 -DFOLDER='"%t.kept"' %s -o %t -L%liblazy_dir -llazy -Wl,-rpath,%liblazy_dir
// RUN: rm -rf %t.kept && %t 2>&1 | %FileCheck %s
// Without the plugin there is none.
// RUN: %clang -O1 -DFOLDER='"%t.kept"' -I%include %s -o %t.plain && %t.plain | %FileCheck --check-prefix=PLAIN %s
// PLAIN: there is none
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int found, computed;
LAZY LAZY_CACHED static int square(int x) { return x * x; }

static void watch(const struct lazy_cache_event *event, void *data) {
  *(event->what == LAZY_CACHE_FOUND ? &found : &computed) += 1;
  if (event->what == LAZY_CACHE_COMPUTED && !strcmp(data, "tell"))
    printf("%s: %s\n", event->function, event->why);
}

/* Calls of it take effect at once. */
static void calls(const char *what) {
  int sum = 0;
  found = computed = 0;
  for (int i = 0; i < 3; i++)
    sum += square(i);
  for (int i = 0; i < 3; i++)
    sum += square(i);
  if (sum != 10)
    abort();
  printf("%s: %d found, %d computed\n", what, found, computed);
}

int main(void) {
  lazy_cache_options options = {.size = sizeof options, .path = FOLDER, .watch = watch, .watch_data = "tell"};
  setvbuf(stdout, NULL, _IONBF, 0);
  calls("off"); // CHECK: off: 0 found, 0 computed
  if (lazy_cache_open(&options) == LAZY_ECACHE) {
    printf("there is none\n");
    return 0;
  }
  // CHECK: square: it has never been called
  // CHECK: square: its argument 1 has changed
  calls("folder");                                           // CHECK: folder: 3 found, 3 computed
  printf("%s\n", lazy_strerror(lazy_cache_open(&options)));  // CHECK: there is a cache already
  printf("%d %d\n", lazy_cache_flush(), lazy_cache_close()); // CHECK: 0 0
  calls("closed");                                           // CHECK: closed: 0 found, 0 computed

  options.watch_data = "";
  options.flags = LAZY_CACHE_READ_ONLY;
  printf("%d\n", lazy_cache_open(&options)); // CHECK: 0
  calls("again");                            // CHECK: again: 6 found, 0 computed
  printf("%d\n", lazy_cache_close());        // CHECK: 0

  options.flags = 0;
  options.space = "another";
  printf("%d\n", lazy_cache_open(&options)); // CHECK: 0
  calls("another space");                    // CHECK: another space: 3 found, 3 computed
  printf("%d\n", lazy_cache_close());        // CHECK: 0

  options.space = NULL;
  options.flags = LAZY_CACHE_WRITE_ONLY;
  printf("%d\n", lazy_cache_open(&options)); // CHECK: 0
  calls("write only");                       // CHECK: write only: 0 found, 6 computed
  printf("%d\n", lazy_cache_close());        // CHECK: 0

  options.flags = LAZY_CACHE_SHA256;
  printf("%d\n", lazy_cache_open(&options)); // CHECK: 0
  calls("SHA-256");                          // CHECK: SHA-256: 3 found, 3 computed
  printf("%d\n", lazy_cache_close());        // CHECK: 0

  options.flags = LAZY_CACHE_READ_ONLY | LAZY_CACHE_WRITE_ONLY;
  printf("%s\n", lazy_strerror(lazy_cache_open(&options))); // CHECK: outside its range
  options.flags = 0;
  options.path = "/proc/none";
  printf("%s\n", lazy_strerror(lazy_cache_open(&options)));
  // CHECK: lazy: the cache in '/proc/none' cannot be made
  // CHECK: the cache cannot be used
  printf("%d\n", lazy_cache_open(NULL)); // CHECK: 0
  calls("memory");                       // CHECK: memory: 0 found, 0 computed
  return 0;
}
