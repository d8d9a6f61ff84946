/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What a chart can be asked to do: each key of the table in ui.md 4.1 is an
 * action, and gestures call the same functions. Single letters act only while
 * the chart has the focus. */

#include "config.h"

#include "dyno-chart-private.h"
#include "dyno-compat.h"

#include <glib/gi18n.h>
#include <math.h>

#define ZOOM_STEP 1.25
#define PAN_STEP 0.1
/* A box smaller than this was a slip, px. */
#define LEAST_BOX 6

/* Zooming and panning. */

static double
cursor_or_middle (DynoChart *self)
{
  double x = self->cursor_x[self->active_cursor];
  double min;
  double max;

  dyno_ruler_get_range (self->x, &min, &max);

  return x >= min && x <= max ? x : (min + max) / 2;
}

/* While following, the newest keeps its place and the span changes. */
void
dyno_chart_zoom_x (DynoChart *self,
                   double     factor,
                   double     at)
{
  double anchor = isnan (at) ? cursor_or_middle (self) : dyno_ruler_value (self->x, at);
  double min;
  double max;

  dyno_chart_push_undo (self);
  self->is_x_auto = FALSE;
  if (self->live != NULL && self->is_following)
    {
      dyno_ruler_get_range (self->x, &min, &max);
      anchor = max;
    }
  dyno_ruler_zoom (self->x, factor, anchor);
  dyno_chart_note_motion (self);
  dyno_chart_emit_range (self);
}

void
dyno_chart_zoom_y (DynoChart     *self,
                   DynoChartPane *pane,
                   double         factor,
                   double         at)
{
  dyno_chart_push_undo (self);
  for (int side = 0; side < DYNO_N_SIDES; side++)
    {
      DynoRuler *y = pane->y[side];
      double place = isnan (at) ? dyno_ruler_get_length (y) / 2 : at;

      pane->is_auto[side] = FALSE;
      dyno_ruler_zoom (y, factor, dyno_ruler_value (y, place));
    }
  dyno_chart_note_motion (self);
}

/* Moving by hand ends following. `pane` NULL: x alone; an axis y that fits
 * itself stays where it is. */
void
dyno_chart_pan (DynoChart     *self,
                DynoChartPane *pane,
                double         right,
                double         up)
{
  self->is_x_auto = FALSE;
  if (right != 0)
    dyno_chart_set_following (self, FALSE);
  dyno_ruler_pan (self->x, right);
  for (int side = 0; side < DYNO_N_SIDES && pane != NULL; side++)
    {
      if (!pane->is_auto[side])
        dyno_ruler_pan (pane->y[side], up);
    }
  dyno_chart_note_motion (self);
  dyno_chart_emit_range (self);
}

static void
zoom_to (DynoChart *self,
         double     min,
         double     max)
{
  dyno_chart_push_undo (self);
  self->is_x_auto = FALSE;
  dyno_chart_set_following (self, FALSE);
  dyno_ruler_set_range (self->x, fmin (min, max), fmax (min, max));
  dyno_chart_note_motion (self);
  dyno_chart_emit_range (self);
}

gboolean
dyno_chart_zoom_to_box (DynoChart             *self,
                        DynoChartPane         *pane,
                        const graphene_rect_t *box)
{
  double left = dyno_ruler_value (self->x, box->origin.x);
  double right = dyno_ruler_value (self->x, box->origin.x + box->size.width);
  graphene_rect_t plot;
  graphene_point_t top;

  if (box->size.width < LEAST_BOX && box->size.height < LEAST_BOX)
    return FALSE;

  self->last_zoom_us = 0;
  if (box->size.width >= LEAST_BOX)
    zoom_to (self, left, right);
  else
    dyno_chart_push_undo (self);
  if (pane == NULL || box->size.height < LEAST_BOX)
    return TRUE;

  dyno_chart_pane_get_plot (pane, &plot);
  top = GRAPHENE_POINT_INIT (0, box->origin.y);
  if (!gtk_widget_compute_point (self->hover, GTK_WIDGET (pane), &top, &top))
    return TRUE;
  for (int side = 0; side < DYNO_N_SIDES; side++)
    {
      double place = top.y - plot.origin.y;
      double high = dyno_ruler_value (pane->y[side], place);
      double low = dyno_ruler_value (pane->y[side], place + box->size.height);

      pane->is_auto[side] = FALSE;
      dyno_ruler_set_range (pane->y[side], low, high);
    }
  dyno_chart_note_motion (self);

  return TRUE;
}

/* Cursors. */

void
dyno_chart_put_cursor (DynoChart *self,
                       double     x)
{
  double min;
  double max;

  if (dyno_chart_data_extent (self, &min, &max))
    x = CLAMP (x, min, max);
  dyno_chart_set_cursor (self, self->active_cursor, x);
}

/* A cursor that is off begins in the middle of the view. */
static double
cursor_now (DynoChart *self)
{
  double x = self->cursor_x[self->active_cursor];
  double min;
  double max;

  dyno_ruler_get_range (self->x, &min, &max);

  return isnan (x) ? (min + max) / 2 : x;
}

static void
move_cursor (DynoChart *self,
             int        columns)
{
  gint64 first;
  guint n;
  double dx = dyno_ruler_get_columns (self->x, &first, &n)
              * gtk_widget_get_scale_factor (GTK_WIDGET (self));

  dyno_chart_put_cursor (self, cursor_now (self) + columns * dx);
}

/* To the next point of the active series. */
static void
move_cursor_by_sample (DynoChart *self,
                       int        direction)
{
  double x = cursor_now (self);
  DynoSeriesData data;
  gsize i;

  if (self->active == NULL)
    return;

  dyno_series_get_data (self->active, &data);
  if (data.n == 0)
    return;

  i = dyno_series_find (self->active, x);
  if (direction < 0)
    i = i > 0 ? i - 1 : 0;
  else if (i < data.n && data.x[i] <= x)
    i++;
  dyno_chart_put_cursor (self, data.x[MIN (i, data.n - 1)]);
}

static void
move_cursor_to_end (DynoChart *self,
                    gboolean   is_last)
{
  double min;
  double max;

  if (dyno_chart_data_extent (self, &min, &max))
    dyno_chart_put_cursor (self, is_last ? max : min);
}

static void
swap_cursor (DynoChart *self)
{
  self->active_cursor = 1 - self->active_cursor;
  for (guint i = 0; i < 2; i++)
    dyno_cursor_set_active (DYNO_CURSOR (self->cursors[i]), i == self->active_cursor);
  if (isnan (self->cursor_x[self->active_cursor]))
    dyno_chart_put_cursor (self, cursor_now (self));
}

/* Peaks, valleys, gaps. */

/* A point that is the greatest of a hundredth of the series on both sides: a
 * wiggle is no peak. `sign` −1: the least. */
static gboolean
is_peak (DynoSeries *series,
         gsize       n,
         gsize       at,
         double      sign)
{
  gsize reach = MAX (n / 100, 2);
  double min;
  double max;
  double value = dyno_series_y (series, at);

  dyno_series_range (series, at > reach ? at - reach : 0, MIN (at + reach + 1, n), &min, &max);

  return !isnan (value) && value == (sign > 0 ? max : min);
}

static void
move_to_peak (DynoChart *self,
              double     sign)
{
  DynoSeriesData data;
  double x = cursor_now (self);
  gsize first;

  if (self->active == NULL)
    return;

  dyno_series_get_data (self->active, &data);
  first = isnan (self->cursor_x[self->active_cursor]) ? 0 : dyno_series_find (self->active, x);
  for (gsize k = 1; k <= data.n; k++)
    {
      gsize i = (first + k) % data.n;

      if (is_peak (self->active, data.n, i, sign))
        {
          dyno_chart_put_cursor (self, data.x[i]);
          return;
        }
    }
}

/* After the last gap the first comes again. */
static void
move_to_gap (DynoChart *self)
{
  DynoSeriesData data;
  gsize first;

  if (self->active == NULL)
    return;

  dyno_series_get_data (self->active, &data);
  first = dyno_series_find (self->active, cursor_now (self));
  for (gsize k = 1; k <= data.n; k++)
    {
      gsize i = (first + k) % data.n;

      /* The point after the gap; a NaN is inside one. */
      if (i > 0 && dyno_series_is_gap (self->active, i)
          && !isnan (dyno_series_y (self->active, i)))
        {
          dyno_chart_put_cursor (self, data.x[i]);
          return;
        }
    }
}

static void
step_series (DynoChart *self,
             int        step)
{
  GListModel *series = G_LIST_MODEL (self->listed);
  guint n = g_list_model_get_n_items (series);
  guint at = 0;
  g_autoptr(DynoSeries) next = NULL;

  if (n == 0)
    return;

  if (self->active == NULL || !g_list_store_find (self->listed, self->active, &at))
    at = step > 0 ? n - 1 : 0;
  next = g_list_model_get_item (series, (at + n + (guint) (step + (int) n)) % n);
  dyno_chart_set_active (self, next);
}

/* Actions. */

static void
zoom_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  dyno_chart_zoom_x (DYNO_CHART (widget),
                     g_str_equal (name, "chart.zoom-in") ? ZOOM_STEP : 1 / ZOOM_STEP, NAN);
}

static void
pan_action (GtkWidget  *widget,
            const char *name,
            GVariant   *unused)
{
  DynoChart *self = DYNO_CHART (widget);
  double step = PAN_STEP * dyno_chart_plot_width (self);

  dyno_chart_push_undo (self);
  dyno_chart_pan (self, NULL, g_str_equal (name, "chart.pan-left") ? -step : step, 0);
}

static void
fit_action (GtkWidget  *widget,
            const char *name,
            GVariant   *unused)
{
  dyno_chart_fit (DYNO_CHART (widget), g_str_equal (name, "chart.fit-x")   ? DYNO_FIT_X
                                       : g_str_equal (name, "chart.fit-y") ? DYNO_FIT_Y
                                                                           : DYNO_FIT_ALL);
}

static void
undo_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  dyno_chart_undo_zoom (DYNO_CHART (widget));
}

static void
clear_action (GtkWidget  *widget,
              const char *name,
              GVariant   *unused)
{
  DynoChart *self = DYNO_CHART (widget);

  self->box_mark = NAN;
  dyno_chart_set_cursor (self, 0, NAN);
  dyno_chart_set_cursor (self, 1, NAN);
  self->active_cursor = 0;
}

static void
move_cursor_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *columns)
{
  move_cursor (DYNO_CHART (widget), g_variant_get_int32 (columns));
}

static void
move_sample_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *direction)
{
  move_cursor_by_sample (DYNO_CHART (widget), g_variant_get_int32 (direction));
}

static void
move_end_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *unused)
{
  move_cursor_to_end (DYNO_CHART (widget), g_str_equal (name, "chart.cursor-to-end"));
}

static void
swap_cursor_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *unused)
{
  swap_cursor (DYNO_CHART (widget));
}

/* M once: this end stays and the other cursor goes on; M again: both stand. */
static void
mark_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  DynoChart *self = DYNO_CHART (widget);

  dyno_chart_put_cursor (self, cursor_now (self));
  if (!isnan (self->box_mark))
    {
      self->box_mark = NAN;
      return;
    }
  self->box_mark = self->cursor_x[self->active_cursor];
  swap_cursor (self);
  dyno_chart_put_cursor (self, self->box_mark);
}

static void
zoom_to_cursors_action (GtkWidget  *widget,
                        const char *name,
                        GVariant   *unused)
{
  DynoChart *self = DYNO_CHART (widget);

  if (isnan (self->cursor_x[0]) || isnan (self->cursor_x[1])
      || self->cursor_x[0] == self->cursor_x[1])
    return;

  self->box_mark = NAN;
  self->last_zoom_us = 0;
  zoom_to (self, self->cursor_x[0], self->cursor_x[1]);
}

static void
peak_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  move_to_peak (DYNO_CHART (widget), g_str_equal (name, "chart.next-peak") ? 1 : -1);
}

static void
gap_action (GtkWidget  *widget,
            const char *name,
            GVariant   *unused)
{
  move_to_gap (DYNO_CHART (widget));
}

static void
step_series_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *unused)
{
  step_series (DYNO_CHART (widget), g_str_equal (name, "chart.next-series") ? 1 : -1);
}

static void
hide_series_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *unused)
{
  DynoChart *self = DYNO_CHART (widget);

  if (self->active != NULL)
    dyno_series_set_visible (self->active, !dyno_series_get_visible (self->active));
}

static void
pin_series_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *unused)
{
  DynoChart *self = DYNO_CHART (widget);

  if (self->active != NULL)
    dyno_series_set_pinned (self->active, !dyno_series_get_pinned (self->active));
}

/* The values at the cursor, or without one what there is to see. */
static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  DynoChart *self = DYNO_CHART (widget);
  g_autofree char *text = isnan (self->cursor_x[self->active_cursor])
                              ? dyno_chart_describe (self)
                              : dyno_chart_describe_cursor (self, self->active_cursor);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static DynoPictureKind
kind_of_file (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *lower = g_ascii_strdown (name != NULL ? name : "", -1);

  if (g_str_has_suffix (lower, ".svg"))
    return DYNO_PICTURE_SVG;

  return g_str_has_suffix (lower, ".pdf") ? DYNO_PICTURE_PDF : DYNO_PICTURE_PNG;
}

static void
picture_chosen_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(DynoChart) self = user_data;
  g_autoptr(GListModel) files = dyno_compat_files_finish (result, NULL);
  g_autoptr(GFile) file = files != NULL ? g_list_model_get_item (files, 0) : NULL;
  g_autoptr(GError) error = NULL;

  if (file != NULL && !dyno_chart_export (self, kind_of_file (file), file, &error))
    dyno_compat_ask_async (GTK_WIDGET (self), _ ("The picture was not saved"), error->message,
                           &(DynoAnswer) { "close", _ ("_Close"), DYNO_ANSWER_PLAIN }, 1, NULL,
                           NULL, NULL);
}

static void
picture_action (GtkWidget  *widget,
                const char *name,
                GVariant   *unused)
{
  dyno_compat_save_async (widget, _ ("Save Picture"), _ ("chart.png"), NULL, picture_chosen_cb,
                          g_object_ref (widget));
}

/* Menu. */

static GMenuModel *
make_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) series = g_menu_new ();
  g_autoptr(GMenu) view = g_menu_new ();

  g_menu_append (series, _ ("_Copy Values"), "chart.copy");
  g_menu_append (series, _ ("_Save Picture…"), "chart.picture");
  g_menu_append (series, _ ("_Hide Series"), "chart.hide-series");
  g_menu_append (series, _ ("_Pin as Baseline"), "chart.pin-series");
  g_menu_append (view, _ ("Show _All"), "chart.fit");
  g_menu_append (view, _ ("_Undo Zoom"), "chart.undo-zoom");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (series));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (view));

  return G_MENU_MODEL (menu);
}

void
dyno_chart_show_menu (DynoChart *self,
                      double     x,
                      double     y)
{
  if (self->menu == NULL)
    {
      g_autoptr(GMenuModel) menu = make_menu ();

      self->menu = gtk_popover_menu_new_from_model (menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
      gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
      gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
menu_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  DynoChart *self = DYNO_CHART (widget);
  double place = dyno_ruler_place (self->x, cursor_now (self));

  dyno_chart_show_menu (self, self->left + CLAMP (place, 0, dyno_chart_plot_width (self)), 40);
}

/* Keys. */

typedef struct
{
  guint            key;
  GdkModifierType  modifiers;
  const char      *action;
  int              number; /* argument; 0: none */
} Binding;

static const Binding bindings[] = {
  { GDK_KEY_plus, 0, "chart.zoom-in", 0 },
  { GDK_KEY_plus, GDK_SHIFT_MASK, "chart.zoom-in", 0 },
  { GDK_KEY_equal, 0, "chart.zoom-in", 0 },
  { GDK_KEY_KP_Add, 0, "chart.zoom-in", 0 },
  { GDK_KEY_minus, 0, "chart.zoom-out", 0 },
  { GDK_KEY_KP_Subtract, 0, "chart.zoom-out", 0 },
  { GDK_KEY_Left, GDK_SHIFT_MASK, "chart.pan-left", 0 },
  { GDK_KEY_Right, GDK_SHIFT_MASK, "chart.pan-right", 0 },
  { GDK_KEY_0, 0, "chart.fit", 0 },
  { GDK_KEY_KP_0, 0, "chart.fit", 0 },
  { GDK_KEY_x, 0, "chart.fit-x", 0 },
  { GDK_KEY_y, 0, "chart.fit-y", 0 },
  { GDK_KEY_Left, 0, "chart.move-cursor", -1 },
  { GDK_KEY_Right, 0, "chart.move-cursor", 1 },
  { GDK_KEY_Left, GDK_CONTROL_MASK, "chart.move-cursor", -10 },
  { GDK_KEY_Right, GDK_CONTROL_MASK, "chart.move-cursor", 10 },
  { GDK_KEY_Left, GDK_ALT_MASK, "chart.move-sample", -1 },
  { GDK_KEY_Right, GDK_ALT_MASK, "chart.move-sample", 1 },
  { GDK_KEY_Home, 0, "chart.cursor-to-start", 0 },
  { GDK_KEY_End, 0, "chart.cursor-to-end", 0 },
  { GDK_KEY_c, 0, "chart.swap-cursor", 0 },
  { GDK_KEY_c, GDK_CONTROL_MASK, "chart.copy", 0 },
  { GDK_KEY_m, 0, "chart.mark", 0 },
  { GDK_KEY_Return, 0, "chart.zoom-to-cursors", 0 },
  { GDK_KEY_KP_Enter, 0, "chart.zoom-to-cursors", 0 },
  { GDK_KEY_Page_Up, 0, "chart.previous-series", 0 },
  { GDK_KEY_Page_Down, 0, "chart.next-series", 0 },
  { GDK_KEY_p, 0, "chart.next-peak", 0 },
  { GDK_KEY_v, 0, "chart.next-valley", 0 },
  { GDK_KEY_g, 0, "chart.next-gap", 0 },
  { GDK_KEY_F10, GDK_SHIFT_MASK, "chart.menu", 0 },
  { GDK_KEY_Menu, 0, "chart.menu", 0 },
  { GDK_KEY_BackSpace, 0, "chart.undo-zoom", 0 },
  { GDK_KEY_Escape, 0, "chart.clear-cursors", 0 },
};

void
dyno_chart_class_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char                  *name;
    const char                  *type; /* of the argument */
    GtkWidgetActionActivateFunc  func;
  } actions[] = {
    { "chart.zoom-in", NULL, zoom_action },
    { "chart.zoom-out", NULL, zoom_action },
    { "chart.pan-left", NULL, pan_action },
    { "chart.pan-right", NULL, pan_action },
    { "chart.fit", NULL, fit_action },
    { "chart.fit-x", NULL, fit_action },
    { "chart.fit-y", NULL, fit_action },
    { "chart.undo-zoom", NULL, undo_action },
    { "chart.clear-cursors", NULL, clear_action },
    { "chart.move-cursor", "i", move_cursor_action },
    { "chart.move-sample", "i", move_sample_action },
    { "chart.cursor-to-start", NULL, move_end_action },
    { "chart.cursor-to-end", NULL, move_end_action },
    { "chart.swap-cursor", NULL, swap_cursor_action },
    { "chart.mark", NULL, mark_action },
    { "chart.zoom-to-cursors", NULL, zoom_to_cursors_action },
    { "chart.next-peak", NULL, peak_action },
    { "chart.next-valley", NULL, peak_action },
    { "chart.next-gap", NULL, gap_action },
    { "chart.previous-series", NULL, step_series_action },
    { "chart.next-series", NULL, step_series_action },
    { "chart.hide-series", NULL, hide_series_action },
    { "chart.pin-series", NULL, pin_series_action },
    { "chart.copy", NULL, copy_action },
    { "chart.picture", NULL, picture_action },
    { "chart.menu", NULL, menu_action },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type,
                                     actions[i].func);
  for (gsize i = 0; i < G_N_ELEMENTS (bindings); i++)
    {
      if (bindings[i].number != 0)
        gtk_widget_class_add_binding_action (widget_class, bindings[i].key, bindings[i].modifiers,
                                             bindings[i].action, "i", bindings[i].number);
      else
        gtk_widget_class_add_binding_action (widget_class, bindings[i].key, bindings[i].modifiers,
                                             bindings[i].action, NULL);
    }
}
