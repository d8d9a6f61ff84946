/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-db.h"

G_BEGIN_DECLS

/* At opening: nothing can be running yet. */
gboolean dyno_job_rows_interrupt (DynoDb  *db,
                                  gint64   now_ms,
                                  GError **error);

G_END_DECLS
