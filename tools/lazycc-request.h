/* lazycc-request.h - what a compiler's command line asks for, as far as lazycc must know. */
#ifndef LAZYCC_REQUEST_H
#define LAZYCC_REQUEST_H

#include <stdbool.h>

struct request {
  bool has_linked; /* an input for the linker, as it is or compiled: without, clang precompiles headers, or only answers
                      a question (-v, -print-...) */
  bool has_source; /* an input that is compiled, precompiled or preprocessed, not just linked */
  bool links;      /* the work goes on to the linker */
  bool is_static;  /* -static */
  bool is_bare;    /* -nostdlib, -nodefaultlibs, -r: no library but those named */
  int options_end; /* index of the first "--" in the arguments, or their number */
};

/* Reads the `count` arguments of clang, response files (@FILE) included. */
struct request read_request(int count, char **arguments);

#endif
