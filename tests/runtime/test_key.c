/* What the key of a call depends on, and what it does not. */
#include "lowered.h"

#include "key.h"

struct arguments {
  _Alignas(8) char letter; /* behind it, padding */
  double number;
  unsigned char *p, *q;
  long result;
};

static void run(void *unused) { (void)unused; }

static const struct lazy_slot arguments[] = {SLOT(struct arguments, letter), SLOT(struct arguments, number),
                                             SLOT(struct arguments, p), SLOT(struct arguments, q)};
static const struct lazy_slot keyed[] = {SLOT(struct arguments, letter), SLOT(struct arguments, number)};
static const struct lazy_function function = {"f",
                                              run,
                                              arguments,
                                              4,
                                              sizeof(struct arguments),
                                              {offsetof(struct arguments, result), sizeof(long)},
                                              {1, 2},
                                              NULL,
                                              NULL,
                                              0,
                                              NULL,
                                              NULL};
static const struct lazy_cached cached = {.function = &function, .keyed = keyed, .keyed_count = 2, .region_count = 2};

static const uint64_t code[2] = {1, 2}, other_code[2] = {1, 3};
static unsigned char a[64], b[64];

static struct lazy_region reads(const void *p, int64_t size) {
  return (struct lazy_region){p, size, LAZY_READS, 0, 0, NULL};
}

static struct lazy_region writes(const void *p, int64_t size) {
  return (struct lazy_region){p, size, LAZY_WRITES, 0, 0, NULL};
}

static struct lz_key make(const uint64_t of[2], struct arguments in, struct lazy_region first,
                          struct lazy_region second) {
  struct lazy_region regions[] = {first, second};
  struct lz_call call = {&cached, (char *)&in, regions, {0, 0}, NULL};
  struct lz_key key;
  assert_true(lz_key_make(&call, of, &key));
  return key;
}

static bool refuses(struct lazy_region first, struct lazy_region second) {
  struct arguments in = {0};
  struct lazy_region regions[] = {first, second};
  struct lz_call call = {&cached, (char *)&in, regions, {0, 0}, NULL};
  struct lz_key key;
  return !lz_key_make(&call, code, &key);
}

static bool same(struct lz_key x, struct lz_key y) { return x.lo == y.lo && x.hi == y.hi; }

static struct arguments with(char letter, double number) {
  struct arguments in;
  memset(&in, letter, sizeof in); /* garbage between them */
  in.letter = letter;
  in.number = number;
  in.p = a;
  in.q = b;
  return in;
}

static int fill(void **state) {
  (void)state;
  for (unsigned i = 0; i < sizeof a; i++)
    a[i] = b[i] = (unsigned char)(i * 7);
  return 0;
}

static void padding_and_addresses_do_not_count(void **state) {
  (void)state;
  struct arguments x = with('x', 1), y = with('y', 1);
  y.letter = 'x';
  y.p = b;
  assert_true(same(make(code, x, reads(a, 8), reads(b, 8)), make(code, y, reads(b, 8), reads(a, 8))));
}

static void each_bit_of_an_argument_counts(void **state) {
  (void)state;
  struct lz_key zero = make(code, with('x', 0.0), reads(a, 8), reads(b, 8));
  assert_false(same(zero, make(code, with('x', -0.0), reads(a, 8), reads(b, 8))));
  assert_false(same(zero, make(code, with('y', 0.0), reads(a, 8), reads(b, 8))));
  assert_false(same(zero, make(other_code, with('x', 0.0), reads(a, 8), reads(b, 8))));
}

static void what_is_read_counts(void **state) {
  (void)state;
  struct lz_key before = make(code, with('x', 1), reads(a, 64), reads(b, 8));
  a[63]++;
  assert_false(same(before, make(code, with('x', 1), reads(a, 64), reads(b, 8))));
  a[63]--;
  assert_true(same(before, make(code, with('x', 1), reads(a, 64), reads(b, 8))));
  assert_false(same(before, make(code, with('x', 1), reads(a, 63), reads(b, 8))));
  assert_false(
      same(make(code, with('x', 1), reads(a, 0), reads(b, 8)), make(code, with('x', 1), reads(a, 8), reads(b, 0))));
}

static void what_is_only_written_does_not_count(void **state) {
  (void)state;
  struct lz_key before = make(code, with('x', 1), reads(a, 8), writes(b, 8));
  b[0]++;
  assert_true(same(before, make(code, with('x', 1), reads(a, 8), writes(b, 8))));
  assert_false(same(before, make(code, with('x', 1), reads(a, 8), writes(b, 9))));
  assert_false(same(before, make(code, with('x', 1), reads(a, 8), reads(b, 8))));
}

static void gaps_between_rows_do_not_count(void **state) {
  (void)state;
  struct lazy_region rows = {a, 4, LAZY_READS, 3, 10, NULL};
  struct lz_key before = make(code, with('x', 1), rows, reads(b, 8));
  a[5]++;
  assert_true(same(before, make(code, with('x', 1), rows, reads(b, 8))));
  a[21]++;
  assert_false(same(before, make(code, with('x', 1), rows, reads(b, 8))));
}

static void how_regions_overlap_counts_if_one_is_written(void **state) {
  (void)state;
  memset(a, 1, sizeof a);
  struct lz_key apart = make(code, with('x', 1), reads(a, 8), writes(a + 8, 8));
  assert_true(same(apart, make(code, with('x', 1), reads(a, 8), writes(a + 32, 8))));
  assert_false(same(apart, make(code, with('x', 1), reads(a, 8), writes(a + 7, 8))));
  assert_false(same(make(code, with('x', 1), reads(a, 8), writes(a + 6, 8)),
                    make(code, with('x', 1), reads(a, 8), writes(a + 7, 8))));
  assert_true(
      same(make(code, with('x', 1), reads(a, 8), reads(a + 8, 8)), make(code, with('x', 1), reads(a, 8), reads(a, 8))));
}

static void what_cannot_be_kept_is_refused(void **state) {
  (void)state;
  assert_true(refuses(reads(a, -1), reads(b, 8)));
  assert_true(refuses(reads(a, LAZY_EVERYWHERE), reads(b, 8)));
  assert_true(refuses(reads(a, LAZY_NOBODY_KNOWS), reads(b, 8)));
  assert_true(refuses(reads(NULL, 8), reads(b, 8)));
  assert_false(refuses(reads(NULL, 0), reads(b, 8)));
  assert_true(refuses((struct lazy_region){a, 8, LAZY_READS, INT64_MAX, INT64_MAX / 8, NULL}, reads(b, 8)));
}

static void what_is_not_all_there_is_refused(void **state) {
  (void)state;
  struct lazy_region nowhere = {(void *)(uintptr_t)8, 64, LAZY_READS | LAZY_ENCLOSES, 0, 0, NULL};
  assert_true(refuses(nowhere, reads(b, 8)));
  nowhere.p = a;
  assert_false(refuses(nowhere, reads(b, 8)));
}

static void the_bytes_written_are_the_result_and_the_rows(void **state) {
  (void)state;
  struct arguments in = with('x', 1);
  struct lazy_region regions[] = {{a, 4, LAZY_READS | LAZY_WRITES, 3, 10, NULL}, reads(b, 8)};
  struct lz_call call = {&cached, (char *)&in, regions, {0, 0}, NULL};
  assert_int_equal(lz_written_size(&call), sizeof(long) + 12);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(padding_and_addresses_do_not_count, fill),
      cmocka_unit_test_setup(each_bit_of_an_argument_counts, fill),
      cmocka_unit_test_setup(what_is_read_counts, fill),
      cmocka_unit_test_setup(what_is_only_written_does_not_count, fill),
      cmocka_unit_test_setup(gaps_between_rows_do_not_count, fill),
      cmocka_unit_test_setup(how_regions_overlap_counts_if_one_is_written, fill),
      cmocka_unit_test_setup(what_cannot_be_kept_is_refused, fill),
      cmocka_unit_test_setup(what_is_not_all_there_is_refused, fill),
      cmocka_unit_test(the_bytes_written_are_the_result_and_the_rows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
