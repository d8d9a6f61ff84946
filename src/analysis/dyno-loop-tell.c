/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-loop.h"

#include <math.h>

/* How a virtual tuning ended, in words; part of dyno-loop.h. */

#define CELLS_NAMED 3
#define EDGE_SHARE 0.001 /* of the ECU's own limits of VE */

static const DynoLoopIteration *
last_iteration (const DynoLoop *self)
{
  return &g_array_index (self->iterations, DynoLoopIteration, self->iterations->len - 1);
}

/* The cell that is furthest from its target, of those not named yet; −1 when all
 * others are near enough. */
static gint
next_worst (const DynoLoop *self,
            double          below)
{
  gint worst = -1;
  double largest = DYNO_LOOP_ERROR_AFR;

  for (guint i = 0; i < dyno_grid_shape_cells (&self->ve->shape); i++)
    {
      double error = fabs (self->afr_error->values[i]);

      if (error >= largest && error < below)
        {
          worst = (gint) i;
          largest = error;
        }
    }

  return worst;
}

static const char *
why (const DynoLoop *self,
     gint            cell)
{
  double ve = self->ve->values[cell];
  double moved = fabs (ve / self->start_ve->values[cell] - 1);

  if (ve <= 0.3 * (1 + EDGE_SHARE) || ve >= 1.5 * (1 - EDGE_SHARE))
    return "its VE is at the end of what the table can hold";
  if (moved > 0.6)
    return "it has moved by more than 60 %";

  return "its correction is not done";
}

static void
append_cells (GString        *text,
              const DynoLoop *self)
{
  const DynoGridShape *shape = &self->ve->shape;
  double below = INFINITY;

  for (guint n = 0; n < CELLS_NAMED; n++)
    {
      gint cell = next_worst (self, below);
      char error[G_ASCII_DTOSTR_BUF_SIZE];

      if (cell < 0)
        return;
      below = fabs (self->afr_error->values[cell]);
      g_ascii_formatd (error, sizeof error, "%+.2f", self->afr_error->values[cell]);
      g_string_append_printf (text, "%s %g rpm and %g kPa keep %s AFR (%s)", n == 0 ? ":" : ";",
                              shape->rpm.at[(guint) cell / shape->load.n],
                              shape->load.at[(guint) cell % shape->load.n], error,
                              why (self, cell));
    }
}

static void
append_end (GString        *text,
            const DynoLoop *self)
{
  guint n = self->iterations->len;
  char error[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (error, sizeof error, "%.2f", last_iteration (self)->max_afr_error);
  switch (self->outcome)
    {
    case DYNO_LOOP_CONVERGED:
      g_string_append_printf (text, "Converged in %u %s: no cell is further than %s AFR from its "
                                    "target", n, n == 1 ? "iteration" : "iterations", error);
      break;
    case DYNO_LOOP_OUT_OF_ITERATIONS:
      g_string_append_printf (text, "Not converged in %u %s", n,
                              n == 1 ? "iteration" : "iterations");
      break;
    case DYNO_LOOP_DIVERGING:
      g_string_append_printf (text, "Ended after %u iterations, since the largest error rose twice "
                                    "running, to %s AFR", n, error);
      break;
    case DYNO_LOOP_LIMIT:
      g_string_append_printf (text, "Ended after %u iterations, since a cell would move by more "
                                    "than 60 %% in all", n);
      break;
    case DYNO_LOOP_STOPPED:
    default:
      g_string_append_printf (text, "Stopped after %u %s", n,
                              n == 1 ? "iteration" : "iterations");
      break;
    }
}

char *
dyno_loop_tell (const DynoLoop *self)
{
  GString *text;

  if (self->iterations->len == 0)
    return g_strdup ("Stopped before the first iteration.");

  text = g_string_new (NULL);
  append_end (text, self);
  append_cells (text, self);
  g_string_append_c (text, '.');

  return g_string_free (text, FALSE);
}
