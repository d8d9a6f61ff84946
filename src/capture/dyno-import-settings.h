/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-map.h"

G_BEGIN_DECLS

/* What a person said about columns: "MAP (kPa)=map", "IAT=F". Now, or at an earlier
 * import of a log with this header. */

/* FALSE with import_option for a setting that names no column, channel or unit. What
 * is only remembered may be wrong: it is then forgotten. */
gboolean dyno_import_settings_take (DynoImportMap  *map,
                                    GError        **error);

G_END_DECLS
