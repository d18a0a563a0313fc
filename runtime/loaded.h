/* loaded.h - the program and its libraries, as they are loaded: what they are, and who calls whose functions. */
#ifndef LZ_LOADED_H
#define LZ_LOADED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The program, or a library. */
struct lz_object;

/* A number that changes whenever something has been unloaded, and what was there may be something else. */
uint64_t lz_loaded_changes(void);

/* Calls `look`, one at a time, while nothing is loaded or unloaded.  What follows is for `look` alone.  False: there is
 * no memory for it. */
bool lz_loaded_look(void (*look)(void *context), void *context);

/* The object that has the address, or NULL. */
struct lz_object *lz_object_at(const void *address);

/* All of them: the first, of NULL; the next one; or NULL. */
struct lz_object *lz_object_next(const struct lz_object *object);

/* As one would call it. */
const char *lz_object_name(const struct lz_object *object);

/* 128 bits over the object's own code and that of all objects that it may call, which are the same wherever and in
 * whichever order these are loaded.  False: that cannot be told, for the reason `*why_not`, a verb phrase. */
bool lz_object_identity(struct lz_object *object, uint64_t identity[2], const char **why_not);

/* Is it the dynamic linker that finds `name` for the object?  If not, the linker has found it in the object itself. */
bool lz_object_imports(const struct lz_object *object, const char *name);

/* May the dynamic linker find `name` there? */
bool lz_object_exports(const struct lz_object *object, const char *name);

#endif /* LZ_LOADED_H */
