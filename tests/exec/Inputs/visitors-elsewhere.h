#include <lazy/lazy.h>
#include <stdlib.h>

struct buffer {
  int size;
  int *bytes;
};

/* Not every file is told. */
#ifndef WITHOUT_VISITOR
LAZY_VISITOR static void visit_buffer(const struct buffer *b, lazy_visit *to) {
  lazy_visit_memory(to, b->bytes, sizeof *b->bytes * (size_t)b->size);
}
#endif

LAZY void shift(LAZY_INOUT(1) struct buffer *b, int by);
LAZY long sum(const struct buffer *b);
LAZY long weigh(LAZY_IN(n) const struct buffer *b, int n);
LAZY void reset(struct buffer *b, int value);
unsigned knowing(struct buffer *b, int count);
