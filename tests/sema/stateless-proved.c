// What a lazy function provably may not do is an error where it does it, with the calls that lead there.
// RUN: %clang_lazy -O0 -c -o %t.o %s -ferror-limit=0 -Xclang -verify
// RUN: %clang_lazy -O2 -g -c -o %t.o %s -ferror-limit=0 -Xclang -verify
#include <lazy/lazy.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int counter, table[10];
static _Thread_local int mine;
static volatile int device;
static atomic_int shared;
static struct pair {
  long a[10];
} pair;

LAZY int writes_global(int x) {
  return x + counter++; // expected-error {{lazy function 'writes_global' writes 'counter', which others see; return the value instead}}
}
LAZY int writes_static(int x) {
  static int calls;
  calls += x; // expected-error {{lazy function 'writes_static' writes 'writes_static.calls', which others see}}
  return calls;
}
LAZY int writes_element(int x) {
  table[x & 7] = x; // expected-error {{lazy function 'writes_element' writes 'table', which others see}}
  return x;
}
LAZY int writes_struct(struct pair p) {
  pair = p; // expected-error {{lazy function 'writes_struct' writes 'pair', which others see}}
  return 0;
}
LAZY int writes_per_thread(int x) {
  mine = x; // expected-error {{lazy function 'writes_per_thread' writes 'mine', which is another variable in each thread}}
  return x;
}
LAZY int is_volatile(int x) {
  return x + device; // expected-error {{lazy function 'is_volatile' accesses volatile memory}}
}
LAZY int is_atomic(int x) {
  return x + shared; // expected-error {{lazy function 'is_atomic' uses atomic operations}}
}
LAZY int fences(int x) {
  atomic_thread_fence(memory_order_seq_cst); // expected-error {{lazy function 'fences' uses atomic operations}}
  return x;
}
LAZY int clears(int x) {
  memset(table, x, sizeof table); // expected-error {{lazy function 'clears' writes 'table', which others see}}
  return x;
}
LAZY void even_if_serial(int *p) { // a pointer and no result keep it serial; that is no excuse
  *p = counter++; // expected-error {{lazy function 'even_if_serial' writes 'counter', which others see}}
}

/* By way of others. */
static int inner(int x) {
  counter = x; // expected-error {{lazy function 'chained' calls 'inner', which writes 'counter', which others see}}
  return x;
}
static int middle(int x) {
  return inner(x) + 1; // expected-note {{'middle' calls 'inner' here}}
}
LAZY int chained(int x) {
  return middle(x) * 2; // expected-note {{'chained' calls 'middle' here}}
}
static int odd(int n);
static int even(int n) { return n ? odd(n - 1) : 1; } // expected-note {{'even' calls 'odd' here}}
static int odd(int n) {
  if (!n)
    putchar('!'); // expected-error {{lazy function 'recursive' calls 'odd', which calls 'putchar', which does I/O}}
  return n ? even(n - 1) : 0;
}
LAZY int recursive(int n) {
  return even(n); // expected-note {{'recursive' calls 'even' here}}
}
static void increment(int *p) { ++*p; }
LAZY int through_argument(int x) {
  increment(&x);
  increment(&table[2]); // expected-error {{lazy function 'through_argument' writes 'table', which others see}}
  return x;
}
LAZY int told_once(int x) { return chained(x) + 1; } // the error of 'chained' says it
LAZY int both(int x) {
  int unseen(int);
  x = unseen(x); // the worse is told
  return x + rand(); // expected-error {{lazy function 'both' calls 'rand', which keeps state between calls}} expected-note {{use 'rand_r' instead, or mark 'both' LAZY_TRUSTED to vouch for it}}
}

/* What the library does. */
LAZY int prints(int x) { return printf("%d\n", x); }         // expected-error {{lazy function 'prints' calls 'printf', which does I/O}}
LAZY int puts_(int x) { return puts("x") + x; }              // expected-error {{which does I/O}}
LAZY int warns(int x) { return fprintf(stderr, "%d\n", x); } // expected-error {{lazy function 'warns' calls 'fprintf', which does I/O}}
LAZY int reads(int x) { return getchar() + x; }              // expected-error {{lazy function 'reads' calls 'getchar', which does I/O}}
LAZY long writes(int x) { return write(x, "x", 1); }         // expected-error {{lazy function 'writes' calls 'write', which does I/O}}
LAZY int opens(int x) { return fopen("x", "r") ? x : 0; }    // expected-error {{lazy function 'opens' calls 'fopen', which does I/O}}
LAZY int seeds(int x) { return srand(x), x; }                // expected-error {{lazy function 'seeds' calls 'srand', which keeps state}}
LAZY long now(int x) { return x + time(NULL); }              // expected-error {{lazy function 'now' calls 'time', which depends on when it is called}}
LAZY int ends(int x) { exit(x); }                            // expected-error {{lazy function 'ends' calls 'exit', which acts on the whole process}}
LAZY int signals(int x) { return raise(x); }                 // expected-error {{lazy function 'signals' calls 'raise', which acts on the whole process}}
LAZY double signgam_(double x) { return __builtin_lgamma(x); } // expected-error {{lazy function 'signgam_' calls 'lgamma', which writes 'signgam'}} expected-note {{use 'lgamma_r' instead, or mark 'signgam_' LAZY_TRUSTED to vouch for it}}
LAZY float signgamf(float x) { return __builtin_lgammaf(x); } // expected-error {{lazy function 'signgamf' calls 'lgammaf', which writes 'signgam'}} expected-note {{use 'lgammaf_r' instead}}
static int first(char *text) {
  return strtok(text, ",") != NULL; // expected-error {{lazy function 'cuts' calls 'first', which calls 'strtok', which keeps state}} expected-note {{use 'strtok_r' instead, or mark 'cuts' LAZY_TRUSTED to vouch for it}}
}
LAZY int cuts(int x) {
  char text[] = "a,b";
  return first(text) + x; // expected-note {{'cuts' calls 'first' here}}
}
static int compare(const void *a, const void *b) {
  counter++; // expected-error {{lazy function 'sorts' calls 'compare', which writes 'counter', which others see}}
  return *(const int *)a - *(const int *)b;
}
LAZY int sorts(int x) {
  int a[2] = {x, 3};
  qsort(a, 2, sizeof *a, compare); // expected-note {{'sorts' calls 'compare' here}}
  return a[0];
}
static int compare_nothing(const void *a, const void *b) { return a < b; }
LAZY int sorts_table(int x) {
  qsort(table, 2, sizeof *table, compare_nothing); // expected-error {{lazy function 'sorts_table' writes 'table', which others see}}
  return x;
}

/* It cannot jump to a frame of another thread. */
static jmp_buf far;
LAZY int jumps(int x) {
  if (x)
    longjmp(far, 1); // expected-error {{lazy function 'jumps' calls 'longjmp', which leaves functions without returning}}
  return x;
}
static void inner_jump(int x) {
  siglongjmp(far, x); // expected-error {{lazy function 'jumps_below' calls 'inner_jump', which calls 'siglongjmp', which leaves functions without returning}}
}
LAZY int jumps_below(int x) {
  if (x)
    inner_jump(x); // expected-note {{'jumps_below' calls 'inner_jump' here}}
  return x;
}
LAZY int worse(int x) {
  if (setjmp(far)) // a jump to here would be all right; this is not
    return x;
  puts("x"); // expected-error {{lazy function 'worse' calls 'puts', which does I/O}}
  longjmp(far, 1);
}


LAZY int volatile_local(int x) {
  volatile int y = x;
  y += 2;
  return y;
}
