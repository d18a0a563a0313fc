#include "visitors-elsewhere.h"

void shift(struct buffer *b, int by) {
  for (int i = 0; i < b->size; i++)
    b->bytes[i] = b->bytes[i] * 3 % 1009 + by;
}
long sum(const struct buffer *b) {
  long s = 0;
  for (int i = 0; i < b->size; i++)
    s = s * 7 % 100003 + b->bytes[i];
  return s;
}
long weigh(const struct buffer *b, int n) {
  long s = 0;
  for (; n > 0; n--)
    s = s * 5 % 100003 + sum(b++);
  return s;
}
void reset(struct buffer *b, int value) {
  for (int i = 0; i < b->size; i++)
    b->bytes[i] = value;
}

unsigned knowing(struct buffer *b, int count) {
  unsigned h = 0;
  for (int i = 0; i < 3 * count; i++) {
    struct buffer *now = &b[i % count];
    shift(now, i);
    long one = sum(now), two = weigh(b, count);
    b[(i + 1) % count].bytes[i] += 3;
    if (i % 4 == 0)
      reset(&b[(i + 2) % count], i);
    shift(&b[(i + 3) % count], 2);
    h = h * 31 + (unsigned)(one + two);
  }
  return h;
}
