// A malloc of the program's own, which knows no malloc_usable_size() and writes over what it is given back; and
// functions with the names and types of the library's, out of sight.
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#define ALIGNMENT 64

static _Alignas(ALIGNMENT) char arena[1 << 26];
static atomic_size_t used;

struct header {
  _Alignas(ALIGNMENT) size_t size;
};

static void *take(size_t size) {
  size_t room = sizeof(struct header) + (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  size_t at = atomic_fetch_add(&used, room);
  if (at + room > sizeof arena)
    return NULL;
  struct header *header = (struct header *)(arena + at);
  header->size = size;
  return header + 1;
}

void *malloc(size_t size) { return take(size); }
void *aligned_alloc(size_t alignment, size_t size) { return alignment <= ALIGNMENT ? take(size) : NULL; }
void *memalign(size_t alignment, size_t size) { return aligned_alloc(alignment, size); }
int posix_memalign(void **to, size_t alignment, size_t size) { return !(*to = aligned_alloc(alignment, size)); }
void *calloc(size_t count, size_t size) { return take(count * size); }

static size_t size_of(void *p) { return ((struct header *)p - 1)->size; }

void free(void *p) {
  if (p)
    memset(p, 0xee, size_of(p));
}

void *realloc(void *p, size_t size) {
  void *to = take(size);
  if (p && to) {
    memcpy(to, p, size_of(p) < size ? size_of(p) : size);
    free(p);
  }
  return to;
}
