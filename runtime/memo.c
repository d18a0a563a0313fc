/* memo.c - results kept in memory, by key.
 *
 * 1. The table is cut into shards by some bits of the key, each with a lock of its own, so threads seldom meet.
 * 2. A shard is a table with open addressing, linear probing and at most 7 in 8 slots taken.  Keys are hashes already,
 *    so their bits are the slot.
 * 3. A value that was found since the hand of the shard's clock last came by stays; the others go when there is no room
 *    for a new one.  Removing moves those behind back, so there are no tombstones.
 * 4. The smallest values are in their slots.  Others that are small are copied while the lock is held, and larger ones
 *    pinned, so that nobody waits for a copy.
 *
 * Sound: a value is constant once it is in the table, and freed by whoever lets go of it last.
 */
#include "memo.h"

#include <sys/mman.h>

#define SHARDS 16u
#define HUGE_PAGE ((size_t)2 << 20)
#define FIRST_SLOTS 64u
#define SMALL 256u /* bytes copied under the lock */

/* Two of them are a cache line. */
struct slot {
  struct lz_key key;
  union {
    char bytes[8];          /* HERE */
    struct lz_value *value; /* THERE */
  };
  uint32_t size; /* HERE */
  uint8_t kind;
  bool used; /* found since the clock's hand came by */
};
_Static_assert(sizeof(struct slot) == 32, "two of them are a cache line");
enum { FREE, HERE, THERE };

/* Invariants, under the lock
 *   taken == slots that are not FREE <= 7/8 of slots;  slots is a power of 2, or 0
 *   bytes == their sizes, with what each costs besides
 *   from the slot that a key's bits name up to where it is, no slot is free */
struct shard {
  _Alignas(LZ_LINE) _Atomic uint32_t locked;
  uint32_t slots, taken, hand;
  size_t bytes;
  struct slot *slot;
};

static struct shard shards[SHARDS];
static _Atomic size_t limit = SIZE_MAX; /* of a shard */

static void lock(struct shard *shard) {
  uint32_t spins = 0;
  while (atomic_exchange_explicit(&shard->locked, 1, memory_order_acquire))
    if (++spins % 64)
      lz_relax();
    else
      sched_yield(); /* its owner may not be running */
  lz_observe(shard);
}

static void unlock(struct shard *shard) {
  lz_publish(shard);
  LZ_STORE(&shard->locked, 0, release); /* pairs with the acquire of lock() */
}

static struct shard *shard_of(struct lz_key key) {
  return &shards[key.hi % SHARDS];
}

static uint32_t home(const struct shard *shard, struct lz_key key) {
  return (uint32_t)key.lo & (shard->slots - 1);
}

/* Of a value of that size: what it takes in all. */
static size_t cost_of(size_t size) {
  return 2 * sizeof(struct slot) + (size > sizeof((struct slot *)0)->bytes ? size + sizeof(struct lz_value) : 0);
}

static size_t size_of(const struct slot *slot) {
  return slot->kind == HERE ? slot->size : slot->value->size;
}

static void empty(struct slot *slot) {
  if (slot->kind == THERE)
    lz_value_release(slot->value);
  slot->kind = FREE;
}

bool lz_memo_fits(size_t size) {
  return cost_of(size) <= LZ_LOAD(&limit, relaxed);
}

/* The slot that has the key, or the free one where it would be. */
static struct slot *find(const struct shard *shard, struct lz_key key) {
  uint32_t i = home(shard, key);
  while (shard->slot[i].kind && (shard->slot[i].key.lo != key.lo || shard->slot[i].key.hi != key.hi))
    i = (i + 1) & (shard->slots - 1);
  return &shard->slot[i];
}

/* Step 3. */
static void drop(struct shard *shard, uint32_t hole) {
  shard->bytes -= cost_of(size_of(&shard->slot[hole]));
  shard->taken--;
  empty(&shard->slot[hole]);
  uint32_t mask = shard->slots - 1;
  for (uint32_t i = (hole + 1) & mask; shard->slot[i].kind; i = (i + 1) & mask) {
    uint32_t wants = home(shard, shard->slot[i].key);
    if (((i - wants) & mask) < ((i - hole) & mask))
      continue; /* it would come to lie in front of where it is looked for */
    shard->slot[hole] = shard->slot[i];
    hole = i;
  }
  shard->slot[hole].kind = FREE;
}

static void make_room(struct shard *shard, size_t bytes) {
  size_t most = LZ_LOAD(&limit, relaxed);
  while (shard->taken > 0 && shard->bytes + bytes > most) {
    shard->hand &= shard->slots - 1;
    struct slot *slot = &shard->slot[shard->hand];
    if (slot->kind && !slot->used) {
      drop(shard, shard->hand); /* what moves into the slot is looked at next */
    } else {
      slot->used = false;
      shard->hand++;
    }
  }
}

/* A find in a large table is a miss in the cache; it need not be one in the table of pages as well. */
static struct slot *new_slots(uint32_t count) {
  size_t size = count * sizeof(struct slot);
  if (size < HUGE_PAGE)
    return calloc(1, size);
  struct slot *slots = aligned_alloc(HUGE_PAGE, size);
  if (slots) {
    madvise(slots, size, MADV_HUGEPAGE);
    memset(slots, 0, size);
  }
  return slots;
}

static bool grow(struct shard *shard) {
  if (shard->slots && shard->taken < shard->slots / 8 * 7)
    return true;
  struct shard larger = {.slots = shard->slots ? 2 * shard->slots : FIRST_SLOTS};
  larger.slot = new_slots(larger.slots);
  if (!larger.slot)
    return false;
  for (uint32_t i = 0; i < shard->slots; i++)
    if (shard->slot[i].kind)
      *find(&larger, shard->slot[i].key) = shard->slot[i];
  free(shard->slot);
  shard->slot = larger.slot;
  shard->slots = larger.slots;
  return true;
}

void lz_memo_limit(size_t bytes) {
  LZ_STORE(&limit, bytes / SHARDS, relaxed);
}

bool lz_memo_find(struct lz_key key, lz_take *take, void *context) {
  struct shard *shard = shard_of(key);
  struct lz_value *value = NULL;
  bool taken = false;
  lock(shard);
  struct slot *slot = shard->slots ? find(shard, key) : NULL;
  if (slot && slot->kind) {
    slot->used = true;
    if (slot->kind == HERE)
      taken = take(context, slot->bytes, slot->size);
    else if (slot->value->size <= SMALL)
      taken = take(context, slot->value->bytes, slot->value->size);
    else
      value = lz_value_retain(slot->value);
  }
  unlock(shard);
  if (value)
    taken = take(context, value->bytes, value->size);
  lz_value_release(value);
  return taken;
}

void lz_memo_keep(struct lz_key key, struct lz_value *value) {
  struct shard *shard = shard_of(key);
  size_t cost = cost_of(value->size);
  if (!lz_memo_fits(value->size))
    return;
  lock(shard);
  make_room(shard, cost);
  if (grow(shard)) {
    struct slot *slot = find(shard, key);
    if (slot->kind)
      shard->bytes -= cost_of(size_of(slot));
    else
      shard->taken++;
    empty(slot);
    *slot = (struct slot){.key = key, .kind = value->size > sizeof slot->bytes ? THERE : HERE};
    if (slot->kind == THERE)
      slot->value = lz_value_retain(value);
    else
      memcpy(slot->bytes, value->bytes, slot->size = (uint32_t)value->size);
    shard->bytes += cost;
  }
  unlock(shard);
}

void lz_memo_clear(void) {
  for (struct shard *shard = shards; shard < shards + SHARDS; shard++) {
    lock(shard);
    for (uint32_t i = 0; i < shard->slots; i++)
      empty(&shard->slot[i]);
    free(shard->slot);
    shard->slot = NULL;
    shard->slots = shard->taken = shard->hand = 0;
    shard->bytes = 0;
    unlock(shard);
  }
}

void lz_memo_lock(void) {
  for (uint32_t i = 0; i < SHARDS; i++)
    lock(&shards[i]);
}

void lz_memo_unlock(void) {
  for (uint32_t i = 0; i < SHARDS; i++)
    unlock(&shards[i]);
}
