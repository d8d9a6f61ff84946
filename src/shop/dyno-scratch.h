/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A folder inside the data folder (so that a rename can put what is in it in its place)
 * that goes with all it holds. */

typedef char DynoScratch;

/* Its path. UNAVAILABLE "disk_full" or "io". (transfer full) */
DynoScratch *dyno_scratch_new   (const char   *data_dir,
                                 GError      **error);
/* Removes it; one that was renamed meanwhile is no matter. */
void         dyno_scratch_free  (DynoScratch  *self);
/* Those that a program which was killed has left. Nobody else may have one. */
void         dyno_scratch_sweep (const char   *data_dir);

/* Refuses, UNAVAILABLE "disk_full", where fewer bytes are free for `folder`. */
gboolean     dyno_scratch_has_room (const char   *folder,
                                    guint64       bytes,
                                    GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoScratch, dyno_scratch_free)

G_END_DECLS
