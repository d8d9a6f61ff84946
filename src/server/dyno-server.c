/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-server.h"

#include <sys/resource.h>

#include "dyno-accept.h"
#include "dyno-connection-private.h"
#include "dyno-listening.h"
#include "dyno-roster.h"

/* start: listeners in the caller, so that their errors are its own; then the thread.
 * stop: a source in the thread's context; the loop ends when the last connection has gone
 * or the time is up. All that stands below "thread dyno-server" runs there alone. */

#define FDS_PER_CONNECTION 4

struct _DynoServer
{
  gatomicrefcount      ref_count;
  DynoServerCallbacks  callbacks;
  gpointer             data;           /* (borrowed) */
  char               **addresses;      /* (owned) */
  guint16              port;
  guint16              lan_port;
  char                *admin_path;     /* (owned) (nullable) */
  char                *runtime_folder; /* (owned) */
  const DynoPatience  *patience;       /* (borrowed) */

  DynoServerCounts     counts;         /* (atomic) each */
  _Atomic int          state;          /* (atomic) DynoServerState */
  _Atomic guint16      ports[DYNO_N_LISTENERS]; /* (atomic) each */
  GMainContext        *context;        /* (owned) */
  GThread             *thread;         /* (owned) (nullable) */

  GMutex               door;
  GTlsCertificate     *certificate;    /* (owned) (nullable) (lock door) */
  GPtrArray           *stoppers;       /* (owned) of GTask (lock door) */
  guint                drain_ms;       /* (lock door) */
  gboolean             has_ended;      /* (lock door) no stopper is taken any more */

  GMainLoop           *loop;           /* (owned) (thread dyno-server) from here */
  GPtrArray           *listeners;      /* (owned) (nullable) until they are accepted on */
  GSocket             *keeper;         /* (owned) libsoup's own listener */
  SoupServer          *soup;           /* (owned) */
  DynoRoster          *roster;         /* (owned) */
  DynoAccept          *accept;         /* (owned) (nullable) until the drain */
  GSource             *drain;          /* (owned) (nullable) its end */
};

/* thread dyno-server */

static void
set_state (DynoServer      *self,
           DynoServerState  state)
{
  self->state = state;
  if (self->callbacks.state != NULL)
    self->callbacks.state (self, state, self->data);
}

static void
head_cb (SoupServer        *soup,
         SoupServerMessage *message,
         const char        *path,
         GHashTable        *query,
         gpointer           data)
{
  dyno_connection_head_came (dyno_connection_of (message), message);
}

static void
body_cb (SoupServer        *soup,
         SoupServerMessage *message,
         const char        *path,
         GHashTable        *query,
         gpointer           data)
{
  dyno_connection_body_came (dyno_connection_of (message), message);
}

static void
reply_left_cb (SoupServer        *soup,
               SoupServerMessage *message,
               gpointer           data)
{
  DynoConnection *connection = dyno_connection_of (message);

  if (connection != NULL)
    dyno_connection_reply_left (connection, message);
}

static GTlsCertificate *
current_certificate (DynoServer *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->door);

  return g_object_ref (self->certificate);
}

static void
accepted_cb (GSocket          *socket,
             DynoListenerKind  kind,
             guint16           local_port,
             GInetAddress     *peer,
             gpointer          data)
{
  DynoServer *self = data;
  g_autoptr(GTlsCertificate) certificate = NULL;
  DynoConnection *connection = dyno_connection_new (self->roster, kind, socket, peer, local_port);

  if (kind == DYNO_LISTENER_LAN)
    certificate = current_certificate (self);
  dyno_connection_enter (connection, self->soup, certificate);
  dyno_connection_unref (connection);
}

static void
emptied_cb (gpointer data)
{
  DynoServer *self = data;

  if (self->state == DYNO_SERVER_DRAINING)
    g_main_loop_quit (self->loop);
}

static gboolean
time_is_up_cb (gpointer data)
{
  DynoServer *self = data;

  g_main_loop_quit (self->loop);

  return G_SOURCE_REMOVE;
}

static void
end_within (DynoServer *self,
            guint       drain_ms)
{
  if (self->drain != NULL)
    {
      g_source_destroy (self->drain);
      g_source_unref (self->drain);
    }
  self->drain = g_timeout_source_new (drain_ms);
  g_source_set_callback (self->drain, time_is_up_cb, self, NULL);
  g_source_attach (self->drain, self->context);
}

/* The first stopper's. */
static guint
get_drain_ms (DynoServer *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->door);

  return self->drain_ms;
}

static gboolean
stop_cb (gpointer data)
{
  DynoServer *self = data;

  if (self->state == DYNO_SERVER_DRAINING)
    end_within (self, 0);
  if (self->state != DYNO_SERVER_LIVE)
    return G_SOURCE_REMOVE;

  g_clear_pointer (&self->accept, dyno_accept_free);
  set_state (self, DYNO_SERVER_DRAINING);
  end_within (self, get_drain_ms (self));
  dyno_roster_drain (self->roster);
  if (dyno_roster_n_open (self->roster) == 0)
    g_main_loop_quit (self->loop);

  return G_SOURCE_REMOVE;
}

static void
set_up (DynoServer *self)
{
  self->loop = g_main_loop_new (self->context, FALSE);
  self->soup = soup_server_new ("server-header", "DynoAI", NULL);
  soup_server_listen_socket (self->soup, self->keeper, 0, NULL);
  soup_server_add_early_handler (self->soup, NULL, head_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, body_cb, self, NULL);
  g_signal_connect (self->soup, "request-finished", G_CALLBACK (reply_left_cb), self);
  g_signal_connect (self->soup, "request-aborted", G_CALLBACK (reply_left_cb), self);
  self->roster = dyno_roster_new (self->patience, &self->callbacks, self->data, &self->counts,
                                  emptied_cb, self);
  set_state (self, DYNO_SERVER_LIVE);
  self->accept = dyno_accept_new (g_steal_pointer (&self->listeners), self->roster, accepted_cb,
                                  self);
}

/* What is left is cut before libsoup lets go of it: a write that waits would hold the
 * thread. A handshake in another thread ends by its cancelling, in this loop. */
static void
take_down (DynoServer *self)
{
  dyno_roster_cut (self->roster);
  soup_server_disconnect (self->soup);
  while (dyno_roster_n_open (self->roster) > 0)
    g_main_context_iteration (self->context, TRUE);
  if (self->drain != NULL)
    g_source_destroy (self->drain);
  g_clear_pointer (&self->drain, g_source_unref);
  set_state (self, DYNO_SERVER_STOPPED);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_clear_object (&self->soup);
  g_clear_object (&self->keeper);
  g_clear_pointer (&self->roster, dyno_roster_free);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

static gpointer
server_thread (gpointer data)
{
  DynoServer *self = data;
  g_autoptr(GPtrArray) stoppers = NULL;

  g_main_context_push_thread_default (self->context);
  set_up (self);
  g_main_loop_run (self->loop);
  take_down (self);
  g_main_context_pop_thread_default (self->context);

  g_mutex_lock (&self->door);
  self->has_ended = TRUE;
  stoppers = g_steal_pointer (&self->stoppers);
  g_mutex_unlock (&self->door);
  for (guint i = 0; i < stoppers->len; i++)
    g_task_return_boolean (g_ptr_array_index (stoppers, i), TRUE);

  return NULL;
}

/* any thread */

DynoServer *
dyno_server_new (const DynoServerOptions   *options,
                 const DynoServerCallbacks *callbacks,
                 gpointer                   data)
{
  DynoServer *self = g_new0 (DynoServer, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->callbacks = *callbacks;
  self->data = data;
  self->addresses = g_strdupv ((char **) options->addresses);
  self->port = options->port;
  self->lan_port = options->lan_port;
  self->certificate = options->certificate != NULL ? g_object_ref (options->certificate) : NULL;
  self->admin_path = g_strdup (options->admin_path);
  self->runtime_folder = g_strdup (options->runtime_folder);
  self->patience = options->patience != NULL ? options->patience : dyno_patience_default ();
  self->context = g_main_context_new ();
  self->stoppers = g_ptr_array_new_with_free_func (g_object_unref);
  g_mutex_init (&self->door);

  return self;
}

DynoServer *
dyno_server_ref (DynoServer *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
dyno_server_unref (DynoServer *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->state != DYNO_SERVER_LIVE && self->state != DYNO_SERVER_DRAINING);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  g_clear_pointer (&self->stoppers, g_ptr_array_unref);
  g_clear_object (&self->certificate);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->door);
  g_strfreev (self->addresses);
  g_free (self->admin_path);
  g_free (self->runtime_folder);
  g_free (self);
}

/* Start */

/* Enough descriptors for all that may connect; what cannot be had is not had. */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit;
  rlim_t wanted = FDS_PER_CONNECTION * (DYNO_ROSTER_MAX_NETWORK + DYNO_ROSTER_MAX_ADMIN);

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
    return;
  limit.rlim_cur = MIN (wanted, limit.rlim_max);
  setrlimit (RLIMIT_NOFILE, &limit);
}

static gboolean
has_certificate (DynoServer *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->door);

  return self->certificate != NULL;
}

static gboolean
open_listeners (DynoServer  *self,
                GError     **error)
{
  const DynoListening wishes = {
    .addresses = (const char *const *) self->addresses,
    .port = self->port,
    .lan_port = self->lan_port,
    .has_certificate = has_certificate (self),
    .admin_path = self->admin_path,
  };

  self->listeners = dyno_listening_open (&wishes, error);
  for (guint i = 0; self->listeners != NULL && i < DYNO_N_LISTENERS; i++)
    self->ports[i] = dyno_listening_get_port (self->listeners, i);

  return self->listeners != NULL;
}

static gboolean
begin (DynoServer  *self,
       GError     **error)
{
  if (open_listeners (self, error))
    self->keeper = dyno_listening_new_keeper (self->runtime_folder, error);
  if (self->keeper == NULL)
    {
      g_clear_pointer (&self->listeners, g_ptr_array_unref);
      return FALSE;
    }

  raise_descriptor_limit ();
  self->state = DYNO_SERVER_LIVE;
  self->thread = g_thread_new ("dyno-server", server_thread, self);

  return TRUE;
}

void
dyno_server_start_async (DynoServer          *self,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  GError *error = NULL;

  g_return_if_fail (self->thread == NULL);

  if (begin (self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

gboolean
dyno_server_start_finish (DynoServer    *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Elsewhere */

typedef struct
{
  char    **addresses; /* (owned) */
  guint16   port;
  guint16   lan_port;
} Place;

static void
exchange_place (DynoServer *self,
                Place      *place)
{
  Place before = { self->addresses, self->port, self->lan_port };

  self->addresses = place->addresses;
  self->port = place->port;
  self->lan_port = place->lan_port;
  *place = before;
}

/* What listens goes first: two cannot have one port. */
gboolean
dyno_server_listen_anew (DynoServer          *self,
                         const char * const  *addresses,
                         guint16              port,
                         guint16              lan_port,
                         GError             **error)
{
  Place place = { g_strdupv ((char **) addresses),
                  port != 0 ? port : self->ports[DYNO_LISTENER_LOOPBACK],
                  lan_port != 0 ? lan_port : self->ports[DYNO_LISTENER_LAN] };
  g_autoptr(GError) lost = NULL;
  gboolean is_new;

  g_return_val_if_fail (self->state == DYNO_SERVER_LIVE, FALSE);

  self->port = self->ports[DYNO_LISTENER_LOOPBACK];
  self->lan_port = self->ports[DYNO_LISTENER_LAN];
  exchange_place (self, &place);
  g_clear_pointer (&self->accept, dyno_accept_free);
  is_new = open_listeners (self, error);
  if (!is_new)
    exchange_place (self, &place);
  if (!is_new && !open_listeners (self, &lost))
    g_critical ("The service listens nowhere any more: %s", lost->message);
  if (self->listeners != NULL)
    self->accept = dyno_accept_new (g_steal_pointer (&self->listeners), self->roster, accepted_cb,
                                    self);
  g_strfreev (place.addresses);

  return is_new;
}

/* Stop */

/* FALSE: the thread has ended. */
static gboolean
add_stopper (DynoServer *self,
             GTask      *task,
             guint       drain_ms)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->door);

  if (self->thread == NULL || self->has_ended)
    return FALSE;
  if (self->stoppers->len == 0)
    self->drain_ms = drain_ms;
  g_ptr_array_add (self->stoppers, g_object_ref (task));

  return TRUE;
}

void
dyno_server_stop_async (DynoServer          *self,
                        guint                drain_ms,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr(GSource) source = NULL;

  if (!add_stopper (self, task, drain_ms))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, stop_cb, self, NULL);
  g_source_attach (source, self->context);
}

gboolean
dyno_server_stop_finish (DynoServer    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Asking */

DynoServerState
dyno_server_get_state (DynoServer *self)
{
  return self->state;
}

guint16
dyno_server_get_port (DynoServer       *self,
                      DynoListenerKind  kind)
{
  return self->ports[kind];
}

GMainContext *
dyno_server_get_context (DynoServer *self)
{
  return self->context;
}

const DynoServerCounts *
dyno_server_get_counts (DynoServer *self)
{
  return &self->counts;
}

void
dyno_server_set_certificate (DynoServer      *self,
                             GTlsCertificate *certificate)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->door);

  g_set_object (&self->certificate, certificate);
}
