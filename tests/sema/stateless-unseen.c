// What cannot be seen is a warning that says how to vouch; vouched for, it is not even that.
// RUN: %clang_lazy -O0 -c -o %t.o %s -Xclang -verify
// RUN: %clang_lazy -O2 -c -o %t.o %s -Xclang -verify
#include <ctype.h>
#include <errno.h>
#include <lazy/lazy.h>
#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>

int elsewhere(int);
LAZY_TRUSTED int vouched_elsewhere(int);
__attribute__((const)) int const_elsewhere(int);
__attribute__((pure)) int pure_elsewhere(const int *);
LAZY int lazy_elsewhere(int);
int (*pointer)(int);
struct list {
  struct list *next;
  int value;
} *head;
static _Thread_local int mine;
static int counter;

LAZY int calls(int x) {
  return elsewhere(x); // expected-warning {{lazy function 'calls' runs in place: it calls 'elsewhere', whose body is out of sight; mark 'elsewhere' or 'calls' LAZY_TRUSTED to vouch for it}}
}
static int helper(int x) {
  return elsewhere(x); // expected-warning {{lazy function 'chained' runs in place: it calls 'helper', which calls 'elsewhere', whose body is out of sight; mark 'elsewhere' or 'chained' LAZY_TRUSTED to vouch for it}}
}
LAZY int chained(int x) {
  return helper(x); // expected-note {{'chained' calls 'helper' here}}
}
__attribute__((weak)) int replaceable(int x) { return x; }
LAZY int calls_weak(int x) {
  return replaceable(x); // expected-warning {{it calls 'replaceable', whose body may be replaced by the linker; mark 'replaceable' or 'calls_weak' LAZY_TRUSTED}}
}
LAZY int by_pointer(int x) {
  return pointer(x); // expected-warning {{lazy function 'by_pointer' runs in place: it calls through a pointer; mark 'by_pointer' LAZY_TRUSTED to vouch for it}}
}
LAZY int assembly(int x) {
  __asm__ volatile("" : "+r"(x)); // expected-warning {{lazy function 'assembly' runs in place: it contains inline assembly}}
  return x;
}
LAZY int follows(int x) {
  head->value = x; // expected-warning {{lazy function 'follows' runs in place: it writes through a pointer that cannot be traced to its own locals}}
  return x;
}
LAZY int reads_per_thread(int x) {
  return x + mine; // expected-warning {{lazy function 'reads_per_thread' runs in place: it reads 'mine', which is another variable in each thread}}
}
LAZY int reads_errno(int x) {
  return x + errno; // expected-warning {{lazy function 'reads_errno' runs in place: it uses 'errno', which is another variable in each thread}}
}
LAZY int letters(int x) {
  return isalpha(x); // expected-warning {{'letters' runs in place: it uses <ctype.h>, whose answers depend on the thread}}
}
LAZY int capitals(int x) {
  return toupper(x); // expected-warning {{'capitals' runs in place: it uses <ctype.h>, whose answers depend on the thread}}
}
LAZY long processors(int x) {
  return x + sysconf(_SC_NPROCESSORS_ONLN); // expected-warning {{it calls 'sysconf', whose answer depends on the thread}}
}
LAZY int jumps_within(int x) {
  jmp_buf here;
  if (setjmp(here)) // expected-warning-re {{'jumps_within' runs in place: it calls '{{.*}}setjmp', and who jumps there cannot be seen}}
    return 3;
  longjmp(here, 1);
}
static void jump(jmp_buf to) { longjmp(to, 1); }
static int catches(void) {
  jmp_buf here;
  if (!sigsetjmp(here, 1)) // expected-warning-re {{'jumps_in_callee' runs in place: it calls 'catches', which calls '{{.*}}sigsetjmp', and who jumps there cannot be seen}}
    jump(here);
  return 4;
}
LAZY int jumps_in_callee(int x) {
  return catches() + x; // expected-note {{'jumps_in_callee' calls 'catches' here}}
}
LAZY void parameter(int *p) { *p = 3; } // not wrong, only serial yet

/* Vouched for. */
LAZY LAZY_TRUSTED int trusted(int x) {
  fprintf(stderr, "%d\n", x);
  return elsewhere(x) + counter++;
}
LAZY_TRUSTED static int guarded(int x) { return x + counter++; }
LAZY int calls_guarded(int x) { return guarded(x); }
LAZY int calls_vouched(int x) { return vouched_elsewhere(x) + const_elsewhere(x) + lazy_elsewhere(x) + trusted(x); }
LAZY int calls_pure(int x) { return pure_elsewhere(&x); }
