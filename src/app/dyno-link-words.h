/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-live.h"
#include "dyno-palette.h"

G_BEGIN_DECLS

/* How the link is, for somebody who does not know what a datagram is. */

/* Loss over 10 s from which it is worth a look, and from which a run suffers, %. */
#define DYNO_LINK_LOSS_WARNS 1.0
#define DYNO_LINK_LOSS_FAILS 5.0

DynoStatus dyno_link_words_loss    (double                  loss_percent);
/* One or two sentences: what is, and what to do. (transfer full) */
char      *dyno_link_words_summary (const DynoCaptureState *state,
                                    DynoStatus             *status);

G_END_DECLS
