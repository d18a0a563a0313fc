// A library with lazy functions is opened, used and closed again and again, by a program that is lazy itself, and by
// one that has never heard of lazypass; liblazy is shared, or part of the library.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: %clang -O2 -I%include -shared -fPIC %S/Inputs/library.c -o plain.so && %clang -O2 -I%include %s -o plain -lpthread
// RUN: %clang_lazy -O2 -shared -fPIC %S/Inputs/library.c -o shared.so -L%liblazy_dir -llazy
// RUN: %clang_lazy -O2 -shared -fPIC %S/Inputs/library.c -o static.so %liblazy_dir/liblazy.a -llmdb -lpthread -lm
// RUN: %clang_lazy -O2 %s -o lazy -L%liblazy_dir -llazy -lpthread
//
// RUN: ./plain ./plain.so > right
// DEFINE: %{library} = shared
// DEFINE: %{run} = env LD_LIBRARY_PATH=%liblazy_dir OMP_NUM_THREADS=2 ./plain ./%{library}.so | diff right - \
// DEFINE:   && env LD_LIBRARY_PATH=%liblazy_dir OMP_NUM_THREADS=8 LAZY=defer ./plain ./%{library}.so | diff right - \
// DEFINE:   && env LD_LIBRARY_PATH=%liblazy_dir OMP_NUM_THREADS=2 ./lazy ./%{library}.so | diff right - \
// DEFINE:   && env LD_LIBRARY_PATH=%liblazy_dir OMP_NUM_THREADS=8 LAZY=defer ./lazy ./%{library}.so | diff right -
// RUN: %{run}
// REDEFINE: %{library} = static
// RUN: %{run}
#include <dlfcn.h>
#include <lazy/lazy.h>
#include <pthread.h>
#include <stdio.h>

LAZY static int own(int x) {
  unsigned s = (unsigned)x;
  for (int i = 0; i < 3000; i++)
    s = s * 1103515245 + 12345;
  return (int)(s >> 16);
}

static void *thread(void *run) {
  int out[100];
  return (void *)(long)((int (*)(int, int *))run)(100, out);
}

int main(int argc, char **argv) {
  unsigned sum = 0;
  for (int round = 0; round < 100; round++) {
    int mine[64], out[200];
    void *library = dlopen(argv[1], (round & 1 ? RTLD_NOW : RTLD_LAZY) | (round & 2 ? RTLD_GLOBAL : RTLD_LOCAL));
    if (argc != 2 || !library) {
      puts(dlerror());
      return 1;
    }
    void *symbol = dlsym(library, "run");
    int (*run)(int, int *) = (int (*)(int, int *))symbol;
    int (*drop)(int, int) = (int (*)(int, int))dlsym(library, "drop");
    for (int i = 0; i < 64; i++) /* pending while the library comes and goes */
      mine[i] = own(i + round);
    sum = sum * 31 + (unsigned)run(200, out) + (unsigned)drop(round, round % 3 == 0);
    if (round % 5 == 0) {
      pthread_t other;
      void *result;
      pthread_create(&other, NULL, thread, symbol);
      pthread_join(other, &result);
      sum += (unsigned)(long)result;
    }
    for (int i = 0; i < 200; i++)
      sum = sum * 31 + (unsigned)out[i];
    if (dlclose(library))
      return 2;
    for (int i = 0; i < 64; i++)
      sum = sum * 31 + (unsigned)mine[i];
  }
  printf("%u\n", sum);
  return 0;
}
