// With the plugin the header's macro annotates, also when only preprocessing; without it the macro is empty, and the header
// is quiet under every warning.
// RUN: %clang_lazy -E -dM %s | %FileCheck --check-prefix=WITH %s
// RUN: %clang -I%include -E -dM %s | %FileCheck --check-prefix=WITHOUT %s
// RUN: %clang -I%include -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only %s
// RUN: %clang -I%include -x c++ -Wall -Wextra -Wpedantic -Werror -fsyntax-only %s
// RUN: %clang_lazy -x c++ -Wall -Wextra -Wpedantic -Werror -fsyntax-only %s
// WITH: #define LAZY __attribute__((annotate("lazy")))
// WITHOUT: #define LAZY{{ *$}}
#include <lazy/lazy.h>

LAZY int f(int x);
