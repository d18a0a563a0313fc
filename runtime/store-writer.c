/* store-writer.c - the thread that writes, so that nobody waits for it.
 *
 * 1. What is put waits in a list.  The thread takes the list when it is some milliseconds old, or long, and writes it
 *    in one transaction (store-write.c).  It begins with the first item.
 * 2. If more waits than MOST bytes, the disk is slower than the program: new items are refused, unless the source asks
 *    for them to be kept; then whoever puts them waits, as long as anything is being written.
 * 3. Where nothing can be written, all that waits is dropped, and for a while nothing is taken.
 * 4. The disk itself is waited for every now and then only: a process that is killed loses what it has not written; a
 *    machine that fails may leave a damaged file, which is found out.
 */
#include "store-writer.h"

#include <signal.h>

#define LATE_NS 20000000u /* an item waits so long */
#define BATCH ((size_t)4 << 20)
#define MOST ((size_t)128 << 20)
#define MUTED_NS 30000000000u
#define SYNC_NS 5000000000u
#define STACK ((size_t)256 << 10)
#define HANGS_MS 2000 /* a writer that has done nothing for so long */

static struct timespec after(uint64_t ns) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  ns += (uint64_t)t.tv_nsec;
  t.tv_sec += (time_t)(ns / 1000000000u);
  t.tv_nsec = (long)(ns % 1000000000u);
  return t;
}

void lz_writer_init(struct lz_writer *writer) {
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_mutex_init(&writer->mutex, NULL);
  pthread_cond_init(&writer->wake, &clock);
  pthread_cond_init(&writer->wrote, &clock);
  pthread_condattr_destroy(&clock);
  writer->work.last = &writer->work.first;
}

static void free_work(struct lz_work *work) {
  free(work->hit);
  for (struct lz_item *items = work->first; items;) {
    struct lz_item *item = items;
    items = item->next;
    lz_value_release(item->value);
    free(item->record);
    free(item);
  }
}

/* Under the mutex.  False: there is no reason to write yet, but a time when there will be. */
static bool is_due(const struct lz_writer *writer, uint64_t *left) {
  uint64_t age = lz_now() - writer->since;
  *left = age < LATE_NS ? LATE_NS - age : 0;
  return writer->urgent || writer->ending || writer->work.bytes >= BATCH || *left == 0;
}

/* Waits until there is something to write, or the end. */
static void wait_for_items(struct lz_writer *writer) {
  uint64_t left;
  while (!writer->work.first && !writer->urgent && !writer->ending)
    pthread_cond_wait(&writer->wake, &writer->mutex);
  while (!is_due(writer, &left)) {
    struct timespec until = after(left);
    pthread_cond_timedwait(&writer->wake, &writer->mutex, &until);
  }
}

static void write_items(struct lz_store *store) {
  struct lz_writer *writer = &store->writer;
  struct lz_work work = writer->work;
  uint64_t asked = writer->asked;
  writer->work = (struct lz_work){.last = &writer->work.first};
  writer->urgent = false;
  pthread_mutex_unlock(&writer->mutex);
  bool written = lz_store_write(store, &work);
  free_work(&work);
  if (written && lz_now() - writer->synced > SYNC_NS) {
    int dead;
    mdb_env_sync(store->file.env, 1);
    mdb_reader_check(store->file.env, &dead); /* whose old pages are not used again */
    writer->synced = lz_now();
  }
  pthread_mutex_lock(&writer->mutex);
  writer->done = asked;
  if (!written) {
    writer->failed = true;
    writer->muted = lz_now() + MUTED_NS;
  }
  pthread_cond_broadcast(&writer->wrote);
}

static void *work(void *argument) {
  struct lz_store *store = argument;
  struct lz_writer *writer = &store->writer;
  pthread_mutex_lock(&writer->mutex);
  writer->synced = lz_now();
  while (!writer->ending || writer->work.first) {
    wait_for_items(writer);
    if (writer->work.first || writer->work.hits > 0)
      write_items(store);
    writer->urgent = false;
    if (LZ_LOAD(&store->broken, relaxed))
      break; /* this thread may hold a lock of LMDB's, which others get when it ends */
  }
  writer->running = false;
  pthread_cond_broadcast(&writer->wrote);
  pthread_mutex_unlock(&writer->mutex);
  atomic_fetch_sub(&lz.helpers, 1);
  return NULL;
}

/* Under the mutex. */
static bool start(struct lz_store *store) {
  struct lz_writer *writer = &store->writer;
  pthread_attr_t attributes;
  sigset_t all, before;
  if (writer->running)
    return true;
  sigfillset(&all);
  sigdelset(&all, SIGSEGV);
  sigdelset(&all, SIGBUS);
  sigdelset(&all, SIGFPE);
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  atomic_fetch_add(&lz.helpers, 1);
  writer->running = writer->started = pthread_create(&writer->thread, &attributes, work, store) == 0;
  if (!writer->running)
    atomic_fetch_sub(&lz.helpers, 1);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return writer->running;
}

/* Under the mutex: until `*what` is `least`, or nothing has been written for some time.  False: the latter. */
static bool wait_for(struct lz_writer *writer, const uint64_t *what, uint64_t least, int milliseconds) {
  uint64_t steps = LZ_LOAD(&writer->steps, relaxed);
  while (writer->running && *what < least) {
    struct timespec until = after((uint64_t)(milliseconds < 0 ? INT_MAX : milliseconds) * 1000000u);
    if (pthread_cond_timedwait(&writer->wrote, &writer->mutex, &until) == 0)
      continue;
    if (LZ_LOAD(&writer->steps, relaxed) == steps)
      return false;
    steps = LZ_LOAD(&writer->steps, relaxed);
  }
  return *what >= least;
}

bool lz_writer_put(struct lz_store *store, struct lz_item *item) {
  struct lz_writer *writer = &store->writer;
  bool taken = false;
  pthread_mutex_lock(&writer->mutex);
  struct lz_work *waits = &writer->work;
  if (item->about.precious && waits->bytes + item->size > MOST)
    wait_for(writer, &writer->done, writer->done + 1, HANGS_MS);
  if (waits->bytes + item->size <= MOST && lz_now() >= writer->muted && start(store)) {
    taken = true;
    size_t before = waits->bytes;
    if (!waits->first)
      writer->since = lz_now();
    item->next = NULL;
    *waits->last = item;
    waits->last = &item->next;
    waits->bytes += item->size + sizeof *item;
    writer->asked++;
    if (before == 0 || (before < BATCH && waits->bytes >= BATCH))
      pthread_cond_signal(&writer->wake);
  } else {
    writer->failed = true;
  }
  pthread_mutex_unlock(&writer->mutex);
  return taken;
}

void lz_store_count(struct lz_store *store, const struct lz_totals *totals) {
  struct lz_writer *writer = &store->writer;
  pthread_mutex_lock(&writer->mutex);
  writer->work.totals.found += totals->found;
  writer->work.totals.computed += totals->computed;
  writer->work.totals.saved += totals->saved;
  pthread_mutex_unlock(&writer->mutex);
}

void lz_writer_note(struct lz_store *store, struct lz_key key) {
  struct lz_work *waits = &store->writer.work;
  pthread_mutex_lock(&store->writer.mutex);
  if (!waits->hit)
    waits->hit = malloc(LZ_HITS * sizeof *waits->hit);
  if (waits->hit && waits->hits < LZ_HITS)
    waits->hit[waits->hits++] = key;
  pthread_mutex_unlock(&store->writer.mutex);
}

bool lz_store_flush(struct lz_store *store, int milliseconds) {
  struct lz_writer *writer = &store->writer;
  pthread_mutex_lock(&writer->mutex);
  if (!writer->work.first && writer->work.hits > 0 && !LZ_LOAD(&store->broken, relaxed) && start(store))
    writer->asked++; /* to note them */
  writer->urgent = writer->done < writer->asked;
  pthread_cond_signal(&writer->wake);
  bool done = wait_for(writer, &writer->done, writer->asked, milliseconds) && !writer->failed;
  writer->failed = false;
  pthread_mutex_unlock(&writer->mutex);
  return done;
}

bool lz_writer_end(struct lz_store *store, int milliseconds) {
  struct lz_writer *writer = &store->writer;
  struct timespec until = after((uint64_t)milliseconds * 1000000u);
  int error = 0;
  pthread_mutex_lock(&writer->mutex);
  writer->ending = true;
  pthread_cond_signal(&writer->wake);
  while (writer->running && !error)
    error = pthread_cond_timedwait(&writer->wrote, &writer->mutex, &until);
  bool ended = !writer->running, started = writer->started;
  pthread_mutex_unlock(&writer->mutex);
  if (ended && started)
    pthread_join(writer->thread, NULL);
  return ended;
}
