/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-trace.h"

G_BEGIN_DECLS

/* dyno-trace-send.c. Takes the JSON of a span over. */
void     dyno_trace_push      (char       *json);
/* Whether one of this id is of the sampled part; FALSE where nothing is sent. */
gboolean dyno_trace_samples   (const char *trace_id);
gboolean dyno_trace_is_begun  (void);
gint64   dyno_trace_real_us   (void);
gint64   dyno_trace_monotonic_us (void);

G_END_DECLS
