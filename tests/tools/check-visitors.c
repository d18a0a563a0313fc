// LAZY=check: visitors that tell less than there is.
// RUN: %lazycc --check -O1 %s -o %t
// RUN: env LAZY=check %t 2>&1 > %t.out | %FileCheck %s
// RUN: %FileCheck %s --check-prefix=OUTPUT < %t.out
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

struct matrix {
  int rows, columns;
  double *data;
};
LAZY_VISITOR static void visit_matrix(const struct matrix *m, lazy_visit *to) {
  lazy_visit_memory(to, m->data, (m->rows * m->columns - 1) * sizeof *m->data);
}
// CHECK: {{.*}}check-visitors.c:[[@LINE+5]]:10: warning: 'norm' reads 8 bytes from byte 40 on of 40 bytes that the visitor of 'm' tells: 8 too few
// CHECK-NEXT: {{.*}}note: 'norm' is called here
LAZY static double norm(const struct matrix *m) {
  double s = 0;
  for (int i = 0; i < m->rows * m->columns; i++)
    s += m->data[i];
  return s;
}

// A visitor that forgets a part; the objects themselves are named.
struct list {
  struct list *next;
  const int *numbers;
  int count;
};
LAZY_VISITOR static void visit_list(const struct list *l, lazy_visit *to) {
  lazy_visit_objects(to, l->next, 1, visit_list);
}
// CHECK-NEXT: {{.*}}check-visitors.c:[[@LINE+6]]:12: warning: 'total' reads 4 bytes {{.*}}
// CHECK-NEXT: {{.*}}note: 'total' is called here
LAZY static int total(const struct list *l) {
  int s = 0;
  for (; l; l = l->next)
    for (int i = 0; i < l->count; i++)
      s += l->numbers[i];
  return s;
}
// CHECK-NEXT: lazy: LAZY=check: 2 calls checked; 2 places are not as annotated

int main(void) {
  struct matrix m = {2, 3, malloc(6 * sizeof(double))};
  static int numbers[] = {1, 2, 3, 4};
  struct list last = {NULL, numbers, 2}, first = {&last, numbers + 2, 2};
  for (int i = 0; i < 6; i++)
    m.data[i] = i;
  printf("%g %d\n", norm(&m), total(&first));
  free(m.data);
}
// OUTPUT: 15 10
