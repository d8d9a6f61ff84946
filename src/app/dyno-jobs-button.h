/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-shop.h"

G_BEGIN_DECLS

/* How many jobs run; behind it each with its bar and Cancel. What ends while the popover
 * is open stays in it to be read. Hidden while none runs. */

#define DYNO_TYPE_JOBS_BUTTON (dyno_jobs_button_get_type ())
G_DECLARE_FINAL_TYPE (DynoJobsButton, dyno_jobs_button, DYNO, JOBS_BUTTON, AdwBin)

/* NULL: no shop. */
void  dyno_jobs_button_set_shop   (DynoJobsButton *self,
                                   DynoShop       *shop);
guint dyno_jobs_button_get_n_rows (DynoJobsButton *self);

G_END_DECLS
