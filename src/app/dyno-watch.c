/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-watch.h"

#define LOOK_EVERY_MS 100

struct _DynoWatch
{
  GObject           parent_instance;

  DynoShop         *shop;     /* (owned) */
  DynoCaptureState *capture;  /* (owned) (nullable) */
  DynoArmState     *arm;      /* (owned) (nullable) */
  guint             timer;    /* 0 none */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoWatch, dyno_watch, G_TYPE_OBJECT)

const DynoCaptureState *
dyno_watch_get_capture (DynoWatch *self)
{
  return self->capture;
}

const DynoArmState *
dyno_watch_get_arm (DynoWatch *self)
{
  return self->arm;
}

DynoArmPhase
dyno_watch_get_phase (DynoWatch *self)
{
  return self->arm != NULL ? self->arm->phase : DYNO_ARM_NO_DYNO;
}

const DynoProviderState *
dyno_watch_get_provider (DynoWatch *self)
{
  if (self->capture == NULL || self->capture->chosen < 0)
    return NULL;

  return &self->capture->providers[self->capture->chosen];
}

gboolean
dyno_watch_is_simulator (DynoWatch *self)
{
  const DynoProviderState *provider = dyno_watch_get_provider (self);

  return (self->arm != NULL && self->arm->is_simulator)
         || (provider != NULL && provider->is_simulator);
}

void
dyno_watch_look (DynoWatch *self)
{
  DynoLive *live = dyno_shop_get_live (self->shop);
  DynoCaptureState *capture = dyno_live_ref_capture (live);
  DynoArmState *arm = dyno_live_ref_arm (live);
  gboolean has_changed = capture != self->capture || arm != self->arm;

  g_clear_pointer (&self->capture, dyno_capture_state_unref);
  g_clear_pointer (&self->arm, dyno_arm_state_unref);
  self->capture = capture;
  self->arm = arm;
  if (has_changed)
    g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
look_cb (gpointer data)
{
  dyno_watch_look (data);

  return G_SOURCE_CONTINUE;
}

static void
dyno_watch_dispose (GObject *object)
{
  g_clear_handle_id (&DYNO_WATCH (object)->timer, g_source_remove);

  G_OBJECT_CLASS (dyno_watch_parent_class)->dispose (object);
}

static void
dyno_watch_finalize (GObject *object)
{
  DynoWatch *self = DYNO_WATCH (object);

  g_clear_pointer (&self->capture, dyno_capture_state_unref);
  g_clear_pointer (&self->arm, dyno_arm_state_unref);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_watch_parent_class)->finalize (object);
}

static void
dyno_watch_class_init (DynoWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dyno_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = dyno_watch_finalize;
  signals[CHANGED] = g_signal_new ("changed", DYNO_TYPE_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
dyno_watch_init (DynoWatch *self)
{
}

DynoWatch *
dyno_watch_new (DynoShop *shop)
{
  DynoWatch *self = g_object_new (DYNO_TYPE_WATCH, NULL);

  self->shop = dyno_shop_ref (shop);
  dyno_watch_look (self);
  self->timer = g_timeout_add (LOOK_EVERY_MS, look_cb, self);

  return self;
}
