/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Requests to others (service.md 10.8). The address is https, or http on loopback,
 * without a user in it. Its host is looked up once; every address found must be one
 * that may be called, and only those are connected to: none that is link-local,
 * multicast or unspecified, and a private one only inside `networks`. Redirects are
 * not followed, certificates are checked, no proxy, cookie or cache takes part.
 * With `socket_path` it goes to whoever listens on that unix socket instead, and no
 * address is looked up: the URL then gives Host and path alone (http://localhost/…).
 *
 * Runs in the caller's thread-default context and answers there. */

typedef struct
{
  const char        *method;       /* NULL: "GET" */
  const char        *url;
  const char        *socket_path;  /* (nullable) of a unix socket */
  const char *const *headers;      /* (nullable) name, value, …, NULL */
  const char        *content_type; /* of `body` */
  GBytes            *body;         /* (nullable) */
  const char *const *networks;     /* (nullable) "192.168.1.0/24", …, NULL: private, allowed */
  guint              timeout_ms;   /* for all of it; 0: 30 s */
  gsize              max_bytes;    /* of the reply, unpacked; 0: 1 MiB */
} DynoHttpRequest;

typedef struct
{
  guint   status;
  char   *content_type;  /* (owned) (nullable) without parameters */
  char   *etag;          /* (owned) (nullable) as it was sent, quotes and all */
  gint64  retry_after_s; /* −1: not said in seconds */
  GBytes *body;          /* (owned) */
} DynoHttpReply;

void           dyno_http_reply_free    (DynoHttpReply           *self);

/* Everything is copied. A status of any kind is an answer, not an error. Errors:
 *   INVALID "url": the address is none, or not allowed by its form;
 *   DENIED "address": its host is at an address that may not be called;
 *   UNAVAILABLE "resolve", "connect", "tls", "broken";
 *   TIMED_OUT; TOO_LARGE; G_IO_ERROR_CANCELLED. */
void           dyno_http_send_async    (const DynoHttpRequest   *request,
                                        GCancellable            *cancellable,
                                        GAsyncReadyCallback      callback,
                                        gpointer                 user_data);
DynoHttpReply *dyno_http_send_finish   (GAsyncResult            *result,
                                        GError                 **error);

/* The same for a reply that is read while it comes: a 2xx is given line by line,
 * without its end (a last one may have none), and `body` of the answer is empty;
 * `max_bytes` bounds one line. Of another status nothing is given and `body` is
 * there. `line` may cancel the cancellable. */
typedef void (*DynoHttpLineFunc) (const char *line,
                                  gsize       length,
                                  gpointer    data);

void           dyno_http_stream_async  (const DynoHttpRequest   *request,
                                        DynoHttpLineFunc         line,
                                        gpointer                 line_data,
                                        GCancellable            *cancellable,
                                        GAsyncReadyCallback      callback,
                                        gpointer                 user_data);
DynoHttpReply *dyno_http_stream_finish (GAsyncResult            *result,
                                        GError                 **error);

/* What counts against the service that was called: no connection, TLS, too late, a
 * broken stream, 5xx. Not 4xx, not an own cancelling or refusal. One may be NULL. */
gboolean       dyno_http_is_failure    (const DynoHttpReply     *reply,
                                        const GError            *error);
/* 429, 502, 503, 504, no connection, too late: the same may be tried again. */
gboolean       dyno_http_may_retry     (const DynoHttpReply     *reply,
                                        const GError            *error);

/* The form of an address alone: for settings. INVALID "url". */
gboolean       dyno_http_check_url     (const char              *url,
                                        GError                 **error);
/* That an address found for a host may be called. DENIED "address". */
gboolean       dyno_http_check_address (GInetAddress            *address,
                                        gboolean                 is_https,
                                        const char *const       *networks,
                                        GError                 **error);

/* "3.2.3" of libsoup. (transfer full) */
char          *dyno_http_library_version (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoHttpReply, dyno_http_reply_free)

G_END_DECLS
