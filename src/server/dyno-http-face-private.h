/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-admission.h"
#include "dyno-auth.h"
#include "dyno-await.h"
#include "dyno-face.h"
#include "dyno-forwarded.h"
#include "dyno-idempotency.h"
#include "dyno-lag.h"
#include "dyno-limit.h"
#include "dyno-openapi.h"
#include "dyno-origin.h"
#include "dyno-pipeline.h"
#include "dyno-service.h"
#include "dyno-shop.h"
#include "dyno-token-keeper.h"

G_BEGIN_DECLS

/* The inside of the service. Built on a thread of the pool before the server's thread
 * begins, then that one's alone; taken apart when it has ended. */
typedef struct
{
  DynoShop         *shop;        /* (borrowed) */
  DynoClock        *clock;       /* (borrowed) */
  DynoFaceOptions   options;
  GPtrArray        *addresses;   /* (owned) of utf8, to listen on; ends with NULL */
  gboolean          is_lan;
  char             *folder;      /* (owned) where the admin socket is, and libsoup's own */
  char             *admin_path;  /* (owned) */
  char             *issuer;      /* (owned) of access tokens */
  char             *pin;         /* (owned) (nullable) of the certificate */
  GTlsCertificate  *certificate; /* (owned) (nullable) */

  DynoLimitRules    rules;
  DynoLimit        *limit;       /* (owned) */
  DynoAdmission    *admission;   /* (owned) */
  DynoForwarded    *forwarded;   /* (owned) */
  DynoAuth         *auth;        /* (owned) */
  DynoTokenKeeper  *keeper;      /* (owned) */
  DynoTokenRing    *ring;        /* (owned) (nullable) */
  DynoService       service;
  DynoPipeline     *pipeline;    /* (owned) */
  DynoServer       *server;      /* (owned) (nullable) */
  DynoLag          *lag;         /* (owned) (nullable) thread dyno-server */
  GSource          *tick;        /* (owned) (nullable) thread dyno-server */
  guint             n_ticks;
} DynoHttpFace;

/* What joins the pipeline; their data is the DynoHttpFace. */
extern const DynoPipelineHooks dyno_http_hooks;

/* What is told of a request when it is over: counters, log, audit, use of keys. */
void dyno_http_account          (DynoHttpFace  *self,
                                 DynoRequest   *request,
                                 guint          status,
                                 gint64         duration_us);

/* The certificate of the LAN: its key from the vault, or a new one that goes there; the
 * certificate from <data>/tls/server.crt, issued again where it is due. On a thread of
 * the pool. */
gboolean dyno_http_certificate  (DynoHttpFace  *self,
                                 DynoAwait     *await,
                                 GError       **error);

G_END_DECLS
