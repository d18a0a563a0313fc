// What a body shows of the memory it touches.
// RUN: %clang_lazy -O0 -c -o %t.o -Rpass-analysis=lazy %s -Xclang -verify
// RUN: %clang_lazy -O2 -g -c -o %t.o -Rpass-analysis=lazy %s -Xclang -verify
#include <lazy/lazy.h>
#include <stddef.h>
#include <string.h>

// expected-remark@+2{{writes (8 * (-1 + max(1, (-1 + parameter 3)))) bytes from parameter 1 + 8 on}}
// expected-remark@+1{{reads (16 + (8 * (-1 + max(1, (-1 + parameter 3))))) bytes from parameter 2 + 0 on}}
LAZY void stencil(double *out, const double *in, int n) {
  for (int i = 1; i < n - 1; i++)
    out[i] = in[i - 1] + in[i] + in[i + 1];
}

// Tiles of a matrix with a leading dimension.
// expected-remark@+3{{reads max(0, parameter 3) rows of (8 * parameter 3) bytes from parameter 1 + 0 on, one every (8 * parameter 4)}}
// expected-remark@+2{{writes max(0, parameter 3) rows of (8 * parameter 3) bytes from parameter 1 + 0 on, one every (8 * parameter 4)}}
// expected-remark@+1{{reads max(0, parameter 3) rows of (8 * parameter 3) bytes from parameter 2 + 0 on, one every (8 * parameter 4)}}
LAZY void add_tile(double *c, const double *a, int n, int ld) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      c[i * ld + j] += a[i * ld + j];
}

// Rows around the rows.
// expected-remark@+2{{writes ((-1 * parameter 3) + max(parameter 3, parameter 4)) rows of (8 * (-1 + max(1, (-1 + parameter 5)))) bytes from parameter 1 + (8 + ((8 * parameter 3) * parameter 5)) on, one every (8 * parameter 5)}}
// expected-remark@+1{{reads (2 + ((-1 * parameter 3) + max(parameter 3, parameter 4))) rows of (16 + (8 * (-1 + max(1, (-1 + parameter 5))))) bytes from parameter 2 + (parameter 5 * (-8 + (8 * parameter 3))) on, one every (8 * parameter 5)}}
LAZY void heat(double *to, const double *from, int y0, int y1, int w) {
  for (int y = y0; y < y1; y++)
    for (int x = 1; x < w - 1; x++)
      to[y * w + x] = from[(y - 1) * w + x] + from[(y + 1) * w + x] + from[y * w + x - 1] + from[y * w + x + 1];
}

// The index is a byte.
// expected-remark@+3{{reads 1024 bytes from parameter 1 + 0 on}}
// expected-remark@+2{{writes 1024 bytes from parameter 1 + 0 on}}
// expected-remark@+1{{reads min(281474976710656, parameter 3) bytes from parameter 2 + 0 on}}
LAZY void histogram(unsigned *count, const unsigned char *p, size_t n) {
  for (size_t i = 0; i < n; i++)
    count[p[i]]++;
}

// Pointers that move, early exits, helpers, copies.
// expected-remark@+2{{writes (4 * min(281474976710656, (((3 + (-1 * parameter 1)) + max(parameter 1, parameter 2)) / 4))) bytes from parameter 1 + 0 on}}
// expected-remark@+1{{results of 'between' cannot be kept: it compares the addresses of two objects}}
LAZY void between(int *p, int *end) {
  while (p < end)
    *p++ = 1;
}

// expected-remark@+1{{reads (4 * max(0, parameter 2)) bytes from parameter 1 + 0 on}}
LAZY int find(const int *p, int n, int x) {
  for (int i = 0; i < n; i++)
    if (p[i] == x)
      return i;
  return -1;
}

static int at(const int *p, int i) {
  return p[i];
}
// expected-remark@+1{{reads (4 * max(0, parameter 2)) bytes from parameter 1 + 0 on}}
LAZY int sum(const int *p, int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    s += at(p, i);
  return s;
}

// expected-remark@+2{{writes max(0, parameter 3) bytes from parameter 1 + 0 on}}
// expected-remark@+1{{reads max(0, parameter 3) bytes from parameter 2 + 0 on}}
LAZY void copy(char *to, const char *from, size_t n) {
  memcpy(to, from, n);
}

struct setting {
  double a, b;
  int n;
};
// expected-remark@+1{{reads 20 bytes from parameter 1 + 0 on}}
LAZY double evaluate(const struct setting *s, double x) {
  return s->a * x + s->b / s->n;
}

// What nobody can know: none of these has a remark.
LAZY int length(const char *s) {
  int n = 0;
  while (*s++)
    n++;
  return n;
}
int elsewhere(const int *p);
LAZY_TRUSTED int elsewhere(const int *p);
LAZY int calls(const int *p) {
  return elsewhere(p);
}
LAZY int recursive(const int *p, int n) {
  return n < 2 ? p[0] : recursive(p, n / 2) + recursive(p + n / 2, n - n / 2);
}
LAZY unsigned wraps(const unsigned *p, unsigned n, unsigned ld) {
  unsigned s = 0;
  for (unsigned i = 0; i < n; i++)
    s += p[i * ld];
  return s;
}
