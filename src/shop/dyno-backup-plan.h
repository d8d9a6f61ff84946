/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When the next backup is made, and which old ones may go. Pure: same input, same
 * answer. Days, weeks and months are those of `zone`; a week begins on Monday. */

typedef struct
{
  guint daily;
  guint weekly;
  guint monthly;
} DynoBackupKeep;

typedef struct
{
  gint64   created_ms; /* UTC */
  gboolean is_good;    /* it was verified, and nothing was wrong the last time */
} DynoBackupAge;

/* Whether each of `n` backups, newest first, is kept: the newest good one of each of
 * the last `daily` days that have one, and so for weeks and months; the newest good
 * one in any case. One that is not good is kept only where none is. (transfer full) of
 * n gboolean */
gboolean *dyno_backup_plan_keep   (const DynoBackupAge  *backups,
                                   guint                 n,
                                   const DynoBackupKeep *keep,
                                   GTimeZone            *zone);

/* Has `hour` (0–23) passed since the last one (0: there is none)? One that was missed,
 * because the program did not run, is due at once. `hour` −1: never. */
gboolean  dyno_backup_plan_is_due (gint64                now_ms,
                                   gint64                last_ms,
                                   int                   hour,
                                   GTimeZone            *zone);

G_END_DECLS
