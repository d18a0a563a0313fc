/* spell.h - calls and values as C would have them. */
#ifndef LZ_SPELL_H
#define LZ_SPELL_H

#include "story.h"

/* "add(2, #7)", where #7 is the value of node 7.  Cut off if there is no room for it. */
void lz_spell_call(char *to, size_t room, const struct lz_stories *stories, const struct lz_story *story);

/* The value of a node that has one; "": it has none, or nobody knows how to write it. */
void lz_spell_value(char *to, size_t room, const struct lz_story *story);

#endif /* LZ_SPELL_H */
