/* Included twice, and without a guard around the prototypes. */
#include <lazy/lazy.h>

LAZY int in_header(int);
LAZY int on_prototype(int);
int on_definition(int);
LAZY int both(int);

#ifndef DEFINITIONS_H
#define DEFINITIONS_H
LAZY static inline int in_header_inline(int x) { return x * 29; }
#endif
