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
#include "dyno-mdns.h"
#include "dyno-openapi.h"
#include "dyno-origin.h"
#include "dyno-pipeline.h"
#include "dyno-service.h"
#include "dyno-shop.h"
#include "dyno-token-keeper.h"

G_BEGIN_DECLS

/* What the counters have taken over from the server so far. */
typedef struct
{
  guint64 n_accept_paused;
  guint64 n_refused[DYNO_N_REFUSALS];
} DynoHttpGauges;

/* What the LAN's listener shows of itself. */
typedef struct
{
  GTlsCertificate *certificate; /* (owned) */
  char            *pin;         /* (owned) */
} DynoHttpIdentity;

/* The inside of the service. Built on a thread of the pool before the server's thread
 * begins, then that one's alone; taken apart when it has ended. */
typedef struct
{
  DynoShop         *shop;        /* (borrowed) */
  DynoClock        *clock;       /* (borrowed) */
  DynoFaceOptions   options;
  gboolean          is_handed;   /* the service manager made the sockets: they stay */
  char            **addresses;   /* (owned) to listen on */
  char             *folder;      /* (owned) where the admin socket is, and libsoup's own */
  char             *admin_path;  /* (owned) */
  char             *issuer;      /* (owned) of access tokens */
  GMutex            lock;
  char             *pin;         /* (owned) (nullable) of the certificate (lock) */

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
  DynoHttpGauges    gauges;
  guint             following;   /* subscription of settings; 0: none */
  guint             n_pending;   /* begun in the pool, not answered yet */
  char            **own;         /* (owned) (nullable) addresses of this machine at the last look */
  DynoMdns         *mdns;        /* (owned) (nullable) thread dyno-server */
} DynoHttpFace;

/* What joins the pipeline; their data is the DynoHttpFace. */
extern const DynoPipelineHooks dyno_http_hooks;

/* What is told of a request when it is over: counters, log, audit, use of keys. */
void dyno_http_account          (DynoHttpFace  *self,
                                 DynoRequest   *request,
                                 guint          status,
                                 gint64         duration_us);

const char *dyno_http_priority_name (DynoPriority priority); /* "P0" */

/* The counters that the server and the breakers know, once a second; and how long a
 * request waited for room. */
void     dyno_http_gauge             (DynoHttpFace      *self);
void     dyno_http_gauge_delay       (DynoPriority       priority,
                                      gint64             delay_us,
                                      gpointer           unused);

/* DynoServerCallbacks.state: the sources of its own, from LIVE to STOPPED. */
void     dyno_http_state_changed     (DynoServer        *server,
                                      DynoServerState    state,
                                      gpointer           pipeline);

/* What the settings say, at the start; INVALID where they do not go together. */
gboolean dyno_http_take_settings     (DynoHttpFace      *self,
                                      GError           **error);
/* Where to listen. (transfer full) */
char   **dyno_http_choose_addresses  (DynoHttpFace      *self);
gboolean dyno_http_needs_lan         (char             **addresses);
guint16  dyno_http_choose_port       (DynoHttpFace      *self);
/* From then on they are followed while it runs. Thread dyno-server. */
void     dyno_http_follow_settings   (DynoHttpFace      *self);
void     dyno_http_unfollow_settings (DynoHttpFace      *self);

/* Whether the addresses of this machine have changed: then its names and the certificate
 * are made anew. `is_daily`: the certificate is looked at in any case. Thread
 * dyno-server. */
void     dyno_http_look_at_network   (DynoHttpFace      *self,
                                      gboolean           is_daily);
/* Loads the certificate and listens at self->addresses, in its own time. Thread
 * dyno-server. */
void     dyno_http_listen_anew       (DynoHttpFace      *self);
void     dyno_http_show_mdns         (DynoHttpFace      *self);
void     dyno_http_set_pin           (DynoHttpFace      *self,
                                      const char        *pin);
/* (transfer full) (nullable) Any thread. */
char    *dyno_http_dup_pin           (DynoHttpFace      *self);

/* All that this machine can be reached by, sorted. (transfer full) */
char   **dyno_http_own_addresses     (void);

/* The certificate of the LAN: its key from the vault, or a new one that goes there; the
 * certificate from <data>/tls/server.crt, issued again where it is due. On a thread of
 * the pool. (transfer full) */
DynoHttpIdentity *dyno_http_identity_load (DynoShop          *shop,
                                           DynoAwait         *await,
                                           GError           **error);
void              dyno_http_identity_free (DynoHttpIdentity  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoHttpIdentity, dyno_http_identity_free)

G_END_DECLS
