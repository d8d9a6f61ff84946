/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-config-private.h"

#include "dyno-error.h"

#include <string.h>

/* Where the values below the window's come from. */

static gboolean
take_value (DynoConfig       *self,
            gsize             index,
            const char       *text,
            DynoConfigOrigin  origin,
            GError          **error)
{
  if (!dyno_config_check_row (&dyno_config_table[index], text, error))
    return FALSE;

  g_free (self->values[index]);
  self->values[index] = g_strdup (text);
  self->origins[index] = origin;

  return TRUE;
}

static gboolean
take_file_key (DynoConfig  *self,
               GKeyFile    *file,
               const char  *group,
               const char  *name,
               GError     **error)
{
  g_autofree char *key = g_strconcat (group, ".", name, NULL);
  g_autofree char *text = g_key_file_get_string (file, group, name, error);
  const DynoConfigRow *row = dyno_config_find_row (key);

  if (text == NULL)
    return FALSE;
  if (row == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "config",
                      "The configuration names “%s”, which is no setting; take it out.", key);
      return FALSE;
    }

  return take_value (self, (gsize) (row - dyno_config_table), text, DYNO_CONFIG_FROM_FILE, error);
}

static gboolean
take_file_groups (DynoConfig  *self,
                  GKeyFile    *file,
                  GError     **error)
{
  g_auto(GStrv) groups = g_key_file_get_groups (file, NULL);

  for (char **group = groups; *group != NULL; group++)
    {
      g_auto(GStrv) names = g_key_file_get_keys (file, *group, NULL, NULL);

      for (char **name = names; name != NULL && *name != NULL; name++)
        {
          if (!take_file_key (self, file, *group, *name, error))
            return FALSE;
        }
    }

  return TRUE;
}

gboolean
dyno_config_take_file (DynoConfig  *self,
                       const char  *path,
                       GError     **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) failure = NULL;

  if (path == NULL)
    return TRUE;
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &failure))
    {
      if (g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
      dyno_error_set (error, DYNO_ERROR_INVALID, "config",
                      "The configuration %s cannot be read: %s", path, failure->message);
      return FALSE;
    }

  return take_file_groups (self, file, error);
}

/* Names that the programs before this one knew, or that others set: they are told
 * apart from mistakes, and do nothing here. */
static const char *const without_effect[] = {
  "DYNOAI_BALANCE_CYLINDERS",
  "DYNOAI_DEBUG",
  "DYNOAI_DECEL_MANAGEMENT",
  "DYNOAI_DECEL_RPM_MAX",
  "DYNOAI_DECEL_RPM_MIN",
  "DYNOAI_ENABLE_FILTERING",
  "DYNOAI_ENABLE_STATISTICAL_FILTER",
  "DYNOAI_LOWPASS_RC_MS",
  "DYNOAI_OUTPUT_DIR",
  "DYNOAI_RUNS_DIR",
  "DYNOAI_SIGMA_THRESHOLD",
  "DYNOAI_UPLOAD_DIR",
  "DYNOAI_USE_WEIGHTED_BINNING",
  "PROMETHEUS_METRICS_PORT",
  "SECRET_KEY",
  "THREADS",
  "WORKERS",
};

static gboolean
is_without_effect (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (without_effect); i++)
    {
      if (g_str_equal (without_effect[i], name))
        return TRUE;
    }

  return g_str_has_prefix (name, "FEATURE_");
}

/* Variables whose value is not the setting's own. `text` is what stands there.
 * (transfer full) (nullable) NULL where it is no value at all. */
typedef struct
{
  const char  *variable;
  const char  *key;
  char      *(*convert) (const char *text);
} Converted;

static char *
bytes_to_mib (const char *text)
{
  guint64 bytes;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &bytes, NULL))
    return NULL;

  return g_strdup_printf ("%" G_GUINT64_FORMAT, (bytes + (1 << 20) - 1) >> 20);
}

static const Converted converted[] = {
  { "MAX_CONTENT_LENGTH", "server.max_upload_mb", bytes_to_mib },
};

static gsize
row_index (const char *key)
{
  return (gsize) (dyno_config_find_row (key) - dyno_config_table);
}

static gboolean
take_converted (DynoConfig         *self,
                const char *const  *env,
                GError            **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (converted); i++)
    {
      const char *text = g_environ_getenv ((char **) env, converted[i].variable);
      g_autofree char *value = text != NULL && *text != '\0' ? converted[i].convert (text) : NULL;

      if (text != NULL && *text != '\0'
          && !take_value (self, row_index (converted[i].key), value != NULL ? value : text,
                          DYNO_CONFIG_FROM_ENVIRONMENT, error))
        return FALSE;
    }

  return TRUE;
}

/* Two variables make the window of mixtures that count. */
static gboolean
take_mixtures (DynoConfig         *self,
               const char *const  *env,
               GError            **error)
{
  const char *low = g_environ_getenv ((char **) env, "DYNOAI_AFR_MIN");
  const char *high = g_environ_getenv ((char **) env, "DYNOAI_AFR_MAX");
  g_autofree char *window = NULL;

  if (low == NULL && high == NULL)
    return TRUE;

  window = g_strdup_printf ("[%s,%s]", low != NULL ? low : "10", high != NULL ? high : "18");

  return take_value (self, row_index ("analysis.mix_window"), window, DYNO_CONFIG_FROM_ENVIRONMENT,
                     error);
}

static gboolean
take_rows (DynoConfig         *self,
           const char *const  *env,
           GError            **error)
{
  for (gsize i = 0; i < self->n_rows; i++)
    {
      g_auto(GStrv) names = g_strsplit (dyno_config_table[i].environment, "|", -1);

      for (char **name = names; *name != NULL; name++)
        {
          const char *text = g_environ_getenv ((char **) env, *name);

          if (text != NULL && *text != '\0'
              && !take_value (self, i, text, DYNO_CONFIG_FROM_ENVIRONMENT, error))
            return FALSE;
        }
    }

  return TRUE;
}

static gboolean
is_of_a_row (const char *name)
{
  for (const DynoConfigRow *row = dyno_config_table; row->key != NULL; row++)
    {
      g_auto(GStrv) names = g_strsplit (row->environment, "|", -1);

      if (g_strv_contains ((const char *const *) names, name))
        return TRUE;
    }

  return FALSE;
}

static void
warn_of_idle_names (DynoConfig        *self,
                    const char *const *env)
{
  for (gsize i = 0; env != NULL && env[i] != NULL; i++)
    {
      g_autofree char *name = g_strndup (env[i], strcspn (env[i], "="));

      if (is_without_effect (name)
          || (g_str_has_prefix (name, "JETSTREAM_") && !is_of_a_row (name)))
        g_ptr_array_add (self->warnings,
                         g_strdup_printf ("The variable %s is known and does nothing here.", name));
    }
}

gboolean
dyno_config_take_environment (DynoConfig         *self,
                              const char *const  *env,
                              GError            **error)
{
  warn_of_idle_names (self, env);

  return take_converted (self, env, error) && take_mixtures (self, env, error)
         && take_rows (self, env, error);
}
