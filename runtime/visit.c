/* visit.c - objects with pointers inside are taken apart when a call is made that touches them.
 *
 * 1. Objects to be visited stand in a queue: first those that the call's regions are made of, then what visitors tell
 * of. So a list of any length is visited without recursion.
 * 2. Before an object is visited, the pending work that writes to its bytes is waited for, like an access of the
 * program: what a visitor sees is what the serial program would have had there.
 * 3. An object is visited once by each visitor, however often it is told of, so circles come to an end.  A tree by
 *    address finds it.
 * 4. What is told is noted, as plain memory, and so is every object told of.
 *
 * Sound: a visitor looks at the bytes of its object only (the compiler checks that as far as it can see), and nothing
 * else is pending on them when it does.  What it has told stays true until the call runs, because a call reads the
 * bytes of its objects: who writes there next waits for it.  Given up: an object of more than MOST_PARTS parts; its
 * call runs in place.
 */
#include "visit.h"

#include "error.h"
#include "hands.h"
#include "pool.h"

#include <lazy/lazy.h>

#define MOST_PARTS 4096

RB_HEAD(objects, lz_object);

/* Invariants
 *   the queue holds all objects of the tree; those before `next` have been visited */
struct lazy_visit {
  struct lazy_scope *scope;
  struct objects seen;
  struct lz_object *first, **last;
  struct lz_told *told;
  const struct lz_object *now; /* the one whose visitor runs */
  uint32_t parts;
  bool failed;
};

/* What is told to be read is not what is told to be written. */
static int compare(const struct lz_object *a, const struct lz_object *b) {
  uintptr_t left[] = {(uintptr_t)a->p, (uintptr_t)a->visit, a->size, a->told};
  uintptr_t right[] = {(uintptr_t)b->p, (uintptr_t)b->visit, b->size, b->told};
  for (int i = 0; i < 4; i++)
    if (left[i] != right[i])
      return left[i] < right[i] ? -1 : 1;
  return 0;
}

/* RB_GENERATE_STATIC, which counts on a BSD's __unused */
RB_GENERATE_INTERNAL(objects, lz_object, link, compare, __attribute__((unused)) static)

/* Memory for one more part; NULL: there is none, or they are too many. */
static void *take_part(lazy_visit *to, size_t size, uint32_t *size_class) {
  struct lz_hand *hand = lz_hand();
  void *part = hand && to->parts < MOST_PARTS ? lz_pool_take(hand, size, size_class) : NULL;
  if (part)
    to->parts++;
  else
    to->failed = true;
  return part;
}

static void tell(lazy_visit *to, const void *p, int64_t size, bool holds_objects) {
  uint32_t size_class;
  struct lz_told *told = take_part(to, sizeof *told, &size_class);
  if (!told)
    return;
  *told = (struct lz_told){{p, size, to->now->told, 0, 0, NULL}, to->told, size_class, holds_objects};
  to->told = told;
}

/* One more to visit, unless it is known already. */
static void queue(lazy_visit *to, struct lz_object object) {
  struct lz_object *known = RB_FIND(objects, &to->seen, &object);
  if (known) {
    known->access |= object.access;
    return;
  }
  known = take_part(to, sizeof *known, &object.size_class);
  if (!known)
    return;
  *known = object;
  RB_INSERT(objects, &to->seen, known);
  *to->last = known;
  to->last = &known->next;
}

static void queue_row(lazy_visit *to, const char *p, int64_t size, uint32_t access,
                      const struct lazy_objects *objects) {
  for (int64_t at = 0; at < size && !to->failed; at += (int64_t)objects->size)
    queue(to,
          (struct lz_object){
              .p = p + at, .size = objects->size, .visit = objects->visit, .access = access, .told = objects->told});
}

/* Those that the region is made of. */
static void queue_region(lazy_visit *to, const struct lazy_region *region) {
  int64_t rows = region->stride ? region->rows : 1;
  if (!region->objects || !region->access || !region->p)
    return;
  to->failed |= region->size == LAZY_EVERYWHERE;
  for (int64_t i = 0; i < rows && !to->failed; i++)
    queue_row(to, (const char *)region->p + i * region->stride, region->size, region->access, region->objects);
}

/* --- what visitors call --- */

LZ_PUBLIC void lazy_visit_memory(lazy_visit *to, const void *p, size_t size) {
  if (p && size)
    tell(to, p, (int64_t)size, false);
}

LZ_PUBLIC void lazy_visit_string(lazy_visit *to, const char *s) {
  lazy_visit_memory(to, s, (size_t)__lazy_touch_text(to->scope, s));
}

LZ_PUBLIC void __lazy_visit_objects(lazy_visit *to, const void *p, size_t count, size_t size, lazy_visitor *visit) {
  int64_t all;
  if (!p || !count || !size)
    return;
  if (__builtin_mul_overflow(count, size, &all))
    all = -1;
  tell(to, p, all, true);
  queue_row(to, p, all, to->now->told, &(struct lazy_objects){visit, size, to->now->told});
}

/* --- the whole --- */

/* `site` may be NULL: not known. */
static void say_too_many(const struct lazy_site *site) {
  static _Atomic bool said;
  if (atomic_exchange(&said, true))
    return;
  if (site)
    lz_say("an argument of '%s', called at %s:%u:%u, consists of more than %d parts, say its visitors; "
           "the call runs in place",
           site->function->name, site->file, site->line, site->column, MOST_PARTS);
  else
    lz_say("an argument of a lazy function consists of more than %d parts, say its visitors; the call runs in place",
           MOST_PARTS);
}

/* UndefinedBehaviorSanitizer wants types to be equal; all that differs is what a pointer to an object points to. */
__attribute__((no_sanitize("function"))) static void visit(lazy_visit *to, const struct lz_object *object) {
  __lazy_touch(to->scope, object->p, object->size, LAZY_READS);
  object->visit(object->p, to);
}

static void give_objects(struct lz_object *object) {
  for (struct lz_object *next; object; object = next) {
    next = object->next;
    lz_pool_give(lz_hand(), object, object->size_class);
  }
}

bool lz_visit_whole(struct lazy_scope *scope, const struct lazy_region *regions, uint32_t count,
                    const struct lazy_site *site, struct lz_visited *visited) {
  lazy_visit to = {.scope = scope, .seen = RB_INITIALIZER(&to.seen), .last = &to.first};
  for (uint32_t i = 0; i < count; i++)
    queue_region(&to, &regions[i]);
  for (to.now = to.first; to.now && !to.failed; to.now = to.now->next)
    visit(&to, to.now);
  if (to.parts == MOST_PARTS)
    say_too_many(site);
  *visited = (struct lz_visited){to.first, to.told};
  return !to.failed;
}

bool lz_visit(struct lazy_scope *scope, const struct lazy_region *regions, uint32_t count, const struct lazy_site *site,
              struct lz_told **told) {
  struct lz_visited visited;
  bool whole = lz_visit_whole(scope, regions, count, site, &visited);
  give_objects(visited.objects);
  *told = visited.told;
  return whole;
}

void lz_told_give(struct lz_told *told) {
  for (struct lz_told *next; told; told = next) {
    next = told->next;
    lz_pool_give(lz_hand(), told, told->size_class);
  }
}

void lz_visited_give(struct lz_visited *visited) {
  give_objects(visited->objects);
  lz_told_give(visited->told);
}
