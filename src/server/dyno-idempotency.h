/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-once.h"
#include "dyno-request.h"

G_BEGIN_DECLS

/* Idempotency-Key: a POST that comes twice happens once (service.md 5.3). The shop leaves a
 * mark in the transaction of the effect (dyno-once.h); here it is looked for before the
 * handler runs, and completed with the reply.
 *
 *   first    there is no mark: the handler runs
 *   running  the first has no answer yet: 409 IDEMPOTENCY_IN_PROGRESS, Retry-After 1
 *   known    the same body: the kept reply and Idempotent-Replayed: true; of a reply that
 *            held a secret, or was never completed, 409 with the id; another body: 422
 *            IDEMPOTENCY_KEY_REUSED
 *
 * A request without effect leaves no mark and may be sent again. No handler sees any of
 * it. Thread dyno-server. */

/* Where marks are kept: the shop, but in tests of the server alone. */
typedef struct
{
  void             (*find_async)      (gpointer              data,
                                       const DynoAsker      *asker,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
  /* NOT_FOUND where there is none. */
  DynoReplyRecord *(*find_finish)     (gpointer              data,
                                       GAsyncResult         *result,
                                       GError              **error);
  void             (*complete_async)  (gpointer              data,
                                       const DynoAsker      *asker,
                                       int                   status,
                                       const char           *headers,
                                       GBytes               *body, /* (nullable) */
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
  gboolean         (*complete_finish) (gpointer              data,
                                       GAsyncResult         *result,
                                       GError              **error);
} DynoIdempotencyStore;

/* Its data is the DynoShop. */
extern const DynoIdempotencyStore dyno_idempotency_in_shop;

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
                                             DynoHandler                 go);

/* For dyno-reply-send.c: completes the mark with a reply that is no refusal, and sends it
 * afterwards: who has the reply finds the mark whole. TRUE where it does; FALSE: send it
 * yourself. `body` is (nullable). */
gboolean         dyno_idempotency_keep      (DynoRequest                *request,
                                             guint                       status,
                                             const char                 *media,
                                             GBytes                     *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoIdempotency, dyno_idempotency_free)

G_END_DECLS
