/* api.c - what is left of the public functions: forcing, looking, waiting, numbers. */
#include "team.h"

#include "graph.h"
#include "hands.h"
#include "keep.h"
#include "module.h"
#include "record.h"
#include "schedule.h"

#include <lazy/lazy.h>

static void wait_for(struct lazy_node *node, const struct lazy_place *where) {
  struct lz_hand *hand = lz_hand();
  lz_record_at(where);
  lz_wait_for(hand, node);
}

LZ_PUBLIC void *__lazy_force_at(struct lazy_node *node, const struct lazy_place *where) {
  if (LZ_UNLIKELY(lz_is_kept(node))) {
    while (!lz_keep_valid(node))
      wait_for(node, where);
  } else if (!lz_is_done(node)) {
    wait_for(node, where);
  }
  return lz_result(node);
}

LZ_PUBLIC void *__lazy_force(struct lazy_node *node) {
  return __lazy_force_at(node, lz_self ? lz_self->at : NULL);
}

LZ_PUBLIC struct lazy_node *__lazy_handle_at(void *variable) {
  (void)variable;
  return NULL;
}

LZ_PUBLIC const char *lazy_function_name(lazy_ref node) {
  const char *name = node ? node->site->function->name : NULL;
  return name ? name : "";
}

LZ_PUBLIC const char *lazy_source_file(lazy_ref node) {
  const char *file = node ? node->site->file : NULL;
  return file ? file : "";
}

LZ_PUBLIC int lazy_source_line(lazy_ref node) {
  return node ? (int)node->site->line : 0;
}

LZ_PUBLIC lazy_ref lazy_retain(lazy_ref node) {
  return node ? lz_hold(node) : NULL;
}

LZ_PUBLIC void lazy_release(lazy_ref node) {
  if (node)
    lz_let_go(lz_hand(), node);
}

LZ_PUBLIC void lazy_wait(void) {
  lz_wait_for_all(lz_hand());
}

/* The compiler does it, in front of the call: only the function's scope knows what is pending. */
LZ_PUBLIC void lazy_sync(const void *p, size_t size) {
  (void)p, (void)size;
}

LZ_PUBLIC int lazy_threads(void) {
  lz_runtime_init();
  return LZ_LOAD(&lz.threads, acquire);
}

LZ_PUBLIC int lazy_set_threads(int threads) {
  lz_runtime_init();
  if (threads < 1 || threads > LZ_MAX_THREADS)
    return LAZY_EINVAL;
  if (lz.serial)
    return threads == 1 ? LAZY_OK : LAZY_ENOTHREADS;
  return lz_team_resize(threads);
}

LZ_PUBLIC const char *lazy_version(void) {
  return LAZY_VERSION;
}
