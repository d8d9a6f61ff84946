/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-asker.h"
#include "dyno-connection.h"
#include "dyno-principal.h"
#include "dyno-route.h"
#include "dyno-service.h"
#include "dyno-upload.h"

G_BEGIN_DECLS

/* One request, from its head to its reply. A handler gets it when everything that its
 * row asks for is there and good, so no handler checks what came in.
 *
 * Counted. A handler that needs time passes dyno_request_ref () as user data of an
 * asynchronous call, and its callback takes it as g_autoptr(DynoRequest). When the
 * client leaves or the deadline passes the cancellable is cancelled and a later reply is
 * dropped in silence: a handler answers always once and never asks whether anybody
 * still listens. Thread dyno-server. */

DynoRequest     *dyno_request_ref             (DynoRequest     *self);
void             dyno_request_unref           (DynoRequest     *self);

/* Where the work is done. */
DynoShop        *dyno_request_get_shop        (DynoRequest     *self);
const DynoService *dyno_request_get_service   (DynoRequest     *self);
/* For every _async call that the client waits for. It is cancelled when he leaves, when the
 * deadline passes and when the reply has left: what outlives the request (a job) takes
 * NULL instead. */
GCancellable    *dyno_request_get_cancellable (DynoRequest     *self);

/* On whose behalf the shop works, for the audit: pushed around the handler already. A
 * callback that begins another operation pushes it again (dyno_asker_push ()). NULL
 * where nobody has shown a credential. */
DynoAsker       *dyno_request_get_asker       (DynoRequest     *self);

/* What came in, by the name in the row: a {name} of the path, a member of the body, a
 * name of the query, in this order; what is absent (or null) has the row's `otherwise`.
 * A name that the row does not have is a programming mistake. */
gboolean         dyno_request_has             (DynoRequest     *self,
                                               const char      *name); /* sent, null too */
/* (transfer none) NULL where it is absent and has no `otherwise`. */
const char      *dyno_request_text            (DynoRequest     *self,
                                               const char      *name);
gint64           dyno_request_integer         (DynoRequest     *self,
                                               const char      *name); /* 0 where absent */
double           dyno_request_number          (DynoRequest     *self,
                                               const char      *name); /* NaN where absent */
gboolean         dyno_request_boolean         (DynoRequest     *self,
                                               const char      *name); /* FALSE where absent */
/* µs since 1970; 0 where absent. */
gint64           dyno_request_time_us         (DynoRequest     *self,
                                               const char      *name);
/* Elements of a list of texts or words. (transfer full) NULL where absent. */
char           **dyno_request_texts           (DynoRequest     *self,
                                               const char      *name);
/* A member of the body as JSON, for lists and objects. (transfer none) (nullable) */
const DynoJson  *dyno_request_value           (DynoRequest     *self,
                                               const char      *name);
/* The whole body; NULL where there was none. */
const DynoJson  *dyno_request_get_body        (DynoRequest     *self);
/* The body of an upload. (transfer none): dyno_upload_ref () keeps it. NULL elsewhere. */
DynoUpload      *dyno_request_get_upload      (DynoRequest     *self);
/* As a form (multipart/form-data) calls the file; NULL where it does not, or is none. The
 * other fields of a form are names of the query. */
const char      *dyno_request_get_file_name   (DynoRequest     *self);

/* Of a page (DYNO_ROUTE_PAGE): how many items at most, and what
 * dyno_reply_page_end () was given the last time; NULL at the first page. */
guint            dyno_request_get_limit       (DynoRequest     *self);
const char      *dyno_request_get_cursor      (DynoRequest     *self);

/* Of If-Match: the version that the client has seen; 0 where the row asks for none.
 * Pass it to the shop: its CONFLICT "stale" becomes 412. */
gint64           dyno_request_get_version     (DynoRequest     *self);

/* Who asks. NULL on open routes without credential. */
DynoPrincipal   *dyno_request_get_principal   (DynoRequest     *self);
gboolean         dyno_request_may             (DynoRequest     *self,
                                               DynoScope        scope);
/* The row; NULL until it was found. The template is its `path`. */
const DynoRoute *dyno_request_get_route       (DynoRequest     *self);
/* For log, audit, traces. Never NULL. */
const char      *dyno_request_get_correlation (DynoRequest     *self);
/* The address of the client, behind a trusted proxy the one that it names; NULL on the
 * admin socket. */
GInetAddress    *dyno_request_get_peer        (DynoRequest     *self);
/* Whether it comes from this machine: loopback, or the admin socket. */
gboolean         dyno_request_is_local        (DynoRequest     *self);
/* The path as the client asked for it, without query; "/" before it is known. */
const char      *dyno_request_get_path        (DynoRequest     *self);
/* GET, HEAD, …: as the client sent it. */
const char      *dyno_request_get_method      (DynoRequest     *self);
/* A header of the client's; NULL where it sent none. */
const char      *dyno_request_get_header      (DynoRequest     *self,
                                               const char      *name);
/* Monotonic µs: when the head had come, and when the answer must be there (0: never). Of
 * an upload the time begins when all of it is here. */
gint64           dyno_request_get_started_us  (DynoRequest     *self);
gint64           dyno_request_get_deadline_us (DynoRequest     *self);

/* For streams and for those who join the pipeline; no handler needs them. */
DynoConnection    *dyno_request_get_connection (DynoRequest       *self);
SoupServerMessage *dyno_request_get_message    (DynoRequest       *self);
void               dyno_request_set_principal  (DynoRequest       *self,
                                                DynoPrincipal     *principal);
void               dyno_request_set_peer       (DynoRequest       *self,
                                                GInetAddress      *peer);
/* Whether it is answered, or the client is gone. */
gboolean           dyno_request_is_over        (DynoRequest       *self);
/* Of the reply: its status, and the code of its error body (NULL without). */
guint              dyno_request_get_status     (DynoRequest       *self);
const char        *dyno_request_get_code       (DynoRequest       *self);
/* Something of one's own beside the request: a span, a ticket of admission. One of a
 * key; freed with the request. */
void               dyno_request_set_data       (DynoRequest       *self,
                                                const char        *key,
                                                gpointer           data,
                                                GDestroyNotify     free_data);
gpointer           dyno_request_get_data       (DynoRequest       *self,
                                                const char        *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRequest, dyno_request_unref)

G_END_DECLS
