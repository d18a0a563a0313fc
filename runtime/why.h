/* why.h - why a call was computed, although there is a cache. */
#ifndef LZ_WHY_H
#define LZ_WHY_H

#include "cache.h"
#include "key.h"

/* What the folder remembers of a function, under its name: of the last run that called it. */
struct lz_record {
  uint32_t format;        /* LZ_RECORD */
  uint16_t parts, change; /* enum lz_code_change */
  uint64_t code[2];
  uint64_t when; /* s since 1970 */
  uint64_t calls, hits, misses, stored;
  uint64_t saved, cost; /* ns */
  uint64_t why[LZ_WHYS];
  uint64_t part[LZ_PARTS];
};
#define LZ_RECORD 2

/* Is its code that of the run before? */
enum lz_code_change { LZ_CODE_NEW, LZ_CODE_SAME, LZ_CODE_OTHER };

/* Does anybody want to know? */
static inline bool lz_why_is_asked(void) {
  return lz.diagnose || lz_cache.watch;
}

/* Notes one call, which had a key or not, and was found or not.  The reason, which stays; NULL: it was found. */
const char *lz_why(struct lz_results *results, const struct lz_call *call, bool keyed, bool found);

/* In words, for the index of a struct lz_record. */
const char *lz_why_text(enum lz_why why);

/* What the folder remembers of the last run; and for the next one. */
void lz_why_recall(struct lz_results *results);
void lz_why_note(const struct lz_results *results);

/* Around a fork. */
void lz_why_lock(void);
void lz_why_unlock(void);

/* On stderr. */
void lz_why_print(const struct lz_results *results);

#endif /* LZ_WHY_H */
