/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-route.h"

G_BEGIN_DECLS

/* A JSON body: parsed strictly, its texts brought to NFC, held against the row. Any
 * thread.
 *
 * INVALID, reason BAD_REQUEST, for what is no JSON; wrong fields are added to `flaws`.
 * (transfer full) NULL on error. */
DynoJson *dyno_body_parse (const DynoRoute  *route,
                           GBytes           *bytes,
                           DynoFlaws        *flaws,
                           GError          **error);

G_END_DECLS
