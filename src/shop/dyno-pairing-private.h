/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-pairing.h"

G_BEGIN_DECLS

/* The code and the requests of pairing, among the owners of a shop. */

typedef struct _DynoPairings DynoPairings;

DynoPairings *dyno_pairings_new   (void);
/* Whoever waits is told that the program is being closed. Any thread. */
void          dyno_pairings_close (DynoPairings *self);
void          dyno_pairings_free  (DynoPairings *self);

G_END_DECLS
