/* test_batch.c - records: all of them run, once each, on any number of threads, one batch within the other. */
#include "lowered.h"

struct record {
  long a;
  unsigned long result;
  unsigned rounds;
};

static unsigned long sum_in_batches(struct lazy_batch *batch, long from, long n, unsigned rounds);

SITE(here, mix, CERTAIN, 0);
SITE(there, mix, CERTAIN, 0);

static struct record *record_at(void *records, uint64_t number) {
  return (struct record *)((char *)records + LAZY_RECORDS) + number;
}

static void run(void *records, uint64_t first, uint64_t end) {
  for (struct record *r = record_at(records, first); r != record_at(records, end); r++) {
    spin(r->rounds);
    r->result += (unsigned long)mix(r->a, 1); /* not 0 any more: run twice */
  }
}
static struct lazy_batch flat = {&here, run, sizeof(struct record), 0, 0, 0};
static struct lazy_batch leaf = {&here, run, sizeof(struct record), 0, 0, 0};

static void run_nested(void *records, uint64_t first, uint64_t end) {
  for (struct record *r = record_at(records, first); r != record_at(records, end); r++) {
    r->result += sum_in_batches(&leaf, r->a, 1 + r->a % 50, r->rounds);
  }
}
static struct lazy_batch outer = {&there, run_nested, sizeof(struct record), 0, 0, 0};

static void run_recursive(void *records, uint64_t first, uint64_t end);
static struct lazy_batch recursive = {&there, run_recursive, sizeof(struct record), LAZY_BATCH_RECURSIVE, 0, 0};
static void run_recursive(void *records, uint64_t first, uint64_t end) {
  for (struct record *r = record_at(records, first); r != record_at(records, end); r++)
    r->result += r->a < 2 ? (unsigned long)r->a : 1 + sum_in_batches(&recursive, 0, r->a, 0);
}
static unsigned long tree(long n) {
  unsigned long sum = 1;
  if (n < 2)
    return (unsigned long)n;
  for (long i = 0; i < n; i++)
    sum += tree(i);
  return sum;
}

static struct record call(struct lazy_batch *batch, long a, unsigned rounds) {
  _Alignas(LAZY_RECORDS) char records[LAZY_RECORDS + sizeof(struct record)];
  struct record *r = record_at(records, 0);
  *r = (struct record){a, 0, rounds};
  batch->run(records, 0, 1);
  return *r;
}

/* for (i = from; i < from + n; i++) sum += f(i), as the compiler would have it. */
static unsigned long sum_in_batches(struct lazy_batch *batch, long from, long n, unsigned rounds) {
  struct lazy_records *records = NULL;
  struct record *next = NULL, *end = NULL;
  unsigned long sum = 0;
  for (long i = from; i < from + n; i++) {
    if (next == end) {
      struct lazy_records *more = __lazy_batch_open(batch, records);
      if (more) {
        records = more;
        next = end = record_at(records, 0);
        assert_true((uintptr_t)next % LAZY_RECORDS == 0);
        for (long k = i; k < from + n && (char *)end != records->limit; k++)
          *end++ = (struct record){k, 0, rounds};
        __lazy_batch_run(batch, records, end);
      }
    }
    struct record r = next != end ? *next++ : call(batch, i, rounds);
    assert_int_equal(r.a, i);
    sum += r.result;
  }
  __lazy_batch_close(records);
  return sum;
}

static unsigned long expected(long from, long n) {
  unsigned long sum = 0;
  for (long i = from; i < from + n; i++)
    sum += (unsigned long)mix(i, 1);
  return sum;
}

static void every_record_runs_once(void **state) {
  (void)state;
  static const unsigned rounds[] = {0, 10, 1000, 100000};
  for (int threads = 1; threads <= 8; threads *= 2) {
    assert_int_equal(lazy_set_threads(threads), LAZY_OK);
    for (int r = 0; r < 4; r++)
      for (long n = 0; n < (r == 3 ? 40 : 3000); n = n * 3 + 1)
        assert_int_equal(sum_in_batches(&flat, n, n, rounds[r]), expected(n, n));
  }
}

static void batches_nest(void **state) {
  (void)state;
  for (int threads = 2; threads <= 8; threads *= 2) {
    assert_int_equal(lazy_set_threads(threads), LAZY_OK);
    for (int round = 0; round < 20; round++) {
      unsigned long sum = 0;
      for (long i = 0; i < 200; i++)
        sum += expected(i, 1 + i % 50);
      assert_int_equal(sum_in_batches(&outer, 0, 200, (unsigned)round * 10), sum);
    }
  }
}

static void recursion_needs_no_costs(void **state) {
  (void)state;
  for (int threads = 2; threads <= 8; threads *= 2) {
    assert_int_equal(lazy_set_threads(threads), LAZY_OK);
    for (long n = 2; n < 15; n++)
      assert_int_equal(1 + sum_in_batches(&recursive, 0, n, 0), tree(n));
  }
}

static void *sums(void *sum) {
  for (int i = 0; i < 50; i++)
    *(unsigned long *)sum += sum_in_batches(&flat, i, 300, 100);
  return NULL;
}

static void threads_of_the_program_have_batches_of_their_own(void **state) {
  (void)state;
  enum { THREADS = 6 };
  pthread_t thread[THREADS];
  unsigned long sum[THREADS] = {0}, right = 0;
  for (int i = 0; i < 50; i++)
    right += expected(i, 300);
  for (int t = 0; t < THREADS; t++)
    assert_int_equal(pthread_create(&thread[t], NULL, sums, &sum[t]), 0);
  for (int t = 0; t < THREADS; t++) {
    pthread_join(thread[t], NULL);
    assert_int_equal(sum[t], right);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_record_runs_once),
      cmocka_unit_test(batches_nest),
      cmocka_unit_test(recursion_needs_no_costs),
      cmocka_unit_test(threads_of_the_program_have_batches_of_their_own),
  };
  attach();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
