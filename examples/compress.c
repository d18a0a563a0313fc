/* compress.c - packs a file as gzip does, block by block.
 *
 *     compress FILE OUTPUT
 *
 * Each block becomes a gzip file of its own, one behind the other in OUTPUT, which gunzip reads like one.  A FILE that
 * is a number stands for so many invented megabytes.  Needs zlib: cc compress.c -lz
 *
 * What to notice: what zlib does is out of the compiler's sight, so LAZY_TRUSTED vouches for it.  The extent of
 * its output is its array declarator.
 */
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { BLOCK = 1 << 17, ROOM = BLOCK + BLOCK / 64 + 64 };

/* How many bytes of `to` the n bytes of `from` take as a gzip file. */
LAZY LAZY_TRUSTED static size_t pack(unsigned char to[ROOM], LAZY_IN(n) const unsigned char *from, size_t n) {
  z_stream stream = {0};
  stream.next_in = (unsigned char *)from, stream.avail_in = (unsigned)n;
  stream.next_out = to, stream.avail_out = ROOM;
  int failed = deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK ||
               deflate(&stream, Z_FINISH) != Z_STREAM_END;
  deflateEnd(&stream);
  return failed ? 0 : stream.total_out;
}

struct job {
  unsigned char *data;
  size_t size, blocks, *sizes;
  unsigned char (*packed)[ROOM];
  const char *output;
};

static void *checked(void *memory) {
  if (!memory)
    abort();
  return memory;
}

static _Noreturn void fail(const char *name) {
  perror(name);
  exit(1);
}

/* Lines of numbers, some of which come again and again. */
static unsigned char *invent(size_t n) {
  unsigned char *data = checked(malloc(n + 32));
  uint64_t seed = 1;
  for (size_t i = 0; i < n;) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    i += (size_t)sprintf((char *)data + i, "%llu,%llu\n", (unsigned long long)(seed >> 58),
                         (unsigned long long)(seed >> 32 & 0xfff));
  }
  return data;
}

static unsigned char *read_file(const char *name, size_t *n) {
  FILE *file = fopen(name, "rb");
  long end;
  if (!file || fseek(file, 0, SEEK_END) || (end = ftell(file)) < 0 || fseek(file, 0, SEEK_SET))
    fail(name);
  unsigned char *data = checked(malloc((size_t)end + 1));
  *n = fread(data, 1, (size_t)end, file);
  fclose(file);
  return data;
}

static struct job start(int argc, char **argv) {
  if (argc != 3) {
    fputs("usage: compress FILE|MEGABYTES OUTPUT\n", stderr);
    exit(2);
  }
  char *end;
  size_t n = strtoul(argv[1], &end, 10) << 20;
  struct job job = {.data = *end ? read_file(argv[1], &n) : invent(n)};
  job.size = n;
  job.blocks = (n + BLOCK - 1) / BLOCK;
  job.sizes = checked(malloc((job.blocks + 1) * sizeof *job.sizes));
  job.packed = checked(malloc((job.blocks + 1) * sizeof *job.packed));
  job.output = argv[2];
  return job;
}

static size_t size_of_block(const struct job *job, size_t i) {
  size_t left = job->size - i * BLOCK;
  return left < BLOCK ? left : BLOCK;
}

static int finish(struct job *job) {
  FILE *output = fopen(job->output, "wb");
  if (!output)
    fail(job->output);
  size_t sum = 0;
  for (size_t i = 0; i < job->blocks; i++)
    sum += fwrite(job->packed[i], 1, job->sizes[i], output);
  if (fclose(output))
    fail(job->output);
  printf("%zu bytes in, %zu out\n", job->size, sum);
  free(job->sizes);
  free(job->packed);
  free(job->data);
  return 0;
}

int main(int argc, char **argv) {
  struct job job = start(argc, argv);
  for (size_t i = 0; i < job.blocks; i++)
    job.sizes[i] = pack(job.packed[i], job.data + i * BLOCK, size_of_block(&job, i));
  return finish(&job);
}
