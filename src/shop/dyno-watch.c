/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-watch.h"

#include <glib/gstdio.h>

#include "dyno-error.h"
#include "dyno-round.h"
#include "dyno-shop-private.h"

#define EVERY_MS 2000

/* What a file was like when it was looked at last. */
typedef struct
{
  gint64   bytes;
  gint64   changed_ns;
  gboolean is_done;    /* imported, known or told */
} Seen;

static gboolean
look_at (const char *path,
         Seen       *now)
{
  GStatBuf found;

  if (g_stat (path, &found) != 0 || !S_ISREG (found.st_mode) || found.st_size == 0)
    return FALSE;

  now->bytes = found.st_size;
  now->changed_ns = (gint64) found.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000)
                    + found.st_mtim.tv_nsec;

  return TRUE;
}

/* TRUE: it is whole and new. */
static gboolean
is_due (GHashTable *seen,
        const char *path)
{
  Seen *before = g_hash_table_lookup (seen, path);
  Seen now = { 0 };

  if (!look_at (path, &now))
    return FALSE;
  if (before != NULL && before->bytes == now.bytes && before->changed_ns == now.changed_ns)
    return !before->is_done;

  g_hash_table_insert (seen, g_strdup (path), g_memdup2 (&now, sizeof now));

  return FALSE;
}

static void
tell_failure (const DynoErrand *errand,
              const char       *path,
              const GError     *error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *cause = g_strconcat ("watch.failed.", name, NULL);

  g_message ("%s of the watch folder was not imported: %s", name, error->message);
  dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_NOTICE, cause,
                    "A log in the watch folder cannot be imported; import it by hand to see why.");
}

/* Imported, known and refused ones are done with; after trouble of the store or of the
 * disk it is tried again. */
static gboolean
take_file (const DynoErrand *errand,
           const char       *path)
{
  DynoImportRequest *request = dyno_import_request_new (path);
  g_autoptr(DynoImportOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;

  request->source = DYNO_SOURCE_WATCH;
  dyno_import_job_async (errand->shop, request, NULL, errand->cancellable, dyno_await_cb,
                         errand->await);
  outcome = dyno_import_job_finish (dyno_await_wait (errand->await), &error);
  if (outcome != NULL || g_error_matches (error, DYNO_ERROR, DYNO_ERROR_CONFLICT))
    return TRUE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || g_error_matches (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE))
    return FALSE;

  tell_failure (errand, path, error);

  return TRUE;
}

static gpointer
look_through (const DynoErrand *errand,
              gpointer          data,
              GError          **error)
{
  GHashTable *seen = data;
  g_autofree char *folder = dyno_config_dup (errand->shop->config, "import.watch_dir");
  g_autoptr(GDir) dir = *folder != '\0' ? g_dir_open (folder, 0, error) : NULL;
  const char *name;

  if (*folder == '\0')
    return DYNO_OPERATION_DONE;
  if (dir == NULL)
    return NULL;

  while ((name = g_dir_read_name (dir)) != NULL
         && !g_cancellable_is_cancelled (errand->cancellable))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (*name != '.' && is_due (seen, path) && take_file (errand, path))
        ((Seen *) g_hash_table_lookup (seen, path))->is_done = TRUE;
    }

  return DYNO_OPERATION_DONE;
}

static const DynoOperation look_operation = { "watch-folder", look_through, NULL, TRUE };

void
dyno_watch_begin (DynoShop     *shop,
                  GMainContext *context)
{
  GHashTable *seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  DynoRound *round = dyno_round_begin (shop, context, &look_operation, EVERY_MS, seen,
                                       (GDestroyNotify) g_hash_table_unref);

  dyno_round_end (g_atomic_pointer_exchange (&shop->watch, round));
}

void
dyno_watch_end (DynoShop *shop)
{
  dyno_round_end (g_atomic_pointer_exchange (&shop->watch, NULL));
}
