/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-listener.h"

G_BEGIN_DECLS

/* All that a server listens on. Thread of the caller. */

typedef struct
{
  const char * const *addresses;       /* (nullable) literals */
  guint16             port;            /* of the loopback ones; 0: a free one */
  guint16             lan_port;        /* of the others; 0: a free one */
  gboolean            has_certificate; /* the others need it */
  const char         *admin_path;      /* (nullable) */
} DynoListening;

/* What the service manager handed over, else what is wished; all or nothing. The addresses
 * of a kind share one port. ::1 may be missing where 127.0.0.1 is not. Of DynoListener.
 * Errors as in dyno-listener.h; INVALID for an address beyond this machine without
 * certificate. (transfer full) */
GPtrArray *dyno_listening_open       (const DynoListening  *wishes,
                                      GError              **error);
/* 0: none of that kind. */
guint16    dyno_listening_get_port   (GPtrArray            *listeners,
                                      DynoListenerKind      kind);

/* libsoup closes after each reply while it has no listener: this is one that nobody can
 * find, unlinked at once. UNAVAILABLE. (transfer full) */
GSocket   *dyno_listening_new_keeper (const char           *folder,
                                      GError              **error);

G_END_DECLS
