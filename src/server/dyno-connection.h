/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>
#include <libsoup/soup.h>

#include "dyno-refusal.h"

G_BEGIN_DECLS

/* One connection of a client, and the request in hand on it. Thread dyno-server.
 *
 * It lives as long as the message that it was asked of, and through all requests of
 * the connection: what must last longer holds a reference.
 *
 * libsoup sees a head that was made anew (`METHOD / HTTP/1.1`): the path of its URI
 * says nothing. What the client asked for is the target below. A body comes to libsoup
 * in chunks, however it was sent: Content-Length is not among the headers. */

typedef struct _DynoConnection DynoConnection;

typedef enum
{
  DYNO_LISTENER_LOOPBACK, /* HTTP on 127.0.0.1 and ::1 */
  DYNO_LISTENER_LAN,      /* HTTPS on the other addresses */
  DYNO_LISTENER_ADMIN,    /* the socket in the runtime folder: local:owner */
  DYNO_N_LISTENERS
} DynoListenerKind;

/* "loopback", "lan", "admin": the label of metrics. */
const char        *dyno_listener_kind_name               (DynoListenerKind   kind);

/* (transfer none), never NULL for a message of the server. */
DynoConnection    *dyno_connection_of                    (SoupServerMessage *message);
DynoConnection    *dyno_connection_ref                   (DynoConnection    *self);
void               dyno_connection_unref                 (DynoConnection    *self);

DynoListenerKind   dyno_connection_get_kind              (DynoConnection    *self);
/* (transfer none) The address of the peer; NULL on the admin socket. */
GInetAddress      *dyno_connection_get_peer              (DynoConnection    *self);
/* The port that the client came to; 0 on the admin socket. */
guint16            dyno_connection_get_local_port        (DynoConnection    *self);
gboolean           dyno_connection_is_tls                (DynoConnection    *self);

/* Of the request in hand, from `head` to `end`: GET HEAD POST PUT PATCH DELETE OPTIONS. */
const char        *dyno_connection_get_method            (DynoConnection    *self);
/* As it was sent: origin-form, visible ASCII without '#', 1 to 4 096 bytes, begins with
 * '/'; or "*" (OPTIONS only). An absolute form was cut to its path and query. */
const char        *dyno_connection_get_target            (DynoConnection    *self);
/* Bytes of the body that the head announced: 0 none, -1 unknown (chunked). */
gint64             dyno_connection_get_body_length       (DynoConnection    *self);

/* (transfer none) (nullable) Why the wire refuses the request in hand. To be looked at
 * first in `head` (then the request is a `GET /` made by us, with no header of the
 * client's) and in `body` (then the body broke off). The reply is the caller's, as for
 * any other error; the connection closes after it by itself. */
const DynoRefusal *dyno_connection_get_refusal           (DynoConnection    *self);

/* To be called in `head`, once: more bytes of body than `n_bytes` are not read. Without
 * the call none are. Too many: FALSE at once where the head announced them, and the
 * refusal stands already; else `body` comes early with the refusal. What a head
 * without body needs no cap for. */
gboolean           dyno_connection_set_body_cap          (DynoConnection    *self,
                                                          guint64            n_bytes);

/* The reply of the request in hand says `Connection: close`, and so it happens. */
void               dyno_connection_close_after_reply     (DynoConnection    *self);

/* Ends it at once, whatever is under way: reads end, writes fail, `end` follows. */
void               dyno_connection_cut                   (DynoConnection    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoConnection, dyno_connection_unref)

G_END_DECLS
