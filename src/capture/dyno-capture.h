/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-batch.h"

G_BEGIN_DECLS

/* The JETDRIVE client: one thread (dyno-capture) that owns the sockets and an
 * intake, joins the group on the chosen interfaces, and hands batches to one
 * sink. Everything else is told by the batches: there is nothing to ask.
 *
 * Start, stop and the commands may come from any thread and never wait for the
 * network. A busy port, a missing interface or silence are no errors: they stand
 * in the state (link, reason) and are tried again by themselves. */

typedef struct _DynoCapture DynoCapture;

typedef struct
{
  const char *group;          /* NULL: 224.0.2.10 */
  guint16     port;           /* 0: 22344 */
  const char *interface;      /* "auto" (NULL), "all", a name, an address or a MAC. auto joins
                                 all real interfaces and lo, and after 3 s keeps the one with
                                 the provider */
  int         ttl;            /* 0…32; −1: 1 */
  gboolean    is_passive;     /* transmit nothing, stay at id 0 */
  const char *provider;       /* (nullable) the provider to use, by name */
  const char *expected;       /* (nullable) its address, preferred where several speak */
  GPtrArray  *pins;           /* (nullable) of DynoPin */
  int         receive_buffer; /* bytes; 0: 8 MiB. For tests of a small one */
} DynoCaptureConfig;

/* Copies the configuration. The sink is called on the thread dyno-capture, must
 * not block and must not call dyno_capture_stop (); its data must outlive the
 * capture. */
DynoCapture *dyno_capture_new              (const DynoCaptureConfig *config,
                                            DynoBatchSink            sink,
                                            gpointer                 sink_data);
/* Stops first. */
void         dyno_capture_free             (DynoCapture             *self);

/* Starts the thread; nothing where it runs already. */
void         dyno_capture_start            (DynoCapture             *self);
/* Takes what has arrived (at most 500 ms), leaves the groups, gives a last batch
 * whose state is OFF, joins the thread. Nothing where it does not run. */
void         dyno_capture_stop             (DynoCapture             *self);
gboolean     dyno_capture_is_running       (DynoCapture             *self);

/* Commands. Each stands in the journal and comes back as DYNO_EVENT_INPUT in
 * its place in the stream. Before the start they are kept for it. */

/* The interface to use from now on, as in the configuration. */
void         dyno_capture_set_interface    (DynoCapture             *self,
                                            const char              *interface);
void         dyno_capture_set_passive      (DynoCapture             *self,
                                            gboolean                 is_passive);
/* NULL: by rule (the only one, or the one called Dynojet). */
void         dyno_capture_choose_provider  (DynoCapture             *self,
                                            const char              *name);
/* This channel is that; canonical NONE: it is nothing. */
void         dyno_capture_pin              (DynoCapture             *self,
                                            const DynoPin           *pin);
/* Back to the names. */
void         dyno_capture_unpin            (DynoCapture             *self,
                                            const DynoPin           *pin);
/* Anything a consumer of the batches wants to find at this place of the stream
 * and of the journal: a JSON object with a member "event" of a name of its own,
 * such as {"event":"mark","text":"jet 190"}. */
void         dyno_capture_note             (DynoCapture             *self,
                                            const char              *json);
/* Totals for the journal and the state; see DynoWireCounts. */
void         dyno_capture_count_drops      (DynoCapture             *self,
                                            guint64                  ring_drops,
                                            guint64                  file_drops);

/* Processor time of the thread so far, µs; 0 where it does not run. */
gint64       dyno_capture_thread_us        (DynoCapture             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCapture, dyno_capture_free)

G_END_DECLS
