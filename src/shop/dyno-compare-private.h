/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-compare.h"

G_BEGIN_DECLS

/* The mathematics of a comparison whose series have their powers and whose x is
 * chosen: curves, window, groups, figures. `baseline` as in DynoCompareRequest.
 * INVALID as dyno_compare_async () says. Pure. */
gboolean dyno_compare_compute (DynoCompare  *self,
                               gint          baseline,
                               GError      **error);

G_END_DECLS
