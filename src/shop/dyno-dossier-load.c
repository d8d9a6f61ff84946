/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A run of the book with all that hangs on it; part of dyno-dossier.h. */

#include "config.h"

#include "dyno-dossier.h"

#include <string.h>

#include "dyno-archive-private.h"
#include "dyno-crypt.h"
#include "dyno-dossier-pack.h"
#include "dyno-errand-load.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"

/* A run of the book */

static gboolean
load_confidence (DynoDossier       *self,
                 const DynoErrand  *errand,
                 GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) channels = NULL;

  dyno_store_list_run_channels_async (store, self->run->id, errand->cancellable, dyno_await_cb,
                                      errand->await);
  channels = dyno_store_list_run_channels_finish (store, dyno_await_wait (errand->await), error);
  if (channels == NULL)
    return FALSE;
  if (channels->len != dyno_samples_n_columns (self->samples))
    return TRUE;
  for (guint i = 0; i < channels->len; i++)
    self->confidence[i] = ((const DynoRunChannel *) channels->pdata[i])->confidence;

  return TRUE;
}

static gboolean
load_marks (DynoDossier       *self,
            const DynoErrand  *errand,
            GError           **error)
{
  DynoStore *store = errand->shop->store;
  GPtrArray *marks;

  dyno_store_list_run_marks_async (store, self->run->id, errand->cancellable, dyno_await_cb,
                                   errand->await);
  marks = dyno_store_list_run_marks_finish (store, dyno_await_wait (errand->await), error);
  if (marks == NULL)
    return FALSE;
  g_ptr_array_unref (self->marks);
  self->marks = marks;

  return TRUE;
}

static gboolean
load_customer (DynoDossier       *self,
               const DynoErrand  *errand,
               GError           **error)
{
  DynoStore *store = errand->shop->store;

  if (self->vehicle->customer_id == NULL)
    return TRUE;
  dyno_store_get_customer_async (store, self->vehicle->customer_id, errand->cancellable,
                                 dyno_await_cb, errand->await);
  self->customer = dyno_store_get_customer_finish (store, dyno_await_wait (errand->await), error);

  return self->customer != NULL;
}

static gboolean
load_vehicle (DynoDossier       *self,
              const DynoErrand  *errand,
              GError           **error)
{
  DynoStore *store = errand->shop->store;

  if (self->run->vehicle_id == NULL)
    return TRUE;
  dyno_store_get_vehicle_async (store, self->run->vehicle_id, errand->cancellable, dyno_await_cb,
                                errand->await);
  self->vehicle = dyno_store_get_vehicle_finish (store, dyno_await_wait (errand->await), error);

  return self->vehicle != NULL && load_customer (self, errand, error);
}

static int
compare_analyses (gconstpointer a,
                  gconstpointer b)
{
  const DynoAnalysisRecord *const *x = a;
  const DynoAnalysisRecord *const *y = b;

  return strcmp ((*x)->id, (*y)->id);
}

static gboolean
load_analyses (DynoDossier       *self,
               const DynoErrand  *errand,
               GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) list = NULL;

  dyno_store_list_analyses_async (store, self->run->id, errand->cancellable, dyno_await_cb,
                                  errand->await);
  list = dyno_store_list_analyses_finish (store, dyno_await_wait (errand->await), error);
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const DynoAnalysisRecord *about = g_ptr_array_index (list, i);
      DynoAnalysisRecord *analysis;

      dyno_store_get_analysis_async (store, about->id, errand->cancellable, dyno_await_cb,
                                     errand->await);
      analysis = dyno_store_get_analysis_finish (store, dyno_await_wait (errand->await), error);
      if (analysis == NULL)
        return FALSE;
      g_ptr_array_add (self->analyses, analysis);
    }
  g_ptr_array_sort (self->analyses, compare_analyses);

  return list != NULL;
}

/* Its files */

static GBytes *
map_file (const DynoErrand   *errand,
          const DynoRunFile  *file,
          GError            **error)
{
  g_autofree char *path = g_build_filename (errand->shop->folders->data, file->path, NULL);
  g_autoptr(GMappedFile) mapped = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr(GBytes) bytes = mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;
  g_autofree char *sum = bytes != NULL ? dyno_crypt_sha256_hex (g_bytes_get_data (bytes, NULL),
                                                                g_bytes_get_size (bytes)) : NULL;

  if (g_strcmp0 (sum, file->sha256) == 0)
    return g_steal_pointer (&bytes);

  dyno_error_set (error, DYNO_ERROR_CORRUPT, "run_file",
                  "The file %s of this run is %s. dynoctl verify tells more; without it the run "
                  "cannot be exported whole.", file->path,
                  sum == NULL ? "missing" : "not what was recorded");

  return NULL;
}

static void
take_extra (DynoDossier       *self,
            const DynoRunFile *file,
            GBytes            *bytes)
{
  DynoArchiveMember *member;

  if (g_str_equal (file->name, DYNO_ARCHIVE_MANIFEST))
    {
      dyno_dossier_take_origin (self, bytes);
      return;
    }
  member = g_new0 (DynoArchiveMember, 1);
  member->name = g_strdup (file->name);
  member->bytes = g_bytes_ref (bytes);
  member->sha256 = g_strdup (file->sha256);
  g_ptr_array_add (self->extras, member);
}

static gboolean
load_file (DynoDossier        *self,
           const DynoErrand   *errand,
           const DynoRunFile  *file,
           GError            **error)
{
  g_autoptr(GBytes) bytes = NULL;
  gboolean is_source = g_str_equal (file->kind, DYNO_FILE_SOURCE);

  if (is_source || g_str_equal (file->kind, DYNO_FILE_JOURNAL))
    {
      g_free (self->source_sha256);
      self->source_sha256 = g_strdup (file->sha256);
    }
  if (is_source)
    self->source_name = g_strdup (file->name);
  if (file->removed_ms != 0)
    return TRUE;
  bytes = map_file (errand, file, error);
  if (bytes == NULL)
    return FALSE;
  if (is_source)
    self->source = g_steal_pointer (&bytes);
  else if (g_str_equal (file->kind, DYNO_FILE_JOURNAL))
    self->journal = g_steal_pointer (&bytes);
  else if (g_str_equal (file->kind, DYNO_FILE_ARCHIVED))
    take_extra (self, file, bytes);

  return TRUE;
}

static gboolean
load_files (DynoDossier       *self,
            const DynoErrand  *errand,
            GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) files = NULL;

  dyno_store_list_run_files_async (store, self->run->id, NULL, errand->cancellable, dyno_await_cb,
                                   errand->await);
  files = dyno_store_list_run_files_finish (store, dyno_await_wait (errand->await), error);
  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      if (!load_file (self, errand, g_ptr_array_index (files, i), error))
        return FALSE;
    }

  return files != NULL;
}

/* Whose run it is: this shop's, unless it came out of an archive. */

static gboolean
load_chain (DynoDossier       *self,
            const DynoErrand  *errand,
            GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) links = NULL;

  dyno_store_read_chain_async (store, errand->cancellable, dyno_await_cb, errand->await);
  links = dyno_store_read_chain_finish (store, dyno_await_wait (errand->await), error);
  for (guint i = 0; links != NULL && i < links->len; i++)
    {
      const DynoChainLink *link = g_ptr_array_index (links, i);

      if (g_str_equal (link->run_id, self->run->id))
        {
          g_free (self->chain_head);
          self->chain_head = g_strdup (link->hash);
        }
    }

  return links != NULL;
}

/* The shop's id, made when it is first asked for. (transfer full) */
static char *
ensure_shop_id (const DynoErrand  *errand,
                GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) settings = NULL;
  g_autofree char *id = NULL;
  g_autofree char *json = NULL;
  const char *keys[] = { DYNO_SETTING_SHOP_ID };
  const char *values[1];

  dyno_store_list_settings_async (store, errand->cancellable, dyno_await_cb, errand->await);
  settings = dyno_store_list_settings_finish (store, dyno_await_wait (errand->await), error);
  if (settings == NULL)
    return NULL;
  for (guint i = 0; i < settings->len; i++)
    {
      const DynoSetting *setting = g_ptr_array_index (settings, i);
      g_autoptr(DynoJson) value = dyno_json_parse (setting->value, -1, NULL);

      if (g_str_equal (setting->key, DYNO_SETTING_SHOP_ID) && dyno_json_string (value) != NULL)
        return g_strdup (dyno_json_string (value));
    }

  id = dyno_crypt_new_id ("shop");
  json = g_strdup_printf ("\"%s\"", id);
  values[0] = json;
  dyno_store_set_settings_async (store, 1, keys, values, errand->cancellable, dyno_await_cb,
                                 errand->await);

  return dyno_store_set_settings_finish (store, dyno_await_wait (errand->await), error)
           ? g_steal_pointer (&id) : NULL;
}

static gboolean
load_owner (DynoDossier       *self,
            const DynoErrand  *errand,
            GError           **error)
{
  if (self->shop_id != NULL)
    return TRUE;
  self->shop_id = ensure_shop_id (errand, error);

  return self->shop_id != NULL && load_chain (self, errand, error);
}

DynoDossier *
dyno_dossier_of_run (const DynoErrand  *errand,
                     const char        *run_id,
                     GError           **error)
{
  g_autoptr(DynoRun) run = dyno_errand_load_run (errand, run_id, error);
  DynoSamples *samples = run != NULL ? dyno_errand_load_samples (errand, run->id, error) : NULL;
  g_autoptr(DynoDossier) self = NULL;

  if (samples == NULL)
    return NULL;
  self = dyno_dossier_new (g_steal_pointer (&run), samples);
  self->is_stored = TRUE;
  if (!load_confidence (self, errand, error) || !load_marks (self, errand, error)
      || !load_vehicle (self, errand, error) || !load_analyses (self, errand, error)
      || !load_files (self, errand, error) || !load_owner (self, errand, error))
    return NULL;
  dyno_dossier_look (self, errand);

  return g_steal_pointer (&self);
}
