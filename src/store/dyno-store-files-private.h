/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-store-files.h"

G_BEGIN_DECLS

/* `files` (nullable) has DynoRunFile elements; journals go to the chain too. */
gboolean dyno_file_rows_add (DynoTurn   *turn,
                             gint64      number,
                             const char *run_id,
                             GPtrArray  *files,
                             GError    **error);

G_END_DECLS
