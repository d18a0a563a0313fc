/* What the fingerprint of a function depends on, once it runs; with libraries: tests/modes/fingerprints.test. */
#include "lowered.h"

#include "fingerprint.h"
#include "loaded.h"

#include <math.h>

#define WHOLE(f, list)                                                                                                 \
  {"f", NULL, NULL, 0, 0, {0, 0}, {(f), 1}, NULL, (list), sizeof(list) / sizeof *(list), NULL, NULL}
#define CODE(f, list) {{(f), 2}, (list), sizeof(list) / sizeof *(list)}

struct print {
  uint64_t words[2];
};

static struct print print_of(const struct lazy_function *function) {
  struct print print;
  const char *why;
  if (!lz_fingerprint(function, print.words, &why))
    fail_msg("%s", why);
  assert_null(why);
  return print;
}

static bool same(const struct lazy_function *a, const struct lazy_function *b) {
  struct print x = print_of(a), y = print_of(b);
  return memcmp(&x, &y, sizeof x) == 0;
}

static const char *why_not(const struct lazy_function *function) {
  uint64_t words[2] = {1, 1};
  const char *why;
  assert_false(lz_fingerprint(function, words, &why));
  assert_true(!words[0] && !words[1] && why);
  return why;
}

static void the_code_itself_counts(void **state) {
  (void)state;
  static const struct lazy_function one = {.name = "one", .fingerprint = {1, 1}},
                                    again = {.name = "again", .fingerprint = {1, 1}},
                                    two = {.name = "two", .fingerprint = {1, 2}}, unknown = {.name = "unknown"};
  assert_true(same(&one, &again));
  assert_true(same(&one, &one));
  assert_false(same(&one, &two));
  assert_string_equal(why_not(&unknown), "the compiler has not seen its code, or cannot tell what it is");
}

static void so_does_what_other_modules_tell(void **state) {
  (void)state;
  static const struct lazy_code leaf = {{7, 7}, NULL, 0}, alike = {{7, 7}, NULL, 0}, other = {{7, 8}, NULL, 0};
  static const struct lazy_external to_leaf[] = {{"leaf", &leaf}}, to_alike[] = {{"alike", &alike}},
                                    to_other[] = {{"other", &other}};
  static const struct lazy_code deep = CODE(3, to_leaf), deep_alike = CODE(3, to_alike), deep_other = CODE(3, to_other);
  static const struct lazy_external to_deep[] = {{"deep", &deep}}, to_deep_alike[] = {{"deep_alike", &deep_alike}},
                                    to_deep_other[] = {{"deep_other", &deep_other}};
  static const struct lazy_function none = {.fingerprint = {1, 1}};
  static const struct lazy_function f = WHOLE(1, to_leaf), g = WHOLE(1, to_alike), h = WHOLE(1, to_other);
  static const struct lazy_function deep_f = WHOLE(1, to_deep), deep_g = WHOLE(1, to_deep_alike),
                                    deep_h = WHOLE(1, to_deep_other);
  assert_true(same(&f, &g));
  assert_false(same(&f, &h));
  assert_false(same(&f, &none));
  assert_true(same(&deep_f, &deep_g));
  assert_false(same(&deep_f, &deep_h));
  assert_false(same(&deep_f, &f));
}

static void whether_it_is_the_same_one_counts(void **state) {
  (void)state;
  static const struct lazy_code leaf = {{7, 7}, NULL, 0}, alike = {{7, 7}, NULL, 0};
  static const struct lazy_external twice[] = {{"leaf", &leaf}, {"leaf", &leaf}},
                                    both[] = {{"leaf", &leaf}, {"alike", &alike}};
  static const struct lazy_function f = WHOLE(1, twice), g = WHOLE(1, both);
  assert_false(same(&f, &g));
}

static const struct lazy_code odd, even, self;
static const struct lazy_external to_odd[] = {{"odd", &odd}}, to_even[] = {{"even", &even}},
                                  to_self[] = {{"self", &self}, {"odd", &odd}};
static const struct lazy_code odd = CODE(3, to_even), even = CODE(4, to_odd), self = CODE(5, to_self);

static void rings_of_modules_end(void **state) {
  (void)state;
  static const struct lazy_function f = WHOLE(1, to_odd), g = WHOLE(1, to_even), h = WHOLE(1, to_self);
  assert_false(same(&f, &g));
  assert_false(same(&f, &h));
}

/* More than fit into the first table, each of which calls two others. */
static void many_modules(void **state) {
  (void)state;
  enum { MANY = 5000 };
  static struct lazy_code codes[2][MANY];
  static struct lazy_external lists[2][MANY][2];
  static struct lazy_function f[2];
  for (int k = 0; k < 2; k++) {
    for (size_t i = 0; i < MANY; i++) {
      lists[k][i][0] = (struct lazy_external){"next", &codes[k][(i + 1) % MANY]};
      lists[k][i][1] = (struct lazy_external){"far", &codes[k][(i * 7 + 3) % MANY]};
      codes[k][i] = (struct lazy_code){{i, 1}, lists[k][i], 2};
    }
    f[k] = (struct lazy_function){.fingerprint = {1, 1}, .externals = lists[k][0], .external_count = 2};
  }
  assert_true(same(&f[0], &f[1]));
  codes[1][MANY - 1].fingerprint[1] = 2;
  static struct lazy_function changed;
  changed = f[1];
  assert_false(same(&f[0], &changed));
}

static void what_a_module_does_not_know_is_not_known(void **state) {
  (void)state;
  static const struct lazy_code unseen = {{0, 0}, NULL, 0};
  static const struct lazy_external to_unseen[] = {{"unseen", &unseen}};
  static const struct lazy_function f = WHOLE(1, to_unseen);
  assert_string_equal(why_not(&f), "it calls functions of which their module cannot tell what they are");
}

/* Of libm, which no module tells of; called, so that the dynamic linker looks for them. */
static volatile double one = 1;
static void libraries_count_whole(void **state) {
  (void)state;
  assert_true(sin(one) < cos(one) + 1);
  static const struct lazy_external to_sin[] = {{"sin", NULL}}, to_cos[] = {{"cos", NULL}},
                                    inside[] = {{"there is no such name", NULL}};
  static const struct lazy_function none = {.fingerprint = {1, 1}}, f = WHOLE(1, to_sin), g = WHOLE(1, to_cos),
                                    h = WHOLE(1, inside);
  assert_true(same(&f, &g)); /* that is, in the externals: their names are in the compiler's part */
  assert_false(same(&f, &none));
  assert_false(same(&f, &h));
  assert_false(same(&h, &none));
}

/* libm has it, and what is told of it is here. */
static void what_is_told_of_another_is_not_believed(void **state) {
  (void)state;
  static const struct lazy_code a = {{7, 7}, NULL, 0}, b = {{7, 8}, NULL, 0};
  static const struct lazy_external to_a[] = {{"sin", &a}}, to_b[] = {{"sin", &b}}, to_none[] = {{"sin", NULL}};
  static const struct lazy_function f = WHOLE(1, to_a), g = WHOLE(1, to_b), h = WHOLE(1, to_none);
  assert_true(same(&f, &g) && same(&f, &h));
}

static void nobody_s_code_is_not_known(void **state) {
  (void)state;
  struct lazy_external *list = malloc(sizeof *list); /* in no object */
  struct lazy_function *f = calloc(1, sizeof *f);
  assert_true(list && f);
  *list = (struct lazy_external){"far_away", NULL};
  *f = (struct lazy_function){.fingerprint = {1, 1}, .externals = list, .external_count = 1};
  assert_string_equal(why_not(f), "'far_away' is nowhere to be found");
  assert_ptr_equal(why_not(f), why_not(f));
  /* f stays, for it is remembered by its address */
  static struct lazy_function *remembered;
  static struct lazy_external *its;
  remembered = f;
  its = list;
  (void)remembered;
  (void)its;
}

static void look(void *good) {
  struct lz_object *here = lz_object_at(good), *maths = NULL, *all = NULL;
  while ((all = lz_object_next(all)))
    if (lz_object_exports(all, "sin"))
      maths = all;
  *(bool *)good = here && maths && here != maths && !lz_object_exports(here, "sin") && lz_object_imports(here, "sin") &&
                  !lz_object_imports(maths, "sin") && !lz_object_imports(here, "no_such") &&
                  !lz_object_exports(maths, "no_such") && !lz_object_at(NULL) &&
                  strcmp(lz_object_name(here), "the program") == 0 && strstr(lz_object_name(maths), "libm");
}

static void objects_are_told_apart(void **state) {
  (void)state;
  static bool good;
  assert_true(lz_loaded_look(look, &good));
  assert_true(good);
  assert_int_equal(lz_loaded_changes(), lz_loaded_changes());
}

enum { FUNCTIONS = 64, THREADS = 4 };
static struct lazy_function shared[FUNCTIONS];
static struct print seen[THREADS][FUNCTIONS];

static void *find_all(void *own) {
  struct print *print = own;
  const char *why;
  for (int i = 0; i < FUNCTIONS; i++)
    if (!lz_fingerprint(&shared[i], print[i].words, &why))
      return NULL;
  return own;
}

static void threads_find_the_same(void **state) {
  (void)state;
  static const struct lazy_external to_sin[] = {{"sin", NULL}};
  pthread_t threads[THREADS];
  for (int i = 0; i < FUNCTIONS; i++)
    shared[i] = (struct lazy_function){
        .fingerprint = {(uint64_t)i / 2, 1}, .externals = to_sin, .external_count = (uint64_t)i % 2};
  for (int t = 0; t < THREADS; t++)
    assert_int_equal(pthread_create(&threads[t], NULL, find_all, seen[t]), 0);
  for (int t = 0; t < THREADS; t++) {
    void *good;
    assert_int_equal(pthread_join(threads[t], &good), 0);
    assert_non_null(good);
    assert_memory_equal(seen[t], seen[0], sizeof seen[0]);
  }
}

static void found_in_a_child(void) {
  static const struct lazy_external to_cos[] = {{"cos", NULL}};
  static const struct lazy_function f = WHOLE(9, to_cos);
  uint64_t words[2];
  const char *why;
  CHECK(lz_fingerprint(&f, words, &why));
}

static void children_find_it_too(void **state) {
  (void)state;
  assert_int_equal(in_child(found_in_a_child, ""), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_code_itself_counts),
      cmocka_unit_test(so_does_what_other_modules_tell),
      cmocka_unit_test(whether_it_is_the_same_one_counts),
      cmocka_unit_test(rings_of_modules_end),
      cmocka_unit_test(many_modules),
      cmocka_unit_test(what_a_module_does_not_know_is_not_known),
      cmocka_unit_test(libraries_count_whole),
      cmocka_unit_test(what_is_told_of_another_is_not_believed),
      cmocka_unit_test(nobody_s_code_is_not_known),
      cmocka_unit_test(objects_are_told_apart),
      cmocka_unit_test(threads_find_the_same),
      cmocka_unit_test(children_find_it_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
