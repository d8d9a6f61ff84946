/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-guard.h"

G_BEGIN_DECLS

/* How long the wire waits for a client (service contract, 1.6). Times in µs. Pure. */

typedef struct
{
  gint64 handshake_us;
  gint64 head_us;        /* from its first byte, */
  gint64 long_head_us;   /* or this long while it comes at `head_bytes_s` */
  guint  head_bytes_s;
  gint64 body_us;        /* and the time that its length takes at `body_bytes_s`, */
  guint  body_bytes_s;
  gint64 longest_body_us; /* but no longer */
  gint64 stall_us;       /* a write that the client does not take */
  gint64 idle_us;        /* between two requests */
  gint64 linger_us;      /* what a refused client still sends is thrown away */
  gint64 life_us;        /* of a connection: its next reply is the last */
  guint  n_requests;     /* on one connection */
} DynoPatience;

/* The contract's numbers. */
const DynoPatience *dyno_patience_default      (void);

/* When the client's time is up that is in `phase` since `since_us`: `length` of its body
 * (-1: unknown) and what of head or body has come. 0: it is not the client who is waited
 * for. Ask again when the time has come: it may have earned more by then. */
gint64              dyno_patience_get_deadline (const DynoPatience *self,
                                                DynoGuardPhase      phase,
                                                gint64              since_us,
                                                gint64              length,
                                                guint64             received,
                                                gint64              now_us);

G_END_DECLS
