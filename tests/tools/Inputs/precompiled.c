/* Prints 25; includes nothing, so -include or -include-pch must. */
int square(int x) { return x * x; }

int main(void) {
  int a = square(4), b = cube(2), c = square(1);
  printf("%d\n", a + b + c);
  return 0;
}
