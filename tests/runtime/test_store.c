/* Results in a file: what is put is found, by whomever, and whatever happens to the file. */
#include "lowered.h"

#include "store-writer.h"

#include <libgen.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char folder[64];

static struct lz_key key_of(uint64_t n) {
  return (struct lz_key){(n + 1) * 0x9e3779b97f4a7c15u, (n + 1) * 0xc2b2ae3d27d4eb4fu};
}

/* Any value follows from its number: size and all. */
static size_t size_of(uint64_t n) { return n % 7 == 6 ? 3000 + n % 50000 : n % 300; }

static void fill(unsigned char *bytes, uint64_t n) {
  for (size_t i = 0; i < size_of(n); i++)
    bytes[i] = (unsigned char)(n * 31 + i * 7 + (i >> 8));
}

static struct lz_store *open_with(struct lz_store_options options) {
  struct lz_store *store = NULL;
  options.path = folder;
  options.space = options.space ? options.space : "";
  return lz_store_open(&store, &options) == LAZY_OK ? store : NULL;
}

static struct lz_store *open_store(void) { return open_with((struct lz_store_options){.write = true}); }

static bool put(struct lz_store *store, uint64_t n) {
  const struct lz_entry about = {"f", 1000, false, NULL};
  struct lz_value *value = lz_value_new(size_of(n));
  CHECK(value);
  fill((unsigned char *)value->bytes, n);
  bool taken = lz_store_put(store, key_of(n), &about, value);
  lz_value_release(value);
  return taken;
}

static void put_all(uint64_t from, uint64_t to) {
  struct lz_store *store = open_store();
  CHECK(store);
  for (uint64_t n = from; n < to; n++)
    put(store, n);
  lz_store_close(store);
}

static bool compare(void *context, const void *bytes, size_t size) {
  static _Thread_local unsigned char expected[60000];
  uint64_t n = *(uint64_t *)context;
  fill(expected, n);
  CHECK(size == size_of(n) && memcmp(bytes, expected, size) == 0);
  return true;
}

/* A value that is found is right; else the process ends. */
static bool has(struct lz_store *store, uint64_t n) {
  uint64_t cost = 0;
  bool found = lz_store_get(store, key_of(n), compare, &n, &cost);
  CHECK(!found || cost == 1000);
  return found;
}

static uint64_t count(struct lz_store *store, uint64_t from, uint64_t to) {
  uint64_t found = 0;
  for (uint64_t n = from; n < to; n++)
    found += has(store, n);
  return found;
}

/* The file that has it all. */
static const char *data_file(void) {
  static char path[128];
  snprintf(path, sizeof path, "%s/1-64le/data.mdb", folder);
  return path;
}

static int new_folder(void **state) {
  (void)state;
  strcpy(folder, "/tmp/lazy-store.XXXXXX");
  return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
  char command[128];
  (void)state;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  return system(command);
}

/* ThreadSanitizer does not follow a process with threads through a fork. */
#ifdef LZ_TSAN
#define FORKS 0
#else
#define FORKS 1
#endif

/* Runs `work` in a process of its own; its status. */
static int in_fork(void (*work)(uint64_t), uint64_t argument) {
  pid_t child = fork();
  int status;
  CHECK(child >= 0);
  if (child == 0) {
    work(argument);
    _exit(0);
  }
  CHECK(waitpid(child, &status, 0) == child);
  return status;
}

/* --- finding --- */

static void what_is_put_is_found(void **state) {
  (void)state;
  put_all(0, 2000);
  struct lz_store *store = open_store();
  assert_non_null(store);
  assert_int_equal(count(store, 0, 2000), 2000);
  assert_int_equal(count(store, 2000, 2100), 0);
  assert_true(put(store, 2000));
  assert_true(lz_store_flush(store, -1));
  assert_true(has(store, 2000));
  lz_store_close(store);
}

static void records_are_remembered(void **state) {
  int numbers[3] = {1, 2, 3}, found[3] = {0};
  (void)state;
  struct lz_store *store = open_with((struct lz_store_options){.space = "a", .write = true});
  assert_non_null(store);
  lz_store_note(store, "f", numbers, sizeof numbers);
  lz_store_close(store);
  store = open_with((struct lz_store_options){.space = "a"});
  assert_true(lz_store_recall(store, "f", found, sizeof found));
  assert_memory_equal(found, numbers, sizeof found);
  assert_false(lz_store_recall(store, "g", found, sizeof found));
  assert_false(lz_store_recall(store, "f", found, sizeof found[0]));
  assert_false(put(store, 1)); /* read only */
  lz_store_close(store);
  store = open_with((struct lz_store_options){.space = "b"});
  assert_false(lz_store_recall(store, "f", found, sizeof found));
  lz_store_close(store);
}

static void the_map_grows(void **state) {
  (void)state;
  lz_file_first_map = 256 << 10;
  struct lz_store *store = open_store();
  assert_non_null(store);
  for (uint64_t n = 0; n < 3000; n++) {
    put(store, n);
    if (n % 500 == 499)
      assert_true(lz_store_flush(store, -1));
    has(store, n / 2);
  }
  assert_true(lz_store_flush(store, -1));
  assert_int_equal(count(store, 0, 3000), 3000);
  lz_file_first_map = (size_t)16 << 30;
  lz_store_close(store);
}

static void put_a_lot(uint64_t unused) {
  (void)unused;
  lz_file_first_map = 256 << 10;
  put_all(1, 2000);
}

static void others_may_let_it_grow(void **state) {
  (void)state;
  if (!FORKS)
    skip();
  lz_file_first_map = 256 << 10;
  put_all(0, 1);
  struct lz_store *reader = open_with((struct lz_store_options){.write = false});
  lz_file_first_map = (size_t)16 << 30;
  assert_non_null(reader);
  assert_true(has(reader, 0));
  assert_int_equal(in_fork(put_a_lot, 0), 0);
  has(reader, 0); /* is told so */
  assert_int_equal(count(reader, 0, 2000), 2000);
  lz_store_close(reader);
}

static void an_empty_file_is_read_only(void **state) {
  (void)state;
  assert_null(open_with((struct lz_store_options){.write = false}));
}

/* --- limits --- */

static void what_is_old_goes_first(void **state) {
  struct lz_store *store = open_store();
  uint64_t removed, more;
  (void)state;
  for (uint64_t n = 0; n < 1000; n++)
    put(store, n);
  assert_true(lz_store_flush(store, -1));
  sleep(1);
  assert_int_equal(count(store, 0, 100), 100); /* used now */
  assert_true(lz_store_flush(store, -1));
  assert_true(lz_store_evict(store, 800 << 10, 0, &removed));
  assert_true(removed > 0 && removed < 900);
  assert_int_equal(count(store, 0, 100), 100);
  assert_int_equal(count(store, 0, 1000), 1000 - removed);
  sleep(2);
  assert_true(lz_store_evict(store, 0, 1, &more));
  assert_int_equal(more, 1000 - removed);
  assert_int_equal(count(store, 0, 1000), 0);
  lz_store_close(store);
}

static void what_is_too_old_goes_by_itself(void **state) {
  const struct lz_store_options options = {.max_age = 1, .write = true};
  (void)state;
  put_all(0, 10);
  sleep(3);
  struct lz_store *store = open_with(options);
  assert_non_null(store);
  put(store, 10);
  assert_true(lz_store_flush(store, -1));
  assert_int_equal(count(store, 0, 11), 1);
  lz_store_close(store);
}

static void the_file_keeps_to_its_limit(void **state) {
  struct stat status;
  (void)state;
  struct lz_store *store = open_with((struct lz_store_options){.max_bytes = 1 << 20, .write = true});
  for (uint64_t n = 0; n < 4000; n++) {
    put(store, n);
    if (n % 100 == 99)
      lz_store_flush(store, -1);
  }
  lz_store_close(store);
  assert_int_equal(stat(data_file(), &status), 0);
  assert_in_range(status.st_size, 1 << 19, 5 << 20);
}

/* --- others --- */

static void write_some(uint64_t who) {
  struct lz_store *store = open_store();
  for (uint64_t n = who * 400; n < who * 400 + 400; n++) {
    CHECK(put(store, n));
    if (n % 40 == 0)
      lz_store_flush(store, -1);
  }
  CHECK(lz_store_flush(store, -1));
  lz_store_close(store);
}

static void read_some(uint64_t who) {
  (void)who;
  struct lz_store *store = open_store();
  for (int round = 0; round < 20; round++) {
    count(store, 0, 800);
    usleep(1000);
  }
  lz_store_close(store);
}

static void two_writers_and_eight_readers_lose_nothing(void **state) {
  if (!FORKS)
    skip();
  pid_t child[10];
  int status;
  (void)state;
  put_all(5000, 5001);
  for (int i = 0; i < 10; i++)
    if ((child[i] = fork()) == 0) {
      (i < 2 ? write_some : read_some)((uint64_t)i);
      _exit(0);
    }
  for (int i = 0; i < 10; i++) {
    assert_int_equal(waitpid(child[i], &status, 0), child[i]);
    assert_int_equal(status, 0);
  }
  struct lz_store *store = open_store();
  assert_int_equal(count(store, 0, 800), 800);
  lz_store_close(store);
}

static struct lz_store *inherited;
static void use_inherited(uint64_t unused) {
  (void)unused;
  lz_store_after_fork(inherited);
  CHECK(count(inherited, 0, 10) == 10);
  CHECK(put(inherited, 11));
  CHECK(lz_store_flush(inherited, -1));
  CHECK(has(inherited, 11));
}

static void children_open_it_anew(void **state) {
  if (!FORKS)
    skip();
  (void)state;
  put_all(0, 10);
  inherited = open_store();
  assert_int_equal(count(inherited, 0, 10), 10);
  put(inherited, 10);
  assert_int_equal(in_fork(use_inherited, 0), 0);
  assert_true(lz_store_flush(inherited, -1));
  assert_true(has(inherited, 10) && has(inherited, 11));
  lz_store_close(inherited);
}

/* --- damage --- */

static void use_damaged(uint64_t writes) {
  struct lz_store *store = open_with((struct lz_store_options){.write = writes});
  close(STDERR_FILENO);
  if (!store)
    return;
  count(store, 0, 200);
  if (writes) {
    for (uint64_t n = 200; n < 230; n++)
      put(store, n);
    lz_store_flush(store, 2000);
    count(store, 0, 230);
  }
}

static void damage(uint64_t seed) {
  static unsigned char bytes[1 << 20];
  FILE *file = fopen(data_file(), "r+b");
  CHECK(file);
  size_t size = fread(bytes, 1, sizeof bytes, file);
  for (uint64_t i = 0; i <= seed % 5; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    bytes[(seed >> 20) % size] ^= (unsigned char)(1 << (seed >> 60) % 8);
  }
  rewind(file);
  fwrite(bytes, 1, size, file);
  fclose(file);
  if (seed >> 33 & 1)
    CHECK(truncate(data_file(), (off_t)((seed >> 12) % size)) == 0);
}

/* Under sanitizers, accesses beyond the end of a file end the program. */
static void damaged_files_give_nothing_wrong(void **state) {
  (void)state;
  attach(); /* the handlers */
  for (uint64_t seed = 0; seed < (SANITIZED ? 0 : 150); seed++) {
    remove_folder(state);
    mkdir(folder, 0700);
    put_all(0, 200);
    damage(seed * 77777);
    int status = in_fork(use_damaged, seed & 1);
    if (status)
      print_message("seed %u: status %d\n", (unsigned)seed, status);
    assert_int_equal(status, 0);
  }
}

/* Makes the value 6, which has pages of its own, wrong, and four billion pages of them. */
static void damage_pages(void) {
  static unsigned char bytes[1 << 20];
  unsigned char value[60000], *found;
  FILE *file = fopen(data_file(), "r+b");
  size_t size = fread(bytes, 1, sizeof bytes, file);
  fill(value, 6);
  found = memmem(bytes, size, value, size_of(6));
  CHECK(found);
  found[100] ^= 1;
  memset(found - sizeof(struct lz_stored) - 4, 0xff, 4);
  rewind(file);
  fwrite(bytes, 1, size, file);
  fclose(file);
}

static void replace_damaged(uint64_t evicts) {
  struct lz_store *store = open_store();
  CHECK(store);
  alarm(20);
  CHECK(!has(store, 6));
  if (evicts)
    lz_store_evict(store, 1, 0, NULL);
  else
    CHECK(put(store, 6));
  lz_store_flush(store, 10000);
  CHECK(!has(store, 6));
  lz_store_close(store);
}

static void pages_that_are_not_a_value_s_are_not_given_back(void **state) {
  (void)state;
  put_all(0, 20);
  damage_pages();
  assert_int_equal(in_fork(replace_damaged, 0), 0);
  assert_int_equal(in_fork(replace_damaged, 1), 0);
}

static void hold_lock(int tell) {
  MDB_env *env;
  MDB_txn *txn;
  CHECK(mdb_env_create(&env) == 0);
  CHECK(mdb_env_open(env, dirname(strdup(data_file())), 0, 0600) == 0);
  CHECK(mdb_txn_begin(env, NULL, 0, &txn) == 0);
  CHECK(write(tell, "x", 1) == 1);
  pause();
}

static void find_and_go(uint64_t n) {
  alarm(20);
  struct lz_store *store = open_store();
  CHECK(store && has(store, n));
}

static void who_only_looks_waits_for_no_writer(void **state) {
  int tell[2];
  char byte;
  (void)state;
  put_all(1, 2);
  assert_int_equal(pipe(tell), 0);
  pid_t holder = fork();
  if (holder == 0)
    hold_lock(tell[1]);
  assert_int_equal(read(tell[0], &byte, 1), 1);
  assert_int_equal(in_fork(find_and_go, 1), 0);
  kill(holder, SIGKILL);
  waitpid(holder, NULL, 0);
  close(tell[0]);
  close(tell[1]);
}

static void values_whose_sum_is_wrong_are_written_anew(void **state) {
  (void)state;
  put_all(6, 7);
  unsigned char value[60000], *found;
  static unsigned char bytes[1 << 20];
  fill(value, 6);
  FILE *file = fopen(data_file(), "r+b");
  size_t size = fread(bytes, 1, sizeof bytes, file);
  found = memmem(bytes, size, value, size_of(6));
  assert_non_null(found);
  found[100] ^= 1;
  rewind(file);
  fwrite(bytes, 1, size, file);
  fclose(file);
  struct lz_store *store = open_store();
  assert_false(has(store, 6));
  assert_true(put(store, 6));
  assert_true(lz_store_flush(store, -1));
  assert_true(has(store, 6));
  lz_store_close(store);
}

/* --- refusals --- */

static void a_folder_that_others_write_is_refused(void **state) {
  (void)state;
  chmod(folder, 0770);
  assert_null(open_store());
  chmod(folder, 0700);
  struct lz_store *store = open_store();
  assert_non_null(store);
  lz_store_close(store);
}

static void write_too_much(uint64_t unused) {
  (void)unused;
  struct rlimit limit = {200 << 10, RLIM_INFINITY};
  CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  struct lz_store *store = open_store();
  CHECK(store);
  for (uint64_t n = 0; n < 500; n++)
    put(store, n);
  CHECK(!lz_store_flush(store, -1));
  CHECK(!put(store, 1)); /* for a while */
  count(store, 0, 500);
  lz_store_close(store);
}

static void a_full_disk_ends_nothing(void **state) {
  if (!FORKS)
    skip();
  (void)state;
  assert_int_equal(in_fork(write_too_much, 0), 0);
  struct lz_store *store = open_store();
  assert_non_null(store);
  count(store, 0, 500);
  put(store, 600);
  assert_true(lz_store_flush(store, -1));
  assert_true(has(store, 600));
  lz_store_close(store);
}

/* --- kills --- */

static void write_until_killed(int tell) {
  struct lz_store *store = open_store();
  for (uint64_t n = 0;; n++) {
    put(store, n);
    if (n % 8 == 7 && lz_store_flush(store, -1))
      CHECK(write(tell, &n, sizeof n) == sizeof n);
  }
}

/* TEST_KILLS in the environment: how many, instead of a few. */
static void kills_lose_nothing_that_was_written(void **state) {
  if (!FORKS)
    skip();
  const char *more = getenv("TEST_KILLS");
  (void)state;
  for (int i = 0, kills = more ? atoi(more) : 25; i < kills; i++) {
    int told[2];
    uint64_t n, last = 0;
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    if (child == 0) {
      write_until_killed(told[1]);
      _exit(1);
    }
    close(told[1]);
    usleep((useconds_t)(rand() % 30000));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(told[0], &n, sizeof n) == sizeof n)
      last = n + 1;
    close(told[0]);
    struct lz_store *store = open_store();
    assert_non_null(store);
    assert_int_equal(count(store, 0, last), last);
    count(store, last, last + 200);
    lz_store_close(store);
    if (i % 10 == 9) {
      remove_folder(state);
      mkdir(folder, 0700);
    }
  }
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, new_folder, remove_folder)
  const struct CMUnitTest tests[] = {
      TEST(what_is_put_is_found),
      TEST(records_are_remembered),
      TEST(the_map_grows),
      TEST(others_may_let_it_grow),
      TEST(an_empty_file_is_read_only),
      TEST(what_is_old_goes_first),
      TEST(what_is_too_old_goes_by_itself),
      TEST(the_file_keeps_to_its_limit),
      TEST(two_writers_and_eight_readers_lose_nothing),
      TEST(children_open_it_anew),
      TEST(damaged_files_give_nothing_wrong),
      TEST(pages_that_are_not_a_value_s_are_not_given_back),
      TEST(who_only_looks_waits_for_no_writer),
      TEST(values_whose_sum_is_wrong_are_written_anew),
      TEST(a_folder_that_others_write_is_refused),
      TEST(a_full_disk_ends_nothing),
      TEST(kills_lose_nothing_that_was_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
