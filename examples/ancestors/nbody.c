/* nbody.c - bodies that attract each other, step by step.
 *
 *     nbody [STEPS [BODIES]]
 *
 * What to notice: pull() reads `bodies` while the program is about to overwrite it.  A step's pulls run at once, but no
 * body moves before the last of them has been computed: the order of the serial program is kept, and so is every bit
 * of the result.
 */
#include <lazy/lazy.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_BODIES = 2000 };

struct vec {
  double x, y, z;
};

struct body {
  struct vec at, speed;
  double mass;
};

static struct body bodies[MAX_BODIES];
static struct vec pulls[MAX_BODIES];
static int count = 400;

/* The acceleration that all the other bodies give to body `i`. */
LAZY static struct vec pull(int i) {
  struct vec sum = {0, 0, 0};
  for (int k = 0; k < count; k++) {
    double x = bodies[k].at.x - bodies[i].at.x, y = bodies[k].at.y - bodies[i].at.y,
           z = bodies[k].at.z - bodies[i].at.z;
    double square = x * x + y * y + z * z + 0.01, strength = bodies[k].mass / (square * sqrt(square));
    sum.x += x * strength;
    sum.y += y * strength;
    sum.z += z * strength;
  }
  return sum;
}

static void move(struct body *b, struct vec pull, double dt) {
  b->speed.x += pull.x * dt;
  b->speed.y += pull.y * dt;
  b->speed.z += pull.z * dt;
  b->at.x += b->speed.x * dt;
  b->at.y += b->speed.y * dt;
  b->at.z += b->speed.z * dt;
}

static void step(double dt) {
  for (int i = 0; i < count; i++)
    pulls[i] = pull(i);
  for (int i = 0; i < count; i++)
    move(&bodies[i], pulls[i], dt);
}

/* A disc that turns about its middle. */
static void place(void) {
  for (int i = 0; i < count; i++) {
    double angle = 2.399963 * i, radius = sqrt((i + 0.5) / count), speed = 0.7 * sqrt(radius);
    bodies[i].at = (struct vec){radius * cos(angle), radius * sin(angle), 0.05 * sin(7.0 * i)};
    bodies[i].speed = (struct vec){-speed * sin(angle), speed * cos(angle), 0};
    bodies[i].mass = 1.0 / count;
  }
}

int main(int argc, char **argv) {
  int steps = argc > 1 ? atoi(argv[1]) : 200;
  if (argc > 2)
    count = atoi(argv[2]);
  if (count < 1 || count > MAX_BODIES) {
    fprintf(stderr, "usage: nbody [STEPS [BODIES]], with BODIES from 1 to %d\n", MAX_BODIES);
    return 2;
  }
  place();
  for (int i = 0; i < steps; i++)
    step(0.01);
  struct body first = bodies[0], last = bodies[count - 1];
  printf("first %.17g %.17g %.17g\n", first.at.x, first.at.y, first.at.z);
  printf("last  %.17g %.17g %.17g\n", last.at.x, last.at.y, last.at.z);
  return 0;
}
