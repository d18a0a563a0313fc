/* text.c - text that is written to a file fast, piece by piece.
 *
 * A graph of a million nodes is some hundred megabytes of JSON: formats that are parsed once for each number would take
 * longer than the program.
 */
#include "text.h"

#include <string.h>

void lz_text_begin(struct lz_text *text, FILE *to) {
  text->to = to;
  text->failed = false;
  text->used = 0;
}

static void flush(struct lz_text *text) {
  if (!text->failed && fwrite(text->bytes, 1, text->used, text->to) != text->used)
    text->failed = true;
  text->used = 0;
}

bool lz_text_end(struct lz_text *text) {
  flush(text);
  if (fflush(text->to) != 0)
    text->failed = true;
  return !text->failed;
}

static void add_bytes(struct lz_text *text, const char *bytes, size_t size) {
  while (size > 0) {
    size_t room = sizeof text->bytes - text->used, part = size < room ? size : room;
    memcpy(text->bytes + text->used, bytes, part);
    text->used += part;
    bytes += part;
    size -= part;
    if (text->used == sizeof text->bytes)
      flush(text);
  }
}

void lz_text_add(struct lz_text *text, const char *string) {
  add_bytes(text, string, strlen(string));
}

void lz_text_number(struct lz_text *text, uint64_t number) {
  char digits[20], *first = digits + sizeof digits;
  do {
    *--first = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  add_bytes(text, first, (size_t)(digits + sizeof digits - first));
}

void lz_text_us(struct lz_text *text, uint64_t ns) {
  const char decimals[] = {'.', (char)('0' + ns / 100 % 10), (char)('0' + ns / 10 % 10), (char)('0' + ns % 10)};
  lz_text_number(text, ns / 1000);
  add_bytes(text, decimals, sizeof decimals);
}

void lz_text_quoted(struct lz_text *text, const char *string) {
  lz_text_add(text, "\"");
  for (; *string; string++) {
    char escaped[8];
    if ((unsigned char)*string < ' ') {
      snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)*string);
      lz_text_add(text, escaped);
    } else {
      if (*string == '"' || *string == '\\')
        add_bytes(text, "\\", 1);
      add_bytes(text, string, 1);
    }
  }
  lz_text_add(text, "\"");
}
