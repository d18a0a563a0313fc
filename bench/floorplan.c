/* floorplan BLOCKS: places blocks on a floor, one after another, each on either side and against one that is there, so
 * that the rectangle around them is smallest.  All ways are tried that stay below a bound.
 *
 * What is to be seen: a search that hands its whole state on by value, and needs no cut-off.  The bound is the same
 * for all: what is found in one branch does not spare work in another, or the work would depend on who is first.
 */
#include "measure.h"

#include <lazy/lazy.h>

enum { MOST = 12 };

struct block {
  uint8_t x, y, width, height;
};
struct floor {
  struct block blocks[MOST];
  int count;
};

static const uint8_t sizes[MOST][2] = {{5, 3}, {4, 4}, {7, 2}, {3, 2}, {6, 4}, {2, 5},
                                       {3, 3}, {8, 1}, {4, 2}, {5, 5}, {1, 6}, {2, 2}};

/* Is the block free of all that are there? */
static int fits(const struct floor *floor, struct block b) {
  for (int i = 0; i < floor->count; i++) {
    struct block other = floor->blocks[i];
    if (b.x < other.x + other.width && other.x < b.x + b.width && b.y < other.y + other.height &&
        other.y < b.y + b.height)
      return 0;
  }
  return 1;
}

static unsigned area(const struct floor *floor) {
  unsigned width = 0, height = 0;
  for (int i = 0; i < floor->count; i++) {
    struct block b = floor->blocks[i];
    width = b.x + b.width > width ? b.x + b.width : width;
    height = b.y + b.height > height ? b.y + b.height : height;
  }
  return width * height;
}

static uint32_t code(const struct floor *floor) {
  uint32_t sum = 0;
  for (int i = 0; i < floor->count; i++)
    sum = sum * 31 + floor->blocks[i].x * 256u + floor->blocks[i].y;
  return sum;
}

/* Puts the next block there: bits 0 and 1 say on which side of block way / 4, and which way round. */
static int put(struct floor *floor, int way) {
  const uint8_t *size = sizes[floor->count];
  struct block beside = floor->blocks[way / 4], b = {beside.x, beside.y, size[way & 1], size[~way & 1]};
  if (way & 2)
    b.x = (uint8_t)(b.x + beside.width);
  else
    b.y = (uint8_t)(b.y + beside.height);
  if (!fits(floor, b))
    return 0;
  floor->blocks[floor->count++] = b;
  return 1;
}

/* The smallest area below the bound, and what tells its floor from others of that area; of all ways to go on. */
LAZY static uint64_t place(struct floor floor, int blocks, unsigned bound) {
  uint64_t best = UINT64_MAX;
  if (floor.count == blocks)
    return (uint64_t)area(&floor) << 32 | code(&floor);
  for (int way = 0; way < 4 * floor.count; way++) {
    struct floor next = floor;
    if (put(&next, way) && area(&next) < bound) {
      uint64_t found = place(next, blocks, bound);
      best = found < best ? found : best;
    }
  }
  return best;
}

int main(int argc, char **argv) {
  int blocks = (int)measure_argument(argc, argv, 1, "BLOCKS");
  if (blocks > MOST)
    return 2;
  unsigned all = 0;
  for (int i = 0; i < blocks; i++)
    all += sizes[i][0] * sizes[i][1];
  struct floor first = {.blocks = {{0, 0, sizes[0][0], sizes[0][1]}}, .count = 1};
  measure_start();
  measure_stop(place(first, blocks, all * 5 / 4));
  return 0;
}
