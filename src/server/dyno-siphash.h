/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash for tables whose keys a
 * stranger chooses. Neither GLib nor GnuTLS offers it. Pure, any thread. */

typedef struct
{
  guint64 k0, k1; /* the 16 bytes of the key, little-endian */
} DynoSipKey;

guint64 dyno_siphash (const DynoSipKey *key,
                      gconstpointer     data,
                      gsize             size);

G_END_DECLS
