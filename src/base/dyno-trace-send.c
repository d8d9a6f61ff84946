/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* One batch is under way at a time. It leaves after 5 s or when 512 spans wait, packed
 * by gzip; 429, 502, 503 and 504 are tried again, twice, everything else ends it. */

#include "config.h"

#include "dyno-trace-private.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-http.h"
#include "dyno-metrics.h"

#define EVERY_MS 5000
#define TIMEOUT_MS 10000
#define MAX_ATTEMPTS 3
#define MAX_WAIT_S 60

typedef struct
{
  char         *url;         /* (owned) */
  GStrv         networks;    /* (owned) (nullable) */
  char         *head;        /* (owned) of a body, up to the spans */
  double        sample;
  DynoClock    *clock;       /* (borrowed) */
  GMainContext *context;     /* (owned) */
  GCancellable *cancellable; /* (owned) of the batch under way */
  GSource      *timer;       /* (owned) (the context's thread) */
  GSource      *retry;       /* (owned) (nullable) (the context's thread) */
  GBytes       *batch;       /* (owned) (nullable) (the context's thread) under way, packed */
  guint         n_batch;     /* (the context's thread) spans in it */
  guint         n_attempts;  /* (the context's thread) */
  GPtrArray    *flushes;     /* (owned) (the context's thread) of GTask */
  GQueue        queue;       /* (lock) of char * */
  gboolean      is_hurried;  /* (lock) a sending at once is due */
  gatomicrefcount n_refs;
} Sender;

static GMutex lock;
static Sender *sender;       /* (owned) (lock) (nullable) */

static void send_next (Sender *self);

static void
sender_unref (gpointer data)
{
  Sender *self = data;

  if (!g_atomic_ref_count_dec (&self->n_refs))
    return;

  g_queue_clear_full (&self->queue, g_free);
  g_ptr_array_unref (self->flushes);
  g_clear_pointer (&self->batch, g_bytes_unref);
  g_object_unref (self->cancellable);
  g_main_context_unref (self->context);
  g_strfreev (self->networks);
  g_free (self->head);
  g_free (self->url);
  g_free (self);
}

static Sender *
sender_ref (Sender *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

/* (transfer full) (nullable) */
static Sender *
ref_sender (void)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  return sender != NULL ? sender_ref (sender) : NULL;
}

static void
drop (guint64 n)
{
  dyno_metrics_add (DYNO_METRIC_TRACE_DROPPED, n, NULL);
}

gboolean
dyno_trace_is_begun (void)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  return sender != NULL;
}

static DynoClock *
get_clock (void)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  return sender != NULL ? sender->clock : dyno_clock_get_system ();
}

gint64
dyno_trace_real_us (void)
{
  return dyno_clock_real_us (get_clock ());
}

gint64
dyno_trace_monotonic_us (void)
{
  return dyno_clock_monotonic_us (get_clock ());
}

/* The last 7 bytes of an id are chance (W3C level 2): as a number of 0…1. */
gboolean
dyno_trace_samples (const char *trace_id)
{
  double share = (double) (g_ascii_strtoull (trace_id + 18, NULL, 16)) / pow (2, 56);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  return sender != NULL && share < sender->sample;
}

/* The context's thread */

static GBytes *
pack (const char *text,
      gsize       length)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GZlibCompressor) packer = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
  g_autoptr(GOutputStream) packed
    = g_converter_output_stream_new (memory, G_CONVERTER (packer));

  g_output_stream_write_all (packed, text, length, NULL, NULL, NULL);
  g_output_stream_close (packed, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* FALSE: nothing waits. */
static gboolean
take_batch (Sender *self)
{
  g_autoptr(GString) body = g_string_new (self->head);
  guint n = 0;

  g_mutex_lock (&lock);
  self->is_hurried = FALSE;
  while (n < DYNO_TRACE_BATCH && !g_queue_is_empty (&self->queue))
    {
      g_autofree char *span = g_queue_pop_head (&self->queue);

      if (n++ > 0)
        g_string_append_c (body, ',');
      g_string_append (body, span);
    }
  g_mutex_unlock (&lock);
  if (n == 0)
    return FALSE;

  g_string_append (body, "]}]}]}");
  self->batch = pack (body->str, body->len);
  self->n_batch = n;
  self->n_attempts = 0;

  return TRUE;
}

static void
answer_flushes (Sender *self)
{
  for (guint i = 0; i < self->flushes->len; i++)
    g_task_return_boolean (g_ptr_array_index (self->flushes, i), TRUE);
  g_ptr_array_set_size (self->flushes, 0);
}

static void
end_batch (Sender   *self,
           gboolean  is_sent)
{
  if (!is_sent)
    drop (self->n_batch);
  g_clear_pointer (&self->batch, g_bytes_unref);
  if (!g_cancellable_is_cancelled (self->cancellable))
    send_next (self);
}

static void replied_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data);

static void
send_batch (Sender *self)
{
  static const char *const headers[] = { "Content-Encoding", "gzip", NULL };
  DynoHttpRequest request = { .method = "POST",
                              .url = self->url,
                              .headers = headers,
                              .content_type = "application/json",
                              .body = self->batch,
                              .networks = (const char *const *) self->networks,
                              .timeout_ms = TIMEOUT_MS };

  self->n_attempts++;
  dyno_http_send_async (&request, self->cancellable, replied_cb, sender_ref (self));
}

static gboolean
retry_cb (gpointer data)
{
  Sender *self = data;

  g_clear_pointer (&self->retry, g_source_unref);
  send_batch (self);

  return G_SOURCE_REMOVE;
}

/* Chance of up to 2^(k−1) s after the k-th attempt, or as long as was asked for. */
static guint
wait_ms (const Sender        *self,
         const DynoHttpReply *reply)
{
  guint32 chance;
  double most_s = (double) (1u << (self->n_attempts - 1));

  dyno_crypt_random (&chance, sizeof chance);
  if (reply->retry_after_s > 0)
    return (guint) MIN (reply->retry_after_s, MAX_WAIT_S) * 1000;

  return (guint) (most_s * 1000 * chance / G_MAXUINT32);
}

static void
replied_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Sender *self = user_data;
  g_autoptr(DynoHttpReply) reply = dyno_http_send_finish (result, NULL);

  if (reply != NULL && dyno_http_may_retry (reply, NULL) && self->n_attempts < MAX_ATTEMPTS
      && !g_cancellable_is_cancelled (self->cancellable))
    {
      self->retry = g_timeout_source_new (wait_ms (self, reply));
      g_source_set_callback (self->retry, retry_cb, sender_ref (self), sender_unref);
      g_source_attach (self->retry, self->context);
    }
  else
    {
      end_batch (self, reply != NULL && reply->status >= 200 && reply->status < 300);
    }
  sender_unref (self);
}

static void
send_next (Sender *self)
{
  if (self->batch != NULL)
    return;

  if (take_batch (self))
    send_batch (self);
  else
    answer_flushes (self);
}

static gboolean
timer_cb (gpointer data)
{
  send_next (data);

  return G_SOURCE_CONTINUE;
}

static gboolean
hurry_cb (gpointer data)
{
  send_next (data);

  return G_SOURCE_REMOVE;
}

/* Any thread */

static void
hurry (Sender *self)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_callback (source, hurry_cb, sender_ref (self), sender_unref);
  g_source_attach (source, self->context);
}

void
dyno_trace_push (char *json)
{
  gboolean is_due = FALSE;
  Sender *self = NULL;

  g_mutex_lock (&lock);
  if (sender != NULL && sender->queue.length < DYNO_TRACE_QUEUE)
    {
      g_queue_push_tail (&sender->queue, g_steal_pointer (&json));
      is_due = sender->queue.length >= DYNO_TRACE_BATCH && !sender->is_hurried;
      sender->is_hurried |= is_due;
      self = is_due ? sender_ref (sender) : NULL;
    }
  g_mutex_unlock (&lock);

  if (json != NULL)
    drop (1);
  g_free (json);
  if (self == NULL)
    return;
  hurry (self);
  sender_unref (self);
}

static void
add_attribute (GString    *text,
               const char *key,
               const char *value)
{
  g_string_append_printf (text, "%s{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s\"}}",
                          g_str_has_suffix (text->str, "[") ? "" : ",", key, value);
}

static char *
make_head (const char *environment)
{
  GString *text = g_string_new ("{\"resourceSpans\":[{\"resource\":{\"attributes\":[");

  add_attribute (text, "service.name", "dynoai");
  add_attribute (text, "service.version", DYNO_VERSION);
  if (environment != NULL)
    add_attribute (text, "deployment.environment", environment);
  g_string_append (text, "]},\"scopeSpans\":[{\"scope\":{\"name\":\"dynoai\",\"version\":\""
                         DYNO_VERSION "\"},\"spans\":[");

  return g_string_free (text, FALSE);
}

static Sender *
sender_new (const DynoTraceConfig *config)
{
  Sender *self = g_new0 (Sender, 1);

  g_atomic_ref_count_init (&self->n_refs);
  self->url = g_strconcat (config->endpoint,
                           g_str_has_suffix (config->endpoint, "/") ? "v1/traces" : "/v1/traces",
                           NULL);
  self->networks = g_strdupv ((char **) config->networks);
  self->head = make_head (config->environment);
  self->sample = config->sample;
  self->clock = config->clock != NULL ? config->clock : dyno_clock_get_system ();
  self->context = config->context != NULL ? g_main_context_ref (config->context)
                                          : g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->flushes = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_init (&self->queue);

  return self;
}

gboolean
dyno_trace_begin (const DynoTraceConfig  *config,
                  GError                **error)
{
  Sender *self;

  if (!dyno_http_check_url (config->endpoint, error))
    return FALSE;

  dyno_trace_end ();
  self = sender_new (config);
  self->timer = g_timeout_source_new (config->every_ms > 0 ? config->every_ms : EVERY_MS);
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, self->context);
  g_mutex_lock (&lock);
  sender = self;
  g_mutex_unlock (&lock);

  return TRUE;
}

void
dyno_trace_flush_async (GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Sender *self = ref_sender ();

  g_task_set_source_tag (task, dyno_trace_flush_async);
  if (self == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_ptr_array_add (self->flushes, g_steal_pointer (&task));
  send_next (self);
  sender_unref (self);
}

void
dyno_trace_flush_finish (GAsyncResult *result)
{
  g_return_if_fail (g_async_result_is_tagged (result, dyno_trace_flush_async));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

void
dyno_trace_end (void)
{
  Sender *self;

  g_mutex_lock (&lock);
  self = g_steal_pointer (&sender);
  g_mutex_unlock (&lock);
  if (self == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (self->retry != NULL)
    {
      GSource *retry = g_steal_pointer (&self->retry);

      drop (self->n_batch);
      g_source_destroy (retry);
      g_source_unref (retry);
    }
  drop (self->queue.length);
  answer_flushes (self);
  sender_unref (self);
}
