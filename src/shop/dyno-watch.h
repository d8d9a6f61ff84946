/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The watch folder (setting import.watch_dir): each log in it becomes a run of source
 * "watch", once. A file is awaited until its length and time have stood still between
 * two looks, two seconds apart; hidden ones and folders are left alone. What is in the
 * book already is passed over; what cannot be imported is told once, as a notice
 * (watch.failed.<name>), and again only when the file has changed. */

typedef struct _DynoShop DynoShop;

/* From now to the closing; the timer runs on `context` (NULL: the default one). Follows
 * the setting. Once for a shop. */
void dyno_watch_begin (DynoShop     *shop,
                       GMainContext *context);
void dyno_watch_end   (DynoShop     *shop);

G_END_DECLS
