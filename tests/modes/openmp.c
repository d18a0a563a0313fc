// A program with OpenMP of its own calls lazy functions inside its regions, loops, tasks and sections.
// RUN: %lazy_equiv --fast %s -fopenmp -L%libomp_dir
// The same source without OpenMP, whose pragmas are then words in the wind.
// RUN: %lazy_equiv --fast %s --level=-O2
#include <lazy/lazy.h>
#include <stdio.h>

#ifdef _OPENMP
int omp_get_thread_num(void);
#else
static int omp_get_thread_num(void) { return 0; }
#endif

LAZY static int f(int x) {
  unsigned s = (unsigned)x;
  for (int i = 0; i < 500; i++)
    s = s * 1103515245 + 12345;
  return (int)(s >> 16 & 1023);
}
LAZY static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
LAZY static double harmonic(int n) {
  double s = 0;
  for (int i = 1; i < 200; i++)
    s += n / (double)i;
  return s;
}
static int pair(int i) {
  int a = f(i), b = f(i + 1);
  return a ^ b;
}
/* A lazy function with a region of its own runs in place. */
LAZY static int inner(int n) {
  int s = 0;
#pragma omp parallel for reduction(+ : s)
  for (int i = 0; i < n; i++)
    s += i * i;
  return s;
}

static int out[1000], in[1000];
static double d[1000];

static int loops(int round) {
  int s = 0;
#pragma omp parallel for
  for (int i = 0; i < 1000; i++)
    out[i] = f(i + round);
#pragma omp parallel for schedule(dynamic) reduction(+ : s)
  for (int i = 0; i < 300; i++)
    s += pair(i);
  for (int i = 0; i < 1000; i++)
    in[i] = f(out[i]);
#pragma omp parallel for simd
  for (int i = 0; i < 1000; i++)
    d[i] = harmonic(in[i] % 100);
  return s;
}

static int tasks(void) {
  int later = 0;
#pragma omp parallel
#pragma omp single
  {
    for (int i = 0; i < 100; i++)
#pragma omp task
      out[i] = fib(i % 12) + pair(i);
#pragma omp task shared(later) depend(out : later)
    later = fib(11);
#pragma omp taskwait
  }
  return later;
}

static int region(void) {
  int s = 0;
#pragma omp parallel num_threads(3)
  {
    int t = omp_get_thread_num() * 0, a = f(t), b = fib(t + 8);
#pragma omp critical
    s = a + b;
#pragma omp barrier
#pragma omp for
    for (int i = 0; i < 50; i++)
      in[i] = f(i) + a;
#pragma omp sections
    {
#pragma omp section
      out[1] = fib(9);
#pragma omp section
      out[2] = fib(10);
    }
  }
  return s;
}

/* Calls that write memory, pending in tasks and loops of the program's. */
LAZY static void fill(LAZY_OUT(n) int *to, int n, int seed) {
  for (int i = 0; i < n; i++)
    to[i] = seed = f(seed + i);
}
LAZY static void add(LAZY_INOUT(n) int *to, LAZY_IN(n) const int *a, int n) {
  for (int i = 0; i < n; i++)
    to[i] = (to[i] * 3 + a[i]) % 1000003;
}
static int regions(int round) {
  static int a[20][40];
#pragma omp parallel for
  for (int i = 0; i < 20; i += 2) {
    fill(a[i], 40, i + round);
    fill(a[i + 1], 40, i);
    add(a[i], a[i + 1], 40);
    add(a[i + 1], a[i], 20);
  }
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < 19; i++) {
#pragma omp task depend(inout : a[i + 1]) depend(in : a[i])
    {
      add(a[i + 1], a[i], 40);
      fill(a[i + 1] + 30, 10, a[i][39]);
    }
  }
  return a[19][3] ^ a[19][39];
}

int main(void) {
  int s = 0;
  for (int round = 0; round < 3; round++) {
    s += loops(round) + tasks() + region() + inner(10 + round) + inner(5) + regions(round);
    int k = f(round);
#pragma omp atomic
    s += k;
    for (int i = 0; i < 1000; i++)
      s = (s * 3 + (out[i] ^ in[i]) + (int)d[i]) % 1000003;
    printf("%d\n", s);
  }
  return 0;
}
