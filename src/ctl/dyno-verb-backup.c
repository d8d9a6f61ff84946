/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-backup.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dyno-backup.h"
#include "dyno-crypt-seal.h"
#include "dyno-database.h"
#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-restore.h"
#include "dyno-shape-backup.h"
#include "dyno-vault.h"

#define MOST_CODE 200 /* characters that are read */

/* Backing up */

static gboolean
copy_plainly (DynoCtl     *ctl,
              DynoShop    *shop,
              const char  *output,
              GError     **error)
{
  g_autofree char *path = g_canonicalize_filename (output, NULL);
  DynoJsonWriter *w;

  dyno_database_backup_async (shop, path, ctl->cancellable, dyno_await_cb, ctl->await);
  if (!dyno_database_backup_finish (dyno_await_wait (ctl->await), error))
    return FALSE;
  if (!ctl->is_json)
    {
      dyno_print_line ("Copied and compared, not sealed: %s", path);
      return TRUE;
    }
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "file", path);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);

  return TRUE;
}

static gboolean
open_vault (DynoCtl   *ctl,
            DynoShop  *shop,
            GError   **error)
{
  DynoVaultState state;
  g_autoptr(GBytes) key = NULL;

  dyno_vault_open_async (shop, ctl->cancellable, dyno_await_cb, ctl->await);
  if (!dyno_vault_open_finish (dyno_await_wait (ctl->await), &state, error))
    return FALSE;
  key = dyno_vault_ref_key (shop, DYNO_VAULT_BACKUP, error);

  return key != NULL;
}

/* `code` gets a new one where it is wanted, or none was ever made; else NULL. */
static gboolean
find_code (DynoCtl   *ctl,
           DynoShop  *shop,
           gboolean   is_wanted,
           char     **code,
           GError   **error)
{
  int has_code;

  dyno_backup_has_code_async (shop, ctl->cancellable, dyno_await_cb, ctl->await);
  has_code = dyno_backup_has_code_finish (dyno_await_wait (ctl->await), error);
  if (has_code < 0 || (has_code > 0 && !is_wanted))
    return has_code >= 0;

  dyno_backup_renew_code_async (shop, ctl->cancellable, dyno_await_cb, ctl->await);
  *code = dyno_backup_renew_code_finish (dyno_await_wait (ctl->await), error);

  return *code != NULL;
}

static DynoBackup *
make (DynoCtl   *ctl,
      DynoShop  *shop,
      GError   **error)
{
  g_autoptr(DynoProgressBar) bar = dyno_progress_bar_new (ctl, "Making a backup");
  DynoBackup *backup;

  dyno_progress_bar_set (bar, NAN, NULL);
  dyno_backup_make_async (shop, FALSE, NULL, ctl->cancellable, dyno_await_cb, ctl->await);
  backup = dyno_backup_make_finish (dyno_await_wait (ctl->await), error);
  dyno_progress_bar_hide (bar);

  return backup;
}

/* (transfer full) where it lies now */
static char *
copy_to (const DynoBackup  *backup,
         const char        *output,
         GError           **error)
{
  g_autofree char *path = output != NULL ? g_canonicalize_filename (output, NULL) : NULL;
  g_autoptr(GFile) from = g_file_new_for_path (backup->path);
  g_autoptr(GFile) to = path != NULL ? g_file_new_for_path (path) : NULL;
  g_autoptr(GError) cause = NULL;

  if (to == NULL)
    return g_strdup (backup->path);
  if (g_file_copy (from, to, G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, &cause))
    return g_steal_pointer (&path);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_EXISTS))
    dyno_error_set (error, DYNO_ERROR_CONFLICT, "exists", "There is a file %s already. The backup "
                    "is %s.", path, backup->path);
  else
    dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "%s cannot be written: %s. The backup is "
                    "%s.", path, cause->message, backup->path);

  return NULL;
}

static void
print_backup (DynoCtl          *ctl,
              const DynoBackup *backup,
              const char       *path,
              const char       *code)
{
  g_autofree char *size = dyno_print_bytes ((guint64) backup->bytes);
  DynoJsonWriter *w;

  if (!ctl->is_json)
    {
      dyno_print_line ("Backed up, opened again and compared: %s (%s)", path, size);
      if (code != NULL)
        dyno_print_line ("\nRecovery code: %s\nWrite it down and keep it away from this machine: "
                         "with it a backup can be\nrestored on another one. It is not shown again.",
                         code);
      return;
    }
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "file", path);
  dyno_json_writer_name (w, "backup");
  dyno_shape_backup (w, backup);
  dyno_json_writer_add_string (w, "recovery_code", code);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

gboolean
dyno_verb_back_up (DynoCtl     *ctl,
                   DynoShop    *shop,
                   const char  *output,
                   gboolean     is_new_code,
                   GError     **error)
{
  g_autoptr(DynoBackup) backup = NULL;
  g_autofree char *code = NULL;
  g_autofree char *path = NULL;

  if (output != NULL && g_str_has_suffix (output, ".db"))
    return copy_plainly (ctl, shop, output, error);
  if (!open_vault (ctl, shop, error) || !find_code (ctl, shop, is_new_code, &code, error))
    return FALSE;
  backup = make (ctl, shop, error);
  /* A code that nobody has seen would be lost. */
  if (backup == NULL && code != NULL && !ctl->is_json)
    dyno_print_line ("Recovery code of backups from now on: %s", code);
  if (backup == NULL)
    return FALSE;
  path = copy_to (backup, output, error);
  print_backup (ctl, backup, path != NULL ? path : backup->path, code);

  return path != NULL;
}

/* Restoring */

/* Never from the command line, which everybody on the machine can read. (transfer full) */
static char *
read_code (GError **error)
{
  char line[MOST_CODE] = "";
  char *code;

  if (dyno_print_is_terminal (STDIN_FILENO))
    code = getpass ("Recovery code: ");
  else
    code = fgets (line, sizeof line, stdin);
  if (code == NULL || *g_strstrip (code) == '\0')
    {
      dyno_failure_set_usage (error, "--code reads the recovery code from standard input; there "
                              "was none.");
      return NULL;
    }

  return g_strdup (code);
}

static DynoRestoreReport *
restore (DynoCtl     *ctl,
         const char  *backup,
         const char  *code,
         GError     **error)
{
  g_autoptr(DynoProgressBar) bar = dyno_progress_bar_new (ctl, "Restoring");
  g_autofree char *path = g_canonicalize_filename (backup, NULL);
  DynoRestoreOptions options = { .data_dir = ctl->data_dir, .config_path = ctl->config_path,
                                 .backup = path, .code = code };
  DynoRestoreReport *report;

  dyno_progress_bar_set (bar, NAN, NULL);
  dyno_restore_async (&options, ctl->cancellable, dyno_await_cb, ctl->await);
  report = dyno_restore_finish (dyno_await_wait (ctl->await), error);
  dyno_progress_bar_hide (bar);

  return report;
}

static void
print_report (DynoCtl                 *ctl,
              const DynoRestoreReport *report)
{
  g_autofree char *at = dyno_print_time (report->created_ms);
  DynoJsonWriter *w;

  if (!ctl->is_json)
    {
      dyno_print_line ("%s is what it was at %s, with %u files.\nWhat was there before is in %s.",
                       report->data_dir, at, report->n_files, report->kept);
      if (report->n_missing > 0)
        dyno_print_line ("%u files of runs are neither in the backup nor here.", report->n_missing);
      if (report->n_erasures > 0)
        dyno_print_line ("Erasures that were done again: %u.", report->n_erasures);
      return;
    }
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "data_dir", report->data_dir);
  dyno_json_writer_add_string (w, "kept", report->kept);
  dyno_json_writer_add_integer (w, "schema", report->schema);
  dyno_json_writer_add_integer (w, "files", report->n_files);
  dyno_json_writer_add_integer (w, "files_missing", report->n_missing);
  dyno_json_writer_add_integer (w, "erasures", report->n_erasures);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

gboolean
dyno_verb_restore (DynoCtl     *ctl,
                   const char  *backup,
                   gboolean     has_code,
                   GError     **error)
{
  g_autoptr(DynoRestoreReport) report = NULL;
  char *code = NULL;

  if (backup == NULL)
    {
      dyno_failure_set_usage (error, "db restore needs --file BACKUP.");
      return FALSE;
    }
  if (has_code && (code = read_code (error)) == NULL)
    return FALSE;
  report = restore (ctl, backup, code, error);
  if (code != NULL)
    dyno_crypt_wipe (code, strlen (code));
  g_free (code);
  if (report == NULL)
    return FALSE;
  print_report (ctl, report);

  return TRUE;
}
