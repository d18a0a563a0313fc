// A word that starts with "lazy" is ours; one that we do not know is an error that names the nearest.
// RUN: %clang_lazy -fsyntax-only -Xclang -verify %s

__attribute__((annotate("lazzy"))) int a(int); // none of our business: does not start with "lazy"
__attribute__((annotate("lazyy"))) int b(int); // expected-error {{unknown lazypass annotation 'lazyy'; did you mean 'lazy'?}}
__attribute__((annotate("Lazy"))) int c(int);  // expected-error {{unknown lazypass annotation 'Lazy'; did you mean 'lazy'?}}
__attribute__((annotate("lazy "))) int d(int); // expected-error {{unknown lazypass annotation 'lazy '; did you mean 'lazy'?}}
__attribute__((annotate("lazy", 3))) int e(int); // expected-error {{the annotation 'lazy' takes no arguments}}
__attribute__((annotate("lazy"))) int good(int);
int good(int x) { return x; } // inherits it; said once
