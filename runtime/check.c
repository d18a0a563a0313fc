/* check.c - LAZY=check: do lazy functions keep to what their annotations name?
 *
 * 1. Each call of a lazy function with regions is a frame, on a stack of the thread's own.  It knows the regions, where
 *    its part of the machine's stack begins, and what had been allocated before it.
 * 2. An access is held against all frames, innermost first: whoever orders the outer call knows the outer regions only.
 *    It is right if each of its bytes lies in a region that allows it, or all of it in the frame's own stack, in memory
 *    allocated since, or in constants.
 * 3. A region that lies within one of the frame outside is known to be right for that, too, so that recursion does not
 *    make each access dearer.
 * 4. Where callers order the call as if it read anything, or never defer it, or somebody vouches for it, what lies
 *    elsewhere does not matter to any answer.  But an access that meets a region, or a read that continues one, is what
 *    the region should have named.
 * 5. What is wrong is said (report.c), and the program goes on.
 * 6. A call whose callee never says that it has begun went to code that is not checked: that is said, too.
 *
 * Sound: frames that a longjmp() has left lie below the stack's end, and are dropped when that is seen.
 * Given up: two stacks in one thread (signal handlers on their own, coroutines) may hide an error; so may more than 64
 * calls around an access.  No memory: nothing is checked any more in this thread.
 */
#include "check.h"

#include "error.h"
#include "own.h"
#include "report.h"
#include "visit.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAR (1 << 20)  /* bytes; nobody means a region that lies farther off */
#define MOST_AROUND 64 /* calls; lists may be walked by recursion */

/* Invariants
 *   its spans are spans[first .. first of the next frame) */
struct frame {
  struct lz_checked_call in;
  uintptr_t stack, fake; /* where its part of the stack begins, and of AddressSanitizer's */
  uint64_t age;          /* of what it allocates, at least */
  size_t first;
  bool unvisited; /* an object consists of too many parts, so the call would run with nothing pending */
};

/* Of one thread. */
struct checker {
  struct frame *frames;
  struct lz_span *spans;
  size_t depth, frame_room, used, span_room;
  struct lz_own own;
  const struct lazy_place *calling; /* what is being called and has not begun */
  bool visits;                      /* visitors run, which the program does not know of */
};

uint32_t __lazy_checks LZ_PUBLIC;

static _Thread_local struct checker *self __attribute__((tls_model("initial-exec")));
static _Thread_local bool lost; /* no memory, or the thread ends */
static pthread_key_t key;
static _Atomic uint64_t calls;

static void discard(void *data) {
  struct checker *checker = data;
  if (!checker)
    return;
  lz_own_forget(&checker->own);
  free(checker->frames);
  free(checker->spans);
  free(checker);
  self = NULL;
  lost = true;
}

static void lose(void) {
  lz_say("out of memory: what follows is not checked");
  discard(self);
  pthread_setspecific(key, NULL);
  lost = true;
}

static struct checker *checker(void) {
  if (LZ_LIKELY(self != NULL) || lost)
    return self;
  self = calloc(1, sizeof *self);
  if (self)
    pthread_setspecific(key, self);
  else
    lose();
  return self;
}

/* Room for one more. */
static bool grow(void **array, size_t count, size_t *room, size_t size) {
  if (count < *room)
    return true;
  size_t more = *room ? 2 * *room : 16;
  void *larger = realloc(*array, more * size);
  if (!larger)
    return false;
  *array = larger;
  *room = more;
  return true;
}

/* --- frames --- */

static void pop(struct checker *c) {
  c->used = c->frames[--c->depth].first;
  if (c->depth == 0)
    lz_own_forget(&c->own);
}

/* Drops what a longjmp() has left: all below `stack`. */
static void drop(struct checker *c, uintptr_t stack) {
  while (c->depth && c->frames[c->depth - 1].stack < stack)
    pop(c);
}

static struct frame *push(struct checker *c, const struct lazy_checked *function, const void *stack) {
  if (!grow((void **)&c->frames, c->depth, &c->frame_room, sizeof *c->frames))
    return NULL;
  struct frame *frame = &c->frames[c->depth++];
  *frame = (struct frame){
      .in = {function, NULL}, .stack = (uintptr_t)stack, .fake = (uintptr_t)stack, .age = c->own.age, .first = c->used};
  return frame;
}

static size_t end_of(const struct checker *c, const struct frame *frame) {
  return frame + 1 == c->frames + c->depth ? c->used : frame[1].first;
}

/* Whom is the call in? */
static const struct frame *outside(const struct checker *c, const struct frame *frame) {
  const struct frame *outer = frame == c->frames ? NULL : frame - 1;
  return outer && !(outer->in.function->flags & LAZY_CHECKED_TRUSTED) ? outer : NULL;
}

/* Step 3. */
static bool is_enclosed(const struct checker *c, const struct frame *frame, const struct lz_span *span) {
  const struct frame *outer = outside(c, frame);
  if (!outer)
    return true;
  for (size_t i = outer->first; i < frame->first; i++) {
    const struct lz_span *s = &c->spans[i];
    if (s->enclosed && s->rows == 1 && s->all.lo <= span->all.lo && span->all.hi <= s->all.hi &&
        !(span->access & ~s->access))
      return true;
  }
  return false;
}

static struct lz_span *enter(struct checker *c, const struct frame *frame, const struct lazy_region *region,
                             const struct lazy_name *name) {
  if (!grow((void **)&c->spans, c->used, &c->span_room, sizeof *c->spans))
    return NULL;
  struct lz_span *span = &c->spans[c->used];
  if (!lz_span_init(span, region, name))
    lz_report_negative(&frame->in, name);
  span->enclosed = is_enclosed(c, frame, span);
  c->used++;
  return span;
}

/* What visitors tell of the region, too.  False: out of memory. */
static bool enter_objects(struct checker *c, struct frame *frame, const struct lazy_region *region,
                          const struct lazy_name *name) {
  struct lazy_scope nothing = LAZY_SCOPE_INIT;
  struct lz_told *all = NULL;
  struct lz_span *span = NULL;
  c->visits = true;
  frame->unvisited |= !lz_visit(&nothing, region, 1, NULL, &all);
  c->visits = false;
  for (const struct lz_told *told = all; told; told = told->next) {
    span = enter(c, frame, &told->region, name);
    if (!span)
      break;
    span->told = true;
  }
  bool entered = span || !all;
  lz_told_give(all);
  return entered;
}

static bool enter_region(struct checker *c, struct frame *frame, const struct lazy_region *region,
                         const struct lazy_name *name) {
  return enter(c, frame, region, name) && (!region->objects || enter_objects(c, frame, region, name));
}

/* --- what the compiled code says --- */

LZ_PUBLIC void __lazy_check_call(const struct lazy_place *place) {
  struct checker *c = __lazy_checks ? checker() : NULL;
  if (!c)
    return;
  if (c->calling)
    lz_report_unable(c->calling);
  c->calling = place;
}

LZ_PUBLIC void __lazy_check_enter(const struct lazy_checked *function, const struct lazy_region *regions,
                                  uint32_t count, const void *stack) {
  struct checker *c = checker();
  if (!c || c->visits)
    return;
  drop(c, (uintptr_t)stack + 1);
  struct frame *frame = push(c, function, stack);
  if (!frame)
    goto no_memory;
  frame->fake = lz_own_place((uintptr_t)regions);
  if (c->calling && strcmp(c->calling->function, function->name) == 0) {
    frame->in.call = c->calling;
    c->calling = NULL;
  }
  for (uint32_t i = 0; i < count; i++)
    if (!enter_region(c, frame, &regions[i], &function->names[i]))
      goto no_memory;
  atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
  return;
no_memory:
  lose();
}

LZ_PUBLIC void __lazy_check_trust(const void *stack) {
  static const struct lazy_checked trusted = {.name = "", .flags = LAZY_CHECKED_TRUSTED};
  struct checker *c = checker();
  if (!c)
    return;
  drop(c, (uintptr_t)stack);
  if (!push(c, &trusted, stack))
    lose();
}

LZ_PUBLIC void __lazy_check_leave(const void *stack) {
  struct checker *c = self;
  if (!c)
    return;
  drop(c, (uintptr_t)stack);
  if (c->depth && c->frames[c->depth - 1].stack == (uintptr_t)stack)
    pop(c);
}

LZ_PUBLIC int __lazy_check_inside(void) {
  struct checker *c = self;
  if (!c)
    return 0;
  drop(c, (uintptr_t)__builtin_frame_address(0) + 1);
  return !c->visits && c->depth && !(c->frames[c->depth - 1].in.function->flags & LAZY_CHECKED_TRUSTED);
}

LZ_PUBLIC void __lazy_check_heap(const void *old, const void *p, size_t size) {
  struct checker *c = self;
  if (!c || !c->depth)
    return;
  if (old && (p || size == 0))
    lz_own_remove(&c->own, (uintptr_t)old);
  if (p && size == LAZY_TEXT)
    size = strlen(p) + 1;
  if (p && size && !lz_own_add(&c->own, lz_range(p, size)))
    lose();
}

/* --- accesses --- */

/* The first byte of the range that no region allows the frame to access so; the range's end: there is none.
 * `*enclosed`: nobody else need be asked. */
static uintptr_t first_unnamed(const struct checker *c, const struct frame *frame, struct lz_range range,
                               uint32_t access, bool *enclosed) {
  uintptr_t at = range.lo, before;
  do {
    before = at;
    for (size_t i = frame->first, end = end_of(c, frame); i < end && at < range.hi; i++)
      if (!(access & ~c->spans[i].access)) {
        uintptr_t reach = lz_span_reach(&c->spans[i], at);
        *enclosed |= at == range.lo && reach >= range.hi && c->spans[i].enclosed;
        at = reach > at ? reach : at;
      }
  } while (at < range.hi && at > before);
  return at < range.hi ? at : range.hi;
}

/* AddressSanitizer may keep locals elsewhere. */
static bool is_fake_local(const struct frame *frame, uintptr_t p) {
  uintptr_t place = lz_own_place(p);
  return place != p && place <= frame->fake;
}

static bool is_own(struct checker *c, const struct frame *frame, struct lz_range range, uint32_t access) {
  return lz_own_contains(&c->own, range, frame->age) || (!(access & LAZY_WRITES) && lz_own_constant(&c->own, range)) ||
         is_fake_local(frame, range.lo);
}

/* Step 4. */
static bool is_harmless(const struct checker *c, const struct frame *frame, struct lz_range range, uint32_t access) {
  uint32_t flags = frame->in.function->flags;
  if (frame->unvisited)
    return true;
  if (!(flags & (LAZY_CHECKED_SERIAL | LAZY_CHECKED_TRUSTED)) &&
      !((flags & LAZY_CHECKED_READS) && access == LAZY_READS))
    return false;
  /* what the body shows besides is not all that it reads, and nobody has said that it were */
  enum lazy_name_kind last = access == LAZY_READS ? LAZY_NAME_SAID : LAZY_NAME_SHOWN;
  for (size_t i = frame->first, end = end_of(c, frame); i < end; i++)
    if (c->spans[i].name->kind <= last && lz_span_meets(&c->spans[i], range, access == LAZY_READS))
      return false;
  return true;
}

static const struct lz_span *nearest(const struct checker *c, const struct frame *frame, uintptr_t at) {
  const struct lz_span *best = NULL;
  for (size_t i = frame->first, end = end_of(c, frame); i < end; i++) {
    const struct lz_span *span = &c->spans[i];
    if (span->name->kind <= LAZY_NAME_SHOWN && lz_span_distance(span, at) < (best ? lz_span_distance(best, at) : FAR))
      best = span;
  }
  return best;
}

LZ_PUBLIC void __lazy_check(const void *p, size_t size, uint32_t access, const struct lazy_place *place) {
  struct checker *c = self;
  struct lz_range range = lz_range(p, size);
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  if (!c || size == 0)
    return;
  drop(c, here + 1);
  for (size_t around = 0; around < c->depth && around < MOST_AROUND; around++) {
    const struct frame *frame = &c->frames[c->depth - 1 - around];
    bool enclosed = false;
    if (range.lo >= here && range.hi <= frame->stack)
      return;
    uintptr_t at = first_unnamed(c, frame, range, access, &enclosed);
    if (enclosed || (at < range.hi && is_own(c, frame, range, access)))
      return;
    if (at < range.hi && !is_harmless(c, frame, range, access)) {
      lz_report_access(&frame->in, range, access, at, place, nearest(c, frame, at));
      return;
    }
    if (frame->in.function->flags & LAZY_CHECKED_TRUSTED)
      return;
  }
}

LZ_PUBLIC size_t __lazy_check_text(const char *p, size_t most, const struct lazy_place *place) {
  if (!p)
    return 0;
  size_t length = strnlen(p, most), size = length < most ? length + 1 : most;
  __lazy_check(p, size, LAZY_READS, place);
  return size;
}

/* --- the process --- */

void lz_check_init(void) {
  if (pthread_key_create(&key, discard) == 0)
    __lazy_checks = 1;
}

void lz_check_unable(const struct lazy_module *module) {
  static _Atomic bool said;
  if (!atomic_exchange(&said, true))
    lz_say("LAZY=check: %s was not compiled for it, so its calls run serially and unchecked; compile with "
           "lazycc --check, or -fplugin-arg-lazypass-instrument",
           module->file ? module->file : "a module");
}

void lz_check_print(void) {
  uint64_t count = atomic_load(&calls), places = lz_report_count();
  if (self && self->calling)
    lz_report_unable(self->calling);
  if (!count)
    lz_say("LAZY=check: no call was checked");
  else if (places)
    lz_say("LAZY=check: %" PRIu64 " calls checked; %" PRIu64 " place%s not as annotated", count, places,
           places == 1 ? " is" : "s are");
  else
    lz_say("LAZY=check: %" PRIu64 " calls checked; all keep to their annotations", count);
}
