// LAZY_OPAQUE goes on parameters that are pointers, whose place in the IR must be known; what it says is checked where
// the body is in sight.
// RUN: %clang_lazy -O1 -c -o %t.o -Rpass-missed=lazy %s -Xclang -verify -Xclang -verify-ignore-unexpected=note
// RUN: %clang_lazy -DWRONG -fsyntax-only -Xclang -verify=wrong %s
#include <lazy/lazy.h>

struct pair { double x; long n; };
void unknown(int);

#ifdef WRONG
LAZY_OPAQUE int *on_a_function(void); // wrong-error {{'lazy_opaque' applies to parameters only; 'on_a_function' is a function}}
LAZY_OPAQUE int *variable; // wrong-error {{'lazy_opaque' applies to parameters only; 'variable' is a variable}}
LAZY int number(LAZY_OPAQUE int x); // wrong-error {{'lazy_opaque' applies to pointers only; this parameter has type 'int'}}
LAZY int record(LAZY_OPAQUE struct pair p); // wrong-error {{'lazy_opaque' applies to pointers only; this parameter has type 'struct pair'}}
LAZY int between(struct pair p, LAZY_OPAQUE int *q, struct pair r); // wrong-error {{cannot tell which register 'lazy_opaque' speaks of, because structs by value stand on both sides of the parameter; make it the first one}}
#endif

LAZY int front(LAZY_OPAQUE const void *p, struct pair q);
LAZY int behind(struct pair q, LAZY_OPAQUE const char p[4], int n);
LAZY struct pair middle(int a, LAZY_OPAQUE int *p, struct pair q);
LAZY int second(int *p, LAZY_OPAQUE int *q);
LAZY static int liar(LAZY_OPAQUE const int *p) { return *p; } // expected-warning {{lazy function 'liar' runs in place: parameter 1 is said to be opaque, but is looked through}}
LAZY static int unsaid(const int *p, const int *q) { return p < q; }

int call(int *p, struct pair q) {
  int e = second(p, p); // expected-remark {{call of 'second' runs in place: parameter 1 is a pointer, and what it points to is not known; say LAZY_IN(count) or LAZY_OUT(count), or pass the data by value, or say LAZY_OPAQUE if it is not looked through}}
  int a = front(p, q), b = behind(q, (char *)p, 1), c = unsaid(p, p + 1);
  double d = middle(1, p, q).x;
  int f = liar(p); // expected-remark {{call of 'liar' runs in place: parameter 1 is said to be opaque, but is looked through}}
  return a + b + c + (int)d + e + f;
}

/* Said on the prototype or on the definition, in either order, once or twice. */
int front(const void *p, struct pair q) { return p && q.n; }
LAZY int later(const void *p);
LAZY int later(LAZY_OPAQUE const void *p);
int old_style(p, n) int LAZY_OPAQUE *p; int n; { return p && n; } // expected-warning {{without a prototype}} wrong-warning {{without a prototype}}
