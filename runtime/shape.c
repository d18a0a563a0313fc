/* shape.c - what objects with pointers inside hold, wherever they lie.
 *
 * A call whose objects hold the same, in the same shape, has the same result; but the same object lies elsewhere the
 * next time.  So the key is made of
 *
 * 1. the parts, in the order in which visitors tell of them: each object, and each piece of memory;
 * 2. for each part, where it lies in memory that it shares with other parts, if it does: as far from the first of them;
 * 3. of an object, its numbers, by the layout of its type; for each of its pointers, whether it is NULL, or to which
 *    part it leads, and how far into it.  Padding does not count;
 * 4. of memory, all bytes.
 *
 * What a call writes is the numbers of objects, and all of memory.  Where it has changed a pointer, which is looked at
 * behind it, its outcome is not kept; nor is that of functions that free what is not theirs (Cacheable.cpp).
 *
 * Sound: a function that does not compare addresses, nor makes numbers of them, sees no more of its objects than this.
 * A pointer that leads to no part is only known not to be NULL: the function does not look through it, or else its
 * visitors say too little.  Given up: where no layout is known, as of unions with pointers, nothing is kept.
 */
#include "shape.h"

#include <stdlib.h>
#include <string.h>

#define MOST ((size_t)1 << 32) /* bytes: what could be kept of it would fill any cache */

/* Memory of some parts that overlap or touch.  Sorted by `lo`, they are apart. */
struct place {
  uintptr_t lo, hi;
  uint64_t first; /* number of the part that was told first */
  uintptr_t base; /* where that begins */
};

struct places {
  struct place *place;
  size_t count;
};

static const struct lazy_layout *layout_of(const struct lazy_cached *cached, const struct lz_object *object) {
  for (uint64_t i = 0; i < cached->layout_count; i++)
    if (cached->layouts[i]->visit == object->visit)
      return cached->layouts[i];
  return NULL;
}

/* --- step 2 --- */

static int by_address(const void *left, const void *right) {
  const struct place *a = left, *b = right;
  if (a->lo != b->lo)
    return a->lo < b->lo ? -1 : 1;
  return a->first < b->first ? -1 : a->first > b->first;
}

static void add_place(struct places *places, const void *p, size_t size) {
  uintptr_t lo = (uintptr_t)p;
  places->place[places->count] = (struct place){lo, lo + size, places->count, lo};
  places->count++;
}

/* Memory that is none of an object's may be shared, too. */
static bool is_plain(const struct lazy_region *region) {
  return !region->objects && region->p && region->size > 0 && region->access && !(region->access & LAZY_FILE);
}

static void add_region(struct places *places, const struct lazy_region *region) {
  int64_t rows = region->stride ? region->rows : 1;
  const char *first = region->p, *last = first + (rows - 1) * region->stride;
  if (rows > 0)
    add_place(places, first < last ? first : last,
              (size_t)(first < last ? last - first : first - last) + (size_t)region->size);
}

static void merge(struct places *places) {
  size_t kept = 0;
  qsort(places->place, places->count, sizeof *places->place, by_address);
  for (size_t i = 1; i < places->count; i++) {
    struct place *last = &places->place[kept], next = places->place[i];
    if (next.lo >= last->hi) {
      places->place[++kept] = next;
      continue;
    }
    last->hi = next.hi > last->hi ? next.hi : last->hi;
    if (next.first < last->first) {
      last->first = next.first;
      last->base = next.base;
    }
  }
  if (places->count)
    places->count = kept + 1;
}

/* NULL: out of memory.  No part is as large as `MOST`. */
static bool find_places(struct places *places, const struct lz_shape *shape, const struct lazy_region *regions) {
  size_t room = shape->cached->region_count;
  for (const struct lz_object *object = shape->visited.objects; object; object = object->next)
    room++;
  for (const struct lz_told *told = shape->visited.told; told; told = told->next)
    room++;
  places->place = malloc(room * sizeof *places->place);
  if (!places->place)
    return false;
  for (const struct lz_object *object = shape->visited.objects; object; object = object->next)
    add_place(places, object->p, object->size);
  for (const struct lz_told *told = shape->visited.told; told; told = told->next)
    add_place(places, told->region.p, (size_t)told->region.size);
  for (uint32_t i = 0; i < shape->cached->region_count; i++)
    if (is_plain(&regions[i]))
      add_region(places, &regions[i]);
  merge(places);
  return true;
}

/* Where the address is, as nobody else's is: which part it leads to, and how far. */
static void locate(const struct places *places, uintptr_t p, uint64_t where[2]) {
  size_t lo = 0, hi = places->count;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    if (places->place[middle].lo <= p)
      lo = middle + 1;
    else
      hi = middle;
  }
  const struct place *place = lo > 0 ? &places->place[lo - 1] : NULL;
  bool inside = place && p <= place->hi;
  where[0] = inside ? place->first + 2 : p != 0;
  where[1] = inside ? p - place->base : 0;
}

/* --- steps 3 and 4 --- */

static void hash_where(struct lz_hasher *hasher, const struct places *places, uintptr_t p) {
  uint64_t where[2];
  locate(places, p, where);
  lz_hasher_add(hasher, where, sizeof where);
}

static void hash_object(struct lz_hasher *hasher, const struct places *places, const struct lz_object *object,
                        const struct lazy_layout *layout) {
  const char *bytes = object->p;
  const uint64_t head[] = {object->size, object->access, object->told};
  lz_hasher_add(hasher, head, sizeof head);
  hash_where(hasher, places, (uintptr_t)bytes);
  for (uint32_t i = 0; i < layout->number_count; i++)
    lz_hasher_add(hasher, bytes + layout->numbers[i].offset, layout->numbers[i].size);
  for (uint32_t i = 0; i < layout->pointer_count; i++) {
    uintptr_t p;
    memcpy(&p, bytes + layout->pointers[i].offset, sizeof p);
    hash_where(hasher, places, p);
  }
}

static void hash_told(struct lz_hasher *hasher, const struct places *places, const struct lz_told *told) {
  const uint64_t head[] = {(uint64_t)told->region.size, told->region.access, told->holds_objects};
  lz_hasher_add(hasher, head, sizeof head);
  hash_where(hasher, places, (uintptr_t)told->region.p);
  if (!told->holds_objects) {
    struct lz_hash bytes = lz_hash_of(told->region.p, (size_t)told->region.size);
    lz_hasher_add(hasher, &bytes, sizeof bytes);
  }
}

static size_t numbers_of(const struct lazy_layout *layout) {
  size_t size = 0;
  for (uint32_t i = 0; i < layout->number_count; i++)
    size += layout->numbers[i].size;
  return size;
}

static bool is_written(const struct lz_told *told) {
  return !told->holds_objects && (told->region.access & LAZY_WRITES);
}

/* Is all of it known, and not too much?  Counts what may be written. */
static bool is_keepable(struct lz_shape *shape) {
  size_t total = 0;
  shape->written = 0;
  for (const struct lz_object *object = shape->visited.objects; object; object = object->next) {
    const struct lazy_layout *layout = layout_of(shape->cached, object);
    if (!layout)
      return false;
    if (object->access & LAZY_WRITES)
      shape->written += numbers_of(layout);
  }
  for (const struct lz_told *told = shape->visited.told; told; told = told->next) {
    if (told->region.size < 0 || (uint64_t)told->region.size > MOST - total)
      return false;
    total += (size_t)told->region.size;
    if (is_written(told))
      shape->written += (size_t)told->region.size;
  }
  return true;
}

static struct lz_hash hash_pointers(const struct lz_shape *shape) {
  struct lz_hasher hasher;
  lz_hasher_begin(&hasher);
  for (const struct lz_object *object = shape->visited.objects; object; object = object->next) {
    const struct lazy_layout *layout = layout_of(shape->cached, object);
    for (uint32_t i = 0; i < layout->pointer_count && (object->access & LAZY_WRITES); i++)
      lz_hasher_add(&hasher, (const char *)object->p + layout->pointers[i].offset, layout->pointers[i].size);
  }
  return lz_hasher_end(&hasher);
}

bool lz_shape_is_intact(const struct lz_shape *shape) {
  struct lz_hash now = hash_pointers(shape);
  return now.lo == shape->pointers.lo && now.hi == shape->pointers.hi;
}

bool lz_shape_make(struct lz_shape *shape, const struct lazy_cached *cached, const struct lazy_region *regions) {
  struct lazy_scope nothing = LAZY_SCOPE_INIT;
  struct places places = {NULL, 0};
  shape->cached = cached;
  bool ok = lz_visit_whole(&nothing, regions, cached->region_count, NULL, &shape->visited) && is_keepable(shape) &&
            find_places(&places, shape, regions);
  struct lz_hasher hasher;
  lz_hasher_begin(&hasher);
  for (const struct lz_object *object = shape->visited.objects; object && ok; object = object->next)
    hash_object(&hasher, &places, object, layout_of(cached, object));
  for (const struct lz_told *told = shape->visited.told; told && ok; told = told->next)
    hash_told(&hasher, &places, told);
  for (uint32_t i = 0; i < cached->region_count && ok; i++)
    if (is_plain(&regions[i]))
      hash_where(&hasher, &places, (uintptr_t)regions[i].p);
  shape->hash = lz_hasher_end(&hasher);
  if (ok)
    shape->pointers = hash_pointers(shape);
  free(places.place);
  return ok;
}

/* --- what is written --- */

void lz_shape_gather(const struct lz_shape *shape, char *to) {
  for (const struct lz_object *object = shape->visited.objects; object; object = object->next) {
    const struct lazy_layout *layout = layout_of(shape->cached, object);
    for (uint32_t i = 0; i < layout->number_count && (object->access & LAZY_WRITES); i++) {
      memcpy(to, (const char *)object->p + layout->numbers[i].offset, layout->numbers[i].size);
      to += layout->numbers[i].size;
    }
  }
  for (const struct lz_told *told = shape->visited.told; told; told = told->next)
    if (is_written(told)) {
      memcpy(to, told->region.p, (size_t)told->region.size);
      to += told->region.size;
    }
}

/* What is the same already may be constant, or another's to read. */
static const char *put(const void *to, const char *from, size_t size) {
  if (memcmp(to, from, size) != 0)
    memcpy((void *)(uintptr_t)to, from, size);
  return from + size;
}

void lz_shape_scatter(const struct lz_shape *shape, const char *from) {
  for (const struct lz_object *object = shape->visited.objects; object; object = object->next) {
    const struct lazy_layout *layout = layout_of(shape->cached, object);
    for (uint32_t i = 0; i < layout->number_count && (object->access & LAZY_WRITES); i++)
      from = put((const char *)object->p + layout->numbers[i].offset, from, layout->numbers[i].size);
  }
  for (const struct lz_told *told = shape->visited.told; told; told = told->next)
    if (is_written(told))
      from = put(told->region.p, from, (size_t)told->region.size);
}

void lz_shape_give(struct lz_shape *shape) {
  lz_visited_give(&shape->visited);
}
