/* Everything that <lazy/lazy.h> has to offer, in words that C89 and C++98 know as well; prints 7. */
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static int twice(int x);
LAZY static int twice(int x) { return 2 * x; }

int main(void) {
  const int x = twice(3);
  int y = twice(2), copy = 0, errors = 0;
  lazy_ref node = lazy_handle(y);
  if (node) {
    lazy_ref second = lazy_retain(node);
    errors += lazy_set_executor(node, NULL, NULL) != LAZY_OK && !lazy_done(node);
    errors += lazy_get(node, &copy, sizeof copy) != LAZY_OK || copy != 4;
    errors += lazy_set(node, &copy, sizeof copy) != LAZY_OK;
    errors += lazy_run(node) != LAZY_EBUSY;
    lazy_changed(&copy, sizeof copy);
    errors += !lazy_done(node);
    errors += lazy_function_name(node)[0] != 't' || !lazy_source_file(node)[0] || !lazy_source_line(node);
    lazy_release(second);
  }
  lazy_release(node);
  lazy_wait();
  errors += lazy_threads() < 1 || lazy_set_threads(1) != LAZY_OK;
  errors += !lazy_version()[0] || !lazy_strerror(LAZY_OK)[0] || !lazy_strerror(LAZY_EINVAL)[0];
  printf("%d\n", x + y / 4 + errors);
  return errors;
}
