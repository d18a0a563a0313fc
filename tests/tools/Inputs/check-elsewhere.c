#include "check-elsewhere.h"

int elsewhere(const int *a, int n) { return a[0] + n + a[n - 1] / 100; }
