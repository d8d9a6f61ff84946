/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-statement.h"
#include "dyno-store-keys.h"

G_BEGIN_DECLS

/* Of a row with the catalogue's columns of a key. */
gpointer       dyno_key_rows_make          (DynoStatement        *row);

/* A key by its id, as it stands; NOT_FOUND. */
gpointer       dyno_key_rows_get           (DynoTurn             *turn,
                                            gconstpointer         id,
                                            GError              **error);
/* The same for one that can still be changed. */
DynoKeyRecord *dyno_key_rows_get_unrevoked (DynoTurn             *turn,
                                            const char           *id,
                                            GError              **error);
/* A new key (DynoKeyRecord), and as it stands then. */
gpointer       dyno_key_rows_add           (DynoTurn             *turn,
                                            gconstpointer         key,
                                            GError              **error);
/* By one of the statements that take a whole key. */
gboolean       dyno_key_rows_put           (DynoTurn             *turn,
                                            DynoSql               sql,
                                            const DynoKeyRecord  *key,
                                            const char           *id,
                                            GError              **error);

G_END_DECLS
