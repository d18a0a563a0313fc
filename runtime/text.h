/* text.h - text that is written to a file fast, piece by piece. */
#ifndef LZ_TEXT_H
#define LZ_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Invariants
 *   bytes[0 .. used) are not in the file yet;  failed: something never will be */
struct lz_text {
  FILE *to;
  bool failed;
  size_t used;
  char bytes[65536];
};

void lz_text_begin(struct lz_text *text, FILE *to);

/* False: not all is in the file. */
bool lz_text_end(struct lz_text *text);

void lz_text_add(struct lz_text *text, const char *string);
void lz_text_number(struct lz_text *text, uint64_t number);

/* ns, as us with three decimals. */
void lz_text_us(struct lz_text *text, uint64_t ns);

/* "string", as JSON has it, and DOT. */
void lz_text_quoted(struct lz_text *text, const char *string);

#endif /* LZ_TEXT_H */
