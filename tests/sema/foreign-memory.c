// What a lazy function finds through pointers in its own memory is its own only if nothing else can be there: memory of
// others that gets there, by whatever way, is not missed.
// RUN: %clang_lazy -O0 -c -o %t.o %s -Xclang -verify
// RUN: %clang_lazy -O2 -c -o %t.o %s -Xclang -verify
#include <lazy/lazy.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct node { long value; struct node *next; };
struct holder { int n; long *p; };
struct big { long *p[5]; };
static long g, *pointer = &g;
static struct node node, *root;
static struct holder holder = {1, &g};
static struct big big;
extern struct node other_name __attribute__((alias("node")));
static struct node *new_node(void) { return calloc(1, sizeof(struct node)); }

/* Stored there. */
LAZY long address(long x) { struct node *h = new_node(); h->next = &node; h->next->value = x; return x; } // expected-warning {{'address' runs in place: it writes through a pointer that cannot be traced}}
LAZY long loaded(long x) { struct node *h = new_node(); h->next = root; h->next->value = x; return x; } // expected-warning {{'loaded' runs in place}}
LAZY long aliased(long x) { struct node **h = malloc(8); *h = &other_name; (*h)->value = x; return x; } // expected-warning {{'aliased' runs in place}}
LAZY long parameter(struct node *p) { struct node *h = new_node(); h->next = p; h->next->value = 1; return 0; } // expected-warning {{'parameter' runs in place}}
LAZY long by_value(struct holder p) { struct holder h[2]; h[p.n & 1] = p; *h[p.n & 1].p = 3; return 1; } // expected-warning {{'by_value' runs in place}}
LAZY long by_value_in_memory(struct big p) { *p.p[2] = 3; return 1; } // expected-warning {{'by_value_in_memory' runs in place}}
LAZY long perhaps(long x) { struct node *h = new_node(), *c; h->next = h; c = x ? h->next : root; c->next->value = 1; return x; } // expected-warning {{'perhaps' runs in place}}
LAZY long freed(long x) { struct node *h = new_node(); h->next = root; free(h->next); free(h); return x; } // expected-warning {{'freed' runs in place: it frees memory that it may not have allocated itself}}
static long *const constants[] = {&g, 0};
LAZY long from_constant(int x) { *constants[x] = 1; return x; } // expected-warning {{'from_constant' runs in place}}

/* Somewhere there. */
LAZY long element(int i) { long own = 0, *v[4] = {&own, &own, &own, &own}; v[i & 3] = pointer; *v[(i + 1) & 3] = 5; return own; } // expected-warning {{'element' runs in place}}
LAZY long far(int x) { struct { char pad[300]; long *p, *q; } *h = malloc(sizeof *h); long own = 0; h->p = &own; h->q = pointer; *h->q = x; return x; } // expected-warning {{'far' runs in place}}
LAZY long many(long x) { long *v[40], **q = v; v[39] = pointer; for (int i = 0; i < x; i++) q++; **q = 3; return x; } // expected-warning {{'many' runs in place}}
LAZY long nested(long x) { struct { long **pp; } *h = malloc(8); long own = 0, *l = &own; h->pp = &l; *h->pp = pointer; long *q[2] = {l, l}; *q[x & 1] = 3; return own; } // expected-warning {{'nested' runs in place}}

/* Copied, as what it is or as something else. */
LAZY long copied(long x) { struct holder *h = malloc(sizeof *h); *h = holder; *h->p = x; return x; } // expected-warning {{'copied' runs in place}}
LAZY long copied_in_part(long n) { long *h[10]; memcpy(h, &big, n); *h[2] = 3; return n; } // expected-warning {{'copied_in_part' runs in place}}
LAZY long moved(long x) { char *b = malloc(64); struct node *k; memcpy(b + 4, &root, 8); memmove(b, b + 4, 8); memcpy(&k, b, 8); k->value = x; return x; } // expected-warning {{'moved' runs in place}}
LAZY long enlarged(long x) { long **v = malloc(8); v[0] = pointer; v = realloc(v, 80); *v[0] = x; return x; } // expected-warning {{'enlarged' runs in place}}
LAZY long as_bytes(long x) { struct node *h = new_node(); char *d = (char *)&h->next, *s = (char *)&root; for (int i = 0; i < 8; i++) d[i] = s[i]; h->next->value = x; return x; } // expected-warning {{'as_bytes' runs in place}}
LAZY long as_text(long x) { long *s = pointer, **h = (long **)strdup((char *)&s); **h = x; return x; } // expected-warning {{'as_text' runs in place}}
LAZY long as_integer(uintptr_t x) { union { uintptr_t l; long *p; } *h = malloc(sizeof *h); h->l = x; *h->p = 3; return 1; } // expected-warning {{'as_integer' runs in place}}
LAZY long as_wide_integer(long x) { __int128 v, *h = malloc(16); memcpy(&v, &holder, 16); *h = v; *((struct holder *)h)->p = x; return x; } // expected-warning {{'as_wide_integer' runs in place}}
LAZY long encoded(long x) { struct node *h = new_node(), *k; h->value = (long)&node ^ x; long y = h->value ^ x; memcpy(&k, &y, 8); k->value = 1; return x; } // expected-warning {{'encoded' runs in place}}
static void swap(char *p, char *q, size_t n) { while (n--) { char t = *p; *p++ = *q; *q++ = t; } }
LAZY long swapped(long x) { long own = 0, *p = &own, *q = pointer; swap((char *)&p, (char *)&q, sizeof p); long *v[2] = {p, p}; *v[x & 1] = 1; return own; } // expected-warning {{'swapped' runs in place}}

/* By way of others. */
static void poison(struct node **h) { (*h)->next = &node; }
LAZY long poisoned(long x) { struct node *h = new_node(); poison(&h); h->next->value = x; return x; } // expected-warning {{'poisoned' runs in place}}
static struct node *either(int c) { return c ? new_node() : root; }
LAZY long returned(int x) { struct node *h = new_node(); h->next = either(x); h->next->value = x; return x; } // expected-warning {{'returned' runs in place}}
static struct holder get(void) { return holder; }
LAZY long returned_by_value(long x) { struct holder h[2]; h[x & 1] = get(); *h[x & 1].p = x; return x; } // expected-warning {{'returned_by_value' runs in place}}
static long *find(int n) { long *p[1]; if (n == 0) return pointer; p[0] = find(n - 1); return p[0]; }
LAZY long recursive(int n) { long *q[2] = {0, 0}; q[n & 1] = find(n); *q[n & 1] = n; return n; } // expected-warning {{'recursive' runs in place}}
static void in_callee(struct big b) { *b.p[2] = 1; } // expected-warning {{'by_copy' runs in place: it calls 'in_callee', which writes}}
LAZY long by_copy(long x) { struct big *h = calloc(1, sizeof *h); h->p[2] = pointer; in_callee(*h); return x; } // expected-note {{here}}
static long *counter(void) { static long c; return &c; }
LAZY long statics(int x) { long **h = malloc(8); *h = counter(); ++**h; return x; } // expected-warning {{'statics' runs in place}}
static void variadic(int n, ...) { va_list l; va_start(l, n); va_arg(l, struct node *)->next = &node; va_end(l); }
LAZY long va(long x) { struct node h = {0}; variadic(1, &h); h.next->value = x; return x; } // expected-warning {{'va' runs in place}}

/* By way of the library. */
LAZY long library_returns(long x) { char **h = malloc(8); *h = memchr(pointer, 1, 8); **h = x; return x; } // expected-warning {{'library_returns' runs in place}}
LAZY long library_stores(long x) { char **h = malloc(8); strtol((char *)pointer, h, 10); **h = x; return x; } // expected-warning {{'library_stores' runs in place}}
LAZY long library_remembers(long x) { char *rest = getenv("HOME"), *w = strtok_r(NULL, ",", &rest); return w ? w[0] : x; } // expected-warning {{'library_remembers' runs in place}}
static int stores(const void *a, const void *b) { *(long **)a = pointer; return a < b; }
LAZY long library_calls(int x) { long *a[3] = {0, 0, 0}; qsort(a, x, sizeof *a, stores); *a[x] = 1; return x; } // expected-warning {{'library_calls' runs in place}}
static int writes(const void *a, const void *b) { **(long *const *)a = 1; return a < b; } // expected-warning {{'library_sorts' runs in place: it calls 'writes', which writes}}
LAZY long library_sorts(int x) { long *a[3] = {&g, pointer, 0}; qsort(a, x, sizeof *a, writes); return x; } // expected-note {{here}}

/* By way of those who are vouched for, in sight and out of it. */
LAZY_TRUSTED static void by_integer(uintptr_t h) { ((struct node *)h)->next = &node; }
LAZY long through_integer(int x) { struct node *h = new_node(); by_integer((uintptr_t)h); h->next->value = x; return x; } // expected-warning {{'through_integer' runs in place}}
LAZY_TRUSTED static void keep(struct node *h) { root = h; }
LAZY_TRUSTED static void change(void) { root->next = root; }
LAZY long kept(int x) { struct node *h = new_node(); keep(h); change(); h->next->value = x; return x; } // expected-warning {{'kept' runs in place}}
LAZY_TRUSTED void elsewhere(struct node **h);
LAZY long handed_out(long x) { struct node *i = new_node(), *h = i; elsewhere(&h); i->next->value = x; return x; } // expected-warning {{'handed_out' runs in place}}

/* Functions, too. */
static int clean(int x) { return x; }
static int dirty(int x) { return (int)(g += x); } // expected-warning {{'by_table' runs in place: it calls 'dirty', which writes 'g'}} expected-warning {{'by_member'}} expected-warning {{'by_parameter'}}
static int (*const table[])(int) = {clean, dirty};
LAZY int by_table(int x) { return table[x & 1](x); } // expected-note {{'by_table' calls 'dirty' here}}
static int (*variable[])(int) = {clean, clean};
void change_variable(int (*f)(int)) { variable[0] = f; }
LAZY int by_variable(int x) { return variable[x & 1](x); } // expected-warning {{'by_variable' runs in place: it calls through a pointer}}
struct object { int (*f)(int); };
static void become(struct object *o) { o->f = dirty; }
LAZY int by_member(int x) { struct object *o = malloc(sizeof *o); o->f = clean; become(o); return o->f(x); } // expected-note {{here}}
static int apply(int (*f)(int), int n) { return n ? apply(n & 1 ? f : dirty, n - 1) : f(3); } // expected-note {{here}}
LAZY int by_parameter(int x) { return apply(clean, x); } // expected-note {{here}}
static int wide(int x, long *p) { *p = 3; return x; }
static int (*const mixed[])(int) = {clean, (int (*)(int))wide};
LAZY int by_wrong_type(int x) { return mixed[x & 1](x); } // expected-warning {{'by_wrong_type' runs in place: it calls through a pointer}}
__attribute__((weak)) int replaceable(int x) { return x; }
static int (*const replaced[])(int) = {clean, replaceable};
LAZY int by_weak(int x) { return replaced[x & 1](x); } // expected-warning {{'by_weak' runs in place: it calls through a pointer}}
extern int (*const unseen[])(int);
LAZY int by_unseen_table(int x) { return unseen[x](x); } // expected-warning {{'by_unseen_table' runs in place: it calls through a pointer}}
__attribute__((weak)) int (*const weak_table[])(int) = {clean, clean};
LAZY int by_weak_table(int x) { return weak_table[x & 1](x); } // expected-warning {{'by_weak_table' runs in place: it calls through a pointer}}
int compare_elsewhere(const void *, const void *);
LAZY int by_library(int x) { int a[2] = {x, 1}; qsort(a, 2, sizeof *a, compare_elsewhere); return a[0]; } // expected-warning {{'by_library' runs in place: it calls 'qsort' with a function whose body is out of sight}}
