/* error.c - the one place where the runtime talks, and the texts of its errors. */
#include "error.h"

#include "quiet.h"
#include "types.h"

#include <lazy/lazy.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *lz_speaker = "lazy: ";

static void say(const char *start, const char *format, va_list arguments) {
  char line[1024];
  size_t used = strnlen(start, sizeof line / 2), room = sizeof line - used - 1;
  struct lz_quiet quiet;
  int saved = errno, cancel = lz_cancel_disable();
  memcpy(line, start, used);
  int length = vsnprintf(line + used, room, format, arguments);
  used += length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1;
  line[used++] = '\n';
  /* one write, so that lines of several processes do not mix, and no stream of the program's is touched */
  lz_quiet_begin(&quiet);
  ssize_t written = write(STDERR_FILENO, line, used);
  lz_quiet_end(&quiet);
  (void)written; /* there is nobody else to tell */
  errno = saved;
  lz_cancel_restore(cancel);
}

void lz_say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say(lz_speaker, format, arguments);
  va_end(arguments);
}

void lz_say_at(const struct lazy_place *place, const char *format, ...) {
  char start[512];
  if (place->line)
    snprintf(start, sizeof start, "%s:%u:%u: ", place->file, place->line, place->column);
  else
    snprintf(start, sizeof start, "%s: ", place->file);
  va_list arguments;
  va_start(arguments, format);
  say(start, format, arguments);
  va_end(arguments);
}

LZ_PUBLIC const char *lazy_strerror(int error) {
  switch (error) {
  case LAZY_OK:
    return "no error";
#define LZ_X(name, value, text)                                                                                        \
  case name:                                                                                                           \
    return text;
    LAZY_ERRORS(LZ_X)
#undef LZ_X
  default:
    return "unknown error";
  }
}
