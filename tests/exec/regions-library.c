// The C library touches memory that calls are pending on, in each of the ways it has.
// RUN: %lazy_equiv %s
// RUN: %lazy_equiv --fast -fno-builtin %s
// RUN: %lazy_equiv --fast --level="-O2 -D_FORTIFY_SOURCE=3" %s
#define _GNU_SOURCE
#include <lazy/lazy.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

LAZY static void spell(LAZY_OUT(n) char *to, int n, unsigned seed) {
  for (int round = 0; round < 30; round++)
    for (int i = 0; i < n; i++)
      to[i] = (char)('a' + (seed + (unsigned)(i * round)) % 26);
  to[n - 1] = '\0';
}
LAZY static void shift(LAZY_INOUT(n) char *a, int n) {
  for (int round = 0; round < 33; round++)
    for (int i = 0; i < n; i++)
      if (a[i])
        a[i] = (char)(a[i] == 'z' ? 'a' : a[i] + 1);
}
LAZY static unsigned digest(LAZY_IN(n) const char *a, int n) {
  unsigned h = 0;
  for (int round = 0; round < 20; round++)
    for (int i = 0; i < n; i++)
      h = h * 31 + (unsigned char)a[i];
  return h;
}
LAZY static int pick(int x) {
  for (int i = 0; i < 40; i++)
    x = (x * 31 + 7) & 0x3fff;
  return x % 16;
}

enum { N = 40 };

static void printed(void) {
  char a[N], b[4][N];
  for (int i = 0; i < 4; i++) {
    spell(b[i], N, (unsigned)i);
    printf("%d %s\n", i, b[i]);
    spell(b[i], N / 2, (unsigned)i + 3);
    printf("%d %.1f %c\n", i, i * 0.5, 'x');
  }
  spell(a, N, 1);
  puts(a);
  shift(a, N);
  fputs(a, stdout);
  shift(a + 3, N - 3);
  fwrite(a, 1, N - 1, stdout);
  shift(a, 5);
  fwrite(a, 4, 2, stdout);
  putchar('\n');
  for (int i = 0; i < 4; i++)
    printf("%.*s %s\n", 5, b[i] + i, b[3 - i]);
}

static void copied(void) {
  char a[2 * N], b[2 * N] = "", *end;
  spell(a, N, 2);
  spell(a + N, N, 3);
  memcpy(b + 7, a + N / 2, N);
  shift(b + 9, N - 4);
  memmove(b + 11, b + 8, N - 11);
  shift(b + 9, 5);
  memset(b, 'q', (size_t)pick(4) + 3);
  shift(b, 12);
  printf("%d %u\n", memcmp(a, b, (size_t)pick(3) + 1) < 0, digest(b, N));
  shift(b, N - 1);
  strncpy(b + 3, a + 2, 8);
  shift(b + 4, 4);
  end = mempcpy(b + 20, a + 5, 6);
  shift(b + 20, 10);
  *end = '.';
  memccpy(b + 2, b + 19, '.', 12);
  shift(a, N);
  strcpy(b, a + 3);
  shift(b, 9);
  strcat(b, "end");
  shift(b, N);
  strncat(b, a, 3);
  shift(b, N);
  printf("%s %zu %zu %d\n", b, strlen(b), strnlen(a, 7), strcmp(a, b) < 0);
  spell(a, N, 9);
  char *found = memchr(a, a[0] + 0, N), *copy = (shift(a, N), strdup(a)), *part = (shift(a, N), strndup(a, 6));
  printf("%td %s %s\n", found - a, copy, part);
  shift(copy, 10);
  free(copy);
  shift(part, 3);
  printf("%s\n", part);
  free(part);
}

static void formatted(void) {
  char a[N], b[3 * N];
  int n = 0, m = 0;
  spell(a, N, 5);
  spell(b, 3 * N, 6);
  snprintf(b, 20, "[%s]", a);
  shift(a, N);
  shift(b, 8);
  sprintf(b + 30, "%d-%s-%n", 5, a, &n);
  shift(b + 25, 20);
  shift(a, N);
  printf("%s %.10s%n\n", b, b + 30, &m);
  printf("%d %d %u\n", n, m, digest(b, 3 * N));
  spell(a, 4, 1);
  spell(a + 4, 4, 1);
  snprintf(a, 3, "%d", 1234);
  printf("%s %s %u\n", a, a + 4, digest(a, 8));
  memset(a, '1', 9);
  shift(a + 4, 4);
  a[4] = 0;
  long x = strtol(a, NULL, 10);
  shift(a, 2);
  printf("%ld %d\n", x, sscanf(a, "%1d", &n));
}

struct row {
  char *text;
  int size;
};
static void given_back(void) {
  struct row rows[20];
  unsigned h = 0;
  for (int i = 0; i < 20; i++) {
    rows[i].size = 20 + 5 * i;
    rows[i].text = malloc((size_t)rows[i].size);
    spell(rows[i].text, rows[i].size, (unsigned)i);
  }
  for (int i = 0; i < 20; i += 2) {
    shift(rows[i].text, 7);
    rows[i].text = realloc(rows[i].text, (size_t)rows[i].size * 20);
    shift(rows[i].text + 2, 9);
  }
  for (int i = 0; i < 20; i++) {
    shift(rows[i].text, rows[i].size);
    if (i % 3 == 0)
      h = h * 31 + digest(rows[i].text, rows[i].size);
    free(rows[i].text);
    rows[i].text = calloc(1, 50);
    spell(rows[i].text, 50, (unsigned)i);
  }
  for (int i = 0; i < 20; i++) {
    h = h * 31 + (unsigned char)rows[i].text[i];
    shift(rows[i].text, 50);
    free(rows[i].text);
  }
  free(NULL);
  printf("given back %u\n", h);
}

// Streams that lead to memory or to the program.
static char seen[N];
static ssize_t look(void *cookie, const char *text, size_t size) {
  (void)text;
  *(unsigned *)cookie = *(unsigned *)cookie * 31 + (unsigned char)seen[3] + (unsigned)size;
  return (ssize_t)size;
}
static void streams(void) {
  char in[N], *out = NULL, read[N] = "";
  size_t size = 0;
  spell(in, N, 4);
  FILE *f = fmemopen(in, N, "r");
  shift(in, N);
  if (fgets(read, 10, f))
    printf("%s\n", read);
  shift(in, N);
  printf("%zu", fread(read + 5, 1, 9, f));
  printf(" %c %s\n", fgetc(f), read);
  fclose(f);

  f = open_memstream(&out, &size);
  fputs("abcdefgh", f);
  fflush(f);
  unsigned h = digest(out, 8);
  shift(out, 5);
  fputs("ijkl", f);
  shift(out, 5);
  for (int i = 0; i < 3000; i++)
    fputc('x', f);
  printf("%u\n", h);
  fflush(f);
  h = digest(out, 30);
  fclose(f);
  printf("%u %.20s\n", h, out);
  shift(out, 3);
  free(out);

  unsigned cookie = 1;
  f = fopencookie(&cookie, "w", (cookie_io_functions_t){.write = look});
  setvbuf(f, NULL, _IONBF, 0);
  spell(seen, N, 8);
  for (int i = 0; i < 3; i++) {
    shift(seen, N);
    fprintf(f, "%d", i);
  }
  shift(seen, N);
  fputc('x', f);
  fclose(f);
  printf("cookie %u\n", cookie);

  char buffer[64];
  f = tmpfile();
  spell(buffer, 64, 1);
  setvbuf(f, buffer, _IOFBF, sizeof buffer);
  for (int i = 0; i < 100; i++)
    fprintf(f, "%d,", i);
  rewind(f);
  spell(read, 8, 3);
  spell(read + 12, 8, 3);
  int x = 0;
  if (fscanf(f, "%d,%4[0-9,]", &x, read + 2) == 2)
    shift(read, 8);
  printf("%d %s", x, fgets(read + 8, 6, f));
  shift(read, 20);
  printf(" %s %u\n", read, digest(read, N));
  fclose(f);
}

// What calls the program back, keeps what it is given, or is not described.
static int compare(const void *a, const void *b) {
  seen[0]++;
  return *(const char *)a - *(const char *)b;
}
static void others(void) {
  char a[N];
  spell(a, N, 3);
  spell(seen, N, 3);
  qsort(a, N - 1, 1, compare);
  shift(a, N);
  shift(seen, N);
  printf("%s %s\n", a, (char *)bsearch("e", a, N - 1, 1, compare));
  spell(a, N, 2);
  spell(a + 9, 5, 2);
  int words = 0;
  for (char *word = strtok(a, "k"); word; word = strtok(NULL, "k")) {
    if (words++ < 3)
      shift(word + strlen(word) + 1, 4);
    printf("%s ", word);
  }
  puts("");
  char *line = NULL;
  size_t size = 0;
  FILE *f = tmpfile();
  for (int i = 0; i < 5; i++)
    fprintf(f, "%0*d\n", 60 * i, i);
  rewind(f);
  while (getline(&line, &size, f) > 0) {
    unsigned h = digest(line, (int)strlen(line));
    shift(line, (int)strlen(line));
    printf("%u %zu\n", h, strlen(line));
    shift(line, 1);
  }
  fclose(f);
  free(line);
  wchar_t wide[N];
  spell((char *)wide, sizeof wide, 3);
  wide[N - 1] = L'\0';
  wmemset(wide + 3, L'w', 4);
  shift((char *)(wide + 5), 4);
  wchar_t other[N];
  wmemcpy(other, wide, N);
  shift((char *)other, sizeof other);
  printf("%d %d %d\n", wide[5], other[4], wcslen(wide) > 3);
  char name[N] = "LAZY_TEST=";
  spell(name + 10, 8, 3);
  putenv(name);
  shift(name + 10, 8);
  printf("%s\n", getenv("LAZY_TEST"));
  putenv("LAZY_TEST");
}

// Sizes and places that are lazy values themselves; mathematics among them.
static void lazily(void) {
  char a[4 * N];
  memset(a, 'a', sizeof a);
  shift(a, 4 * N);
  memset(a + pick(1), 'k', (size_t)pick(2) + 1);
  shift(a, 20);
  char *p = memchr(a, 'l', (size_t)pick(5) + 30);
  double whole;
  double part = modf(sin(1) * 100, &whole) + pow(2, pick(8));
  shift(a, 20);
  printf("%td %a %a\n", p ? p - a : -1, part, whole);
  fwrite(a, (size_t)pick(7), (size_t)pick(9) % 9, stdout);
  shift(a, 4 * N);
  printf(" %u %d\n", digest(a, 4 * N), rand() != rand());
}

int main(void) {
  printed();
  copied();
  formatted();
  given_back();
  streams();
  others();
  lazily();
  return 0;
}
