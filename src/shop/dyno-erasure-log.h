/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-store-privacy.h"

G_BEGIN_DECLS

/* <data>/erasures.log: every erasure, a JSON object a line, outside the database, so
 * that one that is restored learns of it. It names ids and receipts, nobody. Blocking. */

/* What stands there; a line that is none is left out with a message, a file that is
 * not there is empty. (transfer full) (element-type DynoErasure) */
GPtrArray *dyno_erasure_log_read  (const char   *data_dir,
                                   GError      **error);

/* Brings it up to date with the rows of the database (element-type DynoErasure): what
 * these do not know stays. UNAVAILABLE "disk_full" or "io". */
gboolean   dyno_erasure_log_merge (const char   *data_dir,
                                   GPtrArray    *erasures,
                                   GError      **error);

G_END_DECLS
