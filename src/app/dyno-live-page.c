/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-live-page-private.h"

#include "dyno-access.h"
#include "dyno-live-words.h"

#include <glib/gi18n.h>

/* Digits change ten times a second, curves with every frame. */
#define TICK_MS 100

enum
{
  PROP_LAYOUT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DynoLivePage, dyno_live_page, DYNO_TYPE_PAGE)

static DynoConfig *
config_of (DynoLivePage *self)
{
  return dyno_shop_get_config (dyno_page_get_shop (DYNO_PAGE (self)));
}

/* State. */

static void
show_badge (DynoLivePage *self,
            DynoArmPhase  phase)
{
  dyno_page_set_badge (DYNO_PAGE (self), dyno_state_word_status (phase),
                       phase == DYNO_ARM_NO_DYNO ? NULL : dyno_state_word_text (phase));
}

/* The one suggested action belongs to the word. */
static void
show_primary (DynoLivePage *self,
              DynoArmPhase  phase,
              gboolean      is_armed)
{
  static const struct
  {
    const char *label;
    const char *action;
  } primaries[DYNO_N_ARM_PHASES] = {
    [DYNO_ARM_NO_DYNO] = { N_ ("Use Simulator"), "live.simulator" },
    [DYNO_ARM_LIVE] = { N_ ("Arm"), "live.arm" },
    [DYNO_ARM_ARMED] = { N_ ("Disarm"), "live.arm" },
    [DYNO_ARM_RECORDING] = { N_ ("Stop"), "live.stop" },
    [DYNO_ARM_SAVED] = { N_ ("Open Run"), "live.open-run" },
    [DYNO_ARM_LINK_LOST] = { N_ ("Doctor"), "live.doctor" },
    [DYNO_ARM_ERROR] = { N_ ("Details"), "live.details" },
  };
  const char *label = primaries[phase].label;

  dyno_page_set_primary (DYNO_PAGE (self), label != NULL ? _ (label) : NULL,
                         primaries[phase].action);
}

static void
show_subtitle (DynoLivePage *self)
{
  const DynoArmState *arm = dyno_watch_get_arm (self->watch);
  DynoVehicleItem *vehicle =
      arm != NULL ? dyno_vehicle_list_find (self->vehicles, arm->vehicle_id) : NULL;

  dyno_page_set_subtitle (DYNO_PAGE (self),
                          vehicle != NULL ? dyno_vehicle_item_get_label (vehicle) : "");
}

/* The peaks of the last pull stay until the next one begins. */
static void
show_phase (DynoLivePage *self,
            DynoArmPhase  phase,
            gboolean      is_armed)
{
  gboolean has_numbers = phase != DYNO_ARM_NO_DYNO && phase != DYNO_ARM_CONNECTING;

  if (phase == DYNO_ARM_RECORDING && self->phase != DYNO_ARM_RECORDING
      && self->phase != DYNO_ARM_LINK_LOST)
    dyno_tile_grid_reset_max (self->tiles);
  self->phase = phase;
  self->is_armed = is_armed;
  gtk_stack_set_visible_child_name (self->stack, has_numbers ? "numbers" : "none");
  if (phase == DYNO_ARM_RECORDING)
    gtk_widget_add_css_class (self->numbers, "dyno-recording");
  else
    gtk_widget_remove_css_class (self->numbers, "dyno-recording");
  show_badge (self, phase);
  show_primary (self, phase, is_armed);
}

static void
open_cb (AdwToast     *toast,
         DynoLivePage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "live.open-run", NULL);
}

/* A run that was saved is said once, with the way to it. */
static void
say_saved (DynoLivePage *self)
{
  const DynoArmState *arm = dyno_watch_get_arm (self->watch);
  g_autoptr(AdwToast) toast = NULL;
  g_autofree char *text = NULL;

  if (arm == NULL || arm->phase != DYNO_ARM_SAVED || arm->run_id == NULL
      || g_strcmp0 (self->said_run, arm->run_id) == 0)
    return;

  g_free (self->said_run);
  self->said_run = g_strdup (arm->run_id);
  text = dyno_live_words_run (arm, config_of (self));
  toast = dyno_page_toast (DYNO_PAGE (self), "saved", text, _ ("Open Run"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (open_cb), self, 0);
}

static void
keep_cb (AdwToast     *toast,
         DynoLivePage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "live.keep", "s", self->said_discard);
}

/* A pull that was too little for a run is said, with the way to keep it. */
static void
say_discarded (DynoLivePage *self)
{
  static const char *const reasons[] = {
    [DYNO_PULL_DISCARD_NONE] = N_ ("Pull discarded"),
    [DYNO_PULL_DISCARD_SHORT] = N_ ("Pull discarded: shorter than 1.5 s"),
    [DYNO_PULL_DISCARD_SPAN] = N_ ("Pull discarded: engine speed rose by less than 800 rpm"),
  };
  const DynoArmState *arm = dyno_watch_get_arm (self->watch);
  const DynoArmDiscard *discard =
      arm != NULL && arm->n_discards > 0 ? &arm->discards[arm->n_discards - 1] : NULL;
  g_autoptr(AdwToast) toast = NULL;

  if (discard == NULL || g_strcmp0 (self->said_discard, discard->run_id) == 0)
    return;

  g_free (self->said_discard);
  self->said_discard = g_strdup (discard->run_id);
  toast = dyno_page_toast (DYNO_PAGE (self), "discarded", _ (reasons[discard->reason]),
                           _ ("Keep It"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (keep_cb), self, 0);
}

static void
show_words (DynoLivePage *self)
{
  const DynoArmState *arm = dyno_watch_get_arm (self->watch);
  g_autofree char *detail = dyno_live_words_detail (arm, config_of (self));

  dyno_state_word_set (self->state, dyno_watch_get_phase (self->watch), detail);
  if (self->phase == DYNO_ARM_NO_DYNO || self->phase == DYNO_ARM_CONNECTING)
    dyno_no_dyno_show (self->no_dyno, self->watch, g_get_monotonic_time ());
}

static void
watch_changed_cb (DynoLivePage *self)
{
  const DynoArmState *arm = dyno_watch_get_arm (self->watch);
  DynoArmPhase phase = dyno_watch_get_phase (self->watch);
  gboolean is_armed = arm != NULL && arm->is_armed;

  if (phase != self->phase || is_armed != self->is_armed)
    show_phase (self, phase, is_armed);
  show_words (self);
  show_subtitle (self);
  dyno_provider_picker_show (self->provider, self->watch,
                             dyno_demo_is_running (dyno_page_get_shop (DYNO_PAGE (self))));
  dyno_vehicle_picker_set_vehicle (self->vehicle, arm != NULL ? arm->vehicle_id : NULL);
  g_object_set (self->strip, "simulator", dyno_watch_is_simulator (self->watch), NULL);
  say_saved (self);
  say_discarded (self);
  dyno_live_actions_update (self);
  dyno_live_actions_connect (self);
}

static gboolean
tick_cb (gpointer data)
{
  DynoLivePage *self = data;

  dyno_tile_grid_update (self->tiles);
  dyno_strip_update (self->strip);
  dyno_live_layout_update (self);

  return G_SOURCE_CONTINUE;
}

/* Page. */

static void
dyno_live_page_units_changed (DynoPage *page)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (page);

  dyno_tile_grid_set_units (self->tiles, dyno_page_get_units (page));
  dyno_strip_set_units (self->strip, dyno_page_get_units (page));
  show_words (self);
}

/* The word and the choices in one row, in two, in three. */
static void
dyno_live_page_width_changed (DynoPage *page)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (page);
  GtkOrientation within =
      dyno_page_is_narrow (page) ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->bar),
                                  dyno_page_is_wide (page) ? GTK_ORIENTATION_HORIZONTAL
                                                           : GTK_ORIENTATION_VERTICAL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->choices), within);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->buttons), within);
}

static void
dyno_live_page_map (GtkWidget *widget)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  GTK_WIDGET_CLASS (dyno_live_page_parent_class)->map (widget);

  if (self->tick == 0)
    self->tick = g_timeout_add (TICK_MS, tick_cb, self);
  tick_cb (self);
}

static void
dyno_live_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&DYNO_LIVE_PAGE (widget)->tick, g_source_remove);

  GTK_WIDGET_CLASS (dyno_live_page_parent_class)->unmap (widget);
}

static void
edit_panes_cb (DynoLivePage *self,
               const char   *source,
               int           pane)
{
  dyno_live_layout_toggle (self, pane, source);
}

static void
tile_activated_cb (DynoLivePage *self,
                   DynoTile     *tile)
{
  dyno_live_layout_toggle (self, -1, dyno_tile_get_source (tile));
}

static void
channel_activated_cb (DynoLivePage    *self,
                      DynoChannelItem *item)
{
  DynoChannel canonical = dyno_channel_item_get_canonical (item);

  dyno_live_layout_toggle (self, -1,
                           canonical != DYNO_CHANNEL_NONE ? dyno_channel_info (canonical)->name
                                                          : dyno_channel_item_get_name (item));
}

static void
vehicle_chosen_cb (DynoLivePage *self,
                   const char   *vehicle_id)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "live.set-vehicle", "s",
                              vehicle_id != NULL ? vehicle_id : "");
}

static void
vehicle_created_cb (DynoLivePage *self,
                    const char   *label)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "live.new-vehicle", "s", label);
}

static void
provider_chosen_cb (DynoLivePage *self,
                    const char   *name)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "live.set-provider", "s",
                              name != NULL ? name : "");
}

static void
dyno_live_page_constructed (GObject *object)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (object);
  DynoShop *shop;

  G_OBJECT_CLASS (dyno_live_page_parent_class)->constructed (object);

  shop = dyno_page_get_shop (DYNO_PAGE (self));
  self->watch = dyno_watch_new (shop);
  self->vehicles = dyno_vehicle_list_new (shop);
  self->runner = dyno_preflight_runner_new (shop);
  dyno_vehicle_picker_set_list (self->vehicle, self->vehicles);
  dyno_tile_grid_set_live (self->tiles, dyno_shop_get_live (shop));
  dyno_strip_set_live (self->strip, dyno_shop_get_live (shop));
  dyno_live_page_units_changed (DYNO_PAGE (self));
  g_signal_connect_object (self->watch, "changed", G_CALLBACK (watch_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->vehicles, "items-changed", G_CALLBACK (show_subtitle), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->runner, "changed", G_CALLBACK (dyno_live_actions_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->runner, "finished", G_CALLBACK (dyno_live_actions_update), self,
                           G_CONNECT_SWAPPED);
  show_phase (self, dyno_watch_get_phase (self->watch), FALSE);
  watch_changed_cb (self);
}

static void
dyno_live_page_dispose (GObject *object)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (object);

  if (self->runner != NULL)
    dyno_preflight_runner_cancel (self->runner);
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->runner);
  g_clear_object (&self->watch);
  g_clear_object (&self->layouts);
  g_clear_object (&self->channels);
  g_clear_object (&self->vehicles);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_LIVE_PAGE);

  G_OBJECT_CLASS (dyno_live_page_parent_class)->dispose (object);
}

static void
dyno_live_page_finalize (GObject *object)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (object);

  g_clear_object (&self->settings);
  g_free (self->checked);
  g_free (self->said_run);
  g_free (self->said_discard);

  G_OBJECT_CLASS (dyno_live_page_parent_class)->finalize (object);
}

static void
dyno_live_page_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (object);

  g_value_set_string (value, self->layouts != NULL
                                 ? dyno_layout_get_id (dyno_layouts_get_current (self->layouts))
                                 : NULL);
}

static void
dyno_live_page_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (object);
  DynoLayout *layout = dyno_layouts_find (self->layouts, g_value_get_string (value));

  if (layout != NULL)
    dyno_layouts_choose (self->layouts, layout);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, bar);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, choices);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, provider);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, vehicle);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, preflight);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, layout_button);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, state);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, stack);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, no_dyno);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, numbers);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, shown);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, tiles);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, table);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, strip);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, buttons);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, arm);
  gtk_widget_class_bind_template_child (widget_class, DynoLivePage, record);
  gtk_widget_class_bind_template_callback (widget_class, channel_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_panes_cb);
  gtk_widget_class_bind_template_callback (widget_class, provider_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, tile_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, vehicle_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, vehicle_created_cb);
}

static void
dyno_live_page_class_init (DynoLivePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = dyno_live_page_constructed;
  object_class->dispose = dyno_live_page_dispose;
  object_class->finalize = dyno_live_page_finalize;
  object_class->get_property = dyno_live_page_get_property;
  object_class->set_property = dyno_live_page_set_property;
  widget_class->map = dyno_live_page_map;
  widget_class->unmap = dyno_live_page_unmap;
  DYNO_PAGE_CLASS (klass)->units_changed = dyno_live_page_units_changed;
  DYNO_PAGE_CLASS (klass)->width_changed = dyno_live_page_width_changed;
  props[PROP_LAYOUT] = g_param_spec_string (
      "layout", NULL, NULL, NULL,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (DYNO_TYPE_CHANNEL_TABLE);
  g_type_ensure (DYNO_TYPE_NO_DYNO);
  g_type_ensure (DYNO_TYPE_PROVIDER_PICKER);
  g_type_ensure (DYNO_TYPE_STATE_WORD);
  g_type_ensure (DYNO_TYPE_STRIP);
  g_type_ensure (DYNO_TYPE_TILE_GRID);
  g_type_ensure (DYNO_TYPE_VEHICLE_PICKER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-live-page.ui");
  bind_children (widget_class);
  dyno_live_actions_install (widget_class);
  dyno_live_layout_install (widget_class);
  dyno_live_setup_install (widget_class);
}

static void
dyno_live_page_init (DynoLivePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
dyno_live_page_new (DynoShop  *shop,
                    GSettings *settings)
{
  DynoLivePage *self = g_object_new (DYNO_TYPE_LIVE_PAGE, "shop", shop, NULL);

  self->settings = g_object_ref (settings);
  dyno_live_layout_start (self);
  g_settings_bind (settings, "chart-span", self->strip, "span", G_SETTINGS_BIND_DEFAULT);

  return GTK_WIDGET (self);
}
