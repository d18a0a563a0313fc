; A value that a loop without calls needs on every path is forced before the loop; one that it may not need stays.
; RUN: %opt_lazy -passes=lazy -S %s | %FileCheck %s

@.lazy = private unnamed_addr constant [5 x i8] c"lazy\00", section "llvm.metadata"
@.file = private unnamed_addr constant [4 x i8] c"a.c\00", section "llvm.metadata"
@llvm.global.annotations = appending global [1 x { ptr, ptr, ptr, i32, ptr }] [{ ptr, ptr, ptr, i32, ptr } { ptr @f, ptr @.lazy, ptr @.file, i32 1, ptr null }], section "llvm.metadata"

declare i32 @f(i32) memory(none)

; CHECK-LABEL: define void @always(
; CHECK:         call ptr @__lazy_force_at(
; CHECK:       body:
; CHECK-NOT:     @__lazy_force
; CHECK:         ret void
define void @always(i32 %a, i32 %n, ptr %p) {
entry:
  %x = call i32 @f(i32 %a)
  br label %body
body:
  %i = phi i32 [ 0, %entry ], [ %j, %body ]
  %q = getelementptr i32, ptr %p, i32 %i
  store i32 %x, ptr %q
  %o = load i32, ptr %q
  %s = add i32 %o, %x
  store i32 %s, ptr %q
  %j = add i32 %i, 1
  %c = icmp slt i32 %j, %n
  br i1 %c, label %body, label %done
done:
  ret void
}

; CHECK-LABEL: define void @perhaps(
; CHECK:       body:
; CHECK:       then:
; CHECK:         call ptr @__lazy_force_at(
define void @perhaps(i32 %a, i32 %n, ptr %p) {
entry:
  %x = call i32 @f(i32 %a)
  br label %body
body:
  %i = phi i32 [ 0, %entry ], [ %j, %next ]
  %q = getelementptr i32, ptr %p, i32 %i
  %o = load i32, ptr %q
  %odd = icmp eq i32 %o, 5
  br i1 %odd, label %then, label %next
then:
  %s = add i32 %o, %x
  store i32 %s, ptr %q
  br label %next
next:
  %j = add i32 %i, 1
  %c = icmp slt i32 %j, %n
  br i1 %c, label %body, label %done
done:
  ret void
}
