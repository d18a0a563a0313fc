/* draw.c - the graph in a file, drawn by Graphviz where its name asks for a picture.
 *
 * 1. What the name ends in is the format.
 * 2. A picture is made by dot, which reads DOT from a file without a name: whatever happens to it, nobody waits for the
 *    other, and a pipe that breaks ends nothing.
 */
#include "dump.h"

#include "env.h"
#include "error.h"
#include "quiet.h"
#include "types.h"

#include <errno.h>
#include <fcntl.h>
#include <lazy/lazy.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int write_text(const char *path, const char *format) {
  FILE *to = fopen(path, "we");
  if (!to)
    return LAZY_EWRITE;
  int error = lz_dump(to, format, NULL);
  if (fclose(to) != 0 && !error)
    error = LAZY_EWRITE;
  return error;
}

/* Runs dot on what `from` holds. */
static int run_dot(int from, const char *path, const char *format) {
  char option[16];
  char *arguments[] = {"dot", option, "-o", (char *)(uintptr_t)path, NULL};
  snprintf(option, sizeof option, "-T%s", format);
  posix_spawn_file_actions_t files;
  pid_t child;
  int status = -1;
  if (posix_spawn_file_actions_init(&files) != 0)
    return LAZY_ENOMEM;
  int error = posix_spawn_file_actions_adddup2(&files, from, STDIN_FILENO) != 0 ? LAZY_ENOMEM : LAZY_OK;
  if (!error && posix_spawnp(&child, arguments[0], &files, NULL, arguments, environ) != 0)
    error = LAZY_EGRAPHVIZ;
  posix_spawn_file_actions_destroy(&files);
  if (error)
    return error;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  if (status == -1) /* a handler of the program's has waited for it */
    status = access(path, F_OK);
  /* Where spawn has to fork, a program that is not there is exit status 127. */
  return WIFEXITED(status) && WEXITSTATUS(status) == 127 ? LAZY_EGRAPHVIZ : status != 0 ? LAZY_EWRITE : LAZY_OK;
}

static int draw_picture(const char *path, const char *format) {
  int error = LAZY_ENOMEM, fd = memfd_create("graph.dot", MFD_CLOEXEC), other = fd >= 0 ? dup(fd) : -1;
  FILE *to = other >= 0 ? fdopen(other, "we") : NULL;
  if (!to && other >= 0)
    close(other);
  if (to) {
    error = lz_dump(to, "dot", NULL);
    if (fclose(to) != 0 && !error)
      error = LAZY_ENOMEM;
  }
  if (!error)
    error = lseek(fd, 0, SEEK_SET) == 0 ? run_dot(fd, path, format) : LAZY_EWRITE;
  if (fd >= 0)
    close(fd);
  return error;
}

static const char *format_of(const char *path) {
  const char *dot = path ? strrchr(path, '.') : NULL;
  return dot && !strchr(dot, '/') ? dot + 1 : "";
}

static bool is_picture(const char *format) {
  return strcmp(format, "svg") == 0 || strcmp(format, "png") == 0 || strcmp(format, "pdf") == 0;
}

LZ_PUBLIC int lazy_draw(const char *path) {
  const char *format = format_of(path);
  bool text = strcmp(format, "dot") == 0 || strcmp(format, "json") == 0 || strcmp(format, "txt") == 0;
  if (!text && !is_picture(format))
    return LAZY_EFORMAT;
  struct lz_quiet quiet;
  lz_quiet_begin(&quiet);
  int error = text ? write_text(path, format) : draw_picture(path, format);
  lz_quiet_end(&quiet);
  return error;
}

void lz_draw_exit(void) {
  const char *path = lz_env_graph();
  int error = path ? lazy_draw(path) : LAZY_OK;
  if (error)
    lz_say("LAZY_GRAPH=%s: %s", path, lazy_strerror(error));
}
