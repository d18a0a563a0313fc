// What a lazy function calls by way of one that the linker may replace counts, too, also where it treats the function's
// own memory well.
// RUN: %clang_lazy -O0 -c -o %t.o %s -Rpass=lazy -Rpass-missed=lazy -Xclang -verify
// RUN: %clang_lazy -O2 -c -o %t.o %s -Rpass=lazy -Rpass-missed=lazy -Xclang -verify
#include <lazy/lazy.h>
#include <stdlib.h>

struct node { int value; struct node *next; };
static struct node other = {0, &other};
static void change(struct node **h) { (*h)->next->value = 1; } // expected-warning {{'replaceable' runs in place: it calls 'change', which writes through a pointer that cannot be traced}} expected-warning {{'calls' runs in place: it calls 'change', which writes}}
LAZY __attribute__((weak)) int replaceable(int x) { struct node *h = &other; change(&h); return x; } // expected-note {{here}}
LAZY int calls(int x) {
  struct node *h = malloc(sizeof *h);
  h->next = h;
  change(&h); // expected-note {{here}}
  x += h->value;
  free(h);
  return replaceable(x); // expected-remark {{call of 'replaceable' runs in place}}
}
int caller(int x) {
  return calls(x) + calls(x + 1); // expected-remark 2 {{call of 'calls' runs in place: it calls 'change', which writes}}
}
