/* outcome.h - all that a call gives, in one value. */
#ifndef LZ_OUTCOME_H
#define LZ_OUTCOME_H

#include "files.h"
#include "value.h"

/* What the call has just given.  `states`: of its files before (lz_files_note()).  NULL: out of memory, or it cannot be
 * told. */
struct lz_value *lz_outcome_gather(const struct lz_call *call, const struct lz_file_state *states);

/* An lz_take, for `context`, a struct lz_call: puts the value where the call would have put it.  False: it is none of
 * such a call, or cannot be put there; the call is to be made. */
bool lz_outcome_scatter(void *context, const void *value, size_t size);

#endif /* LZ_OUTCOME_H */
