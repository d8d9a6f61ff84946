/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-application.h"

#include "dyno-compat.h"
#include "dyno-face-switch.h"
#include "dyno-quit.h"
#include "dyno-shortcuts-window.h"
#include "dyno-standing.h"
#include "dyno-style.h"
#include "dyno-window.h"

#include <glib/gi18n.h>

#define SCHEMA_ID "org.dynoai.DynoAI"
#define DRAIN_MS  2000 /* nobody waits longer for a window to close */

struct _DynoApplication
{
  AdwApplication   parent_instance;

  char            *data_dir;   /* (owned) (nullable) of the command line */
  DynoShopOptions  options;    /* its data_dir is ours */
  GSettings       *settings;   /* (owned) */
  DynoStyle       *style;      /* (owned) */
  DynoShop        *shop;       /* (owned) (nullable) until it is open */
  GError          *trouble;    /* (owned) (nullable) why it could not be opened */
  const DynoFace  *face;       /* (nullable) the service, static */
  DynoFaceSwitch  *service;    /* (owned) (nullable) while the shop is open */
  DynoWindow      *window;     /* (nullable) owned by GTK */
  gboolean         is_opening;
  gboolean         is_closing;
  gboolean         opens_again; /* once it is closed */
};

G_DEFINE_FINAL_TYPE (DynoApplication, dyno_application, ADW_TYPE_APPLICATION)

/* The keys. */

static const DynoKey keys[] = {
  { "win.page::live", "<Control>1", N_ ("Window"), N_ ("Live") },
  { "win.page::runs", "<Control>2", N_ ("Window"), N_ ("Runs") },
  { "win.page::settings", "<Control>7|<Control>comma", N_ ("Window"), N_ ("Settings") },
  { "win.sidebar", "F9", N_ ("Window"), N_ ("Sidebar") },
  { "win.back", "<Alt>Left", N_ ("Window"), N_ ("Back") },
  { "win.forward", "<Alt>Right", N_ ("Window"), N_ ("Forward") },
  { "win.fullscreen", "F11", N_ ("Window"), N_ ("Full Screen") },
  { "app.shop-mode", "<Control><Shift>b", N_ ("Window"), N_ ("Shop Mode") },
  { "app.shortcuts", "F1|<Control>question", N_ ("Window"), N_ ("Keyboard Shortcuts") },
  { "app.quit", "<Control>q", N_ ("Window"), N_ ("Quit") },
  { "page.search", "<Control>f", N_ ("Window"), N_ ("Search") },
  { "page.undo", "<Control>z", N_ ("Window"), N_ ("Undo") },

  { "live.arm", "F5", N_ ("Live"), N_ ("Arm or Disarm") },
  { "live.record", "F7", N_ ("Live"), N_ ("Record by Hand") },
  { "live.mark", "F12", N_ ("Live"), N_ ("Mark") },
  { "win.stop", "<Control>period", N_ ("Live"), N_ ("Stop") },
  { "live.preflight", "F4", N_ ("Live"), N_ ("Preflight") },
  { "live.pause", "<Control>space", N_ ("Live"), N_ ("Pause the Strip Chart") },

  { "runs.import", "<Control>i", N_ ("Runs"), N_ ("Import") },
  { "page.export", "<Control>e", N_ ("Runs"), N_ ("Export") },
  { "runs.open", "|Return", N_ ("Runs"), N_ ("Open") },
  { "runs.compare", "|c", N_ ("Runs"), N_ ("Compare") },
  { "runs.star", "|s", N_ ("Runs"), N_ ("Star") },
  { "runs.tag", "|t", N_ ("Runs"), N_ ("Tags") },
  { "runs.notes", "|n", N_ ("Runs"), N_ ("Notes") },
  { "runs.delete", "|Delete", N_ ("Runs"), N_ ("Delete") },

  { "chart.zoom-in", "|plus", N_ ("Chart"), N_ ("Zoom In") },
  { "chart.zoom-out", "|minus", N_ ("Chart"), N_ ("Zoom Out") },
  { "chart.fit", "|0", N_ ("Chart"), N_ ("Show All") },
  { "chart.fit-x", "|x", N_ ("Chart"), N_ ("Show the Whole Width") },
  { "chart.fit-y", "|y", N_ ("Chart"), N_ ("Show the Whole Height") },
  { "chart.pan-left", "|<Shift>Left", N_ ("Chart"), N_ ("Move Left") },
  { "chart.pan-right", "|<Shift>Right", N_ ("Chart"), N_ ("Move Right") },
  { "chart.move-cursor", "|Left|Right", N_ ("Chart"), N_ ("Move the Cursor") },
  { "chart.swap-cursor", "|c", N_ ("Chart"), N_ ("Other Cursor") },
  { "chart.next-peak", "|p", N_ ("Chart"), N_ ("Next Peak") },
  { "chart.next-valley", "|v", N_ ("Chart"), N_ ("Next Valley") },
  { "chart.next-gap", "|g", N_ ("Chart"), N_ ("Next Gap") },
  { "chart.previous-series", "|Page_Up", N_ ("Chart"), N_ ("Previous Curve") },
  { "chart.next-series", "|Page_Down", N_ ("Chart"), N_ ("Next Curve") },
  { "chart.undo-zoom", "|BackSpace", N_ ("Chart"), N_ ("Undo Zoom") },
  { "chart.clear-cursors", "|Escape", N_ ("Chart"), N_ ("Clear Cursors") },
  { "chart.menu", "|<Shift>F10", N_ ("Chart"), N_ ("Menu") },
};

const DynoKey *
dyno_application_keys (guint *n_keys)
{
  *n_keys = G_N_ELEMENTS (keys);

  return keys;
}

const DynoKey *
dyno_application_find_key (const char *action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (g_strcmp0 (keys[i].action, action) == 0)
        return &keys[i];
    }

  return NULL;
}

const char *
dyno_application_key_title (const DynoKey *key)
{
  return _ (key->title);
}

char *
dyno_application_key_label (const char *accelerator)
{
  GdkModifierType modifiers;
  guint key;

  if (!gtk_accelerator_parse (accelerator, &key, &modifiers))
    return g_strdup (accelerator);

  return gtk_accelerator_get_label (key, modifiers);
}

char *
dyno_application_key_tip (const DynoKey *key,
                          const char    *label)
{
  g_auto(GStrv) accelerators = g_strsplit (key->keys, "|", -1);
  const char *first = *accelerators[0] != '\0' ? accelerators[0] : accelerators[1];
  g_autofree char *text = dyno_application_key_label (first);

  /* Translators: what a button does, and the key that does it too. */
  return g_strdup_printf (_ ("%s (%s)"), label, text);
}

static void
install_accelerators (DynoApplication *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_auto(GStrv) accelerators = g_strsplit (keys[i].keys, "|", -1);

      if (g_str_has_prefix (keys[i].action, "app.") || g_str_has_prefix (keys[i].action, "win."))
        gtk_application_set_accels_for_action (GTK_APPLICATION (self), keys[i].action,
                                               (const char *const *) accelerators);
    }
}

/* Opening and closing. */

static void open_shop (DynoApplication *self);

static void
shop_closed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(DynoApplication) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_shop_close_finish (self->shop, result, &error))
    g_warning ("The run book was not closed properly: %s", error->message);
  g_clear_pointer (&self->shop, dyno_shop_unref);
  self->is_closing = FALSE;
  if (self->opens_again)
    open_shop (self);
  else if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));
  g_application_release (G_APPLICATION (self));
}

static void
end_shop (DynoApplication *self)
{
  dyno_standing_end (self->shop);
  dyno_shop_close_async (self->shop, NULL, shop_closed_cb, g_object_ref (self));
}

/* The application is held. */
static void
service_closed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  dyno_face_switch_close_finish (result);
  end_shop (user_data);
}

static void
close_shop (DynoApplication *self)
{
  if (self->is_closing)
    return;

  if (self->window != NULL)
    dyno_window_set_shop (self->window, NULL);
  if (self->shop == NULL)
    {
      if (self->window != NULL)
        gtk_window_destroy (GTK_WINDOW (self->window));
      return;
    }

  self->is_closing = TRUE;
  g_application_hold (G_APPLICATION (self));
  if (self->service != NULL)
    dyno_face_switch_close_async (g_steal_pointer (&self->service), DRAIN_MS, service_closed_cb,
                                  self);
  else
    end_shop (self);
}

static void
show_shop (DynoApplication *self)
{
  if (self->window == NULL)
    return;

  if (self->trouble != NULL)
    dyno_window_show_trouble (self->window, self->trouble);
  else if (self->shop != NULL)
    dyno_window_set_shop (self->window, self->shop);
}

/* What goes on beside the window. */
static void
begin_shop (DynoApplication *self)
{
  dyno_standing_begin (self->shop, FALSE);
  if (self->face != NULL && dyno_shop_has_store (self->shop))
    self->service = dyno_face_switch_new (self->shop, self->face);
}

static void
shop_opened_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(DynoApplication) self = user_data;

  self->is_opening = FALSE;
  self->shop = dyno_shop_open_finish (result, &self->trouble);
  if (self->shop != NULL)
    begin_shop (self);
  show_shop (self);
  g_application_release (G_APPLICATION (self));
}

static void
open_shop (DynoApplication *self)
{
  self->is_opening = TRUE;
  self->opens_again = FALSE;
  g_clear_error (&self->trouble);
  self->options.data_dir = self->data_dir;
  g_application_hold (G_APPLICATION (self));
  dyno_shop_open_async (&self->options, NULL, shop_opened_cb, g_object_ref (self));
}

/* Actions. */

static void
about_action (GSimpleAction *action,
              GVariant      *unused,
              gpointer       user_data)
{
  DynoApplication *self = user_data;
  DynoAbout about = {
    .name = "DynoAI",
    .icon_name = DYNO_APP_ID,
    .version = DYNO_VERSION,
    .comments = _ ("Captures dyno pulls, keeps them, shows them and says what to change."),
    .copyright = _ ("© The DynoAI authors"),
  };

  dyno_compat_about (GTK_WIDGET (self->window), &about);
}

static void
shortcuts_action (GSimpleAction *action,
                  GVariant      *unused,
                  gpointer       user_data)
{
  DynoApplication *self = user_data;
  GtkWidget *window = dyno_shortcuts_window_new ();

  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self->window));
  gtk_window_present (GTK_WINDOW (window));
}

static void
may_quit_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(DynoApplication) self = user_data;

  if (dyno_quit_finish (result))
    close_shop (self);
}

static void
quit_action (GSimpleAction *action,
             GVariant      *unused,
             gpointer       user_data)
{
  DynoApplication *self = user_data;

  if (self->is_closing || self->is_opening || self->window == NULL)
    return;

  dyno_quit_async (GTK_WIDGET (self->window), self->shop, may_quit_cb, g_object_ref (self));
}

/* The data folder may be free again. */
static void
open_again_action (GSimpleAction *action,
                   GVariant      *unused,
                   gpointer       user_data)
{
  DynoApplication *self = user_data;

  if (self->is_closing || self->is_opening)
    return;

  if (self->shop == NULL)
    {
      open_shop (self);
      return;
    }

  self->opens_again = TRUE;
  close_shop (self);
}

static const GActionEntry actions[] = {
  { "about", about_action, NULL, NULL, NULL, { 0 } },
  { "open-again", open_again_action, NULL, NULL, NULL, { 0 } },
  { "quit", quit_action, NULL, NULL, NULL, { 0 } },
  { "shortcuts", shortcuts_action, NULL, NULL, NULL, { 0 } },
};

static gboolean
close_request_cb (GtkWindow       *window,
                  DynoApplication *self)
{
  g_action_group_activate_action (G_ACTION_GROUP (self), "quit", NULL);

  return TRUE;
}

/* Application. */

static void
dyno_application_startup (GApplication *application)
{
  DynoApplication *self = DYNO_APPLICATION (application);
  g_autoptr(GAction) shop_mode = NULL;
  g_autoptr(GAction) style = NULL;

  G_APPLICATION_CLASS (dyno_application_parent_class)->startup (application);

  self->settings = g_settings_new (SCHEMA_ID);
  self->style = dyno_style_new (self->settings);
  shop_mode = g_settings_create_action (self->settings, "shop-mode");
  style = g_settings_create_action (self->settings, "style");
  g_action_map_add_action (G_ACTION_MAP (self), shop_mode);
  g_action_map_add_action (G_ACTION_MAP (self), style);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  install_accelerators (self);
  open_shop (self);
}

static void
dyno_application_activate (GApplication *application)
{
  DynoApplication *self = DYNO_APPLICATION (application);

  if (self->window == NULL)
    {
      self->window = DYNO_WINDOW (dyno_window_new (GTK_APPLICATION (self), self->settings));
      g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
      g_signal_connect (self->window, "close-request", G_CALLBACK (close_request_cb), self);
      dyno_style_add_window (self->style, GTK_WIDGET (self->window));
      show_shop (self);
    }
  gtk_window_present (GTK_WINDOW (self->window));
}

/* GSettings ends a program whose schema is missing without a word to its user. */
static gboolean
has_schema (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, SCHEMA_ID, TRUE) : NULL;

  return schema != NULL;
}

static int
dyno_application_handle_local_options (GApplication *application,
                                       GVariantDict *options)
{
  DynoApplication *self = DYNO_APPLICATION (application);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("dynoai %s\n", DYNO_VERSION);
      return 0;
    }
  if (!has_schema ())
    {
      g_printerr (_ ("The settings schema %s is not installed. Start the program by ./dev run, "
                     "or install it.\n"), SCHEMA_ID);
      return 1;
    }
  if (g_variant_dict_lookup (options, "data-dir", "^ay", &self->data_dir))
    /* Another folder is another program: it does not meet the first one. */
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);

  return -1;
}

static void
dyno_application_shutdown (GApplication *application)
{
  DynoApplication *self = DYNO_APPLICATION (application);

  g_clear_pointer (&self->style, dyno_style_free);
  g_clear_object (&self->settings);

  G_APPLICATION_CLASS (dyno_application_parent_class)->shutdown (application);
}

static void
dyno_application_finalize (GObject *object)
{
  DynoApplication *self = DYNO_APPLICATION (object);

  if (self->window != NULL)
    g_object_remove_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
  g_clear_pointer (&self->shop, dyno_shop_unref);
  g_clear_error (&self->trouble);
  g_free (self->data_dir);

  G_OBJECT_CLASS (dyno_application_parent_class)->finalize (object);
}

static void
dyno_application_class_init (DynoApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = dyno_application_finalize;
  application_class->startup = dyno_application_startup;
  application_class->activate = dyno_application_activate;
  application_class->shutdown = dyno_application_shutdown;
  application_class->handle_local_options = dyno_application_handle_local_options;
}

static void
dyno_application_init (DynoApplication *self)
{
  static const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Where runs are kept"), N_ ("FOLDER") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
}

DynoShop *
dyno_application_get_shop (DynoApplication *self)
{
  return self->shop;
}

DynoApplication *
dyno_application_new (const DynoShopOptions *options,
                      const DynoFace        *face)
{
  DynoApplication *self = g_object_new (DYNO_TYPE_APPLICATION,
                                        "application-id", DYNO_APP_ID,
                                        "resource-base-path", "/org/dynoai/DynoAI",
                                        NULL);

  if (options != NULL)
    self->options = *options;
  self->data_dir = g_strdup (self->options.data_dir);
  self->face = face;

  return self;
}
