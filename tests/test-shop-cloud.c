/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "dyno-test-shop.h"
#include "dyno-test.h"

/* Jetstream by a stand-in that can fail, and the watch folder. */

typedef struct
{
  DynoTestShop shop;
  SoupServer  *server;    /* (owned) */
  char        *log;       /* (owned) what a download gives */
  char        *list;      /* (owned) what the list gives */
  guint        n_lists;
  guint        n_downloads;
  guint        n_processed;
  guint        n_faults;  /* answers that fail first */
  guint        fault;     /* status of those; 0: a body that is nonsense */
  char        *key;       /* (owned) (nullable) of the last request */
  char        *watched;   /* (owned) */
} Fixture;

static char *
make_log (guint first_rpm)
{
  g_autoptr(GString) text = g_string_new ("Time (s),RPM,Torque (Nm),AFR\n");

  for (guint i = 0; i <= 120; i++)
    g_string_append_printf (text, "%u.%02u,%u,200.%u,13.%u\n", i / 20, i % 20 * 5,
                            first_rpm + i * 30, i % 3, 1 + i % 5);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
give (SoupServerMessage *message,
      const char        *text)
{
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text,
                                    strlen (text));
  soup_server_message_set_status (message, 200, NULL);
}

static void
serve_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           data)
{
  Fixture *f = data;

  g_free (f->key);
  f->key = g_strdup (soup_message_headers_get_one (
    soup_server_message_get_request_headers (message), "Authorization"));
  if (f->n_faults > 0)
    {
      f->n_faults--;
      if (f->fault != 0)
        soup_server_message_set_status (message, f->fault, NULL);
      else
        give (message, "{\"runs\":[[[");
    }
  else if (g_str_equal (path, "/api/v1/runs"))
    {
      g_assert_nonnull (g_hash_table_lookup (query, "since"));
      f->n_lists++;
      give (message, f->list);
    }
  else if (g_str_has_suffix (path, "/download"))
    {
      f->n_downloads++;
      give (message, f->log);
    }
  else if (g_str_has_suffix (path, "/processed"))
    {
      g_assert_cmpstr (soup_server_message_get_method (message), ==, "POST");
      f->n_processed++;
      give (message, "{}");
    }
  else
    {
      g_error ("nobody asks for %s", path);
    }
}

static void
set_up (Fixture      *f,
        gconstpointer unused)
{
  dyno_test_shop_prepare (&f->shop, dyno_test_make_folder ());
  f->shop.clock = dyno_clock_new_fake (1000, G_GINT64_CONSTANT (1763640000) * G_USEC_PER_SEC);
  dyno_test_shop_open (&f->shop, DYNO_SHOP_NO_CAPTURE);
  f->log = make_log (2000);
  f->watched = g_build_filename (f->shop.folder, "watched", NULL);
  g_assert_cmpint (g_mkdir (f->watched, 0700), ==, 0);
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  dyno_test_shop_tear_down (&f->shop, NULL);
  if (f->server != NULL)
    soup_server_disconnect (f->server);
  g_clear_object (&f->server);
  g_free (f->log);
  g_free (f->list);
  g_free (f->key);
  g_free (f->watched);
}

static void
set (Fixture    *f,
     const char *key,
     const char *value)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_config_set (dyno_shop_get_config (f->shop.shop), key, value, &error));
  g_assert_no_error (error);
}

static void
begin (Fixture    *f,
       const char *list)
{
  g_autofree char *url = NULL;
  GSList *uris;

  f->list = g_strdup (list);
  f->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (f->server, NULL, serve_cb, f, NULL);
  g_assert_true (soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (f->server);
  url = g_strdup_printf ("http://127.0.0.1:%d/", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  set (f, "jetstream.url", url);
  set (f, "jetstream.enabled", "true");
  dyno_cloud_begin (f->shop.shop, g_main_context_get_thread_default (), "hunter2");
}

/* Lets things happen until `number` is `n`, then for as long as a poll takes. */
static void
wait_for (const guint *number,
          guint        n)
{
  for (guint i = 0; i < 30000 && *number < n; i++)
    {
      while (g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
        ;
      g_usleep (1000);
    }
  g_assert_cmpuint (*number, ==, n);
}

static void
assert_runs (Fixture       *f,
             guint          n,
             DynoRunSource  source)
{
  g_autoptr(GPtrArray) runs = dyno_test_shop_runs (&f->shop);

  g_assert_cmpuint (runs->len, ==, n);
  for (guint i = 0; i < runs->len; i++)
    g_assert_cmpint (((DynoRun *) runs->pdata[i])->source, ==, source);
}

/* Every name of an id, and what is passed over. The fourth has the first one's content. */
static void
test_jetstream (Fixture      *f,
                gconstpointer unused)
{
  begin (f, "{\"runs\":[{\"id\":\"a\",\"processed\":false},"
            "{\"job_id\":\"b\",\"processed\":true},"
            "{\"run_id\":\"../c\",\"processed\":false},"
            "{\"job_id\":\"d-1\",\"processed\":false},"
            "{\"processed\":false}, 7]}");
  wait_for (&f->n_processed, 2);
  g_assert_cmpstr (f->key, ==, "Bearer hunter2");
  assert_runs (f, 1, DYNO_SOURCE_JETSTREAM);

  dyno_clock_advance (f->shop.clock, 30 * G_USEC_PER_SEC);
  wait_for (&f->n_lists, 2);
  g_assert_cmpuint (f->n_downloads, ==, 2);
  g_assert_cmpuint (f->n_processed, ==, 2);
}

static void
test_off (Fixture      *f,
          gconstpointer unused)
{
  begin (f, "{\"jobs\":[{\"id\":\"a\",\"processed\":false}]}");
  set (f, "jetstream.enabled", "false");
  dyno_cloud_end (f->shop.shop);
  dyno_cloud_begin (f->shop.shop, g_main_context_get_thread_default (), NULL);
  for (guint i = 0; i < 300; i++)
    {
      while (g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
        ;
      g_usleep (1000);
    }
  g_assert_cmpuint (f->n_lists, ==, 0);
}

/* A log that cannot be read leaves nothing, is not reported, and comes again. */
static void
test_bad_log (Fixture      *f,
              gconstpointer unused)
{
  g_autofree char *good = g_steal_pointer (&f->log);

  f->log = g_strdup ("no log at all");
  begin (f, "{\"jobs\":[{\"id\":\"a\",\"processed\":false}]}");
  wait_for (&f->n_downloads, 1);
  g_assert_cmpuint (f->n_processed, ==, 0);
  for (guint i = 0; i < 200; i++)
    {
      g_main_context_iteration (g_main_context_get_thread_default (), FALSE);
      g_usleep (1000);
    }
  g_free (f->log);
  f->log = g_steal_pointer (&good);
  dyno_clock_advance (f->shop.clock, 30 * G_USEC_PER_SEC);
  wait_for (&f->n_processed, 1);
  assert_runs (f, 1, DYNO_SOURCE_JETSTREAM);
}

static void
test_faults (Fixture      *f,
             gconstpointer fault)
{
  f->fault = GPOINTER_TO_UINT (fault);
  f->n_faults = 1;
  begin (f, "{\"jobs\":[{\"id\":\"a\",\"processed\":false}]}");
  for (guint i = 0; i < 10 && f->n_processed == 0; i++)
    {
      for (guint k = 0; k < 3000 && f->n_processed == 0; k++)
        {
          while (g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
            ;
          g_usleep (1000);
        }
      dyno_clock_advance (f->shop.clock, 30 * G_USEC_PER_SEC);
    }
  g_assert_cmpuint (f->n_faults, ==, 0);
  g_assert_cmpuint (f->n_processed, ==, 1);
  assert_runs (f, 1, DYNO_SOURCE_JETSTREAM);
}

/* Watch folder */

static char *
put (Fixture    *f,
     const char *name,
     const char *text)
{
  char *path = g_build_filename (f->watched, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static void
notice_cb (DynoTopic   topic,
           const char *subject,
           const char *detail,
           gpointer    n_notices)
{
  (*(guint *) n_notices)++;
}

static void
count_run_cb (DynoTopic   topic,
              const char *subject,
              const char *detail,
              gpointer    n_runs)
{
  *(guint *) n_runs += g_strcmp0 (detail, "added") == 0;
}

/* Turns for so long that a folder is looked through twice. */
static void
let_pass (guint ms)
{
  for (guint i = 0; i < ms; i++)
    {
      while (g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
        ;
      g_usleep (1000);
    }
}

static void
test_watch (Fixture      *f,
            gconstpointer unused)
{
  DynoBus *bus = dyno_shop_get_bus (f->shop.shop);
  g_autofree char *hidden = put (f, ".hidden.csv", f->log);
  g_autofree char *bad = put (f, "bad.csv", "no log at all");
  g_autofree char *part = put (f, "growing.csv", "Time (s),RPM,Torque (Nm),AFR\n0,2000,");
  g_autofree char *twin = NULL;
  guint n_runs = 0;
  guint n_notices = 0;
  guint run_news = dyno_bus_subscribe (bus, DYNO_TOPIC_RUN, g_main_context_get_thread_default (),
                                       count_run_cb, &n_runs, NULL);
  guint notice_news = dyno_bus_subscribe (bus, DYNO_TOPIC_NOTICE,
                                          g_main_context_get_thread_default (), notice_cb,
                                          &n_notices, NULL);

  set (f, "import.watch_dir", f->watched);
  dyno_watch_begin (f->shop.shop, g_main_context_get_thread_default ());
  for (guint i = 0; i < 4; i++)
    {
      let_pass (1000); /* it grows: it is not touched */
      g_free (part);
      part = put (f, "growing.csv", i < 3 ? "Time (s),RPM,Torque (Nm),AFR\n0,2000,2" : f->log);
    }
  g_assert_cmpuint (n_runs, ==, 0);
  wait_for (&n_runs, 1);
  g_assert_cmpuint (n_notices, ==, 1);
  assert_runs (f, 1, DYNO_SOURCE_WATCH);

  twin = put (f, "twin.csv", f->log);
  let_pass (6500);
  g_assert_cmpuint (n_runs, ==, 1);
  g_assert_cmpuint (n_notices, ==, 1);
  dyno_bus_unsubscribe (bus, run_news);
  dyno_bus_unsubscribe (bus, notice_news);
}

#define ADD(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/shop/cloud/jetstream", NULL, test_jetstream);
  ADD ("/shop/cloud/off", NULL, test_off);
  ADD ("/shop/cloud/bad-log", NULL, test_bad_log);
  ADD ("/shop/cloud/fault/503", GUINT_TO_POINTER (503), test_faults);
  ADD ("/shop/cloud/fault/500", GUINT_TO_POINTER (500), test_faults);
  ADD ("/shop/cloud/fault/401", GUINT_TO_POINTER (401), test_faults);
  ADD ("/shop/cloud/fault/302", GUINT_TO_POINTER (302), test_faults);
  ADD ("/shop/cloud/fault/nonsense", GUINT_TO_POINTER (0), test_faults);
  ADD ("/shop/watch/folder", NULL, test_watch);

  return g_test_run ();
}
