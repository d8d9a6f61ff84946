/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whose word about the client's address is taken: TRUST_PROXY (service.md 4.3). The
 * address that comes out is the one for rights, limits, logs and key networks. */

typedef struct _DynoForwarded DynoForwarded;

typedef enum
{
  DYNO_FORWARDED_NONE,    /* the peer itself: nothing was said, or it is not a proxy's word */
  DYNO_FORWARDED_IGNORED, /* the peer itself, who is not trusted: to be counted */
  DYNO_FORWARDED_TAKEN,
} DynoForwardedSource;

/* "false" trusts nobody, "true" proxies on this machine, else a list of networks. The
 * other words for a boolean (yes, no, on, off, 1, 0) will do. DYNO_ERROR_INVALID names
 * what is wrong. */
DynoForwarded *dyno_forwarded_new       (const char           *trust_proxy,
                                         GError              **error);
void           dyno_forwarded_free      (DynoForwarded        *self);

/* `lines` are the values of all X-Forwarded-For headers in their order, joined by
 * commas; NULL where there is none. They are walked from the right past trusted
 * addresses; the first that is not trusted, or else the leftmost, is the client. What
 * stands to the left of it is the client's own saying and not looked at.
 *
 * NULL with DYNO_ERROR_INVALID (400) where the walk meets something that is no address,
 * or more than 32 of them. An address may carry a port. (transfer full) */
GInetAddress  *dyno_forwarded_resolve   (const DynoForwarded  *self,
                                         GInetAddress         *peer,
                                         const char           *lines,
                                         DynoForwardedSource  *source,
                                         GError              **error);

gboolean       dyno_forwarded_is_trusted (const DynoForwarded *self,
                                          GInetAddress        *peer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoForwarded, dyno_forwarded_free)

G_END_DECLS
