/* lazy-cache-pages.c - is the file itself in order, page by page?
 *
 * LMDB believes what stands in the heads of pages: how full they are, where their nodes lie, which pages are free.
 * Where that is damaged, it reads beside the page, and when it writes, beside its memory.  So who verifies, and who is
 * about to write, looks first:
 *
 * 1. From the meta page of a transaction through all trees: each page is where it says it is, of the kind that its
 * place asks for, its nodes lie inside and beside each other, its keys are in order, between those of the page above;
 * and no page belongs to two.
 * 2. The free pages are none of those.
 *
 * The layout is that of LMDB 0.9 (its version 1), of databases without duplicates.  The transaction keeps all of it as
 * it is, whatever others write.
 */
#include "lazy-cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* --- what lies in the file --- */

struct page {
  size_t number;
  uint16_t unused, flags;
  union {
    struct {
      uint16_t lower, upper; /* the free room between indices and nodes */
    };
    uint32_t pages; /* OVERFLOWS */
  };
  uint16_t index[]; /* of nodes */
};
enum { BRANCH = 1, LEAF = 2, OVERFLOWS = 4 }; /* more in memory only: LMDB would not write such a page */

/* Halves of the size, or of the number of a page, of which `flags` is the rest. */
struct node {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  uint16_t low, high;
#else
  uint16_t high, low;
#endif
  uint16_t flags, key_size;
  char key[];
};
enum { HAS_PAGES = 1, IS_DATABASE = 2 };

struct database {
  uint32_t unused;
  uint16_t flags, depth;
  size_t branches, leaves, overflows, entries, root;
};
#define NO_ROOT SIZE_MAX

struct meta {
  uint32_t magic, version;
  void *address;
  size_t map_size;
  struct database free, main;
  size_t last_page, transaction;
};
#define MAGIC 0xbeefc0deu
#define FIRST_PAGE 2 /* behind the meta pages */
#define MOST_DEPTH 32
#define TRIES 100

/* --- the way through it --- */

struct survey {
  const char *map;
  size_t page_size, pages;
  unsigned char *met;
  const char *wrong; /* what was found first; NULL: nothing */
};

/* One tree on the way. */
struct tree {
  struct survey *survey;
  struct database count;
  bool numbers; /* are the keys */
  void (*leaf)(struct survey *survey, const struct node *node, MDB_val value);
};

static bool expect(struct survey *survey, bool right, const char *otherwise) {
  if (!right && !survey->wrong)
    survey->wrong = otherwise;
  return right;
}

static bool meet(struct survey *survey, size_t first, size_t count) {
  if (!expect(survey, first >= FIRST_PAGE && first < survey->pages && count <= survey->pages - first,
              "a page is not in the file"))
    return false;
  for (size_t i = first; i < first + count; i++) {
    if (!expect(survey, !(survey->met[i / 8] & 1 << i % 8), "a page belongs to two"))
      return false;
    survey->met[i / 8] |= (unsigned char)(1 << i % 8);
  }
  return true;
}

static const struct page *page_at(const struct survey *survey, size_t number) {
  const void *page = survey->map + number * survey->page_size;
  return page;
}

static const struct node *node_at(const struct page *page, size_t i) {
  const void *node = (const char *)page + page->index[i];
  return node;
}

static size_t size_of(const struct node *node) {
  return node->low | (size_t)node->high << 16;
}

static size_t child_of(const struct node *node) {
  return size_of(node) | (sizeof(size_t) > 4 ? (size_t)node->flags << 16 << 16 : 0);
}

static int compare(const struct tree *tree, const struct node *a, const struct node *b) {
  size_t x, y;
  int order = memcmp(a->key, b->key, a->key_size < b->key_size ? a->key_size : b->key_size);
  if (!tree->numbers)
    return order ? order : a->key_size - b->key_size;
  memcpy(&x, a->key, sizeof x);
  memcpy(&y, b->key, sizeof y);
  return (x > y) - (x < y);
}

/* Bytes that the node takes in its page. */
static size_t room_of(const struct node *node, bool leaf) {
  size_t value = !leaf ? 0 : node->flags & HAS_PAGES ? sizeof(size_t) : size_of(node);
  return (sizeof *node + node->key_size + value + 1) & ~(size_t)1;
}

/* The nodes lie in the page, side by side up to its end.  Their keys are in order, from `least` on, and below `above`;
 * the first of a branch has none. */
static bool check_nodes(struct tree *tree, const struct page *page, size_t count, const struct node *least,
                        const struct node *above) {
  struct survey *survey = tree->survey;
  const bool leaf = page->flags & LEAF;
  const struct node *before = least;
  size_t used = 0;
  for (size_t i = 0; i < count; i++) {
    if (!expect(survey,
                page->index[i] >= page->upper && page->index[i] % 2 == 0 &&
                    page->index[i] + sizeof(struct node) <= survey->page_size,
                "a node is outside its page"))
      return false;
    const struct node *node = node_at(page, i);
    size_t room = room_of(node, leaf);
    used += room;
    if (!expect(survey, room <= survey->page_size - page->index[i], "a node is larger than its page"))
      return false;
    if (!leaf && i == 0)
      continue;
    if (!expect(survey, !tree->numbers || node->key_size == sizeof(size_t), "a key is no number") ||
        !expect(survey, !before || compare(tree, before, node) < (before == least), "keys are not in order") ||
        !expect(survey, !above || compare(tree, node, above) < 0, "keys are not in order"))
      return false;
    before = node;
  }
  return expect(survey, used == survey->page_size - page->upper, "nodes do not lie side by side");
}

static void visit_value(struct tree *tree, const struct node *node) {
  struct survey *survey = tree->survey;
  MDB_val value = {size_of(node), (void *)(uintptr_t)(node->key + node->key_size)};
  if (node->flags & HAS_PAGES) {
    size_t first, count = (sizeof(struct page) - 1 + value.mv_size) / survey->page_size + 1;
    memcpy(&first, value.mv_data, sizeof first);
    if (!meet(survey, first, count))
      return;
    const struct page *page = page_at(survey, first);
    expect(survey, page->number == first && page->flags == OVERFLOWS && page->pages == count,
           "the pages of a value are not its own");
    value.mv_data = (void *)(uintptr_t)(page + 1);
    tree->count.overflows += count;
  }
  tree->count.entries++;
  if (!survey->wrong && tree->leaf)
    tree->leaf(survey, node, value);
}

static void visit_page(struct tree *tree, size_t number, size_t depth, const struct node *least,
                       const struct node *above) { // NOLINT(misc-no-recursion): no deeper than MOST_DEPTH
  struct survey *survey = tree->survey;
  if (survey->wrong || !meet(survey, number, 1))
    return;
  const struct page *page = page_at(survey, number);
  const bool leaf = depth == 1;
  if (!expect(survey, page->number == number && page->flags == (leaf ? LEAF : BRANCH),
              "a page is not what is expected there") ||
      !expect(survey,
              page->lower > sizeof *page && page->lower <= page->upper && page->upper <= survey->page_size &&
                  page->lower % 2 == 0,
              "a page is fuller than it can be"))
    return;
  size_t count = (page->lower - sizeof *page) / sizeof page->index[0];
  if (!check_nodes(tree, page, count, least, above))
    return;
  *(leaf ? &tree->count.leaves : &tree->count.branches) += 1;
  for (size_t i = 0; i < count; i++)
    if (leaf)
      visit_value(tree, node_at(page, i));
    else
      visit_page(tree, child_of(node_at(page, i)), depth - 1, i ? node_at(page, i) : least,
                 i + 1 < count ? node_at(page, i + 1) : above);
}

static void visit_tree(struct survey *survey, const struct database *database, bool numbers,
                       void (*leaf)(struct survey *survey, const struct node *node, MDB_val value)) {
  struct tree tree = {.survey = survey, .numbers = numbers, .leaf = leaf};
  if (!expect(survey, database->depth <= MOST_DEPTH && (database->depth == 0) == (database->root == NO_ROOT),
              "a tree is too deep"))
    return;
  if (database->depth > 0)
    visit_page(&tree, database->root, database->depth, NULL, NULL);
  expect(survey,
         tree.count.branches == database->branches && tree.count.leaves == database->leaves &&
             tree.count.overflows == database->overflows && tree.count.entries == database->entries,
         "a tree has not as much in it as it says");
}

/* --- what is in the leaves --- */

static void look_at_database(struct survey *survey, const struct node *node, MDB_val value) {
  struct database database;
  if (!expect(survey, node->flags == IS_DATABASE && value.mv_size == sizeof database, "a database is none"))
    return;
  memcpy(&database, value.mv_data, sizeof database);
  if (expect(survey, database.flags == 0, "a database is of another kind"))
    visit_tree(survey, &database, false, NULL);
}

/* Numbers of pages, and before them how many. */
static void look_at_free(struct survey *survey, const struct node *node, MDB_val value) {
  size_t count = 0, page;
  (void)node;
  if (value.mv_size >= sizeof count)
    memcpy(&count, value.mv_data, sizeof count);
  if (!expect(survey, value.mv_size >= sizeof count && count <= value.mv_size / sizeof count - 1,
              "a list of free pages is none"))
    return;
  for (size_t i = 1; i <= count && !survey->wrong; i++) {
    memcpy(&page, (const char *)value.mv_data + i * sizeof page, sizeof page);
    meet(survey, page, 1);
  }
}

/* --- the transaction --- */

/* A view of our own: LMDB does not tell where its own is. */
static void map_file(const struct request *request, struct survey *survey, size_t *size) {
  struct stat status;
  mdb_filehandle_t data;
  if (mdb_env_get_fd(request->store->file.env, &data) != 0 || fstat(data, &status) != 0)
    fail("'%s': %s", request->folder, strerror(errno));
  *size = (size_t)status.st_size;
  survey->map = mmap(NULL, *size, PROT_READ, MAP_SHARED, data, 0);
  if (survey->map == MAP_FAILED)
    fail("'%s': %s", request->folder, strerror(errno));
  survey->pages = *size / survey->page_size;
}

/* There are two meta pages, written in turn: after two more transactions, ours is another's. */
static bool find_meta(const struct survey *survey, size_t transaction, struct meta *meta) {
  for (size_t i = 0; i < FIRST_PAGE && i < survey->pages; i++) {
    memcpy(meta, page_at(survey, i)->index, sizeof *meta);
    if (meta->transaction == transaction)
      return meta->magic == MAGIC;
  }
  return false;
}

void check_pages(const struct request *request) {
  struct survey survey = {.page_size = request->store->file.page};
  struct meta meta;
  size_t size;
  bool found = false;
  MDB_txn *txn = NULL;
  for (int i = 0; i < TRIES && !found; i++) {
    if (txn)
      mdb_txn_abort(txn);
    if (survey.map)
      munmap((void *)(uintptr_t)survey.map, size);
    txn = begin_reading(request);
    map_file(request, &survey, &size);
    found = find_meta(&survey, mdb_txn_id(txn), &meta);
  }
  if (expect(&survey, found, "its first pages are not what they were")) {
    survey.pages = meta.last_page < survey.pages ? meta.last_page + 1 : survey.pages;
    survey.met = check_memory(calloc(survey.pages / 8 + 1, 1));
    if (expect(&survey, meta.main.flags == 0, "its table of databases is of another kind"))
      visit_tree(&survey, &meta.main, false, look_at_database);
    visit_tree(&survey, &meta.free, true, look_at_free);
  }
  mdb_txn_abort(txn);
  munmap((void *)(uintptr_t)survey.map, size);
  free(survey.met);
  if (survey.wrong)
    fail("'%s' is damaged (%s), and cannot be repaired; remove it", request->folder, survey.wrong);
}
