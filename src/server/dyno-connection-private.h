/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-connection.h"
#include "dyno-guard.h"
#include "dyno-roster.h"
#include "dyno-wheel.h"

G_BEGIN_DECLS

/* Of the files dyno-connection*.c, dyno-roster.c and dyno-server.c. */

typedef enum
{
  DYNO_CONNECTION_HANDSHAKING,
  DYNO_CONNECTION_SERVED,    /* libsoup has its stream */
  DYNO_CONNECTION_LINGERING, /* the last reply is out, the client's bytes are thrown away */
  DYNO_CONNECTION_GONE,
} DynoConnectionState;

struct _DynoConnection
{
  grefcount           ref_count;
  DynoConnectionState state;
  DynoRoster         *roster;     /* (borrowed) outlives every connection that is not GONE */
  DynoWheelEntry      entry;      /* the roster's */
  GList               link;       /* the roster's */

  DynoListenerKind    kind;
  GInetAddress       *peer;       /* (owned) (nullable) */
  guint16             local_port;
  gboolean            is_tls;

  GSocket            *socket;     /* (owned) */
  GIOStream          *base;       /* (owned) the plain connection, after a handshake the TLS one */
  GCancellable       *handshake;  /* (owned) (nullable) while it lasts */
  DynoGuard          *guard;      /* (owned) */
  GSource            *leaving;    /* (owned) (nullable) the client may leave before its reply */
  GSource            *lingering;  /* (owned) (nullable) */

  SoupServerMessage  *message;    /* (borrowed) (nullable) from head to end */
  guint               n_requests;
  gboolean            is_last;    /* the request in hand is the last one */
  gboolean            is_unread;  /* its body was not read to its end */
  gboolean            is_counted; /* the refusal in hand */
  gboolean            is_cut;

  gint64              born_us;
  DynoGuardPhase      phase;      /* as it was at the last byte, */
  gint64              phase_us;   /* and since when */
  gint64              stalled_us; /* a write waits since then; 0: none does */
};

/* dyno-connection-life.c */

/* `socket` is non-blocking in all that follows. It is on the roster until it is gone. */
DynoConnection *dyno_connection_new           (DynoRoster        *roster,
                                               DynoListenerKind   kind,
                                               GSocket           *socket,
                                               GInetAddress      *peer,
                                               guint16            local_port);
/* An address object for libsoup that holds the connection. (transfer full) */
GSocketAddress *dyno_connection_make_address  (DynoConnection    *self);
/* Shakes hands where there is a certificate, then gives its stream to libsoup. */
void            dyno_connection_enter         (DynoConnection    *self,
                                               SoupServer        *soup,
                                               GTlsCertificate   *certificate);

/* After anything that may have changed what is waited for. */
void            dyno_connection_move_deadline (DynoConnection    *self);

/* dyno-connection-request.c: what libsoup says of the request in hand. */
void            dyno_connection_head_came     (DynoConnection    *self,
                                               SoupServerMessage *message);
void            dyno_connection_body_came     (DynoConnection    *self,
                                               SoupServerMessage *message);
void            dyno_connection_reply_left    (DynoConnection    *self,
                                               SoupServerMessage *message);

/* Tells `end`, where there is a request in hand. */
void            dyno_connection_end_request   (DynoConnection    *self);

/* What the roster says. */
void            dyno_connection_time_is_up    (DynoConnection    *self,
                                               gint64             now_us);
/* No reply more; at once where none is waited for. */
void            dyno_connection_drain         (DynoConnection    *self);

/* dyno-connection-end.c: libsoup has let go, or never had it. */
void            dyno_connection_close         (DynoConnection    *self);
/* Ends the linger. */
void            dyno_connection_finish        (DynoConnection    *self);

G_END_DECLS
