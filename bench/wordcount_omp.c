/* The example that counts words, by an OpenMP expert: a task a chunk. */
#define main serial_main
#include "../examples/wordcount.c"
#undef main

static struct table count_shared(const char *text, long n) {
  struct table *tables = checked(malloc(((size_t)n / CHUNK + 1) * sizeof *tables));
  long chunks = 0;
#pragma omp parallel
#pragma omp single
  for (long i = 0, end; i < n; i = end) {
    end = end_of_chunk(text, i, n);
    struct table *table = &tables[chunks++];
#pragma omp task
    *table = count(text + i, end - i);
  }
  return sum_up(tables, chunks);
}

int main(int argc, char **argv) {
  long n;
  char *text = get_text(argc, argv, &n);
  return finish(count_shared(text, n), text);
}
