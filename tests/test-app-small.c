/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The small widgets: sparkline, swatch, banner, job row; and the icons. */

#include "config.h"

#include "dyno-banner.h"
#include "dyno-compat.h"
#include "dyno-job-row.h"
#include "dyno-look.h"
#include "dyno-sparkline.h"
#include "dyno-swatch.h"
#include "dyno-test-ui.h"

#include <math.h>
#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000)

static void
close_and_finalize (GtkWidget *window,
                    GtkWidget *widget)
{
  g_object_ref (widget);
  dyno_test_ui_close (window);
  g_assert_finalize_object (widget);
}

static guint
count_ink (GtkWidget *widget)
{
  g_autoptr(GdkTexture) shot = NULL;

  dyno_test_ui_frames (widget, 2);
  shot = dyno_test_ui_shot (widget);

  return dyno_test_ui_count_dark (shot);
}

static guint
count_trace (GtkWidget *widget,
             guint      trace)
{
  g_autoptr(GdkTexture) shot = NULL;
  GdkRGBA color = dyno_look_rgba (dyno_palette_trace (DYNO_LOOK_LIGHT, trace));

  dyno_test_ui_frames (widget, 2);
  shot = dyno_test_ui_shot (widget);

  return dyno_test_ui_count (shot, &color);
}

static void
test_sparkline (void)
{
  GtkWidget *line = dyno_sparkline_new ();
  GtkWidget *window = dyno_test_ui_show (line, 200, 40);
  double values[200];

  g_assert_cmpuint (count_ink (line), ==, 0); /* nothing yet */
  for (int i = 0; i < 200; i++)
    values[i] = i % 2 == 0 ? 0 : NAN;
  dyno_sparkline_set_values (DYNO_SPARKLINE (line), 200, values); /* more than it takes */
  dyno_test_ui_frames (line, 2);
  for (int i = 0; i < 200; i++)
    values[i] = 5;
  dyno_sparkline_set_values (DYNO_SPARKLINE (line), 120, values);
  g_assert_cmpuint (count_ink (line), >, 100);
  dyno_sparkline_set_values (DYNO_SPARKLINE (line), 0, NULL);
  g_assert_cmpuint (count_ink (line), ==, 0);
  dyno_sparkline_set_text (DYNO_SPARKLINE (line), "requests, last 24 hours",
                           "1 204, most 96 at 14:00");
  gtk_test_accessible_assert_role (line, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (line), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "requests, last 24 hours");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (line), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "1 204, most 96 at 14:00");
  close_and_finalize (window, line);
}

static void
test_swatch (void)
{
  GtkWidget *swatch = dyno_swatch_new ();
  GtkWidget *window = dyno_test_ui_show (swatch, 100, 40);
  guint solid = count_trace (swatch, 0);

  g_assert_cmpuint (solid, >, 30);
  dyno_swatch_set (DYNO_SWATCH (swatch), 0, DYNO_DASH_TARGET);
  g_assert_cmpuint (count_trace (swatch, 0), <, solid);
  dyno_swatch_set (DYNO_SWATCH (swatch), 13, DYNO_DASH_SOLID); /* B′ */
  g_assert_cmpuint (count_trace (swatch, 1), >, 30);
  close_and_finalize (window, swatch);
}

/* Banner. */

static void
assert_banner (GtkWidget  *banner,
               const char *sentence,
               guint       n_others)
{
  g_assert_cmpstr (dyno_banner_get_sentence (DYNO_BANNER (banner)), ==, sentence);
  g_assert_cmpuint (dyno_banner_get_n_others (DYNO_BANNER (banner)), ==, n_others);
  if (sentence != NULL)
    gtk_test_accessible_assert_property (GTK_ACCESSIBLE (banner), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                         sentence);
}

static void
test_banner (void)
{
  GtkWidget *banner = dyno_banner_new ();
  GtkWidget *window = dyno_test_ui_show (banner, 800, 60);

  assert_banner (banner, NULL, 0);
  dyno_banner_set (DYNO_BANNER (banner), DYNO_CAUSE_SIMULATOR, "SIMULATOR", NULL, NULL);
  assert_banner (banner, "SIMULATOR", 0);
  g_assert_true (gtk_widget_has_css_class (banner, "dyno-banner-info"));
  dyno_banner_set (DYNO_BANNER (banner), DYNO_CAUSE_STORE, "The store failed.", "Health",
                   "win.page");
  assert_banner (banner, "The store failed.", 1);
  g_assert_true (gtk_widget_has_css_class (banner, "dyno-banner-fault"));
  g_assert_false (gtk_widget_has_css_class (banner, "dyno-banner-info"));
  dyno_banner_set (DYNO_BANNER (banner), DYNO_CAUSE_LINK, "No data for 6 s.", "Doctor", NULL);
  assert_banner (banner, "The store failed.", 2);
  dyno_test_ui_frames (banner, 2);
  dyno_banner_set (DYNO_BANNER (banner), DYNO_CAUSE_STORE, "The store is slow.", NULL, NULL);
  assert_banner (banner, "The store is slow.", 2);
  dyno_banner_end (DYNO_BANNER (banner), DYNO_CAUSE_STORE);
  assert_banner (banner, "No data for 6 s.", 1);
  dyno_banner_end (DYNO_BANNER (banner), DYNO_CAUSE_SIMULATOR);
  dyno_banner_end (DYNO_BANNER (banner), DYNO_CAUSE_LINK);
  dyno_banner_end (DYNO_BANNER (banner), DYNO_CAUSE_LINK);
  assert_banner (banner, NULL, 0);
  close_and_finalize (window, banner);
}

/* Job row. */

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
assert_job (GtkWidget  *row,
            const char *detail,
            gboolean    has_bar)
{
  g_assert_cmpstr (dyno_job_row_get_detail (DYNO_JOB_ROW (row)), ==, detail);
  g_assert_cmpint (dyno_job_row_has_bar (DYNO_JOB_ROW (row)), ==, has_bar);
}

static void
test_job_row (void)
{
  g_autoptr(DynoClock) clock = dyno_clock_new_fake (0, 0);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = dyno_job_row_new ("Import", clock);
  GtkWidget *window;
  guint n_cancelled = 0;

  g_signal_connect_swapped (row, "cancel", G_CALLBACK (count_cb), &n_cancelled);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  window = dyno_test_ui_show (list, 400, 200);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Import");

  /* Without a total no bar; time left only after 3 s and 10 %. */
  dyno_job_row_set_progress (DYNO_JOB_ROW (row), 1204, 0, "rows");
  assert_job (row, "1204 rows", FALSE);
  dyno_clock_advance (clock, 2 * SECOND);
  dyno_job_row_set_progress (DYNO_JOB_ROW (row), 500, 1000, "rows");
  assert_job (row, "500 of 1000 rows", TRUE);
  dyno_clock_advance (clock, 2 * SECOND);
  dyno_job_row_set_progress (DYNO_JOB_ROW (row), 99, 1000, "rows");
  assert_job (row, "99 of 1000 rows", TRUE);
  dyno_job_row_set_progress (DYNO_JOB_ROW (row), 250, 1000, "rows");
  assert_job (row, "250 of 1000 rows, about 12 s left", TRUE);
  dyno_clock_advance (clock, 96 * SECOND);
  dyno_job_row_set_progress (DYNO_JOB_ROW (row), 250, 1000, "rows");
  assert_job (row, "250 of 1000 rows, about 5 min left", TRUE);

  /* Cancelling is told at once, once, and what comes after does not undo it. */
  gtk_widget_activate_action (row, "job.cancel", NULL);
  gtk_widget_activate_action (row, "job.cancel", NULL);
  g_assert_cmpuint (n_cancelled, ==, 1);
  g_assert_cmpint (dyno_job_row_get_state (DYNO_JOB_ROW (row)), ==, DYNO_JOB_ROW_CANCELLING);
  dyno_job_row_set_progress (DYNO_JOB_ROW (row), 300, 1000, "rows");
  assert_job (row, "cancelling…", TRUE);
  dyno_job_row_end (DYNO_JOB_ROW (row), FALSE, NULL);
  assert_job (row, "cancelled", FALSE);
  g_assert_cmpint (dyno_job_row_get_state (DYNO_JOB_ROW (row)), ==, DYNO_JOB_ROW_DONE);
  close_and_finalize (window, row);
}

/* Asking and colours. */

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  char **answer = user_data;

  *answer = dyno_compat_ask_finish (result, &error);
  if (error != NULL)
    *answer = g_strdup (error->message);
}

/* A dialog is a window of its own or lies in one, by the version of libadwaita:
 * it is what answers. */
static GtkWidget *
find_dialog_in (GtkWidget *widget)
{
  if (g_signal_lookup ("response", G_OBJECT_TYPE (widget)) != 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_dialog_in (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static GtkWidget *
find_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) toplevel = g_list_model_get_item (toplevels, i);
      GtkWidget *found = find_dialog_in (toplevel);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_ask (void)
{
  static const DynoAnswer answers[] = {
    { "keep", "_Keep", DYNO_ANSWER_PLAIN },
    { "delete", "_Delete", DYNO_ANSWER_DESTRUCTIVE },
  };
  GtkWidget *label = gtk_label_new ("page");
  GtkWidget *window = dyno_test_ui_show (label, 600, 400);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *answer = NULL;
  g_autofree char *second = NULL;

  dyno_compat_ask_async (label, "Delete the run?", "It can be undone.", answers, 2, NULL,
                         answered_cb, &answer);
  dyno_test_ui_run (100);
  g_assert_nonnull (find_dialog ());
  g_signal_emit_by_name (find_dialog (), "response", "delete");
  dyno_test_ui_run (50);
  g_assert_cmpstr (answer, ==, "delete");
  while (find_dialog () != NULL && GTK_IS_WINDOW (find_dialog ()))
    gtk_window_destroy (GTK_WINDOW (find_dialog ()));

  /* Closing is the plain answer; cancelling is cancelled. */
  dyno_compat_ask_async (label, "Delete the run?", "", answers, 2, cancellable, answered_cb,
                         &second);
  dyno_test_ui_run (100);
  g_cancellable_cancel (cancellable);
  dyno_test_ui_run (200);
  g_assert_nonnull (second);
  g_assert_cmpstr (second, !=, "delete");
  dyno_test_ui_close (window);
}

static void
test_text_color (void)
{
  GtkWidget *label = gtk_label_new ("words");
  GtkWidget *window = dyno_test_ui_show (label, 100, 50);
  GdkRGBA plain;
  GdkRGBA fault;
  DynoColour wanted = dyno_palette_status (DYNO_LOOK_LIGHT, DYNO_STATUS_FAULT);

  dyno_compat_get_text_color (label, &plain);
  gtk_widget_add_css_class (label, "dyno-fault");
  dyno_test_ui_frames (label, 2);
  dyno_compat_get_text_color (label, &fault);
  g_assert_cmpfloat_with_epsilon (fault.red, wanted.red, 0.01);
  g_assert_cmpfloat_with_epsilon (fault.green, wanted.green, 0.01);
  g_assert_false (gdk_rgba_equal (&plain, &fault));
  dyno_test_ui_close (window);
}

/* Every icon of the resource is found under its own name and is drawn. */
static void
test_icons (void)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());
  g_auto(GStrv) files = g_resources_enumerate_children (
      "/org/dynoai/DynoAI/icons/scalable/actions", 0, NULL);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *window;

  gtk_image_set_pixel_size (GTK_IMAGE (image), 64);
  window = dyno_test_ui_show (image, 80, 80);
  g_assert_cmpuint (g_strv_length (files), >, 50);
  for (int i = 0; files[i] != NULL; i++)
    {
      g_autofree char *name = g_strndup (files[i], strlen (files[i]) - 4);
      g_autoptr(GdkTexture) shot = NULL;
      GdkRGBA ink;

      g_assert_true (gtk_icon_theme_has_icon (theme, name));
      gtk_image_set_from_icon_name (GTK_IMAGE (image), name);
      dyno_compat_get_text_color (image, &ink);
      dyno_test_ui_frames (image, 1);
      shot = dyno_test_ui_shot (window);
      g_test_message ("%s", name);
      g_assert_cmpuint (dyno_test_ui_count_dark (shot), >, 60);
    }
  dyno_test_ui_close (window);
}

int
main (int    argc,
      char **argv)
{
  dyno_test_ui_init (&argc, &argv);
  g_test_add_func ("/small/sparkline", test_sparkline);
  g_test_add_func ("/small/swatch", test_swatch);
  g_test_add_func ("/small/banner", test_banner);
  g_test_add_func ("/small/job-row", test_job_row);
  g_test_add_func ("/small/ask", test_ask);
  g_test_add_func ("/small/text-color", test_text_color);
  g_test_add_func ("/small/icons", test_icons);

  return g_test_run ();
}
