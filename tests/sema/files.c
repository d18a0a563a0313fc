// Parameters that name files: on what they may stand, and what functions that have some may do.
// RUN: %clang_lazy -O1 -c -o %t.o %s -Rpass-missed=lazy -Xclang -verify
// RUN: %clang_lazy -fsyntax-only -DMISPLACED %s -Xclang -verify=place
// RUN: %clang -I%include -Wall -Wextra -Werror -DPLAIN -c -o %t.o %s
#include <lazy/lazy.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef MISPLACED
// place-error@+1{{'lazy_file_in' applies to pointers only; this parameter has type 'int'}}
LAZY int descriptor(LAZY_FILE_IN int fd);
// place-error@+1{{'lazy_file_out' applies to strings of char only; this parameter has type 'FILE *'}}
LAZY int stream(LAZY_FILE_OUT FILE *f);
// place-error@+1{{'lazy_file_out' applies to parameters only; 'path' is a variable}}
LAZY_FILE_OUT char *path;
#endif
int calls;
void out_of_sight(const char *path, const double *numbers);

/* What works on files is theirs to do, at any depth. */
static long count(FILE *f) {
  long n = 0;
  for (int c; (c = getc(f)) != EOF;)
    n += isspace(c) != 0;
  return n;
}
LAZY long words(LAZY_FILE_IN const char *name) {
  FILE *f = fopen(name, "r");
  if (!f) {
    fprintf(stderr, "%s: %d\n", name, errno);
    return -1;
  }
  long n = count(f);
  fclose(f);
  return n;
}

#ifndef PLAIN
/* What others see is not. */
// expected-error@+1{{lazy function 'counts' writes 'calls', which others see; return the value instead}}
LAZY int counts(LAZY_FILE_OUT const char *name) { return remove(name) + ++calls; }
// expected-error@+1{{lazy function 'says' calls 'puts', which does I/O}}
LAZY int says(LAZY_FILE_OUT const char *name) { return puts(name); }
/* Nor is it theirs who call them. */
// expected-error@+1{{lazy function 'lazier' calls 'words', which works on files}}
LAZY long lazier(LAZY_STR const char *name) { return 2 * words(name); } // expected-remark{{runs in place: it reads}}
#endif
LAZY long as_lazy(LAZY_FILE_IN const char *name) { return 2 * words(name); } // expected-remark{{runs in place: it reads or writes files, which happens in order}}

/* Memory is as ever, and what is out of sight reads it at least. */
// expected-remark@+1{{results of 'blind' cannot be kept}}
LAZY LAZY_CACHED int blind(LAZY_FILE_OUT const char *name, const double *numbers) {
  out_of_sight(name, numbers);
  return 0;
}
LAZY LAZY_CACHED int told(LAZY_FILE_OUT const char *name, LAZY_IN(n) const double *numbers, int n) {
  out_of_sight(name, numbers);
  return n;
}
// expected-remark@+1{{results of 'reads' cannot be kept}}
LAZY LAZY_CACHED int reads(LAZY_FILE_IN const char *name, char *to) {
  FILE *f = fopen(name, "r");
  return f ? (int)fread(to, 1, 10, f) + fclose(f) : 0;
}
// expected-remark@+1{{results of 'edits' cannot be kept: it changes the file that parameter 1 names in place}}
LAZY LAZY_CACHED int edits(LAZY_FILE_IN LAZY_FILE_OUT const char *name) {
  FILE *f = fopen(name, "a");
  return f ? fclose(f) : 1;
}
LAZY void makes(LAZY_FILE_OUT const char *name) {
  FILE *f = fopen(name, "w");
  if (f)
    fclose(f);
}

long use(void) {
  makes("a");                           // expected-remark{{runs in place: it reads or writes files, which happens in order}}
  return words("a") + told("b", NULL, 0); // expected-remark 2{{runs in place: it reads or writes files}}
}
