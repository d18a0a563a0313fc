/* module.c - attach, detach, modes, and the set-up of everything.
 *
 * 1. Every translation unit registers its record.  One that speaks another ABI is told so once and stays serial.
 * 2. The mode follows from LAZY and from the number of threads; it is set in every record and changes with
 *    lazy_set_threads().
 * 3. A module that is unloaded waits for the work that is under way, for it may be its code that runs.  At exit nobody
 *    waits: lazy functions touch nothing that exit() tears down, and end with the process.
 * 4. The library that the runtime is part of, liblazy.so or whatever liblazy.a was linked into, stays when it is
 *    closed: its threads and handlers do.  So does every module, while it is recorded what happens (record.h).
 */
#include "module.h"

#include "cache.h"
#include "check.h"
#include "dump.h"
#include "env.h"
#include "error.h"
#include "hands.h"
#include "measures.h"
#include "progress.h"
#include "record.h"
#include "schedule.h"
#include "signals.h"
#include "stats.h"
#include "team.h"
#include "trace.h"

#include <dlfcn.h>
#include <lazy/lazy.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>

struct lz_runtime lz;

static struct {
  pthread_mutex_t mutex;
  struct lazy_module *first;
} modules = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static uint32_t current_mode(void) {
  if (lz.serial)
    return LAZY_MODE_SERIAL;
  return lz.eager || LZ_LOAD(&lz.threads, acquire) > 1 || LZ_LOAD(&lz_cache.number, relaxed) ? LAZY_MODE_PARALLEL
                                                                                             : LAZY_MODE_DEFER;
}

void lz_modes_update(void) {
  uint32_t mode = current_mode();
  pthread_mutex_lock(&modules.mutex);
  LZ_STORE(&lz.mode, mode, relaxed);
  for (struct lazy_module *module = modules.first; module; module = module->next)
    __atomic_store_n(&module->mode, mode, __ATOMIC_RELAXED); /* compiled code reads it relaxed: any time will do */
  pthread_mutex_unlock(&modules.mutex);
}

void lz_modules_visit(void (*visit)(struct lazy_module *module)) {
  pthread_mutex_lock(&modules.mutex);
  for (struct lazy_module *module = modules.first; module; module = module->next)
    visit(module);
  pthread_mutex_unlock(&modules.mutex);
}

void lz_modes_after_fork(void) {
  modules.mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER; /* a thread the child does not have may hold it */
  lz_modes_update();
}

static void at_exit(void) {
  lz_progress_end();
  lz_team_close();
  if (lz.stats)
    lz_stats_print();
  if (lz.check)
    lz_check_print();
  lz_cache_exit();
  if (lz_record_is_ours()) {
    lz_draw_exit();
    lz_trace_exit();
    lz_measures_exit();
  }
}

/* Weak: a program without dynamic linking has none of these, nor anything to stay. */
#pragma weak dlopen
#pragma weak dladdr1
static void stay_loaded(const void *part) {
  Dl_info unused;
  struct link_map *whole = NULL;
  if (dlopen && dladdr1 && dladdr1(part, &unused, (void **)&whole, RTLD_DL_LINKMAP) && whole && *whole->l_name)
    dlopen(whole->l_name, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

static void set_up(void) {
  stay_loaded(&lz);
  lz_env_read();
  lz.processors = lz_team_processors();
  LZ_STORE(&lz.threads, lz.serial ? 1 : lz_team_default(), relaxed);
  lz_hands_init();
  lz_ending_init();
  if (lz.check)
    lz_check_init();
  lz_cache_init();
  if (lz_env_graph() || lz_env_trace() || lz_env_measures())
    lz_record_begin();
  if (lz.progress)
    lz_progress_begin();
  LZ_STORE(&lz.mode, current_mode(), relaxed);
  if (!lz.serial)
    lz_signals_init();
  atexit(at_exit);
}

void lz_runtime_init(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, set_up);
}

static void attach(struct lazy_module *module, bool checks) {
  lz_runtime_init();
  if (module->abi != LAZY_ABI_VERSION) {
    lz_say("%s was compiled by lazypass %s for ABI %u; this liblazy (%s) speaks ABI %u, so its calls run serially; "
           "rebuild it with the matching plugin",
           module->file ? module->file : "a module", module->compiler ? module->compiler : "of unknown version",
           module->abi, LAZY_VERSION, (unsigned)LAZY_ABI_VERSION);
    return;
  }
  if (lz.check && !checks)
    lz_check_unable(module);
  if (module->looks)
    lz_record_begin();
  if (LZ_LOAD(&lz.recording, relaxed)) /* what is recorded names its functions and places */
    stay_loaded(module);
  pthread_mutex_lock(&modules.mutex);
  module->next = modules.first;
  modules.first = module;
  __atomic_store_n(&module->mode, LZ_LOAD(&lz.mode, relaxed), __ATOMIC_RELAXED);
  pthread_mutex_unlock(&modules.mutex);
  lz_cache_attach(module);
}

LZ_PUBLIC void __lazy_attach(struct lazy_module *module) {
  attach(module, false);
}

LZ_PUBLIC void __lazy_attach_checked(struct lazy_module *module) {
  attach(module, true);
}

LZ_PUBLIC void __lazy_detach(struct lazy_module *module) {
  pthread_mutex_lock(&modules.mutex);
  struct lazy_module **at = &modules.first;
  while (*at && *at != module)
    at = &(*at)->next;
  bool found = *at != NULL;
  if (found)
    *at = module->next;
  pthread_mutex_unlock(&modules.mutex);
  __atomic_store_n(&module->mode, LAZY_MODE_SERIAL, __ATOMIC_RELAXED);
  lz_cache_detach(module);
  if (found && !LZ_LOAD(&lz.exiting, relaxed))
    lz_wait_for_all(lz_hand());
}
