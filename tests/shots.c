/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-live-page.h"
#include "dyno-lock.h"
#include "dyno-test-app.h"
#include "dyno-trouble-page.h"

/* Pictures of the program as it is, with the simulator on the wire: `ninja shots`
 * writes them into build/shots, `shots FOLDER [SCENE…]` those of some scenes. Names
 * and sizes as in ui.md 8.1. With ADW_DEBUG_HIGH_CONTRAST only those of high contrast. */

#define WIDTH 1280
#define HEIGHT 800

static char *folder;      /* where pictures go */
static gboolean is_contrast;

/* One picture. */

/* The window, and in front of it, dimmed, the one that is open. */
static GdkTexture *
paint (GtkWindow *window,
       GtkWindow *dialog)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (GTK_WIDGET (window));
  int height = gtk_widget_get_height (GTK_WIDGET (window));
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  GskRenderNode *node;
  GdkTexture *texture;

  gdk_paintable_snapshot (gtk_widget_paintable_new (GTK_WIDGET (window)), snapshot, width, height);
  if (dialog != NULL)
    {
      int inner_width = gtk_widget_get_width (GTK_WIDGET (dialog));
      int inner_height = gtk_widget_get_height (GTK_WIDGET (dialog));

      gtk_snapshot_append_color (snapshot, &(GdkRGBA) { 0, 0, 0, 0.3f }, &area);
      gtk_snapshot_translate (snapshot,
                              &GRAPHENE_POINT_INIT (floorf ((float) (width - inner_width) / 2),
                                                    floorf ((float) (height - inner_height) / 2)));
      gdk_paintable_snapshot (gtk_widget_paintable_new (GTK_WIDGET (dialog)), snapshot,
                              inner_width, inner_height);
    }
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (renderer, node, &area);
  gsk_render_node_unref (node);

  return texture;
}

static void
save (DynoTestApp *f,
      const char  *name)
{
  g_autoptr(GdkTexture) texture = NULL;
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  dyno_test_ui_frames (GTK_WIDGET (f->window), 3);
  texture = paint (GTK_WINDOW (f->window), dyno_test_app_dialog (f));
  g_assert_true (gdk_texture_save_to_png (texture, path));
  g_print ("%s\n", path);
}

static void
set_dark (gboolean is_dark)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      is_dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                              : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

/* Light and dark; in high contrast only what was asked for by `contrast`. */
static void
shoot (DynoTestApp *f,
       const char  *name,
       gboolean     contrast)
{
  const char *ends[] = { is_contrast ? "hc" : "light", is_contrast ? "hcdark" : "dark" };

  if (is_contrast && !contrast)
    return;

  for (int i = 0; i < 2; i++)
    {
      g_autofree char *full = g_strdup_printf ("%s-%s", name, ends[i]);

      set_dark (i == 1);
      save (f, full);
    }
  set_dark (FALSE);
}

/* Without a window manager there may be a frame that is part of the size asked for. */
static void
resize (DynoTestApp *f,
        int          width,
        int          height)
{
  GtkWidget *window = GTK_WIDGET (f->window);
  int width_asked = width;
  int height_asked = height;

  for (int i = 0; i < 2; i++)
    {
      int asked_width;
      int asked_height;

      gtk_window_get_default_size (GTK_WINDOW (window), &asked_width, &asked_height);
      if (i > 0)
        {
          width_asked += asked_width - gtk_widget_get_width (window);
          height_asked += asked_height - gtk_widget_get_height (window);
        }
      gtk_window_set_default_size (GTK_WINDOW (window), width_asked, height_asked);
      dyno_test_ui_run (400);
    }
  if (gtk_widget_get_width (window) != width || gtk_widget_get_height (window) != height)
    g_printerr ("%d × %d instead of %d × %d\n", gtk_widget_get_width (window),
                gtk_widget_get_height (window), width, height);
}

/* In another size, light. */
static void
shoot_sized (DynoTestApp *f,
             const char  *name,
             int          width,
             int          height)
{
  if (is_contrast)
    return;

  resize (f, width, height);
  dyno_test_ui_run (300);
  save (f, name);
  resize (f, WIDTH, HEIGHT);
}

static void
shoot_text200 (DynoTestApp *f,
               const char  *name,
               int          width,
               int          height)
{
  GtkSettings *settings = gtk_settings_get_default ();
  int dpi;

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  g_object_set (settings, "gtk-xft-dpi", dpi * 2, NULL);
  shoot_sized (f, name, width, height);
  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
}

static void
close_dialogs (DynoTestApp *f)
{
  GtkWindow *dialog;

  while ((dialog = dyno_test_app_dialog (f)) != NULL)
    {
      gtk_window_close (dialog);
      dyno_test_ui_run (100);
    }
}

static void
act (DynoTestApp *f,
     const char  *action)
{
  g_assert_true (dyno_window_activate (f->window, action));
  dyno_test_ui_run (300);
}

static void
show (DynoTestApp *f,
      const char  *page)
{
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.page", "s", page);
  dyno_test_ui_run (300);
}

/* Dynos. */

static DynoTestDyno *
start_dyno (const char *scenario,
            const char *profile)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();

  config.seed = 1;
  config.scenario = scenario;
  if (profile != NULL)
    config.profile = profile;

  return dyno_test_dyno_start (&config);
}

static void
command (DynoTestDyno *dyno,
         const char   *line)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_simulator_command (dyno->simulator, line, &error));
  g_assert_no_error (error);
}

static double
rpm_of (DynoTestApp *f)
{
  DynoLive *live = dyno_shop_get_live (dyno_test_app_shop (f));
  DynoLiveReading reading;

  return dyno_live_get (live, dyno_live_find (live, DYNO_CHANNEL_RPM), &reading) ? reading.value
                                                                                 : NAN;
}

static gboolean
has_preflight (DynoTestApp *f)
{
  g_autoptr(DynoPreflight) preflight =
      dyno_live_ref_preflight (dyno_shop_get_live (dyno_test_app_shop (f)));

  return preflight != NULL;
}

static void
start_app (DynoTestApp *f)
{
  resize (f, WIDTH, HEIGHT);
  set_dark (FALSE);
}

/* Scenes. */

static void
empty_scene (DynoTestApp *f)
{
  start_app (f);
  dyno_test_ui_run (6000);
  shoot (f, "live-empty", TRUE);
  shoot_sized (f, "live-empty-narrow", 360, 640);
  act (f, "live.doctor");
  dyno_test_ui_run (5000);
  shoot (f, "window-doctor", FALSE);
  close_dialogs (f);
  show (f, "settings");
  shoot (f, "settings-interface", FALSE);
  shoot_sized (f, "settings-interface-narrow", 360, 640);
  g_action_group_activate_action (G_ACTION_GROUP (f->application), "shortcuts", NULL);
  dyno_test_ui_run (300);
  shoot (f, "window-shortcuts", FALSE);
  close_dialogs (f);
  g_action_group_activate_action (G_ACTION_GROUP (f->application), "about", NULL);
  dyno_test_ui_run (300);
  shoot (f, "window-about", FALSE);
  close_dialogs (f);
}

static void
connecting_scene (DynoTestApp *f)
{
  DynoTestDyno *dyno = start_dyno ("0 stall 60\n", NULL);

  start_app (f);
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_CONNECTING), 10);
  dyno_test_ui_run (2000);
  shoot (f, "live-connecting", FALSE);
  dyno_test_dyno_free (dyno);
}

static void
windows_of_live (DynoTestApp *f)
{
  static const struct
  {
    const char *action;
    const char *name;
  } windows[] = {
    { "live.mapping", "live-mapping" },
    { "live.link", "live-link" },
    { "live.edit-layout", "live-layout" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      act (f, windows[i].action);
      dyno_test_ui_run (600);
      shoot (f, windows[i].name, FALSE);
      close_dialogs (f);
    }
}

static void
live_scene (DynoTestApp *f)
{
  DynoTestDyno *dyno = start_dyno (NULL, NULL);

  start_app (f);
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_LIVE), 10);
  dyno_test_ui_run (300);
  act (f, "live.preflight");
  dyno_test_ui_run (5000);
  shoot (f, "live-preflight-running", FALSE);
  dyno_test_app_wait (has_preflight (f), 30);
  dyno_test_ui_run (500);
  shoot (f, "live-preflight", TRUE);
  close_dialogs (f);
  dyno_test_app_wait (rpm_of (f) > 4500, 30);
  shoot (f, "live-live", FALSE);
  shoot_sized (f, "live-live-narrow", 360, 640);
  shoot_text200 (f, "live-live-narrow200", 360, 640);
  shoot_sized (f, "live-live-1080", 1920, 1080);
  shoot_sized (f, "live-live-4k", 3840, 2160);
  gtk_widget_activate_action (GTK_WIDGET (dyno_test_app_page (f, "live")), "live.layout", "s",
                              "all");
  dyno_test_ui_run (4000);
  shoot (f, "live-channels", FALSE);
  gtk_widget_activate_action (GTK_WIDGET (dyno_test_app_page (f, "live")), "live.layout", "s",
                              "tuning");
  dyno_test_ui_run (1500);
  shoot (f, "live-tuning", FALSE);
  gtk_widget_activate_action (GTK_WIDGET (dyno_test_app_page (f, "live")), "live.layout", "s",
                              "pull");
  windows_of_live (f);
  dyno_test_dyno_free (dyno);
}

static void
pull_scene (DynoTestApp *f)
{
  DynoTestDyno *dyno = start_dyno (NULL, NULL);
  GtkSettings *settings = gtk_settings_get_default ();

  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  start_app (f);
  dyno_test_app_wait (has_preflight (f), 40);
  act (f, "live.arm");
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_ARMED), 30);
  close_dialogs (f);
  dyno_test_ui_run (500);
  shoot (f, "live-armed", TRUE);
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_RECORDING) && rpm_of (f) > 4000, 30);
  shoot (f, "live-recording", TRUE);
  if (!is_contrast)
    shoot_sized (f, "live-recording-narrow", 360, 640);
  g_action_group_activate_action (G_ACTION_GROUP (f->application), "quit", NULL);
  dyno_test_ui_run (300);
  shoot (f, "window-quit", FALSE);
  close_dialogs (f);
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_SAVING), 30);
  dyno_test_ui_run (200);
  shoot (f, "live-saving", FALSE);
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_SAVED), 30);
  dyno_test_ui_run (300);
  shoot (f, "live-saved", FALSE);
  g_action_group_change_action_state (G_ACTION_GROUP (f->application), "shop-mode",
                                      g_variant_new_boolean (TRUE));
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_RECORDING) && rpm_of (f) > 4000, 40);
  shoot_sized (f, "live-recording-shop", 1920, 1080);
  g_action_group_change_action_state (G_ACTION_GROUP (f->application), "shop-mode",
                                      g_variant_new_boolean (FALSE));
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_RECORDING) && rpm_of (f) > 2500, 40);
  command (dyno, "stall 20");
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_LINK_LOST), 30);
  dyno_test_ui_run (2500);
  shoot (f, "live-lost", TRUE);
  close_dialogs (f);
  act (f, "live.stop");
  dyno_test_app_wait (!dyno_test_app_is_phase (f, DYNO_ARM_LINK_LOST)
                          && !dyno_test_app_is_phase (f, DYNO_ARM_SAVING), 60);
  dyno_test_dyno_free (dyno);
}

static void
blocked_scene (DynoTestApp *f)
{
  DynoTestDyno *dyno = start_dyno ("0 mute \"Engine RPM\"\n0 drop 8\n", NULL);

  start_app (f);
  dyno_test_app_wait (has_preflight (f), 60);
  act (f, "live.arm");
  dyno_test_ui_run (500);
  shoot (f, "live-blocked", FALSE);
  close_dialogs (f);
  act (f, "live.link");
  dyno_test_ui_run (500);
  shoot (f, "live-link-loss", FALSE);
  close_dialogs (f);
  dyno_test_dyno_free (dyno);
}

static void
norear_scene (DynoTestApp *f)
{
  DynoTestDyno *dyno = start_dyno (NULL, "demo-2");

  start_app (f);
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_LIVE), 15);
  dyno_test_app_wait (rpm_of (f) > 4000, 30);
  shoot (f, "live-norear", FALSE);
  dyno_test_dyno_free (dyno);
}

static void
trouble_scene (DynoTestApp *f)
{
  start_app (f);
  dyno_test_ui_run (500);
  shoot (f, "window-trouble", TRUE);
  g_assert_true (dyno_test_app_click (
      dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_TROUBLE_PAGE, NULL), "Details"));
  dyno_test_ui_run (300);
  shoot (f, "window-details", FALSE);
  close_dialogs (f);
}

/* On a folder that another program has. */
static void
run_trouble (void)
{
  g_autofree char *used = dyno_test_make_folder ();
  DynoLock *lock = dyno_lock_take (used, NULL, NULL);

  g_assert_nonnull (lock);
  dyno_test_app_run_in (used, trouble_scene, NULL);
  dyno_lock_free (lock);
  dyno_test_remove_folder (used);
}

static void
run_scene (const char *name)
{
  static const struct
  {
    const char     *name;
    DynoTestAppFunc body;
  } scenes[] = {
    { "empty", empty_scene },     { "connecting", connecting_scene },
    { "live", live_scene },       { "pull", pull_scene },
    { "blocked", blocked_scene }, { "norear", norear_scene },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (scenes); i++)
    {
      if (name == NULL || g_str_equal (name, scenes[i].name))
        dyno_test_app_run (scenes[i].body, NULL);
    }
  if (name == NULL || g_str_equal (name, "trouble"))
    run_trouble ();
}

int
main (int    argc,
      char **argv)
{
  if (argc < 2)
    {
      g_printerr ("Usage: shots FOLDER [SCENE…]\n");
      return 2;
    }
  if (!dyno_test_ui_start ())
    return 1;

  folder = argv[1];
  is_contrast = g_strcmp0 (g_getenv ("ADW_DEBUG_HIGH_CONTRAST"), "1") == 0;
  g_assert_no_errno (g_mkdir_with_parents (folder, 0755));
  if (argc == 2)
    run_scene (NULL);
  for (int i = 2; i < argc; i++)
    run_scene (argv[i]);

  return 0;
}
