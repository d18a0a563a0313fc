/* climate.c - a toy climate: every cell of a grid over the globe goes its own way for a number of days.
 *
 *     climate [DAYS]
 *
 * What to notice: `results[lat][lon] = process(lat, lon, state)` in two nested loops, the form in which such programs
 * come.  State and result are structs passed by value; the table of daylight is filled before and read by every call.
 * Then several statistics look at the same results, each by itself; how much of them says the array declarator.
 */
#include <lazy/lazy.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LATITUDES = 24, LONGITUDES = 48, YEAR = 365 };

struct state {
  double sun, albedo, carbon;
  int days;
};

struct weather {
  double temperature, humidity, wind;
};

static double daylight[LATITUDES][YEAR];
static struct weather results[LATITUDES][LONGITUDES];

static double latitude(int lat) {
  return (lat + 0.5) / LATITUDES * 3.14159265358979 - 1.57079632679490;
}

static void fill_daylight(void) {
  for (int lat = 0; lat < LATITUDES; lat++)
    for (int day = 0; day < YEAR; day++) {
      double tilt = 0.409 * sin(6.28318530717959 * (day - 80) / YEAR);
      double height = sin(latitude(lat)) * sin(tilt) + 0.64 * cos(latitude(lat)) * cos(tilt);
      /* a third of a day is as bright as noon; and the winds bring some warmth from elsewhere */
      daylight[lat][day] = 0.06 + (height > 0 ? height / 3 : 0);
    }
}

LAZY static struct weather process(int lat, int lon, struct state state) {
  int land = (lat * 7 + lon * 5) % 11 < 4;
  double heat = land ? 0.02 : 0.005, ice = 0;
  struct weather w = {15 - 30 * fabs(sin(latitude(lat))), 0.5, 3};
  for (int day = 0; day < state.days; day++) {
    double light = state.sun * daylight[lat][day % YEAR] * (1 - state.albedo - 0.1 * ice) * (1 - 0.25 * w.humidity);
    double lost = 5.67e-8 * pow(w.temperature + 273.15, 4) * (1 - state.carbon - 0.1 * w.humidity);
    w.temperature += heat * (light - lost);
    w.humidity += 0.1 * ((land ? 0.4 : 0.8) / (1 + exp(-w.temperature / 10)) - w.humidity);
    w.wind = 0.9 * w.wind + 0.01 * fabs(light - lost);
    ice = w.temperature < 0 ? 1 - exp(w.temperature / 10) : 0;
  }
  return w;
}

LAZY static struct weather zone(const struct weather w[LONGITUDES]) {
  struct weather mean = {0, 0, 0};
  for (int lon = 0; lon < LONGITUDES; lon++) {
    mean.temperature += w[lon].temperature / LONGITUDES;
    mean.humidity += w[lon].humidity / LONGITUDES;
    mean.wind += w[lon].wind / LONGITUDES;
  }
  return mean;
}

/* Circles of latitude are smaller towards the poles. */
LAZY static double mean_temperature(const struct weather w[LATITUDES][LONGITUDES]) {
  double sum = 0, area = 0;
  for (int lat = 0; lat < LATITUDES; lat++)
    for (int lon = 0; lon < LONGITUDES; lon++) {
      sum += w[lat][lon].temperature * cos(latitude(lat));
      area += cos(latitude(lat));
    }
  return sum / area;
}

LAZY static double correlation(const struct weather w[LATITUDES][LONGITUDES]) {
  double n = LATITUDES * LONGITUDES, t = 0, h = 0, tt = 0, hh = 0, th = 0;
  for (int lat = 0; lat < LATITUDES; lat++)
    for (int lon = 0; lon < LONGITUDES; lon++) {
      double temperature = w[lat][lon].temperature, humidity = w[lat][lon].humidity;
      t += temperature, h += humidity;
      tt += temperature * temperature, hh += humidity * humidity, th += temperature * humidity;
    }
  return (n * th - t * h) / sqrt((n * tt - t * t) * (n * hh - h * h));
}

struct place {
  int lat, lon;
};

LAZY static struct place windiest(const struct weather w[LATITUDES][LONGITUDES]) {
  struct place best = {0, 0};
  for (int lat = 0; lat < LATITUDES; lat++)
    for (int lon = 0; lon < LONGITUDES; lon++)
      if (w[lat][lon].wind > w[best.lat][best.lon].wind)
        best = (struct place){lat, lon};
  return best;
}

static void simulate(struct state state) {
  for (int lat = 0; lat < LATITUDES; lat++)
    for (int lon = 0; lon < LONGITUDES; lon++)
      results[lat][lon] = process(lat, lon, state);
}

static void report(void) {
  struct weather zones[LATITUDES];
  for (int lat = 0; lat < LATITUDES; lat++)
    zones[lat] = zone(results[lat]);
  double mean = mean_temperature(results), related = correlation(results);
  struct place windy = windiest(results);

  puts("latitude  temperature  humidity  wind");
  for (int lat = LATITUDES - 1; lat >= 0; lat--)
    printf("%8.1f  %11.6f  %8.6f  %4.2f\n", latitude(lat) * 57.2957795, zones[lat].temperature, zones[lat].humidity,
           zones[lat].wind);
  printf("%.6f degrees on the whole, correlation with humidity %.6f\n", mean, related);
  printf("most wind, %.6f, at %.1f, %.1f\n", results[windy.lat][windy.lon].wind, latitude(windy.lat) * 57.2957795,
         360.0 * windy.lon / LONGITUDES);
}

static struct state read_arguments(int argc, char **argv) {
  return (struct state){1361, 0.22, 0.42, argc > 1 ? atoi(argv[1]) : 8 * YEAR};
}

int main(int argc, char **argv) {
  fill_daylight();
  simulate(read_arguments(argc, argv));
  report();
  return 0;
}
