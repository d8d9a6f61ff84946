/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mdns.h"

#include <gio/gio.h>
#include <string.h>

#define AVAHI "org.freedesktop.Avahi"
#define SERVER AVAHI ".Server"
#define GROUP AVAHI ".EntryGroup"
#define TYPE "_dynoai._tcp"

#define RETRY_S 30 /* for a bus that is not there */

#define ANY_INTERFACE (-1)
#define ANY_PROTOCOL (-1)

/* Of avahi-common/defs.h. */
typedef enum
{
  SERVER_RUNNING = 2,
} ServerState;

typedef enum
{
  GROUP_COLLISION = 3,
  GROUP_FAILURE = 4,
} GroupState;

/* The bus, then Avahi on it, then a group of entries of ours there. */
struct _DynoMdns
{
  char            *name;        /* (owned) */
  guint16          port;
  char            *pin;         /* (owned) 16 hexadecimal digits */
  GCancellable    *cancellable; /* (owned) of all that is asked */
  GDBusConnection *bus;         /* (owned) (nullable) our own: its end is not ours */
  guint            watch;       /* of Avahi; 0: none */
  guint            signals;     /* 0: none */
  char            *group;       /* (owned) (nullable) path */
  GSource         *retry;       /* (owned) (nullable) */
};

static void connect_bus (DynoMdns *self);

/* Asking */

static void
call (DynoMdns            *self,
      const char          *path,
      const char          *interface,
      const char          *method,
      GVariant            *arguments, /* (nullable) */
      const char          *answer,
      GAsyncReadyCallback  callback)
{
  g_dbus_connection_call (self->bus, AVAHI, path, interface, method, arguments,
                          G_VARIANT_TYPE (answer), G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable,
                          callback, self);
}

/* NULL: it failed, or `*self` is gone. */
static GVariant *
answered (GObject      *bus,
          GAsyncResult *result)
{
  g_autoptr(GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);

  if (answer == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_info ("Avahi does not show the service: %s", error->message);

  return answer;
}

/* The entry */

static void
add_text (GVariantBuilder *texts,
          const char      *name,
          const char      *value)
{
  g_autofree char *text = g_strconcat (name, "=", value, NULL);

  g_variant_builder_add_value (texts, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text,
                                                                 strlen (text), 1));
}

static GVariant *
describe (DynoMdns *self)
{
  GVariantBuilder texts;

  g_variant_builder_init (&texts, G_VARIANT_TYPE ("aay"));
  add_text (&texts, "v", "1");
  add_text (&texts, "path", "/api/v1");
  add_text (&texts, "pin", self->pin);

  return g_variant_new ("(iiussssqaay)", ANY_INTERFACE, ANY_PROTOCOL, 0, self->name, TYPE, "", "",
                        self->port, &texts);
}

static void
committed_cb (GObject      *bus,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(GVariant) answer = answered (bus, result);
}

static void
added_cb (GObject      *bus,
          GAsyncResult *result,
          gpointer      data)
{
  DynoMdns *self = data;
  g_autoptr(GVariant) answer = answered (bus, result);

  if (answer != NULL && self->group != NULL)
    call (self, self->group, GROUP, "Commit", NULL, "()", committed_cb);
}

static void
add_entry (DynoMdns *self)
{
  call (self, self->group, GROUP, "AddService", describe (self), "()", added_cb);
}

static void
grouped_cb (GObject      *bus,
            GAsyncResult *result,
            gpointer      data)
{
  DynoMdns *self = data;
  g_autoptr(GVariant) answer = answered (bus, result);

  if (answer == NULL)
    return;

  g_free (self->group);
  g_variant_get (answer, "(o)", &self->group);
  add_entry (self);
}

static void
make_group (DynoMdns *self)
{
  if (self->group == NULL)
    call (self, "/", SERVER, "EntryGroupNew", NULL, "(o)", grouped_cb);
}

/* Another name */

static void
reset_cb (GObject      *bus,
          GAsyncResult *result,
          gpointer      data)
{
  DynoMdns *self = data;
  g_autoptr(GVariant) answer = answered (bus, result);

  if (answer != NULL && self->group != NULL)
    add_entry (self);
}

static void
renamed_cb (GObject      *bus,
            GAsyncResult *result,
            gpointer      data)
{
  DynoMdns *self = data;
  g_autoptr(GVariant) answer = answered (bus, result);

  if (answer == NULL || self->group == NULL)
    return;

  g_free (self->name);
  g_variant_get (answer, "(s)", &self->name);
  call (self, self->group, GROUP, "Reset", NULL, "()", reset_cb);
}

static void
group_changed (DynoMdns *self,
               int       state)
{
  if (state == GROUP_COLLISION)
    call (self, "/", SERVER, "GetAlternativeServiceName", g_variant_new ("(s)", self->name), "(s)",
          renamed_cb);
  else if (state == GROUP_FAILURE)
    g_info ("Avahi does not show the service any more.");
}

/* Avahi comes and goes */

static void
state_cb (GObject      *bus,
          GAsyncResult *result,
          gpointer      data)
{
  DynoMdns *self = data;
  g_autoptr(GVariant) answer = answered (bus, result);
  int state;

  if (answer == NULL)
    return;

  g_variant_get (answer, "(i)", &state);
  if (state == SERVER_RUNNING)
    make_group (self);
}

static void
signal_cb (GDBusConnection *bus,
           const char      *sender,
           const char      *path,
           const char      *interface,
           const char      *signal,
           GVariant        *arguments,
           gpointer         data)
{
  DynoMdns *self = data;
  int state;

  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(is)")))
    return;

  g_variant_get (arguments, "(is)", &state, NULL);
  if (g_str_equal (interface, SERVER) && state == SERVER_RUNNING)
    make_group (self);
  else if (g_str_equal (interface, GROUP) && g_strcmp0 (path, self->group) == 0)
    group_changed (self, state);
}

static void
appeared_cb (GDBusConnection *bus,
             const char      *name,
             const char      *owner,
             gpointer         data)
{
  call (data, "/", SERVER, "GetState", NULL, "(i)", state_cb);
}

static void
vanished_cb (GDBusConnection *bus,
             const char      *name,
             gpointer         data)
{
  g_clear_pointer (&((DynoMdns *) data)->group, g_free);
}

/* The bus */

static void
drop_bus (DynoMdns *self)
{
  if (self->bus == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->bus, self);
  g_bus_unwatch_name (self->watch);
  g_dbus_connection_signal_unsubscribe (self->bus, self->signals);
  g_clear_pointer (&self->group, g_free);
  g_dbus_connection_close (self->bus, NULL, NULL, NULL);
  g_clear_object (&self->bus);
}

static gboolean
retry_cb (gpointer data)
{
  DynoMdns *self = data;

  g_clear_pointer (&self->retry, g_source_unref);
  connect_bus (self);

  return G_SOURCE_REMOVE;
}

static void
retry_later (DynoMdns *self)
{
  self->retry = g_timeout_source_new_seconds (RETRY_S);
  g_source_set_callback (self->retry, retry_cb, self, NULL);
  g_source_attach (self->retry, g_main_context_get_thread_default ());
}

static void
closed_cb (GDBusConnection *bus,
           gboolean         is_remote,
           GError          *error,
           gpointer         data)
{
  drop_bus (data);
  retry_later (data);
}

static void
connected_cb (GObject      *unused,
              GAsyncResult *result,
              gpointer      data)
{
  DynoMdns *self = data;
  g_autoptr(GError) error = NULL;
  GDBusConnection *bus = g_dbus_connection_new_for_address_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bus == NULL)
    {
      retry_later (self);
      return;
    }

  self->bus = bus;
  g_signal_connect (bus, "closed", G_CALLBACK (closed_cb), self);
  self->signals = g_dbus_connection_signal_subscribe (bus, AVAHI, NULL, "StateChanged", NULL, NULL,
                                                      G_DBUS_SIGNAL_FLAGS_NONE, signal_cb, self,
                                                      NULL);
  self->watch = g_bus_watch_name_on_connection (bus, AVAHI, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                appeared_cb, vanished_cb, self, NULL);
}

static void
connect_bus (DynoMdns *self)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);

  if (address != NULL)
    g_dbus_connection_new_for_address (address,
                                       G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                       | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                       NULL, self->cancellable, connected_cb, self);
}

/* Life */

/* base64url to the first 64 bits, in hexadecimal. (transfer full) */
static char *
shorten_pin (const char *pin)
{
  g_autofree char *text = g_strdelimit (g_strdup (pin), "-", '+');
  g_autofree char *padded = g_strconcat (g_strdelimit (text, "_", '/'), "=", NULL);
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (padded, &length);
  GString *digits = g_string_new (NULL);

  for (gsize i = 0; i < MIN (length, 8); i++)
    g_string_append_printf (digits, "%02x", bytes[i]);

  return g_string_free (digits, FALSE);
}

DynoMdns *
dyno_mdns_new (const DynoMdnsService *service)
{
  DynoMdns *self = g_new0 (DynoMdns, 1);

  self->name = g_strdup (service->name);
  self->port = service->port;
  self->pin = shorten_pin (service->pin);
  self->cancellable = g_cancellable_new ();
  connect_bus (self);

  return self;
}

void
dyno_mdns_free (DynoMdns *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->retry != NULL)
    g_source_destroy (self->retry);
  g_clear_pointer (&self->retry, g_source_unref);
  drop_bus (self);
  g_clear_object (&self->cancellable);
  g_free (self->name);
  g_free (self->pin);
  g_free (self);
}
