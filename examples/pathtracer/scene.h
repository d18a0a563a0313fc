/* scene.h - the scene, and its reader.
 *
 * Scene files hold one item a line; '#' starts a comment.  Points and colours are three numbers each.
 *
 *     camera    EYE TARGET FIELD-OF-VIEW [APERTURE FOCUS-DISTANCE]       (degrees, from top to bottom)
 *     sky       HORIZON-COLOUR ZENITH-COLOUR
 *     material  NAME diffuse COLOUR | checker COLOUR COLOUR SIZE | mirror COLOUR ROUGHNESS
 *                    | glass COLOUR REFRACTIVE-INDEX | light COLOUR
 *     sphere    MATERIAL CENTRE RADIUS
 *     plane     MATERIAL POINT NORMAL
 *     box       MATERIAL CENTRE HALF-SIZES TURN                          (degrees about the vertical)
 *     triangle  MATERIAL CORNER CORNER CORNER
 *
 * read_scene() fills the arrays below; from then on they are only read.
 */
#ifndef PATHTRACER_SCENE_H
#define PATHTRACER_SCENE_H

#include "vec.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_MATERIALS = 32, MAX_SHAPES = 64, MAX_NAME = 32, MAX_LINE = 256 };

enum surface { DIFFUSE, CHECKER, MIRROR, GLASS, LIGHT };

struct material {
  char name[MAX_NAME];
  enum surface surface;
  struct vec colour, other; /* other: of every second square */
  double parameter;         /* size of a square, roughness or refractive index */
};

enum form { SPHERE, PLANE, BOX, TRIANGLE };

struct shape {
  enum form form;
  int material;
  struct vec a, b, c; /* centre | point, unit normal | centre, half sizes | corner, two edges */
  double r, s;        /* radius | cosine and sine of the turn */
};

struct camera {
  struct vec eye, ahead, right, up; /* `right` and `up` reach half the picture's height, at distance 1 */
  double aperture, focus;
};

static struct material materials[MAX_MATERIALS];
static struct shape shapes[MAX_SHAPES];
static int lamps[MAX_SHAPES]; /* the shapes that are spheres of a light material */
static int material_count, shape_count, lamp_count;
static struct vec horizon, zenith;
static struct camera camera;

/* ---- the reader ---- */

struct reader {
  const char *path;
  int line;
  char *rest; /* what is left of the line */
};

__attribute__((noreturn, format(printf, 2, 3))) static void fail(const struct reader *in, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "%s:%d: ", in->path, in->line);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}

/* The next word of the line; NULL at its end. */
static char *next_word(struct reader *in) {
  char *word = in->rest + strspn(in->rest, " \t\r\n");
  in->rest = word + strcspn(word, " \t\r\n");
  if (*in->rest)
    *in->rest++ = '\0';
  return *word ? word : NULL;
}

static char *read_word(struct reader *in, const char *what) {
  char *word = next_word(in);
  if (!word)
    fail(in, "expected %s at the end of the line", what);
  return word;
}

static double read_number(struct reader *in) {
  char *word = read_word(in, "a number"), *end;
  double number = strtod(word, &end);
  if (*end || !isfinite(number))
    fail(in, "expected a number, not '%s'", word);
  return number;
}

static double read_positive(struct reader *in) {
  double number = read_number(in);
  if (number <= 0)
    fail(in, "expected a number above 0, not %g", number);
  return number;
}

static struct vec read_vec(struct reader *in) {
  double x = read_number(in), y = read_number(in);
  return vec(x, y, read_number(in));
}

static struct vec read_direction(struct reader *in) {
  struct vec direction = read_vec(in);
  if (dot(direction, direction) == 0)
    fail(in, "a direction cannot be 0 0 0");
  return unit(direction);
}

static int read_material_name(struct reader *in) {
  const char *name = read_word(in, "the name of a material");
  for (int i = 0; i < material_count; i++)
    if (strcmp(materials[i].name, name) == 0)
      return i;
  fail(in, "no material is called '%s' so far", name);
}

static void read_camera(struct reader *in) {
  struct vec eye = read_vec(in), target = read_vec(in);
  double view = read_positive(in), half = tan(view * PI / 360);
  if (view >= 180)
    fail(in, "a field of view is less than 180 degrees, not %g", view);
  struct vec ahead = sub(target, eye), right = cross(ahead, vec(0, 1, 0));
  if (dot(right, right) == 0)
    fail(in, "the camera cannot look straight up or down");
  ahead = unit(ahead), right = unit(right);
  camera = (struct camera){eye, ahead, scale(right, half), scale(cross(right, ahead), half), 0, 1};
  if (in->rest[strspn(in->rest, " \t\r\n")]) {
    camera.aperture = read_number(in);
    camera.focus = read_positive(in);
  }
}

static void read_material(struct reader *in) {
  static const char *const surfaces[] = {"diffuse", "checker", "mirror", "glass", "light"};
  if (material_count == MAX_MATERIALS)
    fail(in, "more than %d materials", MAX_MATERIALS);
  struct material *m = &materials[material_count];
  const char *name = read_word(in, "a name");
  if (strlen(name) >= sizeof m->name)
    fail(in, "a name has at most %zu letters", sizeof m->name - 1);
  strcpy(m->name, name);

  const char *surface = read_word(in, "a surface");
  for (m->surface = DIFFUSE; strcmp(surfaces[m->surface], surface) != 0; m->surface++)
    if (m->surface == LIGHT)
      fail(in, "no surface is called '%s'", surface);
  m->colour = read_vec(in);
  if (m->surface == CHECKER)
    m->other = read_vec(in);
  if (m->surface == MIRROR)
    m->parameter = read_number(in);
  if (m->surface == CHECKER || m->surface == GLASS)
    m->parameter = read_positive(in);
  material_count++;
}

static void read_shape(struct reader *in, enum form form) {
  if (shape_count == MAX_SHAPES)
    fail(in, "more than %d shapes", MAX_SHAPES);
  struct shape *s = &shapes[shape_count];
  s->form = form;
  s->material = read_material_name(in);
  s->a = read_vec(in);
  switch (form) {
  case SPHERE:
    s->r = read_positive(in);
    if (materials[s->material].surface == LIGHT)
      lamps[lamp_count++] = shape_count;
    break;
  case PLANE:
    s->b = read_direction(in);
    break;
  case BOX:
    s->b = read_vec(in);
    s->r = read_number(in) * PI / 180;
    s->s = sin(s->r);
    s->r = cos(s->r);
    break;
  case TRIANGLE:
    s->b = sub(read_vec(in), s->a);
    s->c = sub(read_vec(in), s->a);
    break;
  }
  shape_count++;
}

static void read_item(struct reader *in) {
  static const char *const forms[] = {"sphere", "plane", "box", "triangle"};
  in->rest[strcspn(in->rest, "#")] = '\0';
  const char *item = next_word(in), *extra;
  if (!item)
    return;
  if (strcmp(item, "camera") == 0) {
    read_camera(in);
  } else if (strcmp(item, "sky") == 0) {
    horizon = read_vec(in);
    zenith = read_vec(in);
  } else if (strcmp(item, "material") == 0) {
    read_material(in);
  } else {
    enum form form = SPHERE;
    while (strcmp(forms[form], item) != 0)
      if (form++ == TRIANGLE)
        fail(in, "'%s' is not an item of a scene", item);
    read_shape(in, form);
  }
  extra = next_word(in);
  if (extra)
    fail(in, "'%s' is one word too many", extra);
}

/* Reads the scene, or says what is wrong with it and ends the program. */
static void read_scene(const char *path) {
  char text[MAX_LINE];
  struct reader in = {path, 0, text};
  FILE *file = fopen(path, "r");
  if (!file) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(1);
  }
  while (fgets(text, sizeof text, file)) {
    in.line++;
    in.rest = text;
    if (!strchr(text, '\n') && !feof(file))
      fail(&in, "a line has at most %d letters", MAX_LINE - 2);
    read_item(&in);
  }
  if (dot(camera.ahead, camera.ahead) == 0)
    fail(&in, "the scene has no camera");
  fclose(file);
}

#endif
