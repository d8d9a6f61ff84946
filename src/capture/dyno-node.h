/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-klhdv.h"

G_BEGIN_DECLS

/* One node of ours on the wire, client or provider: its host id, drawn so that
 * it is nobody else's (jetdrive.md §1.9), its message counter, its clock of ms.
 *
 *   listen 250 ms > Ping from id 0 > wait 1000 ms > draw
 *
 * A collision (another one speaks with our id) silences us; a new id is drawn
 * after 1 s, on repeats after 2, 4 … 30 s. Passive nodes stay at id 0 and never
 * speak. A plain struct; time is given; chance comes from a seed alone, so that
 * the same seed and the same events draw the same id. */

typedef enum
{
  DYNO_NODE_PASSIVE,
  DYNO_NODE_LISTENING,
  DYNO_NODE_ASKING,   /* the Ping from id 0 is out */
  DYNO_NODE_READY,
  DYNO_NODE_COLLIDED,
  DYNO_NODE_OFF,
} DynoNodePhase;

typedef enum
{
  DYNO_NODE_NOTHING,
  DYNO_NODE_SEND_PING, /* to all, from id 0 */
  DYNO_NODE_HAS_ID,    /* just drawn */
} DynoNodeStep;

typedef struct
{
  DynoNodePhase phase;
  guint16       id;           /* 0 until drawn */
  guint8        seq;          /* of the next message */
  gint64        due_us;       /* of the next step */
  gint64        origin_us;    /* where our wire clock is 0 */
  guint         n_collisions;
  guint64       chance;       /* state of SplitMix64 */
  guint8        heard[8192];  /* a bit a host id */
} DynoNode;

void         dyno_node_start   (DynoNode        *self,
                                guint64          seed,
                                gboolean         is_passive,
                                gint64           now_us);
void         dyno_node_stop    (DynoNode        *self);

/* A host spoke; it cannot be us any more. Tells of a collision: TRUE. */
gboolean     dyno_node_hear    (DynoNode        *self,
                                guint16          host,
                                gint64           now_us);

/* What is due at `now_us`; call until it answers NOTHING. */
DynoNodeStep dyno_node_step    (DynoNode        *self,
                                gint64           now_us);

/* TRUE where a message may be sent: from id 0 while negotiating (Request and
 * Ping only), from our id when there is one. */
gboolean     dyno_node_speaks  (const DynoNode  *self);

/* The header of our next message; counts it. */
void         dyno_node_header  (DynoNode        *self,
                                guint16          destination,
                                DynoKlhdvHeader *header);

guint32      dyno_node_clock   (const DynoNode  *self,
                                gint64           now_us);

/* The next of the node's pseudo-random numbers. */
guint64      dyno_node_chance  (guint64         *state);

G_END_DECLS
