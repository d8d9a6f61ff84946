/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Whether a trace is worth sending is known when its root ends. Until then the spans
 * below it wait, printed, in the tree that they share; afterwards they go the way of
 * the root at once. */

#include "config.h"

#include "dyno-trace.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-json.h"
#include "dyno-log.h"
#include "dyno-metrics.h"
#include "dyno-trace-private.h"

#define SLOW_US G_USEC_PER_SEC
#define MAX_WAITING 256 /* of a tree; more are dropped */

typedef enum
{
  TREE_OPEN,
  TREE_SENT,
  TREE_LEFT,
} TreeState;

typedef struct
{
  gatomicrefcount n_refs;
  GMutex          lock;
  TreeState       state;     /* (lock) */
  gboolean        has_error; /* (lock) */
  GPtrArray      *waiting;   /* (owned) (lock) of char *, printed spans */
} Tree;

struct _DynoSpan
{
  Tree            *tree;       /* (owned) */
  DynoTraceContext context;
  char             parent_id[17]; /* "" none */
  gboolean         is_root;
  DynoSpanKind     kind;
  char            *name;       /* (owned) */
  gint64           real_us;    /* of the start */
  gint64           start_us;   /* monotonic */
  gboolean         is_failed;
  char            *message;    /* (owned) (nullable) */
  DynoJsonWriter  *attributes; /* (owned) an open array */
  DynoJsonWriter  *events;     /* (owned) an open array */
};

/* W3C */

static gboolean
is_hex (const char *text,
        gsize       n)
{
  gboolean has_other = FALSE;

  for (gsize i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (text[i]) && !(text[i] >= 'a' && text[i] <= 'f'))
        return FALSE;
      has_other |= text[i] != '0';
    }

  return has_other || n == 2;
}

static gboolean
is_good_state (const char *text)
{
  gsize n = strnlen (text, 513);

  if (n == 0 || n > 512)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      if (text[i] < 0x20 || text[i] > 0x7e)
        return FALSE;
    }

  return strchr (text, '=') != NULL;
}

gboolean
dyno_trace_parse (const char       *traceparent,
                  const char       *tracestate,
                  DynoTraceContext *context)
{
  memset (context, 0, sizeof *context);
  if (traceparent == NULL || strnlen (traceparent, 56) != 55
      || strncmp (traceparent, "00-", 3) != 0 || traceparent[35] != '-' || traceparent[52] != '-'
      || !is_hex (traceparent + 3, 32) || !is_hex (traceparent + 36, 16)
      || !is_hex (traceparent + 53, 2))
    return FALSE;

  memcpy (context->trace_id, traceparent + 3, 32);
  memcpy (context->span_id, traceparent + 36, 16);
  context->is_sampled = (g_ascii_xdigit_value (traceparent[54]) & 1) != 0;
  if (tracestate != NULL && is_good_state (tracestate))
    g_strlcpy (context->trace_state, tracestate, sizeof context->trace_state);

  return TRUE;
}

char *
dyno_trace_print (const DynoTraceContext *context)
{
  return g_strdup_printf ("00-%s-%s-%02x", context->trace_id, context->span_id,
                          context->is_sampled ? 1 : 0);
}

/* `n` bytes of chance, not all of them 0, as hex. */
static void
make_id (char *text,
         gsize n)
{
  guint8 bytes[16];

  do
    dyno_crypt_random (bytes, n);
  while (bytes[0] == 0);
  for (gsize i = 0; i < n; i++)
    g_snprintf (text + 2 * i, 3, "%02x", bytes[i]);
}

/* Trees */

static Tree *
tree_new (void)
{
  Tree *self = g_new0 (Tree, 1);

  g_atomic_ref_count_init (&self->n_refs);
  g_mutex_init (&self->lock);
  self->waiting = g_ptr_array_new_with_free_func (g_free);

  return self;
}

static void
tree_unref (Tree *self)
{
  if (!g_atomic_ref_count_dec (&self->n_refs))
    return;

  g_ptr_array_unref (self->waiting);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Takes `json` over. */
static void
tree_take (Tree *self,
           char *json)
{
  TreeState state;
  gboolean is_kept;

  g_mutex_lock (&self->lock);
  state = self->state;
  is_kept = state == TREE_OPEN && self->waiting->len < MAX_WAITING;
  if (is_kept)
    g_ptr_array_add (self->waiting, json);
  g_mutex_unlock (&self->lock);

  if (is_kept)
    return;
  if (state == TREE_SENT)
    {
      dyno_trace_push (json);
      return;
    }
  if (state == TREE_OPEN)
    dyno_metrics_add (DYNO_METRIC_TRACE_DROPPED, 1, NULL);
  g_free (json);
}

/* The root has ended. */
static void
tree_decide (Tree     *self,
             gboolean  is_sent)
{
  g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func (g_free);

  g_mutex_lock (&self->lock);
  self->state = is_sent || self->has_error ? TREE_SENT : TREE_LEFT;
  is_sent = self->state == TREE_SENT;
  g_ptr_array_extend_and_steal (waiting, g_steal_pointer (&self->waiting));
  self->waiting = g_ptr_array_new_with_free_func (g_free);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; is_sent && i < waiting->len; i++)
    dyno_trace_push (g_steal_pointer (&waiting->pdata[i]));
}

/* Spans */

static DynoJsonWriter *
open_array (void)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_array (w);

  return w;
}

static DynoSpan *
span_new (const char  *name,
          DynoSpanKind kind)
{
  DynoSpan *self = g_new0 (DynoSpan, 1);

  self->name = dyno_log_redact (name);
  self->kind = kind;
  self->real_us = dyno_trace_real_us ();
  self->start_us = dyno_trace_monotonic_us ();
  self->attributes = open_array ();
  self->events = open_array ();
  make_id (self->context.span_id, 8);

  return self;
}

DynoSpan *
dyno_span_new (const char             *name,
               DynoSpanKind            kind,
               const DynoTraceContext *remote)
{
  DynoSpan *self = span_new (name, kind);

  self->is_root = TRUE;
  self->tree = tree_new ();
  if (remote != NULL && remote->trace_id[0] != '\0')
    {
      memcpy (self->context.trace_id, remote->trace_id, sizeof remote->trace_id);
      memcpy (self->parent_id, remote->span_id, sizeof remote->span_id);
      memcpy (self->context.trace_state, remote->trace_state, sizeof remote->trace_state);
    }
  else
    {
      make_id (self->context.trace_id, 16);
    }
  self->context.is_sampled = dyno_trace_samples (self->context.trace_id);

  return self;
}

DynoSpan *
dyno_span_new_child (DynoSpan     *parent,
                     const char   *name,
                     DynoSpanKind  kind)
{
  DynoSpan *self;
  char id[17];

  if (parent == NULL)
    return NULL;

  self = span_new (name, kind);
  memcpy (id, self->context.span_id, sizeof id);
  self->context = parent->context;
  memcpy (self->context.span_id, id, sizeof id);
  memcpy (self->parent_id, parent->context.span_id, sizeof self->parent_id);
  g_atomic_ref_count_inc (&parent->tree->n_refs);
  self->tree = parent->tree;

  return self;
}

const DynoTraceContext *
dyno_span_get_context (DynoSpan *self)
{
  return self != NULL ? &self->context : NULL;
}

/* {"key":…,"value":{ and, by the caller, the value and two braces. */
static void
begin_attribute (DynoJsonWriter *w,
                 const char     *key)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "key", key);
  dyno_json_writer_name (w, "value");
  dyno_json_writer_begin_object (w);
}

static void
end_attribute (DynoJsonWriter *w)
{
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
}

static void
add_text (DynoJsonWriter *w,
          const char     *key,
          const char     *value)
{
  g_autofree char *clean
    = dyno_log_is_secret_name (key) ? g_strdup ("[secret]") : dyno_log_redact (value);

  begin_attribute (w, key);
  dyno_json_writer_add_string (w, "stringValue", clean);
  end_attribute (w);
}

void
dyno_span_set_text (DynoSpan   *self,
                    const char *key,
                    const char *value)
{
  if (self != NULL && value != NULL)
    add_text (self->attributes, key, value);
}

static void
add_decimal (DynoJsonWriter *w,
             const char     *name,
             gint64          value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  dyno_json_writer_add_string (w, name, text);
}

void
dyno_span_set_integer (DynoSpan   *self,
                       const char *key,
                       gint64      value)
{
  if (self == NULL)
    return;

  begin_attribute (self->attributes, key);
  add_decimal (self->attributes, "intValue", value);
  end_attribute (self->attributes);
}

void
dyno_span_set_number (DynoSpan   *self,
                      const char *key,
                      double      value)
{
  if (self == NULL || !isfinite (value))
    return;

  begin_attribute (self->attributes, key);
  dyno_json_writer_add_number (self->attributes, "doubleValue", value);
  end_attribute (self->attributes);
}

void
dyno_span_set_boolean (DynoSpan   *self,
                       const char *key,
                       gboolean    value)
{
  if (self == NULL)
    return;

  begin_attribute (self->attributes, key);
  dyno_json_writer_add_boolean (self->attributes, "boolValue", value);
  end_attribute (self->attributes);
}

/* µs since the start of the span as ns since 1970. */
static gint64
ns_of (const DynoSpan *self,
       gint64          monotonic_us)
{
  return (self->real_us + monotonic_us - self->start_us) * 1000;
}

void
dyno_span_add_event (DynoSpan   *self,
                     const char *name,
                     const char *detail)
{
  g_autofree char *clean = NULL;

  if (self == NULL)
    return;

  clean = dyno_log_redact (name);
  dyno_json_writer_begin_object (self->events);
  add_decimal (self->events, "timeUnixNano", ns_of (self, dyno_trace_monotonic_us ()));
  dyno_json_writer_add_string (self->events, "name", clean);
  if (detail != NULL)
    {
      dyno_json_writer_name (self->events, "attributes");
      dyno_json_writer_begin_array (self->events);
      add_text (self->events, "detail", detail);
      dyno_json_writer_end_array (self->events);
    }
  dyno_json_writer_end_object (self->events);
}

void
dyno_span_fail (DynoSpan   *self,
                const char *message)
{
  if (self == NULL)
    return;

  g_free (self->message);
  self->message = message != NULL ? dyno_log_redact (message) : NULL;
  self->is_failed = TRUE;
  g_mutex_lock (&self->tree->lock);
  self->tree->has_error = TRUE;
  g_mutex_unlock (&self->tree->lock);
}

static void
add_array (DynoJsonWriter  *w,
           const char      *name,
           DynoJsonWriter **array)
{
  g_autofree char *text = NULL;

  dyno_json_writer_end_array (*array);
  text = dyno_json_writer_finish (g_steal_pointer (array));
  dyno_json_writer_name (w, name);
  dyno_json_writer_raw (w, text);
}

static void
add_status (DynoJsonWriter *w,
            const DynoSpan *self)
{
  dyno_json_writer_name (w, "status");
  dyno_json_writer_begin_object (w);
  if (self->is_failed)
    dyno_json_writer_add_integer (w, "code", 2);
  if (self->message != NULL)
    dyno_json_writer_add_string (w, "message", self->message);
  dyno_json_writer_end_object (w);
}

static char *
span_print (DynoSpan *self,
            gint64    end_us)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "traceId", self->context.trace_id);
  dyno_json_writer_add_string (w, "spanId", self->context.span_id);
  if (self->context.trace_state[0] != '\0')
    dyno_json_writer_add_string (w, "traceState", self->context.trace_state);
  if (self->parent_id[0] != '\0')
    dyno_json_writer_add_string (w, "parentSpanId", self->parent_id);
  dyno_json_writer_add_string (w, "name", self->name);
  dyno_json_writer_add_integer (w, "kind", self->kind);
  add_decimal (w, "startTimeUnixNano", self->real_us * 1000);
  add_decimal (w, "endTimeUnixNano", ns_of (self, end_us));
  add_array (w, "attributes", &self->attributes);
  add_array (w, "events", &self->events);
  add_status (w, self);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static void
span_free (DynoSpan *self)
{
  tree_unref (self->tree);
  g_clear_pointer (&self->attributes, dyno_json_writer_free);
  g_clear_pointer (&self->events, dyno_json_writer_free);
  g_free (self->name);
  g_free (self->message);
  g_free (self);
}

void
dyno_span_end (DynoSpan *self)
{
  gint64 end_us;

  if (self == NULL)
    return;

  end_us = dyno_trace_monotonic_us ();
  if (dyno_trace_is_begun ())
    {
      tree_take (self->tree, span_print (self, end_us));
      if (self->is_root)
        tree_decide (self->tree,
                     self->context.is_sampled || end_us - self->start_us > SLOW_US);
    }
  span_free (self);
}
