/* lazy-cache-text.c - keys, numbers and names as text. */
#include "lazy-cache.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void print_key(struct lz_key key, char text[33]) {
  snprintf(text, 33, "%016" PRIx64 "%016" PRIx64, key.hi, key.lo);
}

bool read_key(const char *text, struct lz_key *key) {
  char half[17] = "";
  if (strlen(text) != 32 || strspn(text, "0123456789abcdef") != 32)
    return false;
  memcpy(half, text, 16);
  key->hi = strtoull(half, NULL, 16);
  key->lo = strtoull(text + 16, NULL, 16);
  return true;
}

void print_size(uint64_t bytes, char text[32]) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double size = (double)bytes;
  int unit = 0;
  for (; size >= 1024 && unit < 4; unit++)
    size /= 1024;
  snprintf(text, 32, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

void print_time(uint64_t ns, char text[32]) {
  double t = (double)ns;
  if (t < 1e3)
    snprintf(text, 32, "%.0f ns", t);
  else if (t < 1e6)
    snprintf(text, 32, "%.1f us", t / 1e3);
  else if (t < 1e9)
    snprintf(text, 32, "%.1f ms", t / 1e6);
  else
    snprintf(text, 32, "%.1f s", t / 1e9);
}

void print_age(uint64_t when, char text[32]) {
  uint64_t now = (uint64_t)time(NULL), age = when < now ? now - when : 0;
  if (!when)
    snprintf(text, 32, "never");
  else if (age < 120)
    snprintf(text, 32, "%" PRIu64 " s ago", age);
  else if (age < 7200)
    snprintf(text, 32, "%" PRIu64 " min ago", age / 60);
  else if (age < 172800)
    snprintf(text, 32, "%" PRIu64 " h ago", age / 3600);
  else
    snprintf(text, 32, "%" PRIu64 " d ago", age / 86400);
}

/* --- JSON --- */

/* The length of the character of UTF-8 that begins there; 0: none does. */
static size_t character(const unsigned char *text) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t length = *text < 0x80 ? 1 : *text < 0xc0 ? 0 : *text < 0xe0 ? 2 : *text < 0xf0 ? 3 : *text < 0xf8 ? 4 : 0;
  uint32_t code = length < 2 ? *text : *text & (0x7fu >> length);
  for (size_t i = 1; i < length; i++) {
    if ((text[i] & 0xc0) != 0x80)
      return 0;
    code = code << 6 | (text[i] & 0x3f);
  }
  return length && code >= least[length] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? length : 0;
}

void put_json(const char *text) {
  const unsigned char *at = (const unsigned char *)text;
  putchar('"');
  while (*at) {
    size_t length = character(at);
    if (*at == '"' || *at == '\\')
      printf("\\%c", *at);
    else if (*at < 0x20 || *at == 0x7f)
      printf("\\u%04x", *at);
    else if (length)
      fwrite(at, 1, length, stdout);
    else
      fputs("\\ufffd", stdout);
    at += length ? length : 1;
  }
  putchar('"');
}

void put_owner(const struct owner *owner) {
  fputs("\"function\": ", stdout);
  put_json(owner->function);
  fputs(", \"space\": ", stdout);
  put_json(owner->space);
}
