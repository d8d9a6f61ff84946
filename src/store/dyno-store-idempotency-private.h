/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-store-idempotency.h"

G_BEGIN_DECLS

/* CONFLICT "replayed" where one is kept already that is not too old. */
gboolean dyno_reply_rows_add (DynoTurn               *turn,
                              const DynoReplyRecord  *record,
                              GError                **error);

G_END_DECLS
