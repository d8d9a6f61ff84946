/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-toasts.h"

struct _DynoToasts
{
  AdwToastOverlay *overlay; /* (owned) */
  GHashTable      *shown;   /* (owned) cause to AdwToast (owned) in view */
};

static void dismissed_cb (AdwToast   *toast,
                          DynoToasts *self);

static void
forget (DynoToasts *self,
        AdwToast   *toast)
{
  g_signal_handlers_disconnect_by_func (toast, dismissed_cb, self);
}

static void
dismissed_cb (AdwToast   *toast,
              DynoToasts *self)
{
  GHashTableIter iter;
  gpointer other;

  forget (self, toast);
  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &other))
    {
      if (other == toast)
        {
          g_hash_table_iter_remove (&iter);
          return;
        }
    }
}

void
dyno_toasts_show (DynoToasts *self,
                  AdwToast   *toast,
                  const char *cause)
{
  AdwToast *before = g_hash_table_lookup (self->shown, cause);

  if (before != NULL)
    adw_toast_dismiss (before);
  g_hash_table_replace (self->shown, g_strdup (cause), g_object_ref (toast));
  g_signal_connect (toast, "dismissed", G_CALLBACK (dismissed_cb), self);
  adw_toast_overlay_add_toast (self->overlay, g_object_ref (toast));
}

DynoToasts *
dyno_toasts_new (AdwToastOverlay *overlay)
{
  DynoToasts *self = g_new0 (DynoToasts, 1);

  self->overlay = g_object_ref (overlay);
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  return self;
}

void
dyno_toasts_free (DynoToasts *self)
{
  GHashTableIter iter;
  gpointer toast;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &toast))
    forget (self, toast);
  g_hash_table_unref (self->shown);
  g_object_unref (self->overlay);
  g_free (self);
}
