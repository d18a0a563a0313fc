// GCC's attribute access: what is wrong for GCC is wrong here; what it says of lazy functions is used, and on all others
// it is accepted.
// RUN: %clang_lazy -Weverything -Wno-missing-prototypes -fsyntax-only %s -ferror-limit=0 -Xclang -verify
// RUN: %clang_lazy -DRIGHT -O0 -S -emit-llvm -o - %s | %FileCheck --implicit-check-not=lazy_access %s
// RUN: %clang_lazy -DRIGHT -x c++ -Werror -Wno-unknown-attributes -fsyntax-only %s
#include <lazy/lazy.h>

#define ACCESS(...) __attribute__((access(__VA_ARGS__)))
enum { ONE = 1 };
struct pair {
  double x, y;
};

#ifdef RIGHT
#ifdef __cplusplus
extern "C" {
#endif

// Said before or after, of parameters with and without names, more than once.
// CHECK-DAG: "lazy_region:0:1:s1 4 *:1:0\00"
LAZY ACCESS(read_only, 1, 2) int reads(const int *, int);
// CHECK-DAG: "lazy_region:1:2:u0 16 *:1:0\00"
// CHECK-DAG: "lazy_region:2:3:u0:1:0\00"
LAZY int writes(unsigned n, struct pair *to, void *bytes) ACCESS(__write_only__, ONE + 1, 1) ACCESS(read_write, 3, 1);
// CHECK-DAG: "lazy_opaque:1\00"
int none(int x, const int *p) ACCESS(none, 2);
LAZY int none(int x, const int *p);
// CHECK-DAG: "lazy_region:0:1:8:1:0\00"
// CHECK-DAG: "lazy_region:0:1:s1:1:0\00"
LAZY int twice(LAZY_IN(8) const char *p, int n) ACCESS(read_only, 1, 2);

int call(int *a, struct pair *p) {
  return reads(a, 3) + writes(1, p, a) + none(3, a) + twice((char *)a, 4);
}

// Neither what is not lazy, nor what we cannot use, leaves anything behind.
ACCESS(read_only, 1, 2) static int plain(const int *p, int n) { return p[n - 1]; }
struct unknown;
LAZY int nameless(const int *p) ACCESS(read_only, 1);
LAZY int unknown(struct unknown *p, int n) ACCESS(read_only, 1, 2);
LAZY int between(struct pair a, const int *p, int n, struct pair b) ACCESS(read_only, 2, 3);
typedef int function(int *p, int n) ACCESS(read_only, 1, 2);
extern int (*pointer)(int *p, int n) ACCESS(read_only, 1, 2);
int call_plain(int *a, struct unknown *u, struct pair p) {
  return plain(a, 3) + nameless(a) + unknown(u, 1) + between(p, a, 1, p);
}
#ifdef __cplusplus
}
#endif
#else

void mode(int *p, int n) ACCESS(reads, 1, 2);             // expected-error {{the mode of attribute 'access' is one of read_only, read_write, write_only and none}}
void in_quotes(int *p, int n) ACCESS("read_only", 1, 2);  // expected-error {{the mode of attribute 'access' is one of}}
void alone(int *p, int n) ACCESS(read_only);              // expected-error {{'access' attribute takes at least 2 arguments}}
void more(int *p, int n) ACCESS(read_only, 1, 2, 3);      // expected-error {{'access' attribute takes no more than 3 arguments}}
void zero(int *p, int n) ACCESS(read_only, 0, 2);         // expected-error {{argument 2 of attribute 'access' is no number of a parameter}}
void beyond(int *p, int n) ACCESS(read_only, 3, 2);       // expected-error {{argument 2 of attribute 'access' is no number of a parameter}}
void negative(int *p, int n) ACCESS(read_only, 1, -1);    // expected-error {{argument 3 of attribute 'access' is no number of a parameter}}
void real(int *p, int n) ACCESS(read_only, 1, 2.0);       // expected-error {{argument 3 of attribute 'access' is no number of a parameter}}
void variadic(int *p, ...) ACCESS(read_only, 1, 2);       // expected-error {{argument 3 of attribute 'access' is no number of a parameter}}
void swapped(int *p, int n) ACCESS(read_only, 2, 1);      // expected-error {{attribute 'access' is about a pointer to data; parameter 2 has type 'int'}}
void code(void (*p)(void), int n) ACCESS(read_only, 1, 2); // expected-error {{attribute 'access' is about a pointer to data; parameter 1 has type 'void (*)(void)'}}
void count(int *p, double n) ACCESS(read_only, 1, 2);     // expected-error {{attribute 'access' counts by an integer; parameter 2 has type 'double'}}
void constant(const int *p, int n) ACCESS(write_only, 1, 2); // expected-error {{attribute 'access' says that the function writes, but parameter 1 points to const}}
void updated(const int *p, int n) ACCESS(read_write, 1, 2); // expected-error {{attribute 'access' says that the function writes, but parameter 1 points to const}}
extern int variable ACCESS(read_only, 1, 2);              // expected-warning {{'access' attribute ignored}}
LAZY void by_hand(__attribute__((annotate("lazy_access:1:1:2"))) int *p, int n); // expected-error {{unknown lazypass annotation}}

// What contradicts itself.
LAZY void opaque(LAZY_OPAQUE LAZY_IN(n) int *p, int n);   // expected-error {{'lazy_opaque' says that the function does not look through this parameter, and another annotation how much it reads or writes there}}
LAZY void text(LAZY_STR LAZY_OPAQUE const char *p);       // expected-error {{'lazy_opaque' says that the function does not look through this parameter}}
LAZY void counted(LAZY_OPAQUE int *p, int n) ACCESS(read_only, 1, 2); // expected-error {{'lazy_opaque' says that the function does not look through this parameter}}
LAZY void not_at_all(LAZY_OUT(n) int *p, int n) ACCESS(none, 1); // expected-error {{'lazy_opaque' says that the function does not look through this parameter}}
LAZY void both(LAZY_IN(n) LAZY_OUT(2 * n) int *p, int n);
LAZY void no_look(LAZY_OPAQUE int p[4]);
#endif
