/* xxh3-avx2.c - XXH3 for processors with AVX2: compiled for these, and so called on no others. */
#include "xxh3.h"

#if defined(__AVX2__)
LZ_XXH3_DEFINE(lz_xxh3_avx2);
#endif
