/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-test-api.h"

G_BEGIN_DECLS

/* A client of server-sent events, with a connection of its own. Reading blocks; a client that
 * waits longer than 30 s fails the test. */

typedef struct _DynoTestStream DynoTestStream;

typedef struct
{
  char     *id;    /* (owned) (nullable) */
  char     *event; /* (owned) */
  DynoJson *data;  /* (owned) */
} DynoTestEvent;

void            dyno_test_event_free        (DynoTestEvent   *event);
/* The number of its id. */
guint64         dyno_test_event_seq         (DynoTestEvent   *event);

/* Headers as dyno_test_api_ask (). */
DynoTestStream *dyno_test_stream_open       (DynoTestApi     *api,
                                             const char      *target,
                                             ...) G_GNUC_NULL_TERMINATED;
/* Breaks the connection off. */
void            dyno_test_stream_free       (DynoTestStream  *self);
guint           dyno_test_stream_get_status (DynoTestStream  *self);
const char     *dyno_test_stream_get_header (DynoTestStream  *self,
                                             const char      *name);
/* The error body where the status is no success. (transfer none) */
DynoJson       *dyno_test_stream_get_problem (DynoTestStream *self);

/* Comments are passed over. NULL: the stream has ended. */
DynoTestEvent  *dyno_test_stream_next       (DynoTestStream  *self);
/* The next of that name; fails the test where the stream ends before. */
DynoTestEvent  *dyno_test_stream_wait       (DynoTestStream  *self,
                                             const char      *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestEvent, dyno_test_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestStream, dyno_test_stream_free)

G_END_DECLS
