/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which part of a run is the pull (analysis.md 2.2). */

typedef enum
{
  DYNO_TRIM_OK,
  DYNO_TRIM_NO_LOAD,   /* never at full throttle, never accelerating */
  DYNO_TRIM_NO_RISE,   /* loaded, but engine speed does not rise */
  DYNO_TRIM_TOO_SHORT, /* under 20 samples or 500 rpm (25 km/h) */
} DynoTrimReason;

/* The channels of the run at instants where all that count are known. */
typedef struct
{
  gsize         n;
  const double *time_s;   /* (nullable): a log without time */
  const double *x;        /* engine speed, or drum speed without one */
  const double *tps;      /* (nullable) % */
  const double *progress; /* (nullable) drum speed: its rate is the acceleration; else x's */
  double        gap_s;
  gboolean      is_over_speed;
} DynoTrimInput;

typedef struct
{
  DynoTrimReason reason;
  gsize          first; /* of the stretch, as instants of the input; 0, 0 without one */
  gsize          last;
  GArray        *kept;  /* (owned) of gsize, ascending; empty unless OK */
} DynoTrim;

/* "", "no-load", "no-rise", "too-short". */
const char *dyno_trim_reason_name (DynoTrimReason       reason);

/* Finds the stretch and thins it to ascending x. */
void        dyno_trim_find        (const DynoTrimInput *input,
                                   DynoTrim            *trim);
/* The same with both ends set by hand (inclusive, first ≤ last < n). */
void        dyno_trim_between     (const DynoTrimInput *input,
                                   gsize                first,
                                   gsize                last,
                                   DynoTrim            *trim);
void        dyno_trim_clear       (DynoTrim            *trim);

G_END_DECLS
