/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-window.h"

G_BEGIN_DECLS

/* Keys of the table in dyno-application.h that belong to pages ("live.arm",
 * "page.search"): GTK's accelerators reach only application and window, these go
 * through dyno_window_activate (). */

void dyno_page_keys_add (DynoWindow *window);

G_END_DECLS
