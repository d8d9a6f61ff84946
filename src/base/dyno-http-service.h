/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-breaker.h"
#include "dyno-http.h"

G_BEGIN_DECLS

/* Requests to one outside service: dyno-http behind its breaker, tried again by the
 * rules of service.md 6, and counted (dynoai_provider_calls_total by outcome
 * "success", "refused", "failed", "circuit_open", "cancelled"; dynoai_circuit_state).
 * Each call runs in its caller's thread-default context. */

typedef struct _DynoHttpService DynoHttpService;

/* `breakers` (borrowed) outlives every call; `name` is one that it knows. */
DynoHttpService *dyno_http_service_new   (DynoBreakerSet          *breakers,
                                          const char              *name,
                                          DynoClock               *clock);
DynoHttpService *dyno_http_service_ref   (DynoHttpService         *self);
void             dyno_http_service_unref (DynoHttpService         *self);

/* As dyno_http_send_async (), `timeout_ms` for all attempts together; only one that may
 * be done twice without harm (`is_repeatable`) is tried again. Also UNAVAILABLE, reason
 * CIRCUIT_OPEN, at once. */
void           dyno_http_service_send_async  (DynoHttpService         *self,
                                              const DynoHttpRequest   *request,
                                              gboolean                 is_repeatable,
                                              GCancellable            *cancellable,
                                              GAsyncReadyCallback      callback,
                                              gpointer                 user_data);
DynoHttpReply *dyno_http_service_send_finish (GAsyncResult            *result,
                                              GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoHttpService, dyno_http_service_unref)

G_END_DECLS
