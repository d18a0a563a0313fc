; A certain site becomes (node, value): opened if the mode allows, else called in place; forced where the value is
; needed, once, and released there.  The last call, whose value is needed at once, stays a plain call.
; RUN: %opt_lazy -passes=lazy -S %s | %FileCheck %s

@.lazy = private unnamed_addr constant [5 x i8] c"lazy\00", section "llvm.metadata"
@.file = private unnamed_addr constant [4 x i8] c"a.c\00", section "llvm.metadata"
@llvm.global.annotations = appending global [1 x { ptr, ptr, ptr, i32, ptr }] [{ ptr, ptr, ptr, i32, ptr } { ptr @f, ptr @.lazy, ptr @.file, i32 1, ptr null }], section "llvm.metadata"

declare i32 @f(i32) memory(none)

; CHECK: @lazy.arguments.f = internal constant [1 x { i32, i32 }] [{ i32, i32 } { i32 0, i32 4 }]
; CHECK: @lazy.function.f = internal constant {{.*}} ptr @f.lazy, ptr @lazy.arguments.f, i32 1, i32 8, { i32, i32 } { i32 4, i32 4 }
; CHECK: @lazy.site.f = internal global {{.*}} ptr @lazy.function.f, {{.*}} i32 1, i32 0, i64 0, i32 0, i32 0, i32 0 }
; CHECK: @lazy.module = internal global { i32, i32, ptr, ptr, ptr, ptr, i64, i64 } { i32 [[ABI:[0-9]+]], i32 0,
; CHECK: @llvm.global_ctors = {{.*}} @lazy.attach
; CHECK: @llvm.global_dtors = {{.*}} @lazy.detach

; CHECK-LABEL: define i32 @sum(
define i32 @sum(i32 %a, i32 %b) {
; CHECK:         [[MODE:%.*]] = load atomic i32, ptr getelementptr{{.*}}@lazy.module{{.*}} monotonic
; CHECK-NEXT:    [[MAY:%.*]] = icmp uge i32 [[MODE]], 2
; CHECK-NEXT:    br i1 [[MAY]], label %[[SEVERAL:.*]], label %[[INPLACE:.*]]
; CHECK:       [[SEVERAL]]:
; CHECK-NEXT:    [[TLS:%.*]] = call ptr @llvm.threadlocal.address.p0(ptr @__lazy_hungry)
; CHECK-NEXT:    [[WHERE:%.*]] = load ptr, ptr [[TLS]]
; CHECK-NEXT:    [[HUNGRY:%.*]] = load atomic i32, ptr [[WHERE]] monotonic
; CHECK-NEXT:    [[WANTS:%.*]] = icmp ne i32 [[HUNGRY]], 0
; CHECK-NEXT:    br i1 [[WANTS]], label %[[ASK:.*]], label %[[INPLACE]]
; CHECK:       [[ASK]]:
; CHECK-NEXT:    [[SPARING:%.*]] = load atomic i32, ptr getelementptr{{.*}}@lazy.site.f{{.*}} monotonic
; CHECK:         [[REST:%.*]] = and i32 {{.*}}[[SPARING]]
; CHECK-NEXT:    [[SPARED:%.*]] = icmp ne i32 [[REST]], 0
; CHECK-NEXT:    [[ASKS:%.*]] = xor i1 [[SPARED]], true
; CHECK-NEXT:    br i1 [[ASKS]], label %[[OPEN:.*]], label %[[INPLACE]]
; CHECK:       [[OPEN]]:
; CHECK-NEXT:    [[NODE:%.*]] = call ptr @__lazy_open(ptr @lazy.site.f)
; CHECK-NEXT:    [[NO:%.*]] = icmp eq ptr [[NODE]], null
; CHECK-NEXT:    br i1 [[NO]], label %[[INPLACE]], label %[[DEFER:.*]]
; CHECK:       [[DEFER]]:
; CHECK-NEXT:    [[SLOT:%.*]] = getelementptr inbounds i8, ptr [[NODE]], i64 48
; CHECK-NEXT:    store i32 %a, ptr [[SLOT]], align 16
; CHECK-NEXT:    call void @__lazy_start(ptr [[NODE]])
; CHECK-NEXT:    br label %[[DONE:.*]]
; CHECK:       [[INPLACE]]:
; CHECK-NEXT:    [[XV:%.*]] = call i32 @f(i32 %a)
; CHECK-NEXT:    br label %[[DONE]]
; CHECK:       [[DONE]]:
; CHECK-NEXT:    [[V:%.*]] = phi i32 [ [[XV]], %[[INPLACE]] ], [ {{undef|poison}}, %[[DEFER]] ]
; CHECK-NEXT:    [[H:%.*]] = phi ptr [ null, %[[INPLACE]] ], [ [[NODE]], %[[DEFER]] ]
; CHECK-NEXT:    [[Y:%.*]] = call i32 @f(i32 %b)
; CHECK-NEXT:    icmp ne ptr [[H]], null
; CHECK:         [[R:%.*]] = call ptr @__lazy_force_at(ptr [[H]], ptr {{.*}})
; CHECK-NEXT:    [[L:%.*]] = load i32, ptr [[R]], align 4
; CHECK-NEXT:    call void @__lazy_release(ptr [[H]])
; CHECK:         [[X:%.*]] = phi i32 [ [[L]], {{.*}} ], [ [[V]], {{.*}} ]
; CHECK:         [[S:%.*]] = add i32 [[X]], [[Y]]
; CHECK-NEXT:    ret i32 [[S]]
  %x = call i32 @f(i32 %a)
  %y = call i32 @f(i32 %b)
  %s = add i32 %x, %y
  ret i32 %s
}

; CHECK-LABEL: define internal void @f.lazy(ptr %0)
; CHECK:         [[A:%.*]] = load i32
; CHECK:         [[V:%.*]] = call i32 @f(i32 [[A]])
; CHECK:         store i32 [[V]]
