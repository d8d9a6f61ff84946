/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-run-item.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* Are runs still what was recorded? One after the other, and one answer for all. */

typedef struct
{
  gboolean  is_ok;
  char     *sentence; /* "Run 14 is what was recorded." */
  char     *run_id;   /* (nullable) of the only one, or of the first that is not */
} DynoVerifySummary;

/* `func` is called once, with a summary that is valid for the call; not at all when
 * it is cancelled, but for `user_data` being freed with g_object_unref (). */
void dyno_runs_verify (DynoShop     *shop,
                       GPtrArray    *items,
                       GCancellable *cancellable,
                       void        (*func) (DynoVerifySummary *summary,
                                            gpointer           user_data),
                       gpointer      user_data);

G_END_DECLS
