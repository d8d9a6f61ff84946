/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-capture.h"
#include "dyno-live.h"
#include "dyno-recording.h"

G_BEGIN_DECLS

/* The sink of the capture. Called with each batch on dyno-capture, it never waits:
 *
 *   batch -> lineup (which channel is what) -+-> feed: live ring
 *                                            +-> trigger: runs begin and end
 *                                            +-> recordings: store queue, journal
 *                                            +-> packet ring and history, for pre-rolls
 *                                            +-> picture: what people see
 *
 * Commands come in the stream (DYNO_EVENT_INPUT), so that they stand in the
 * journal in their place. */

typedef struct _DynoRecord DynoRecord;

/* Everything in `parts` and `live` is borrowed and outlives the record; texts in
 * it are copied. Without a store nothing is recorded, only shown. What was chosen
 * before: the vehicle of the next runs, the provider by name; both may be NULL. */
DynoRecord *dyno_record_new         (const DynoRecordParts *parts,
                                     DynoLive              *live,
                                     const char            *vehicle_id,
                                     const char            *provider);
/* After dyno_record_drain (). */
void        dyno_record_free        (DynoRecord            *self);

/* Why nothing can be recorded, for people; before the capture starts. */
void        dyno_record_set_failure (DynoRecord            *self,
                                     const char            *sentence);
/* Where commands go; before the capture starts. */
void        dyno_record_set_capture (DynoRecord            *self,
                                     DynoCapture           *capture);

/* A DynoBatchSink. */
void        dyno_record_push        (DynoBatch             *batch,
                                     gpointer               self);

/* When no batch will come any more: runs that are open are closed as interrupted,
 * what is on its way to the disk is waited for. Blocks; any thread. */
void        dyno_record_drain       (DynoRecord            *self);

/* A command: a JSON object with "event" and whatever belongs to it. It is done in
 * the next pass; the answer (transfer full, free with g_free) is a text that the
 * command defines, "" for nothing to say. Any thread. UNAVAILABLE "no_capture". */
void        dyno_record_ask_async   (DynoRecord            *self,
                                     const char            *json,
                                     GAsyncReadyCallback    callback,
                                     gpointer               user_data);
char       *dyno_record_ask_finish  (GAsyncResult          *result,
                                     GError               **error);


G_END_DECLS
