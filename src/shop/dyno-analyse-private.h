/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"

G_BEGIN_DECLS

/* What the mathematics could not do, for people. `cause` is taken over. */
void dyno_analyse_set_error (GError            **error,
                             DynoAnalysisError  *cause);

G_END_DECLS
