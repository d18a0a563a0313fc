// Vectors of 8 to 512 bits, by the registers the target has and by memory where it has none; also 3 elements, booleans
// and structs of vectors.
// RUN: %lazy_equiv --fast %s -Wno-psabi
// RUN: %lazy_equiv --fast %s -mavx -Wno-psabi
#include <lazy/lazy.h>
#include <stdio.h>

#define VECTOR(T, name, n)                                                                                             \
  typedef T name __attribute__((vector_size(n * sizeof(T))));                                                          \
  LAZY static name next_##name(name v, int k) { return v * v + (T)k - (name){3}; }                                     \
  struct pair_##name {                                                                                                 \
    char tag;                                                                                                          \
    name v, w;                                                                                                         \
  };                                                                                                                   \
  LAZY static struct pair_##name pair_##name(struct pair_##name p, name v) {                                           \
    return (struct pair_##name){p.tag + 1, p.w, v};                                                                    \
  }                                                                                                                    \
  static void check_##name(int c) {                                                                                    \
    name out[4], a = next_##name((name){1}, c), b = next_##name(a, 2), d = next_##name(a, 3);                          \
    struct pair_##name p = pair_##name((struct pair_##name){c, a, b}, d), q = pair_##name(p, a);                       \
    for (int i = 0; i < 4; i++)                                                                                        \
      out[i] = next_##name(b, i);                                                                                      \
    name either = c & 1 ? b : d;                                                                                       \
    for (int i = 0; i < n; i++)                                                                                        \
      printf("%s %g %g %g %g %g\n", #name, (double)a[i], (double)either[i], (double)out[3][i], (double)p.v[i],         \
             (double)q.w[i]);                                                                                          \
    printf("%d %d\n", p.tag, q.tag);                                                                                   \
  }

VECTOR(signed char, bytes1, 1)
VECTOR(short, shorts2, 2)
VECTOR(int, ints2, 2)
VECTOR(float, floats2, 2)
VECTOR(unsigned char, bytes16, 16)
VECTOR(float, floats4, 4)
VECTOR(double, doubles2, 2)
VECTOR(long, longs2, 2)
VECTOR(float, floats8, 8)
VECTOR(double, doubles4, 4)
VECTOR(int, ints8, 8)
VECTOR(double, doubles8, 8)
VECTOR(unsigned short, shorts32, 32)
VECTOR(double, doubles16, 16)

typedef float three __attribute__((ext_vector_type(3)));
LAZY static three next_three(three v, int k) { return v.zxy * k + 1; }
typedef _Bool truths __attribute__((ext_vector_type(4)));
LAZY static truths next_truths(truths v, int k) {
  v[k & 3] = !v[k & 3];
  return v;
}

int main(void) {
  for (int c = 0; c < 2; c++) {
    check_bytes1(c), check_shorts2(c), check_ints2(c), check_floats2(c), check_bytes16(c), check_floats4(c);
    check_doubles2(c), check_longs2(c), check_floats8(c), check_doubles4(c), check_ints8(c), check_doubles8(c);
    check_shorts32(c), check_doubles16(c);
    three t = next_three((three){1, 2, 3}, c), u = next_three(t, 2), list[3];
    truths b = next_truths((truths){1, 0, 1, 0}, c), d = next_truths(b, 2);
    for (int i = 0; i < 3; i++)
      list[i] = next_three(u, i);
    printf("%g %g %g %g %g %d%d%d%d\n", t.x, u.y, u.z, list[2].x, list[1].z, d[0], d[1], d[2], d[3]);
  }
  return 0;
}
