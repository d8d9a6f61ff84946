/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-demo.h"

G_BEGIN_DECLS

/* The owner of the simulator. Any thread. */
typedef struct _DynoDemo DynoDemo;

DynoDemo *dyno_demo_new  (void);
/* Stops it first; waits for it. */
void      dyno_demo_free (DynoDemo *self);
void      dyno_demo_halt (DynoDemo *self);

/* The setting capture.simulator: when no dyno is heard within capture.timeout_s,
 * the simulator takes its place. Returns at once. */
void      dyno_demo_stand_in (DynoShop *shop);

G_END_DECLS
