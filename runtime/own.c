/* own.c - memory that nobody else can touch.
 *
 * 1. The blocks that a thread allocates are in a red-black tree by address, each with a number that grows: what is
 *    younger than a call is the call's own.  What is freed behind our back goes when its place is given out again.
 * 2. Constants are what the objects of the process were mapped to be read only, or were made so once they had been
 *    relocated.
 * 3. AddressSanitizer may keep locals elsewhere than on the stack, to see who uses them too late; it is asked whose
 * they are.
 */
#include "own.h"

#include <link.h>
#include <stdlib.h>

struct lz_block {
  RB_ENTRY(lz_block) link;
  struct lz_range range;
  uint64_t age;
};

/* Equal: they overlap. */
static int compare(const struct lz_block *a, const struct lz_block *b) {
  return a->range.hi <= b->range.lo ? -1 : a->range.lo >= b->range.hi;
}

/* RB_GENERATE_STATIC, which counts on a BSD's __unused */
RB_GENERATE_INTERNAL(lz_blocks, lz_block, link, compare, __attribute__((unused)) static)

static void discard(struct lz_own *own, struct lz_block *block) {
  RB_REMOVE(lz_blocks, &own->blocks, block);
  free(block);
}

bool lz_own_add(struct lz_own *own, struct lz_range range) {
  struct lz_block *block = malloc(sizeof *block), *stale;
  if (!block)
    return false;
  *block = (struct lz_block){.range = range, .age = own->age++};
  while ((stale = RB_INSERT(lz_blocks, &own->blocks, block)))
    discard(own, stale);
  return true;
}

static struct lz_block *find(struct lz_own *own, struct lz_range range) {
  struct lz_block key = {.range = range};
  return RB_FIND(lz_blocks, &own->blocks, &key);
}

void lz_own_remove(struct lz_own *own, uintptr_t lo) {
  struct lz_block *block = find(own, (struct lz_range){lo, lo + 1});
  if (block && block->range.lo == lo)
    discard(own, block);
}

void lz_own_forget(struct lz_own *own) {
  struct lz_block *block, *next;
  RB_FOREACH_SAFE(block, lz_blocks, &own->blocks, next) {
    discard(own, block);
  }
}

static bool contains(struct lz_range all, struct lz_range range) {
  return all.lo <= range.lo && range.hi <= all.hi;
}

bool lz_own_contains(struct lz_own *own, struct lz_range range, uint64_t age) {
  const struct lz_block *block = find(own, range);
  return block && block->age >= age && contains(block->range, range);
}

/* --- constants --- */

struct search {
  struct lz_range range, found;
};

static int look(struct dl_phdr_info *object, size_t size, void *data) {
  struct search *search = data;
  (void)size;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    struct lz_range mapped = {object->dlpi_addr + part->p_vaddr, object->dlpi_addr + part->p_vaddr + part->p_memsz};
    bool constant = (part->p_type == PT_LOAD && !(part->p_flags & PF_W)) || part->p_type == PT_GNU_RELRO;
    if (constant && contains(mapped, search->range)) {
      search->found = mapped;
      return 1;
    }
  }
  return 0;
}

bool lz_own_constant(struct lz_own *own, struct lz_range range) {
  if (contains(own->constant, range))
    return true;
  struct search search = {.range = range};
  if (!dl_iterate_phdr(look, &search))
    return false;
  own->constant = search.found;
  return true;
}

/* --- locals --- */

#pragma weak __asan_get_current_fake_stack
#pragma weak __asan_addr_is_in_fake_stack
void *__asan_get_current_fake_stack(void);
void *__asan_addr_is_in_fake_stack(void *fake_stack, void *p, void **from, void **to);

uintptr_t lz_own_place(uintptr_t p) {
  void *fake = __asan_get_current_fake_stack ? __asan_get_current_fake_stack() : NULL;
  void *place = fake ? __asan_addr_is_in_fake_stack(fake, (void *)p, NULL, NULL) : NULL;
  return place ? (uintptr_t)place : p;
}
