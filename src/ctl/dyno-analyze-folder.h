/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"

G_BEGIN_DECLS

/* `analyze DIR`: each file of the folder for itself, several at once; hidden files
 * and folders in it are left alone. A line a file as they come, by name, and at last a
 * line for all; with --json one document. What cannot be read is told and does not keep
 * the others out: *status is then that of the first, by name.
 *
 * `out` (nullable) is a folder that gets one of the file's name for each; what is there
 * already and still right is not computed again. `n_jobs` 0: as many at once as there
 * are processors. FALSE for a folder that cannot be read, and for options that cannot
 * be. */
gboolean dyno_analyze_folder (DynoCtl     *ctl,
                              const char  *path,
                              const char  *out,
                              guint        n_jobs,
                              int         *status,
                              GError     **error);

G_END_DECLS
