/* wordcount.c - the most frequent words of a text.
 *
 *     wordcount [MEGABYTES | FILE]
 *
 * The text is cut into chunks between words; each chunk is counted into a table of its own, which grows as it must; the
 * tables are added up in order.  Without a FILE the text is invented: frequent words are short, and a few make up most
 * of it, as in real ones.
 *
 * What to notice: `tables[i] = count(...)` returns a struct with a pointer to memory that the call allocated, grew and
 * filled; whoever gets the value gets the memory.  LAZY_IN says which part of the text a call reads; end_of_chunk is
 * LAZY for that alone, since otherwise it might read the tables.
 */
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1 << 19, TOP = 12 };

struct entry {
  const char *word; /* in the text */
  int length;
  long count; /* 0: free */
};

/* Open addressing; less than half full. */
struct table {
  struct entry *entries;
  size_t size, used; /* size: a power of two */
};

static void *checked(void *memory) {
  if (!memory)
    abort();
  return memory;
}

static int is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

static struct table new_table(size_t size) {
  return (struct table){checked(calloc(size, sizeof(struct entry))), size, 0};
}

static struct entry *find(const struct table *t, const char *word, int length) {
  size_t hash = 2166136261u;
  for (int i = 0; i < length; i++)
    hash = (hash ^ (unsigned char)word[i]) * 16777619u;
  for (size_t i = hash;; i++) {
    struct entry *e = &t->entries[i & (t->size - 1)];
    if (!e->count || (e->length == length && !memcmp(e->word, word, (size_t)length)))
      return e;
  }
}

static void add(struct table *t, const char *word, int length, long count) {
  struct entry *e = find(t, word, length);
  if (!e->count)
    *e = (struct entry){word, length, 0}, t->used++;
  e->count += count;
}

static void merge(struct table *to, const struct table *from) {
  for (size_t i = 0; i < from->size; i++)
    if (from->entries[i].count)
      add(to, from->entries[i].word, from->entries[i].length, from->entries[i].count);
}

static void grow(struct table *t) {
  struct table larger = new_table(2 * t->size);
  merge(&larger, t);
  free(t->entries);
  *t = larger;
}

/* The words in its table point into the text, which the compiler does not see: they might point anywhere.  LAZY_TRUSTED
 * vouches that the text is all that it reads. */
LAZY LAZY_TRUSTED static struct table count(LAZY_IN(n) const char *text, long n) {
  struct table t = new_table(1024);
  for (long i = 0; i < n;) {
    long end = i;
    while (end < n && is_letter(text[end]))
      end++;
    if (end > i) {
      add(&t, text + i, (int)(end - i), 1);
      if (2 * t.used >= t.size)
        grow(&t);
    }
    i = end + 1;
  }
  return t;
}

/* Where the chunk that begins at i ends: between words. */
LAZY static long end_of_chunk(LAZY_IN(n) const char *text, long i, long n) {
  long end = n - i < CHUNK ? n : i + CHUNK;
  while (end < n && is_letter(text[end]))
    end++;
  return end;
}

static struct table sum_up(struct table *tables, long count) {
  struct table all = new_table(1024);
  for (long i = 0; i < count; i++) {
    while (2 * (all.used + tables[i].used) >= all.size)
      grow(&all);
    merge(&all, &tables[i]);
    free(tables[i].entries);
  }
  free(tables);
  return all;
}

static struct table count_all(const char *text, long n) {
  struct table *tables = checked(malloc(((size_t)n / CHUNK + 1) * sizeof *tables));
  long chunks = 0;
  for (long i = 0, end; i < n; i = end) {
    end = end_of_chunk(text, i, n);
    tables[chunks++] = count(text + i, end - i);
  }
  return sum_up(tables, chunks);
}

/* The word of rank r is the hexadecimal digits of r, in letters. */
static char *invent(long n) {
  char *text = checked(malloc((size_t)n + 1));
  uint64_t seed = 1;
  for (long i = 0; i < n;) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    uint64_t rank = (seed >> 40) & ((2u << (seed >> 36) % 13) - 1);
    do
      text[i++] = "etaoinshrdlucmfw"[rank & 15];
    while ((rank >>= 4) && i < n);
    if (i < n)
      text[i++] = seed >> 60 ? ' ' : '\n';
  }
  return text;
}

static char *read_file(const char *name, long *n) {
  FILE *file = fopen(name, "rb");
  if (!file || fseek(file, 0, SEEK_END) || (*n = ftell(file)) < 0 || fseek(file, 0, SEEK_SET)) {
    perror(name);
    exit(1);
  }
  char *text = checked(malloc((size_t)*n + 1));
  *n = (long)fread(text, 1, (size_t)*n, file);
  fclose(file);
  return text;
}

/* The more frequent one first; those of one frequency by the alphabet. */
static int compare(const void *left, const void *right) {
  const struct entry *a = left, *b = right;
  if (a->count != b->count)
    return a->count < b->count ? 1 : -1;
  int order = a->count ? memcmp(a->word, b->word, (size_t)(a->length < b->length ? a->length : b->length)) : 0;
  return order ? order : a->length - b->length;
}

static char *get_text(int argc, char **argv, long *n) {
  char *end = "";
  *n = argc > 1 ? strtol(argv[1], &end, 10) << 20 : 16 << 20;
  return *end ? read_file(argv[1], n) : invent(*n);
}

static int finish(struct table t, char *text) {
  qsort(t.entries, t.size, sizeof *t.entries, compare);
  printf("%zu different words\n", t.used);
  for (size_t i = 0; i < TOP && i < t.used; i++)
    printf("%8ld %.*s\n", t.entries[i].count, t.entries[i].length, t.entries[i].word);
  free(t.entries);
  free(text);
  return 0;
}

int main(int argc, char **argv) {
  long n;
  char *text = get_text(argc, argv, &n);
  return finish(count_all(text, n), text);
}
