// Annotated by hand, and what it must not do stands in front of the first sign of anything lazy: still it has its line.
// RUN: %clang_lazy -O0 -c -o %t.o %s -Xclang -verify
// RUN: %clang_lazy -O2 -c -o %t.o %s -Xclang -verify
static int count;
static int tick(int x) {
  return x + count++; // expected-error {{lazy function 'f' calls 'tick', which writes 'count', which others see}}
}
__attribute__((annotate("lazy"))) static int f(int x) {
  int y = x;
  for (int i = 0; i < 100; i++)
    y = y * 31 + tick(i); // expected-note {{'f' calls 'tick' here}}
  return y;
}
int main(void) {
  return f(3) + f(4);
}
