/* env.c - the one table of environment variables.
 *
 * 1. Each variable of the table that is set is parsed; a value that makes no sense is reported with what would, and
 *    the default stands.
 * 2. Each LAZY_... in the environment that is not in the table is reported, with the nearest name there is: a
 *    variable misspelt is worse than one missing.
 *
 * The program runs on in any case.  Read once, at the first attach; the number of threads is OpenMP's (team.c).
 */
#include "env.h"

#include "error.h"
#include "types.h"

#include <stdlib.h>
#include <string.h>

#define PREFIX "LAZY"
#define NEAR 3 /* edits that still count as a slip of the pen */
#define LONGEST 64

static bool parse_mode(const char *text) {
  lz.serial = strcmp(text, "serial") == 0;
  lz.eager = strcmp(text, "defer") == 0;
  return lz.serial || lz.eager || strcmp(text, "auto") == 0;
}

static bool parse_stats(const char *text) {
  lz.stats = strcmp(text, "1") == 0;
  return lz.stats || strcmp(text, "0") == 0;
}

static bool parse_max_pending(const char *text) {
  char *end;
  errno = 0;
  unsigned long long n = strtoull(text, &end, 10);
  if (*text < '0' || *text > '9' || *end || errno || n < 1)
    return false;
  lz.max_pending = n;
  return true;
}

static const struct variable {
  const char *name;
  bool (*parse)(const char *text);
  const char *accepted;
  const char *otherwise;
} variables[] = {
    {"LAZY", parse_mode, "auto, serial or defer", "auto"},
    {"LAZY_STATS", parse_stats, "0 or 1", "0"},
    {"LAZY_MAX_PENDING", parse_max_pending, "a number from 1", "1048576"},
};
#define VARIABLES (sizeof variables / sizeof variables[0])

/* Insertions, deletions and replacements that lead from one word to the other. */
static size_t distance(const char *a, size_t a_length, const char *b) {
  size_t row[LONGEST + 1], b_length = strlen(b);
  if (a_length > LONGEST || b_length > LONGEST)
    return LONGEST;
  for (size_t j = 0; j <= b_length; j++)
    row[j] = j;
  for (size_t i = 1; i <= a_length; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
      size_t best = diagonal + (a[i - 1] != b[j - 1]);
      if (row[j] + 1 < best)
        best = row[j] + 1;
      if (row[j - 1] + 1 < best)
        best = row[j - 1] + 1;
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[b_length];
}

static void report_unknown(const char *entry, size_t length) {
  const char *nearest = NULL;
  size_t least = NEAR + 1;
  for (size_t i = 0; i < VARIABLES; i++) {
    size_t d = distance(entry, length, variables[i].name);
    if (d == 0)
      return;
    if (d < least) {
      least = d;
      nearest = variables[i].name;
    }
  }
  if (nearest)
    lz_say("unknown environment variable %.*s; did you mean %s?", (int)length, entry, nearest);
  else
    lz_say("unknown environment variable %.*s", (int)length, entry);
}

void lz_env_read(void) {
  extern char **environ;
  lz.max_pending = 1048576;
  for (size_t i = 0; i < VARIABLES; i++) {
    const char *text = getenv(variables[i].name);
    if (text && !variables[i].parse(text))
      lz_say("%s=%s is not understood (accepted: %s); using %s", variables[i].name, text, variables[i].accepted,
             variables[i].otherwise);
  }
  for (char **entry = environ; entry && *entry; entry++)
    if (strncmp(*entry, PREFIX "_", strlen(PREFIX "_")) == 0)
      report_unknown(*entry, strcspn(*entry, "="));
}
