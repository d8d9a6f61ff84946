/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bus.h"
#include "dyno-test.h"

typedef struct
{
  GPtrArray *heard; /* (owned) of "subject detail" */
} Ear;

static void
hear_cb (DynoTopic   topic,
         const char *subject,
         const char *detail,
         gpointer    user_data)
{
  Ear *ear = user_data;

  g_ptr_array_add (ear->heard, g_strdup_printf ("%s %s", subject, detail != NULL ? detail : "-"));
}

static void
run_pending (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    ;
}

static void
test_newest_wins (void)
{
  g_autoptr(DynoBus) bus = dyno_bus_new ();
  Ear ear = { g_ptr_array_new_with_free_func (g_free) };
  guint id = dyno_bus_subscribe (bus, DYNO_TOPIC_RUN, NULL, hear_cb, &ear, NULL);

  dyno_bus_publish (bus, DYNO_TOPIC_RUN, "run_a", "added");
  dyno_bus_publish (bus, DYNO_TOPIC_RUN, "run_b", "added");
  dyno_bus_publish (bus, DYNO_TOPIC_RUN, "run_a", "changed");
  dyno_bus_publish (bus, DYNO_TOPIC_JOB, "job_a", NULL);
  run_pending (NULL);

  g_assert_cmpuint (ear.heard->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (ear.heard, 0), ==, "run_a changed");
  g_assert_cmpstr (g_ptr_array_index (ear.heard, 1), ==, "run_b added");

  dyno_bus_unsubscribe (bus, id);
  dyno_bus_publish (bus, DYNO_TOPIC_RUN, "run_c", "added");
  run_pending (NULL);
  g_assert_cmpuint (ear.heard->len, ==, 2);
  g_ptr_array_unref (ear.heard);
}

static void
test_own_context (void)
{
  g_autoptr(DynoBus) bus = dyno_bus_new ();
  g_autoptr(GMainContext) context = g_main_context_new ();
  Ear ear = { g_ptr_array_new_with_free_func (g_free) };

  dyno_bus_subscribe (bus, DYNO_TOPIC_JOB, context, hear_cb, &ear, NULL);
  dyno_bus_publish (bus, DYNO_TOPIC_JOB, "job_a", NULL);
  run_pending (NULL);
  g_assert_cmpuint (ear.heard->len, ==, 0);
  run_pending (context);
  g_assert_cmpuint (ear.heard->len, ==, 1);
  g_ptr_array_unref (ear.heard);
}

static gpointer
shout_thread (gpointer data)
{
  for (int i = 0; i < 1000; i++)
    dyno_bus_publish (data, DYNO_TOPIC_RUN, i % 2 == 0 ? "even" : "odd", "changed");

  return NULL;
}

static gboolean
heard_both (gpointer data)
{
  return ((Ear *) data)->heard->len >= 2;
}

static void
test_many_threads (void)
{
  g_autoptr(DynoBus) bus = dyno_bus_new ();
  Ear ear = { g_ptr_array_new_with_free_func (g_free) };
  GThread *threads[4];

  dyno_bus_subscribe (bus, DYNO_TOPIC_RUN, NULL, hear_cb, &ear, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("shout", shout_thread, bus);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  dyno_test_wait_for (heard_both, &ear, 10);
  g_assert_cmpuint (ear.heard->len, <=, 4000);
  g_ptr_array_unref (ear.heard);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bus/newest-wins", test_newest_wins);
  g_test_add_func ("/bus/own-context", test_own_context);
  g_test_add_func ("/bus/many-threads", test_many_threads);

  return g_test_run ();
}
