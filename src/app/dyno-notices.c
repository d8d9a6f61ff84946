/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-notices.h"

#include <glib/gi18n.h>

struct _DynoNotices
{
  DynoShop   *shop;         /* (owned) */
  DynoWatch  *watch;        /* (owned) */
  DynoBanner *banner;       /* (owned) */
  guint       subscription; /* of the bus */
  char       *said[DYNO_N_CAUSES]; /* (owned) (nullable) sentences that stand */
};

/* `sentence` NULL: the cause has ended. */
static void
say (DynoNotices *self,
     DynoCause    cause,
     const char  *sentence,
     const char  *button,
     const char  *action)
{
  if (g_strcmp0 (self->said[cause], sentence) == 0)
    return;

  g_free (self->said[cause]);
  self->said[cause] = g_strdup (sentence);
  if (sentence != NULL)
    dyno_banner_set (self->banner, cause, sentence, button, action);
  else
    dyno_banner_end (self->banner, cause);
}

static void
say_store (DynoNotices *self,
           gboolean     has_failed)
{
  const GError *trouble = dyno_shop_get_trouble (self->shop);

  if (trouble != NULL)
    say (self, DYNO_CAUSE_STORE, trouble->message, _ ("Details"), "win.trouble");
  else
    say (self, DYNO_CAUSE_STORE,
         has_failed ? _ ("The run book cannot be written: free the disk or mend the folder.")
                    : NULL,
         NULL, NULL);
}

static void
say_link (DynoNotices *self)
{
  const DynoArmState *arm = dyno_watch_get_arm (self->watch);
  gboolean is_lost = arm != NULL && arm->phase == DYNO_ARM_LINK_LOST;

  say (self, DYNO_CAUSE_LINK,
       is_lost && arm->message != NULL ? arm->message
       : is_lost                       ? _ ("The dyno does not answer: check cable and power.")
                                       : NULL,
       _ ("Doctor"), "win.doctor");
}

static void
say_recording (DynoNotices *self)
{
  const DynoArmState *arm = dyno_watch_get_arm (self->watch);
  const char *complaint = arm != NULL ? arm->complaint : NULL;

  say (self, DYNO_CAUSE_DISK, complaint, NULL, NULL);
  say (self, DYNO_CAUSE_INCOMPLETE,
       arm != NULL && arm->is_incomplete
           ? _ ("This run is incomplete: samples were lost on the way to the disk.") : NULL,
       NULL, NULL);
}

static void
update (DynoNotices *self)
{
  say_link (self);
  say_recording (self);
  say (self, DYNO_CAUSE_SIMULATOR,
       dyno_watch_is_simulator (self->watch)
           ? _ ("SIMULATOR: these numbers come from no real dyno.") : NULL,
       dyno_demo_is_running (self->shop) ? _ ("Stop Simulator") : NULL,
       dyno_demo_is_running (self->shop) ? "win.stop-simulator" : NULL);
}

static void
store_cb (DynoTopic   topic,
          const char *subject,
          const char *detail,
          gpointer    user_data)
{
  say_store (user_data, g_strcmp0 (subject, "failed") == 0);
}

DynoNotices *
dyno_notices_new (DynoShop   *shop,
                  DynoWatch  *watch,
                  DynoBanner *banner)
{
  DynoNotices *self = g_new0 (DynoNotices, 1);

  self->shop = dyno_shop_ref (shop);
  self->watch = g_object_ref (watch);
  self->banner = g_object_ref (banner);
  self->subscription = dyno_bus_subscribe (dyno_shop_get_bus (shop), DYNO_TOPIC_STORE, NULL,
                                           store_cb, self, NULL);
  g_signal_connect_swapped (watch, "changed", G_CALLBACK (update), self);
  say_store (self, FALSE);
  update (self);

  return self;
}

void
dyno_notices_free (DynoNotices *self)
{
  dyno_bus_unsubscribe (dyno_shop_get_bus (self->shop), self->subscription);
  g_signal_handlers_disconnect_by_data (self->watch, self);
  for (guint i = 0; i < DYNO_N_CAUSES; i++)
    {
      if (self->said[i] != NULL)
        dyno_banner_end (self->banner, i);
      g_free (self->said[i]);
    }
  g_object_unref (self->banner);
  g_object_unref (self->watch);
  dyno_shop_unref (self->shop);
  g_free (self);
}
