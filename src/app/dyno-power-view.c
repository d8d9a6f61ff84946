/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-power-view.h"

#include "dyno-access.h"
#include "dyno-legend.h"
#include "dyno-power-curves.h"
#include "dyno-power-passport.h"
#include "dyno-power-words.h"
#include "dyno-run-words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _DynoPowerView
{
  GtkWidget          parent_instance;

  DynoPowerSet      *set;     /* (owned) (nullable) */
  DynoPowerCurves   *curves;  /* (owned) */
  DynoLegend        *legend;  /* child of legend_bin */
  DynoUnitSet        units;
  gboolean           is_showing; /* the drop-downs follow the set */
  AdwBin            *legend_bin; /* template */
  GtkStack          *stack;
  DynoChart         *chart;
  AdwStatusPage     *reason;
  GtkSpinner        *spinner;
  GtkLabel          *gain;
  GtkDropDown       *corrections;
  GtkDropDown       *smoothings;
  GtkToggleButton   *raw;
  GtkMenuButton     *passport_button;
  DynoPowerPassport *passport;
  GtkLabel          *look;
};

enum
{
  DROPPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* In the order of the drop-down; the button has room for the short word alone. */
static const struct
{
  DynoStandard standard;
  const char  *word;
} order[] = {
  { DYNO_STANDARD_NONE, N_ ("Uncorrected") }, { DYNO_STANDARD_SAE_1990, N_ ("SAE") },
  { DYNO_STANDARD_SAE_2004, N_ ("SAE 2004") }, { DYNO_STANDARD_STD_J607, N_ ("STD") },
  { DYNO_STANDARD_DIN_70020, N_ ("DIN") },    { DYNO_STANDARD_ISO_1585, N_ ("EEC") },
  { DYNO_STANDARD_JIS_D1001, N_ ("JIS") },
};

G_DEFINE_FINAL_TYPE (DynoPowerView, dyno_power_view, GTK_TYPE_WIDGET)

DynoChart *
dyno_power_view_get_chart (DynoPowerView *self)
{
  return self->chart;
}

static const char *
text_of (GtkLabel *label)
{
  return gtk_widget_get_visible (GTK_WIDGET (label)) ? gtk_label_get_label (label) : NULL;
}

const char *
dyno_power_view_get_gain (DynoPowerView *self)
{
  return text_of (self->gain);
}

const char *
dyno_power_view_get_look (DynoPowerView *self)
{
  return text_of (self->look);
}

const char *
dyno_power_view_get_reason (DynoPowerView *self)
{
  const char *shown = gtk_stack_get_visible_child_name (self->stack);

  return g_strcmp0 (shown, "reason") == 0 ? adw_status_page_get_description (self->reason) : NULL;
}

/* What is shown. */

/* The run whose passport is shown: that of the active curve, else the first one. */
static const DynoPowerEntry *
active_entry (DynoPowerView *self)
{
  DynoSeries *series = dyno_chart_get_active (self->chart);
  const DynoPowerEntry *entry =
      series != NULL ? dyno_power_set_find_trace (self->set, dyno_series_get_trace (series)) : NULL;

  if (entry == NULL && dyno_power_set_get_n (self->set) > 0)
    entry = dyno_power_set_get (self->set, 0);

  return entry != NULL && entry->power != NULL ? entry : NULL;
}

static void
show_legend (DynoPowerView *self)
{
  for (guint i = 0; i < dyno_power_set_get_n (self->set); i++)
    {
      const DynoPowerEntry *entry = dyno_power_set_get (self->set, i);
      g_autofree char *peaks =
          entry->power != NULL ? dyno_power_words_peaks (entry->power->power, self->units) : NULL;

      dyno_legend_set_detail (self->legend, entry->trace, peaks);
    }
  dyno_legend_set_removable (self->legend, dyno_power_set_get_n (self->set) > 1);
}

/* The baseline is the pinned run, else the first; what is compared is the active one,
 * else the second. */
static const DynoPowerEntry *
baseline (DynoPowerView *self)
{
  GListModel *model = dyno_chart_get_series (self->chart);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(DynoSeries) series = g_list_model_get_item (model, i);

      if (dyno_series_get_pinned (series))
        return dyno_power_set_find_trace (self->set, dyno_series_get_trace (series));
    }

  return dyno_power_set_get_n (self->set) > 0 ? dyno_power_set_get (self->set, 0) : NULL;
}

static void
show_gain (DynoPowerView *self)
{
  const DynoPowerEntry *from = baseline (self);
  const DynoPowerEntry *to = active_entry (self);
  guint n = dyno_power_set_get_n (self->set);
  g_autofree char *text = NULL;

  for (guint i = 0; to == from && i < n; i++)
    to = dyno_power_set_get (self->set, i);
  if (n > 1 && from != NULL && to != NULL && from->power != NULL && to->power != NULL)
    text = dyno_power_words_gain (from, to, self->units);
  gtk_widget_set_visible (GTK_WIDGET (self->gain), text != NULL);
  gtk_label_set_label (self->gain, text != NULL ? text : "");
}

static void
show_passport (DynoPowerView *self)
{
  const DynoPowerEntry *entry = active_entry (self);
  g_autofree char *look = entry != NULL ? dyno_run_words_view (entry->power->power) : NULL;
  guint n_warnings = entry != NULL ? dyno_power_passport_n_warnings (entry->power) : 0;
  g_autofree char *warned = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->look), look != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->passport_button), entry != NULL);
  if (entry == NULL)
    return;

  dyno_power_passport_set (self->passport, entry->power, self->units);
  warned = n_warnings > 0
               ? g_strdup_printf (ngettext ("%s · %u warning", "%s · %u warnings", n_warnings),
                                  look, n_warnings)
               : g_strdup (look);
  gtk_label_set_label (self->look, warned);
  dyno_chart_set_caption (self->chart, warned);
}

/* A chart, or why there is none. */
static void
show_chart (DynoPowerView *self)
{
  const DynoPowerEntry *only =
      dyno_power_set_get_n (self->set) == 1 ? dyno_power_set_get (self->set, 0) : NULL;
  gboolean is_reading = dyno_power_set_is_reading (self->set);
  gboolean has_curves = g_list_model_get_n_items (dyno_chart_get_series (self->chart)) > 0;
  const char *reason = only != NULL && only->error != NULL ? only->error->message : NULL;

  if (only != NULL && only->power != NULL)
    reason = dyno_run_words_no_curve (only->power->power);
  if (reason == NULL && !has_curves && !is_reading)
    reason = _ ("None of these runs has a curve.");
  if (reason != NULL)
    {
      adw_status_page_set_title (self->reason, _ ("No Curve"));
      adw_status_page_set_description (self->reason, reason);
    }
  gtk_stack_set_visible_child_name (self->stack, reason != NULL ? "reason"
                                                 : has_curves  ? "chart"
                                                               : "reading");
  gtk_spinner_set_spinning (self->spinner, reason == NULL && !has_curves);
}

static void
show_drop_downs (DynoPowerView *self)
{
  self->is_showing = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      if (order[i].standard == dyno_power_set_get_standard (self->set))
        gtk_drop_down_set_selected (self->corrections, i);
    }
  gtk_drop_down_set_selected (self->smoothings, dyno_power_set_get_level (self->set));
  self->is_showing = FALSE;
}

static void
show_all (DynoPowerView *self)
{
  g_autofree char *title = dyno_power_words_title (self->set);

  if (self->set == NULL)
    return;

  dyno_chart_set_title (self->chart, title);
  dyno_power_curves_update (self->curves, self->set);
  /* hp and lbf·ft meet at 5252 rpm. */
  dyno_chart_link_axes (self->chart, 0, self->units == DYNO_UNITS_US);
  show_drop_downs (self);
  show_legend (self);
  show_chart (self);
  show_passport (self);
  show_gain (self);
}

static void
active_cb (DynoPowerView *self)
{
  if (self->set == NULL)
    return;

  show_passport (self);
  show_gain (self);
}

/* What the reader chooses. */

static void
correction_cb (DynoPowerView *self)
{
  guint selected = gtk_drop_down_get_selected (self->corrections);

  if (self->set != NULL && !self->is_showing && selected < G_N_ELEMENTS (order))
    dyno_power_set_look (self->set, order[selected].standard, dyno_power_set_get_level (self->set));
}

static void
smoothing_cb (DynoPowerView *self)
{
  guint selected = gtk_drop_down_get_selected (self->smoothings);

  if (self->set != NULL && !self->is_showing && selected < DYNO_CURVE_LEVELS)
    dyno_power_set_look (self->set, dyno_power_set_get_standard (self->set), selected);
}

static void
raw_cb (DynoPowerView *self)
{
  dyno_power_curves_set_raw (self->curves, gtk_toggle_button_get_active (self->raw));
  show_all (self);
}

static void
remove_cb (DynoPowerView *self,
           guint          trace)
{
  dyno_power_set_remove (self->set, trace);
}

static gboolean
drop_cb (DynoPowerView *self,
         const GValue  *value)
{
  g_signal_emit (self, signals[DROPPED], 0, g_value_get_boxed (value));

  return TRUE;
}

void
dyno_power_view_set_units (DynoPowerView *self,
                           DynoUnitSet    units)
{
  self->units = units;
  dyno_chart_set_units (self->chart, units);
  if (self->set != NULL)
    show_all (self);
}

void
dyno_power_view_set_set (DynoPowerView *self,
                         DynoPowerSet  *set)
{
  g_return_if_fail (self->set == NULL);

  self->set = g_object_ref (set);
  g_signal_connect_object (set, "changed", G_CALLBACK (show_all), self, G_CONNECT_SWAPPED);
  show_all (self);
}

char *
dyno_power_view_make_csv (DynoPowerView *self)
{
  return dyno_power_words_csv (self->set);
}

/* Widget. */

static void
setup_word_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_item_set_child (item, label);
}

static void
bind_correction_cb (GtkSignalListItemFactory *factory,
                    GtkListItem              *item,
                    DynoPowerView            *self)
{
  guint selected = gtk_drop_down_get_selected (self->corrections);

  if (selected < G_N_ELEMENTS (order))
    gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), _ (order[selected].word));
}

static void
bind_smoothing_cb (GtkSignalListItemFactory *factory,
                   GtkListItem              *item,
                   DynoPowerView            *self)
{
  guint selected = gtk_drop_down_get_selected (self->smoothings);
  g_autofree char *text = g_strdup_printf (_ ("Smooth %u"), selected);

  if (selected < DYNO_CURVE_LEVELS)
    gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

/* A short word on the button, the whole title in the list. */
static void
shorten_button (DynoPowerView *self,
                GtkDropDown   *drop_down,
                GCallback      bind)
{
  g_autoptr(GtkListItemFactory) whole = NULL;
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_set_object (&whole, gtk_drop_down_get_factory (drop_down));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_word_cb), NULL);
  g_signal_connect_object (factory, "bind", bind, self, 0);
  gtk_drop_down_set_list_factory (drop_down, whole);
  gtk_drop_down_set_factory (drop_down, factory);
  g_object_unref (factory);
}

static void
fill_drop_downs (DynoPowerView *self)
{
  g_autoptr(GtkStringList) standards = gtk_string_list_new (NULL);
  g_autoptr(GtkStringList) levels = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    gtk_string_list_append (standards, _ (dyno_standard_info (order[i].standard)->title));
  for (guint i = 0; i < DYNO_CURVE_LEVELS; i++)
    {
      g_autofree char *text =
          i == 0 ? g_strdup (_ ("Not Smoothed"))
                 : g_strdup_printf (_ ("Smoothing %u (±%.0f rpm)"), i, dyno_curve_half_rpm (i));

      gtk_string_list_append (levels, text);
    }
  self->is_showing = TRUE;
  gtk_drop_down_set_model (self->corrections, G_LIST_MODEL (standards));
  gtk_drop_down_set_model (self->smoothings, G_LIST_MODEL (levels));
  self->is_showing = FALSE;
}

static void
dyno_power_view_dispose (GObject *object)
{
  DynoPowerView *self = DYNO_POWER_VIEW (object);

  g_clear_pointer (&self->curves, dyno_power_curves_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_POWER_VIEW);
  g_clear_object (&self->set);

  G_OBJECT_CLASS (dyno_power_view_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, legend_bin);
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, stack);
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, chart);
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, reason);
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, spinner);
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, gain);
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, corrections);
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, smoothings);
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, raw);
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, passport_button);
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, passport);
  gtk_widget_class_bind_template_child (widget_class, DynoPowerView, look);
}

static void
dyno_power_view_class_init (DynoPowerViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_power_view_dispose;
  signals[DROPPED] = g_signal_new ("dropped", DYNO_TYPE_POWER_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRV);
  g_type_ensure (DYNO_TYPE_CHART);
  g_type_ensure (DYNO_TYPE_POWER_PASSPORT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-power-view.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "top", FALSE, 0);
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, correction_cb);
  gtk_widget_class_bind_template_callback (widget_class, raw_cb);
  gtk_widget_class_bind_template_callback (widget_class, smoothing_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dyno_power_view_init (DynoPowerView *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_STRV, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));
  self->curves = dyno_power_curves_new (self->chart);
  self->legend = DYNO_LEGEND (dyno_legend_new (self->chart));
  adw_bin_set_child (self->legend_bin, GTK_WIDGET (self->legend));
  fill_drop_downs (self);
  shorten_button (self, self->corrections, G_CALLBACK (bind_correction_cb));
  shorten_button (self, self->smoothings, G_CALLBACK (bind_smoothing_cb));
  g_signal_connect_object (self->legend, "remove-trace", G_CALLBACK (remove_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chart, "notify::active-series", G_CALLBACK (active_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (drop, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  dyno_access_name_all (GTK_WIDGET (self));
}
