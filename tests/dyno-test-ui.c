/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-ui.h"

#include <math.h>

#define RESOURCES "/org/dynoai/DynoAI"

static GtkStyleProvider *
load_style (const char *name)
{
  GtkCssProvider *provider = gtk_css_provider_new ();
  g_autofree char *path = g_strconcat (RESOURCES "/", name, NULL);

  gtk_css_provider_load_from_resource (provider, path);

  return GTK_STYLE_PROVIDER (provider);
}

static void
dark_cb (AdwStyleManager  *manager,
         GParamSpec       *pspec,
         GtkStyleProvider *dark)
{
  GdkDisplay *display = gdk_display_get_default ();

  if (adw_style_manager_get_dark (manager))
    gtk_style_context_add_provider_for_display (display, dark,
                                                GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
  else
    gtk_style_context_remove_provider_for_display (display, dark);
}

/* What AdwApplication does for a program with that resource path. */
gboolean
dyno_test_ui_start (void)
{
  AdwStyleManager *manager;
  g_autoptr(GtkStyleProvider) plain = NULL;
  GtkStyleProvider *dark;

  if (!gtk_init_check ())
    return FALSE;

  adw_init ();
  manager = adw_style_manager_get_default ();
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    RESOURCES "/icons");
  plain = load_style ("style.css");
  dark = load_style ("style-dark.css"); /* as long as the program */
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), plain,
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_signal_connect (manager, "notify::dark", G_CALLBACK (dark_cb), dark);
  dark_cb (manager, NULL, dark);

  return TRUE;
}

void
dyno_test_ui_init (int    *argc,
                   char ***argv)
{
  g_test_init (argc, argv, NULL);
  if (dyno_test_ui_start ())
    return;

  g_print ("1..0 # SKIP no display\n");
  exit (0);
}

void
dyno_test_ui_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
stop_cb (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

void
dyno_test_ui_run (guint ms)
{
  gboolean is_over = FALSE;

  g_timeout_add (ms, stop_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
count_frame_cb (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       data)
{
  guint *left = data;

  if (*left > 0)
    (*left)--;

  return G_SOURCE_CONTINUE;
}

/* A tick comes before the drawing of its frame, so one more is waited for. */
void
dyno_test_ui_frames (GtkWidget *widget,
                     guint      n_frames)
{
  guint left = n_frames + 1;
  guint tick = gtk_widget_add_tick_callback (widget, count_frame_cb, &left, NULL);

  while (left > 0)
    g_main_context_iteration (NULL, TRUE);
  gtk_widget_remove_tick_callback (widget, tick);
}

GtkWidget *
dyno_test_ui_show (GtkWidget *widget,
                   int        width,
                   int        height)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (widget))
    g_main_context_iteration (NULL, TRUE);
  dyno_test_ui_frames (widget, 3);

  return window;
}

void
dyno_test_ui_close (GtkWidget *window)
{
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  while (window != NULL)
    g_main_context_iteration (NULL, TRUE);
  dyno_test_ui_settle ();
}

static gboolean
is_trigger (GtkShortcut     *shortcut,
            guint            key,
            GdkModifierType  modifiers)
{
  GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

  return GTK_IS_KEYVAL_TRIGGER (trigger)
         && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key
         && gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers;
}

static gboolean
press_in (GtkWidget       *widget,
          GListModel      *shortcuts,
          guint            key,
          GdkModifierType  modifiers)
{
  for (guint i = 0; i < g_list_model_get_n_items (shortcuts); i++)
    {
      g_autoptr(GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);

      if (is_trigger (shortcut, key, modifiers))
        return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                             gtk_shortcut_get_arguments (shortcut));
    }

  return FALSE;
}

gboolean
dyno_test_ui_press (GtkWidget       *widget,
                    guint            key,
                    GdkModifierType  modifiers)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller)
          && press_in (widget, G_LIST_MODEL (controller), key, modifiers))
        return TRUE;
    }

  return FALSE;
}

/* (transfer full) (nullable) */
static GskRenderNode *
draw (GtkWidget *widget)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr(GtkSnapshot) snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget),
                          gtk_widget_get_height (widget));

  return gtk_snapshot_to_node (snapshot);
}

GdkTexture *
dyno_test_ui_shot (GtkWidget *widget)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  GskRenderNode *node = draw (widget);
  GdkTexture *texture;
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                             (float) gtk_widget_get_height (widget));

  if (node == NULL) /* draws nothing */
    node = gsk_color_node_new (&(GdkRGBA) { 0, 0, 0, 0 }, &area);
  texture = gsk_renderer_render_texture (renderer, node, &area);
  gsk_render_node_unref (node);

  return texture;
}

guint
dyno_test_ui_count (GdkTexture    *texture,
                    const GdkRGBA *color)
{
  int width = gdk_texture_get_width (texture);
  int height = gdk_texture_get_height (texture);
  g_autofree guint32 *pixels = g_new (guint32, (gsize) width * (gsize) height);
  int wanted[3] = { (int) lroundf (color->red * 255), (int) lroundf (color->green * 255),
                    (int) lroundf (color->blue * 255) };
  guint n = 0;

  gdk_texture_download (texture, (guchar *) pixels, (gsize) width * 4);
  for (gsize i = 0; i < (gsize) width * (gsize) height; i++)
    n += abs ((int) (pixels[i] >> 16 & 0xFF) - wanted[0]) <= 2
         && abs ((int) (pixels[i] >> 8 & 0xFF) - wanted[1]) <= 2
         && abs ((int) (pixels[i] & 0xFF) - wanted[2]) <= 2;

  return n;
}

guint
dyno_test_ui_count_dark (GdkTexture *texture)
{
  gsize width = (gsize) gdk_texture_get_width (texture);
  gsize n_pixels = width * (gsize) gdk_texture_get_height (texture);
  g_autofree guint32 *pixels = g_new (guint32, n_pixels);
  guint n = 0;

  gdk_texture_download (texture, (guchar *) pixels, width * 4);
  for (gsize i = 0; i < n_pixels; i++)
    n += (pixels[i] >> 8 & 0xFF) < 128 && pixels[i] >> 24 > 128;

  return n;
}

static guint
count_below (GskRenderNode     *node,
             GskRenderNodeType  type)
{
  guint n = gsk_render_node_get_node_type (node) == type;

  switch ((int) gsk_render_node_get_node_type (node))
    {
    case GSK_CONTAINER_NODE:
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        n += count_below (gsk_container_node_get_child (node, i), type);
      break;
    case GSK_TRANSFORM_NODE:
      n += count_below (gsk_transform_node_get_child (node), type);
      break;
    case GSK_CLIP_NODE:
      n += count_below (gsk_clip_node_get_child (node), type);
      break;
    case GSK_ROUNDED_CLIP_NODE:
      n += count_below (gsk_rounded_clip_node_get_child (node), type);
      break;
    case GSK_OPACITY_NODE:
      n += count_below (gsk_opacity_node_get_child (node), type);
      break;
    case GSK_DEBUG_NODE:
      n += count_below (gsk_debug_node_get_child (node), type);
      break;
    default:
      break;
    }

  return n;
}

guint
dyno_test_ui_count_nodes (GtkWidget         *widget,
                          GskRenderNodeType  type)
{
  GskRenderNode *node = draw (widget);
  guint n = node != NULL ? count_below (node, type) : 0;

  g_clear_pointer (&node, gsk_render_node_unref);

  return n;
}
