// Calls on objects whose visitors tell of different memory wait for each other nowhere; visitors are compiled where lazy
// functions want them, and only there.
// RUN: %clang_lazy -O1 -S -emit-llvm -o - %s | %FileCheck --check-prefix=IR %s
// RUN: %clang_lazy -O0 -DNOBODY_CALLS -S -emit-llvm -o - %s | %FileCheck --check-prefix=NONE %s
// RUN: %clang_lazy -O1 %s -o %t -L%liblazy_dir -llazy
// RUN: env LD_LIBRARY_PATH=%liblazy_dir LAZY=defer OMP_NUM_THREADS=1 %t | %FileCheck %s
// RUN: env LD_LIBRARY_PATH=%liblazy_dir LAZY=serial %t | %FileCheck --check-prefix=SERIAL %s
#include <lazy/lazy.h>
#include <stdio.h>

struct matrix {
  long size;
  double *data;
};
LAZY_VISITOR static void visit_matrix(const struct matrix *m, lazy_visit *to) {
  lazy_visit_memory(to, m->data, (size_t)m->size * sizeof *m->data);
}
struct other {
  struct other *next;
};
LAZY_VISITOR static void visit_other(const struct other *o, lazy_visit *to) {
  lazy_visit_objects(to, o->next, 1, visit_other);
}

#ifndef NOBODY_CALLS
// IR-DAG: @lazy.objects{{[.0-9]*}} = {{private|internal}} constant { ptr, i64, i32 } { ptr @visit_matrix, i64 16, i32 3 }
// IR-DAG: @lazy.objects{{[.0-9]*}} = {{private|internal}} constant { ptr, i64, i32 } { ptr @visit_matrix, i64 16, i32 1 }
// IR-NOT: visit_other

// With one thread, nothing runs before somebody waits for it; it says when.
LAZY LAZY_TRUSTED __attribute__((noinline)) static void
add(LAZY_INOUT(1) const struct matrix *to, LAZY_IN(1) const struct matrix *from, LAZY_STR const char *name) {
  for (long i = 0; i < to->size; i++)
    to->data[i] += from->data[i];
  printf("%s\n", name);
}

int main(void) {
  double data[4][50] = {{0}};
  struct matrix m[4];
  for (int i = 0; i < 4; i++)
    m[i] = (struct matrix){50, data[i]};
  add(&m[0], &m[2], "first");
  add(&m[1], &m[2], "second");
  add(&m[3], &m[0], "third");
  double a = data[1][7];
  m[3].size += 0 * (long)data[3][0];
  return (int)a;
}
// CHECK: second
// CHECK-NEXT: first
// CHECK-NEXT: third
// SERIAL: first
// SERIAL-NEXT: second
// SERIAL-NEXT: third
#endif
// NONE-NOT: visit_
