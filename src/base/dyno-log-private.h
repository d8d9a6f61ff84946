/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-log.h"

G_BEGIN_DECLS

#define DYNO_LOG_NAME "dynoai.log"
#define DYNO_LOG_ASIDE "dynoai-"     /* before the time of one that was put aside */

/* "DEBUG", "INFO", "WARNING", "ERROR", and back; 0 for another word. */
const char    *dyno_log_level_name (GLogLevelFlags level);
GLogLevelFlags dyno_log_level_find (const char    *name);
/* A smaller flag is a graver level. */
static inline gboolean
dyno_log_is_graver (GLogLevelFlags level,
                    GLogLevelFlags than)
{
  return (level & G_LOG_LEVEL_MASK) <= than;
}

/* dyno-log-file.c: the time of a line for the file, µs; −1: it is not wanted there. */
gint64         dyno_log_file_time  (GLogLevelFlags level);
/* Takes the line over; drops and counts it where too many wait. */
void           dyno_log_file_push  (char          *line);
gboolean       dyno_log_file_is_alone (void);

/* dyno-log-rotate.c: packs what was put aside and lets the oldest go. */
void           dyno_log_pack       (const char    *folder,
                                    guint          keep);
/* Names of the packed files, the oldest first. (transfer full) */
GPtrArray     *dyno_log_list       (const char    *folder,
                                    const char    *suffix);

G_END_DECLS
