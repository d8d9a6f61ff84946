/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-tune.h"

#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-shape-tune.h"
#include "dyno-timeline.h"
#include "dyno-tune.h"

static char *change_id;
static char *current;
static char *metadata;
static char *output;
static char *table_id;
static int   version;
static char *comment;

const GOptionEntry dyno_verb_rollback_entries[] = {
  { "change", 0, 0, G_OPTION_ARG_STRING, &change_id, "Take this change back, on all its tables",
    "ID" },
  { "table", 0, 0, G_OPTION_ARG_STRING, &table_id, "With --version: this table", "TABLE" },
  { "version", 0, 0, G_OPTION_ARG_INT, &version, "Restore that version of the table", "N" },
  { "current", 0, 0, G_OPTION_ARG_FILENAME, &current, "The file as it was applied", "FILE" },
  { "metadata", 0, 0, G_OPTION_ARG_FILENAME, &metadata, "What apply wrote beside it", "FILE" },
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &output, "Write the earlier file here", "FILE" },
  { "comment", 0, 0, G_OPTION_ARG_STRING, &comment, "Kept with the change", "TEXT" },
  { NULL },
};

static void
print_restored (DynoCtl                *ctl,
                const DynoTuneRestored *restored)
{
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_tune_restored (w, restored);
      dyno_print_json (w);
      return;
    }
  if (ctl->is_quiet)
    return;
  for (guint i = 0; i < restored->changes->len; i++)
    {
      const DynoChangeRecord *change = g_ptr_array_index (restored->changes, i);

      dyno_print_line ("Rolled back: %s is at version %d, change %s", change->table_id,
                       change->version_after, change->id);
    }
  if (restored->changes->len == 0)
    dyno_print_line ("Written: %s", restored->restored);
  dyno_print_line ("SHA-256 %s", restored->sha256_after);
}

static gboolean
finish (DynoCtl          *ctl,
        DynoTuneRestored *restored,
        GError          **error)
{
  (void) error;
  if (restored == NULL)
    return FALSE;
  print_restored (ctl, restored);
  dyno_tune_restored_free (restored);

  return TRUE;
}

static gboolean
roll_back_change (DynoCtl *ctl,
                  GError **error)
{
  DynoShop *shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE | DYNO_SHOP_NO_CREATE, error);

  if (shop == NULL)
    return FALSE;
  dyno_tune_rollback_async (shop, change_id, comment, NULL, ctl->cancellable, dyno_await_cb,
                            ctl->await);

  return finish (ctl, dyno_tune_rollback_finish (dyno_await_wait (ctl->await), error), error);
}

static gboolean
roll_back_files (DynoCtl *ctl,
                 GError **error)
{
  DynoShop *shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error);

  if (shop == NULL)
    return FALSE;
  dyno_tune_rollback_file_async (shop, current, metadata, output, ctl->cancellable, dyno_await_cb,
                                 ctl->await);

  return finish (ctl, dyno_tune_rollback_file_finish (dyno_await_wait (ctl->await), error), error);
}

static gboolean
restore_version (DynoCtl *ctl,
                 GError **error)
{
  DynoShop *shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE | DYNO_SHOP_NO_CREATE, error);
  g_autoptr(DynoChangeRecord) change = NULL;
  DynoTuneRestored *restored;

  if (shop == NULL)
    return FALSE;
  dyno_timeline_restore_async (shop, table_id, version, 0, comment, NULL, ctl->cancellable,
                               dyno_await_cb, ctl->await);
  change = dyno_timeline_restore_finish (dyno_await_wait (ctl->await), error);
  if (change == NULL)
    return FALSE;
  restored = g_new0 (DynoTuneRestored, 1);
  restored->restored = g_strdup_printf ("%d", version);
  restored->sha256_before = g_strdup (change->sha256_before);
  restored->sha256_after = g_strdup (change->sha256_after);
  restored->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_change_record_free);
  g_ptr_array_add (restored->changes, g_steal_pointer (&change));

  return finish (ctl, restored, error);
}

gboolean
dyno_verb_rollback (DynoCtl *ctl,
                    int     *status,
                    GError **error)
{
  gboolean is_file = current != NULL && metadata != NULL && output != NULL;
  gboolean is_version = table_id != NULL && version > 0;

  (void) status;
  if (!dyno_ctl_want (ctl, 0, 0, "no words", error))
    return FALSE;
  if ((change_id != NULL) + is_file + is_version != 1)
    {
      dyno_failure_set_usage (error,
                              "dynoctl rollback needs --change, or --table and --version, or "
                              "--current, --metadata and --output.");
      return FALSE;
    }
  if (is_file)
    return roll_back_files (ctl, error);

  return is_version ? restore_version (ctl, error) : roll_back_change (ctl, error);
}
