/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The story of a cell of a kept analysis (dyno_shape_story ()), as JSON: what is kept of
 * an analysis does not hold its samples, so that the runs are read and put through the
 * same mathematics once more. `cylinder` 0 is the front. NOT_FOUND for the analysis or a
 * run of it; INVALID "out_of_grid"; CORRUPT for a record that cannot be read. */

typedef struct _DynoShop DynoShop;

void    dyno_analyse_story_async  (DynoShop            *shop,
                                   const char          *analysis_id,
                                   guint                cylinder,
                                   double               rpm,
                                   double               map_kpa,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);
GBytes *dyno_analyse_story_finish (GAsyncResult        *result,
                                   GError             **error);

G_END_DECLS
