/* dump.c - the graph as text that others can read: DOT, JSON, an indented tree.
 *
 * 1. What is known is told (story.c).
 * 2. Of what one value still needs, nodes are marked from that one on, against the edges, as far as they are not valid.
 *    Edges lead from nodes made earlier to nodes made later; so one pass over all nodes, the last first, does.
 * 3. They are written in the order in which they were made.  In the tree, each stands below the one that needs it,
 * once; the path to it is kept in memory of its own, for a chain may be of any length.
 */
#include "dump.h"

#include "spell.h"
#include "text.h"

#include <lazy/lazy.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 160 /* characters of a call or a value */

struct dump {
  struct lz_stories stories;
  struct lz_text *text;
  bool *wanted; /* by number - 1 */
  bool needs;   /* only what one value still needs: inputs of what is valid are not among it */
};

static bool is_wanted(const struct dump *dump, const struct lz_story *story) {
  return story && dump->wanted[story->number - 1];
}

static bool is_valid(const struct lz_story *story) {
  return story->fate == LZ_IS_VALID || story->fate == LZ_IS_KEPT;
}

/* NULL: it is not to be shown. */
static struct lz_story *input_of(const struct dump *dump, const struct lz_story *story, uint32_t i) {
  struct lz_story *input = lz_story_of(&dump->stories, lz_event_inputs(story->made)[i].number);
  return is_wanted(dump, input) && !(dump->needs && is_valid(story)) ? input : NULL;
}

/* Step 2. */
static void want(struct dump *dump, const struct lz_story *root) {
  for (uint64_t i = 0; i < dump->stories.count; i++)
    dump->wanted[i] = !root;
  dump->needs = root != NULL;
  if (!root)
    return;
  dump->wanted[root->number - 1] = true;
  for (uint64_t i = root->number; i-- > 0;) {
    const struct lz_story *story = dump->stories.ordered[i];
    if (!dump->wanted[i] || is_valid(story))
      continue;
    for (uint32_t k = 0; k < story->made->inputs; k++) {
      const struct lz_story *input = lz_story_of(&dump->stories, lz_event_inputs(story->made)[k].number);
      if (input)
        dump->wanted[input->number - 1] = true;
    }
  }
}

static uint64_t took(const struct lz_story *story) {
  uint64_t end = story->run && story->run->kind == LZ_RUN
                     ? LZ_LOAD(&((struct lz_event *)(uintptr_t)story->run)->other, acquire)
                     : 0;
  return end ? end - story->run->begin : 0;
}

/* --- DOT --- */

static void add_number(struct dump *dump, const char *before, uint64_t number) {
  lz_text_add(dump->text, before);
  lz_text_number(dump->text, number);
}

/* Of what happened to it; and its frame. */
static const char *const looks[LZ_FATES] = {
    [LZ_IS_WAITING] = "fillcolor=\"#eceff1\", color=\"#90a4ae\", fontcolor=\"#455a64\"",
    [LZ_IS_RUNNING] = "fillcolor=\"#ffe082\", color=\"#ff8f00\", penwidth=2",
    [LZ_IS_VALID] = "fillcolor=\"#c8e6c9\", color=\"#388e3c\"",
    [LZ_IS_KEPT] = "fillcolor=\"#bbdefb\", color=\"#1976d2\"",
    [LZ_IS_STALE] = "fillcolor=\"#ffcdd2\", color=\"#d32f2f\"",
    [LZ_IS_DROPPED] =
        "style=\"filled,rounded,dashed\", fillcolor=\"#ffffff\", color=\"#b0bec5\", fontcolor=\"#90a4ae\"",
};

static void dot_node(struct dump *dump, const struct lz_story *story) {
  char call[LONGEST], value[LONGEST], label[2 * LONGEST + 40];
  const struct lazy_site *site = story->made->site;
  lz_spell_call(call, sizeof call, &dump->stories, story);
  lz_spell_value(value, sizeof value, story);
  snprintf(label, sizeof label, "#%llu %s%s%s", (unsigned long long)story->number, call, *value ? " = " : "", value);
  add_number(dump, "  n", story->number);
  lz_text_add(dump->text, " [label=");
  lz_text_quoted(dump->text, label);
  snprintf(label, sizeof label, "%s, made at %s:%u:%u", lz_fate_name((enum lz_fate)story->fate),
           site->file ? site->file : "?", site->line, site->column);
  lz_text_add(dump->text, ", tooltip=");
  lz_text_quoted(dump->text, label);
  lz_text_add(dump->text, ", ");
  lz_text_add(dump->text, looks[story->fate]);
  lz_text_add(dump->text, "];\n");
}

static void dot_edges(struct dump *dump, const struct lz_story *story) {
  for (uint32_t i = 0; i < story->made->inputs; i++) {
    const struct lz_story *input = input_of(dump, story, i);
    if (!input)
      continue;
    add_number(dump, "  n", input->number);
    add_number(dump, " -> n", story->number);
    lz_text_add(dump->text, lz_event_inputs(story->made)[i].argument == LZ_ORDER ? " [style=dotted];\n" : ";\n");
  }
}

static bool dump_dot(struct dump *dump) {
  lz_text_add(dump->text, "digraph lazy {\n"
                          "  node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", fontsize=11];\n"
                          "  edge [color=\"#607d8b\", arrowsize=0.7];\n");
  for (uint64_t i = 0; i < dump->stories.count; i++)
    if (is_wanted(dump, dump->stories.ordered[i])) {
      dot_node(dump, dump->stories.ordered[i]);
      dot_edges(dump, dump->stories.ordered[i]);
    }
  lz_text_add(dump->text, "}\n");
  return true;
}

/* --- JSON --- */

static void json_text(struct dump *dump, const char *name, const char *text) {
  lz_text_add(dump->text, name);
  lz_text_quoted(dump->text, text);
}

static void json_node(struct dump *dump, const struct lz_story *story) {
  char call[LONGEST], value[LONGEST];
  const struct lazy_site *site = story->made->site;
  lz_spell_call(call, sizeof call, &dump->stories, story);
  lz_spell_value(value, sizeof value, story);
  add_number(dump, "{\"id\":", story->number);
  json_text(dump, ",\"function\":", site->function->name);
  json_text(dump, ",\"call\":", call);
  json_text(dump, ",\"state\":", lz_fate_name((enum lz_fate)story->fate));
  if (*value)
    json_text(dump, ",\"value\":", value);
  if (took(story)) {
    add_number(dump, ",\"ns\":", took(story));
    add_number(dump, ",\"thread\":", story->hand);
  }
  json_text(dump, ",\"file\":", site->file ? site->file : "");
  add_number(dump, ",\"line\":", site->line);
  add_number(dump, ",\"column\":", site->column);
  lz_text_add(dump->text, "}");
}

static bool dump_json(struct dump *dump) {
  const char *comma = "\n";
  lz_text_add(dump->text, "{\"directed\":true,\"multigraph\":false,\"graph\":{},\"nodes\":[");
  for (uint64_t i = 0; i < dump->stories.count; i++)
    if (is_wanted(dump, dump->stories.ordered[i])) {
      lz_text_add(dump->text, comma);
      json_node(dump, dump->stories.ordered[i]);
      comma = ",\n";
    }
  lz_text_add(dump->text, "],\n\"links\":[");
  comma = "\n";
  for (uint64_t i = 0; i < dump->stories.count; i++) {
    const struct lz_story *story = dump->stories.ordered[i];
    for (uint32_t k = 0; k < story->made->inputs && is_wanted(dump, story); k++) {
      const struct lz_story *input = input_of(dump, story, k);
      if (!input)
        continue;
      lz_text_add(dump->text, comma);
      add_number(dump, "{\"source\":", input->number);
      add_number(dump, ",\"target\":", story->number);
      if (lz_event_inputs(story->made)[k].argument != LZ_ORDER)
        add_number(dump, ",\"argument\":", lz_event_inputs(story->made)[k].argument);
      lz_text_add(dump->text, "}");
      comma = ",\n";
    }
  }
  lz_text_add(dump->text, "]}\n");
  return true;
}

/* --- the tree --- */

struct level {
  const struct lz_story *story;
  uint32_t next; /* of its inputs */
};

static void tree_line(struct dump *dump, const struct lz_story *story, uint64_t depth, bool again) {
  char call[LONGEST], value[LONGEST];
  lz_spell_call(call, sizeof call, &dump->stories, story);
  lz_spell_value(value, sizeof value, story);
  for (uint64_t i = 0; i < depth; i++)
    lz_text_add(dump->text, "  ");
  add_number(dump, "#", story->number);
  lz_text_add(dump->text, " ");
  lz_text_add(dump->text, call);
  lz_text_add(dump->text, *value ? " = " : "");
  lz_text_add(dump->text, value);
  lz_text_add(dump->text, again ? ", as above" : ", ");
  if (!again) {
    lz_text_add(dump->text, lz_fate_name((enum lz_fate)story->fate));
    if (took(story)) {
      lz_text_add(dump->text, ", ");
      lz_text_us(dump->text, took(story));
      lz_text_add(dump->text, " us");
    }
  }
  lz_text_add(dump->text, "\n");
}

/* False: out of memory. */
static bool tree_below(struct dump *dump, bool *written, struct level **levels, uint64_t *room,
                       const struct lz_story *root) {
  uint64_t depth = 0;
  (*levels)[0] = (struct level){root, 0};
  tree_line(dump, root, 0, false);
  written[root->number - 1] = true;
  for (;;) {
    struct level *level = &(*levels)[depth];
    if (level->next == level->story->made->inputs) {
      if (depth-- == 0)
        return true;
      continue;
    }
    const struct lz_story *input = input_of(dump, level->story, level->next++);
    if (!input)
      continue;
    bool again = written[input->number - 1];
    tree_line(dump, input, depth + 1, again);
    if (again)
      continue;
    written[input->number - 1] = true;
    if (++depth == *room) {
      struct level *larger = realloc(*levels, 2 * *room * sizeof *larger);
      if (!larger)
        return false;
      *levels = larger;
      *room *= 2;
    }
    (*levels)[depth] = (struct level){input, 0};
  }
}

static bool dump_tree(struct dump *dump) {
  uint64_t room = 64;
  struct level *levels = malloc(room * sizeof *levels);
  bool *written = calloc(dump->stories.count + 1, sizeof *written);
  bool ok = levels && written;
  for (uint64_t i = dump->stories.count; i-- > 0 && ok;) { /* those that nobody needs come last */
    const struct lz_story *story = dump->stories.ordered[i];
    if (is_wanted(dump, story) && !written[i])
      ok = tree_below(dump, written, &levels, &room, story);
  }
  free(levels);
  free(written);
  return ok;
}

/* --- all of them --- */

static bool (*format_of(const char *name))(struct dump *) {
  static const struct {
    const char *name;
    bool (*dump)(struct dump *dump);
  } formats[] = {{"dot", dump_dot}, {"json", dump_json}, {"tree", dump_tree}, {"txt", dump_tree}};
  for (size_t i = 0; name && i < sizeof formats / sizeof formats[0]; i++)
    if (strcmp(name, formats[i].name) == 0)
      return formats[i].dump;
  return NULL;
}

int lz_dump(FILE *to, const char *format, struct lazy_node *node) {
  bool (*dump_it)(struct dump *) = format_of(format);
  int error = LAZY_ENOMEM;
  struct dump dump = {.text = malloc(sizeof *dump.text)};
  if (!dump_it || !to) {
    error = dump_it ? LAZY_EINVAL : LAZY_EFORMAT;
    goto out;
  }
  if (!dump.text || !lz_stories_tell(&dump.stories) ||
      !(dump.wanted = calloc(dump.stories.count + 1, sizeof *dump.wanted)))
    goto out;
  want(&dump, node && lz_is_recorded(node) ? lz_story_of(&dump.stories, lz_tail(node)->number) : NULL);
  lz_text_begin(dump.text, to);
  if (dump_it(&dump))
    error = LAZY_OK;
  if (!lz_text_end(dump.text) && error == LAZY_OK)
    error = LAZY_EWRITE;

out:
  lz_stories_free(&dump.stories);
  free(dump.wanted);
  free(dump.text);
  return error;
}

LZ_PUBLIC int lazy_dump(void *to, const char *format) {
  return lz_dump(to, format, NULL);
}

LZ_PUBLIC int lazy_dump_value(lazy_ref node, void *to, const char *format) {
  return node ? lz_dump(to, format, node) : LAZY_ENOHANDLE;
}
