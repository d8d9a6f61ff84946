/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-klhdv.h"
#include "dyno-node.h"

G_BEGIN_DECLS

/* The provider half of JETDRIVE as a pure machine: draws an id, announces its
 * list (Clear, pages, again every 30 s, on change and on request), sends queued
 * samples, answers pings, leaves with Clear. Simulator and replay speak through
 * it. What it says goes to a function; time is given.
 *
 * The levers at the end are for faults: a provider that behaves never needs
 * them. */

#define DYNO_TRANSMIT_QUEUE 32768 /* samples; the oldest goes when it is full */

typedef struct _DynoTransmit DynoTransmit;

/* A message to send; `data` is the callee's only while it runs. */
typedef void (*DynoTransmitFunc) (const guint8 *data,
                                  gsize         size,
                                  gpointer      user_data);

typedef struct
{
  const char *name;
  gsize       size_limit; /* bytes of value a message; 0: 1400 */
  guint64     seed;       /* of the host id */
  guint16     host_id;    /* 0: negotiated */
} DynoTransmitConfig;

DynoTransmit *dyno_transmit_new          (const DynoTransmitConfig *config,
                                          DynoTransmitFunc          send,
                                          gpointer                  user_data);
void          dyno_transmit_free         (DynoTransmit             *self);

/* Begins to negotiate, or to speak where the id is given. */
void          dyno_transmit_start        (DynoTransmit             *self,
                                          gint64                    now_us);
/* An id is there, and the list is out. */
gboolean      dyno_transmit_is_ready     (const DynoTransmit       *self);
guint16       dyno_transmit_host_id      (const DynoTransmit       *self);
const char   *dyno_transmit_name         (const DynoTransmit       *self);

/* The wire clock from now on, ms; set it before each call below. */
void          dyno_transmit_set_clock    (DynoTransmit             *self,
                                          guint32                   clock_ms);

/* The whole list. After the start a change is announced: with a Clear first
 * unless `is_silent`. */
void          dyno_transmit_set_channels (DynoTransmit             *self,
                                          const DynoKlhdvEntry     *entries,
                                          guint                     n_entries,
                                          gboolean                  is_silent);
const DynoKlhdvEntry *
              dyno_transmit_channels     (const DynoTransmit       *self,
                                          guint                    *n_entries);

void          dyno_transmit_queue        (DynoTransmit             *self,
                                          guint16                   id,
                                          guint32                   time_ms,
                                          float                     value);
/* Samples let go because the queue was full. */
guint64       dyno_transmit_n_dropped    (const DynoTransmit       *self);

/* A datagram of another node came. */
void          dyno_transmit_hear         (DynoTransmit             *self,
                                          const guint8             *data,
                                          gsize                     size,
                                          gint64                    now_us);
/* What is due: id, lists. */
void          dyno_transmit_step         (DynoTransmit             *self,
                                          gint64                    now_us);
/* Sends all that is queued. */
void          dyno_transmit_flush        (DynoTransmit             *self);
/* One Clear; an orderly exit sends two, 20 ms apart. */
void          dyno_transmit_clear        (DynoTransmit             *self);

/* Levers for faults. */

/* As a program that was started anew: queue empty, and a new id unless it keeps
 * the old one. Says nothing about it. */
void          dyno_transmit_restart      (DynoTransmit             *self,
                                          guint64                   seed,
                                          gboolean                  keeps_id,
                                          gint64                    now_us);
void          dyno_transmit_announce     (DynoTransmit             *self);
void          dyno_transmit_set_info     (DynoTransmit             *self,
                                          gboolean                  is_on);
void          dyno_transmit_set_reversed (DynoTransmit             *self,
                                          gboolean                  is_reversed);
/* The next `n` pages are not sent; their numbers are used up. */
void          dyno_transmit_drop_pages   (DynoTransmit             *self,
                                          guint                     n);
void          dyno_transmit_set_version  (DynoTransmit             *self,
                                          guint8                    version);
void          dyno_transmit_set_seq      (DynoTransmit             *self,
                                          guint8                    seq);
/* A Ping to all from our id (with the version set), which nobody should send. */
void          dyno_transmit_ping_all     (DynoTransmit             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTransmit, dyno_transmit_free)

G_END_DECLS
