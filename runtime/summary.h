/* summary.h - how parallel a run was, how parallel it could have been, and where it waited. */
#ifndef LZ_SUMMARY_H
#define LZ_SUMMARY_H

#include "story.h"

/* What one line of the source adds up to. */
struct lz_line {
  const char *function; /* that is called; of a wait, that is waited for */
  const char *in;       /* of a wait: the function that waits; NULL: unknown */
  const char *file;
  uint32_t line, column;
  uint64_t count;    /* calls, or waits */
  uint64_t ns;       /* of running; or of waiting with nothing else to do */
  uint64_t critical; /* of running, on the critical path */
};

struct lz_lines {
  struct lz_line *line; /* those of most ns first */
  size_t count, room;
};

/* All in ns.  work >= span;  a run on very many cores takes at least `span`, one on one core at least `work`. */
struct lz_summary {
  uint64_t elapsed; /* since recording began */
  uint64_t work;    /* of all threads, waiting left out */
  uint64_t span;    /* of the critical path: of what had to happen one after another */
  uint64_t waited;  /* with nothing else to do, but by workers without work */
  uint64_t serial;  /* of the critical path: the program's own code, and calls that are in place there */
  uint32_t hands;
  struct lz_lines calls, waits;
};

/* False: out of memory. */
bool lz_summary_make(struct lz_summary *summary, const struct lz_stories *stories);
void lz_summary_free(struct lz_summary *summary);

#endif /* LZ_SUMMARY_H */
