/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What Avahi is asked, on a bus of the test's own, by an Avahi of the test's own. */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "dyno-mdns.h"

static const char xml[] =
  "<node>"
  " <interface name='org.freedesktop.Avahi.Server'>"
  "  <method name='GetState'><arg type='i' direction='out'/></method>"
  "  <method name='EntryGroupNew'><arg type='o' direction='out'/></method>"
  "  <method name='GetAlternativeServiceName'>"
  "   <arg type='s' direction='in'/><arg type='s' direction='out'/></method>"
  " </interface>"
  " <interface name='org.freedesktop.Avahi.EntryGroup'>"
  "  <method name='AddService'><arg type='i' direction='in'/><arg type='i' direction='in'/>"
  "   <arg type='u' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
  "   <arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='q' direction='in'/>"
  "   <arg type='aay' direction='in'/></method>"
  "  <method name='Commit'/><method name='Reset'/>"
  " </interface>"
  "</node>";

typedef struct
{
  GTestDBus       *bus;
  GDBusConnection *connection;
  GDBusNodeInfo   *node;
  guint            objects[2];
  guint            name;
  GString         *log;       /* what was asked, a word each */
  char            *entry;     /* the last AddService, printed */
  DynoMdns        *mdns;
} Fixture;

static void
called (GDBusConnection       *connection,
        const char            *sender,
        const char            *path,
        const char            *interface,
        const char            *method,
        GVariant              *arguments,
        GDBusMethodInvocation *invocation,
        gpointer               data)
{
  Fixture *f = data;
  GVariant *answer = NULL;

  g_string_append_printf (f->log, "%s ", method);
  if (g_str_equal (method, "GetState"))
    answer = g_variant_new ("(i)", 2);
  else if (g_str_equal (method, "EntryGroupNew"))
    answer = g_variant_new ("(o)", "/group");
  else if (g_str_equal (method, "GetAlternativeServiceName"))
    answer = g_variant_new ("(s)", "Bench #2");
  else if (g_str_equal (method, "AddService"))
    {
      g_free (f->entry);
      f->entry = g_variant_print (arguments, FALSE);
    }
  g_dbus_method_invocation_return_value (invocation, answer);
}

static const GDBusInterfaceVTable table = { .method_call = called };

static void
come (Fixture *f)
{
  f->name = g_bus_own_name_on_connection (f->connection, "org.freedesktop.Avahi",
                                          G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL, NULL);
}

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (f->bus), TRUE);
  f->connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (f->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, NULL);
  f->node = g_dbus_node_info_new_for_xml (xml, NULL);
  f->objects[0] = g_dbus_connection_register_object (f->connection, "/", f->node->interfaces[0],
                                                     &table, f, NULL, NULL);
  f->objects[1] = g_dbus_connection_register_object (f->connection, "/group",
                                                     f->node->interfaces[1], &table, f, NULL, NULL);
  f->log = g_string_new (NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  g_clear_pointer (&f->mdns, dyno_mdns_free);
  g_bus_unown_name (f->name);
  for (guint i = 0; i < G_N_ELEMENTS (f->objects); i++)
    g_dbus_connection_unregister_object (f->connection, f->objects[i]);
  g_dbus_connection_close_sync (f->connection, NULL, NULL);
  g_clear_object (&f->connection);
  g_dbus_node_info_unref (f->node);
  if (f->bus != NULL)
    g_test_dbus_stop (f->bus);
  g_clear_object (&f->bus);
  g_string_free (f->log, TRUE);
  g_free (f->entry);
}

static void
show (Fixture *f)
{
  const DynoMdnsService service = { .name = "Bench",
                                    .port = 5443,
                                    .pin = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA" };

  f->mdns = dyno_mdns_new (&service);
}

static void
wait_for (Fixture    *f,
          const char *end)
{
  gint64 until_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (!g_str_has_suffix (f->log->str, end))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until_us);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static gboolean
entry_has (Fixture    *f,
           const char *text)
{
  return strstr (f->entry, text) != NULL;
}

static void
test_entry (Fixture       *f,
            gconstpointer  unused)
{
  come (f);
  show (f);
  wait_for (f, "EntryGroupNew AddService Commit ");
  g_test_message ("%s", f->entry);
  g_assert_true (g_str_has_prefix (f->entry, "(-1, -1, 0, 'Bench', '_dynoai._tcp', '', '', 5443, "));
  /* v=1 */
  g_assert_true (entry_has (f, "[0x76, 0x3d, 0x31]"));
  /* pin=01020304… and no more of it: four characters and sixteen digits */
  g_assert_true (entry_has (f, "[0x70, 0x69, 0x6e, 0x3d, 0x30, 0x31, 0x30, 0x32, 0x30, 0x33, 0x30, "
                               "0x34, 0x30, 0x35, 0x30, 0x36, 0x30, 0x37, 0x30, 0x38]"));
}

static void
test_collision (Fixture       *f,
                gconstpointer  unused)
{
  come (f);
  show (f);
  wait_for (f, "Commit ");
  g_dbus_connection_emit_signal (f->connection, NULL, "/group", "org.freedesktop.Avahi.EntryGroup",
                                 "StateChanged", g_variant_new ("(is)", 3, ""), NULL);
  wait_for (f, "GetAlternativeServiceName Reset AddService Commit ");
  g_assert_true (entry_has (f, "'Bench #2'"));
}

/* It comes later than the service, goes, and comes again. */
static void
test_coming_and_going (Fixture       *f,
                       gconstpointer  unused)
{
  show (f);
  for (guint i = 0; i < 50; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_cmpstr (f->log->str, ==, "");
  come (f);
  wait_for (f, "Commit ");
  g_bus_unown_name (f->name);
  g_string_truncate (f->log, 0);
  come (f);
  wait_for (f, "EntryGroupNew AddService Commit ");
}

/* A bus that ends takes nobody along. */
static void
test_bus_ends (Fixture       *f,
               gconstpointer  unused)
{
  come (f);
  show (f);
  wait_for (f, "Commit ");
  g_dbus_connection_set_exit_on_close (f->connection, FALSE);
  g_test_dbus_stop (f->bus);
  g_clear_object (&f->bus);
  for (guint i = 0; i < 200; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_autofree char *daemon = g_find_program_in_path ("dbus-daemon");

  g_test_init (&argc, &argv, NULL);
  if (daemon == NULL)
    {
      g_test_message ("dbus-daemon is not installed");
      return 77;
    }

  ADD ("/server/mdns/entry", test_entry);
  ADD ("/server/mdns/collision", test_collision);
  ADD ("/server/mdns/coming-and-going", test_coming_and_going);
  ADD ("/server/mdns/bus-ends", test_bus_ends);

  return g_test_run ();
}
