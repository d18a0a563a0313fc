#include <lazy/lazy.h>

LAZY void fill(LAZY_OUT(n) int *to, int n, int seed);
LAZY int sum(LAZY_IN(n) const int *a, int n);
void set_offset(int to);
