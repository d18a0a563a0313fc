// Files that calls read and make: what is in them is part of the key, or of the result.
// RUN: rm -rf %t.place && mkdir %t.place && cd %t.place
// RUN: %lazy_equiv %s
// RUN: %clang_lazy -O1 %s -o %t -L%liblazy_dir -llazy -Wl,-rpath,%liblazy_dir
// RUN: %clang_lazy -O0 %s -o %t.o0 -L%liblazy_dir -llazy -Wl,-rpath,%liblazy_dir
// RUN: %clang -I%include -O1 %s -o %t.plain
// RUN: %t.plain > %t.expected
// RUN: env LAZY_CACHE=%t.place/kept LAZY_STATS=1 %t > %t.out 2> %t.err && diff %t.expected %t.out
// RUN: %FileCheck --check-prefix=FIRST %s < %t.err
// RUN: env LAZY_CACHE=%t.place/kept LAZY_STATS=1 %t > %t.out 2> %t.err && diff %t.expected %t.out
// RUN: %FileCheck --check-prefix=NEXT %s < %t.err
// RUN: env LAZY_CACHE=%t.place/kept %t.o0 > %t.out && env LAZY_CACHE=%t.place/kept %t.o0 > %t.out && diff %t.expected %t.out
// RUN: env LAZY_CACHE=memory LAZY_STATS=1 %t > %t.out 2> %t.err && diff %t.expected %t.out
// RUN: %FileCheck --check-prefix=FIRST %s < %t.err
// FIRST-DAG: lazy: copy: 17 calls, 5 found, 6 computed
// FIRST-DAG: lazy: total: 6 calls, 3 found, 2 computed
// FIRST-DAG: lazy: load: 3 calls, 1 found, 2 computed
// FIRST-DAG: lazy: script: 2 calls, 1 found, 1 computed
// NEXT-DAG: lazy: copy: 17 calls, {{[89]}} found, {{[23]}} computed
// NEXT-DAG: lazy: total: 6 calls, 5 found, 0 computed
// NEXT-DAG: lazy: load: 3 calls, 3 found, 0 computed
// NEXT-DAG: lazy: script: 2 calls, 2 found, 0 computed
#include <fcntl.h>
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *path, const char *text) {
  FILE *f = fopen(path, "w");
  if (!f)
    exit(3);
  fputs(text, f);
  fclose(f);
}

static void show(const char *what, const char *path) {
  char text[256] = "";
  struct stat s = {0};
  FILE *f = fopen(path, "r");
  size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
  if (f)
    fclose(f);
  text[n] = 0;
  int mode = stat(path, &s) == 0 ? (int)(s.st_mode & 07777) : -1;
  printf("%s: %s %o %zu '%s'\n", what, f ? "there" : "absent", (unsigned)mode, n, text);
}

/* Upper case, one file into another.  How many bytes; -1: no. */
LAZY LAZY_CACHED static long copy(LAZY_FILE_IN const char *from, LAZY_FILE_OUT const char *to) {
  FILE *in = fopen(from, "r"), *out = in ? fopen(to, "w") : NULL;
  long count = 0;
  if (!out) {
    if (in)
      fclose(in);
    return -1;
  }
  for (int c; (c = getc(in)) != EOF; count++)
    putc(c >= 'a' && c <= 'z' ? c - 32 : c, out);
  fclose(in);
  return fclose(out) == 0 ? count : -1;
}

/* Helpers are free to do what the function may. */
static int numbers(FILE *f, int *sum) {
  int n, count = 0;
  for (*sum = 0; fscanf(f, "%d", &n) == 1; count++)
    *sum += n;
  return count;
}

LAZY LAZY_CACHED static int total(LAZY_FILE_IN const char *path, LAZY_OUT(1) int *count, int scale) {
  FILE *f = fopen(path, "r");
  int sum = 0;
  *count = -1;
  if (!f) {
    fprintf(stderr, "no %s\n", path);
    return -1;
  }
  *count = numbers(f, &sum);
  fclose(f);
  return sum * scale;
}

LAZY LAZY_CACHED static char *load(LAZY_FILE_IN const char *path, LAZY_OUT(1) size_t *size) {
  FILE *f = fopen(path, "r");
  char *text = f ? calloc(1, 64) : NULL;
  *size = text ? fread(text, 1, 63, f) : 0;
  if (f)
    fclose(f);
  return text;
}

/* Its file may be run. */
LAZY LAZY_CACHED static int script(LAZY_FILE_OUT const char *path, int answer) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  char text[64];
  int length = snprintf(text, sizeof text, "#!/bin/sh\nexit %d\n", answer);
  if (fd < 0 || write(fd, text, (size_t)length) != length)
    answer = -1;
  if (fd >= 0)
    close(fd);
  return answer;
}

int main(void) {
  umask(022);
  put("a", "one two\n");
  remove("b");
  printf("%ld\n", copy("a", "b"));
  show("made", "b");
  printf("%ld\n", copy("a", "b")); /* it is there already */
  show("same", "b");
  put("b", "something else, and longer than that");
  printf("%ld\n", copy("a", "b"));
  show("again", "b");
  remove("b");
  printf("%ld\n", copy("a", "b"));
  show("anew", "b");
  put("a", "one tw\n"); /* another content: */
  printf("%ld\n", copy("a", "b"));
  show("other", "b");
  put("a", "one two\n"); /* the old one */
  printf("%ld\n", copy("a", "b"));
  show("old", "b");
  printf("%ld\n", copy("a", "c"));
  show("c", "c");

  /* What cannot be had is as ever. */
  printf("%ld %ld\n", copy("nowhere", "c"), copy("a", "no/where"));
  show("c", "c");
  printf("%ld\n", copy("a", "/dev/null"));
  mkdir("d", 0755);
  printf("%ld %ld\n", copy("d", "c"), copy("a", "d"));
  show("c", "c");

  /* In and out are one: by name, and by link. */
  put("e", "in and out\n");
  printf("%ld\n", copy("e", "e"));
  show("e", "e");
  put("e", "in and out\n");
  remove("f");
  if (link("e", "f") == 0)
    printf("%ld\n", copy("e", "f"));
  show("f", "f");

  /* Through a link; a mode of its own stays. */
  remove("g");
  remove("h");
  put("h", "");
  chmod("h", 0600);
  if (symlink("h", "g") == 0)
    printf("%ld\n", copy("a", "g"));
  show("g", "g");
  put("h", "other");
  printf("%ld\n", copy("a", "g"));
  show("h", "h");
  remove("g");
  remove("h");
  printf("%ld\n", copy("a", "g")); /* and is not given to another */
  show("g", "g");

  int count, sum;
  put("n", "1 2 3 4\n");
  sum = total("n", &count, 2);
  printf("%d %d\n", sum, count);
  sum = total("n", &count, 2);
  printf("%d %d\n", sum, count);
  put("n", "1 2 3 5\n");
  sum = total("n", &count, 2);
  printf("%d %d\n", sum, count);
  put("n", "1 2 3 4\n");
  sum = total("n", &count, 2);
  printf("%d %d\n", sum, count);
  rename("n", "m"), rename("m", "n");
  sum = total("n", &count, 2);
  printf("%d %d\n", sum, count);
  sum = total("nothing", &count, 2);
  printf("%d %d\n", sum, count);

  for (int i = 0; i < 3; i++) {
    size_t size;
    char *text = load(i < 2 ? "n" : "a", &size);
    printf("%zu %s", size, text ? text : "-");
    if (text)
      text[0] = '#'; /* the caller's own */
    free(text);
  }

  remove("s");
  printf("%d\n", script("s", 7));
  show("s", "s");
  remove("s");
  printf("%d\n", script("s", 7));
  show("s", "s");
  return 0;
}
