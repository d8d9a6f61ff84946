/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-guard-stream.h"

/* Three small objects that GIO asks for: the pair, and its two halves. The halves borrow
 * the pair, which owns them. */

struct _DynoGuardStream
{
  GIOStream                   parent_instance;
  GIOStream                  *base;   /* (owned) */
  GInputStream               *input;  /* (owned) */
  GOutputStream              *output; /* (owned) */
  DynoGuard                  *guard;  /* (borrowed) */
  const DynoGuardStreamWatch *watch;
  gpointer                    data;   /* (borrowed) */
};

#define DYNO_TYPE_GUARD_INPUT (dyno_guard_input_get_type ())
G_DECLARE_FINAL_TYPE (DynoGuardInput, dyno_guard_input, DYNO, GUARD_INPUT, GInputStream)

struct _DynoGuardInput
{
  GInputStream          parent_instance;
  DynoGuardStream      *pair; /* (borrowed) */
  GPollableInputStream *base; /* (borrowed) the pair's */
};

#define DYNO_TYPE_GUARD_OUTPUT (dyno_guard_output_get_type ())
G_DECLARE_FINAL_TYPE (DynoGuardOutput, dyno_guard_output, DYNO, GUARD_OUTPUT, GOutputStream)

struct _DynoGuardOutput
{
  GOutputStream          parent_instance;
  DynoGuardStream       *pair; /* (borrowed) */
  GPollableOutputStream *base; /* (borrowed) the pair's */
};

static void guard_input_pollable_init (GPollableInputStreamInterface *interface);
static void guard_output_pollable_init (GPollableOutputStreamInterface *interface);

G_DEFINE_FINAL_TYPE (DynoGuardStream, dyno_guard_stream, G_TYPE_IO_STREAM)
G_DEFINE_FINAL_TYPE_WITH_CODE (DynoGuardInput, dyno_guard_input, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      guard_input_pollable_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (DynoGuardOutput, dyno_guard_output, G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      guard_output_pollable_init))

/* Ready without the socket: what is staged, or the end, waits to be read. A timeout can
 * bring it about, so the guard is asked at each turn of the loop. */

typedef struct
{
  GSource    source;
  DynoGuard *guard; /* (borrowed) the stream that is watched outlives the source */
} StagedSource;

static gboolean
is_staged (DynoGuard *guard)
{
  return dyno_guard_has_output (guard) || dyno_guard_is_over (guard);
}

static gboolean
staged_source_prepare (GSource *source,
                       int     *timeout)
{
  *timeout = -1;

  return is_staged (((StagedSource *) source)->guard);
}

static gboolean
staged_source_check (GSource *source)
{
  return is_staged (((StagedSource *) source)->guard);
}

static gboolean
staged_source_dispatch (GSource     *source,
                        GSourceFunc  callback,
                        gpointer     user_data)
{
  return callback != NULL ? callback (user_data) : G_SOURCE_REMOVE;
}

/* As a child, whose parent's callback is the one that counts. */
static gboolean
stay_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

static void
add_staged_source (GSource   *parent,
                   DynoGuard *guard)
{
  static GSourceFuncs funcs = { staged_source_prepare, staged_source_check, staged_source_dispatch };
  GSource *source = g_source_new (&funcs, sizeof (StagedSource));

  ((StagedSource *) source)->guard = guard;
  g_source_set_callback (source, stay_cb, NULL, NULL);
  g_source_add_child_source (parent, source);
  g_source_unref (source);
}

/* Input */

static gssize
no_blocking_call (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Only without blocking");

  return -1;
}

static gssize
guard_input_read (GInputStream *stream,
                  void         *buffer,
                  gsize         count,
                  GCancellable *cancellable,
                  GError      **error)
{
  return no_blocking_call (error);
}

static gssize
would_block (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "The client is waited for");

  return -1;
}

/* One read of the socket into the guard. FALSE: error, or nothing there. */
static gboolean
guard_input_fill (DynoGuardInput *self,
                  GError        **error)
{
  DynoGuardStream *pair = self->pair;
  gsize size;
  guint8 *room = dyno_guard_room (pair->guard, &size);
  gssize n;

  if (size == 0)
    return would_block (error) > 0;
  n = g_pollable_input_stream_read_nonblocking (self->base, room, size, NULL, error);
  if (n < 0)
    return FALSE;

  if (n > 0)
    dyno_guard_fill (pair->guard, n);
  else
    dyno_guard_end (pair->guard);
  pair->watch->moved (FALSE, pair->data);

  return TRUE;
}

static gssize
guard_input_read_nonblocking (GPollableInputStream *stream,
                              void                 *buffer,
                              gsize                 count,
                              GError              **error)
{
  DynoGuardInput *self = DYNO_GUARD_INPUT (stream);
  DynoGuard *guard = self->pair->guard;

  while (!dyno_guard_has_output (guard))
    {
      if (dyno_guard_is_over (guard))
        return 0;
      if (!guard_input_fill (self, error))
        return -1;
    }

  return dyno_guard_take (guard, buffer, count);
}

static gboolean
guard_input_is_readable (GPollableInputStream *stream)
{
  DynoGuardInput *self = DYNO_GUARD_INPUT (stream);
  DynoGuard *guard = self->pair->guard;

  return is_staged (guard)
         || (dyno_guard_wants_input (guard) && g_pollable_input_stream_is_readable (self->base));
}

static GSource *
guard_input_create_source (GPollableInputStream *stream,
                           GCancellable         *cancellable)
{
  DynoGuardInput *self = DYNO_GUARD_INPUT (stream);
  DynoGuard *guard = self->pair->guard;
  g_autoptr(GSource) base = NULL;
  GSource *source;

  if (dyno_guard_wants_input (guard))
    base = g_pollable_input_stream_create_source (self->base, NULL);
  source = g_pollable_source_new_full (stream, base, cancellable);
  add_staged_source (source, guard);

  return source;
}

static void
guard_input_pollable_init (GPollableInputStreamInterface *interface)
{
  interface->is_readable = guard_input_is_readable;
  interface->create_source = guard_input_create_source;
  interface->read_nonblocking = guard_input_read_nonblocking;
}

static void
dyno_guard_input_class_init (DynoGuardInputClass *class)
{
  G_INPUT_STREAM_CLASS (class)->read_fn = guard_input_read;
}

static void
dyno_guard_input_init (DynoGuardInput *self)
{
}

/* Output */

static gssize
guard_output_write (GOutputStream *stream,
                    const void    *buffer,
                    gsize          count,
                    GCancellable  *cancellable,
                    GError       **error)
{
  return no_blocking_call (error);
}

static gssize
guard_output_write_nonblocking (GPollableOutputStream *stream,
                                const void            *buffer,
                                gsize                  count,
                                GError               **error)
{
  DynoGuardOutput *self = DYNO_GUARD_OUTPUT (stream);
  DynoGuardStream *pair = self->pair;
  g_autoptr(GError) local = NULL;
  gssize n;

  if (dyno_guard_is_void (pair->guard))
    return count;
  n = g_pollable_output_stream_write_nonblocking (self->base, buffer, count, NULL, &local);
  if (n >= 0 || g_error_matches (local, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    pair->watch->moved (n < 0, pair->data);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));

  return n;
}

static gboolean
guard_output_is_writable (GPollableOutputStream *stream)
{
  return g_pollable_output_stream_is_writable (DYNO_GUARD_OUTPUT (stream)->base);
}

static GSource *
guard_output_create_source (GPollableOutputStream *stream,
                            GCancellable          *cancellable)
{
  g_autoptr(GSource) base = NULL;

  base = g_pollable_output_stream_create_source (DYNO_GUARD_OUTPUT (stream)->base, NULL);

  return g_pollable_source_new_full (stream, base, cancellable);
}

static void
guard_output_pollable_init (GPollableOutputStreamInterface *interface)
{
  interface->is_writable = guard_output_is_writable;
  interface->create_source = guard_output_create_source;
  interface->write_nonblocking = guard_output_write_nonblocking;
}

static void
dyno_guard_output_class_init (DynoGuardOutputClass *class)
{
  G_OUTPUT_STREAM_CLASS (class)->write_fn = guard_output_write;
}

static void
dyno_guard_output_init (DynoGuardOutput *self)
{
}

/* The pair */

static GInputStream *
guard_stream_get_input_stream (GIOStream *stream)
{
  return DYNO_GUARD_STREAM (stream)->input;
}

static GOutputStream *
guard_stream_get_output_stream (GIOStream *stream)
{
  return DYNO_GUARD_STREAM (stream)->output;
}

static gboolean
guard_stream_close (GIOStream    *stream,
                    GCancellable *cancellable,
                    GError      **error)
{
  DynoGuardStream *self = DYNO_GUARD_STREAM (stream);

  self->watch->closed (self->data);

  return TRUE;
}

static void
dyno_guard_stream_finalize (GObject *object)
{
  DynoGuardStream *self = DYNO_GUARD_STREAM (object);

  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_object (&self->base);

  G_OBJECT_CLASS (dyno_guard_stream_parent_class)->finalize (object);
}

static void
dyno_guard_stream_class_init (DynoGuardStreamClass *class)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = dyno_guard_stream_finalize;
  stream_class->get_input_stream = guard_stream_get_input_stream;
  stream_class->get_output_stream = guard_stream_get_output_stream;
  stream_class->close_fn = guard_stream_close;
}

static void
dyno_guard_stream_init (DynoGuardStream *self)
{
}

GIOStream *
dyno_guard_stream_new (GIOStream                  *base,
                       DynoGuard                  *guard,
                       const DynoGuardStreamWatch *watch,
                       gpointer                    data)
{
  DynoGuardStream *self = g_object_new (DYNO_TYPE_GUARD_STREAM, NULL);
  DynoGuardInput *input = g_object_new (DYNO_TYPE_GUARD_INPUT, NULL);
  DynoGuardOutput *output = g_object_new (DYNO_TYPE_GUARD_OUTPUT, NULL);

  input->pair = self;
  input->base = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (base));
  output->pair = self;
  output->base = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (base));
  self->base = g_object_ref (base);
  self->input = G_INPUT_STREAM (input);
  self->output = G_OUTPUT_STREAM (output);
  self->guard = guard;
  self->watch = watch;
  self->data = data;

  return G_IO_STREAM (self);
}
