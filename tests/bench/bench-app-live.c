/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The page Live in the whole program, a simulated dyno of 104 channels on the wire at
 * its real rates: frames a second, processor time, memory. A JSON line a figure, with
 * the budget beside it. Run under run-ui.sh. DYNO_BENCH_SECONDS is how long each layout
 * is looked at (60); 600 is what the milestone asks for. A frame counts when the frame
 * clock came to it in time for the next one; memory is what grew after the first
 * quarter beside the live ring, which has a size of its own and fills slowly. */

#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "dyno-test-app.h"

static guint seconds = 60;

static void
print_figure (const char *layout,
              const char *name,
              double      value,
              const char *unit,
              double      budget)
{
  g_print ("{\"bench\":\"app-live\",\"layout\":\"%s\",\"figure\":\"%s\",\"value\":%.2f,"
           "\"unit\":\"%s\"", layout, name, value, unit);
  if (!isnan (budget))
    g_print (",\"budget\":%g", budget);
  g_print ("}\n");
}

static double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (double) usage.ru_utime.tv_sec + (double) usage.ru_utime.tv_usec / 1e6
         + (double) usage.ru_stime.tv_sec + (double) usage.ru_stime.tv_usec / 1e6;
}

static double
resident_mib (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  if (text != NULL)
    sscanf (text, "%*s %ld", &pages);

  return (double) pages * 4096 / (1024 * 1024);
}

/* What the live ring holds, which fills for half an hour: a stamp and a value each. */
static double
ring_mib (DynoTestApp *f)
{
  DynoLive *live = dyno_shop_get_live (dyno_test_app_shop (f));
  double n_samples = 0;

  for (guint i = 0; i < dyno_live_n_channels (live); i++)
    {
      DynoLiveReading reading;

      if (dyno_live_get (live, (int) i, &reading))
        n_samples += (double) MIN (reading.n_samples, dyno_live_capacity (live));
    }

  return n_samples * 16 / (1024 * 1024);
}

typedef struct
{
  guint  n_frames;
  gint64 last_us;
  gint64 longest_us;
} Frames;

static gboolean
frame_cb (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       data)
{
  Frames *frames = data;
  gint64 now_us = g_get_monotonic_time ();

  if (frames->last_us != 0)
    frames->longest_us = MAX (frames->longest_us, now_us - frames->last_us);
  frames->last_us = now_us;
  frames->n_frames++;

  return G_SOURCE_CONTINUE;
}

static void
look_at (DynoTestApp *f,
         const char  *layout)
{
  GtkWidget *page = GTK_WIDGET (dyno_test_app_page (f, "live"));
  Frames frames = { 0 };
  gint64 began_us;
  double cpu;
  double settled;
  double elapsed;
  guint tick;

  gtk_widget_activate_action (page, "live.layout", "s", layout);
  dyno_test_ui_run (2000);
  tick = gtk_widget_add_tick_callback (page, frame_cb, &frames, NULL);
  began_us = g_get_monotonic_time ();
  cpu = cpu_seconds ();
  dyno_test_ui_run (seconds * 250);
  settled = resident_mib () - ring_mib (f);
  dyno_test_ui_run (seconds * 750);
  elapsed = (double) (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC;
  gtk_widget_remove_tick_callback (page, tick);

  print_figure (layout, "frames", frames.n_frames / elapsed, "1/s", 60);
  print_figure (layout, "longest frame", (double) frames.longest_us / 1000, "ms", NAN);
  print_figure (layout, "processor", 100 * (cpu_seconds () - cpu) / elapsed, "% of a core", NAN);
  print_figure (layout, "resident", resident_mib (), "MiB", NAN);
  print_figure (layout, "growth beside the ring", resident_mib () - ring_mib (f) - settled, "MiB",
                1);
}

static void
bench (DynoTestApp *f)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  DynoTestDyno *dyno = dyno_test_dyno_start (&config);

  gtk_window_set_default_size (GTK_WINDOW (f->window), 1280, 800);
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_LIVE), 20);
  look_at (f, "pull");
  look_at (f, "all");
  dyno_test_dyno_free (dyno);
}

int
main (int    argc,
      char **argv)
{
  const char *text = g_getenv ("DYNO_BENCH_SECONDS");

  if (text != NULL)
    seconds = (guint) MAX (atoi (text), 4);
  if (!dyno_test_ui_start ())
    return 1;

  dyno_test_app_run (bench, NULL);

  return 0;
}
