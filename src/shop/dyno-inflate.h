/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* zlib streams (RFC 1950) in memory, as a PDF holds them. Pure, any thread. */

/* Same bytes in, same bytes out. (transfer full) */
GBytes *dyno_deflate (GBytes  *bytes);

/* CORRUPT "archive_corrupt" for what is no such stream, TOO_LARGE beyond `max_size`:
 * no more than that is ever unpacked. (transfer full) */
GBytes *dyno_inflate (GBytes  *bytes,
                      gsize    max_size,
                      GError **error);

G_END_DECLS
