/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>
#include <libsoup/soup.h>

#include "dyno-connection.h"
#include "dyno-patience.h"

G_BEGIN_DECLS

/* The HTTP server: a thread of its own (dyno-server) with its own main loop, the
 * listeners, and libsoup for the framing of what the guard lets through. What a
 * request means is the callbacks' matter. Any thread may start, stop and ask. */

typedef struct _DynoServer DynoServer;

typedef enum
{
  DYNO_SERVER_IDLE,     /* not started, or the start failed */
  DYNO_SERVER_LIVE,
  DYNO_SERVER_DRAINING, /* no listener; replies say `Connection: close` */
  DYNO_SERVER_STOPPED,  /* for good: a new server is a new object */
} DynoServerState;

/* All on thread dyno-server, with the main context of the server as thread default.
 *
 * A callback answers by setting status and body of `message`; one that needs time
 * takes a reference, calls soup_server_message_pause (), and later sets the status
 * and calls soup_server_message_unpause (), unless `end` came before. Only `body` may
 * pause. */
typedef struct
{
  /* The head is complete, the body not read. May answer at once (status set): then the
   * body is not read and, if there is one, the connection closes after the reply. Else
   * sets the cap of the body and returns. */
  void (*head)  (SoupServerMessage *message,
                 DynoConnection    *connection,
                 gpointer           data);
  /* The body is complete (or there is none, or it broke off: the refusal says so). Not
   * called when `head` answered. */
  void (*body)  (SoupServerMessage *message,
                 DynoConnection    *connection,
                 gpointer           data);
  /* The reply has left, or the client is gone; exactly once for each `head`. The message
   * is not to be touched afterwards: no unpause, no body. */
  void (*end)   (SoupServerMessage *message,
                 DynoConnection    *connection,
                 gpointer           data);
  /* (nullable) LIVE, DRAINING (say good-bye to streams), STOPPED (the last call). */
  void (*state) (DynoServer        *server,
                 DynoServerState    state,
                 gpointer           data);
} DynoServerCallbacks;

/* Copied by dyno_server_new (). */
typedef struct
{
  const char * const *addresses;      /* literals: "127.0.0.1", "::1", "192.168.1.20", … */
  guint16             port;           /* of the loopback ones; 0: a free one */
  guint16             lan_port;       /* of the others; 0: a free one */
  GTlsCertificate    *certificate;    /* (nullable) with its key; the others need it */
  const char         *admin_path;     /* (nullable) of the admin socket: its folder is made, 0700 */
  const char         *runtime_folder; /* where libsoup's own socket is bound and unlinked */
  const DynoPatience *patience;       /* (nullable) the contract's; not copied */
} DynoServerOptions;

/* Plain atomics; each only grows but `n_open`. */
typedef struct
{
  _Atomic guint64 n_open[DYNO_N_LISTENERS];     /* connections now */
  _Atomic guint64 n_accepted[DYNO_N_LISTENERS];
  _Atomic guint64 n_closed_at_cap;              /* closed at accept: too many connections */
  _Atomic guint64 n_accept_paused;              /* out of descriptors: accepting stood still */
  _Atomic guint64 n_handshakes_failed;
  _Atomic guint64 n_requests;                   /* heads that libsoup got, refused ones too */
  _Atomic guint64 n_refused[DYNO_N_REFUSALS];   /* by the guard */
  _Atomic guint64 n_stalled;                    /* closed: the client did not read */
} DynoServerCounts;

/* `data` is the callbacks' and outlives the server. */
DynoServer             *dyno_server_new              (const DynoServerOptions   *options,
                                                      const DynoServerCallbacks *callbacks,
                                                      gpointer                   data);
DynoServer             *dyno_server_ref              (DynoServer                *self);
/* A server that was started must be stopped before its last reference goes. */
void                    dyno_server_unref            (DynoServer                *self);

/* Makes the thread and the listeners: those handed over by LISTEN_FDS, else the
 * options'. Once. Answers in the caller's context when all listen, or with
 * UNAVAILABLE (port in use, no folder; nothing listens then) or INVALID (an address that
 * is none, or one beyond loopback without certificate). */
void                    dyno_server_start_async      (DynoServer                *self,
                                                      GAsyncReadyCallback        callback,
                                                      gpointer                   user_data);
gboolean                dyno_server_start_finish     (DynoServer                *self,
                                                      GAsyncResult              *result,
                                                      GError                   **error);

/* Drains: the listeners close at once, idle connections with them; what is in hand has
 * `drain_ms` to end, then it is cut off. A second call, or 0, cuts off at once; each call
 * is answered when the thread has ended. */
void                    dyno_server_stop_async       (DynoServer                *self,
                                                      guint                      drain_ms,
                                                      GAsyncReadyCallback        callback,
                                                      gpointer                   user_data);
gboolean                dyno_server_stop_finish      (DynoServer                *self,
                                                      GAsyncResult              *result,
                                                      GError                   **error);

DynoServerState         dyno_server_get_state        (DynoServer                *self);
/* The port that is listened on, from the start's answer on; 0: none of that kind. It may
 * change by dyno_server_listen_anew (). */
guint16                 dyno_server_get_port         (DynoServer                *self,
                                                      DynoListenerKind           kind);
/* (transfer none) Where the callbacks run, for sources of their own. */
GMainContext           *dyno_server_get_context      (DynoServer                *self);
const DynoServerCounts *dyno_server_get_counts       (DynoServer                *self);

/* Opens these listeners instead; connections stay as they are. A port 0 is the one that
 * it has, else a free one. Where they cannot be had it listens as before, with the
 * start's errors. Thread dyno-server, while LIVE. */
gboolean                dyno_server_listen_anew      (DynoServer                *self,
                                                      const char * const        *addresses,
                                                      guint16                    port,
                                                      guint16                    lan_port,
                                                      GError                   **error);

/* For the handshakes from now on: after a re-issue. */
void                    dyno_server_set_certificate  (DynoServer                *self,
                                                      GTlsCertificate           *certificate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoServer, dyno_server_unref)

G_END_DECLS
