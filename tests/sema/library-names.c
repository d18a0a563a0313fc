// A name alone proves nothing: a function is the library's if its type is, too, if no body is there, and if nobody says
// that the names mean nothing.
// RUN: %clang_lazy -O2 -c -o %t.o %s -Xclang -verify=all,hosted -Wno-incompatible-library-redeclaration
// RUN: %clang_lazy -O0 -c -o %t.o %s -Xclang -verify=all,hosted -Wno-incompatible-library-redeclaration
// RUN: %clang_lazy -O2 -c -o %t.o %s -Xclang -verify=all,free -fno-builtin
// RUN: %clang_lazy -O2 -c -o %t.o %s -Xclang -verify=all,free -ffreestanding
#include <lazy/lazy.h>

int write(double);
int usleep(double, int);
double sin(double);
int rand(void);
int toupper(int);
LAZY_TRUSTED int time(int);
static int getchar(int x) { return x; }
static int puts(int x) { return x; }

LAZY int own_write(int x) {
  return write(x); // all-warning {{it calls 'write', whose body is out of sight}}
}
LAZY int own_usleep(int x) {
  return usleep(x, x); // all-warning {{it calls 'usleep', whose body is out of sight}}
}
LAZY int own_time(int x) { return time(x); }
LAZY int own_static(int x) { return puts(x) + getchar(x); }
LAZY double sine(double x) {
  return sin(x); // free-warning {{it calls 'sin', whose body is out of sight}}
}
LAZY int random_number(int x) {
  return rand() + x; // hosted-error {{calls 'rand', which keeps state between calls}} hosted-note {{use 'rand_r' instead, or mark 'random_number' LAZY_TRUSTED to vouch for it}} free-warning {{it calls 'rand', whose body is out of sight}}
}
LAZY int upper(int x) {
  return toupper(x); // all-warning {{it uses <ctype.h>, whose answers depend on the thread}}
}
