/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-table.h"

G_BEGIN_DECLS

/* Tables as JSON, as the API gives them out (dyno-shape-tune.h): one
 *
 *   {"name":"VE front","kind":"ve-map","cylinder":"front",
 *    "axes":{"rpm":[1500,2000],"map_kpa":[35,50]},"cells":[[80.5,null],[84,86]]}
 *
 * or several in {"tables":[…]}. A row an engine speed; null is a blank cell. Other
 * members are passed over. Each becomes a CSV table: JSON has no bytes of a cell that
 * could be kept. Any thread. */

/* Whether bytes are meant as such. */
gboolean   dyno_tune_json_is    (GBytes   *bytes);

/* (element-type DynoTable); INVALID "BAD_TABLE" names the table and what is wrong.
 * (transfer full) */
GPtrArray *dyno_tune_json_parse (GBytes   *bytes,
                                 GError  **error);

G_END_DECLS
