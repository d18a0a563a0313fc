/* pathtracer.c - a small path tracer: light as it bounces through spheres, planes, boxes and triangles.
 *
 *     pathtracer SCENE OUT.ppm [WIDTH HEIGHT [SAMPLES]]
 *
 * 1. The scene file is read into static arrays (scene.h), which nothing changes from then on.
 * 2. A pixel is the mean of SAMPLES paths through a thin lens.  Its random numbers are seeded by its own place in the
 *    picture, so no pixel depends on another.
 * 3. A path bounces until it meets a light, leaves the scene or fades out; wherever it meets a diffuse surface it also
 *    looks straight at one of the lamps (spheres of a light material), which is what keeps the noise low.
 * 4. The picture is written as binary PPM, gamma 2.2.
 *
 * What to notice: the program is serial.  The one word LAZY in front of render_pixel() is all that makes the loop in
 * render() run on every core, and the picture is the same to the last byte.
 */
#include "scene.h"
#include "vec.h"

#include <lazy/lazy.h>

enum { MAX_BOUNCES = 7, MAX_SIZE = 16384, MAX_SAMPLES = 65536 };

static const double NEAR = 1e-4; /* a ray does not meet the surface it starts from */
static const double GLINT = 1;   /* most that a lamp met by chance after a diffuse surface adds: more is a white dot */

static int width = 1280, height = 720, samples = 8;

/* ---- rays and shapes ---- */

struct ray {
  struct vec from, to; /* `to` is a direction, of length 1 */
};

struct hit {
  double distance; /* INFINITY: nothing was met */
  int shape;
};

static inline struct vec turned(struct vec a, double cosine, double sine) {
  return vec(cosine * a.x + sine * a.z, a.y, cosine * a.z - sine * a.x);
}

static double meet_sphere(const struct shape *s, struct ray ray) {
  struct vec to = sub(s->a, ray.from);
  double along = dot(to, ray.to), root = along * along - dot(to, to) + s->r * s->r;
  if (root < 0)
    return INFINITY;
  root = sqrt(root);
  return along - root > NEAR ? along - root : along + root > NEAR ? along + root : INFINITY;
}

static double meet_plane(const struct shape *s, struct ray ray) {
  double slope = dot(s->b, ray.to), t = dot(s->b, sub(s->a, ray.from)) / slope;
  return fabs(slope) > 1e-9 && t > NEAR ? t : INFINITY;
}

static double meet_box(const struct shape *s, struct ray ray) {
  struct vec from = turned(sub(ray.from, s->a), s->r, s->s), to = turned(ray.to, s->r, s->s);
  double ix = 1 / to.x, iy = 1 / to.y, iz = 1 / to.z;
  double x0 = (-s->b.x - from.x) * ix, x1 = (s->b.x - from.x) * ix;
  double y0 = (-s->b.y - from.y) * iy, y1 = (s->b.y - from.y) * iy;
  double z0 = (-s->b.z - from.z) * iz, z1 = (s->b.z - from.z) * iz;
  double in = fmax(fmax(fmin(x0, x1), fmin(y0, y1)), fmin(z0, z1));
  double out = fmin(fmin(fmax(x0, x1), fmax(y0, y1)), fmax(z0, z1));
  if (in > out)
    return INFINITY;
  return in > NEAR ? in : out > NEAR ? out : INFINITY;
}

static double meet_triangle(const struct shape *s, struct ray ray) {
  struct vec p = cross(ray.to, s->c), to = sub(ray.from, s->a), q = cross(to, s->b);
  double scale = 1 / dot(s->b, p), u = dot(to, p) * scale, v = dot(ray.to, q) * scale, t = dot(s->c, q) * scale;
  return u >= 0 && v >= 0 && u + v <= 1 && t > NEAR ? t : INFINITY;
}

static struct hit nearest(struct ray ray) {
  struct hit best = {INFINITY, -1};
  for (int i = 0; i < shape_count; i++) {
    const struct shape *s = &shapes[i];
    double t = s->form == SPHERE  ? meet_sphere(s, ray)
               : s->form == PLANE ? meet_plane(s, ray)
               : s->form == BOX   ? meet_box(s, ray)
                                  : meet_triangle(s, ray);
    if (t < best.distance)
      best = (struct hit){t, i};
  }
  return best;
}

static struct vec normal_at(const struct shape *s, struct vec point) {
  struct vec p;
  switch (s->form) {
  case SPHERE:
    return scale(sub(point, s->a), 1 / s->r);
  case PLANE:
    return s->b;
  case TRIANGLE:
    return unit(cross(s->b, s->c));
  case BOX:
    break;
  }
  p = turned(sub(point, s->a), s->r, s->s);
  p = vec(p.x / s->b.x, p.y / s->b.y, p.z / s->b.z);
  if (fabs(p.x) > fabs(p.y) && fabs(p.x) > fabs(p.z))
    p = vec(copysign(1, p.x), 0, 0);
  else
    p = fabs(p.y) > fabs(p.z) ? vec(0, copysign(1, p.y), 0) : vec(0, 0, copysign(1, p.z));
  return turned(p, s->r, -s->s);
}

/* ---- light ---- */

static struct vec colour_at(const struct material *m, struct vec point) {
  double size = m->parameter;
  if (m->surface != CHECKER)
    return m->colour;
  long squares = (long)floor(point.x / size + 1e-6) + (long)floor(point.z / size + 1e-6);
  return squares & 1 ? m->other : m->colour;
}

/* What one lamp, chosen at random, sends straight to a diffuse point. */
static struct vec lamplight(struct vec point, struct vec normal, struct rng *rng) {
  int choice = (int)(uniform(rng) * lamp_count), lamp = lamps[choice];
  const struct shape *s = &shapes[lamp];
  struct vec to = sub(s->a, point);
  double far = dot(to, to), near = s->r * s->r;
  if (far <= near)
    return vec(0, 0, 0);
  double edge = sqrt(1 - near / far); /* cosine of half the angle under which the lamp is seen */
  struct ray ray = {point, around(unit(to), 1 - uniform(rng) * (1 - edge), rng)};
  double slope = dot(ray.to, normal);
  if (slope <= 0 || nearest(ray).shape != lamp)
    return vec(0, 0, 0);
  return scale(materials[s->material].colour, 2 * (1 - edge) * slope * lamp_count);
}

static inline struct vec reflected(struct vec d, struct vec n) {
  return sub(d, scale(n, 2 * dot(d, n)));
}

/* Through glass or off its face, by chance, as often as Fresnel's law (in Schlick's form) says. */
static struct vec refracted(struct vec d, struct vec n, int inside, double index, struct rng *rng) {
  double ratio = inside ? index : 1 / index, cosine = -dot(d, n);
  double root = 1 - ratio * ratio * (1 - cosine * cosine), face = (1 - index) / (1 + index);
  face *= face;
  if (root < 0)
    return reflected(d, n);
  face += (1 - face) * pow(1 - (inside ? sqrt(root) : cosine), 5);
  if (uniform(rng) < face)
    return reflected(d, n);
  return unit(add(scale(d, ratio), scale(n, ratio * cosine - sqrt(root))));
}

static struct vec radiance(struct ray ray, struct rng *rng) {
  struct vec light = vec(0, 0, 0), weight = vec(1, 1, 1);
  int diffuse = 0; /* a diffuse surface lies behind */
  int looked = 0;  /* lamps were counted at the last bounce, so meeting one by chance adds nothing */
  for (int bounce = 0; bounce < MAX_BOUNCES; bounce++) {
    struct hit hit = nearest(ray);
    if (hit.shape < 0)
      return add(light, mul(weight, mix(horizon, zenith, sqrt(fmax(0, ray.to.y)))));
    const struct shape *s = &shapes[hit.shape];
    const struct material *m = &materials[s->material];
    if (m->surface == LIGHT) {
      weight = mul(weight, m->colour);
      if (diffuse)
        weight = vec(fmin(weight.x, GLINT), fmin(weight.y, GLINT), fmin(weight.z, GLINT));
      return looked && s->form == SPHERE ? light : add(light, weight);
    }

    struct vec point = add(ray.from, scale(ray.to, hit.distance)), n = normal_at(s, point), to;
    int inside = dot(ray.to, n) > 0;
    if (inside)
      n = scale(n, -1);
    weight = mul(weight, colour_at(m, point));
    looked = 0;
    if (m->surface == MIRROR) {
      to = reflected(ray.to, n);
      if (m->parameter > 0)
        to = around(to, 1 - m->parameter * uniform(rng), rng);
      if (dot(to, n) <= 0)
        return light;
    } else if (m->surface == GLASS) {
      to = refracted(ray.to, n, inside, m->parameter, rng);
    } else {
      if (lamp_count > 0) {
        light = add(light, mul(weight, lamplight(point, n, rng)));
        looked = 1;
      }
      to = around(n, sqrt(uniform(rng)), rng);
      diffuse = 1;
    }
    ray = (struct ray){point, to};

    if (bounce >= 1) { /* a faint path ends by chance; those that survive stand for the ones that did not */
      double strength = fmin(0.95, fmax(weight.x, fmax(weight.y, weight.z)));
      if (uniform(rng) >= strength)
        return light;
      weight = scale(weight, 1 / strength);
    }
  }
  return light;
}

/* ---- the picture ---- */

struct rgb {
  float r, g, b;
};

/* Points of the unit disc, evenly spread. */
static struct vec lens(struct rng *rng) {
  double radius = sqrt(uniform(rng)), turn = 2 * PI * uniform(rng);
  return vec(radius * cos(turn), radius * sin(turn), 0);
}

LAZY static struct rgb render_pixel(int x, int y) {
  struct vec sum = vec(0, 0, 0);
  for (int i = 0; i < samples; i++) {
    struct rng chance = rng(x, y, i);
    double u = (2 * (x + uniform(&chance)) - width) / height, v = (height - 2 * (y + uniform(&chance))) / height;
    struct vec to = add(camera.ahead, add(scale(camera.right, u), scale(camera.up, v)));
    struct ray ray = {camera.eye, unit(to)};
    if (camera.aperture > 0) {
      struct vec p = scale(lens(&chance), camera.aperture / 2);
      struct vec shift = add(scale(unit(camera.right), p.x), scale(unit(camera.up), p.y));
      ray = (struct ray){add(camera.eye, shift), unit(sub(scale(to, camera.focus), shift))};
    }
    sum = add(sum, radiance(ray, &chance));
  }
  sum = scale(sum, 1.0 / samples);
  return (struct rgb){(float)sum.x, (float)sum.y, (float)sum.z};
}

static struct rgb *render(void) {
  struct rgb *image = malloc((size_t)width * height * sizeof *image);
  if (!image)
    return NULL;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      image[(size_t)y * width + x] = render_pixel(x, y);
  return image;
}

static int byte(float light) {
  return (int)(255 * pow(fmin(1, fmax(0, light)), 1 / 2.2) + 0.5);
}

static int write_ppm(const char *path, const struct rgb *image) {
  FILE *file = fopen(path, "wb");
  if (!file)
    return -1;
  fprintf(file, "P6\n%d %d\n255\n", width, height);
  for (size_t i = 0; i < (size_t)width * height; i++) {
    putc(byte(image[i].r), file);
    putc(byte(image[i].g), file);
    putc(byte(image[i].b), file);
  }
  int bad = ferror(file);
  return fclose(file) != 0 || bad ? -1 : 0;
}

static int number(const char *text, int most) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*end || value < 1 || value > most) {
    fprintf(stderr, "pathtracer: expected a number from 1 to %d, not '%s'\n", most, text);
    exit(2);
  }
  return (int)value;
}

static void read_arguments(int argc, char **argv) {
  if (argc != 3 && argc != 5 && argc != 6) {
    fprintf(stderr, "usage: pathtracer SCENE OUT.ppm [WIDTH HEIGHT [SAMPLES]]\n");
    exit(2);
  }
  if (argc > 3) {
    width = number(argv[3], MAX_SIZE);
    height = number(argv[4], MAX_SIZE);
  }
  if (argc > 5)
    samples = number(argv[5], MAX_SAMPLES);
  read_scene(argv[1]);
}

static int finish(const char *path, struct rgb *image) {
  int bad = !image || write_ppm(path, image) != 0;
  if (bad)
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
  free(image);
  return bad;
}

int main(int argc, char **argv) {
  read_arguments(argc, argv);
  return finish(argv[2], render());
}
