/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The target of a request as the client sent it: the path split and decoded once, and
 * the query as it stands. Any thread. */

typedef struct
{
  char **segments; /* (owned) decoded, without '/': "/m/" is "m" and "" */
  guint  n_segments;
  char  *path;     /* (owned) as it was sent, without the query */
  char  *query;    /* (owned) (nullable) as it was sent, without '?' */
} DynoPath;

/* `target` is origin-form. INVALID, reason BAD_REQUEST: "//", "." and ".." raw or
 * encoded, %2f, %5c, %00, other control characters, a '%' without two digits, no UTF-8,
 * a bare backslash. */
DynoPath *dyno_path_new    (const char  *target,
                            GError     **error);
void      dyno_path_free   (DynoPath    *self);

/* Decodes %XX once; where `plus_is_blank` also '+'. NULL for what is no UTF-8, for a
 * NUL and for a bad '%'. (transfer full) */
char     *dyno_path_decode (const char  *text,
                            gsize        length,
                            gboolean     plus_is_blank);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPath, dyno_path_free)

G_END_DECLS
