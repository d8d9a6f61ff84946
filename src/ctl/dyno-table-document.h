/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"

G_BEGIN_DECLS

/* Tables as another process told them, for people: the same columns as dyno-tune-text.h.
 * All texts (transfer full), with an end of line; arrays of DynoJson. */

char *dyno_table_document_list    (GPtrArray      *tables);
char *dyno_table_document_history (GPtrArray      *changes);
char *dyno_table_document_cells   (const DynoJson *table);
char *dyno_table_document_diff    (const DynoJson *diff);

G_END_DECLS
