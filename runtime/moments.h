/* moments.h - all that was recorded, in order of time. */
#ifndef LZ_MOMENTS_H
#define LZ_MOMENTS_H

#include "story.h"

/* Something begins, or ends; of what takes no time, only the beginning. */
struct lz_moment {
  uint64_t when; /* ns */
  const struct lz_event *event;
  uint32_t hand;
  bool ends;
};

struct lz_moments {
  struct lz_moment *moment;
  size_t count, room;
  uint32_t hand; /* whose are being collected */
  bool failed;
};

/* False: out of memory. */
bool lz_moments_collect(struct lz_moments *moments, uint32_t hands);
void lz_moments_free(struct lz_moments *moments);

/* When it has ended; 0: it has not, or takes no time. */
static inline uint64_t lz_event_end(const struct lz_event *event) {
  /* acquire: pairs with the release of lz_record_ran() */
  return LZ_LOAD(&((struct lz_event *)(uintptr_t)event)->other, acquire);
}

/* Room for one more of `each` bytes.  False: out of memory. */
bool lz_grow(void **array, size_t used, size_t *room, size_t each);

#endif /* LZ_MOMENTS_H */
