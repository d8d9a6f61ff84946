/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Shows the service to the LAN as `_dynoai._tcp`, through Avahi's D-Bus interface. Avahi
 * may come and go, and so may the bus; a name that somebody else has is exchanged for
 * another. Used on one thread, in whose default context it works. */

typedef struct _DynoMdns DynoMdns;

/* Copied. */
typedef struct
{
  const char *name; /* for people; at most 63 bytes */
  guint16     port;
  const char *pin;  /* of the certificate, base64url; its first 64 bits are shown */
} DynoMdnsService;

/* From now on. */
DynoMdns *dyno_mdns_new  (const DynoMdnsService *service);
/* Taken back. */
void      dyno_mdns_free (DynoMdns              *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMdns, dyno_mdns_free)

G_END_DECLS
