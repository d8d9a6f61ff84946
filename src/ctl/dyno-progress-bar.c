/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-progress-bar.h"

#include "dyno-print.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#define BAR_CELLS 24
#define LEAST_FRACTION 0.1 /* before it, and before LEAST_S, no estimate */
#define LEAST_S 3.0
#define STEP_US (100 * 1000) /* between two pictures */

struct _DynoProgressBar
{
  DynoCtl  *ctl;      /* (borrowed) */
  gboolean  is_shown; /* on this terminal at all */
  gboolean  is_drawn; /* a line stands there now */
  char     *title;    /* (owned) */
  gint64    begun_us;
  gint64    drawn_us;
  guint     news;     /* subscription; 0: none */
};

char *
dyno_progress_bar_line (const char *title,
                        const char *stage,
                        double      fraction,
                        double      elapsed_s,
                        guint       width)
{
  GString *line = g_string_new (title);
  const char *cut;

  if (stage != NULL && *stage != '\0')
    g_string_append_printf (line, ": %s", stage);
  if (isfinite (fraction))
    {
      double share = CLAMP (fraction, 0, 1);
      int filled = (int) (share * BAR_CELLS);

      g_string_append (line, "  [");
      for (int i = 0; i < BAR_CELLS; i++)
        g_string_append_c (line, i < filled ? '#' : '.');
      g_string_append_printf (line, "] %3d %%", (int) (share * 100));
      if (share >= LEAST_FRACTION && share < 1 && elapsed_s >= LEAST_S)
        {
          g_autofree char *left = dyno_print_duration (elapsed_s * (1 - share) / share);

          g_string_append_printf (line, ", %s left", left);
        }
    }

  /* A line that wraps could not be written over. */
  if (width > 1 && (guint) g_utf8_strlen (line->str, -1) >= width)
    {
      cut = g_utf8_offset_to_pointer (line->str, width - 1);
      g_string_truncate (line, cut - line->str);
    }

  return g_string_free (line, FALSE);
}

DynoProgressBar *
dyno_progress_bar_new (DynoCtl    *ctl,
                       const char *title)
{
  DynoProgressBar *self = g_new0 (DynoProgressBar, 1);

  self->ctl = ctl;
  self->is_shown = !ctl->is_json && !ctl->is_quiet && dyno_print_is_terminal (STDERR_FILENO);
  self->title = dyno_print_clean (title);
  self->begun_us = g_get_monotonic_time ();

  return self;
}

void
dyno_progress_bar_free (DynoProgressBar *self)
{
  if (self == NULL)
    return;

  if (self->news != 0)
    dyno_bus_unsubscribe (dyno_shop_get_bus (self->ctl->shop), self->news);
  dyno_progress_bar_hide (self);
  g_free (self->title);
  g_free (self);
}

void
dyno_progress_bar_hide (DynoProgressBar *self)
{
  if (!self->is_drawn)
    return;

  fputs ("\r\033[K", stderr);
  fflush (stderr);
  self->is_drawn = FALSE;
  self->drawn_us = 0;
}

void
dyno_progress_bar_set (DynoProgressBar *self,
                       double           fraction,
                       const char      *stage)
{
  gint64 now_us = g_get_monotonic_time ();
  g_autofree char *line = NULL;

  if (!self->is_shown || now_us - self->drawn_us < STEP_US)
    return;

  line = dyno_progress_bar_line (self->title, stage, fraction,
                                 (double) (now_us - self->begun_us) / G_USEC_PER_SEC,
                                 dyno_print_width (STDERR_FILENO));
  fprintf (stderr, "\r%s\033[K", line);
  fflush (stderr);
  self->is_drawn = TRUE;
  self->drawn_us = now_us;
}

static void
job_changed_cb (DynoTopic   topic,
                const char *subject,
                const char *detail,
                gpointer    user_data)
{
  DynoProgressBar *self = user_data;
  g_autoptr(DynoJobInfo) info = NULL;

  info = dyno_jobs_get (dyno_shop_get_jobs (self->ctl->shop), subject);
  if (info != NULL)
    dyno_progress_bar_set (self, info->total > 0 ? info->done / info->total : NAN, info->message);
}

void
dyno_progress_bar_watch (DynoProgressBar *self)
{
  if (!self->is_shown || self->news != 0)
    return;

  self->news = dyno_bus_subscribe (dyno_shop_get_bus (self->ctl->shop), DYNO_TOPIC_JOB,
                                   g_main_context_get_thread_default (), job_changed_cb, self,
                                   NULL);
}
