// What is done before calls of the C library, while calls are pending in memory.
// RUN: %clang_lazy -O0 -S -emit-llvm -o - %s | %FileCheck %s
#include <lazy/lazy.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

LAZY static void fill(LAZY_OUT(n) char *to, int n) { memset(to, n, n); }

// Nothing: neither numbers nor format can be pending.
// CHECK-LABEL: define{{.*}} void @numbers(
// CHECK:         call void @fill(
// CHECK-NOT:     call void @__lazy_{{touch|settle|use}}
// CHECK:         call double @sin(
// CHECK-NOT:     call void @__lazy_
// CHECK:         call noalias ptr @malloc(
// CHECK-NOT:     call void @__lazy_
// CHECK:         call i32 @rand()
// CHECK:         call void @__lazy_use_stream(ptr %{{.*}}, ptr null)
// CHECK-NOT:     call void @__lazy_
// CHECK:         call i32 (ptr, ...) @printf(
void numbers(char *to, int n, double *result, void **place) {
  fill(to, n);
  double x = sin(n);
  void *memory = malloc(n);
  int random = rand();
  printf("%d %g %s\n", random, x, "text");
  *result = x;
  *place = memory;
}

// As many bytes as the arguments say.
// CHECK-LABEL: define{{.*}} void @lengths(
// CHECK:         %[[LENGTH:.*]] = mul i64 4, %{{.*}}
// CHECK:         call void @__lazy_touch(ptr %{{.*}}, ptr %{{.*}}, i64 %[[LENGTH]], i32 1)
// CHECK:         call i64 @fwrite(
// CHECK:         call void @__lazy_use_stream(ptr %{{.*}}, ptr %[[STREAM:.*]])
// CHECK:         call void @__lazy_touch(ptr %{{.*}}, ptr %{{.*}}, i64 10, i32 2)
// CHECK:         call ptr @fgets(ptr noundef %{{.*}}, i32 noundef 10, ptr noundef %[[STREAM]])
// CHECK:         call void @__lazy_touch(ptr %{{.*}}, ptr %{{.*}}, i64 7, i32 2)
// CHECK:         call i32 (ptr, i64, ptr, ...) @snprintf(
// CHECK-NOT:     call void @__lazy_settle
// CHECK:         call void @__lazy_touch_allocation(ptr %{{.*}}, ptr %{{.*}})
// CHECK:         call void @free(
void lengths(char *to, int n, FILE *f, char *other) {
  fill(to, n);
  fwrite(other, 4, n, f);
  fgets(other, 10, f);
  snprintf(other, 7, "%d", n);
  free(other);
}

// The bytes that another thread is about to access.
// CHECK-LABEL: define{{.*}} void @sync(
// CHECK-NOT:     call void @__lazy_settle
// CHECK:         call void @__lazy_touch(ptr %{{.*}}, ptr %{{.*}}, i64 64, i32 2)
// CHECK:         call void @lazy_sync(
void sync(char *to, int n) {
  fill(to, n);
  lazy_sync(to + 64, 64);
}

// Text that is read to its end; nothing, if it cannot be pending; everything, if nobody knows how far.
// CHECK-LABEL: define{{.*}} i64 @text(
// CHECK:         call void @fill(
// CHECK-NOT:     call void @__lazy_{{touch|settle}}(
// CHECK:         call i64 @strlen(
// CHECK-NOT:     call void @__lazy_{{touch|settle}}(
// CHECK:         call i32 @puts(
// CHECK:         call i64 @__lazy_touch_text(ptr %{{.*}}, ptr %[[TEXT:.*]])
// CHECK:         call i64 @strlen(ptr noundef %[[TEXT]])
// CHECK:         call i64 @__lazy_touch_text(ptr %{{.*}}, ptr %[[TEXT]])
// CHECK-NOT:     call void @__lazy_settle(
// CHECK:         call i32 (ptr, ...) @printf(
// CHECK:         call void @__lazy_settle(
// CHECK:         call i32 (ptr, ...) @printf(
// CHECK:         call void @__lazy_settle(
// CHECK:         call i64 @strtol(
unsigned long text(char *other, int n) {
  char own[20] = "own", to[30];
  fill(to, n);
  unsigned long length = strlen(own);
  puts(own);
  length += strlen(to);
  printf("%5d %-9s\n", n, to);
  fill(to, n);
  printf("%.5s\n", to);
  fill(to, n);
  return length + strtol(to, NULL, 10);
}

// What may end the thread, call back, keep a pointer or tell others.
// CHECK-LABEL: define{{.*}} void @others(
// CHECK:         call void @__lazy_settle(
// CHECK:         call i32 @fflush(
// CHECK:         call void @__lazy_settle(
// CHECK:         call ptr @strtok(
// CHECK:         call void @__lazy_settle(
// CHECK:         call ptr @getenv(
// CHECK:         call void @__lazy_settle(
// CHECK:         call i64 @clock(
// CHECK:         call void @__lazy_settle(
// CHECK:         call void @abort(
void others(char *to, int n) {
  fill(to, n);
  fflush(stdout);
  fill(to, n);
  strtok(to, " ");
  fill(to, n);
  getenv("HOME");
  fill(to, n);
  clock();
  fill(to, n);
  if (n)
    abort();
}

// The format is not known, so it may write.
// CHECK-LABEL: define{{.*}} void @format(
// CHECK:         call void @fill(
// CHECK:         call void @__lazy_settle(
// CHECK:         call i32 (ptr, ...) @printf(
void format(char *to, int n, const char *how, int *length) {
  fill(to, n);
  rand();
  printf(how, length);
}
