/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-request.h"
#include "dyno-server.h"

G_BEGIN_DECLS

/* The way of a request from its head to its handler (service.md 1.1), as callbacks for
 * dyno-server. The order stands as a table in dyno-pipeline.c. Each step lets the request
 * pass or answers it; what is refused there is refused before the body is read.
 *
 * Other parts of the server join by hooks. Thread dyno-server. */

typedef struct _DynoPipeline DynoPipeline;

typedef enum
{
  DYNO_VERDICT_PASS,
  DYNO_VERDICT_WAIT,     /* `admit` only: the handler runs after dyno_pipeline_resume () */
  DYNO_VERDICT_ANSWERED, /* by dyno_reply_problem () or _error () */
} DynoVerdict;

/* All nullable: a step without a hook lets everything pass, but a route that needs a
 * credential then has none. `data` is given to each. */
typedef struct
{
  /* The head is there: begin a span. Sets dyno_request_set_peer () behind a proxy. */
  DynoVerdict (*begun)        (DynoRequest *request,
                               gpointer     data);
  /* Room in the house, by dyno_route_get_priority (). */
  DynoVerdict (*admit)        (DynoRequest *request,
                               gpointer     data);
  /* Limit of the address, before anything is known of who asks. */
  DynoVerdict (*address)      (DynoRequest *request,
                               gpointer     data);
  /* Credential to dyno_request_set_principal (); none is no error here. */
  DynoVerdict (*authenticate) (DynoRequest *request,
                               gpointer     data);
  /* Limits of the principal and of dyno_route_get_limit (). */
  DynoVerdict (*limit)        (DynoRequest *request,
                               gpointer     data);
  /* Once for each `begun`: the reply has left, or the client is gone (status 0). For
   * metrics, log, span; the request's getters all work. */
  void        (*finished)     (DynoRequest *request,
                               guint        status,
                               gint64       duration_us,
                               gpointer     data);
} DynoPipelineHooks;

/* `service`, `hooks` and `data` are borrowed and outlive it. */
DynoPipeline *dyno_pipeline_new    (const DynoService       *service,
                                    const DynoPipelineHooks *hooks,
                                    gpointer                 data);
void          dyno_pipeline_free   (DynoPipeline            *self);

/* What the hooks are given. */
gpointer      dyno_pipeline_get_data (DynoPipeline          *self);

/* For dyno_server_new (); their data is the DynoPipeline. */
extern const DynoServerCallbacks dyno_pipeline_callbacks;

/* A request that was to wait goes on. Nothing happens where it is over by now. */
void          dyno_pipeline_resume (DynoRequest             *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPipeline, dyno_pipeline_free)

G_END_DECLS
