/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The log: g_debug (), g_info (), g_message () and g_warning () of every room,
 * as text for a person at a terminal or as a JSON line for a machine, always on
 * standard error. The room is the log domain. What looks like a secret (an API
 * key, a bearer token, a password member) is struck out before it leaves. */

typedef enum
{
  DYNO_LOG_TEXT,
  DYNO_LOG_JSON,
} DynoLogFormat;

/* Installs the writer; once, early in main (). Lines below `level` are dropped;
 * G_LOG_LEVEL_DEBUG lets all through. */
void  dyno_log_install (GLogLevelFlags level,
                        DynoLogFormat  format);

/* One line as the writer would print it, without the newline; for tests. */
char *dyno_log_format  (DynoLogFormat  format,
                        gint64         real_us,
                        GLogLevelFlags level,
                        const char    *domain,
                        const char    *message);

/* `text` with what looks like a secret replaced by "[secret]". */
char *dyno_log_redact  (const char    *text);

G_END_DECLS
