/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-noise.h"

#include <math.h>

/* Steele, Lea, Flood 2014: "Fast splittable pseudorandom number generators". */
#define GOLDEN G_GUINT64_CONSTANT (0x9E3779B97F4A7C15)

static guint64
mix (guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94D049BB133111EB);

  return z ^ (z >> 31);
}

void
dyno_noise_init (DynoNoise *self,
                 guint64    seed,
                 guint64    stream)
{
  self->state = mix (seed + GOLDEN) ^ mix (mix (stream + 1) + GOLDEN);
  self->spare = 0;
  self->has_spare = FALSE;
}

guint64
dyno_noise_bits (DynoNoise *self)
{
  self->state += GOLDEN;

  return mix (self->state);
}

double
dyno_noise_uniform (DynoNoise *self)
{
  return (double) (dyno_noise_bits (self) >> 11) * 0x1p-53;
}

double
dyno_noise_normal (DynoNoise *self)
{
  double radius;
  double angle;

  if (self->has_spare)
    {
      self->has_spare = FALSE;
      return self->spare;
    }

  radius = sqrt (-2 * log (1 - dyno_noise_uniform (self)));
  angle = 2 * G_PI * dyno_noise_uniform (self);
  self->spare = radius * sin (angle);
  self->has_spare = TRUE;

  return radius * cos (angle);
}
