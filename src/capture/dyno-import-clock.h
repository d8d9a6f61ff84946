/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Stamps that are no plain numbers (formats.md A.5):
 *
 *   H:MM:SS                     with ".", "," or ":" and a fraction, if any
 *   YYYY-MM-DD(T| )H:MM:SS      with "Z", "+HH:MM" or "+HHMM", if any
 *
 * Fractions beyond nanoseconds are cut. */

typedef struct
{
  gboolean has_date;
  gint64   day;        /* days since 1970-01-01 */
  double   seconds;    /* since midnight of that day; a time of day may pass 24 h */
  gboolean has_offset;
  gint64   offset_s;   /* local time − UTC */
} DynoImportClock;

gboolean dyno_import_clock_parse (const char      *text,
                                  gsize            length,
                                  DynoImportClock *clock);

/* The time of day that begins at `text`: the byte behind it, or NULL. The text must
 * end in a byte that is none of a time; `delimiter` is none, whatever it is. */
const char *dyno_import_clock_read_time (const char *text,
                                         char        delimiter,
                                         double     *seconds);

/* Seconds since midnight UTC (or local time, without an offset) of `day`. */
double   dyno_import_clock_since (const DynoImportClock *clock,
                                  gint64                 day);

/* The YYYY-MM-DD at *text, in days since 1970-01-01; *text is moved behind it. */
gboolean dyno_import_clock_read_date (const char **text,
                                      gint64      *days);

G_END_DECLS
