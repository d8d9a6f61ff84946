/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-watch.h"

G_BEGIN_DECLS

/* What stands on the live page while there is no dyno, or one that says nothing yet:
 * what the likeliest cause is, what each interface has heard, and a way on (simulator,
 * doctor). */

#define DYNO_TYPE_NO_DYNO (dyno_no_dyno_get_type ())
G_DECLARE_FINAL_TYPE (DynoNoDyno, dyno_no_dyno, DYNO, NO_DYNO, AdwBin)

/* `now_us`: monotonic. */
void dyno_no_dyno_show (DynoNoDyno *self,
                        DynoWatch  *watch,
                        gint64      now_us);

G_END_DECLS
