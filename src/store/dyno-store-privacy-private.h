/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-store-privacy.h"
#include "dyno-store-private.h"

G_BEGIN_DECLS

/* Within a verb. One row, in the order of DYNO_SQL_ERASURE_LIST. */
gpointer dyno_erasure_make      (DynoStatement      *row);
gboolean dyno_erasure_put_row   (DynoTurn           *turn,
                                 const DynoErasure  *erasure,
                                 GError            **error);

/* A user's account and credentials no longer serve; of a customer
 * nothing happens yet. */
gboolean dyno_erasure_stop      (DynoTurn           *turn,
                                 const DynoErasure  *erasure,
                                 GError            **error);
/* The account serves again. */
gboolean dyno_erasure_undo_stop (DynoTurn           *turn,
                                 const DynoErasure  *erasure,
                                 GError            **error);
/* Everything personal goes. */
gboolean dyno_erasure_purge     (DynoTurn           *turn,
                                 const DynoErasure  *erasure,
                                 GError            **error);

G_END_DECLS
