/* dump.h - the graph as text that others can read. */
#ifndef LZ_DUMP_H
#define LZ_DUMP_H

#include <stdio.h>

struct lazy_node;

/* LAZY_OK, LAZY_EFORMAT, LAZY_EWRITE, LAZY_ENOMEM.  `node`: only what that still needs; NULL: everything. */
int lz_dump(FILE *to, const char *format, struct lazy_node *node);

/* The file that LAZY_GRAPH names is written when the program ends. */
void lz_draw_exit(void);

#endif /* LZ_DUMP_H */
