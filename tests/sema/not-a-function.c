// RUN: %clang_lazy -fsyntax-only -Xclang -verify %s

#define LAZY __attribute__((annotate("lazy")))

LAZY int variable; // expected-error {{'lazy' applies to functions only; 'variable' is a variable}}
LAZY int (*pointer)(int); // expected-error {{'lazy' applies to functions only; 'pointer' is a pointer to a function (annotate the functions it may point to; calls through a pointer are plain calls)}}
typedef LAZY int (*type)(int); // expected-error {{'lazy' applies to functions only; 'type' is a type name}}
struct LAZY s { // expected-error {{'lazy' applies to functions only; 's' is a type}}
  LAZY int field; // expected-error {{'lazy' applies to functions only; 'field' is a field}}
};

__attribute__((lazypass)) int g(void); // expected-error {{'lazypass' is the name of the plugin; the attribute is annotate("lazy")}}

int f(LAZY int parameter) { // expected-error {{'lazy' applies to functions only; 'parameter' is a parameter}}
  LAZY int local = parameter; // expected-error {{'lazy' applies to functions only; 'local' is a variable}}
  return local;
}
