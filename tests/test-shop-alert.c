/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <libsoup/soup.h>
#include <math.h>
#include <string.h>

#include "dyno-test-secrets.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* What raises an alert, what ends it, and who is told. The tests stand still in time:
 * the clock of the shop is a fake one. */

static DynoComponentStatus status; /* of the component "guest" in these tests */

static void
say_cb (DynoComponent *component,
        gpointer       unused)
{
  dyno_component_set (component, status, "Make a backup.", "Not in order.");
}

static guint
count (DynoTestShop *f,
       const char   *name)
{
  g_autoptr(GPtrArray) open = dyno_alert_list (f->shop);
  guint n = 0;

  for (guint i = 0; i < open->len; i++)
    n += g_str_equal (((DynoAlert *) open->pdata[i])->name, name);

  return n;
}

/* What is due on the context of the watch. */
static void
turn (void)
{
  while (g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
    ;
}

static void
set_up (DynoTestShop *f,
        gconstpointer flags)
{
  dyno_test_shop_prepare (f, dyno_test_make_folder ());
  f->clock = dyno_clock_new_fake (1000, G_GINT64_CONSTANT (1763640000) * G_USEC_PER_SEC);
  dyno_test_shop_open (f, GPOINTER_TO_UINT (flags));
  dyno_alert_watch (f->shop, g_main_context_get_thread_default ());
}

static void
look (DynoTestShop *f)
{
  g_autoptr(DynoHealthReport) report = dyno_test_ask0 (f, dyno_health_report, NULL);

  g_assert_nonnull (report);
  turn ();
}

static void
test_raise_and_clear (DynoTestShop *f,
                      gconstpointer unused)
{
  g_autoptr(DynoAlert) open = NULL;
  g_autoptr(DynoAlert) graver = NULL;
  g_autoptr(DynoAlert) cleared = NULL;
  g_autoptr(GPtrArray) list = NULL;

  dyno_alert_raise (f->shop, "x", DYNO_ALERT_WARNING, "First.");
  dyno_alert_raise (f->shop, "x", DYNO_ALERT_WARNING, "Again.");
  g_assert_cmpuint (count (f, "x"), ==, 1);
  list = dyno_alert_list (f->shop);
  open = dyno_alert_ref (list->pdata[0]);
  g_assert_cmpstr (open->message, ==, "First.");
  g_assert_true (g_str_has_prefix (open->id, "alr_"));

  dyno_alert_raise (f->shop, "x", DYNO_ALERT_CRITICAL, "Graver.");
  graver = dyno_alert_find (f->shop, open->id);
  g_assert_cmpint (graver->severity, ==, DYNO_ALERT_CRITICAL);
  dyno_alert_clear (f->shop, "x");
  dyno_alert_clear (f->shop, "x");
  g_assert_cmpuint (count (f, "x"), ==, 0);
  cleared = dyno_alert_find (f->shop, open->id);
  g_assert_false (cleared->is_open);
  g_assert_null (dyno_alert_find (f->shop, "alr_nobody"));
}

/* At once where it is unhealthy; where it is degraded only after a minute. */
static void
test_health (DynoTestShop *f,
             gconstpointer unused)
{
  status = DYNO_COMPONENT_UNHEALTHY;
  dyno_health_add (f->shop, "guest", say_cb, NULL);
  look (f);
  g_assert_cmpuint (count (f, "component.guest"), ==, 1);
  status = DYNO_COMPONENT_HEALTHY;
  look (f);
  g_assert_cmpuint (count (f, "component.guest"), ==, 0);

  status = DYNO_COMPONENT_DEGRADED;
  look (f);
  dyno_clock_advance (f->clock, 59 * G_USEC_PER_SEC);
  look (f);
  g_assert_cmpuint (count (f, "component.guest"), ==, 0);
  dyno_clock_advance (f->clock, G_USEC_PER_SEC);
  dyno_bus_publish (dyno_shop_get_bus (f->shop), DYNO_TOPIC_HEALTH, "guest", "degraded");
  turn ();
  g_assert_cmpuint (count (f, "component.guest"), ==, 1);
}

static void
test_notice (DynoTestShop *f,
             gconstpointer unused)
{
  DynoBus *bus = dyno_shop_get_bus (f->shop);

  dyno_bus_publish (bus, DYNO_TOPIC_NOTICE, "key.expires.key_1", "A key ends in a week.");
  turn ();
  g_assert_cmpuint (count (f, "key.expires.key_1"), ==, 1);
  dyno_bus_publish (bus, DYNO_TOPIC_NOTICE, "key.expires.key_1", NULL);
  turn ();
  g_assert_cmpuint (count (f, "key.expires.key_1"), ==, 0);
}

static void
set_phase (DynoTestShop *f,
           DynoArmPhase  phase,
           const char   *vehicle_id)
{
  DynoArmState *arm = dyno_arm_state_new ();

  arm->phase = phase;
  arm->vehicle_id = g_strdup (vehicle_id);
  dyno_live_set_arm (dyno_shop_get_live (f->shop), arm);
  dyno_arm_state_unref (arm);
  dyno_bus_publish (dyno_shop_get_bus (f->shop), DYNO_TOPIC_CAPTURE, "arm", NULL);
  turn ();
}

static char *
keep_vehicle (DynoTestShop *f,
              const char   *data)
{
  DynoVehicle *vehicle = g_new0 (DynoVehicle, 1);
  g_autoptr(DynoVehicle) kept = NULL;
  g_autoptr(GError) error = NULL;

  vehicle->label = g_strdup ("Rosa");
  vehicle->data = g_strdup (data);
  kept = dyno_test_ask (f, dyno_people_put_vehicle, &error, vehicle);
  g_assert_no_error (error);

  return g_strdup (kept->id);
}

/* Only while a run is recorded, and until it ends. */
static void
test_limit (DynoTestShop *f,
            gconstpointer unused)
{
  g_autofree char *id
    = keep_vehicle (f, "{\"limits\":{\"rpm\":{\"red_high\":6200}}}");
  DynoLive *live = dyno_shop_get_live (f->shop);
  int channel = dyno_live_add (live, "Engine RPM", DYNO_QUANTITY_ROTATION);
  gint64 t_us[] = { 1000, 2000 };
  double values[] = { 6100, 6300 };

  dyno_live_bind (live, DYNO_CHANNEL_RPM, channel);
  dyno_live_append (live, (guint) channel, 2, t_us, values);
  set_phase (f, DYNO_ARM_ARMED, id);
  for (guint i = 0; i < 500 && count (f, "limit.rpm") == 0; i++)
    {
      g_usleep (2000);
      set_phase (f, i < 100 ? DYNO_ARM_ARMED : DYNO_ARM_RECORDING, id);
      g_assert_true (i >= 100 || count (f, "limit.rpm") == 0);
    }
  g_assert_cmpuint (count (f, "limit.rpm"), ==, 1);
  set_phase (f, DYNO_ARM_SAVING, id);
  g_assert_cmpuint (count (f, "limit.rpm"), ==, 0);
}

static void
test_incomplete (DynoTestShop *f,
                 gconstpointer unused)
{
  dyno_bus_publish (dyno_shop_get_bus (f->shop), DYNO_TOPIC_NOTICE, "run.incomplete.run_1",
                    "A run was cut short.");
  set_phase (f, DYNO_ARM_LIVE, NULL);
  g_assert_cmpuint (count (f, "run.incomplete.run_1"), ==, 1);
  set_phase (f, DYNO_ARM_RECORDING, NULL);
  g_assert_cmpuint (count (f, "run.incomplete.run_1"), ==, 0);
}

/* Webhook */

typedef struct
{
  SoupServer *server; /* (owned) */
  GPtrArray  *bodies; /* (owned) of char * */
  guint       n_busy;
} Hook;

static void
hook_cb (SoupServer        *server,
         SoupServerMessage *message,
         const char        *path,
         GHashTable        *query,
         gpointer           data)
{
  Hook *hook = data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if (hook->n_busy > 0)
    {
      hook->n_busy--;
      soup_server_message_set_status (message, 503, NULL);
      return;
    }
  g_ptr_array_add (hook->bodies, g_strndup (body->data, (gsize) body->length));
  soup_server_message_set_status (message, 204, NULL);
}

static void
hook_open (Hook         *hook,
           DynoTestShop *f)
{
  g_autofree char *url = NULL;
  GSList *uris;

  hook->server = soup_server_new (NULL, NULL);
  hook->bodies = g_ptr_array_new_with_free_func (g_free);
  soup_server_add_handler (hook->server, NULL, hook_cb, hook, NULL);
  g_assert_true (soup_server_listen_local (hook->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (hook->server);
  url = g_strdup_printf ("http://127.0.0.1:%d/hook", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_assert_true (dyno_config_set (dyno_shop_get_config (f->shop), "alert.webhook", url, NULL));
}

static void
hook_close (Hook *hook)
{
  soup_server_disconnect (hook->server);
  g_object_unref (hook->server);
  g_ptr_array_unref (hook->bodies);
}

static void
wait_for (Hook *hook,
          guint n)
{
  for (guint i = 0; i < 20000 && hook->bodies->len < n; i++)
    {
      turn ();
      g_usleep (1000);
    }
  g_assert_cmpuint (hook->bodies->len, ==, n);
}

static void
test_webhook (DynoTestShop *f,
              gconstpointer unused)
{
  static const char *const members[] = { "id", "name", "severity", "state", "message", "at" };
  Hook hook = { .n_busy = 1 };
  g_autoptr(DynoJson) json = NULL;
  g_autoptr(GPtrArray) names = NULL;

  hook_open (&hook, f);
  dyno_alert_raise (f->shop, "component.tls", DYNO_ALERT_CRITICAL, "It is so.");
  wait_for (&hook, 1);
  json = dyno_json_parse (hook.bodies->pdata[0], -1, NULL);
  names = dyno_json_names (json);
  g_assert_cmpuint (names->len, ==, G_N_ELEMENTS (members));
  for (guint i = 0; i < names->len; i++)
    g_assert_cmpstr (names->pdata[i], ==, members[i]);
  g_assert_cmpstr (dyno_json_get_string (json, "state"), ==, "raised");
  g_assert_cmpstr (dyno_json_get_string (json, "severity"), ==, "critical");
  g_assert_cmpstr (dyno_json_get_string (json, "at"), ==, "2025-11-20T12:00:00.000Z");

  dyno_alert_clear (f->shop, "component.tls");
  wait_for (&hook, 2);
  g_assert_nonnull (strstr (hook.bodies->pdata[1], "\"cleared\""));
  hook_close (&hook);
}

static void
test_webhook_secrets (DynoTestShop *f,
                      gconstpointer unused)
{
  Hook hook = { .n_busy = 0 };

  hook_open (&hook, f);
  for (guint i = 0; i < G_N_ELEMENTS (dyno_test_secrets); i++)
    {
      g_autofree char *name = g_strdup_printf ("notice.%u", i);

      dyno_alert_raise (f->shop, name, DYNO_ALERT_WARNING, dyno_test_secrets[i].text);
    }
  wait_for (&hook, G_N_ELEMENTS (dyno_test_secrets));
  for (guint i = 0; i < G_N_ELEMENTS (dyno_test_secrets); i++)
    {
      for (guint k = 0; k < hook.bodies->len; k++)
        g_assert_null (strstr (hook.bodies->pdata[k], dyno_test_secrets[i].secret));
    }
  hook_close (&hook);
}

/* One that is gone is left alone after five calls. */
static void
test_webhook_breaker (DynoTestShop *f,
                      gconstpointer unused)
{
  Hook hook = { .n_busy = 0 };
  DynoBreaker *breaker = dyno_breaker_set_get (dyno_shop_get_breakers (f->shop), "webhook");
  DynoBreakerStatus found = { 0 };

  hook_open (&hook, f);
  hook.n_busy = 1000;
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("notice.%u", i);

      dyno_alert_raise (f->shop, name, DYNO_ALERT_WARNING, "It is so.");
    }
  for (guint i = 0; i < 20000 && found.state != DYNO_BREAKER_OPEN; i++)
    {
      turn ();
      g_usleep (1000);
      dyno_breaker_get_status (breaker, &found);
    }
  g_assert_cmpint (found.state, ==, DYNO_BREAKER_OPEN);
  hook_close (&hook);
}

#define ADD(path, function) \
  g_test_add ("/shop/alert/" path, DynoTestShop, GUINT_TO_POINTER (DYNO_SHOP_NO_CAPTURE), set_up, \
              function, dyno_test_shop_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("raise-and-clear", test_raise_and_clear);
  ADD ("health", test_health);
  ADD ("notice", test_notice);
  ADD ("limit", test_limit);
  ADD ("incomplete", test_incomplete);
  ADD ("webhook", test_webhook);
  ADD ("webhook-secrets", test_webhook_secrets);
  ADD ("webhook-breaker", test_webhook_breaker);

  return g_test_run ();
}
