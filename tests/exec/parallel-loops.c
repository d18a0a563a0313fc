// Loops whose iterations run in parallel, ranges of them on several threads (taken_), and loops that must not although
// they look much alike (kept_): what an iteration leaves to the next, leaves behind, or finds in its thread.
// RUN: %lazy_equiv %s -lpthread
// RUN: %clang_lazy -O1 -S -emit-llvm -o %t.ll %s
// RUN: %FileCheck %s < %t.ll
// RUN: %FileCheck --check-prefix=KEPT %s < %t.ll
// KEPT-NOT: @kept_{{[a-z_]*}}.lazy.loop(
#include <lazy/lazy.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

typedef unsigned u32;
struct pair {
  u32 a;
  double b;
};
struct large {
  u32 v[20];
};

static u32 memory[4096], seen;
static struct pair pairs[300];
static struct large larges[300];
static _Thread_local u32 own, own_row[300];
static pthread_t me;

LAZY static u32 f(u32 x) {
  for (int i = 0; i < 50; i++)
    x = x * 1664525u + 1013904223u;
  return x >> 3;
}
LAZY static struct pair make(u32 x) { return (struct pair){f(x), x / 3.0}; }
LAZY static struct large wide(struct large l, u32 x) {
  for (int i = 0; i < 20; i++)
    l.v[i] = l.v[i] * 31 + f(x + i);
  return l;
}
LAZY static u32 reads_seen(u32 x) { return f(x + seen); }
static u32 helper(u32 x) { return x < 100 ? x : x - 100; }
static u32 reads_own(u32 x) { return x + own; }

static u32 hash(const void *p, size_t n) {
  const unsigned char *c = p;
  u32 h = 1;
  while (n--)
    h = h * 31 + *c++;
  return h;
}

/* --- counters --- */

// CHECK-DAG: @taken_up.lazy.loop(
static u32 taken_up(int n) {
  for (int i = 0; i < n; i++)
    memory[i] = f(i);
  return 0;
}
// CHECK-DAG: @taken_down.lazy.loop(
static u32 taken_down(int n) {
  for (int i = n; i-- > 0;)
    memory[i] = f(i);
  return 0;
}
// CHECK-DAG: @taken_steps.lazy.loop(
static u32 taken_steps(int n) {
  int i, j = 5; /* what counters are behind the loop is known in front of it */
  for (i = 3; i < n; i += 2, j -= 3)
    memory[i] = f(j);
  return i * 7 + j;
}
// CHECK-DAG: @taken_do.lazy.loop(
static u32 taken_do(int n) {
  int i = 0, last;
  do {
    last = i * 3;
    memory[i] = f(i);
  } while (++i < n);
  return i + last;
}
// CHECK-DAG: @taken_unsigned.lazy.loop(
static u32 taken_unsigned(size_t n) {
  for (size_t i = 0; i != n; i++)
    memory[2 * i + 1] = f(i);
  return 0;
}
/* As far as anybody knows, it wraps. */
static u32 kept_short(short from, short to) {
  u32 s = 0;
  short i;
  for (i = from; i < to; i += 3)
    s ^= f(i);
  return s + i;
}
// CHECK-DAG: @taken_pointers.lazy.loop(
static u32 taken_pointers(int n) {
  struct pair *p = pairs, *end = p + n;
  for (u32 k = 0; p < end; p++, k++)
    p->a = f(k);
  return 0;
}
/* A pointer that walks is not among the numbers that are known behind the loop. */
static u32 kept_pointer(int n) {
  u32 *p = memory, *q = memory + 500;
  while (n-- > 0)
    *p++ = f(*q++);
  return p - memory;
}
/* Both 70 before and 70 behind 2^32: no index that moves on by the same step, as far as anybody knows. */
static u32 kept_wrapping(u32 from, u32 n) {
  for (u32 i = 0; i < n; i++)
    memory[(from + i) % 4096] = f(i);
  return 0;
}

/* --- what is in an iteration --- */

// CHECK-DAG: @taken_inner.lazy.loop(
static u32 taken_inner(int n, int m, int ld) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      memory[i * ld + j] = f(i + j); /* parallel if ld >= m: asked in front */
  return 0;
}
/* For all that is known the inner loop may do nothing; then nobody needs x. */
static u32 kept_before_inner(int n) {
  for (int i = 0; i < n; i++) {
    u32 x = f(i);
    for (int j = 0; j < 4; j++)
      memory[i * 4 + j] = x + j;
  }
  return 0;
}
// CHECK-DAG: @taken_maybe.lazy.loop(
static u32 taken_maybe(int n) {
  for (int i = 0; i < n; i++) {
    if (i % 3 == 0)
      continue;
    switch (i & 3) {
    case 0: memory[i] = f(i); break;
    case 1: memory[i] = helper(f(i)) + f(7); break;
    default: memory[i] = i;
    }
  }
  return 0;
}
// CHECK-DAG: @taken_structs.lazy.loop(
static u32 taken_structs(int n) {
  for (int i = 0; i < n; i++) {
    pairs[i] = make(i);
    pairs[i].a ^= 5;
    larges[i] = wide(larges[i], pairs[i].a);
  }
  return 0;
}
// CHECK-DAG: @taken_blocks.lazy.loop(
static u32 taken_blocks(int n) {
  for (int i = 0; i < n; i++) {
    memset(&larges[i], i & 1, sizeof larges[i]);
    memcpy(larges[i].v, memory + 2000 + 7 * i, 28);
    larges[i].v[9] = f(i);
  }
  return 0;
}
/* The end is not known before. */
static u32 kept_break(int n) {
  for (int i = 0; i < n; i++) {
    memory[i] = f(i);
    if (memory[i] % 16 == 0)
      break;
  }
  return 0;
}
/* Each iteration reads what one before has written. */
static u32 kept_prefix(int n) {
  for (int i = 1; i < n; i++)
    memory[i] = f(memory[i - 1]);
  return 0;
}
/* The call reads what another iteration writes. */
static u32 kept_seen(int n) {
  for (int i = 0; i < n; i++) {
    seen = i;
    memory[i] = reads_seen(i);
  }
  return 0;
}
// CHECK-DAG: @taken_table.lazy.loop(
static u32 taken_table(int n) {
  for (int i = 0; i < n; i++)
    pairs[i].a = f(memory[memory[i] % 4096]); /* read anywhere, and not written */
  return 0;
}

/* --- locals --- */

// CHECK-DAG: @taken_local.lazy.loop(
static u32 taken_local(int n) {
  for (int i = 0; i < n; i++) {
    u32 t[16];
    memset(t, 0, sizeof t);
    t[f(i) % 16] = 5;
    for (int j = 0; j < 16; j++)
      memory[i * 4 + j % 4] = t[j] + f(j);
  }
  return 0;
}
static u32 kept_local(int n) {
  u32 t[16] = {0};
  for (int i = 0; i < n; i++) {
    t[i % 16] += f(i);
    memory[i] = t[(i + 3) % 16];
  }
  return 0;
}
/* A local that is filled anew in each iteration, with itself. */
static u32 kept_itself(int n) {
  u32 t[8], s = 0;
  for (int i = 0; i < n; i++) {
    memmove(t, t, sizeof t);
    if (i == 0)
      memset(t, 0, sizeof t);
    t[i & 3] += f(i);
    s += t[i & 1];
  }
  return s;
}
/* The same with a struct; its value is that of the iteration before. */
static u32 kept_result(int n) {
  struct large l;
  u32 s = 0;
  for (int i = 0; i < n; i++) {
    if (i == 0)
      memset(&l, 0, sizeof l);
    l = wide(l, i);
    s += l.v[i % 20];
  }
  return s;
}

LAZY static u32 stir(LAZY_INOUT(16) u32 *x, u32 k) {
  for (int i = 0; i < 160; i++)
    x[i % 16] = x[i % 16] * 1664525u + x[(i + 1) % 16] + k;
  return x[3];
}
/* The loop comes by again, in another version, while nodes of the last time still wait for what is in the local.  Taken
   at -O0 only, where nothing says how long locals live. */
static u32 again(int n) {
  u32 t[16], *out = memory;
  for (int k = 0; k < 20; k++) {
    int length = k % 2 ? n % 3 : n / 10; /* few cost too little to ask how */
    for (int i = 0; i < length; i++) {
      memset(t, i + k, sizeof t);
      out[i] = stir(t, i);
    }
    out += length;
  }
  return 0;
}

/* --- threads --- */

/* Another variable in each thread; a local array is certainly another than that. */
static u32 kept_thread_local(int n) {
  u32 out[300];
  for (int i = 0; i < n; i++)
    out[i] = f(i) + own;
  return hash(out, sizeof *out * n);
}
static u32 kept_thread_local_row(int n) {
  for (int i = 0; i < n; i++)
    own_row[i] += f(i);
  return hash(own_row, sizeof own_row);
}
static u32 kept_thread_local_helper(int n) {
  u32 s = 0;
  for (int i = 0; i < n; i++)
    s += reads_own(f(i));
  return s;
}
/* Declared const, and yet another answer in each thread. */
static u32 kept_self(int n) {
  u32 s = 0;
  for (int i = 0; i < n; i++)
    s += f(i) + (pthread_self() == me);
  return s;
}

/* --- what waits in front of the loop, and behind it --- */

LAZY static u32 sweep(LAZY_INOUT(n) u32 *x, int n) {
  u32 s = 0;
  for (int i = 0; i < n; i++)
    s += x[i] = f(x[i] + s);
  return s;
}
// CHECK-DAG: @taken_between.lazy.loop(
static u32 taken_between(int n) {
  u32 s = sweep(memory, n);
  memory[2] = f(n);
  u32 other = sweep(memory + 600, n);
  for (int i = 0; i < n; i++)
    memory[i] ^= f(i);
  memory[n / 2] = f(n + 1);
  for (int i = 0; i < n; i++)
    memory[i] += f(memory[i]);
  return s + other + sweep(memory + 1, n);
}
// CHECK-DAG: @taken_in_recursion.lazy.loop(
LAZY static u32 taken_in_recursion(LAZY_INOUT(n) u32 *x, int n, int depth) {
  u32 s = 0;
  for (int i = 0; i < n; i++) {
    x[i] = f(x[i]);
    s += f(i);
  }
  if (depth == 0 || n < 2)
    return s;
  return s + taken_in_recursion(x, n / 2, depth - 1) + taken_in_recursion(x + n / 2, n - n / 2, depth - 1);
}

static void *elsewhere(void *n) {
  u32 s = 0;
  for (int i = 0; i < *(int *)n; i++)
    s += f(i);
  *(u32 *)n = s;
  return NULL;
}

int main(void) {
  static const int counts[] = {1, 2, 3, 15, 16, 17, 60, 299};
  own = 7;
  me = pthread_self();
  for (int round = 0; round < 2; round++)
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
      int n = counts[k];
#define SHOW(call)                                                                                                     \
  do {                                                                                                                 \
    u32 answer = call;                                                                                                 \
    printf("%s %d: %u %u %u %u\n", #call, n, answer, hash(memory, sizeof memory), hash(larges, sizeof larges),         \
           hash(&pairs[n / 2].a, 4) + (u32)(pairs[n / 3].b * 8));                                                      \
  } while (0)
      SHOW(taken_up(n));
      SHOW(taken_down(n));
      SHOW(taken_steps(n));
      SHOW(taken_do(n));
      SHOW(taken_unsigned(n));
      SHOW(kept_short(-n, 2 * n));
      SHOW(taken_pointers(n));
      SHOW(kept_pointer(n));
      SHOW(kept_wrapping(-70u, n));
      SHOW(taken_inner(n, 8, 8));
      SHOW(taken_inner(n, 8, 7));
      SHOW(taken_inner(n, 0, 0));
      SHOW(taken_inner(n, 3, 0));
      SHOW(kept_before_inner(n));
      SHOW(taken_maybe(n));
      SHOW(taken_structs(n));
      SHOW(taken_blocks(n));
      SHOW(kept_break(n));
      SHOW(kept_prefix(n));
      SHOW(kept_seen(n));
      SHOW(taken_table(n));
      SHOW(taken_local(n));
      SHOW(kept_local(n));
      SHOW(kept_itself(n));
      SHOW(kept_result(n));
      SHOW(again(n));
      SHOW(kept_thread_local(n));
      SHOW(kept_thread_local_row(n));
      SHOW(kept_thread_local_helper(n));
      SHOW(kept_self(n));
      SHOW(taken_between(n));
      SHOW(taken_in_recursion(memory, 4 * n, 3));
      int m = n;
      pthread_t other;
      pthread_create(&other, NULL, elsewhere, &m);
      SHOW(taken_up(n));
      pthread_join(other, NULL);
      printf("%d\n", m);
    }
}
