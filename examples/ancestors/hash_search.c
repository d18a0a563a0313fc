/* hash_search.c - finds the number whose SHA-256 starts with the most zero bits.
 *
 *     hash_search [NUMBERS]
 *
 * The numbers are searched in ranges of RANGE; each range reports its best.
 *
 * What to notice: a result is a small struct by value, and the first loop does not wait for any of them.  The second,
 * which picks the best of the best, sees them in the order of the ranges: of two equals the lower number wins, always.
 */
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { RANGE = 1000, MAX_RANGES = 10000 };

struct found {
  uint32_t number;
  int zeros;
};

static struct found best[MAX_RANGES];

/* First 32 bits of the fractional parts of the cube roots of the first 64 primes, as the standard has it. */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int by) {
  return x >> by | x << (32 - by);
}

/* The first 64 bits of the SHA-256 of the four bytes of `number`, highest first. */
static uint64_t sha256(uint32_t number) {
  uint32_t w[64] = {number, 0x80000000, [15] = 32};
  uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  uint32_t first = h[0], second = h[1];
  for (int i = 16; i < 64; i++) {
    uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
    uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  for (int i = 0; i < 64; i++) {
    uint32_t s1 = rotate(h[4], 6) ^ rotate(h[4], 11) ^ rotate(h[4], 25);
    uint32_t t1 = h[7] + s1 + ((h[4] & h[5]) ^ (~h[4] & h[6])) + constants[i] + w[i];
    uint32_t s0 = rotate(h[0], 2) ^ rotate(h[0], 13) ^ rotate(h[0], 22);
    uint32_t t2 = s0 + ((h[0] & h[1]) ^ (h[0] & h[2]) ^ (h[1] & h[2]));
    for (int k = 7; k > 0; k--)
      h[k] = h[k - 1];
    h[4] += t1;
    h[0] = t1 + t2;
  }
  return (uint64_t)(h[0] + first) << 32 | (h[1] + second);
}

LAZY static struct found search(uint32_t from, uint32_t to) {
  struct found found = {from, -1};
  for (uint32_t number = from; number < to; number++) {
    uint64_t hash = sha256(number);
    int zeros = hash ? __builtin_clzll(hash) : 64;
    if (zeros > found.zeros)
      found = (struct found){number, zeros};
  }
  return found;
}

int main(int argc, char **argv) {
  int ranges = (argc > 1 ? atoi(argv[1]) : 1000000) / RANGE;
  if (ranges < 1 || ranges > MAX_RANGES) {
    fprintf(stderr, "usage: hash_search [NUMBERS], from %d to %d\n", RANGE, RANGE * MAX_RANGES);
    return 2;
  }
  for (int i = 0; i < ranges; i++)
    best[i] = search((uint32_t)i * RANGE, (uint32_t)(i + 1) * RANGE);

  struct found winner = best[0];
  for (int i = 1; i < ranges; i++)
    if (best[i].zeros > winner.zeros)
      winner = best[i];
  printf("%u: %d zero bits, hash %016llx...\n", winner.number, winner.zeros, (unsigned long long)sha256(winner.number));
  return 0;
}
