/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-fuel.h"

#include "dyno-access.h"
#include "dyno-heat-scale.h"
#include "dyno-run-fuel-words.h"
#include "dyno-run-job.h"
#include "dyno-trouble.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define RANGE_PCT 15.0

struct _DynoRunFuel
{
  GtkWidget       parent_instance;

  DynoShop       *shop;        /* (owned) (nullable) */
  char          **run_ids;     /* (owned) */
  GCancellable   *cancellable; /* (owned) of all that is asked for these runs */
  DynoRunJob     *job;         /* (owned) (nullable) */
  DynoAnalyse    *analyse;     /* (owned) (nullable) the result for these runs */
  gboolean        is_active;
  gboolean        has_looked;  /* whether these runs have a result that is kept */
  GtkStack       *stack;       /* template */
  GtkListBox     *jobs;
  AdwStatusPage  *failed;
  GtkDropDown    *layers;
  GtkToggleButton *front;
  GtkToggleButton *rear;
  GtkLabel       *summary;
  DynoHeatmap    *heatmap;
  DynoHeatScale  *scale;
  GtkLabel       *story;
  GtkExpander    *notes_expander;
  GtkLabel       *notes;
};

enum
{
  PROP_BUSY = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

/* A question for these runs. */
typedef struct
{
  DynoRunFuel  *self;        /* (owned) */
  GCancellable *cancellable; /* (owned) */
} Question;

G_DEFINE_FINAL_TYPE (DynoRunFuel, dyno_run_fuel, GTK_TYPE_WIDGET)

DynoAnalyse *
dyno_run_fuel_get_result (DynoRunFuel *self)
{
  return self->analyse;
}

DynoHeatmap *
dyno_run_fuel_get_heatmap (DynoRunFuel *self)
{
  return self->heatmap;
}

const char *
dyno_run_fuel_get_story (DynoRunFuel *self)
{
  return gtk_label_get_label (self->story);
}

const char *
dyno_run_fuel_get_shown (DynoRunFuel *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

static Question *
question_new (DynoRunFuel *self)
{
  Question *question = g_new0 (Question, 1);

  question->self = g_object_ref (self);
  question->cancellable = g_object_ref (self->cancellable);

  return question;
}

/* The widget, if it still wants the answer. (transfer full) (nullable) */
static DynoRunFuel *
question_end (Question *question)
{
  gboolean is_wanted = !g_cancellable_is_cancelled (question->cancellable);
  DynoRunFuel *self = g_steal_pointer (&question->self);

  g_object_unref (question->cancellable);
  g_free (question);
  if (!is_wanted)
    g_clear_object (&self);

  return self;
}

/* The result. */

static guint
cylinder_of (DynoRunFuel *self)
{
  return gtk_toggle_button_get_active (self->front) ? 0 : 1;
}

typedef struct
{
  DynoAnalyse *analyse; /* (owned) */
  guint        cylinder;
  guint        cell;
} StoryTask;

static void
story_task_free (gpointer data)
{
  StoryTask *task = data;

  dyno_analyse_unref (task->analyse);
  g_free (task);
}

/* In GLib's pool: a cell looks at every row of its runs. */
static void
story_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  StoryTask *asked = task_data;
  g_autoptr(DynoVeStory) story =
      dyno_ve_explain_cell (asked->analyse->result, asked->cylinder, asked->cell);

  g_task_return_pointer (task, dyno_run_fuel_words_story (story), g_free);
}

/* The cursor may have gone on meanwhile. */
static void
story_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(DynoRunFuel) self = question_end (user_data);
  const StoryTask *asked = g_task_get_task_data (G_TASK (result));
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self != NULL && text != NULL && asked->analyse == self->analyse
      && asked->cell == dyno_heatmap_get_cursor (self->heatmap)
      && asked->cylinder == cylinder_of (self))
    gtk_label_set_label (self->story, text);
}

static void
cursor_cb (DynoRunFuel *self)
{
  g_autoptr(GTask) task = NULL;
  StoryTask *asked;

  if (self->analyse == NULL)
    return;

  asked = g_new0 (StoryTask, 1);
  asked->analyse = dyno_analyse_ref (self->analyse);
  asked->cylinder = cylinder_of (self);
  asked->cell = dyno_heatmap_get_cursor (self->heatmap);
  task = g_task_new (NULL, NULL, story_cb, question_new (self));
  g_task_set_task_data (task, asked, story_task_free);
  g_task_run_in_thread (task, story_thread);
}

static void
show_cells (DynoRunFuel *self)
{
  DynoFuelLayer layer = gtk_drop_down_get_selected (self->layers);
  guint cylinder = cylinder_of (self);
  g_autofree DynoHeatCell *cells = NULL;
  g_autofree char *summary = NULL;

  if (self->analyse == NULL || layer >= DYNO_N_FUEL_LAYERS)
    return;

  cells = dyno_run_fuel_words_cells (self->analyse->result, cylinder, layer);
  summary = dyno_run_fuel_words_summary (self->analyse->result, cylinder);
  dyno_heatmap_set_scale (self->heatmap,
                          layer == DYNO_FUEL_HITS ? DYNO_HEAT_HITS : DYNO_HEAT_CORRECTION,
                          RANGE_PCT);
  dyno_heatmap_set_grid (self->heatmap, &self->analyse->result->set->shape, cells);
  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->scale), layer != DYNO_FUEL_HITS);
  cursor_cb (self);
}

/* The cursor begins where there is most to see. */
static guint
busiest_cell (const DynoVeResult *result,
              guint               cylinder)
{
  guint busiest = 0;

  for (guint i = 1; i < result->n_cells; i++)
    {
      if (result->cylinders[cylinder].cells[i].hits
          > result->cylinders[cylinder].cells[busiest].hits)
        busiest = i;
    }

  return busiest;
}

static void
show_result (DynoRunFuel *self)
{
  const DynoVeResult *result = self->analyse->result;
  g_autofree char *notes = dyno_run_fuel_words_notes (result);

  gtk_label_set_label (self->notes, notes);
  gtk_widget_set_visible (GTK_WIDGET (self->notes_expander), *notes != '\0');
  if (!result->cylinders[0].has_sensor && result->cylinders[1].has_sensor)
    gtk_toggle_button_set_active (self->rear, TRUE);
  show_cells (self);
  dyno_heatmap_set_cursor (self->heatmap, busiest_cell (result, cylinder_of (self)));
  gtk_stack_set_visible_child_name (self->stack, "result");
}

static void
layer_cb (DynoRunFuel *self)
{
  show_cells (self);
}

static void
cylinder_cb (DynoRunFuel *self)
{
  show_cells (self);
}

/* The job. */

static void
end_job (DynoRunFuel *self)
{
  GtkListBoxRow *row;

  g_clear_pointer (&self->job, dyno_run_job_free);
  while ((row = gtk_list_box_get_row_at_index (self->jobs, 0)) != NULL)
    gtk_list_box_remove (self->jobs, GTK_WIDGET (row));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

static void
analysed_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(DynoRunFuel) self = question_end (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoAnalyse) analyse = dyno_analyse_finish (result, &error);

  if (self == NULL)
    return;

  end_job (self);
  if (analyse != NULL)
    {
      self->analyse = g_steal_pointer (&analyse);
      show_result (self);
    }
  else if (dyno_trouble_is_cancelled (error))
    gtk_stack_set_visible_child_name (self->stack, "ask");
  else
    {
      adw_status_page_set_description (self->failed, error->message);
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
}

void
dyno_run_fuel_analyse (DynoRunFuel *self)
{
  DynoAnalyseRequest *request;
  g_autofree char *job_id = NULL;
  GtkWidget *row;

  if (self->job != NULL || self->run_ids == NULL || *self->run_ids == NULL)
    return;

  request = dyno_analyse_request_new ();
  for (guint i = 0; self->run_ids[i] != NULL; i++)
    dyno_analyse_request_add_run (request, self->run_ids[i]);
  g_clear_pointer (&self->analyse, dyno_analyse_unref);
  self->has_looked = TRUE;
  dyno_analyse_async (self->shop, request, &job_id, self->cancellable, analysed_cb,
                      question_new (self));
  row = dyno_job_row_new (_ ("Correcting the fuel table"), dyno_shop_get_clock (self->shop));
  dyno_access_name_all (row);
  gtk_list_box_append (self->jobs, row);
  if (job_id != NULL)
    self->job = dyno_run_job_new (self->shop, job_id, DYNO_JOB_ROW (row));
  gtk_stack_set_visible_child_name (self->stack, "running");
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

/* Runs. */

/* The same runs, options and mathematics have the same fingerprint: what was found
 * once is found again without a question. */
static void
list_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(DynoRunFuel) self = question_end (user_data);
  g_autoptr(GPtrArray) kept = dyno_analyse_list_finish (result, NULL);

  if (self == NULL || self->job != NULL || self->analyse != NULL)
    return;

  for (guint i = 0; kept != NULL && i < kept->len; i++)
    {
      const DynoAnalysisRecord *record = g_ptr_array_index (kept, i);

      if (record->run_ids != NULL
          && g_strv_equal ((const char *const *) record->run_ids,
                           (const char *const *) self->run_ids))
        {
          dyno_run_fuel_analyse (self);
          return;
        }
    }
}

static void
look_for_kept (DynoRunFuel *self)
{
  if (!self->is_active || self->has_looked || self->run_ids == NULL || *self->run_ids == NULL)
    return;

  self->has_looked = TRUE;
  dyno_analyse_list_async (self->shop, self->run_ids[0], self->cancellable, list_cb,
                           question_new (self));
}

void
dyno_run_fuel_set_active (DynoRunFuel *self,
                          gboolean     is_active)
{
  self->is_active = !!is_active;
  look_for_kept (self);
}

void
dyno_run_fuel_set_runs (DynoRunFuel       *self,
                        const char *const *run_ids)
{
  if (self->run_ids != NULL && g_strv_equal ((const char *const *) self->run_ids, run_ids))
    return;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  end_job (self);
  g_clear_pointer (&self->analyse, dyno_analyse_unref);
  g_strfreev (self->run_ids);
  self->run_ids = g_strdupv ((char **) run_ids);
  self->has_looked = FALSE;
  dyno_heatmap_set_grid (self->heatmap, NULL, NULL);
  gtk_label_set_label (self->story, "");
  gtk_stack_set_visible_child_name (self->stack, "ask");
  look_for_kept (self);
}

void
dyno_run_fuel_set_shop (DynoRunFuel *self,
                        DynoShop    *shop)
{
  g_return_if_fail (self->shop == NULL);

  self->shop = dyno_shop_ref (shop);
}

static void
dyno_run_fuel_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  if (id == PROP_BUSY)
    g_value_set_boolean (value, DYNO_RUN_FUEL (object)->job != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
dyno_run_fuel_dispose (GObject *object)
{
  DynoRunFuel *self = DYNO_RUN_FUEL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->job, dyno_run_job_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_RUN_FUEL);

  G_OBJECT_CLASS (dyno_run_fuel_parent_class)->dispose (object);
}

static void
dyno_run_fuel_finalize (GObject *object)
{
  DynoRunFuel *self = DYNO_RUN_FUEL (object);

  g_clear_pointer (&self->analyse, dyno_analyse_unref);
  g_clear_pointer (&self->shop, dyno_shop_unref);
  g_clear_object (&self->cancellable);
  g_strfreev (self->run_ids);

  G_OBJECT_CLASS (dyno_run_fuel_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, stack);
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, jobs);
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, failed);
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, layers);
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, front);
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, rear);
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, summary);
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, heatmap);
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, scale);
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, story);
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, notes_expander);
  gtk_widget_class_bind_template_child (widget_class, DynoRunFuel, notes);
  gtk_widget_class_bind_template_callback (widget_class, cursor_cb);
  gtk_widget_class_bind_template_callback (widget_class, cylinder_cb);
  gtk_widget_class_bind_template_callback (widget_class, layer_cb);
}

static void
dyno_run_fuel_class_init (DynoRunFuelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_run_fuel_dispose;
  object_class->finalize = dyno_run_fuel_finalize;
  object_class->get_property = dyno_run_fuel_get_property;
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_type_ensure (DYNO_TYPE_HEATMAP);
  g_type_ensure (DYNO_TYPE_HEAT_SCALE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-run-fuel.ui");
  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fill_layers (DynoRunFuel *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < DYNO_N_FUEL_LAYERS; i++)
    gtk_string_list_append (names, dyno_run_fuel_words_layer (i));
  gtk_drop_down_set_model (self->layers, G_LIST_MODEL (names));
}

static void
dyno_run_fuel_init (DynoRunFuel *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_layers (self);
  dyno_heat_scale_set_range (self->scale, RANGE_PCT);
  dyno_access_name_all (GTK_WIDGET (self));
}
