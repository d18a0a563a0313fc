// There is a runtime for 64-bit Linux.  For any other target the code is plain, the remarks say why, and the header's
// functions need no library.
// RUN: %clang_lazy -S -o %t.s --target=x86_64-linux-gnu -ffreestanding -Rpass=lazy %s 2>&1 | %FileCheck --check-prefix=LAZY %s
// RUN: %clang_lazy -S -o %t.s --target=aarch64-linux-gnu -ffreestanding -Rpass=lazy %s 2>&1 | %FileCheck --check-prefix=LAZY %s
// RUN: %clang_lazy -S -o %t.s --target=riscv64-linux-musl -ffreestanding -Rpass=lazy %s 2>&1 | %FileCheck --check-prefix=LAZY %s
// LAZY: remark: call of 'f' is deferred

// DEFINE: %{target} =
// DEFINE: %{serial} = %clang_lazy -S -o - --target=%{target} -ffreestanding -w -Rpass-missed=lazy -Xclang -verify %s | %FileCheck %s
// REDEFINE: %{target} = i686-linux-gnu
// RUN: %{serial}
// REDEFINE: %{target} = x86_64-linux-gnux32
// RUN: %{serial}
// REDEFINE: %{target} = x86_64-unknown-freebsd
// RUN: %{serial}
// REDEFINE: %{target} = x86_64-none-elf
// RUN: %{serial}
// REDEFINE: %{target} = aarch64-apple-macos
// RUN: %{serial}
// REDEFINE: %{target} = x86_64-w64-mingw32
// RUN: %{serial}
// REDEFINE: %{target} = wasm32
// RUN: %{serial}
// REDEFINE: %{target} = avr
// RUN: %{serial}
// REDEFINE: %{target} = msp430
// RUN: %{serial}
// REDEFINE: %{target} = bpf-linux-gnu
// RUN: %{serial}
// REDEFINE: %{target} = amdgcn-amd-amdhsa -nogpulib
// RUN: %{serial}
// CHECK-NOT: __lazy_
#include <lazy/lazy.h>

LAZY int f(int x) { return x ^ x >> 3; }

int g(int x) {
  int a = f(x);     // expected-remark {{call of 'f' runs in place: there is no liblazy for this target, only for 64-bit Linux}}
  int b = f(x + 1); // expected-remark {{call of 'f' runs in place: there is no liblazy for this target}}
  lazy_ref node = lazy_handle(a);
  int done = lazy_done(node);
  lazy_release(node);
  return done ? a + b : 0;
}
