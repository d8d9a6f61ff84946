/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-data.h"

#include "dyno-database.h"
#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-listing.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-remote.h"
#include "dyno-shape.h"
#include "dyno-verb-backup.h"

#include <math.h>

static char *output;
static char *file;
static gboolean has_code;
static gboolean is_new_code;

const GOptionEntry dyno_verb_db_entries[] = {
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &output,
    "backup: write this new file, too; FILE.db: a plain copy instead", "FILE" },
  { "new-code", 0, 0, G_OPTION_ARG_NONE, &is_new_code,
    "backup: print a new recovery code, for backups from now on", NULL },
  { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, "restore: this backup", "BACKUP" },
  { "code", 0, 0, G_OPTION_ARG_NONE, &has_code,
    "restore: with the recovery code, from standard input", NULL },
  { NULL },
};

static gboolean
print_info (DynoCtl   *ctl,
            DynoShop  *shop,
            GError   **error)
{
  static const char *const columns[] = { "table", ">rows", NULL };
  g_autoptr(DynoListing) listing = NULL;
  g_autoptr(DynoStoreInfo) info = NULL;
  g_autofree char *size = NULL;

  dyno_database_info_async (shop, ctl->cancellable, dyno_await_cb, ctl->await);
  info = dyno_database_info_finish (dyno_await_wait (ctl->await), error);
  if (info == NULL)
    return FALSE;
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_store_info (w, info);
      dyno_print_json (w);
      return TRUE;
    }

  size = dyno_print_bytes ((guint64) (info->bytes + info->wal_bytes));
  dyno_print_line ("%s\n%s, schema %d, SQLite %s\n", info->path, size, info->schema,
                   info->sqlite_version);
  listing = dyno_listing_new (columns);
  for (guint i = 0; i < info->tables->len; i++)
    {
      const DynoTableCount *count = info->tables->pdata[i];

      if (count->n_rows == 0)
        continue;
      dyno_listing_add (listing, count->name);
      dyno_listing_add_f (listing, "%" G_GINT64_FORMAT, count->n_rows);
    }
  dyno_listing_print (listing);

  return TRUE;
}

static void
print_check (DynoCtl              *ctl,
             const DynoStoreCheck *check)
{
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_store_check (w, check);
      dyno_print_json (w);
      return;
    }

  for (guint i = 0; i < check->findings->len; i++)
    dyno_print_line ("%s", (const char *) check->findings->pdata[i]);
  if (check->is_ok)
    dyno_print_line ("The database is sound: %" G_GINT64_FORMAT " runs, %" G_GINT64_FORMAT
                     " blocks with %" G_GINT64_FORMAT " samples, %" G_GINT64_FORMAT
                     " links of the chain.",
                     check->n_runs, check->n_blocks, check->n_samples, check->n_links);
  else
    dyno_print_line ("The database is damaged. Keep a copy of the folder, then restore a backup.");
}

static gboolean
check_store (DynoCtl   *ctl,
             DynoShop  *shop,
             int       *status,
             GError   **error)
{
  g_autoptr(DynoStoreCheck) check = NULL;
  g_autoptr(DynoProgressBar) bar = dyno_progress_bar_new (ctl, "Looking at every block");

  dyno_progress_bar_set (bar, NAN, NULL);
  dyno_database_check_async (shop, ctl->cancellable, dyno_await_cb, ctl->await);
  check = dyno_database_check_finish (dyno_await_wait (ctl->await), error);
  dyno_progress_bar_hide (bar);
  if (check == NULL)
    return FALSE;

  print_check (ctl, check);
  *status = check->is_ok ? DYNO_EXIT_DONE : DYNO_EXIT_FAILED;

  return TRUE;
}

/* A database so damaged that it does not open was checked all the same. */
static gboolean
tell_damage (DynoCtl  *ctl,
             GError   *cause,
             int      *status,
             GError  **error)
{
  g_autoptr(GError) taken = cause;
  g_autoptr(GPtrArray) findings = g_ptr_array_new ();
  DynoStoreCheck check = { .is_ok = FALSE, .findings = findings };

  if (!g_error_matches (taken, DYNO_ERROR, DYNO_ERROR_CORRUPT)
      || g_strcmp0 (ctl->sub, "check") != 0)
    {
      g_propagate_error (error, g_steal_pointer (&taken));
      return FALSE;
    }

  g_ptr_array_add (findings, taken->message);
  print_check (ctl, &check);
  *status = DYNO_EXIT_FAILED;

  return TRUE;
}

/* The process that holds the data folder makes and proves it, in its own place. */
static gboolean
back_up_there (DynoCtl  *ctl,
               GError  **error)
{
  g_autoptr(DynoJson) started = dyno_remote_tell (ctl, "POST", "/backups", NULL, NULL, error);
  g_autoptr(DynoJson) job = started != NULL ? dyno_remote_wait_job (ctl, started, error) : NULL;
  const char *id = dyno_json_get_string (dyno_json_member (job, "result"), "id");
  g_autofree char *path = dyno_remote_path ("/backups", id != NULL ? id : "", NULL);
  g_autoptr(DynoJson) made = job != NULL ? dyno_remote_get (ctl, path, error) : NULL;
  g_autofree char *size = NULL;

  if (made == NULL)
    return FALSE;
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_json_writer_value (w, made);
      dyno_print_json (w);
      return TRUE;
    }
  size = dyno_print_bytes ((guint64) dyno_json_get_integer (made, "size", 0));
  dyno_print_line ("Backed up and verified: %s, %s", id, size);

  return TRUE;
}

gboolean
dyno_verb_db_backup_there (DynoCtl  *ctl,
                           int      *status,
                           GError  **error)
{
  if (!dyno_ctl_want (ctl, 0, 0, "", error))
    return FALSE;
  /* Where it is to be written only the holder could say. */
  return output != NULL ? dyno_verb_db (ctl, status, error) : back_up_there (ctl, error);
}

/* The shop was brought up to date when it was opened; `before_ms` tells what was done
 * then. */
static gboolean
print_migration (DynoCtl   *ctl,
                 DynoShop  *shop,
                 gint64     before_ms,
                 GError   **error)
{
  g_autoptr(DynoStoreInfo) info = NULL;
  guint n_made = 0;
  DynoJsonWriter *w;

  dyno_database_info_async (shop, ctl->cancellable, dyno_await_cb, ctl->await);
  info = dyno_database_info_finish (dyno_await_wait (ctl->await), error);
  if (info == NULL)
    return FALSE;
  for (guint i = 0; i < info->steps->len; i++)
    n_made += ((const DynoStoreStep *) info->steps->pdata[i])->applied_ms >= before_ms;
  if (!ctl->is_json)
    {
      dyno_print_line (n_made > 0 ? "Steps that were made: %u. The schema is %d."
                                  : "Steps that were to be made: %u. The schema is %d.",
                       n_made, info->schema);
      return TRUE;
    }
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "steps", n_made);
  dyno_json_writer_add_integer (w, "schema", info->schema);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);

  return TRUE;
}

gboolean
dyno_verb_db (DynoCtl  *ctl,
              int      *status,
              GError  **error)
{
  gint64 now_ms = g_get_real_time () / 1000;
  GError *cause = NULL;
  DynoShop *shop;

  if (!dyno_ctl_want (ctl, 0, 0, "", error))
    return FALSE;
  if (g_str_equal (ctl->sub, "restore"))
    return dyno_verb_restore (ctl, file, has_code, error);
  shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE | DYNO_SHOP_NO_CREATE, &cause);
  if (shop == NULL)
    return tell_damage (ctl, cause, status, error);

  if (g_str_equal (ctl->sub, "info"))
    return print_info (ctl, shop, error);
  if (g_str_equal (ctl->sub, "check"))
    return check_store (ctl, shop, status, error);
  if (g_str_equal (ctl->sub, "migrate"))
    return print_migration (ctl, shop, now_ms, error);

  return dyno_verb_back_up (ctl, shop, output, is_new_code, error);
}
