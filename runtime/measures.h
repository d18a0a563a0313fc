/* measures.h - what a run adds up to, as JSON. */
#ifndef LZ_MEASURES_H
#define LZ_MEASURES_H

#include "story.h"
#include "text.h"

/* One object: counters, work and span, and what each line of the source has to do with it.  False: out of memory. */
bool lz_measures_add(struct lz_text *text, const struct lz_stories *stories);

/* The file that LAZY_STATS names is written when the program ends. */
void lz_measures_exit(void);

#endif /* LZ_MEASURES_H */
