; A module without lazy functions comes out as it went in, also if other functions are annotated with other things.
; RUN: %opt -S %s -o %t.before
; RUN: %opt_lazy -passes=lazy -S %s -o %t.after
; RUN: diff %t.before %t.after

@.other = private unnamed_addr constant [6 x i8] c"other\00", section "llvm.metadata"
@.file = private unnamed_addr constant [4 x i8] c"a.c\00", section "llvm.metadata"
@llvm.global.annotations = appending global [1 x { ptr, ptr, ptr, i32, ptr }] [{ ptr, ptr, ptr, i32, ptr } { ptr @f, ptr @.other, ptr @.file, i32 1, ptr null }], section "llvm.metadata"

define i32 @f(i32 %a) {
  %p = alloca i32
  store i32 %a, ptr %p
  %v = load i32, ptr %p
  ret i32 %v
}

define i32 @g(i32 %a) {
  %x = call i32 @f(i32 %a)
  ret i32 %x
}
