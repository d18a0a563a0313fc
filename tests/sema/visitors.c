// Visitors: what is one and what is not, and what is known of functions that take objects.
// RUN: %clang_lazy -c -o %t.o %s -ferror-limit=0 -Xclang -verify
// RUN: %clang_lazy -DRIGHT -O1 -c -o %t.o %s -Rpass-analysis=lazy -Rpass-missed=lazy -Xclang -verify=right -Xclang -verify-ignore-unexpected=note
// RUN: %clang_lazy -DRIGHT -O0 -g -c -o %t.o %s -Rpass-analysis=lazy -Rpass-missed=lazy -Xclang -verify=right -Xclang -verify-ignore-unexpected=note
// RUN: %clang_lazy -DTELLS -O1 -c -o %t.o %s -Xclang -verify=tells
// RUN: %clang_lazy -Wall -Wextra -Werror -DQUIET -c -o %t.o %s
// RUN: %clang -I%include -Wall -Wextra -Werror -DQUIET -c -o %t.o %s
#include <lazy/lazy.h>

struct matrix {
  long rows, columns;
  double *data;
};
struct list {
  struct list *next;
  char *name;
  long value;
};
struct other {
  struct other *next;
  long value;
};

#if defined(RIGHT)

LAZY_VISITOR static void visit_matrix(const struct matrix *m, lazy_visit *to) {
  lazy_visit_memory(to, m->data, (size_t)(m->rows * m->columns) * sizeof *m->data);
}
LAZY_VISITOR static void visit_list(const struct list *l, lazy_visit *to) {
  lazy_visit_string(to, l->name);
  lazy_visit_objects(to, l->next, 1, visit_list);
}

// right-remark@+3{{reads what parameter 1 points to, and writes what 'visit_matrix' tells of it}}
// right-remark@+2{{reads what parameter 2 points to, and reads what 'visit_matrix' tells of it}}
// right-remark@+1{{reads what parameter 3 points to, and reads what 'visit_matrix' tells of it}}
LAZY static void multiply(struct matrix *c, const struct matrix *a, const struct matrix *b) {
  for (long i = 0; i < c->rows; i++)
    for (long j = 0; j < c->columns; j++) {
      double s = 0;
      for (long k = 0; k < a->columns; k++)
        s += a->data[i * a->columns + k] * b->data[k * b->columns + j];
      c->data[i * c->columns + j] = s;
    }
}
// const says nothing of what is inside.
// right-remark@+1{{reads what parameter 1 points to, and writes what 'visit_matrix' tells of it}}
LAZY static void clear(LAZY_INOUT(1) const struct matrix *m, int n) {
  for (int i = 0; i < n; i++)
    m->data[i] = 0;
}
// right-remark@+2{{reads and writes what parameter 1 points to, and reads and writes what 'visit_list' tells of it}}
// right-remark@+1{{reads what parameter 2 points to, and reads what 'visit_matrix' tells of it}}
LAZY static void scale(struct list *l, const struct matrix *by, long n) {
  for (; l; l = l->next)
    l->value += (long)(l->value * by->data[n]);
}
// What looks at nothing inside is known as ever.
// right-remark@+1{{reads 16 bytes from parameter 1 + 0 on}}
LAZY static long count(const struct matrix *m) { return m->rows * m->columns; }
// Bodies out of sight.
LAZY double norm(const struct matrix *m);
LAZY double norm_of(LAZY_IN(n) const struct matrix *m, int n);
LAZY void reset(struct matrix *m);

// What is not there yet cannot be visited.
LAZY static void make(struct matrix *m, double *data, int n) {
  m->rows = n;
  m->columns = 1;
  m->data = data;
  for (int i = 0; i < n; i++)
    m->data[i] = 0; // right-warning {{lazy function 'make' runs in place: it writes through a pointer that cannot be traced to its own locals}}
}
LAZY static long start(struct list *l) {
  l->next = 0;
  return l->next ? l->next->value : l->value;
}
LAZY static void claims(LAZY_IN(1) const struct matrix *m) { m->data[0] = 1; } // right-warning {{lazy function 'claims' runs in place: parameter 1 is said to be read only, but is written through}}
LAZY static double third(const struct matrix *m) { return m[2].data[0]; }
// No visitor.
LAZY static void advance(struct other *o, long by) {
  o->next->value += by; // right-warning {{lazy function 'advance' runs in place: it writes through a pointer that cannot be traced to its own locals}}
}

double calls(struct matrix *m, struct list *l, struct other *o) {
  multiply(&m[0], &m[1], &m[2]);
  clear(m, 3);
  scale(l, m, 1);
  reset(m);     // right-remark {{call of 'reset' runs in place: parameter 1 is a pointer, and what it points to is not known; say LAZY_IN(count) or LAZY_OUT(count)}}
  make(m, 0, 1); // right-remark {{call of 'make' runs in place}}
  claims(m);    // right-remark {{call of 'claims' runs in place: parameter 1 is said to be read only, but is written through}}
  advance(o, 3); // right-remark {{call of 'advance' runs in place: it writes through a pointer that cannot be traced to its own locals; mark 'advance' LAZY_TRUSTED to vouch for it, or a function that tells what pointers in 'struct other' point to LAZY_VISITOR}}
  long n = start(l); // right-remark {{call of 'start' runs in place: parameter 1 points to an object whose pointers may not be there yet; say LAZY_INOUT(1) if they are, or LAZY_OUT(1)}}
  n += third(m) > 0; // right-remark {{call of 'third' runs in place: parameter 1 may point to several objects; say LAZY_IN(count) or LAZY_INOUT(count)}}
  double a = norm(m), b = norm_of(m, 3);
  return a + b + count(m) + n;
}

#elif defined(TELLS)

// A visitor that does more than tell.
static int visits;
LAZY_VISITOR static void visit_matrix(const struct matrix *m, lazy_visit *to) {
  visits++; // tells-error {{visitor 'visit_matrix' writes 'visits', which others see; return the value instead}}
  lazy_visit_memory(to, m->data, 8);
}
static void visit_name(char *const *name, lazy_visit *to) { // tells-warning {{visitors are not used, because 'visit_name' looks at more than its object; tell that by lazy_visit_objects(), with a visitor of its own}}
  lazy_visit_memory(to, *name, (size_t)**name);
}
LAZY_VISITOR static void visit_list(const struct list *l, lazy_visit *to) {
  lazy_visit_objects(to, &l->name, 1, visit_name);
}
void elsewhere(void);
LAZY_VISITOR static void visit_other(const struct other *o, lazy_visit *to) {
  elsewhere(); // tells-warning {{visitors are not used, because 'visit_other' may do more than tell: it calls 'elsewhere', whose body is out of sight; mark 'elsewhere' or 'visit_other' LAZY_TRUSTED to vouch for it}}
  lazy_visit_objects(to, o->next, 1, visit_other);
}
LAZY double norm(const struct matrix *m);
LAZY long length(const struct list *l, const struct other *o);
double calls(const struct matrix *m, const struct list *l, const struct other *o) { return norm(m) + length(l, o); }

#elif defined(QUIET)

// One that nobody needs is nobody's business.
LAZY_VISITOR static void visit_matrix(const struct matrix *m, lazy_visit *to) {
  lazy_visit_memory(to, m->data, (size_t)(m->rows * m->columns) * sizeof *m->data);
}
LAZY_VISITOR static void visit_list(const struct list *l, lazy_visit *to) {
  lazy_visit_string(to, l->name);
  lazy_visit_objects(to, l->next, 1, visit_list);
}

#else

typedef struct list chain;
struct unknown;

LAZY_VISITOR void good(const struct list *l, lazy_visit *to); // expected-note {{'good' is declared here}}
LAZY_VISITOR void good(const chain *l, struct lazy_visit *to) { (void)l, (void)to; }
LAZY_VISITOR void again(const chain *l, lazy_visit *to);         // expected-error {{'again' cannot be the visitor of 'const chain' (aka 'const struct list'), which has another}}
LAZY_VISITOR int returns(const struct matrix *m, lazy_visit *to); // expected-error {{a visitor is a function void (const TYPE *, lazy_visit *), where TYPE is a struct or union that is complete; 'returns' has type}}
LAZY_VISITOR void writes(struct matrix *m, lazy_visit *to);      // expected-error {{a visitor is a function}}
LAZY_VISITOR void more(const struct matrix *m, lazy_visit *to, ...); // expected-error {{a visitor is a function}}
LAZY_VISITOR void less(const struct matrix *m);                  // expected-error {{a visitor is a function}}
LAZY_VISITOR void three(const struct matrix *m, lazy_visit *to, int n); // expected-error {{a visitor is a function}}
LAZY_VISITOR void value(struct matrix m, lazy_visit *to);        // expected-error {{a visitor is a function}}
LAZY_VISITOR void number(const int *m, lazy_visit *to);          // expected-error {{a visitor is a function}}
LAZY_VISITOR void nothing(const void *m, lazy_visit *to);        // expected-error {{a visitor is a function}}
LAZY_VISITOR void unknown(const struct unknown *m, lazy_visit *to); // expected-error {{a visitor is a function}}
LAZY_VISITOR void to_none(const struct matrix *m, void *to);     // expected-error {{a visitor is a function}}
LAZY_VISITOR void changes(const volatile struct matrix *m, lazy_visit *to); // expected-error {{a visitor is a function}}
LAZY LAZY_VISITOR void lazily(const struct matrix *m, lazy_visit *to); // expected-error {{'lazily' cannot be lazy: it is a visitor, and runs at once}}
LAZY_VISITOR struct matrix variable;                             // expected-error {{'lazy_visitor' applies to functions only; 'variable' is a variable}}
void parameter(LAZY_VISITOR struct matrix *m);                   // expected-error {{'lazy_visitor' applies to functions only; 'm' is a parameter}}
__attribute__((annotate("lazy_visitors"))) void typo(void);      // expected-error {{unknown lazypass annotation 'lazy_visitors'; did you mean 'lazy_visitor'?}}

LAZY void outs(LAZY_OUT(1) const struct list *l);   // expected-error {{'lazy_out' says that the function writes, but l points to const}}
LAZY void inside(LAZY_INOUT(1) const struct list *l);
LAZY void no_visitor(LAZY_INOUT(1) const struct matrix *m); // expected-error {{'lazy_inout' says that the function writes, but m points to const}}

#endif
