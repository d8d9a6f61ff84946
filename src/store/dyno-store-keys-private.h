/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-statement.h"
#include "dyno-store-keys.h"

G_BEGIN_DECLS

/* Of a row with the catalogue's columns of a key. */
gpointer dyno_key_rows_make (DynoStatement *row);

G_END_DECLS
