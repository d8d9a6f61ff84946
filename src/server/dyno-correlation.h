/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The id by which one request is found again in the reply, the log, the audit and
 * the traces. Any thread. */

/* 1 to 64 of A–Z a–z 0–9 . _ - */
gboolean  dyno_correlation_is_valid (const char *text);

/* `offered` (nullable) where it is valid, else a new UUIDv7. (transfer full) */
char     *dyno_correlation_take     (const char *offered);

G_END_DECLS
