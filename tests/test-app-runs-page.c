/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-runs-page.h"

#include <math.h>
#include <string.h>

#include "dyno-application.h"
#include "dyno-run-search.h"
#include "dyno-run-table.h"
#include "dyno-run-view.h"
#include "dyno-test-app.h"
#include "dyno-test-runs.h"
#include "dyno-test.h"

/* The page Runs in the whole program: found, looked at, described, thrown away. */

static GtkWidget *
part (DynoTestApp *f,
      GType        type)
{
  GtkWidget *found = dyno_test_app_find (GTK_WIDGET (f->window), type, NULL);

  g_assert_nonnull (found);

  return found;
}

static DynoRunTable *
table_of (DynoTestApp *f)
{
  return DYNO_RUN_TABLE (part (f, DYNO_TYPE_RUN_TABLE));
}

static DynoRunView *
view_of (DynoTestApp *f)
{
  return DYNO_RUN_VIEW (part (f, DYNO_TYPE_RUN_VIEW));
}

static GtkSelectionModel *
model_of (DynoTestApp *f)
{
  return gtk_column_view_get_model (GTK_COLUMN_VIEW (part (f, GTK_TYPE_COLUMN_VIEW)));
}

static guint
n_listed (DynoTestApp *f)
{
  return g_list_model_get_n_items (G_LIST_MODEL (model_of (f)));
}

static const DynoRun *
run_at (DynoTestApp *f,
        guint        position)
{
  g_autoptr(DynoRunItem) item = g_list_model_get_item (G_LIST_MODEL (model_of (f)), position);

  g_assert_nonnull (item);

  return dyno_run_item_get_run (item);
}

static gboolean
shows (DynoTestApp *f,
       const char  *name)
{
  return g_strcmp0 (dyno_run_table_get_shown (table_of (f)), name) == 0;
}

/* The run of that number is shown with its curve, alone. */
static gboolean
shows_run (DynoTestApp *f,
           gint64       number)
{
  DynoRunView *view = view_of (f);

  return dyno_run_view_get_n (view) == 1
         && dyno_run_item_get_run (dyno_run_view_get_item (view))->number == number
         && !dyno_power_set_is_reading (dyno_run_view_get_set (view));
}

static void
act (DynoTestApp *f,
     const char  *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dyno_test_app_page (f, "runs")), action,
                                             NULL));
}

static void
open_page (DynoTestApp *f)
{
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.page", "s", "runs");
  g_assert_true (DYNO_IS_RUNS_PAGE (dyno_window_get_page (f->window)));
  dyno_test_app_wait (!shows (f, "loading"), 5);
}

/* A page of `n` pulls with the newest one shown. */
static void
open_runs (DynoTestApp *f,
           guint        n)
{
  dyno_test_runs_fill (dyno_test_app_shop (f), f->folder, n);
  open_page (f);
  dyno_test_app_wait (shows (f, "list") && shows_run (f, n), 10);
}

static void
search (DynoTestApp *f,
        const char  *text)
{
  dyno_run_search_set_text (DYNO_RUN_SEARCH (part (f, DYNO_TYPE_RUN_SEARCH)), text);
}

/* Nothing there. */

static void
empty (DynoTestApp *f)
{
  open_page (f);
  dyno_test_app_wait (shows (f, "empty"), 5);
  g_assert_false (dyno_test_app_click (GTK_WIDGET (f->window), "Delete"));
  g_assert_true (dyno_test_app_click (GTK_WIDGET (f->window), "Go to Live"));
  g_assert_true (dyno_window_get_page (f->window) == dyno_test_app_page (f, "live"));
}

static void
test_empty (void)
{
  dyno_test_app_run (empty, NULL);
}

/* List and search. */

static void
list (DynoTestApp *f)
{
  DynoRunSearch *field;

  open_runs (f, 6);
  field = DYNO_RUN_SEARCH (part (f, DYNO_TYPE_RUN_SEARCH));
  g_assert_cmpuint (n_listed (f), ==, 6);
  g_assert_cmpint (run_at (f, 0)->number, ==, 6);
  g_assert_cmpstr (run_at (f, 1)->vehicle_label, ==, "Road Glide");

  search (f, "tag:stage2");
  dyno_test_app_wait (n_listed (f) == 2, 5);
  g_assert_cmpint (run_at (f, 0)->number, ==, 5);
  search (f, "vehicle:fxdls");
  dyno_test_app_wait (n_listed (f) == 2 && run_at (f, 0)->number == 4, 5);
  search (f, "rosa source:upload");
  dyno_test_app_wait (n_listed (f) == 2 && run_at (f, 0)->number == 4, 5);
  search (f, "state:incomplete");
  dyno_test_app_wait (shows (f, "nomatch"), 5);
  g_assert_null (dyno_run_search_get_help (field));
  g_assert_true (dyno_test_app_click (GTK_WIDGET (f->window), "Clear Search"));
  dyno_test_app_wait (shows (f, "list") && n_listed (f) == 6, 5);

  gtk_widget_activate_action (GTK_WIDGET (dyno_window_get_page (f->window)), "runs.sort", "s",
                              "weakest");
  dyno_test_app_wait (run_at (f, 0)->number == 1, 5);
  gtk_widget_activate_action (GTK_WIDGET (dyno_window_get_page (f->window)), "runs.sort", "s",
                              "power");
  dyno_test_app_wait (run_at (f, 0)->number == 6, 5);
}

static void
test_list (void)
{
  dyno_test_app_run (list, NULL);
}

/* What is not understood is said, and the rest is still searched for. */
static void
wrong_query (DynoTestApp *f)
{
  static const struct
  {
    const char *text;
    const char *said;
  } wrongs[] = {
    { "colour:red", "colour:" },
    { "state:broken", "complete" },
    { ">80", "kW" },
    { "after:yesterday", "2026-03-14" },
    { "is:good", "star" },
  };
  DynoRunSearch *field;

  open_runs (f, 2);
  field = DYNO_RUN_SEARCH (part (f, DYNO_TYPE_RUN_SEARCH));
  for (gsize i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      search (f, wrongs[i].text);
      g_assert_nonnull (dyno_run_search_get_help (field));
      g_assert_nonnull (strstr (dyno_run_search_get_help (field), wrongs[i].said));
    }
  search (f, "colour:red rosa");
  dyno_test_app_wait (n_listed (f) == 1, 5);
  search (f, ">1kW");
  g_assert_null (dyno_run_search_get_help (field));
  dyno_test_app_wait (n_listed (f) == 2, 5);
}

static void
test_wrong_query (void)
{
  dyno_test_app_run (wrong_query, NULL);
}

/* The curve. */

/* What the shop computes for the run, in that correction and smoothing. */
static DynoPullPower *
compute (DynoTestApp  *f,
         const char   *run_id,
         DynoStandard  standard,
         guint         level)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GError) error = NULL;
  DynoPowerOptions options;
  DynoPullPower *power;

  dyno_pull_power_defaults (dyno_test_app_shop (f), &options);
  options.standard = standard;
  options.level = level;
  dyno_pull_power_run_async (dyno_test_app_shop (f), run_id, &options, NULL, dyno_await_cb, await);
  power = dyno_pull_power_finish (dyno_await_wait (await), &error);
  g_assert_no_error (error);

  return power;
}

static DynoSeries *
find_series (DynoTestApp  *f,
             DynoQuantity  quantity,
             guint         trace)
{
  DynoChart *chart = dyno_power_view_get_chart (dyno_run_view_get_power (view_of (f)));
  GListModel *model = dyno_chart_get_series (chart);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(DynoSeries) series = g_list_model_get_item (model, i);

      /* The chart keeps it. */
      if (dyno_series_get_quantity (series) == quantity
          && dyno_series_get_trace (series) == trace)
        return series;
    }

  return NULL;
}

static void
assert_curve_is (DynoTestApp         *f,
                 const DynoPullPower *power)
{
  const DynoCurve *curve = power->power->curve;
  DynoSeries *kw = find_series (f, DYNO_QUANTITY_POWER, 0);
  DynoSeries *nm = find_series (f, DYNO_QUANTITY_TORQUE, 0);

  g_assert_nonnull (kw);
  g_assert_nonnull (nm);
  g_assert_cmpuint (curve->n, >, 100);
  for (gsize i = 0; i < curve->n; i += 7)
    {
      dyno_assert_near (dyno_series_value_at (kw, curve->x[i]), curve->power_kw[i], 1e-12);
      dyno_assert_near (dyno_series_value_at (nm, curve->x[i]), curve->torque_nm[i], 1e-12);
    }
}

static GtkDropDown *
drop_down (DynoTestApp *f,
           const char  *tip)
{
  GtkWidget *found = dyno_test_app_find (GTK_WIDGET (f->window), GTK_TYPE_DROP_DOWN, tip);

  g_assert_nonnull (found);

  return GTK_DROP_DOWN (found);
}

static void
curve (DynoTestApp *f)
{
  DynoPowerView *power;
  g_autofree char *run_id = NULL;
  g_autoptr(DynoPullPower) sae = NULL;
  g_autoptr(DynoPullPower) std = NULL;
  g_autoptr(DynoPullPower) plain = NULL;

  open_runs (f, 2);
  power = dyno_run_view_get_power (view_of (f));
  run_id = g_strdup (run_at (f, 0)->id);
  sae = compute (f, run_id, DYNO_STANDARD_SAE_1990, 2);
  std = compute (f, run_id, DYNO_STANDARD_STD_J607, 2);
  plain = compute (f, run_id, DYNO_STANDARD_NONE, 0);
  g_assert_cmpfloat (sae->power->correction.factor, >, 1.05);
  assert_curve_is (f, sae);
  g_assert_nonnull (strstr (dyno_power_view_get_look (power), "SAE"));
  g_assert_nonnull (find_series (f, DYNO_QUANTITY_AFR, 0));
  g_assert_null (dyno_power_view_get_reason (power));

  /* STD is the fourth, "uncorrected" the first. */
  gtk_drop_down_set_selected (drop_down (f, "Correction"), 3);
  dyno_test_app_wait (shows_run (f, 2)
                          && strstr (dyno_power_view_get_look (power), "STD") != NULL,
                      5);
  assert_curve_is (f, std);
  gtk_drop_down_set_selected (drop_down (f, "Correction"), 0);
  gtk_drop_down_set_selected (drop_down (f, "Smoothing"), 0);
  dyno_test_app_wait (strstr (dyno_power_view_get_look (power), "not smoothed") != NULL, 5);
  dyno_test_app_wait (strstr (dyno_power_view_get_look (power), "1.000") != NULL, 5);
  assert_curve_is (f, plain);
}

/* The table of the curves: rules of formats.md C.2, numbers of the shop. */
static void
table (DynoTestApp *f)
{
  g_autofree char *csv = NULL;
  g_auto(GStrv) lines = NULL;
  guint n_checked = 0;

  open_runs (f, 1);
  csv = dyno_power_view_make_csv (dyno_run_view_get_power (view_of (f)));
  lines = g_strsplit (csv, "\r\n", -1);
  g_assert_cmpstr (lines[0], ==, "Engine speed (rpm),Run 1 power (kW),Run 1 torque (N\302\267m)");
  for (guint i = 1; *lines[i] != '\0'; i++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[i], ",", -1);
      double rpm = g_ascii_strtod (cells[0], NULL);
      DynoSeries *kw = find_series (f, DYNO_QUANTITY_POWER, 0);

      g_assert_cmpuint (g_strv_length (cells), ==, 3);
      g_assert_cmpint ((int) rpm % 50, ==, 0);
      g_assert_cmpfloat (fabs (g_ascii_strtod (cells[1], NULL) - dyno_series_value_at (kw, rpm)), <,
                         0.006);
      n_checked++;
    }
  g_assert_cmpuint (n_checked, >, 60);
  act (f, "runs.copy");
  g_assert_nonnull (dyno_test_app_find (GTK_WIDGET (f->window), GTK_TYPE_LABEL, "Table copied"));
}

static void
test_table (void)
{
  dyno_test_app_run (table, NULL);
}

static void
test_curve (void)
{
  dyno_test_app_run (curve, NULL);
}

/* A log without a pull says why there is no curve. */
static void
no_curve (DynoTestApp *f)
{
  g_autofree char *text = dyno_test_runs_cells_text (0, 0);
  g_autofree char *path = dyno_test_runs_write (f->folder, "Mapping.csv", text);
  g_autoptr(DynoRun) run = dyno_test_runs_import (dyno_test_app_shop (f), path, NULL, NULL, NULL);

  open_page (f);
  dyno_test_app_wait (shows (f, "list") && shows_run (f, run->number), 10);
  g_assert_nonnull (dyno_power_view_get_reason (dyno_run_view_get_power (view_of (f))));
}

static void
test_no_curve (void)
{
  dyno_test_app_run (no_curve, NULL);
}

/* Several. */

static void
compare (DynoTestApp *f)
{
  DynoRunView *view;
  const char *gain;

  open_runs (f, 22);
  view = view_of (f);
  gtk_selection_model_select_range (model_of (f), 0, 3, TRUE);
  act (f, "runs.compare");
  dyno_test_app_wait (dyno_run_view_get_n (view) == 3
                          && !dyno_power_set_is_reading (dyno_run_view_get_set (view)),
                      10);
  for (guint i = 0; i < 3; i++)
    g_assert_nonnull (find_series (f, DYNO_QUANTITY_POWER, i));
  /* Run 21 has 1 N·m less than run 22 everywhere. */
  gain = dyno_power_view_get_gain (dyno_run_view_get_power (view));
  g_assert_nonnull (gain);
  g_assert_true (g_str_has_prefix (gain, "B against A: \342\210\222"));
  g_assert_nonnull (strstr (gain, "1.1 N"));

  dyno_power_set_remove (dyno_run_view_get_set (view), 1);
  g_assert_null (find_series (f, DYNO_QUANTITY_POWER, 1));
  g_assert_nonnull (find_series (f, DYNO_QUANTITY_POWER, 2));

  /* The 21st is refused, in words. */
  gtk_selection_model_select_range (model_of (f), 0, 21, TRUE);
  act (f, "runs.compare");
  g_assert_cmpuint (dyno_run_view_get_n (view), ==, 20);
  g_assert_nonnull (dyno_test_app_find (GTK_WIDGET (f->window), GTK_TYPE_LABEL,
                                        "At most 20 runs are compared: the first 20 of them are "
                                        "shown."));
}

static void
test_compare (void)
{
  dyno_test_app_run (compare, NULL);
}

/* Notes. */

static void
type_notes (DynoTestApp *f,
            const char  *text)
{
  GtkTextView *notes = GTK_TEXT_VIEW (part (f, GTK_TYPE_TEXT_VIEW));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (notes), text, -1);
}

static DynoDraftState
draft_state (DynoTestApp *f)
{
  return dyno_run_draft_get_state (
      dyno_run_details_get_draft (dyno_run_view_get_details (view_of (f))));
}

static void
notes (DynoTestApp *f)
{
  DynoShop *shop;
  DynoRun *theirs = dyno_run_new ();
  DynoRun *star = dyno_run_new ();
  g_autofree char *run_id = NULL;
  g_autoptr(DynoRun) saved = NULL;
  g_autoptr(DynoRun) both = NULL;

  open_runs (f, 2);
  shop = dyno_test_app_shop (f);
  run_id = g_strdup (run_at (f, 0)->id);
  act (f, "runs.notes");

  /* Saved by itself. */
  type_notes (f, "Clutch slips");
  g_assert_cmpint (draft_state (f), ==, DYNO_DRAFT_TYPED);
  dyno_test_app_wait (draft_state (f) == DYNO_DRAFT_SAVED, 5);
  saved = dyno_test_runs_get (shop, run_id);
  g_assert_cmpstr (saved->notes, ==, "Clutch slips");

  /* A star of somebody else is no conflict. */
  type_notes (f, "Clutch slips a lot");
  star->id = g_strdup (run_id);
  star->is_starred = TRUE;
  dyno_test_runs_edit (shop, star, DYNO_RUN_STAR);
  dyno_test_app_wait (draft_state (f) == DYNO_DRAFT_SAVED, 5);

  /* Their notes are: neither text is lost. */
  type_notes (f, "Mine");
  theirs->id = g_strdup (run_id);
  theirs->notes = g_strdup ("Theirs");
  dyno_test_runs_edit (shop, theirs, DYNO_RUN_NOTES);
  dyno_test_app_wait (draft_state (f) == DYNO_DRAFT_CONFLICT, 5);
  g_assert_true (dyno_test_app_click (GTK_WIDGET (f->window), "Keep Both"));
  dyno_test_app_wait (draft_state (f) == DYNO_DRAFT_SAVED, 5);
  both = dyno_test_runs_get (shop, run_id);
  g_assert_cmpstr (both->notes, ==, "Theirs\n\nMine");
  g_assert_true (both->is_starred);
}

static void
test_notes (void)
{
  dyno_test_app_run (notes, NULL);
}

/* What is typed is kept when another run is looked at before it is saved. */
static void
notes_left (DynoTestApp *f)
{
  g_autofree char *run_id = NULL;
  g_autoptr(DynoRun) saved = NULL;

  open_runs (f, 2);
  run_id = g_strdup (run_at (f, 0)->id);
  act (f, "runs.notes");
  type_notes (f, "Left in a hurry");
  gtk_selection_model_select_item (model_of (f), 1, TRUE);
  dyno_test_app_wait (shows_run (f, 1), 5);
  dyno_test_ui_run (200);
  saved = dyno_test_runs_get (dyno_test_app_shop (f), run_id);
  g_assert_cmpstr (saved->notes, ==, "Left in a hurry");
}

static void
test_notes_left (void)
{
  dyno_test_app_run (notes_left, NULL);
}

/* What was typed when the program is quit is there the next time. */

static void
type_and_quit (DynoTestApp *f)
{
  open_runs (f, 1);
  act (f, "runs.notes");
  type_notes (f, "Not a second to lose");
}

static void
read_again (DynoTestApp *f)
{
  open_page (f);
  dyno_test_app_wait (n_listed (f) == 1, 5);
  g_assert_cmpstr (run_at (f, 0)->notes, ==, "Not a second to lose");
}

static void
test_notes_at_quit (void)
{
  g_autofree char *folder = dyno_test_make_folder ();

  dyno_test_app_run_in (folder, type_and_quit, NULL);
  dyno_test_app_run_in (folder, read_again, NULL);
  dyno_test_remove_folder (folder);
}

/* Trash. */

static void
delete (DynoTestApp *f)
{
  open_runs (f, 4);
  gtk_selection_model_select_range (model_of (f), 1, 2, TRUE);
  act (f, "runs.delete");
  dyno_test_app_wait (n_listed (f) == 2, 5);
  /* The row after them is next. */
  dyno_test_app_wait (shows_run (f, 1), 5);

  /* Undone from another page. */
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.page", "s", "live");
  g_assert_true (dyno_test_app_click (GTK_WIDGET (f->window), "Undo"));
  open_page (f);
  dyno_test_app_wait (n_listed (f) == 4, 5);

  /* By key; then by way of the trash. */
  dyno_test_app_wait (!dyno_power_set_is_reading (dyno_run_view_get_set (view_of (f))), 5);
  gtk_selection_model_select_item (model_of (f), 0, TRUE);
  act (f, "runs.delete");
  dyno_test_app_wait (n_listed (f) == 3, 5);
  act (f, "page.undo");
  dyno_test_app_wait (n_listed (f) == 4, 5);
  act (f, "runs.delete");
  dyno_test_app_wait (n_listed (f) == 3, 5);
  act (f, "runs.trash");
  dyno_test_app_wait (n_listed (f) == 1, 5);
  g_assert_cmpint (run_at (f, 0)->deleted_ms, >, 0);
  gtk_selection_model_select_item (model_of (f), 0, TRUE);
  act (f, "runs.restore");
  dyno_test_app_wait (shows (f, "trash"), 5);
  g_assert_true (dyno_test_app_click (GTK_WIDGET (f->window), "Back to the Runs"));
  dyno_test_app_wait (shows (f, "list") && n_listed (f) == 4, 5);
}

static void
test_delete (void)
{
  dyno_test_app_run (delete, NULL);
}

/* Keys alone. */

static void
keys (DynoTestApp *f)
{
  GtkWindow *window = GTK_WINDOW (f->window);
  GtkWidget *focus;

  dyno_test_runs_fill (dyno_test_app_shop (f), f->folder, 3);
  g_assert_true (dyno_test_app_key (window, "<Control>2"));
  dyno_test_app_wait (shows (f, "list") && shows_run (f, 3), 10);

  g_assert_true (dyno_test_app_key (window, "<Control>f"));
  focus = gtk_window_get_focus (window);
  g_assert_true (GTK_IS_TEXT (focus));
  gtk_editable_set_text (GTK_EDITABLE (focus), "rosa");
  g_signal_emit_by_name (focus, "activate");
  dyno_test_app_wait (n_listed (f) == 1, 5);
  g_assert_true (dyno_test_app_key (window, "<Control>f"));
  g_assert_true (dyno_test_app_key (window, "Escape"));
  dyno_test_app_wait (n_listed (f) == 3, 5);

  gtk_selection_model_select_item (model_of (f), 1, TRUE);
  gtk_widget_child_focus (GTK_WIDGET (table_of (f)), GTK_DIR_TAB_FORWARD);
  g_assert_true (dyno_test_app_key (window, "s"));
  dyno_test_app_wait (run_at (f, 1)->is_starred, 5);
  g_assert_true (dyno_test_app_key (window, "n"));
  dyno_test_app_wait (GTK_IS_TEXT_VIEW (gtk_window_get_focus (window)), 5);
  g_assert_cmpstr (dyno_run_view_get_tab (view_of (f)), ==, "details");

  gtk_widget_child_focus (GTK_WIDGET (table_of (f)), GTK_DIR_TAB_FORWARD);
  g_assert_true (dyno_test_app_key (window, "t"));
  dyno_test_app_wait (dyno_test_app_dialog (f) != NULL, 5);
  g_assert_true (dyno_test_app_key (dyno_test_app_dialog (f), "Escape"));
  dyno_test_app_wait (dyno_test_app_dialog (f) == NULL, 5);

  gtk_widget_child_focus (GTK_WIDGET (table_of (f)), GTK_DIR_TAB_FORWARD);
  g_assert_true (dyno_test_app_key (window, "Delete"));
  dyno_test_app_wait (n_listed (f) == 2, 5);
  g_assert_true (dyno_test_app_key (window, "<Control>z"));
  dyno_test_app_wait (n_listed (f) == 3, 5);
}

static void
test_keys (void)
{
  dyno_test_app_run (keys, NULL);
}

/* Tags, vehicle, verifying. */

static void
describe (DynoTestApp *f)
{
  GtkWindow *tags;
  g_autofree char *run_id = NULL;

  open_runs (f, 2);
  run_id = g_strdup (run_at (f, 0)->id);
  act (f, "runs.tag");
  tags = dyno_test_app_dialog (f);
  g_assert_nonnull (tags);
  gtk_editable_set_text (GTK_EDITABLE (dyno_test_app_find (GTK_WIDGET (tags), GTK_TYPE_ENTRY,
                                                           NULL)),
                         "dyno day");
  g_assert_true (dyno_test_app_click (GTK_WIDGET (tags), "Add"));
  dyno_test_app_wait (run_at (f, 0)->tags != NULL, 5);
  g_assert_cmpstr (run_at (f, 0)->tags[0], ==, "dyno day");
  gtk_window_destroy (tags);

  gtk_selection_model_select_range (model_of (f), 0, 2, TRUE);
  g_signal_emit_by_name (dyno_run_view_get_details (view_of (f)), "vehicle-created", "Sportster");
  dyno_test_app_wait (g_strcmp0 (run_at (f, 0)->vehicle_label, "Sportster") == 0
                          && g_strcmp0 (run_at (f, 1)->vehicle_label, "Sportster") == 0,
                      5);

  gtk_selection_model_select_item (model_of (f), 0, TRUE);
  dyno_test_app_wait (shows_run (f, 2), 5);
  act (f, "runs.verify");
  dyno_test_app_wait (dyno_test_app_find (GTK_WIDGET (f->window), GTK_TYPE_LABEL,
                                          "Run 2 is what was recorded.")
                          != NULL,
                      10);
}

static void
test_describe (void)
{
  dyno_test_app_run (describe, NULL);
}

static gboolean
is_armed (DynoTestApp *f)
{
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (dyno_shop_get_live (dyno_test_app_shop (f)));

  return arm != NULL && arm->is_armed;
}

/* A narrow window shows the list or the run; Escape leads back. */
static void
narrow (DynoTestApp *f)
{
  DynoRunView *view;

  dyno_test_runs_fill (dyno_test_app_shop (f), f->folder, 3);
  gtk_window_set_default_size (GTK_WINDOW (f->window), 1280, 800);
  open_page (f);
  dyno_test_app_wait (n_listed (f) == 3, 5);
  for (int i = 0; i < 2; i++)
    {
      gtk_window_set_default_size (GTK_WINDOW (f->window), 370 + i, 640);
      dyno_test_ui_run (200);
    }
  g_assert_true (dyno_page_is_narrow (dyno_window_get_page (f->window)));
  g_assert_null (dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_RUN_VIEW, NULL));
  gtk_selection_model_select_item (model_of (f), 1, TRUE);
  act (f, "runs.open");
  g_assert_null (dyno_test_app_find (GTK_WIDGET (f->window), GTK_TYPE_COLUMN_VIEW, NULL));
  view = view_of (f);
  dyno_test_app_wait (shows_run (f, 2), 5);
  /* What it needs is never more than there is. */
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (view)), <=, 372);
  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "Escape"));
  g_assert_nonnull (dyno_test_app_find (GTK_WIDGET (f->window), GTK_TYPE_COLUMN_VIEW, NULL));
}

static void
test_narrow (void)
{
  dyno_test_app_run (narrow, NULL);
}

/* Whatever can have the focus says what it is. */

static gboolean
is_named (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);
  gboolean says_words = GTK_IS_BUTTON (widget)
                        && (gtk_button_get_label (GTK_BUTTON (widget)) != NULL
                            || (gtk_button_get_child (GTK_BUTTON (widget)) != NULL
                                && !GTK_IS_IMAGE (gtk_button_get_child (GTK_BUTTON (widget)))));

  return says_words || gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
         || gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

/* Parts of a compound are named by the whole, which is what a reader is told of. */
static gboolean
is_part (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);
  gboolean is_inside = parent != NULL
                       && (gtk_widget_get_ancestor (parent, GTK_TYPE_MENU_BUTTON) != NULL
                           || gtk_widget_get_ancestor (parent, GTK_TYPE_DROP_DOWN) != NULL);

  return is_inside || GTK_IS_TEXT (widget) || GTK_IS_SCROLLED_WINDOW (widget)
         || GTK_IS_LABEL (widget) || strstr (G_OBJECT_TYPE_NAME (widget), "ColumnListView") != NULL;
}

static void
assert_names (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (gtk_widget_get_focusable (widget) && !is_part (widget) && !is_named (widget))
    g_error ("%s has no name", G_OBJECT_TYPE_NAME (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_names (child);
}

static void
names (DynoTestApp *f)
{
  static const char *const tabs[] = { "power", "fuel", "details" };

  open_runs (f, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (tabs); i++)
    {
      dyno_run_view_set_tab (view_of (f), tabs[i]);
      dyno_test_ui_run (100);
      assert_names (GTK_WIDGET (dyno_window_get_page (f->window)));
    }
}

static void
test_names (void)
{
  dyno_test_app_run (names, NULL);
}

/* A pull of the simulator is listed, shown and called what it is. */
static void
recorded (DynoTestApp *f)
{
  g_autoptr(DynoPullPower) power = NULL;
  const DynoRun *run;

  g_assert_true (dyno_test_app_click (GTK_WIDGET (f->window), "Use Simulator"));
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_LIVE), 10);
  dyno_test_ui_run (1000);
  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "F5"));
  dyno_test_app_wait (is_armed (f), 30);
  dyno_test_app_wait (dyno_test_app_n_saved (f) > 0, 90);
  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "<Control>period"));

  open_page (f);
  dyno_test_app_wait (shows (f, "list"), 10);
  gtk_selection_model_select_item (model_of (f), n_listed (f) - 1, TRUE);
  dyno_test_app_wait (shows_run (f, 1) && find_series (f, DYNO_QUANTITY_POWER, 0) != NULL, 10);
  run = run_at (f, n_listed (f) - 1);
  g_assert_cmpint (run->status, ==, DYNO_RUN_COMPLETE);
  power = compute (f, run->id, DYNO_STANDARD_SAE_1990, 2);
  assert_curve_is (f, power);
  dyno_assert_near (power->power->peak_power.value, run->peaks.power_kw, 1e-9);
  g_assert_nonnull (find_series (f, DYNO_QUANTITY_AFR, 0));
  g_assert_nonnull (dyno_test_app_find (GTK_WIDGET (view_of (f)), GTK_TYPE_LABEL, "SIMULATOR"));
}

static void
test_recorded (void)
{
  if (dyno_test_shop_has_wire ())
    dyno_test_app_run (recorded, NULL);
}

int
main (int    argc,
      char **argv)
{
  dyno_test_ui_init (&argc, &argv);
  g_test_add_func ("/app/runs-page/empty", test_empty);
  g_test_add_func ("/app/runs-page/list", test_list);
  g_test_add_func ("/app/runs-page/wrong-query", test_wrong_query);
  g_test_add_func ("/app/runs-page/curve", test_curve);
  g_test_add_func ("/app/runs-page/table", test_table);
  g_test_add_func ("/app/runs-page/no-curve", test_no_curve);
  g_test_add_func ("/app/runs-page/compare", test_compare);
  g_test_add_func ("/app/runs-page/notes", test_notes);
  g_test_add_func ("/app/runs-page/notes-left", test_notes_left);
  g_test_add_func ("/app/runs-page/notes-at-quit", test_notes_at_quit);
  g_test_add_func ("/app/runs-page/delete", test_delete);
  g_test_add_func ("/app/runs-page/keys", test_keys);
  g_test_add_func ("/app/runs-page/describe", test_describe);
  g_test_add_func ("/app/runs-page/narrow", test_narrow);
  g_test_add_func ("/app/runs-page/names", test_names);
  g_test_add_func ("/app/runs-page/recorded", test_recorded);

  return g_test_run ();
}
