/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pyramid.h"

#include <math.h>

/* 64 · 4¹³ is more than any column. */
#define N_LEVELS 14

typedef struct
{
  double min;
  double max;
} Extent;

typedef struct
{
  Extent *blocks;   /* (owned) */
  gsize   n;
  gsize   n_room;
} Level;

struct _DynoPyramid
{
  Level levels[N_LEVELS];
};

static void
level_reserve (Level *level,
               gsize  n)
{
  if (n <= level->n_room)
    return;

  level->n_room = MAX (n, level->n_room * 2);
  level->blocks = g_renew (Extent, level->blocks, level->n_room);
}

DynoPyramid *
dyno_pyramid_new (gsize capacity)
{
  DynoPyramid *self = g_new0 (DynoPyramid, 1);
  gsize n = capacity / DYNO_PYRAMID_BASE;

  for (int i = 0; i < N_LEVELS && n > 0; i++, n /= DYNO_PYRAMID_FACTOR)
    level_reserve (&self->levels[i], n);

  return self;
}

void
dyno_pyramid_free (DynoPyramid *self)
{
  if (self == NULL)
    return;

  for (int i = 0; i < N_LEVELS; i++)
    g_free (self->levels[i].blocks);
  g_free (self);
}

gsize
dyno_pyramid_n (DynoPyramid *self)
{
  return self->levels[0].n * DYNO_PYRAMID_BASE;
}

/* Comparing with NaN is false, so it changes nothing. */
static void
scan (const double *values,
      gsize         n,
      Extent       *extent)
{
  double min = extent->min;
  double max = extent->max;

  for (gsize i = 0; i < n; i++)
    {
      min = values[i] < min ? values[i] : min;
      max = values[i] > max ? values[i] : max;
    }
  *extent = (Extent) { min, max };
}

static void
join (Extent       *extent,
      const Extent *other)
{
  extent->min = MIN (extent->min, other->min);
  extent->max = MAX (extent->max, other->max);
}

/* Adds a block, and the greater blocks that it completes. */
static void
push_block (DynoPyramid *self,
            Extent       extent)
{
  for (int i = 0; i < N_LEVELS; i++)
    {
      Level *level = &self->levels[i];

      level_reserve (level, level->n + 1);
      level->blocks[level->n++] = extent;
      if (level->n % DYNO_PYRAMID_FACTOR != 0)
        return;
      for (gsize k = level->n - DYNO_PYRAMID_FACTOR; k < level->n - 1; k++)
        join (&extent, &level->blocks[k]);
    }
}

gboolean
dyno_pyramid_reduce (DynoPyramid  *self,
                     const double *values,
                     gsize         n,
                     gsize         most)
{
  gsize first = dyno_pyramid_n (self);
  gsize end = n - n % DYNO_PYRAMID_BASE;

  if (first < end && end - first > most)
    end = first + MAX (most - most % DYNO_PYRAMID_BASE, DYNO_PYRAMID_BASE);

  for (gsize i = first; i < end; i += DYNO_PYRAMID_BASE)
    {
      Extent extent = { INFINITY, -INFINITY };

      scan (values + i, DYNO_PYRAMID_BASE, &extent);
      push_block (self, extent);
    }

  return dyno_pyramid_n (self) + DYNO_PYRAMID_BASE > n;
}

void
dyno_pyramid_truncate (DynoPyramid *self,
                       gsize        n)
{
  gsize n_blocks = n / DYNO_PYRAMID_BASE;

  for (int i = 0; i < N_LEVELS; i++, n_blocks /= DYNO_PYRAMID_FACTOR)
    self->levels[i].n = MIN (self->levels[i].n, n_blocks);
}

/* The level of the greatest block that begins at `at`, is reduced and does not
 * reach beyond `last`; −1 for none. */
static int
level_at (DynoPyramid *self,
          gsize        at,
          gsize        last)
{
  gsize size = DYNO_PYRAMID_BASE;
  int found = -1;

  for (int i = 0; i < N_LEVELS; i++, size *= DYNO_PYRAMID_FACTOR)
    {
      if (at % size != 0 || at + size > last || at / size >= self->levels[i].n)
        break;
      found = i;
    }

  return found;
}

void
dyno_pyramid_range (DynoPyramid  *self,
                    const double *values,
                    gsize         first,
                    gsize         last,
                    double       *min,
                    double       *max)
{
  Extent extent = { INFINITY, -INFINITY };

  for (gsize i = first; i < last;)
    {
      int level = level_at (self, i, last);

      if (level >= 0)
        {
          gsize size = (gsize) DYNO_PYRAMID_BASE << (2 * level);

          join (&extent, &self->levels[level].blocks[i / size]);
          i += size;
        }
      else
        {
          gsize end = MIN (last, (i / DYNO_PYRAMID_BASE + 1) * DYNO_PYRAMID_BASE);

          scan (values + i, end - i, &extent);
          i = end;
        }
    }
  *min = extent.min;
  *max = extent.max;
}
