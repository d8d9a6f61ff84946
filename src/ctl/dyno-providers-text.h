/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-capture-state.h"

G_BEGIN_DECLS

/* The wire as a person reads it: each provider with its channels, the sums below.
 * The last column of a line is cut to `width` (0: never). (transfer full) */
char *dyno_providers_text (const DynoCaptureState *state,
                           gboolean                with_values,
                           guint                   width);

G_END_DECLS
