/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-facts.h"

#include "dyno-run-words.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

#define SUM_SHOWN 16 /* digits of a SHA-256 */

struct _DynoRunFacts
{
  GtkWidget      parent_instance;

  GtkGrid       *grid;        /* child */
  GCancellable  *cancellable; /* (owned) (nullable) of the reading in hand */
  int            n_rows;
};

/* A question for the rest of a run. */
typedef struct
{
  DynoRunFacts *self;        /* (owned) */
  GCancellable *cancellable; /* (owned) */
} Question;

G_DEFINE_FINAL_TYPE (DynoRunFacts, dyno_run_facts, GTK_TYPE_WIDGET)

/* Nothing for a value that is not there. */
static void
add (DynoRunFacts *self,
     const char   *what,
     const char   *value)
{
  GtkWidget *left;
  GtkWidget *right;

  if (value == NULL || *value == '\0')
    return;

  left = gtk_label_new (what);
  right = gtk_label_new (value);
  gtk_label_set_xalign (GTK_LABEL (left), 0);
  gtk_label_set_xalign (GTK_LABEL (right), 0);
  gtk_label_set_wrap (GTK_LABEL (right), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (right), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_widget_set_valign (left, GTK_ALIGN_START);
  gtk_widget_add_css_class (left, "dim-label");
  gtk_widget_add_css_class (right, "numeric");
  gtk_grid_attach (self->grid, left, 0, self->n_rows, 1, 1);
  gtk_grid_attach (self->grid, right, 1, self->n_rows, 1, 1);
  self->n_rows++;
}

static void
add_time (DynoRunFacts  *self,
          const DynoRun *run)
{
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_local (run->started_ms / 1000);
  g_autofree char *text = start != NULL ? g_date_time_format (start, "%x %X") : NULL;
  g_autofree char *duration = isfinite (run->duration_s)
                                  ? g_strdup_printf (_ ("%.1f s"), run->duration_s)
                                  : NULL;

  add (self, _ ("Started"), text);
  add (self, _ ("Duration"), duration);
}

static void
add_source (DynoRunFacts  *self,
            const DynoRun *run)
{
  g_autofree char *text = run->provider != NULL
                              ? g_strdup_printf ("%s, %s", dyno_run_words_source (run),
                                                 run->provider)
                              : g_strdup (dyno_run_words_source (run));

  add (self, _ ("Source"), text);
  add (self, _ ("Customer"), run->customer_name);
}

static char *
words_of_peak (DynoUnitSet  units,
               DynoQuantity quantity,
               double       value,
               double       rpm)
{
  g_autofree char *number = dyno_wording_quantity (units, quantity, value);
  g_autofree char *at = isfinite (rpm) ? dyno_wording_count ((guint64) lround (rpm)) : NULL;

  if (!isfinite (value))
    return NULL;

  return at != NULL ? g_strdup_printf (_ ("%s at %s rpm"), number, at) : g_steal_pointer (&number);
}

static void
add_peaks (DynoRunFacts  *self,
           const DynoRun *run,
           DynoUnitSet    units)
{
  const DynoRunPeaks *peaks = &run->peaks;
  g_autofree char *power =
      words_of_peak (units, DYNO_QUANTITY_POWER, peaks->power_kw, peaks->power_rpm);
  g_autofree char *torque =
      words_of_peak (units, DYNO_QUANTITY_TORQUE, peaks->torque_nm, peaks->torque_rpm);
  g_autofree char *mixture =
      isfinite (peaks->mean_afr)
          ? dyno_wording_quantity (units, DYNO_QUANTITY_AFR, peaks->mean_afr)
          : NULL;

  add (self, _ ("Peak power"), power);
  add (self, _ ("Peak torque"), torque);
  add (self, _ ("Mean mixture"), mixture);
}

/* Whatever is wrong with the run, in words. */
static void
add_flaws (DynoRunFacts  *self,
           const DynoRun *run)
{
  g_autofree char *gaps = dyno_run_words_gaps (run);

  if (run->status == DYNO_RUN_INTERRUPTED)
    add (self, _ ("Incomplete"),
         run->error != NULL ? run->error : _ ("The recording was cut short."));
  else
    add (self, _ ("Error"), run->error);
  add (self, _ ("Discarded"), run->discarded);
  add (self, _ ("Gaps"), gaps);
}

static void
add_channels (DynoRunFacts        *self,
              const DynoRunDetail *detail)
{
  g_autofree char *n = g_strdup_printf ("%u", detail->channels->len);
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < detail->channels->len; i++)
    {
      const DynoRunChannel *channel = g_ptr_array_index (detail->channels, i);

      if (channel->channel != DYNO_CHANNEL_NONE)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "",
                                _ (dyno_channel_info (channel->channel)->title));
    }
  add (self, _ ("Channels"), n);
  add (self, _ ("Known as"), names->str);
  g_string_free (names, TRUE);
}

static void
add_marks (DynoRunFacts        *self,
           const DynoRunDetail *detail)
{
  GString *text = g_string_new (NULL);
  gint64 origin_us = detail->run->origin_us != DYNO_NO_STAMP ? detail->run->origin_us : 0;

  for (guint i = 0; i < detail->marks->len; i++)
    {
      const DynoRunMark *mark = g_ptr_array_index (detail->marks, i);

      g_string_append_printf (text, "%s%.1f s %s", text->len > 0 ? "\n" : "",
                              (double) (mark->t_us - origin_us) / G_USEC_PER_SEC,
                              mark->text != NULL && *mark->text != '\0' ? mark->text : mark->kind);
    }
  add (self, _ ("Marks"), text->str);
  g_string_free (text, TRUE);
}

static void
add_files (DynoRunFacts        *self,
           const DynoRunDetail *detail)
{
  for (guint i = 0; i < detail->files->len; i++)
    {
      const DynoRunFile *file = g_ptr_array_index (detail->files, i);
      g_autofree char *size = g_format_size ((guint64) MAX (file->bytes, 0));
      g_autofree char *text =
          g_strdup_printf ("%s, %s, SHA-256 %.*s…%s", file->name, size, SUM_SHOWN, file->sha256,
                           file->removed_ms != 0 ? _ (", removed by the rules") : "");

      add (self, g_str_equal (file->kind, DYNO_FILE_JOURNAL) ? _ ("Packets") : _ ("File"), text);
    }
}

static void
detail_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr(DynoRunFacts) self = question->self;
  g_autoptr(GCancellable) cancellable = question->cancellable;
  g_autoptr(DynoRunDetail) detail = dyno_runbook_get_finish (result, NULL);

  g_free (question);
  /* Without it the lines above stand alone; the page says what is wrong. */
  if (g_cancellable_is_cancelled (cancellable) || detail == NULL || self->grid == NULL)
    return;

  add_channels (self, detail);
  add_marks (self, detail);
  add_files (self, detail);
}

static void
drop_rows (DynoRunFacts *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  self->n_rows = 0;
}

void
dyno_run_facts_set (DynoRunFacts  *self,
                    DynoShop      *shop,
                    const DynoRun *run,
                    DynoUnitSet    units)
{
  Question *question;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  drop_rows (self);
  if (run == NULL)
    return;

  add_flaws (self, run);
  add_time (self, run);
  add_source (self, run);
  add_peaks (self, run, units);
  self->cancellable = g_cancellable_new ();
  question = g_new0 (Question, 1);
  question->self = g_object_ref (self);
  question->cancellable = g_object_ref (self->cancellable);
  dyno_runbook_get_async (shop, run->id, self->cancellable, detail_cb, question);
}

char *
dyno_run_facts_text (DynoRunFacts *self)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < self->n_rows; i++)
    g_string_append_printf (text, "%s: %s\n",
                            gtk_label_get_label (GTK_LABEL (gtk_grid_get_child_at (self->grid, 0,
                                                                                   i))),
                            gtk_label_get_label (GTK_LABEL (gtk_grid_get_child_at (self->grid, 1,
                                                                                   i))));

  return g_string_free (text, FALSE);
}

static void
dyno_run_facts_dispose (GObject *object)
{
  DynoRunFacts *self = DYNO_RUN_FACTS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->grid != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->grid));
  self->grid = NULL;

  G_OBJECT_CLASS (dyno_run_facts_parent_class)->dispose (object);
}

static void
dyno_run_facts_class_init (DynoRunFactsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dyno_run_facts_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
dyno_run_facts_init (DynoRunFacts *self)
{
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_row_spacing (self->grid, 3);
  gtk_grid_set_column_spacing (self->grid, 12);
  gtk_widget_set_parent (GTK_WIDGET (self->grid), GTK_WIDGET (self));
}
