/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is done with runs: actions of the page, all of them for many runs at once. */

#include "config.h"

#include "dyno-runs-page-private.h"

#include "dyno-run-tags-window.h"
#include "dyno-run-words.h"
#include "dyno-runs-verify.h"

#include <glib/gi18n.h>

static DynoShop *
shop_of (DynoRunsPage *self)
{
  return dyno_page_get_shop (DYNO_PAGE (self));
}

/* Edits. */

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DynoRunsPage) self = user_data;
  g_autoptr(GError) error = NULL;
  DynoRun *run = dyno_runbook_edit_finish (result, &error);

  if (run == NULL)
    dyno_page_toast_error (DYNO_PAGE (self), error);
  else if (self->list != NULL)
    dyno_run_list_take_run (self->list, run);
  else
    dyno_run_free (run);
}

void
dyno_runs_page_edit (DynoRunsPage  *self,
                     DynoRun       *run,
                     DynoRunFields  fields)
{
  dyno_runbook_edit_async (shop_of (self), run, fields, NULL, edited_cb, g_object_ref (self));
}

static DynoRun *
edit_of (DynoRunItem *item)
{
  DynoRun *run = dyno_run_new ();

  run->id = g_strdup (dyno_run_item_get_id (item));

  return run;
}

/* All get the star unless all have it. */
void
dyno_runs_page_star (DynoRunsPage *self,
                     GPtrArray    *items)
{
  gboolean have_all = TRUE;

  for (guint i = 0; i < items->len; i++)
    have_all &= dyno_run_item_get_run (g_ptr_array_index (items, i))->is_starred;
  for (guint i = 0; i < items->len; i++)
    {
      DynoRun *run = edit_of (g_ptr_array_index (items, i));

      run->is_starred = !have_all;
      dyno_runs_page_edit (self, run, DYNO_RUN_STAR);
    }
}

void
dyno_runs_page_assign (DynoRunsPage *self,
                       const char   *vehicle_id)
{
  g_autoptr(GPtrArray) items = dyno_runs_page_get_items (self);

  for (guint i = 0; i < items->len; i++)
    {
      DynoRun *run = edit_of (g_ptr_array_index (items, i));

      run->vehicle_id = g_strdup (vehicle_id);
      dyno_runs_page_edit (self, run, DYNO_RUN_VEHICLE);
    }
}

static void
vehicle_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(DynoRunsPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVehicle) vehicle = dyno_people_ensure_vehicle_finish (result, &error);

  if (vehicle == NULL)
    dyno_page_toast_error (DYNO_PAGE (self), error);
  else if (self->view != NULL)
    dyno_runs_page_assign (self, vehicle->id);
}

void
dyno_runs_page_create_vehicle (DynoRunsPage *self,
                               const char   *label)
{
  dyno_people_ensure_vehicle_async (shop_of (self), label, NULL, vehicle_cb, g_object_ref (self));
}

/* Looking. */

static void
open_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (widget);
  g_autoptr(GPtrArray) items = dyno_runs_page_get_items (self);

  dyno_runs_page_show_items (self, items);
  dyno_runs_page_set_full (self, TRUE);
}

static void
back_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  dyno_runs_page_set_full (DYNO_RUNS_PAGE (widget), FALSE);
}

static void
show_action (GtkWidget  *widget,
             const char *name,
             GVariant   *run_id)
{
  dyno_runs_page_show_run (DYNO_RUNS_PAGE (widget), g_variant_get_string (run_id, NULL));
}

/* What is selected with a tab in front; in a narrow window that is all there is. */
static void
show_tab (DynoRunsPage *self,
          const char   *tab)
{
  g_autoptr(GPtrArray) items = dyno_runs_page_get_items (self);

  dyno_runs_page_show_items (self, items);
  dyno_run_view_set_tab (self->view, tab);
  if (dyno_page_is_narrow (DYNO_PAGE (self)))
    dyno_runs_page_set_full (self, TRUE);
}

static void
compare_action (GtkWidget  *widget,
                const char *name,
                GVariant   *unused)
{
  show_tab (DYNO_RUNS_PAGE (widget), "power");
}

static void
analyse_action (GtkWidget  *widget,
                const char *name,
                GVariant   *unused)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (widget);
  guint n_shown = dyno_run_view_get_n (self->view);
  gboolean is_compared = n_shown > 1 && dyno_run_table_get_n_selected (self->table) <= 1;

  /* Runs that were dropped together are analysed together. */
  if (is_compared)
    dyno_run_view_set_tab (self->view, "fuel");
  else
    show_tab (self, "fuel");
  dyno_run_fuel_analyse (dyno_run_view_get_fuel (self->view));
}

static void
notes_action (GtkWidget  *widget,
              const char *name,
              GVariant   *unused)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (widget);

  show_tab (self, "details");
  dyno_run_details_focus_notes (dyno_run_view_get_details (self->view));
}

static void
assign_action (GtkWidget  *widget,
               const char *name,
               GVariant   *unused)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (widget);

  show_tab (self, "details");
  dyno_run_details_popup_vehicle (dyno_run_view_get_details (self->view));
}

static void
star_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  g_autoptr(GPtrArray) items = dyno_runs_page_get_items (DYNO_RUNS_PAGE (widget));

  dyno_runs_page_star (DYNO_RUNS_PAGE (widget), items);
}

static void
tag_action (GtkWidget  *widget,
            const char *name,
            GVariant   *unused)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (widget);
  g_autoptr(GPtrArray) items = dyno_runs_page_get_items (self);
  GtkWidget *window = dyno_run_tags_window_new (shop_of (self), items);

  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (gtk_widget_get_root (widget)));
  gtk_window_present (GTK_WINDOW (window));
}

static void
verified_cb (DynoVerifySummary *summary,
             gpointer           user_data)
{
  g_autoptr(DynoRunsPage) self = user_data;
  g_autoptr(AdwToast) toast = dyno_page_toast (DYNO_PAGE (self), "verify", summary->sentence, NULL);
  DynoRunItem *item = self->view != NULL ? dyno_run_view_get_item (self->view) : NULL;

  if (item != NULL && g_strcmp0 (dyno_run_item_get_id (item), summary->run_id) == 0)
    dyno_run_details_set_verdict (dyno_run_view_get_details (self->view), summary->sentence,
                                  summary->is_ok ? DYNO_STATUS_OK : DYNO_STATUS_FAULT);
}

static void
verify_action (GtkWidget  *widget,
               const char *name,
               GVariant   *unused)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (widget);
  g_autoptr(GPtrArray) items = dyno_runs_page_get_items (self);

  if (items->len > 0)
    dyno_runs_verify (shop_of (self), items, dyno_page_get_cancellable (DYNO_PAGE (self)),
                      verified_cb, g_object_ref (self));
}

static void
import_action (GtkWidget  *widget,
               const char *name,
               GVariant   *unused)
{
  dyno_runs_page_import (DYNO_RUNS_PAGE (widget), NULL);
}

static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *unused)
{
  dyno_runs_page_export (DYNO_RUNS_PAGE (widget));
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  dyno_runs_page_copy (DYNO_RUNS_PAGE (widget));
}

static void
search_action (GtkWidget  *widget,
               const char *name,
               GVariant   *unused)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (widget);

  dyno_runs_page_set_full (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
clear_action (GtkWidget  *widget,
              const char *name,
              GVariant   *unused)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (widget);

  dyno_run_search_set_text (self->search, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
reload_action (GtkWidget  *widget,
               const char *name,
               GVariant   *unused)
{
  dyno_run_list_reload (DYNO_RUNS_PAGE (widget)->list);
}

/* Nothing that has nothing to work on can be pressed. */
void
dyno_runs_page_update_actions (DynoRunsPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  guint n_selected = dyno_run_table_get_n_selected (self->table);
  guint n_shown = dyno_run_view_get_n (self->view);
  gboolean has_some = n_selected > 0 || n_shown > 0;
  static const char *const some[] = { "runs.open",   "runs.star",   "runs.tag",  "runs.notes",
                                      "runs.assign", "runs.verify", "runs.copy", "page.export" };

  for (gsize i = 0; i < G_N_ELEMENTS (some); i++)
    gtk_widget_action_set_enabled (widget, some[i], has_some);
  gtk_widget_action_set_enabled (widget, "runs.analyse",
                                 has_some && MAX (n_selected, n_shown) <= DYNO_POWER_SET_MAX);
  gtk_widget_action_set_enabled (widget, "runs.compare", n_selected > 1);
  gtk_widget_action_set_enabled (widget, "runs.delete", has_some && !self->is_trash);
  gtk_widget_action_set_enabled (widget, "runs.restore", has_some && self->is_trash);
  gtk_widget_action_set_enabled (widget, "page.undo", self->deleted->len > 0);
}

void
dyno_runs_page_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *type;
    void      (*activate) (GtkWidget  *widget,
                           const char *name,
                           GVariant   *parameter);
  } actions[] = {
    { "page.export", NULL, export_action },   { "page.search", NULL, search_action },
    { "page.undo", NULL, dyno_runs_page_undo_action },
    { "runs.analyse", NULL, analyse_action },
    { "runs.assign", NULL, assign_action },   { "runs.back", NULL, back_action },
    { "runs.clear-search", NULL, clear_action }, { "runs.compare", NULL, compare_action },
    { "runs.copy", NULL, copy_action },       { "runs.delete", NULL, dyno_runs_page_delete_action },
    { "runs.import", NULL, import_action },   { "runs.notes", NULL, notes_action },
    { "runs.open", NULL, open_action },       { "runs.reload", NULL, reload_action },
    { "runs.restore", NULL, dyno_runs_page_restore_action }, { "runs.show", "s", show_action },
    { "runs.star", NULL, star_action },       { "runs.tag", NULL, tag_action },
    { "runs.verify", NULL, verify_action },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type,
                                     actions[i].activate);
  gtk_widget_class_install_property_action (widget_class, "runs.sort", "sort");
  gtk_widget_class_install_property_action (widget_class, "runs.trash", "trash");
}
