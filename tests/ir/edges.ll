; An argument that is a lazy value is an edge; a struct passed in pieces is one edge for each; a struct in memory is one.
; RUN: %opt_lazy -passes=lazy -S %s | %FileCheck %s

target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

@.lazy = private unnamed_addr constant [5 x i8] c"lazy\00", section "llvm.metadata"
@.file = private unnamed_addr constant [4 x i8] c"a.c\00", section "llvm.metadata"
@llvm.global.annotations = appending global [4 x { ptr, ptr, ptr, i32, ptr }] [{ ptr, ptr, ptr, i32, ptr } { ptr @f, ptr @.lazy, ptr @.file, i32 1, ptr null }, { ptr, ptr, ptr, i32, ptr } { ptr @g, ptr @.lazy, ptr @.file, i32 1, ptr null }, { ptr, ptr, ptr, i32, ptr } { ptr @big, ptr @.lazy, ptr @.file, i32 1, ptr null }, { ptr, ptr, ptr, i32, ptr } { ptr @eat, ptr @.lazy, ptr @.file, i32 1, ptr null }], section "llvm.metadata"

%big = type { [10 x double] }

declare { double, double } @f(i32) memory(none)
declare double @g(double, double) memory(none)
declare void @big(ptr sret(%big) align 8, i32)
declare double @eat(ptr byval(%big) align 8, i32)
declare void @work()

; CHECK: @lazy.site.g = internal global {{.*}} i32 1, i32 2, i64 0, i32 0, i32 0, i32 0 }
; CHECK: @lazy.function.big = {{.*}} i32 1, i32 88, { i32, i32 } { i32 8, i32 80 }
; CHECK: @lazy.site.eat = internal global {{.*}} i32 1, i32 1, i64 0, i32 0, i32 0, i32 0 }

; CHECK-LABEL: define double @pieces(
; CHECK:         call void @__lazy_input(ptr %{{.*}}, i32 0, ptr %{{.*}}, i32 0)
; CHECK:         call void @__lazy_input(ptr %{{.*}}, i32 1, ptr %{{.*}}, i32 8)
define double @pieces(i32 %a) {
  %p = call { double, double } @f(i32 %a)
  %x = extractvalue { double, double } %p, 0
  %y = extractvalue { double, double } %p, 1
  %r = call double @g(double %x, double %y)
  call void @work()
  ret double %r
}

; CHECK-LABEL: define double @memory(
; CHECK:         call void @__lazy_input(ptr %{{.*}}, i32 0, ptr %{{.*}}, i32 0)
; CHECK:         call void @llvm.memcpy{{.*}}, i64 80, i1 false)
define double @memory(i32 %a) {
  %s = alloca %big, align 8
  call void @big(ptr sret(%big) align 8 %s, i32 %a)
  %r = call double @eat(ptr byval(%big) align 8 %s, i32 3)
  %q = call double @g(double 1.0, double 2.0)
  %t = fadd double %r, %q
  ret double %t
}
