/* The other file of types-pointers.c. */
struct item;
struct pair {
  double x;
  long n;
};

int elsewhere(struct pair by_value, struct item *p, long n) { return (int)(by_value.x * 3 + (p != 0) + (double)n); }
int elsewhere_front(const void *p, struct pair by_value, void *q) { return (int)by_value.n + (p != q); }
