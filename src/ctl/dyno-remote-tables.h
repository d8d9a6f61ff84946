/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-remote.h"

G_BEGIN_DECLS

/* Tunes of the process that holds the data folder, as documents of the API. All
 * (transfer full). What may be NULL or 0 is not said. */

/* (element-type DynoJson) */
GPtrArray *dyno_remote_tables_list    (DynoCtl      *ctl,
                                       const char   *vehicle,
                                       const char   *kind,
                                       const char   *cylinder,
                                       GError      **error);
/* A file that is kept there from now on; its tables. A new label makes a vehicle.
 * (element-type DynoJson) */
GPtrArray *dyno_remote_tables_import  (DynoCtl      *ctl,
                                       const char   *path,
                                       const char   *vehicle,
                                       const char   *kind,
                                       const char   *cylinder,
                                       GError      **error);
DynoJson  *dyno_remote_tables_get     (DynoCtl      *ctl,
                                       const char   *table,
                                       int           version,
                                       GError      **error);
/* (element-type DynoJson) */
GPtrArray *dyno_remote_tables_history (DynoCtl      *ctl,
                                       const char   *table,
                                       GError      **error);
/* `from` 0: the version before; `to` 0: the present one. */
DynoJson  *dyno_remote_tables_diff    (DynoCtl      *ctl,
                                       const char   *table,
                                       int           from,
                                       int           to,
                                       GError      **error);
GBytes    *dyno_remote_tables_export  (DynoCtl      *ctl,
                                       const char   *table,
                                       const char   *format,
                                       int           version,
                                       GError      **error);

G_END_DECLS
