/* test_changed.c - kept nodes that read memory: who waits for them, and what lazy_changed() makes be computed again. */
#include "calls.h"

SITE(kept, work, KEPT, 4);
SITE(kept_certain, work, KEPT | CERTAIN, 4);

/* As compiled code makes it: reads `in`, and takes `y` from the producer. */
static struct lazy_node *reader_in(struct lazy_site *site, char name, const void *in, long in_size,
                                   struct lazy_node *producer, struct lazy_region *region) {
  struct work work = {in, in_size, NULL, 0, name, 0};
  struct lazy_node *node = __lazy_open(site);
  assert_non_null(node);
  memcpy(payload(node), &work, sizeof work);
  if (producer)
    __lazy_input(node, Y, producer, 0);
  assert_int_equal(__lazy_regions(&scope, node, region, 1), 1);
  __lazy_reads(node, region, 1);
  __lazy_start(node);
  return node;
}

static struct lazy_node *reader(struct lazy_site *site, char name, const void *in, long in_size,
                                struct lazy_node *producer) {
  struct lazy_region region = {in, in_size, LAZY_READS, 0, 0, NULL};
  return reader_in(site, name, in, in_size, producer, &region);
}

static long get(lazy_ref node) {
  long value = -1;
  assert_int_equal(lazy_get(node, &value, sizeof value), LAZY_OK);
  return value;
}

static long expected(long y, const unsigned char *in, long in_size) {
  unsigned long sum = (unsigned long)y;
  for (long i = 0; i < in_size; i++)
    sum = sum * 31 + in[i];
  return (long)sum;
}

static void a_write_waits_for_the_first_run_only(void **state) {
  (void)state;
  struct lazy_node *a = reader(&kept, 'A', bytes, 8, NULL);
  __lazy_touch(&scope, &bytes[8], 8, LAZY_WRITES);
  assert_int_equal(runs, 0);
  __lazy_touch(&scope, &bytes[7], 1, LAZY_WRITES);
  assert_int_equal(runs, 1);
  bytes[7] = 1;
  assert_int_equal(get(a), expected('A', (const unsigned char[8]){0}, 8));
  lazy_changed(&bytes[7], 1);
  assert_int_equal(lazy_done(a), 0);
  __lazy_touch(&scope, &bytes[7], 1, LAZY_WRITES);
  assert_int_equal(runs, 1);
  bytes[7] = 2;
  assert_int_equal(get(a), expected('A', bytes, 8));
  assert_int_equal(runs, 2);
  __lazy_release(a);
}

/* Also where the scope still holds it: who has let it go must make no difference. */
static void what_has_been_undone_is_in_nobodys_way(void **state) {
  (void)state;
  struct lazy_node *a = reader(&kept, 'A', bytes, 8, NULL);
  get(a);
  bytes[0] = 1;
  lazy_changed(bytes, 1);
  assert_int_equal(lazy_done(a), 0);
  __lazy_touch(&scope, bytes, 8, LAZY_WRITES);
  __lazy_settle(&scope);
  assert_int_equal(runs, 1);
  bytes[0] = 2;
  assert_int_equal(get(a), expected('A', bytes, 8));
  __lazy_release(a);
}

static void what_was_computed_from_it_is_computed_again_and_nothing_else(void **state) {
  (void)state;
  struct lazy_node *a = reader(&kept, 'A', &bytes[0], 8, NULL), *b = reader(&kept, 'B', &bytes[8], 8, NULL);
  struct lazy_node *c = reader(&kept, 'C', &bytes[16], 8, a), *d = reader(&kept, 'D', &bytes[24], 8, b);
  struct lazy_node *e = reader(&kept, 'E', &bytes[32], 8, c);
  get(d);
  get(e);
  assert_int_equal(runs, 5);
  const struct {
    long at, size;
    unsigned runs;
    bool b, c;
  } changes[] = {{7, 1, 3, false, true},    {8, 8, 2, true, false}, {20, 1, 2, false, true}, {24, 1, 1, false, false},
                 {40, 24, 0, false, false}, {0, 64, 5, true, true}, {7, 2, 5, true, true},   {0, 0, 0, false, false}};
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    runs = 0;
    for (long k = 0; k < changes[i].size; k++)
      bytes[changes[i].at + k]++;
    lazy_changed(&bytes[changes[i].at], (size_t)changes[i].size);
    assert_int_equal(lazy_done(b), !changes[i].b);
    assert_int_equal(lazy_done(c), !changes[i].c);
    assert_int_equal(runs, 0);
    assert_int_equal(get(d), expected(expected('B', &bytes[8], 8), &bytes[24], 8));
    assert_int_equal(get(e), expected(expected(expected('A', &bytes[0], 8), &bytes[16], 8), &bytes[32], 8));
    assert_int_equal(runs, changes[i].runs);
  }
  long value = 5;
  assert_int_equal(lazy_set(a, &value, sizeof value), LAZY_OK);
  assert_int_equal(get(e), expected(expected(5, &bytes[16], 8), &bytes[32], 8));
  lazy_changed(&bytes[0], 1);
  assert_int_equal(get(e), expected(expected(expected('A', &bytes[0], 8), &bytes[16], 8), &bytes[32], 8));
  __lazy_release(a);
  __lazy_release(b);
  __lazy_release(c);
  __lazy_release(d);
  __lazy_release(e);
}

static void what_lies_between_rows_is_of_no_concern(void **state) {
  (void)state;
  static unsigned char matrix[4][256];
  struct lazy_region tile = {&matrix[0][64], 64, LAZY_READS, 4, 256, NULL};
  struct lazy_region everywhere = {NULL, LAZY_EVERYWHERE, LAZY_READS, 0, 0, NULL};
  struct lazy_node *a = reader_in(&kept, 'A', matrix, 0, NULL, &tile);
  struct lazy_node *b = reader_in(&kept, 'B', matrix, 0, NULL, &everywhere);
  get(a);
  get(b);
  lazy_changed(&matrix[1][128], 192);
  assert_int_equal(lazy_done(a), 1);
  assert_int_equal(lazy_done(b), 0);
  lazy_changed(&matrix[2][127], 1);
  assert_int_equal(lazy_done(a), 0);
  __lazy_release(a);
  __lazy_release(b);
}

static void what_is_not_computed_yet_is_computed_once(void **state) {
  (void)state;
  struct lazy_node *a = reader(&kept, 'A', bytes, 8, NULL), *b = reader(&kept, 'B', bytes, 8, a);
  bytes[0] = 1;
  lazy_changed(bytes, 8);
  assert_int_equal(get(b), expected(expected('A', bytes, 8), bytes, 8));
  assert_int_equal(runs, 2);
  __lazy_release(a);
  __lazy_release(b);
}

static void what_is_released_is_forgotten(void **state) {
  (void)state;
  enum { N = 1000 };
  struct lazy_node *some[N];
  for (int i = 0; i < N; i++)
    some[i] = reader(&kept, 'A', &bytes[i % 64], 1, NULL);
  for (int i = 0; i < N; i += 2)
    __lazy_release(some[i]);
  for (int i = 1; i < N; i += 2)
    get(some[i]);
  runs = 0;
  lazy_changed(&bytes[1], 1);
  for (int i = N - 1; i > 0; i -= 2) {
    get(some[i]);
    __lazy_release(some[i]);
  }
  assert_int_equal(runs, N / 64 + 1);
  __lazy_settle(&scope);
  lazy_changed(bytes, 64);
}

/* What a kept node writes could not be undone. */
static void what_writes_runs_in_place(void **state) {
  (void)state;
  struct lazy_node *a = reader(&kept, 'A', bytes, 8, NULL);
  assert_null(call(&kept, 'B', NULL, 0, bytes, 8));
  assert_string_equal(ran, "AB");
  __lazy_release(a);
}

/* --- threads --- */

enum { WIDTH = 32, ROUNDS = SANITIZED ? 5 : 50, ASKING = 3 };
static struct lazy_node *roots[WIDTH];
static long answers[ASKING];

static void *ask(void *answer) {
  unsigned long sum = 0;
  for (int i = 0; i < WIDTH; i++)
    sum = sum * 31 + (unsigned long)get(roots[i]);
  *(long *)answer = (long)sum;
  return NULL;
}

static void ask_all(void) {
  unsigned long sum = 0;
  pthread_t threads[ASKING];
  for (int t = 0; t < ASKING; t++)
    assert_int_equal(pthread_create(&threads[t], NULL, ask, &answers[t]), 0);
  for (int i = 0; i < WIDTH; i++)
    sum = sum * 31 + (unsigned long)expected(expected(i, &bytes[i], 8), &bytes[WIDTH - i], 8);
  for (int t = 0; t < ASKING; t++) {
    pthread_join(threads[t], NULL);
    assert_int_equal(answers[t], (long)sum);
  }
}

static void change_and_ask(struct lazy_site *site) {
  struct lazy_node *leaves[WIDTH];
  for (int i = 0; i < WIDTH; i++) {
    leaves[i] = reader(site, (char)i, &bytes[i], 8, NULL);
    roots[i] = reader(site, 0, &bytes[WIDTH - i], 8, leaves[i]);
  }
  __lazy_settle(&scope);
  for (int round = 0; round < ROUNDS; round++) {
    ask_all();
    bytes[round * 7 % 64]++;
    lazy_changed(&bytes[round * 7 % 64], 1);
  }
  ask_all();
  for (int i = 0; i < WIDTH; i++) {
    __lazy_release(leaves[i]);
    __lazy_release(roots[i]);
  }
}

static void many_threads_ask_for_what_has_changed(void **state) {
  (void)state;
  lazy_set_threads(3);
  change_and_ask(&kept);
  change_and_ask(&kept_certain);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_write_waits_for_the_first_run_only),
      TEST(what_has_been_undone_is_in_nobodys_way),
      TEST(what_was_computed_from_it_is_computed_again_and_nothing_else),
      TEST(what_lies_between_rows_is_of_no_concern),
      TEST(what_is_not_computed_yet_is_computed_once),
      TEST(what_is_released_is_forgotten),
      TEST(what_writes_runs_in_place),
      TEST(many_threads_ask_for_what_has_changed),
  };
  setenv("LAZY", "defer", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
