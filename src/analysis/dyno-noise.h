/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Noise that a seed repeats: SplitMix64, and normal numbers from it by Box and
 * Muller. Each stream of a seed is independent of the others, so that adding a
 * channel does not change the noise of the rest. A plain value. */

typedef struct
{
  guint64  state;
  double   spare; /* the second number of a pair */
  gboolean has_spare;
} DynoNoise;

void    dyno_noise_init    (DynoNoise *self,
                            guint64    seed,
                            guint64    stream);
guint64 dyno_noise_bits    (DynoNoise *self);
/* 0 ≤ x < 1, 53 bits. */
double  dyno_noise_uniform (DynoNoise *self);
/* Mean 0, standard deviation 1. */
double  dyno_noise_normal  (DynoNoise *self);

G_END_DECLS
