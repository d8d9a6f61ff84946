/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-alert.h"

G_BEGIN_DECLS

/* dyno-alert.c: every open alert whose name begins so. */
void             dyno_alert_clear_all  (DynoShop        *shop,
                                        const char      *prefix);
/* The watch of a shop, kept with its alerts: set and taken (transfer none). */
void             dyno_alerts_set_watch (DynoAlerts      *self,
                                        gpointer         watch);
gpointer         dyno_alerts_take_watch (DynoAlerts     *self);

/* The webhook of the settings, called one alert after the other in their order; up to
 * 100 wait. Everything in one thread-default context; ends when it is cancelled. */
typedef struct _DynoAlertHook DynoAlertHook;

DynoAlertHook   *dyno_alert_hook_new   (DynoShop        *shop,
                                        GCancellable    *cancellable);
void             dyno_alert_hook_unref (DynoAlertHook   *self);
void             dyno_alert_hook_push  (DynoAlertHook   *self,
                                        DynoAlert       *alert);

G_END_DECLS
