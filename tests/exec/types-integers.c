// Integers of every width: an edge, a store that waits, a value through ?:, each printed to the last bit.  Widths that
// are no whole number of bytes, or no power of two, have bits in memory that belong to nobody.
// RUN: %lazy_equiv %s -Wno-bit-int-extension
#include <lazy/lazy.h>
#include <stdio.h>
#include <string.h>

enum color { RED, GREEN = 5, BLUE };
enum __attribute__((packed)) small { LOW = -3, HIGH = 100 };

#define INTEGER(T, name, seed)                                                                                         \
  LAZY static T next_##name(T x, int k) { return (T)(x * 3 + (T)k); }                                                  \
  static void check_##name(int n) {                                                                                    \
    T out[5], a = next_##name((T)(seed), n), b = next_##name(a, 2), c = next_##name(a, 3);                             \
    struct {                                                                                                           \
      char before;                                                                                                     \
      T value;                                                                                                         \
      char after;                                                                                                      \
    } field = {.before = 'a', .after = 'z'};                                                                           \
    for (int i = 0; i < 5; i++)                                                                                        \
      out[i] = next_##name(b, i);                                                                                      \
    field.value = next_##name(c, n);                                                                                   \
    T either = n & 1 ? b : c;                                                                                          \
    show(#name, &(T){a}, sizeof(T), a == b);                                                                           \
    show(#name, &(T){either}, sizeof(T), (T)(either + 1) > either);                                                    \
    for (int i = 0; i < 5; i++)                                                                                        \
      show(#name, &(T){out[i]}, sizeof(T), out[i] > b);                                                                \
    printf("%c %c %d\n", field.before, field.after, field.value == c);                                                 \
  }

/* Prints the bytes of a value that the program itself has stored. */
static void show(const char *name, const void *value, size_t size, int truth) {
  unsigned char bytes[64];
  memcpy(bytes, value, size);
  printf("%s", name);
  for (size_t i = size; i-- > 0;)
    printf("%s%02x", i + 1 == size ? " " : "", bytes[i]);
  printf(" %d\n", truth);
}

INTEGER(_Bool, boolean, 1)
INTEGER(signed char, signed_char, 100)
INTEGER(unsigned char, unsigned_char, 200)
INTEGER(char, plain_char, 'x')
INTEGER(short, short_, -30000)
INTEGER(unsigned short, unsigned_short, 60000)
INTEGER(unsigned, unsigned_, 4000000000u)
INTEGER(long, long_, -5)
INTEGER(unsigned long long, long_long, ~0ull)
INTEGER(__int128, int128, (__int128)-7 << 90)
INTEGER(unsigned __int128, unsigned_int128, (unsigned __int128)1 << 127)
INTEGER(_BitInt(2), bits2, 1)
INTEGER(unsigned _BitInt(1), bits1, 1)
INTEGER(unsigned _BitInt(7), bits7, 99)
INTEGER(_BitInt(13), bits13, -4000)
INTEGER(_BitInt(24), bits24, -8000000)
INTEGER(unsigned _BitInt(33), bits33, 8000000000u)
INTEGER(_BitInt(64), bits64, -1)
INTEGER(unsigned _BitInt(65), bits65, ~0ull)
INTEGER(_BitInt(100), bits100, -99)
INTEGER(_BitInt(128), bits128, -128)
#if __BITINT_MAXWIDTH__ > 128
INTEGER(unsigned _BitInt(129), bits129, -1)
INTEGER(_BitInt(200), bits200, -12345)
INTEGER(unsigned _BitInt(256), bits256, ~0ull)
INTEGER(_BitInt(500), bits500, -77)
#endif
INTEGER(enum color, enumeration, GREEN)
INTEGER(enum small, packed_enumeration, LOW)

int main(void) {
  for (int n = 0; n < 2; n++) {
    check_boolean(n), check_signed_char(n), check_unsigned_char(n), check_plain_char(n), check_short_(n);
    check_unsigned_short(n), check_unsigned_(n), check_long_(n), check_long_long(n), check_int128(n);
    check_unsigned_int128(n), check_bits1(n), check_bits2(n), check_bits7(n), check_bits13(n), check_bits24(n);
    check_bits33(n), check_bits64(n), check_bits65(n), check_bits100(n), check_bits128(n);
#if __BITINT_MAXWIDTH__ > 128
    check_bits129(n), check_bits200(n), check_bits256(n), check_bits500(n);
#endif
    check_enumeration(n), check_packed_enumeration(n);
  }
  return 0;
}
