#include <lazy/lazy.h>

LAZY int elsewhere(LAZY_IN(n) const int *a, int n);
