/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"

G_BEGIN_DECLS

/* Beyond it a double skips whole numbers: 2^53. */
#define DYNO_JSON_MAX_INTEGER 9007199254740992.0

/* Is this JSON as dyno-json.h means it? DYNO_ERROR_INVALID "json" names line and
 * column where it is not. */
gboolean dyno_json_scan (const char            *text,
                         gsize                  size,
                         const DynoJsonLimits  *limits,
                         GError               **error);

G_END_DECLS
