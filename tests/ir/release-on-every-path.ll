; A value needed on some paths only waits; where it is dead its node is released, unrun.
; RUN: %opt_lazy -passes=lazy -S %s | %FileCheck %s

@.lazy = private unnamed_addr constant [5 x i8] c"lazy\00", section "llvm.metadata"
@.file = private unnamed_addr constant [4 x i8] c"a.c\00", section "llvm.metadata"
@llvm.global.annotations = appending global [1 x { ptr, ptr, ptr, i32, ptr }] [{ ptr, ptr, ptr, i32, ptr } { ptr @f, ptr @.lazy, ptr @.file, i32 1, ptr null }], section "llvm.metadata"

declare i32 @f(i32) memory(none)
declare void @other()

; CHECK: @lazy.site.f = internal global {{.*}} i32 0, i32 0, i64 0, i32 0, i32 0, i32 0 }

; CHECK-LABEL: define i32 @two_of_three(
define i32 @two_of_three(i32 %a, i32 %c) {
; CHECK:         icmp uge i32 %{{.*}}, 1
; CHECK:         call ptr @__lazy_open(
  %x = call i32 @f(i32 %a)
  switch i32 %c, label %not [ i32 0, label %needed
                              i32 1, label %too ]

; CHECK:       needed:
; CHECK-NOT:     @other
; CHECK:         call ptr @__lazy_force_at(
; CHECK:         call void @__lazy_release(
needed:
  ret i32 %x

; CHECK:       too:
; CHECK:         call ptr @__lazy_force_at(
; CHECK:         call void @__lazy_release(
too:
  %y = add i32 %x, 1
  ret i32 %y

; CHECK:       not:
; CHECK-NOT:     @__lazy_force
; CHECK:         call void @__lazy_release(
; CHECK:         call void @other()
not:
  call void @other()
  ret i32 0
}

; Needed on one path, and dependent on its argument only: called there, without a node.
; CHECK-LABEL: define i32 @one_of_two(
; CHECK-NOT:     @__lazy
; CHECK:       needed:
; CHECK-NEXT:    %x = call i32 @f(i32 %a)
; CHECK-NEXT:    ret i32 %x
; CHECK:       not:
define i32 @one_of_two(i32 %a, i1 %c) {
  %x = call i32 @f(i32 %a)
  br i1 %c, label %needed, label %not
needed:
  ret i32 %x
not:
  call void @other()
  ret i32 0
}

; Nobody looks at it on any path: no call at all.
; CHECK-LABEL: define i32 @no_path(
; CHECK-NEXT:    ret i32 0
define i32 @no_path(i32 %a) {
  %x = call i32 @f(i32 %a)
  ret i32 0
}
