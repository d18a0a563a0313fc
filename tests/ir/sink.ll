; Pure arithmetic waits: in f(a) + f(b) + f(c) all three are started before the first is forced, and a sum needed on
; one path is computed there.
; RUN: %opt_lazy -passes=lazy -S %s | %FileCheck %s

@.lazy = private unnamed_addr constant [5 x i8] c"lazy\00", section "llvm.metadata"
@.file = private unnamed_addr constant [4 x i8] c"a.c\00", section "llvm.metadata"
@llvm.global.annotations = appending global [1 x { ptr, ptr, ptr, i32, ptr }] [{ ptr, ptr, ptr, i32, ptr } { ptr @f, ptr @.lazy, ptr @.file, i32 1, ptr null }], section "llvm.metadata"

declare i32 @f(i32) memory(none)

; CHECK-LABEL: define i32 @three(
; CHECK:         call ptr @__lazy_open(
; CHECK-NOT:     @__lazy_force
; CHECK:         call ptr @__lazy_open(
; CHECK-NOT:     @__lazy_force
; CHECK:         call i32 @f(i32 %c)
; CHECK:         call ptr @__lazy_force_at(
; CHECK:         call ptr @__lazy_force_at(
; CHECK:         add
; CHECK:         add
; CHECK-NEXT:    ret
define i32 @three(i32 %a, i32 %b, i32 %c) {
  %x = call i32 @f(i32 %a)
  %y = call i32 @f(i32 %b)
  %xy = add i32 %x, %y
  %z = call i32 @f(i32 %c)
  %s = add i32 %xy, %z
  ret i32 %s
}

; CHECK-LABEL: define i32 @one_path(
; CHECK:       needed:
; CHECK:         call i32 @f(
; CHECK:         mul i32
; CHECK:       not:
; CHECK-NOT:     mul
define i32 @one_path(i32 %a, i1 %c) {
  %x = call i32 @f(i32 %a)
  %y = mul i32 %x, 3
  br i1 %c, label %needed, label %not
needed:
  ret i32 %y
not:
  ret i32 0
}

; Not into a loop that it was not in.
; CHECK-LABEL: define i32 @loop(
; CHECK:         sdiv i32
; CHECK:       body:
; CHECK-NOT:     sdiv
; CHECK:         ret i32
define i32 @loop(i32 %a, i32 %n) {
entry:
  %x = call i32 @f(i32 %a)
  %y = sdiv i32 %x, 7
  br label %body
body:
  %i = phi i32 [ 0, %entry ], [ %j, %body ]
  %s = phi i32 [ 0, %entry ], [ %t, %body ]
  %t = add i32 %s, %y
  %j = add i32 %i, 1
  %c = icmp slt i32 %j, %n
  br i1 %c, label %body, label %done
done:
  ret i32 %t
}
