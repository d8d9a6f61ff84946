/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-store-samples.h"

G_BEGIN_DECLS

/* (element-type DynoRunChannel) (transfer none) */
GPtrArray *dyno_second_channels (const DynoSecond *self);

/* The earliest and the latest stamp of a second that has samples. */
void       dyno_second_get_span (const DynoSecond *self,
                                 gint64           *first_us,
                                 gint64           *last_us);

G_END_DECLS
