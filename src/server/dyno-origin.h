/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-connection.h"

G_BEGIN_DECLS

/* Whose pages may ask, and under which names this service answers: the defence against
 * DNS rebinding and pages of other sites. Thread dyno-server but for `_new`. */

typedef struct _DynoOrigin DynoOrigin;

typedef struct
{
  const char *const *allowed_hosts; /* (nullable) "name" or "name:port" */
  const char *const *cors_origins;  /* (nullable) "https://board.example" */
} DynoOriginOptions;

typedef enum
{
  DYNO_ORIGIN_ABSENT,  /* no page asks */
  DYNO_ORIGIN_OURS,    /* a page of this service */
  DYNO_ORIGIN_LISTED,  /* a page that the settings name */
  DYNO_ORIGIN_FOREIGN, /* any other, "null" too */
} DynoOriginVerdict;

/* INVALID "config" for "*" and for what is not scheme://host[:port]. */
DynoOrigin        *dyno_origin_new     (const DynoOriginOptions  *options,
                                        GError                  **error);
void               dyno_origin_free    (DynoOrigin               *self);

/* Reads the addresses and the name of this machine anew: after a change of network. */
void               dyno_origin_refresh (DynoOrigin               *self);

/* Whether the header Host names this service as that connection reaches it. */
gboolean           dyno_origin_knows   (DynoOrigin               *self,
                                        const char               *host,
                                        DynoListenerKind          listener,
                                        guint16                   port,
                                        gboolean                  is_tls);

/* `origin` (nullable) is the header, `host` one that is known. */
DynoOriginVerdict  dyno_origin_judge   (DynoOrigin               *self,
                                        const char               *origin,
                                        const char               *host,
                                        gboolean                  is_tls);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoOrigin, dyno_origin_free)

G_END_DECLS
