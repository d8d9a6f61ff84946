/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-store-changes.h"

G_BEGIN_DECLS

/* A version of a table, with its bytes. */
gboolean dyno_change_rows_add_version (DynoTurn               *turn,
                                       const char             *table_id,
                                       int                     version,
                                       GBytes                 *bytes,
                                       const char             *content_sha256,
                                       GError                **error);

/* The row of a change under that id, from one version to the next. */
gboolean dyno_change_rows_add_row     (DynoTurn               *turn,
                                       const DynoChangeRecord *change,
                                       const char             *id,
                                       int                     version_before,
                                       GError                **error);

G_END_DECLS
