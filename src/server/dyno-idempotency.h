/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-once.h"
#include "dyno-request.h"

G_BEGIN_DECLS

/* Idempotency-Key: a POST that comes twice happens once (service.md 5.3).
 *
 *   first    nothing is known of it: the handler runs
 *   running  the first has no answer yet: 409 IDEMPOTENCY_IN_PROGRESS, Retry-After 1
 *   known    the same body: the kept reply and Idempotent-Replayed: true (of a reply that
 *            held a secret 409 with the id); another body: 422 IDEMPOTENCY_KEY_REUSED
 *
 * A handler whose operation writes the record in its own transaction takes it with
 * dyno_request_take_once () and hands it down. For the others the reply is kept when it is
 * sent. Refusals are never kept: nothing has happened. Thread dyno-server. */

/* Where records are kept; those older than a day are not found. */
typedef struct
{
  void           (*find_async)  (gpointer              data,
                                 DynoOnce             *once,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
  /* NULL without error where there is none. */
  DynoOnceReply *(*find_finish) (gpointer              data,
                                 GAsyncResult         *result,
                                 GError              **error);
  /* `reply` (transfer full) */
  void           (*keep_async)  (gpointer              data,
                                 DynoOnce             *once,
                                 DynoOnceReply        *reply,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
  gboolean       (*keep_finish) (gpointer              data,
                                 GAsyncResult         *result,
                                 GError              **error);
} DynoIdempotencyStore;

typedef struct _DynoIdempotency DynoIdempotency;

/* `store` and `data` are borrowed. */
DynoIdempotency *dyno_idempotency_new       (const DynoIdempotencyStore *store,
                                             gpointer                    data);
void             dyno_idempotency_free      (DynoIdempotency            *self);

/* Reads the header: bare or quoted, 1 to 255 visible characters. INVALID BAD_REQUEST for
 * another. NULL without error where there is none. (transfer full) */
char            *dyno_idempotency_read_key  (const char                 *header,
                                             GError                    **error);

/* Judges a request whose body has come, `key` of its header. Calls `go` when the handler
 * may run, at once or later; answers the request itself otherwise. */
void             dyno_idempotency_begin     (DynoIdempotency            *self,
                                             DynoRequest                *request,
                                             const char                 *key,
                                             void                      (*go) (DynoRequest *request));

/* For dyno-reply: keeps a reply that is no refusal, if it is to be kept here. `body` is
 * (nullable). */
void             dyno_idempotency_keep      (DynoRequest                *request,
                                             guint                       status,
                                             GBytes                     *body);

/* For a handler: the record of the request in hand with the maker of its reply, to be
 * handed to the operation. NULL where the client sent no key. (transfer none) */
DynoOnce        *dyno_request_take_once     (DynoRequest                *request,
                                             DynoOnceShape               shape);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoIdempotency, dyno_idempotency_free)

G_END_DECLS
