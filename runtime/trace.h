/* trace.h - what happened when, for Chrome and Perfetto. */
#ifndef LZ_TRACE_H
#define LZ_TRACE_H

#include <stdio.h>

/* LAZY_OK, LAZY_EWRITE, LAZY_ENOMEM. */
int lz_trace(FILE *to);

/* The file that LAZY_TRACE names is written when the program ends. */
void lz_trace_exit(void);

#endif /* LZ_TRACE_H */
