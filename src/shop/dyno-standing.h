/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What goes on by itself while a program has the shop open for long: the log in a file,
 * the look at its own health, alerts, the watch folder, Jetstream, traces, backups and
 * what else is due by the day. For the window and dynoctl serve; a verb that ends soon has
 * none of it. */

typedef struct _DynoShop DynoShop;

/* From now to dyno_standing_end (); on the caller's thread-default context, which somebody
 * must run. What cannot begin is told in the log and left out. Once for a shop. `is_alone`:
 * nothing on standard error beside the file. */
void dyno_standing_begin (DynoShop *shop,
                          gboolean  is_alone);
/* On the same thread, before the shop is closed. */
void dyno_standing_end   (DynoShop *shop);

G_END_DECLS
