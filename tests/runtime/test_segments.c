/* test_segments.c - the ordered set of segments against a plain array, one entry for each byte. */
#include "lowered.h"

#include "segments.h"

enum { BYTES = 3000, STEPS = 100000 };

static struct lz_segments segments;
static struct lz_segment *owner[BYTES];

static uint32_t seed = 1;
static uintptr_t draw(uint32_t below) {
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 8) % below;
}

static struct lz_range draw_range(void) {
  uintptr_t lo = draw(BYTES - 20);
  return (struct lz_range){lo, lo + 1 + draw(20)};
}

static void own(struct lz_segment *segment, struct lz_range range) {
  for (uintptr_t at = range.lo; at < range.hi; at++)
    owner[at] = segment;
}

static struct lz_range range_of(const struct lz_segment *segment) {
  return (struct lz_range){segment->lo, segment->hi};
}

static struct lz_segment *expected_in(struct lz_range range) {
  for (uintptr_t at = range.lo; at < range.hi; at++)
    if (owner[at])
      return owner[at];
  return NULL;
}

static void check_range(struct lz_range range) {
  struct lz_segment *segment = lz_segments_first_in(&segments, range);
  assert_ptr_equal(segment, expected_in(range));
  while (segment) {
    struct lz_range behind = {segment->hi, range.hi};
    struct lz_segment *next = lz_segments_next_in(segment, range);
    assert_ptr_equal(next, behind.lo < behind.hi ? expected_in(behind) : NULL);
    segment = next;
  }
  bool across = range.lo > 0 && owner[range.lo] && owner[range.lo] == owner[range.lo - 1];
  assert_ptr_equal(lz_segments_across(&segments, range.lo), across ? owner[range.lo] : NULL);
}

static void check_ends(void) {
  struct lz_range all = {0, BYTES};
  struct lz_segment *last = NULL;
  for (uintptr_t at = BYTES; at > 0 && !last; at--)
    last = owner[at - 1];
  assert_ptr_equal(segments.first, expected_in(all));
  assert_ptr_equal(segments.last, last);
}

static void add_or_change(struct lz_range range) {
  struct lz_segment *segment = expected_in(range);
  if (!segment) {
    own(lz_segments_add(&segments, range.lo, range.hi), range);
  } else if (segment->hi - segment->lo > 1 && draw(2)) {
    uintptr_t lo = segment->lo, at = lo + 1 + draw((uint32_t)(segment->hi - lo - 1));
    own(lz_segments_split(&segments, segment, at), (struct lz_range){lo, at});
  } else if (segment->hi - segment->lo > 2 && draw(2)) {
    own(NULL, range_of(segment));
    lz_segments_move(&segments, segment, segment->lo + draw(2), segment->hi - draw(2));
    own(segment, range_of(segment));
  }
}

static void remove_in(struct lz_range range) {
  struct lz_segment *segment = expected_in(range);
  if (segment) {
    own(NULL, range_of(segment));
    lz_segments_remove(&segments, segment);
  }
}

/* Grows and shrinks by turns, so that the table does, too. */
static void random_changes_equal_those_of_an_array(void **state) {
  (void)state;
  for (int step = 0; step < STEPS; step++) {
    bool grows = step / 5000 % 2 == 0;
    if (draw(4) == 0 ? grows : !grows)
      remove_in(draw_range());
    else
      add_or_change(draw_range());
    check_range(draw_range());
    if (step % 64 == 0)
      check_ends();
  }
  while (segments.first)
    lz_segments_remove(&segments, segments.first);
  lz_segments_end(&segments);
}

static void a_visit_goes_round(void **state) {
  (void)state;
  struct lz_segment *segment[3];
  assert_null(lz_segments_visit(&segments));
  for (int i = 2; i >= 0; i--)
    segment[i] = lz_segments_add(&segments, (uintptr_t)i * 8, (uintptr_t)i * 8 + 8);
  for (int i = 0; i < 7; i++)
    assert_ptr_equal(lz_segments_visit(&segments), segment[i % 3]);
  lz_segments_remove(&segments, segment[1]); /* the cursor stands there */
  assert_ptr_equal(lz_segments_visit(&segments), segment[2]);
  assert_ptr_equal(lz_segments_visit(&segments), segment[0]);
  lz_segments_remove(&segments, segment[2]);
  assert_ptr_equal(lz_segments_visit(&segments), segment[0]);
  lz_segments_remove(&segments, segment[0]);
  assert_null(lz_segments_visit(&segments));
  lz_segments_end(&segments);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_changes_equal_those_of_an_array),
      cmocka_unit_test(a_visit_goes_round),
  };
  attach();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
