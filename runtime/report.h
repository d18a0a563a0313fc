/* report.h - what LAZY=check has to say. */
#ifndef LZ_REPORT_H
#define LZ_REPORT_H

#include "span.h"

/* A call of a function that is checked; `call` may be NULL: not known. */
struct lz_checked_call {
  const struct lazy_checked *function;
  const struct lazy_place *call;
};

/* Its access to `range`, at `place`, is not right from `at` on, which lies nearest to `span`; NULL: to none. */
void lz_report_access(const struct lz_checked_call *in, struct lz_range range, uint32_t access, uintptr_t at,
                      const struct lazy_place *place, const struct lz_span *span);

/* Its annotations come to less than nothing. */
void lz_report_negative(const struct lz_checked_call *in, const struct lazy_name *name);

/* The function that is called here does not check. */
void lz_report_unable(const struct lazy_place *call);

/* How many errors there were. */
uint64_t lz_report_count(void);

#endif /* LZ_REPORT_H */
