/* test_library.c - what the C library alone can say of memory and streams. */
#include "calls.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static void what_is_freed_is_waited_for(void **state) {
  (void)state;
  unsigned char *p = calloc(1, 32), *q = calloc(1, 32);
  writes('A', p + 24, 8);
  writes('B', q, 32);
  writes('C', p + 8, 1);
  struct lazy_node *d = call(&roomy, 'D', p, 1, NULL, 0);
  __lazy_touch_allocation(&scope, p);
  assert_int_equal(strlen(ran), 3);
  assert_null(strchr(ran, 'B'));
  free(p);
  __lazy_touch_allocation(&scope, q);
  free(q);
  assert_true(nothing_is_pending());
  __lazy_release(d);
}

static void nothing_is_freed_where_nothing_is(void **state) {
  (void)state;
  writes('A', bytes, 8);
  __lazy_touch_allocation(&scope, NULL);
  assert_string_equal(ran, "");
}

static _Alignas(64) char text[256];

/* A call that writes letters, and maybe the end of the text. */
struct letters {
  char *to;
  long size, end;
};
static const struct lazy_slot letters_slots[] = {SLOT(struct letters, to), SLOT(struct letters, size),
                                                 SLOT(struct letters, end)};
static void letters_run(void *p) {
  struct letters *x = p;
  memset(x->to, 'x', (size_t)x->size);
  if (x->end)
    x->to[x->size - 1] = '\0';
  runs++;
}
static const struct lazy_function letters_function = {
    "letters", letters_run, letters_slots, 3, sizeof(struct letters), {0, 0}, {0, 0}, NULL, NULL, 0, NULL, NULL};
SITE(spelled, letters, CERTAIN, 8);

static void spell(long from, long size, bool end) {
  struct lazy_region region = {text + from, size, LAZY_WRITES, 0, 0, NULL};
  struct lazy_node *node = __lazy_open(&spelled);
  *(struct letters *)payload(node) = (struct letters){text + from, size, end};
  assert_true(__lazy_regions(&scope, node, &region, 1));
  __lazy_start(node);
  __lazy_release(node);
}

static void text_is_waited_for_up_to_its_end(void **state) {
  (void)state;
  memset(text, 0, sizeof text);
  spell(0, 70, false);
  spell(70, 70, true);
  spell(200, 20, true);
  __lazy_touch_text(&scope, text + 30);
  assert_int_equal(runs, 2);
  assert_int_equal(strlen(text), 139);
  __lazy_touch_text(&scope, text + 139); /* no letters */
  __lazy_touch_text(&scope, text + 230); /* behind all */
  __lazy_touch_text(&scope, NULL);
  assert_int_equal(runs, 2);
}

static void text_may_begin_before_what_is_pending(void **state) {
  (void)state;
  memset(text, 'a', sizeof text);
  text[100] = text[255] = '\0';
  spell(180, 20, true);
  __lazy_touch_text(&scope, text);
  assert_int_equal(runs, 0);
  text[100] = 'a';
  __lazy_touch_text(&scope, text);
  assert_int_equal(runs, 1);
  assert_int_equal(strlen(text), 199);
}

static void files_settle_nothing(void **state) {
  (void)state;
  FILE *file = tmpfile();
  writes('A', bytes, 8);
  errno = 77;
  __lazy_use_stream(&scope, file);
  __lazy_use_stream(&scope, NULL);
  assert_string_equal(ran, "");
  assert_int_equal(errno, 77);
  fclose(file);
}

static void streams_into_memory_settle(void **state) {
  (void)state;
  char memory[8];
  FILE *file = fmemopen(memory, sizeof memory, "w");
  writes('A', bytes, 8);
  errno = 77;
  __lazy_use_stream(&scope, file);
  assert_string_equal(ran, "A");
  assert_int_equal(errno, 77);
  assert_true(nothing_is_pending());
  fclose(file);
}

static void so_do_standard_streams_that_were_replaced(void **state) {
  (void)state;
  char memory[8];
  FILE *file = fmemopen(memory, sizeof memory, "w"), *before = stdin;
  writes('A', bytes, 8);
  stdin = file;
  __lazy_use_stream(&scope, NULL);
  stdin = before;
  assert_string_equal(ran, "A");
  fclose(file);
}

static void *use_stream(void *unused) {
  writes('A', bytes, 8);
  __lazy_use_stream(&scope, stdout);
  return unused;
}

static void threads_that_may_be_cancelled_settle(void **state) {
  (void)state;
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, use_stream, NULL), 0);
  pthread_join(thread, NULL);
  assert_string_equal(ran, "A");
  assert_true(nothing_is_pending());
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_is_freed_is_waited_for),
      TEST(nothing_is_freed_where_nothing_is),
      TEST(text_is_waited_for_up_to_its_end),
      TEST(text_may_begin_before_what_is_pending),
      TEST(files_settle_nothing),
      TEST(streams_into_memory_settle),
      TEST(so_do_standard_streams_that_were_replaced),
      TEST(threads_that_may_be_cancelled_settle),
  };
  setenv("LAZY", "defer", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
