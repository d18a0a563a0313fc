/* spell.c - calls and values as C would have them.
 *
 * The compiler says of each argument if it is an integer, with a sign or without, a floating-point number, or a pointer
 * (struct lazy_function).  Numbers are written so that they read back as the same.  Structs are "{...}".
 */
#include "spell.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct out {
  char *at;
  size_t left; /* with the 0 */
};

__attribute__((format(printf, 2, 3))) static void put(struct out *out, const char *format, ...) {
  va_list values;
  va_start(values, format);
  int wanted = vsnprintf(out->at, out->left, format, values);
  va_end(values);
  size_t used = wanted < 0 ? 0 : (size_t)wanted < out->left ? (size_t)wanted : out->left - 1;
  out->at += used;
  out->left -= used;
}

/* The shortest that reads back as the same number. */
static void put_floating(struct out *out, double value, int least, int most) {
  char text[40];
  for (int digits = least; digits <= most; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    double back = strtod(text, NULL);
    if (most == 9 ? (float)back == (float)value : back == value)
      break;
  }
  put(out, "%s", text);
}

/* False: there is no integer of that size. */
static bool put_integer(struct out *out, char letter, const void *bytes, uint32_t size) {
  uint8_t one;
  uint16_t two;
  uint32_t four;
  uint64_t eight;
  switch (size) {
  case 1:
    memcpy(&one, bytes, size);
    eight = letter == 'i' ? (uint64_t)(int8_t)one : one;
    break;
  case 2:
    memcpy(&two, bytes, size);
    eight = letter == 'i' ? (uint64_t)(int16_t)two : two;
    break;
  case 4:
    memcpy(&four, bytes, size);
    eight = letter == 'i' ? (uint64_t)(int32_t)four : four;
    break;
  case 8:
    memcpy(&eight, bytes, size);
    break;
  default:
    return false;
  }
  if (letter == 'i')
    put(out, "%" PRId64, (int64_t)eight);
  else
    put(out, "%" PRIu64, eight);
  return true;
}

static void put_value(struct out *out, char letter, const void *bytes, uint32_t size) {
  float single;
  double number;
  uintptr_t address;
  if ((letter == 'i' || letter == 'u') && put_integer(out, letter, bytes, size))
    return;
  if (letter == 'f' && size == sizeof single) {
    memcpy(&single, bytes, sizeof single);
    put_floating(out, (double)single, 6, 9);
    put(out, "f");
  } else if (letter == 'f' && size == sizeof number) {
    memcpy(&number, bytes, sizeof number);
    put_floating(out, number, 6, 17);
  } else if (letter == 'p') {
    memcpy(&address, bytes, sizeof address);
    if (address)
      put(out, "0x%" PRIxPTR, address);
    else
      put(out, "NULL");
  } else {
    put(out, "{...}");
  }
}

/* Of the node that the argument comes from; 0: it was there. */
static uint64_t producer_of(const struct lz_event *made, uint32_t argument) {
  const struct lz_input *inputs = lz_event_inputs(made);
  for (uint32_t i = 0; i < made->inputs; i++)
    if (inputs[i].argument == argument)
      return inputs[i].number;
  return 0;
}

void lz_spell_call(char *to, size_t room, const struct lz_stories *stories, const struct lz_story *story) {
  const struct lz_event *made = story->made;
  const struct lazy_function *function = made->site->function;
  const char *types = function->types;
  struct out out = {to, room};
  put(&out, "%s(", function->name);
  for (uint32_t i = 0; i < function->argument_count; i++) {
    const struct lazy_slot *slot = &function->arguments[i];
    const struct lz_story *producer = lz_story_of(stories, producer_of(made, i));
    if (i > 0)
      put(&out, ", ");
    if (producer)
      put(&out, "#%" PRIu64, producer->number);
    else if (slot->offset + slot->size <= made->bytes)
      put_value(&out, types ? types[i] : '?', (const char *)lz_event_bytes(made) + slot->offset, slot->size);
    else
      put(&out, "...");
  }
  put(&out, ")");
}

void lz_spell_value(char *to, size_t room, const struct lz_story *story) {
  const struct lazy_function *function = story->made->site->function;
  struct out out = {to, room};
  *to = '\0';
  if ((story->fate == LZ_IS_VALID || story->fate == LZ_IS_KEPT) && story->run && function->result.size &&
      story->run->bytes == function->result.size)
    put_value(&out, function->types ? function->types[function->argument_count] : '?', lz_event_bytes(story->run),
              function->result.size);
}
