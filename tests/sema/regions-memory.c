// Extents that lie in memory: what may be said, how it reaches the IR, and what may not be said.
// RUN: %clang_lazy -c -o %t.o %s -ferror-limit=0 -Xclang -verify
// RUN: %clang_lazy -DRIGHT -O0 -S -emit-llvm -o - %s | %FileCheck %s
#include <lazy/lazy.h>

enum kind { ONE, TWO };
struct size {
  unsigned short w, h;
};
struct matrix {
  long rows;
  int columns;
  struct {
    unsigned char depth;
    union {
      enum kind kind;
      signed char sign;
    };
  };
  struct size size;
  struct matrix *next;
  const struct size *outer;
  _Bool whole;
  int shape[3];
  struct size sizes[2][4];
};
struct __attribute__((packed)) narrow {
  char c;
  unsigned long n;
};

#ifdef RIGHT
#define GOOD(name, extent) LAZY void name(struct matrix *m, int n, LAZY_OUT(extent) char *p); void name##_(struct matrix *m, char *p) { name(m, 1, p); }
// CHECK-DAG: "lazy_region:2:2:u0 0 @s8 u0 8 @s4 *:1:0\00"
GOOD(product, m->rows * m->columns)
// CHECK-DAG: "lazy_region:2:2:u0 12 @u1 u0 16 @u4 + u0 16 @s1 -:1:0\00"
GOOD(nameless, m->depth + m->kind - m->sign)
// CHECK-DAG: "lazy_region:2:2:u0 22 @u2 s1 -:1:0\00"
GOOD(nested, m->size.h - n)
// CHECK-DAG: "lazy_region:2:2:u0 24 @u8 24 @u8 32 @u8 2 @u2:1:0\00"
GOOD(far, m->next->next->outer->h)
// CHECK-DAG: "lazy_region:2:2:u0 24 @u8 40 @u1:1:0\00"
GOOD(boolean, m->next->whole)
// CHECK-DAG: "lazy_region:2:2:u0 48 @s4 1 *:1:0\00"
GOOD(element, m->shape[TWO] * TWO)
// CHECK-DAG: "lazy_region:2:2:u0 78 @u2:1:0\00"
GOOD(elements, m->sizes[1][0x1].h)
// CHECK-DAG: "lazy_region:2:2:u0 24 @u8 132 @s4:1:0\00"
GOOD(at, m->next[1].shape[0])
// CHECK-DAG: "lazy_region:1:2:u0 0 @s4 u0 8 @s4 +:1:0\00"
LAZY void numbers(const int *n, LAZY_OUT(*n + n[2]) char *p);
void numbers_(const int *n, char *p) { numbers(n, p); }
// CHECK-DAG: "lazy_region:1:2:u0 0 @u8 8 @u8 0 @s8:1:0\00"
struct counter {
  char c;
  long *n;
};
LAZY void star(struct counter **s, LAZY_OUT(*s[0]->n) char *p);
void star_(struct counter **s, char *p) { star(s, p); }
// CHECK-DAG: "lazy_region:0:1:u-1 1 @u8 8 *:2:u-1 0 @s1 8 *\00"
LAZY void behind(LAZY_IN(2, s->n, s->c) const double *p, struct size between, const struct narrow *s);
void behind_(const double *p, struct size b, const struct narrow *s) { behind(p, b, s); }
// CHECK-DAG: "lazy_region:1:1:u1 len:1:0\00"
LAZY void string(int n, LAZY_STR const char *s);
void string_(const char *s) { string(1, s); }
#else

struct unknown;
struct shape {
  int n : 8, rank;
  volatile int changes;
  _Atomic int counted;
  double real;
  __int128 huge;
  _BitInt(13) odd;
  int dims[4];
  struct size size;
  struct unknown *unknown;
  struct shape *next;
  struct size __attribute__((address_space(3))) *elsewhere;
};

LAZY void missing(LAZY_IN(s->m) char *p, struct shape *s);            // expected-error {{the extent 's->m' cannot be used: 'struct shape' has no member 'm'}}
LAZY void bits(LAZY_IN(s->n) char *p, struct shape *s);               // expected-error {{'n' is a bit-field}}
LAZY void changes(LAZY_IN(s->changes) char *p, struct shape *s);      // expected-error {{'changes' is volatile}}
LAZY void changing(LAZY_IN(s->rank) char *p, volatile struct shape *s); // expected-error {{'rank' is volatile}}
LAZY void counted(LAZY_IN(s->counted) char *p, struct shape *s);      // expected-error {{a member of type '_Atomic(int)' is no number of 1, 2, 4 or 8 bytes}}
LAZY void real(LAZY_IN(s->real) char *p, struct shape *s);            // expected-error {{a member of type 'double' is no number of 1, 2, 4 or 8 bytes}}
LAZY void huge(LAZY_IN(s->huge) char *p, struct shape *s);            // expected-error {{is no number of 1, 2, 4 or 8 bytes}}
LAZY void odd(LAZY_IN(s->odd) char *p, struct shape *s);              // expected-error {{is no number of 1, 2, 4 or 8 bytes}}
LAZY void array(LAZY_IN(s->dims) char *p, struct shape *s);           // expected-error {{a member of type 'int[4]' is no number of 1, 2, 4 or 8 bytes}}
LAZY void indexed(LAZY_IN(s->dims[n]) char *p, struct shape *s, int n); // expected-error {{an index is a number or an enumerator}}
LAZY void below(LAZY_IN(n[-1]) char *p, int *n);                      // expected-error {{an index is a number or an enumerator}}
LAZY void open(LAZY_IN(n[1) char *p, int *n);                         // expected-error {{an index is a number or an enumerator}}
LAZY void no_array(LAZY_IN(s->rank[1]) char *p, struct shape *s);     // expected-error {{there is no struct before '['}}
LAZY void star(LAZY_IN(*n) char *p, int n);                           // expected-error {{there is no pointer behind '*'}}
LAZY void stars(LAZY_IN(*n) char *p, int **n);                        // expected-error {{a member of type 'int *' is no number of 1, 2, 4 or 8 bytes}}
LAZY void star_of(LAZY_IN(*3) char *p, int **n);                      // expected-error {{expected a parameter before '3'}}
LAZY void whole_of(LAZY_IN(*s) char *p, struct shape *s);             // expected-error {{a member of type 'struct shape' is no number of 1, 2, 4 or 8 bytes}}
LAZY void whole(LAZY_IN(s->size) char *p, struct shape *s);           // expected-error {{a member of type 'struct size' is no number of 1, 2, 4 or 8 bytes}}
LAZY void pointer(LAZY_IN(s->next) char *p, struct shape *s);         // expected-error {{a member of type 'struct shape *' is no number of 1, 2, 4 or 8 bytes}}
LAZY void follows(LAZY_IN(s->rank->n) char *p, struct shape *s);      // expected-error {{there is no struct before '->'}}
LAZY void dot(LAZY_IN(s->next.rank) char *p, struct shape *s);        // expected-error {{'struct shape *' is no struct that is known here}}
LAZY void unknown(LAZY_IN(s->unknown->n) char *p, struct shape *s);   // expected-error {{'struct unknown' is no struct that is known here}}
LAZY void elsewhere(LAZY_IN(s->elsewhere->w) char *p, struct shape *s); // expected-error {{there is no struct before '->'}}
LAZY void by_value(LAZY_IN(s.rank) char *p, struct shape s);          // expected-error {{'s' is no integer parameter}}
LAZY void number(LAZY_IN(n->rank) char *p, int n);                    // expected-error {{there is no struct before '->'}}
LAZY void cut(LAZY_IN(s->) char *p, struct shape *s);                 // expected-error {{'struct shape' has no member ''}}
LAZY void literal(LAZY_IN(s->3) char *p, struct shape *s);            // expected-error {{'struct shape' has no member '3'}}
LAZY void nothing(LAZY_IN(v->x) char *p, void *v);                    // expected-error {{'void' is no struct that is known here}}
LAZY void between(struct shape a, LAZY_IN(4) char *p, LAZY_IN(s->rank) char *q, struct shape *s, struct shape b); // expected-error {{cannot tell which register 'lazy_in' speaks of}} expected-error {{cannot tell which register 'lazy_in' speaks of}}
#endif
