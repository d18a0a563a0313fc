/* error.h - what the runtime has to say. */
#ifndef LZ_ERROR_H
#define LZ_ERROR_H

/* One line on the standard error output, after "lazy: ". */
void lz_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* LZ_ERROR_H */
