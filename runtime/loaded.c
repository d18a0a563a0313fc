/* loaded.c - the program and its libraries, as they are loaded: what they are, and who calls whose functions.
 *
 * 1. The dynamic linker tells what is loaded, and keeps it there while it tells.  Nothing else is asked of it: whoever
 *    opens a library holds its other locks for as long as the library's constructors run, and these may wait for us.
 * 2. An object is known by its build id, which the linker makes of all that is in it.  One that has none is known by
 *    its file; and to be sure that this is still the file that was loaded, its code is compared with that in memory.
 * 3. Whom an object asks for by a name, its relocations tell: where one names it, the dynamic linker has searched the
 *    objects that export it; where none does, the linker has settled it.
 * 4. What code does follows from the code that it calls.  So an object is, besides, all objects that export a name that
 *    it asks for, and those that these ask for, and so on.  That takes too many where several export a name, or where
 *    only some function asks for it: then less is found again than might be.
 *
 * Given up: libraries that open others themselves, and look for names (dlopen, dlsym); a build id that is made of less
 * than the file (--build-id=0x...).
 */
#include "loaded.h"

#include "types.h"

#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define CHUNK ((size_t)256 << 10) /* bytes of a file that are read at a time */

struct lz_object {
  uintptr_t base;
  const ElfW(Phdr) * headers;
  size_t header_count;
  char *path; /* empty: the program itself */

  /* Of the dynamic section; NULL: there is none. */
  const ElfW(Dyn) * dynamic;
  const char *strings;
  const ElfW(Sym) * symbols;

  enum { UNKNOWN, KNOWN, HOPELESS } state;
  uint64_t own[2];     /* KNOWN: by step 2 */
  const char *why_not; /* HOPELESS */
  bool visited;
};

static struct {
  struct lz_object *objects;
  size_t count, room;
  unsigned long long adds, subs;
} loaded;

/* --- step 1: what is loaded --- */

static const void *at(const struct lz_object *object, uintptr_t offset) {
  return (const void *)(object->base + offset); // NOLINT(performance-no-int-to-ptr)
}

static uintptr_t entry_of(const struct lz_object *object, intptr_t tag) {
  for (const ElfW(Dyn) *entry = object->dynamic; entry && entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag == tag)
      return entry->d_un.d_ptr;
  return 0;
}

/* Some dynamic linkers write addresses there in place of offsets, and some do not. */
static const void *table_of(const struct lz_object *object, intptr_t tag) {
  uintptr_t value = entry_of(object, tag);
  return value ? at(object, value < object->base ? value : value - object->base) : NULL;
}

static int note_object(struct dl_phdr_info *info, size_t size, void *failed) {
  (void)size;
  /* The kernel's: libc alone finds what it exports. */
  if (info->dlpi_addr && info->dlpi_addr == getauxval(AT_SYSINFO_EHDR))
    return 0;
  if (loaded.count == loaded.room) {
    size_t room = loaded.room ? 2 * loaded.room : 16;
    struct lz_object *objects = realloc(loaded.objects, room * sizeof *objects);
    if (!objects)
      return *(bool *)failed = true;
    loaded.objects = objects;
    loaded.room = room;
  }
  struct lz_object *object = &loaded.objects[loaded.count];
  *object = (struct lz_object){.base = info->dlpi_addr, .headers = info->dlpi_phdr, .header_count = info->dlpi_phnum};
  if (!(object->path = strdup(info->dlpi_name ? info->dlpi_name : "")))
    return *(bool *)failed = true;
  for (size_t i = 0; i < object->header_count; i++)
    if (object->headers[i].p_type == PT_DYNAMIC)
      object->dynamic = at(object, object->headers[i].p_vaddr);
  object->strings = table_of(object, DT_STRTAB);
  object->symbols = table_of(object, DT_SYMTAB);
  loaded.count++;
  return 0;
}

struct look {
  void (*run)(void *context);
  void *context;
  bool failed;
};

/* Called for the first object. */
static int look(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  struct look *look = context;
  if (!loaded.count || info->dlpi_adds != loaded.adds || info->dlpi_subs != loaded.subs) {
    while (loaded.count)
      free(loaded.objects[--loaded.count].path);
    dl_iterate_phdr(note_object, &look->failed);
  }
  loaded.adds = info->dlpi_adds;
  loaded.subs = info->dlpi_subs;
  if (look->failed)
    loaded.adds = ~0ULL;
  else
    look->run(look->context);
  return 1;
}

bool lz_loaded_look(void (*run)(void *context), void *context) {
  struct look what = {run, context, false};
  dl_iterate_phdr(look, &what);
  return !what.failed;
}

static int note_changes(struct dl_phdr_info *info, size_t size, void *changes) {
  (void)size;
  *(uint64_t *)changes = info->dlpi_subs;
  return 1;
}

uint64_t lz_loaded_changes(void) {
  uint64_t changes = 0;
  dl_iterate_phdr(note_changes, &changes);
  return changes;
}

struct lz_object *lz_object_next(const struct lz_object *object) {
  size_t next = object ? (size_t)(object - loaded.objects) + 1 : 0;
  return next < loaded.count ? &loaded.objects[next] : NULL;
}

struct lz_object *lz_object_at(const void *address) {
  for (struct lz_object *object = lz_object_next(NULL); object; object = lz_object_next(object))
    for (size_t i = 0; i < object->header_count; i++) {
      const ElfW(Phdr) *header = &object->headers[i];
      if (header->p_type == PT_LOAD && (uintptr_t)address - object->base - header->p_vaddr < header->p_memsz)
        return object;
    }
  return NULL;
}

const char *lz_object_name(const struct lz_object *object) {
  return *object->path ? object->path : "the program";
}

/* --- step 2: what it is --- */

static void know(struct lz_object *object, XXH128_hash_t hash) {
  object->own[0] = hash.low64;
  object->own[1] = hash.high64;
}

/* Looks for it among the notes in `left` bytes. */
static bool read_notes(struct lz_object *object, const char *notes, size_t left, size_t align) {
  ElfW(Nhdr) note;
  while (left >= sizeof note) {
    memcpy(&note, notes, sizeof note);
    size_t text = sizeof note + ((note.n_namesz + align - 1) & -align);
    size_t whole = text + ((note.n_descsz + align - 1) & -align);
    if (text + note.n_descsz > left)
      return false;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(notes + sizeof note, "GNU", 4) == 0) {
      know(object, XXH3_128bits(notes + text, note.n_descsz));
      return true;
    }
    if (whole > left)
      return false;
    notes += whole;
    left -= whole;
  }
  return false;
}

static bool read_build_id(struct lz_object *object) {
  for (size_t i = 0; i < object->header_count; i++) {
    const ElfW(Phdr) *header = &object->headers[i];
    if (header->p_type == PT_NOTE &&
        read_notes(object, at(object, header->p_vaddr), header->p_memsz, header->p_align == 8 ? 8 : 4))
      return true;
  }
  return false;
}

/* Are these bytes of the file, as far as they are code, those that run? */
static bool is_what_runs(const struct lz_object *object, const char *bytes, size_t from, size_t size) {
  for (size_t i = 0; i < object->header_count; i++) {
    const ElfW(Phdr) *header = &object->headers[i];
    if (header->p_type != PT_LOAD || (header->p_flags & (PF_R | PF_W | PF_X)) != (PF_R | PF_X))
      continue;
    size_t first = header->p_offset > from ? header->p_offset : from, end = header->p_offset + header->p_filesz;
    if (end > from + size)
      end = from + size;
    if (first < end &&
        memcmp(bytes + (first - from), at(object, header->p_vaddr + (first - header->p_offset)), end - first) != 0)
      return false;
  }
  return true;
}

static bool hash_file(struct lz_object *object) {
  int file = open(*object->path ? object->path : "/proc/self/exe", O_RDONLY | O_CLOEXEC);
  char *bytes = malloc(CHUNK);
  bool good = file >= 0 && bytes;
  object->why_not = bytes ? "has no build id, and its file cannot be read" : "there is no memory to read";
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  for (size_t from = 0; good;) {
    ssize_t size = read(file, bytes, CHUNK);
    if (size < 0 && errno == EINTR)
      continue;
    good = size >= 0;
    if (size <= 0)
      break;
    if (!is_what_runs(object, bytes, from, (size_t)size)) {
      object->why_not = "has no build id, and its file has changed since it was loaded";
      good = false;
    }
    XXH3_128bits_update(&state, bytes, (size_t)size);
    from += (size_t)size;
  }
  if (file >= 0)
    close(file);
  free(bytes);
  know(object, XXH3_128bits_digest(&state));
  return good;
}

static bool identify(struct lz_object *object) {
  if (object->state == UNKNOWN)
    object->state = read_build_id(object) || hash_file(object) ? KNOWN : HOPELESS;
  return object->state == KNOWN;
}

/* --- step 3: whom it asks for by name --- */

#if defined(__x86_64__)
#define COPY R_X86_64_COPY
#elif defined(__aarch64__)
#define COPY R_AARCH64_COPY
#elif defined(__riscv)
#define COPY R_RISCV_COPY
#else
#define COPY SIZE_MAX /* not known: then the program counts, too, that has a copy */
#endif

/* Calls `stop` for the name and the type of each relocation in a table, `size` bytes each, an ElfW(Rel) first; until it
 * returns true. */
static bool any_in_table(const struct lz_object *object, intptr_t table, intptr_t bytes, size_t size,
                         bool (*stop)(void *context, const char *name, size_t type), void *context) {
  const char *relocations = table_of(object, table);
  size_t count = relocations ? entry_of(object, bytes) / size : 0;
  unsigned half = sizeof(ElfW(Addr)) == 8 ? 32 : 8;
  for (size_t i = 0; i < count; i++) {
    ElfW(Rel) relocation;
    memcpy(&relocation, relocations + i * size, sizeof relocation);
    size_t symbol = relocation.r_info >> half, type = relocation.r_info & (((size_t)1 << half) - 1);
    if (symbol && stop(context, object->strings + object->symbols[symbol].st_name, type))
      return true;
  }
  return false;
}

static bool any_relocation(const struct lz_object *object, bool (*stop)(void *context, const char *name, size_t type),
                           void *context) {
  size_t rel = sizeof(ElfW(Rel)), rela = sizeof(ElfW(Rela)), plt = entry_of(object, DT_PLTREL) == DT_REL ? rel : rela;
  return object->strings && object->symbols &&
         (any_in_table(object, DT_JMPREL, DT_PLTRELSZ, plt, stop, context) ||
          any_in_table(object, DT_RELA, DT_RELASZ, rela, stop, context) ||
          any_in_table(object, DT_REL, DT_RELSZ, rel, stop, context));
}

static bool is_name(void *wanted, const char *name, size_t type) {
  (void)type;
  return strcmp(name, wanted) == 0;
}

static bool is_copy(void *wanted, const char *name, size_t type) {
  return type == COPY && strcmp(name, wanted) == 0;
}

bool lz_object_imports(const struct lz_object *object, const char *name) {
  return any_relocation(object, is_name, (void *)(uintptr_t)name);
}

static bool is_defined(const struct lz_object *object, size_t symbol, const char *name) {
  const ElfW(Sym) *found = &object->symbols[symbol];
  return found->st_shndx != SHN_UNDEF && strcmp(object->strings + found->st_name, name) == 0;
}

/* In a table of hashes as GNU has it: a header; a filter, which is not needed here; buckets; and chains, each of which
 * ends in a hash with the lowest bit set. */
static bool is_in_gnu_table(const struct lz_object *object, const uint32_t *table, const char *name) {
  uint32_t hash = 5381, buckets = table[0], first = table[1];
  for (const char *c = name; *c; c++)
    hash = hash * 33 + (unsigned char)*c;
  const uint32_t *bucket = table + 4 + (size_t)table[2] * (sizeof(ElfW(Addr)) / 4), *chain = bucket + buckets;
  uint32_t symbol = buckets ? bucket[hash % buckets] : 0;
  for (; symbol >= first && symbol; symbol++) {
    uint32_t other = chain[symbol - first];
    if ((other | 1) == (hash | 1) && is_defined(object, symbol, name))
      return true;
    if (other & 1)
      return false;
  }
  return false;
}

static bool is_in_old_table(const struct lz_object *object, const uint32_t *table, const char *name) {
  for (uint32_t symbol = 1; table && symbol < table[1]; symbol++)
    if (is_defined(object, symbol, name))
      return true;
  return false;
}

bool lz_object_exports(const struct lz_object *object, const char *name) {
  const uint32_t *table = table_of(object, DT_GNU_HASH);
  bool found =
      object->strings && object->symbols &&
      (table ? is_in_gnu_table(object, table, name) : is_in_old_table(object, table_of(object, DT_HASH), name));
  /* The program may have room for a library's variable, which the dynamic linker fills with what the library has. */
  return found && (*object->path || !any_relocation(object, is_copy, (void *)(uintptr_t)name));
}

/* --- step 4: what it is, with all that it asks for --- */

struct collection {
  uint64_t (*found)[2]; /* there is room for all */
  size_t count;
  const char *why_not;
};

/* As deep as libraries need each other in a row. */
static bool collect(struct lz_object *object, struct collection *to);

static bool collect_exporters(void *to, const char *name, size_t unused) {
  (void)unused;
  for (struct lz_object *object = lz_object_next(NULL); object; object = lz_object_next(object))
    if (!object->visited && lz_object_exports(object, name) && !collect(object, to))
      return true;
  return false;
}

static bool collect(struct lz_object *object, struct collection *to) {
  object->visited = true;
  if (!identify(object)) {
    to->why_not = object->why_not;
    return false;
  }
  memcpy(to->found[to->count++], object->own, sizeof object->own);
  return !any_relocation(object, collect_exporters, to);
}

static int compare(const void *a, const void *b) {
  return memcmp(a, b, 2 * sizeof(uint64_t));
}

bool lz_object_identity(struct lz_object *object, uint64_t identity[2], const char **why_not) {
  struct collection all = {calloc(loaded.count, sizeof *all.found), 0, "there is no memory to look at"};
  for (size_t i = 0; i < loaded.count; i++)
    loaded.objects[i].visited = false;
  bool known = all.found && collect(object, &all);
  if (known) {
    qsort(all.found + 1, all.count - 1, sizeof *all.found, compare);
    XXH128_hash_t hash = XXH3_128bits(all.found, all.count * sizeof *all.found);
    identity[0] = hash.low64;
    identity[1] = hash.high64;
  }
  free(all.found);
  *why_not = known ? NULL : all.why_not;
  return known;
}
