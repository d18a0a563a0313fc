/* error.h - what the runtime has to say. */
#ifndef LZ_ERROR_H
#define LZ_ERROR_H

#include <lazy/abi.h>

/* Who says it: "lazy: "; a tool has a name of its own. */
extern const char *lz_speaker;

/* One line on the standard error output, after that. */
void lz_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, after the place, as compilers say it. */
void lz_say_at(const struct lazy_place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif /* LZ_ERROR_H */
