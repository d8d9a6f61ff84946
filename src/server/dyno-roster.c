/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-connection-private.h"

#include <string.h>

struct _DynoRoster
{
  const DynoPatience        *patience;      /* (borrowed) */
  const DynoServerCallbacks *callbacks;     /* (borrowed) */
  gpointer                   callback_data; /* (borrowed) */
  DynoServerCounts          *counts;        /* (borrowed) */
  DynoRosterFunc             emptied;
  gpointer                   emptied_data;  /* (borrowed) */

  GQueue                     all;           /* of DynoConnection *, by their own links */
  DynoWheel                 *wheel;         /* (owned) */
  GSource                   *tick;          /* (owned) */
  gboolean                   is_draining;
};

static void
passed_cb (DynoWheelEntry *entry,
           gint64          now_us,
           gpointer        unused)
{
  gpointer connection = (char *) entry - G_STRUCT_OFFSET (DynoConnection, entry);

  dyno_connection_time_is_up (connection, now_us);
}

static gboolean
tick_cb (gpointer data)
{
  DynoRoster *self = data;

  dyno_wheel_turn (self->wheel, g_get_monotonic_time (), passed_cb, NULL);

  return G_SOURCE_CONTINUE;
}

DynoRoster *
dyno_roster_new (const DynoPatience        *patience,
                 const DynoServerCallbacks *callbacks,
                 gpointer                   callback_data,
                 DynoServerCounts          *counts,
                 DynoRosterFunc             emptied,
                 gpointer                   emptied_data)
{
  DynoRoster *self = g_new0 (DynoRoster, 1);

  self->patience = patience;
  self->callbacks = callbacks;
  self->callback_data = callback_data;
  self->counts = counts;
  self->emptied = emptied;
  self->emptied_data = emptied_data;
  self->wheel = dyno_wheel_new (g_get_monotonic_time ());
  self->tick = g_timeout_source_new_seconds (1);
  g_source_set_callback (self->tick, tick_cb, self, NULL);
  g_source_attach (self->tick, g_main_context_get_thread_default ());

  return self;
}

void
dyno_roster_free (DynoRoster *self)
{
  g_assert (self->all.length == 0);
  g_source_destroy (self->tick);
  g_source_unref (self->tick);
  dyno_wheel_free (self->wheel);
  g_free (self);
}

const DynoPatience *
dyno_roster_get_patience (DynoRoster *self)
{
  return self->patience;
}

DynoServerCounts *
dyno_roster_get_counts (DynoRoster *self)
{
  return self->counts;
}

const DynoServerCallbacks *
dyno_roster_get_callbacks (DynoRoster *self,
                           gpointer   *data)
{
  *data = self->callback_data;

  return self->callbacks;
}

guint
dyno_roster_n_open (DynoRoster *self)
{
  return self->all.length;
}

gboolean
dyno_roster_is_one_source (GInetAddress *a,
                           GInetAddress *b)
{
  GSocketFamily family = g_inet_address_get_family (a);

  if (family != g_inet_address_get_family (b))
    return FALSE;

  return memcmp (g_inet_address_to_bytes (a), g_inet_address_to_bytes (b),
                 family == G_SOCKET_FAMILY_IPV6 ? 8 : 4) == 0;
}

typedef struct
{
  guint n_kind;        /* admin or network, as asked */
  guint n_source;
  guint n_handshaking;
} Heads;

static Heads
count_heads (DynoRoster       *self,
             DynoListenerKind  kind,
             GInetAddress     *peer)
{
  Heads heads = { 0 };

  for (GList *l = self->all.head; l != NULL; l = l->next)
    {
      DynoConnection *connection = l->data;

      heads.n_kind += (connection->kind == DYNO_LISTENER_ADMIN) == (kind == DYNO_LISTENER_ADMIN);
      heads.n_handshaking += connection->state == DYNO_CONNECTION_HANDSHAKING;
      if (peer != NULL && connection->peer != NULL)
        heads.n_source += dyno_roster_is_one_source (peer, connection->peer);
    }

  return heads;
}

gboolean
dyno_roster_has_room (DynoRoster       *self,
                      DynoListenerKind  kind,
                      GInetAddress     *peer)
{
  Heads heads = count_heads (self, kind, peer);
  guint of_source;

  if (kind == DYNO_LISTENER_ADMIN)
    return heads.n_kind < DYNO_ROSTER_MAX_ADMIN;

  of_source = g_inet_address_get_is_loopback (peer) ? DYNO_ROSTER_MAX_LOOPBACK
                                                    : DYNO_ROSTER_MAX_ADDRESS;

  return heads.n_kind < DYNO_ROSTER_MAX_NETWORK && heads.n_source < of_source
         && (kind != DYNO_LISTENER_LAN || heads.n_handshaking < DYNO_ROSTER_MAX_HANDSHAKING);
}

void
dyno_roster_add (DynoRoster     *self,
                 DynoConnection *connection)
{
  connection->link.data = dyno_connection_ref (connection);
  g_queue_push_tail_link (&self->all, &connection->link);
  self->counts->n_open[connection->kind]++;
  self->counts->n_accepted[connection->kind]++;
}

void
dyno_roster_remove (DynoRoster     *self,
                    DynoConnection *connection)
{
  dyno_wheel_clear (&connection->entry);
  g_queue_unlink (&self->all, &connection->link);
  self->counts->n_open[connection->kind]--;
  dyno_connection_unref (connection);
  if (self->all.length == 0)
    self->emptied (self->emptied_data);
}

void
dyno_roster_set_deadline (DynoRoster     *self,
                          DynoConnection *connection,
                          gint64          deadline_us)
{
  if (deadline_us == 0)
    dyno_wheel_clear (&connection->entry);
  else
    dyno_wheel_set (self->wheel, &connection->entry, deadline_us);
}

/* Each may leave the roster while it is told. */
static void
tell_all (DynoRoster  *self,
          void       (*tell) (DynoConnection *))
{
  g_autoptr(GPtrArray) all =
    g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_connection_unref);

  for (GList *l = self->all.head; l != NULL; l = l->next)
    g_ptr_array_add (all, dyno_connection_ref (l->data));
  for (guint i = 0; i < all->len; i++)
    tell (g_ptr_array_index (all, i));
}

void
dyno_roster_drain (DynoRoster *self)
{
  self->is_draining = TRUE;
  tell_all (self, dyno_connection_drain);
}

gboolean
dyno_roster_is_draining (DynoRoster *self)
{
  return self->is_draining;
}

void
dyno_roster_cut (DynoRoster *self)
{
  tell_all (self, dyno_connection_cut);
}
