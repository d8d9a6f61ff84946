/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-config.h"
#include "dyno-ctl.h"

G_BEGIN_DECLS

/* The settings that are in force in the process that holds the data folder, printed as
 * dynoctl config prints its own. */

gboolean dyno_remote_settings_list (DynoCtl              *ctl,
                                    GError              **error);
gboolean dyno_remote_settings_get  (DynoCtl              *ctl,
                                    const DynoConfigRow  *row,
                                    GError              **error);
/* `text` NULL takes the window's value back. */
gboolean dyno_remote_settings_set  (DynoCtl              *ctl,
                                    const DynoConfigRow  *row,
                                    const char           *text,
                                    GError              **error);

G_END_DECLS
