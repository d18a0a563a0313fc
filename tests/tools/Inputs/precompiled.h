/* A header to precompile: a lazy function that is declared in it, and one that is defined. */
#include <lazy/lazy.h>
#include <stdio.h>

LAZY int square(int x);
LAZY static int cube(int x) { return x * x * x; }
