/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Tells the service manager how the program is, as sd_notify(3) does: "READY=1",
 * "STOPPING=1", "WATCHDOG=1". Nothing happens where no manager asks for it by
 * NOTIFY_SOCKET. Never blocks; any thread. */
void dyno_notify (const char *state);

G_END_DECLS
