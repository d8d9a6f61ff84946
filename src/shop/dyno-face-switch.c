/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-face-switch.h"

#include "dyno-shop.h"

#define SETTING "server.enabled"
#define NOTICE  "server.down"

typedef enum
{
  IS_OFF,
  IS_STARTING,
  IS_ON,
  IS_STOPPING,
} State;

struct _DynoFaceSwitch
{
  DynoShop       *shop;     /* (owned) */
  const DynoFace *face;
  gpointer        service;  /* (owned) (nullable) the face's */
  State           state;
  gboolean        is_wanted;
  GError         *trouble;  /* (owned) (nullable) */
  GTask          *closing;  /* (owned) (nullable) who waits for the end */
  guint           drain_ms;
  guint           subscription;
};

static void turn (DynoFaceSwitch *self);

static void
set_trouble (DynoFaceSwitch *self,
             GError         *trouble)
{
  g_clear_error (&self->trouble);
  self->trouble = trouble;
  dyno_bus_publish (dyno_shop_get_bus (self->shop), DYNO_TOPIC_NOTICE, NOTICE,
                    trouble != NULL ? trouble->message : NULL);
}

static void
drop_service (DynoFaceSwitch *self)
{
  self->face->free (g_steal_pointer (&self->service));
  self->state = IS_OFF;
}

static void
started_cb (GObject      *unused,
            GAsyncResult *result,
            gpointer      data)
{
  DynoFaceSwitch *self = data;
  GError *error = NULL;

  if (self->face->start_finish (self->service, result, &error))
    {
      self->state = IS_ON;
      set_trouble (self, NULL);
    }
  else
    {
      drop_service (self);
      set_trouble (self, error);
      self->is_wanted = FALSE;
    }
  turn (self);
}

static void
stopped_cb (GObject      *unused,
            GAsyncResult *result,
            gpointer      data)
{
  DynoFaceSwitch *self = data;
  g_autoptr(GError) error = NULL;

  if (!self->face->stop_finish (self->service, result, &error))
    g_warning ("The service did not end well: %s", error->message);
  drop_service (self);
  turn (self);
}

static void
start (DynoFaceSwitch *self)
{
  const DynoFaceOptions options = { .port = -1 };

  self->state = IS_STARTING;
  self->service = self->face->make (self->shop, &options);
  self->face->start_async (self->service, started_cb, self);
}

static void
stop (DynoFaceSwitch *self)
{
  self->state = IS_STOPPING;
  self->face->stop_async (self->service, self->drain_ms, stopped_cb, self);
}

static void
end (DynoFaceSwitch *self)
{
  g_autoptr(GTask) closing = g_steal_pointer (&self->closing);

  dyno_bus_unsubscribe (dyno_shop_get_bus (self->shop), self->subscription);
  g_clear_error (&self->trouble);
  g_clear_pointer (&self->shop, dyno_shop_unref);
  g_free (self);
  g_task_return_boolean (closing, TRUE);
}

/* From what is to what is wanted; a state on its way calls again when it is there. */
static void
turn (DynoFaceSwitch *self)
{
  gboolean is_wanted = self->is_wanted && self->closing == NULL;

  if (self->state == IS_OFF && is_wanted)
    start (self);
  else if (self->state == IS_ON && !is_wanted)
    stop (self);
  else if (self->state == IS_OFF && self->closing != NULL)
    end (self);
}

static void
want (DynoFaceSwitch *self)
{
  self->is_wanted = dyno_config_get_boolean (dyno_shop_get_config (self->shop), SETTING);
  if (!self->is_wanted)
    set_trouble (self, NULL);
  turn (self);
}

/* The setting; or the keyring, which it may wait for. */
static void
bus_cb (DynoTopic   topic,
        const char *subject,
        const char *detail,
        gpointer    data)
{
  if ((topic == DYNO_TOPIC_CONFIG && g_str_equal (subject, SETTING))
      || (topic == DYNO_TOPIC_HEALTH && g_str_equal (subject, "keyring")
          && g_strcmp0 (detail, "ready") == 0))
    want (data);
}

DynoFaceSwitch *
dyno_face_switch_new (DynoShop       *shop,
                      const DynoFace *face)
{
  DynoFaceSwitch *self = g_new0 (DynoFaceSwitch, 1);

  self->shop = dyno_shop_ref (shop);
  self->face = face;
  self->subscription = dyno_bus_subscribe (dyno_shop_get_bus (shop),
                                           DYNO_TOPIC_CONFIG | DYNO_TOPIC_HEALTH, NULL, bus_cb, self,
                                           NULL);
  want (self);

  return self;
}

gboolean
dyno_face_switch_is_on (DynoFaceSwitch *self)
{
  return self->state == IS_ON;
}

const GError *
dyno_face_switch_get_trouble (DynoFaceSwitch *self)
{
  return self->trouble;
}

void
dyno_face_switch_describe (DynoFaceSwitch *self,
                           DynoFaceState  *state)
{
  *state = (DynoFaceState) { NULL };
  if (self->state == IS_ON)
    self->face->describe (self->service, state);
}

void
dyno_face_switch_close_async (DynoFaceSwitch      *self,
                              guint                drain_ms,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (self->closing == NULL);

  self->closing = g_task_new (NULL, NULL, callback, user_data);
  self->drain_ms = drain_ms;
  turn (self);
}

void
dyno_face_switch_close_finish (GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}
