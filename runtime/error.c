/* error.c - the one place where the runtime talks, and the texts of its errors. */
#include "error.h"

#include "types.h"

#include <lazy/lazy.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void lz_say(const char *format, ...) {
  char line[1024] = "lazy: ";
  size_t used = strlen(line), room = sizeof line - used - 1;
  int saved = errno, cancel = lz_cancel_disable();
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line + used, room, format, arguments);
  va_end(arguments);
  used += length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1;
  line[used++] = '\n';
  /* one write, so that lines of several processes do not mix, and no stream of the program's is touched */
  if (write(STDERR_FILENO, line, used) < 0)
    errno = saved;
  lz_cancel_restore(cancel);
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
