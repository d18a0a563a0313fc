/* test_regions_many.c - regions in great numbers, at random, and without memory: the same bytes as without nodes. */
#include "calls.h"

/* --- many --- */

static void a_loop_that_keeps_up_holds_few(void **state) {
  (void)state;
  enum { N = 100000 };
  static unsigned char many[N];
  for (long i = 0; i < N; i++) {
    take_long(call(&roomy, 'A', NULL, 0, &many[i], 1));
    assert_true(scope.hi - scope.lo <= 3);
  }
}

static void many_regions_at_once(void **state) {
  (void)state;
  enum { N = SANITIZED ? 100000 : 1200000, WIDTH = 8 }; /* more than LAZY_MAX_PENDING */
  static unsigned char many[N * WIDTH], expected[N * WIDTH];
  memset(expected, 'A', sizeof expected);
  for (int threads = 1; threads <= 3; threads += 2) {
    lazy_set_threads(threads);
    memset(many, 0, sizeof many);
    for (long i = 0; i < N; i++)
      writes('A', &many[i * 7919 % N * WIDTH], WIDTH);
    reads('B', many, sizeof many);
    __lazy_settle(&scope);
    assert_memory_equal(many, expected, sizeof many);
  }
}

/* Tile after tile, again and again; the tiles are rows of a matrix, some of them are also taken two by two. */
static void tiles_in_turn(void **state) {
  (void)state;
  enum { TILES = 1000, WIDTH = 8, ROUNDS = 20 };
  static unsigned char lazy[TILES * WIDTH], plain[TILES * WIDTH];
  for (int threads = 1; threads <= 3; threads += 2) {
    lazy_set_threads(threads);
    for (long i = 0; i < TILES * ROUNDS; i++) {
      long tile = i % TILES, from = (i + i / TILES * 7 + 1) % TILES, size = i % 11 == 0 && from < TILES - 1 ? 2 : 1;
      struct work work = {&plain[from * WIDTH], size * WIDTH, &plain[tile * WIDTH], WIDTH, (char)i, 0};
      work_run(&work);
      __lazy_release(call(&roomy, (char)i, &lazy[from * WIDTH], size * WIDTH, &lazy[tile * WIDTH], WIDTH));
    }
    __lazy_settle(&scope);
    assert_memory_equal(lazy, plain, sizeof lazy);
  }
}

static void many_reads_and_writes_of_one_place(void **state) {
  (void)state;
  enum { N = 100000 };
  lazy_set_threads(3);
  for (long i = 0; i < N; i++)
    reads('A', bytes, 64);
  for (long i = 0; i < N; i++)
    writes('B', bytes, 64);
  for (long i = 0; i < N; i++)
    if (i % 16)
      reads('C', bytes, 64);
    else
      writes('D', bytes, 8);
  __lazy_settle(&scope);
  assert_int_equal(runs, 3 * N);
}

/* --- anything --- */

enum { N = 256 };
static unsigned char lazy_bytes[N + 8], plain_bytes[N + 8];

static uint32_t seed;
static uint32_t draw(uint32_t below) {
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 8) % below;
}

/* A call of random regions, on the lazy bytes and on the plain ones. */
static void random_call(struct lazy_node **last, long *last_value) {
  struct lazy_site *sites[] = {&roomy, &roomy, &narrow, &tight};
  struct lazy_site *site = sites[draw(4)];
  long widths[] = {0, 1, 8, 8, 8, 40, N};
  long in = draw(N), in_size = widths[draw(7)], out = draw(N), out_size = widths[draw(7)];
  in_size = in_size < N - in ? in_size : N - in;
  out_size = out_size < N - out ? out_size : N - out;
  bool chained = *last && site != &tight && draw(2);
  struct work lazy = {&lazy_bytes[in], in_size, &lazy_bytes[out], out_size, draw(100), 0}, plain = lazy;
  struct lazy_region regions[] = {{lazy.out, out_size, LAZY_WRITES + draw(2), 0, 0, NULL},
                                  {lazy.in, in_size, LAZY_READS, 0, 0, NULL}};
  if (draw(50) == 0)
    regions[draw(2)].size = LAZY_EVERYWHERE;
  plain.in = &plain_bytes[in];
  plain.out = &plain_bytes[out];
  if (chained)
    plain.y = *last_value;
  work_run(&plain);
  struct lazy_node *node = call_in(site, &lazy, chained ? *last : NULL, regions, 2);
  assert_true(node || lazy.result == plain.result);
  __lazy_release(*last);
  *last = node;
  *last_value = plain.result;
}

static void random_store(void) {
  uint32_t at = draw(N), size = 1 + draw(8);
  long value = mix(at, 1);
  struct lazy_node *node = open_pair(&number, NULL, at, NULL, 1);
  memcpy(&plain_bytes[at], &value, size);
  if (node) {
    __lazy_defer_store(&scope, node, &lazy_bytes[at], 0, size);
  } else {
    __lazy_touch(&scope, &lazy_bytes[at], size, LAZY_WRITES);
    memcpy(&lazy_bytes[at], &value, size);
  }
}

static void random_steps(int steps) {
  struct lazy_node *last = NULL;
  long last_value = 0;
  for (int step = 0; step < steps; step++) {
    uint32_t at = draw(N), size = 1 + draw(8), what = draw(32);
    if (what < 2) {
      __lazy_touch(&scope, &lazy_bytes[at], size, LAZY_READS);
      assert_memory_equal(&lazy_bytes[at], &plain_bytes[at], size);
    } else if (what < 4) {
      __lazy_touch(&scope, &lazy_bytes[at], size, LAZY_WRITES);
      memset(&lazy_bytes[at], step, size);
      memset(&plain_bytes[at], step, size);
    } else if (what == 4 && draw(16) == 0) {
      __lazy_settle(&scope);
      assert_memory_equal(lazy_bytes, plain_bytes, sizeof lazy_bytes);
    } else if (what < 12) {
      random_store();
    } else {
      random_call(&last, &last_value);
    }
  }
  if (last)
    assert_int_equal(take_long(last), last_value);
  __lazy_settle(&scope);
  assert_memory_equal(lazy_bytes, plain_bytes, sizeof lazy_bytes);
}

static void random_calls_equal_plain_ones(void **state) {
  (void)state;
  for (int threads = 1; threads <= 8; threads = threads == 2 ? 8 : threads + 1) {
    lazy_set_threads(threads);
    random_steps(SANITIZED ? 10000 : 100000);
  }
}

/* The runtime's memory, of nodes, segments and readers, comes from here, in larger pieces unless AddressSanitizer
 * watches. */
static long allocations_left = -1; /* -1: any number */
void *aligned_alloc(size_t alignment, size_t size) {
  void *memory;
  if (allocations_left == 0)
    return NULL;
  if (allocations_left > 0)
    allocations_left--;
  return posix_memalign(&memory, alignment, size) == 0 ? memory : NULL;
}

/* The first test, for the memory that others leave behind would be enough. */
static void without_memory_nothing_is_lost(void **state) {
  (void)state;
  enum { MOST = 10000 };
  static struct lazy_node *hoard[MOST];
  static unsigned char many[MOST];
  int hoarded = 0;
  random_steps(100); /* some memory there must be */
  refused = 0;
  allocations_left = 0;
  while (hoarded < MOST && (hoard[hoarded] = __lazy_open(&tight)))
    hoarded++;
  random_steps(SANITIZED ? 2000 : 100000);
  for (int i = 0; i < hoarded; i++) { /* there is room for nodes, and soon none for segments */
    __lazy_release(hoard[i]);
    __lazy_release(call(&tight, 'A', NULL, 0, &many[i], 1));
  }
  __lazy_settle(&scope);
  for (int i = 0; i < hoarded; i++)
    assert_int_equal(many[i], 'A');
  for (int left = 1; left < 300; left++) {
    allocations_left = left;
    random_steps(100);
  }
  allocations_left = -1;
  assert_true(refused > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(without_memory_nothing_is_lost),
      TEST(a_loop_that_keeps_up_holds_few),
      TEST(many_regions_at_once),
      TEST(tiles_in_turn),
      TEST(many_reads_and_writes_of_one_place),
      TEST(random_calls_equal_plain_ones),
  };
  setenv("LAZY", "defer", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
