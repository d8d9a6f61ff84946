/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-scope.h"

G_BEGIN_DECLS

/* What a key may do and from where, as the store keeps it: JSON arrays of texts. Any
 * thread. */

#define DYNO_KEY_MOST_CIDRS 32

/* FALSE: it is no array of permissions. */
gboolean   dyno_key_terms_scopes     (const char         *json,
                                      DynoScopes         *scopes);
char      *dyno_key_terms_put_scopes (DynoScopes          scopes);

/* (element-type GInetAddressMask), or NULL: INVALID "cidr" names the one that is
 * none. */
GPtrArray *dyno_key_terms_masks      (const char         *json,
                                      GError            **error);
/* In their canonical form; NULL: as above. `cidrs` may be NULL: from anywhere. */
char      *dyno_key_terms_put_cidrs  (const char *const  *cidrs,
                                      GError            **error);

G_END_DECLS
