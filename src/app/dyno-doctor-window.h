/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-shop.h"

G_BEGIN_DECLS

/* What is wrong with this machine: network, keyring, disk, clock, each with the one
 * thing that mends it. Runs when it is opened and when asked again. */

#define DYNO_TYPE_DOCTOR_WINDOW (dyno_doctor_window_get_type ())
G_DECLARE_FINAL_TYPE (DynoDoctorWindow, dyno_doctor_window, DYNO, DOCTOR_WINDOW, AdwWindow)

GtkWidget *dyno_doctor_window_new  (DynoShop         *shop);
/* Shows checks (element-type DynoCheck) as if they had just been made. */
void       dyno_doctor_window_show (DynoDoctorWindow *self,
                                    GPtrArray        *checks);

G_END_DECLS
