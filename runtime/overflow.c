/* overflow.c - a list of ready nodes that needs no memory: it runs through the nodes' own links.
 *
 * Slow, a mutex, and hardly ever used; but with it an offer cannot fail, so nothing that is demanded is ever lost.
 */
#include "overflow.h"

#include "graph.h"

#include <pthread.h>

static struct {
  pthread_mutex_t mutex;
  _Atomic(struct lazy_node *) first;
} list = {.mutex = PTHREAD_MUTEX_INITIALIZER};

void lz_overflow_push(struct lazy_node *node) {
  pthread_mutex_lock(&list.mutex);
  node->link = LZ_LOAD(&list.first, relaxed);
  LZ_STORE(&list.first, node, relaxed);
  pthread_mutex_unlock(&list.mutex);
}

bool lz_overflow_empty(void) {
  return LZ_LOAD(&list.first, relaxed) == NULL;
}

struct lazy_node *lz_overflow_pop(void) {
  if (LZ_LIKELY(lz_overflow_empty()))
    return NULL;
  pthread_mutex_lock(&list.mutex);
  struct lazy_node *node = LZ_LOAD(&list.first, relaxed);
  if (node)
    LZ_STORE(&list.first, node->link, relaxed);
  pthread_mutex_unlock(&list.mutex);
  return node;
}

void lz_overflow_remove(struct lz_hand *hand, struct lazy_node *node) {
  struct lazy_node *before = NULL, *at;
  if (LZ_LIKELY(lz_overflow_empty()))
    return;
  pthread_mutex_lock(&list.mutex);
  for (at = LZ_LOAD(&list.first, relaxed); at && at != node; at = at->link)
    before = at;
  if (at && before)
    before->link = at->link;
  else if (at)
    LZ_STORE(&list.first, at->link, relaxed);
  pthread_mutex_unlock(&list.mutex);
  if (at)
    lz_let_go(hand, at);
}

void lz_overflow_lock(void) {
  pthread_mutex_lock(&list.mutex);
}

void lz_overflow_unlock(void) {
  pthread_mutex_unlock(&list.mutex);
}
