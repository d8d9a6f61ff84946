/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-statement.h"
#include "dyno-store-samples.h"

G_BEGIN_DECLS

/* From blobs back to samples: dyno-load-captured.c, dyno-load-imported.c. */

/* The rows of an imported run. */
typedef struct
{
  gsize    n_rows;
  gsize    chunk_rows;
  gboolean has_time;
} DynoLoadGrid;

gboolean       dyno_load_has_window   (const DynoLoad       *load);
gboolean       dyno_load_is_wanted    (const DynoLoad       *load,
                                       const DynoRunChannel *channel);

/* A row a block of the seconds first…last: second, channel, data. */
DynoStatement *dyno_load_begin_blocks (DynoTurn             *turn,
                                       gint64                number,
                                       gint64                first,
                                       gint64                last);

/* `channels` (element-type DynoRunChannel) are those of the run. */
DynoSamples   *dyno_load_captured     (DynoTurn             *turn,
                                       const char           *run_id,
                                       gint64                number,
                                       const DynoLoad       *load,
                                       GPtrArray            *channels,
                                       GError              **error);
DynoSamples   *dyno_load_imported     (DynoTurn             *turn,
                                       gint64                number,
                                       const DynoLoadGrid   *grid,
                                       const DynoLoad       *load,
                                       GPtrArray            *channels,
                                       GError              **error);

G_END_DECLS
