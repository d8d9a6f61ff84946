/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-shop.h"

G_BEGIN_DECLS

/* Looks at the pictures of the capture and of recording ten times a second and
 * tells when one is new: what changes without anybody's doing is asked for, never
 * waited for. Main thread.
 *
 * Signal `changed`: one of the two is another. */

#define DYNO_TYPE_WATCH (dyno_watch_get_type ())
G_DECLARE_FINAL_TYPE (DynoWatch, dyno_watch, DYNO, WATCH, GObject)

DynoWatch              *dyno_watch_new         (DynoShop  *shop);

/* The newest, or NULL before the first; valid until the next `changed`. */
const DynoCaptureState *dyno_watch_get_capture (DynoWatch *self);
const DynoArmState     *dyno_watch_get_arm     (DynoWatch *self);
/* NO_DYNO before the first picture. */
DynoArmPhase            dyno_watch_get_phase   (DynoWatch *self);
/* The provider in use, or NULL. */
const DynoProviderState *
                        dyno_watch_get_provider (DynoWatch *self);
gboolean                dyno_watch_is_simulator (DynoWatch *self);

/* Looks now. */
void                    dyno_watch_look        (DynoWatch *self);

G_END_DECLS
