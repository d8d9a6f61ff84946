/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-recording.h"

G_BEGIN_DECLS

/* dyno-recording-note.c: records for the journal. (transfer full) */
GBytes  *dyno_recording_note_begin (const DynoRecording *self,
                                    gint64               now_us);
GBytes  *dyno_recording_note_end   (const DynoRecording *self,
                                    gint64               now_us);

/* dyno-recording-close.c: on GLib's pool, answers to the thread default context.
 * Takes journal and take over. */
void     dyno_recording_close_async  (DynoRecording       *self,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data);
/* The run as the book has it. (transfer full) */
DynoRun *dyno_recording_close_finish (GAsyncResult   *result,
                                      GError        **error);

G_END_DECLS
