/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-run.h"

G_BEGIN_DECLS

/* A slow channel between its readings (analysis.md 3.3): the last one at or before
 * a row counts while it is not older than 2 s. */

#define DYNO_HELD_S 2.0

typedef struct
{
  const DynoVeChannel *channel; /* (borrowed) with values */
  gsize                row;     /* G_MAXSIZE: none yet */
  double               value;
} DynoHeld;

static inline DynoHeld
dyno_held_begin (const DynoVeChannel *channel)
{
  DynoHeld held = { channel, G_MAXSIZE, NAN };

  return held;
}

/* Goes on to `row`, one after the other; FALSE: blind there. */
static inline gboolean
dyno_held_follow (DynoHeld        *self,
                  const DynoVeRun *run,
                  gsize            row)
{
  double value = dyno_ve_raw (self->channel, row);

  if (!isnan (value))
    {
      self->row = row;
      self->value = value;
    }
  if (self->row == row)
    return TRUE;

  return run->has_time && self->row != G_MAXSIZE
         && run->time_s[row] - run->time_s[self->row] <= DYNO_HELD_S;
}

G_END_DECLS
