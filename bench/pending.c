/* pending [COUNT]: what the runtime's index of pending memory costs, in ns a call, without compiler and without work.
 *
 *     clang -O2 -Iinclude bench/pending.c -Lbuild -llazy -Wl,-rpath,$PWD/build -o pending && ./pending
 *
 * 1. Calls are lowered by hand, as compiled code makes them.  LAZY=defer makes each a node, and on one thread none runs
 *    before somebody waits for it, so that all COUNT (default 1,000,000) are pending at once.
 * 2. "enter" is what it takes to make the node and find what it has to wait for, "settle" to run it and forget it.
 * 3. The first row enters nothing: what a node costs by itself.
 */
#define LAZY_BUILDING_RUNTIME /* the library, not the stubs of a serial program */
#include <lazy/abi.h>
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct arguments {
  long x, result;
};
static void run(void *payload) {
  struct arguments *arguments = payload;
  arguments->result = arguments->x + 1;
}
static const struct lazy_slot slots[] = {{0, 8}};
static const struct lazy_function function = {"f",  run,  slots, 1,   sizeof(struct arguments), {8, 8}, {0, 0},
                                              NULL, NULL, 0,     NULL};
static struct lazy_site site = {&function, __FILE__, __LINE__, 1, LAZY_SITE_CERTAIN, 4, 0};
static struct lazy_module module = {LAZY_ABI_VERSION, 0, __FILE__, "by hand", NULL, NULL, 0};

static struct lazy_scope scope;
static long count = 1000000;
static char *memory;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static struct lazy_node *open(long x) {
  struct lazy_node *node = __lazy_open(&site);
  ((struct arguments *)((char *)node + LAZY_NODE_PAYLOAD))->x = x;
  return node;
}

static void enter(long x, long at, long size, uint32_t access) {
  struct lazy_node *node = open(x);
  struct lazy_region region = {memory + at, size, access, 0, 0};
  if (!__lazy_regions(&scope, node, &region, 1))
    abort();
  __lazy_start(node);
  __lazy_release(node);
}

static void touch(long at) {
  uintptr_t from = (uintptr_t)(memory + at);
  if (from < scope.hi && from + 8 > scope.lo)
    __lazy_touch(&scope, memory + at, 8, LAZY_WRITES);
}

static void store(long x, long at) {
  __lazy_defer_store(&scope, open(x), memory + at, 8, 8);
}

/* --- the rows: call number i --- */

enum { TILE = 64 };

static long scattered(long i) {
  return (long)((unsigned long)i * 7919 % (unsigned long)count);
}

static void nothing(long i) {
  struct lazy_node *node = open(i);
  __lazy_start(node);
  __lazy_release(node);
}
static void repeat(long i) {
  enter(i, 0, TILE, LAZY_READS | LAZY_WRITES);
}
static void repeat_among_many(long i) { /* the first half makes them */
  enter(i, i < count / 2 ? i * TILE : count / 4 * TILE, TILE, LAZY_READS | LAZY_WRITES);
}
static void robin(long i) {
  enter(i, i % 1000 * TILE, TILE, LAZY_READS | LAZY_WRITES);
}
static void robin_of_many(long i) {
  enter(i, i % (count / 10) * TILE, TILE, LAZY_READS | LAZY_WRITES);
}
static void overlapping(long i) {
  enter(i, i % 1000 * TILE, 2 * TILE, LAZY_READS | LAZY_WRITES);
}
static void readers(long i) {
  enter(i, i % 1000 * TILE, TILE, i < count - 1000 ? LAZY_READS : LAZY_WRITES);
}
static void disjoint(long i) {
  enter(i, i * TILE, TILE, LAZY_WRITES);
}
static void disjoint_scattered(long i) {
  enter(i, scattered(i) * TILE, TILE, LAZY_WRITES);
}
static void store_run(long i) {
  store(i, i * 8);
}
static void store_field(long i) { /* a[i].x is written beside a[i].y */
  store(i, i * 16 + 8);
  touch(i / 2 * 16);
}
static void store_two(long i) { /* beside what lies between the two */
  store(i, (i % 2 * count + i / 2) * 8);
  touch((count / 2 + i / 2) * 8);
}
static void store_scattered(long i) {
  store(i, scattered(i) * 16 + 8);
  touch(i / 2 * 16);
}

static void row(const char *name, void (*call)(long i)) {
  scope = (struct lazy_scope)LAZY_SCOPE_INIT;
  double start = now();
  for (long i = 0; i < count; i++)
    call(i);
  double entered = now();
  __lazy_settle(&scope);
  lazy_wait();
  double settled = now();
  printf("%-28s %8.0f %8.0f\n", name, (entered - start) / (double)count, (settled - entered) / (double)count);
}

int main(int argc, char **argv) {
  if (argc > 1)
    count = strtol(argv[1], NULL, 10);
  memory = count >= 1000 ? calloc((size_t)count + 1, TILE) : NULL;
  if (!memory)
    return 1;
  setenv("LAZY", "defer", 1);
  __lazy_attach(&module);
  lazy_set_threads(1);
  printf("%-28s %8s %8s\n", "ns a call", "enter", "settle");
  row("", nothing); /* what it does first, memory from the system, is no part of it */
  row("nothing", nothing);
  row("repeat", repeat);
  row("repeat, many others", repeat_among_many);
  row("round robin, 1000", robin);
  row("round robin, COUNT / 10", robin_of_many);
  row("overlapping, 1000", overlapping);
  row("readers, 1000", readers);
  row("disjoint", disjoint);
  row("disjoint, scattered", disjoint_scattered);
  row("stores, one run", store_run);
  row("stores, beside fields", store_field);
  row("stores, two runs", store_two);
  row("stores, scattered", store_scattered);
  free(memory);
  return 0;
}
