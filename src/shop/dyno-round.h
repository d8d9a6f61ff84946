/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-operation.h"

G_BEGIN_DECLS

/* An operation of the shop that is done now and again, every so many seconds, never
 * two of it at once. The timer runs on a context that somebody must run; the operation
 * itself, as all, on a thread of the pool, with the data of the round. */

typedef struct _DynoRound DynoRound;

/* `data` is taken over; it is freed when the last operation with it has ended. */
DynoRound *dyno_round_begin (DynoShop            *shop,
                             GMainContext        *context,
                             const DynoOperation *operation,
                             guint                every_ms,
                             gpointer             data,
                             GDestroyNotify       free_data);
/* Any thread. What runs is cancelled; NULL is nothing. */
void       dyno_round_end   (DynoRound           *self);

G_END_DECLS
