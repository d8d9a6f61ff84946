/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-job-row.h"

#include <glib/gi18n.h>
#include <math.h>

/* Before that, what is left is a guess. */
#define LEAST_PART 0.1
#define LEAST_TIME_US (3 * G_USEC_PER_SEC)

struct _DynoJobRow
{
  GtkListBoxRow    parent_instance;

  DynoClock       *clock;    /* (borrowed) */
  gint64           begin_us;
  DynoJobRowState  state;
  GtkSpinner      *spinner;  /* template */
  GtkLabel        *title;
  GtkProgressBar  *bar;
  GtkLabel        *detail;
  GtkButton       *cancel;
};

enum
{
  CANCEL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoJobRow, dyno_job_row, GTK_TYPE_LIST_BOX_ROW)

/* "about 12 s left", "about 3 min left"; NULL before it can be said. */
static char *
time_left (DynoJobRow *self,
           double      part)
{
  gint64 passed_us = dyno_clock_monotonic_us (self->clock) - self->begin_us;
  double left;

  if (part < LEAST_PART || passed_us < LEAST_TIME_US)
    return NULL;

  left = (double) passed_us / G_USEC_PER_SEC * (1 - part) / part;
  if (left < 90)
    return g_strdup_printf (_ ("about %.0f s left"), ceil (left));

  return g_strdup_printf (_ ("about %.0f min left"), ceil (left / 60));
}

static void
say (DynoJobRow *self,
     const char *detail)
{
  gtk_label_set_label (self->detail, detail);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  detail, -1);
}

static void
set_busy (DynoJobRow *self,
          gboolean    has_bar,
          gboolean    spins)
{
  gtk_widget_set_visible (GTK_WIDGET (self->bar), has_bar);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), spins);
  gtk_spinner_set_spinning (self->spinner, spins);
}

void
dyno_job_row_set_progress (DynoJobRow *self,
                           guint64     done,
                           guint64     total,
                           const char *what)
{
  double part = total > 0 ? CLAMP ((double) done / (double) total, 0, 1) : 0;
  g_autofree char *left = total > 0 ? time_left (self, part) : NULL;
  g_autofree char *detail = NULL;

  g_return_if_fail (DYNO_IS_JOB_ROW (self));

  if (self->state != DYNO_JOB_ROW_RUNNING)
    return;

  set_busy (self, total > 0, total == 0);
  if (total > 0)
    {
      gtk_progress_bar_set_fraction (self->bar, part);
      /* Translators: done of total, what is counted, and the time left or nothing. */
      detail = g_strdup_printf (_ ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " %s%s%s"), done,
                                total, what, left != NULL ? ", " : "", left != NULL ? left : "");
    }
  else
    detail = g_strdup_printf ("%" G_GUINT64_FORMAT " %s", done, what);
  say (self, detail);
}

void
dyno_job_row_end (DynoJobRow *self,
                  gboolean    has_failed,
                  const char *sentence)
{
  gboolean was_cancelled;

  g_return_if_fail (DYNO_IS_JOB_ROW (self));

  was_cancelled = self->state == DYNO_JOB_ROW_CANCELLING;
  self->state = has_failed ? DYNO_JOB_ROW_FAILED : DYNO_JOB_ROW_DONE;
  set_busy (self, FALSE, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), FALSE);
  say (self, sentence != NULL  ? sentence
             : has_failed      ? _ ("failed")
             : was_cancelled   ? _ ("cancelled")
                               : _ ("done"));
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *unused)
{
  DynoJobRow *self = DYNO_JOB_ROW (widget);

  if (self->state != DYNO_JOB_ROW_RUNNING)
    return;

  self->state = DYNO_JOB_ROW_CANCELLING;
  gtk_widget_set_sensitive (GTK_WIDGET (self->cancel), FALSE);
  say (self, _ ("cancelling…"));
  g_signal_emit (self, signals[CANCEL], 0);
}

DynoJobRowState
dyno_job_row_get_state (DynoJobRow *self)
{
  return self->state;
}

const char *
dyno_job_row_get_detail (DynoJobRow *self)
{
  return gtk_label_get_label (self->detail);
}

gboolean
dyno_job_row_has_bar (DynoJobRow *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->bar));
}

static void
dyno_job_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_JOB_ROW);

  G_OBJECT_CLASS (dyno_job_row_parent_class)->dispose (object);
}

static void
dyno_job_row_class_init (DynoJobRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_job_row_dispose;
  signals[CANCEL] = g_signal_new ("cancel", DYNO_TYPE_JOB_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dynoai/DynoAI/dyno-job-row.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoJobRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, DynoJobRow, title);
  gtk_widget_class_bind_template_child (widget_class, DynoJobRow, bar);
  gtk_widget_class_bind_template_child (widget_class, DynoJobRow, detail);
  gtk_widget_class_bind_template_child (widget_class, DynoJobRow, cancel);
  gtk_widget_class_install_action (widget_class, "job.cancel", NULL, cancel_action);
}

static void
dyno_job_row_init (DynoJobRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_busy (self, FALSE, TRUE);
}

GtkWidget *
dyno_job_row_new (const char *title,
                  DynoClock  *clock)
{
  DynoJobRow *self = g_object_new (DYNO_TYPE_JOB_ROW, NULL);

  self->clock = clock != NULL ? clock : dyno_clock_get_system ();
  self->begin_us = dyno_clock_monotonic_us (self->clock);
  gtk_label_set_label (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);

  return GTK_WIDGET (self);
}
