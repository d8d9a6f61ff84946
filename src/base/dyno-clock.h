/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The two clocks of the machine, behind a seam so that tests can hold them
 * still. Monotonic time measures; real time (UTC) dates. Any thread. */

typedef struct _DynoClock DynoClock;

/* The machine's clock. Never freed. */
DynoClock *dyno_clock_get_system   (void);

/* A clock that moves only by dyno_clock_advance (). */
DynoClock *dyno_clock_new_fake     (gint64     monotonic_us,
                                    gint64     real_us);
void       dyno_clock_advance      (DynoClock *self,
                                    gint64     us);
void       dyno_clock_free         (DynoClock *self);

gint64     dyno_clock_monotonic_us (DynoClock *self);
gint64     dyno_clock_real_us      (DynoClock *self); /* µs since 1970, UTC */

/* RFC 3339 in UTC with milliseconds, "2026-03-14T09:26:53.000Z". */
char      *dyno_clock_format_utc   (gint64     real_us);

/* Back from RFC 3339 with any offset; FALSE where the text is no such date. */
gboolean   dyno_clock_parse_utc    (const char *text,
                                    gint64     *real_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoClock, dyno_clock_free)

G_END_DECLS
