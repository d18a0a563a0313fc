/* lazycc-request.h - what a compiler's command line asks for, as far as lazycc must know. */
#ifndef LAZYCC_REQUEST_H
#define LAZYCC_REQUEST_H

#include <stdbool.h>

struct request {
  bool has_input;  /* anything to work on at all: without, clang only answers a question (-v, -print-...) */
  bool has_source; /* an input that is compiled or preprocessed, not just linked */
  bool links;      /* the work goes on to the linker */
  bool is_static;  /* -static */
  bool is_bare;    /* -nostdlib, -nodefaultlibs, -r: no library but those named */
  int options_end; /* index of the first "--" in the arguments, or their number */
};

/* Reads the `count` arguments of clang, response files (@FILE) included. */
struct request read_request(int count, char **arguments);

#endif
