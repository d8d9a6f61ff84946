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
  int                   fd;   /* of a plain connection; -1: TLS */
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

/* One source for both that can make a read worth while: the socket, and what is staged
 * already, which a timeout can bring about and the guard is therefore asked for at each
 * turn of the loop. A plain socket is polled by this very source, as each source below
 * another costs the loop two system calls a request. */

typedef struct
{
  GSource               source;
  GPollableInputStream *stream; /* (owned) */
  DynoGuard            *guard;  /* (borrowed) the stream's */
} InputSource;

static gboolean
is_staged (DynoGuard *guard)
{
  return dyno_guard_has_output (guard) || dyno_guard_is_over (guard);
}

static gboolean
input_source_prepare (GSource *source,
                      int     *timeout)
{
  *timeout = -1;

  return is_staged (((InputSource *) source)->guard);
}

static gboolean
input_source_dispatch (GSource     *source,
                       GSourceFunc  callback,
                       gpointer     user_data)
{
  GPollableSourceFunc func = (GPollableSourceFunc) (void (*) (void)) callback;

  return func (G_OBJECT (((InputSource *) source)->stream), user_data);
}

static void
input_source_finalize (GSource *source)
{
  g_object_unref (((InputSource *) source)->stream);
}

/* Under libsoup's own source it is the parent's callback that counts. */
static gboolean
input_source_closure_cb (GObject *stream,
                         gpointer closure)
{
  return G_SOURCE_CONTINUE;
}

static GSource *
input_source_new (GPollableInputStream *stream,
                  DynoGuard            *guard)
{
  static GSourceFuncs funcs = {
    .prepare = input_source_prepare,
    .dispatch = input_source_dispatch,
    .finalize = input_source_finalize,
    .closure_callback = G_SOURCE_FUNC (input_source_closure_cb),
    .closure_marshal = (GSourceDummyMarshal) (void (*) (void)) g_cclosure_marshal_generic,
  };
  GSource *source = g_source_new (&funcs, sizeof (InputSource));

  ((InputSource *) source)->stream = g_object_ref (stream);
  ((InputSource *) source)->guard = guard;
  g_source_set_can_recurse (source, TRUE);

  return source;
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
  GSource *source = input_source_new (stream, guard);

  if (!dyno_guard_wants_input (guard))
    return source;
  if (self->fd >= 0)
    g_source_add_unix_fd (source, self->fd, G_IO_IN);
  else
    {
      g_autoptr(GSource) base = g_pollable_input_stream_create_source (self->base, NULL);

      g_source_set_dummy_callback (base);
      g_source_add_child_source (source, base);
    }

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
  input->fd = -1;
  if (G_IS_SOCKET_CONNECTION (base))
    input->fd = g_socket_get_fd (g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)));
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
