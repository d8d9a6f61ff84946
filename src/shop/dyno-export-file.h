/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-dossier.h"

G_BEGIN_DECLS

/* Where an export goes (formats.md C.1). */

/* "<date>_<vehicle>_<run id><suffix>" of letters, digits and "._-"; `suffix` is
 * "_power.png". (transfer full) */
char    *dyno_export_file_name  (const DynoDossier *dossier,
                                 const char        *suffix);

/* Whole or not at all, and never over `source` (nullable), the file that it is made of:
 * INVALID "export_over_source"; UNAVAILABLE "export_not_written". Blocking. */
gboolean dyno_export_file_write (const char        *path,
                                 GBytes            *bytes,
                                 const char        *source,
                                 GError           **error);

G_END_DECLS
