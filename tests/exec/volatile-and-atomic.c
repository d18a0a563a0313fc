// Accesses that nothing may move across.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>

LAZY static int f(int x) { return x * 3; }
static volatile int device;
static atomic_int shared;
static int plain[10];
static volatile sig_atomic_t seen;
static void handler(int s) { seen = s + plain[2]; }

int main(void) {
  signal(SIGUSR1, handler);
  for (int i = 0; i < 10; i++) {
    plain[i] = f(i);
    device = f(i + 1);
    if (i == 5)
      raise(SIGUSR1);
    atomic_fetch_add(&shared, f(i));
    atomic_store_explicit(&shared, f(shared) & 1023, memory_order_release);
    int x = f(2), y = f(3);
    __asm__ volatile("" : "+r"(x) : "r"(y) : "memory");
    plain[0] += x + device;
  }
  int a[4];
  for (int i = 0; i < 4; i++)
    a[i] = f(i);
  __asm__ volatile("" : : "r"(a) : "memory");
  printf("%d %d %d %d %d %d\n", plain[0], plain[9], device, shared, (int)seen, a[3]);
  return 0;
}
