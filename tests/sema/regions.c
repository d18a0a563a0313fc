// What may be said of the memory behind a parameter, and what may not.
// RUN: %clang_lazy -c -o %t.o %s -ferror-limit=0 -Xclang -verify
#include <lazy/lazy.h>

#define COLUMNS 6

LAZY void good(LAZY_OUT(n) double *to, LAZY_IN(2 * (n + 1) - 0x10) const double *from, long n);
LAZY void later(LAZY_INOUT(rows *columns / 2) float *m, int rows, unsigned char columns);
LAZY void constants(LAZY_IN(COLUMNS + 1) const int *a, LAZY_OUT(-n + 9) void *bytes, int n);
LAZY void declared(int rows, int columns, double m[rows][columns], const int v[static 8], int w[rows * 2]);

LAZY void tile(LAZY_INOUT(rows, columns + 1, 2 * stride) double *m, int rows, int columns, long stride);
LAZY void row_pointers(int rows, int columns, LAZY_IN(rows) const double (*m)[columns], LAZY_OUT(2) double (**p)[columns]);
LAZY void planes(int rows, int columns, LAZY_OUT(rows) double (*m)[3][columns], double n[][3][columns]);

LAZY void strings(LAZY_STR const char *s, LAZY_STR LAZY_OUT(9) unsigned char *t, LAZY_STR signed char u[static 4]);

LAZY void no_such(LAZY_IN(m) const int *p, int n); // expected-error {{the extent 'm' cannot be used: 'm' is no parameter of this function; use parameters, members of what they point to, enumerators, numbers and + - * /}}
LAZY void writes(LAZY_OUT(n) const int *p, int n); // expected-error {{'lazy_out' says that the function writes, but p points to const}}
LAZY void no_pointer(LAZY_IN(n) int p, int n);     // expected-error {{'lazy_in' applies to pointers only; this parameter has type 'int'}}
LAZY void cut(LAZY_IN(n +) int *p, int n);         // expected-error {{the extent 'n +' cannot be used: expected a parameter or a number at the end}}
LAZY void member(LAZY_IN(p->x) int *p, int n);     // expected-error {{the extent 'p->x' cannot be used: 'int' is no struct that is known here}}
LAZY void divides(LAZY_IN(n / m) int *p, int n, int m); // expected-error {{division is by numbers only, other than 0}}
LAZY void by_zero(LAZY_IN(n / 0) int *p, int n);        // expected-error {{division is by numbers only, other than 0}}
LAZY void real(LAZY_IN(x) int *p, double x);            // expected-error {{'x' is no integer parameter}}
LAZY void empty(LAZY_IN() int *p);                      // expected-error {{the extent '' cannot be used: expected a parameter or a number at the end}}
LAZY_IN(3) int *variable;                               // expected-error {{'lazy_in' applies to parameters only; 'variable' is a variable}}
LAZY void raw(__attribute__((annotate("lazy_in"))) int *p); // expected-error {{'lazy_in' needs an extent: annotate("lazy_in:n"), or the macro}}

struct unknown;
LAZY void pair_of(LAZY_IN(n, m) int *p, int n, int m);               // expected-error {{the extent 'n, m' cannot be used: say one extent, or three: rows, elements of a row, elements from one row to the next}}
LAZY void four(LAZY_IN(1, n, m, 2) int *p, int n, int m);            // expected-error {{say one extent, or three: rows, elements of a row, elements from one row to the next}}
LAZY void missing(LAZY_OUT(n, , m) int *p, int n, int m);            // expected-error {{the extent 'n, , m' cannot be used: expected a parameter or a number before ','}}
LAZY void trailing(LAZY_OUT(n, m, ) int *p, int n, int m);           // expected-error {{expected a parameter or a number at the end}}
LAZY void incomplete(LAZY_IN(1) const struct unknown *p);            // expected-error {{the extent '1' cannot be used: how large 'const struct unknown' is, is not known}}
LAZY void code(LAZY_IN(1) void (*p)(void));                          // expected-error {{how large 'void (void)' is, is not known}}
LAZY void odd(int n, LAZY_IN(1) const int (*p)[n * sizeof(double)]); // expected-error {{is not known}}

LAZY void wide(LAZY_STR const int *s);                      // expected-error {{'lazy_str' applies to strings of char only; this parameter has type 'const int *'}}
LAZY void bytes(LAZY_STR const void *s);                    // expected-error {{'lazy_str' applies to strings of char only; this parameter has type 'const void *'}}
LAZY void letter(LAZY_STR char c);                          // expected-error {{'lazy_str' applies to pointers only; this parameter has type 'char'}}
LAZY_STR char *global;                                      // expected-error {{'lazy_str' applies to parameters only; 'global' is a variable}}
LAZY void sized(__attribute__((annotate("lazy_str:4"))) char *s); // expected-error {{unknown lazypass annotation 'lazy_str:4'; did you mean 'lazy_str'?}}
