/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Jetstream (service.md 6): while jetstream.enabled is on, every jetstream.poll_s the
 * runs of the last 30 days are asked for. Each that is not processed is fetched, imported
 * with source "jetstream" and reported as processed. What failed is tried at the next
 * poll; content that is in the book already is not imported again, only reported.
 * Everything goes through the breaker "jetstream". */

typedef struct _DynoShop DynoShop;

/* From now to the closing; the timer runs on `context` (NULL: the default one). `key`
 * (nullable) is the service's; it is kept in memory alone. Once for a shop. */
void dyno_cloud_begin (DynoShop     *shop,
                       GMainContext *context,
                       const char   *key);
void dyno_cloud_end   (DynoShop     *shop);

G_END_DECLS
