/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-settings.h"

#include "dyno-store-private.h"

static const char *const kind_names[DYNO_N_MAPPING_RECORD_KINDS] = { "import", "live" };

typedef struct
{
  gsize  n;
  char **keys;   /* (owned) n of them */
  char **values; /* (owned) n of them, each nullable */
} SettingsArgs;

void
dyno_setting_free (DynoSetting *self)
{
  if (self == NULL)
    return;

  g_free (self->key);
  g_free (self->value);
  g_free (self);
}

void
dyno_mapping_record_free (DynoMappingRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->signature);
  g_free (self->data);
  g_free (self);
}

static gpointer
make_setting (DynoStatement *row)
{
  DynoSetting *setting = g_new0 (DynoSetting, 1);

  setting->key = dyno_statement_dup_text (row, 0);
  setting->value = dyno_statement_dup_text (row, 1);
  setting->updated_ms = dyno_statement_integer (row, 2);

  return setting;
}

static gpointer
list_settings (DynoTurn     *turn,
               gconstpointer unused,
               GError      **error)
{
  return dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_SETTING_LIST), make_setting,
                              (GDestroyNotify) dyno_setting_free, error);
}

static const DynoVerb list_settings_verb = { "list-settings", list_settings,
                                             (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_settings_async (DynoStore          *self,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  dyno_store_read (self, &list_settings_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_settings_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &list_settings_verb, error);
}

static void
settings_args_free (gpointer data)
{
  SettingsArgs *args = data;

  for (gsize i = 0; i < args->n; i++)
    {
      g_free (args->keys[i]);
      g_free (args->values[i]);
    }
  g_free (args->keys);
  g_free (args->values);
  g_free (args);
}

static gboolean
set_setting (DynoTurn   *turn,
             const char *key,
             const char *value,
             GError    **error)
{
  DynoStatement *s = dyno_statement_begin (
      turn->db, value != NULL ? DYNO_SQL_SETTING_SET : DYNO_SQL_SETTING_REMOVE);

  dyno_statement_set_text (s, ":key", key);
  if (value != NULL)
    {
      dyno_statement_set_text (s, ":value", value);
      dyno_statement_set_integer (s, ":now", turn->now_ms);
    }

  return dyno_statement_run (s, error);
}

static gpointer
set_settings (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  const SettingsArgs *args = data;

  for (gsize i = 0; i < args->n; i++)
    {
      if (!set_setting (turn, args->keys[i], args->values[i], error))
        return NULL;
    }

  return DYNO_VERB_DONE;
}

static const DynoVerb set_settings_verb = { "set-settings", set_settings, NULL };

void
dyno_store_set_settings_async (DynoStore          *self,
                               gsize               n,
                               const char *const  *keys,
                               const char *const  *values,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  SettingsArgs *args = g_new0 (SettingsArgs, 1);

  args->n = n;
  args->keys = g_new0 (char *, n + 1);
  args->values = g_new0 (char *, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      args->keys[i] = g_strdup (keys[i]);
      args->values[i] = g_strdup (values[i]);
    }
  dyno_store_write (self, &set_settings_verb, args, settings_args_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_set_settings_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &set_settings_verb, error) != NULL;
}

static gpointer
make_mapping (DynoStatement *row)
{
  DynoMappingRecord *mapping = g_new0 (DynoMappingRecord, 1);

  mapping->kind = DYNO_MAPPING_RECORD_IMPORT;
  if (g_strcmp0 (dyno_statement_text (row, 0), kind_names[DYNO_MAPPING_RECORD_LIVE]) == 0)
    mapping->kind = DYNO_MAPPING_RECORD_LIVE;
  mapping->signature = dyno_statement_dup_text (row, 1);
  mapping->data = dyno_statement_dup_text (row, 2);
  mapping->updated_ms = dyno_statement_integer (row, 3);

  return mapping;
}

static DynoMappingRecord *
new_mapping (DynoMappingRecordKind kind,
             const char           *signature,
             const char           *data)
{
  DynoMappingRecord *mapping = g_new0 (DynoMappingRecord, 1);

  g_assert (kind < DYNO_N_MAPPING_RECORD_KINDS);
  mapping->kind = kind;
  mapping->signature = g_strdup (signature);
  mapping->data = g_strdup (data);

  return mapping;
}

static gpointer
list_mappings (DynoTurn     *turn,
               gconstpointer data,
               GError      **error)
{
  const DynoMappingRecord *args = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_MAPPING_LIST);

  dyno_statement_set_text (s, ":kind", kind_names[args->kind]);

  return dyno_statement_list (s, make_mapping, (GDestroyNotify) dyno_mapping_record_free, error);
}

static const DynoVerb list_mappings_verb = { "list-mappings", list_mappings,
                                             (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_mappings_async (DynoStore            *self,
                                DynoMappingRecordKind kind,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data)
{
  dyno_store_read (self, &list_mappings_verb, new_mapping (kind, NULL, NULL),
                   (GDestroyNotify) dyno_mapping_record_free, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_mappings_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &list_mappings_verb, error);
}

static gpointer
get_mapping (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  const DynoMappingRecord *args = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_MAPPING_GET);

  dyno_statement_set_text (s, ":kind", kind_names[args->kind]);
  dyno_statement_set_text (s, ":signature", args->signature);

  return dyno_statement_get (s, make_mapping, "No mapping is remembered for these channels.",
                             error);
}

static const DynoVerb get_mapping_verb = { "get-mapping", get_mapping,
                                           (GDestroyNotify) dyno_mapping_record_free };

void
dyno_store_get_mapping_async (DynoStore            *self,
                              DynoMappingRecordKind kind,
                              const char           *signature,
                              GCancellable         *cancellable,
                              GAsyncReadyCallback   callback,
                              gpointer              user_data)
{
  dyno_store_read (self, &get_mapping_verb, new_mapping (kind, signature, NULL),
                   (GDestroyNotify) dyno_mapping_record_free, cancellable, callback, user_data);
}

DynoMappingRecord *
dyno_store_get_mapping_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &get_mapping_verb, error);
}

static gpointer
set_mapping (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  const DynoMappingRecord *args = data;
  DynoStatement *s = dyno_statement_begin (
      turn->db, args->data != NULL ? DYNO_SQL_MAPPING_SET : DYNO_SQL_MAPPING_REMOVE);

  dyno_statement_set_text (s, ":kind", kind_names[args->kind]);
  dyno_statement_set_text (s, ":signature", args->signature);
  if (args->data != NULL)
    {
      dyno_statement_set_text (s, ":data", args->data);
      dyno_statement_set_integer (s, ":now", turn->now_ms);
    }

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb set_mapping_verb = { "set-mapping", set_mapping, NULL };

void
dyno_store_set_mapping_async (DynoStore            *self,
                              DynoMappingRecordKind kind,
                              const char           *signature,
                              const char           *data,
                              GCancellable         *cancellable,
                              GAsyncReadyCallback   callback,
                              gpointer              user_data)
{
  dyno_store_write (self, &set_mapping_verb, new_mapping (kind, signature, data),
                    (GDestroyNotify) dyno_mapping_record_free, cancellable, callback, user_data);
}

gboolean
dyno_store_set_mapping_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &set_mapping_verb, error) != NULL;
}
