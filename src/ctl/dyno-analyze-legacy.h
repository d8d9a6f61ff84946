/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"
#include "dyno-ctl.h"

G_BEGIN_DECLS

/* `analyze FILE --math legacy-cli-1.2`: the files of the old program, and words that
 * say that they are not for use. `request` is taken over; `out` (nullable) is the
 * folder of the files. The only argument must be a file. */
gboolean dyno_analyze_legacy (DynoCtl             *ctl,
                              DynoAnalyseRequest  *request,
                              const char          *out,
                              GError             **error);

G_END_DECLS
