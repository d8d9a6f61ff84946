/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-clock.h"

G_BEGIN_DECLS

/* Traces (service.md 7.2): spans by the rules of W3C Trace Context, sent as OTLP over
 * HTTP in its JSON form. Of a tree of spans all or none are sent: those of a tenth of
 * the traces by their id, those whose root failed, and those whose root took more than
 * a second. What the queue does not hold is dropped and counted. Where nothing was
 * begun, spans still have their ids but go nowhere.
 *
 * Any thread; a span itself belongs to one thread at a time. */

/* Where one is in a trace. */
typedef struct
{
  char     trace_id[33];    /* lower case hex */
  char     span_id[17];
  gboolean is_sampled;
  char     trace_state[513]; /* as it came; "" none */
} DynoTraceContext;

/* From the heads of a request (both nullable). FALSE: there is no good traceparent, and
 * a new trace is to be begun; `context` is empty then. A bad or long tracestate is
 * dropped alone. */
gboolean dyno_trace_parse       (const char             *traceparent,
                                 const char             *tracestate,
                                 DynoTraceContext       *context);
/* "00-<trace>-<span>-<flags>". (transfer full) */
char    *dyno_trace_print       (const DynoTraceContext *context);

typedef enum
{
  DYNO_SPAN_INTERNAL = 1, /* numbers of OTLP */
  DYNO_SPAN_SERVER = 2,
  DYNO_SPAN_CLIENT = 3,
} DynoSpanKind;

typedef struct _DynoSpan DynoSpan;

/* The root of what this program does; `remote` (nullable) is who asked for it. `name`
 * is a template, never what a person wrote. */
DynoSpan               *dyno_span_new         (const char             *name,
                                               DynoSpanKind            kind,
                                               const DynoTraceContext *remote);
/* A part of `parent`; may outlive it. NULL where `parent` is NULL, and every function
 * below takes NULL for nothing to do. */
DynoSpan               *dyno_span_new_child   (DynoSpan               *parent,
                                               const char             *name,
                                               DynoSpanKind            kind);
/* For the heads of a request of our own, and the log. */
const DynoTraceContext *dyno_span_get_context (DynoSpan               *self);

/* Secrets are struck out of texts, as in the log. */
void dyno_span_set_text    (DynoSpan   *self,
                            const char *key,
                            const char *value);
void dyno_span_set_integer (DynoSpan   *self,
                            const char *key,
                            gint64      value);
void dyno_span_set_number  (DynoSpan   *self,
                            const char *key,
                            double      value);
void dyno_span_set_boolean (DynoSpan   *self,
                            const char *key,
                            gboolean    value);
/* Something that happened now; `detail` (nullable). */
void dyno_span_add_event   (DynoSpan   *self,
                            const char *name,
                            const char *detail);
/* It failed; the trace is sent. `message` (nullable) */
void dyno_span_fail        (DynoSpan   *self,
                            const char *message);
/* Ends and frees it. */
void dyno_span_end         (DynoSpan   *self);

/* Sending */

typedef struct
{
  const char        *endpoint;    /* "http://127.0.0.1:4318"; /v1/traces is added */
  const char *const *networks;    /* (nullable) as DynoHttpRequest */
  double             sample;      /* 0…1 of the traces */
  const char        *environment; /* (nullable) "production" */
  GMainContext      *context;     /* where it sends; NULL: the caller's */
  DynoClock         *clock;       /* (nullable) */
  guint              every_ms;    /* 0: 5 s */
} DynoTraceConfig;

#define DYNO_TRACE_QUEUE 2048
#define DYNO_TRACE_BATCH 512

/* Once, by the face that has a loop; INVALID "url". Ends what was begun before. */
gboolean dyno_trace_begin        (const DynoTraceConfig *config,
                                  GError               **error);
/* Sends what waits now; answers when it has been tried. On the thread of the context. */
void     dyno_trace_flush_async  (GAsyncReadyCallback    callback,
                                  gpointer               user_data);
void     dyno_trace_flush_finish (GAsyncResult          *result);
/* On the thread of the context. What still waits is dropped. */
void     dyno_trace_end          (void);

G_END_DECLS
