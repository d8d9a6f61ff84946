/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-config-private.h"

#include "dyno-error.h"

#include <math.h>

const DynoConfigRow *
dyno_config_rows (void)
{
  return dyno_config_table;
}

const DynoConfigRow *
dyno_config_find_row (const char *key)
{
  for (const DynoConfigRow *row = dyno_config_table; row->key != NULL; row++)
    {
      if (g_str_equal (row->key, key))
        return row;
    }

  return NULL;
}

const char *
dyno_config_origin_name (DynoConfigOrigin origin)
{
  static const char *const names[] = { "default", "file", "environment", "window" };

  return names[origin];
}

static void
set_unknown (const char  *key,
             GError     **error)
{
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "config",
                  "There is no setting “%s”; dynoctl config list shows all of them.", key);
}

gboolean
dyno_config_check (const char  *key,
                   const char  *text,
                   GError     **error)
{
  const DynoConfigRow *row = dyno_config_find_row (key);

  if (row == NULL)
    {
      set_unknown (key, error);
      return FALSE;
    }

  return dyno_config_check_row (row, text, error);
}

static gsize
count_rows (void)
{
  gsize n = 0;

  while (dyno_config_table[n].key != NULL)
    n++;

  return n;
}

static DynoConfig *
config_new (void)
{
  DynoConfig *self = g_new0 (DynoConfig, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->n_rows = count_rows ();
  self->values = g_new0 (char *, self->n_rows);
  self->origins = g_new0 (DynoConfigOrigin, self->n_rows);
  self->window = g_new0 (char *, self->n_rows);
  self->warnings = g_ptr_array_new_with_free_func (g_free);

  return self;
}

DynoConfig *
dyno_config_load (const char         *path,
                  const char *const  *env,
                  GError            **error)
{
  g_autoptr(DynoConfig) self = config_new ();

  if (!dyno_config_take_file (self, path, error) || !dyno_config_take_environment (self, env, error)
      || !dyno_config_judge_whole (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

DynoConfig *
dyno_config_ref (DynoConfig *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
dyno_config_unref (DynoConfig *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  for (gsize i = 0; i < self->n_rows; i++)
    {
      g_free (self->values[i]);
      g_free (self->window[i]);
    }
  g_free (self->values);
  g_free (self->origins);
  g_free (self->window);
  g_ptr_array_unref (self->warnings);
  g_mutex_clear (&self->lock);
  g_free (self);
}

GPtrArray *
dyno_config_get_warnings (DynoConfig *self)
{
  return self->warnings;
}

static gsize
index_of (const char *key)
{
  const DynoConfigRow *row = dyno_config_find_row (key);

  g_assert (row != NULL);

  return (gsize) (row - dyno_config_table);
}

char *
dyno_config_dup (DynoConfig *self,
                 const char *key)
{
  gsize i = index_of (key);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->window[i] != NULL)
    return g_strdup (self->window[i]);

  return g_strdup (self->values[i] != NULL ? self->values[i] : dyno_config_table[i].value);
}

char *
dyno_config_dup_shown (DynoConfig *self,
                       const char *key)
{
  g_autofree char *value = dyno_config_dup (self, key);

  if (dyno_config_find_row (key)->type == DYNO_CONFIG_SECRET && *value != '\0')
    return g_strdup ("[secret]");

  return g_steal_pointer (&value);
}

char **
dyno_config_dup_list (DynoConfig *self,
                      const char *key)
{
  g_autofree char *text = dyno_config_dup (self, key);
  g_auto(GStrv) entries = g_strsplit (text, ",", -1);
  g_autoptr(GStrvBuilder) kept = g_strv_builder_new ();

  for (char **entry = entries; *entry != NULL; entry++)
    {
      if (*g_strstrip (*entry) != '\0')
        g_strv_builder_add (kept, *entry);
    }

  return g_strv_builder_end (kept);
}

gboolean
dyno_config_get_boolean (DynoConfig *self,
                         const char *key)
{
  g_autofree char *text = dyno_config_dup (self, key);
  gboolean value = FALSE;

  dyno_config_parse_boolean (text, &value);

  return value;
}

gint64
dyno_config_get_integer (DynoConfig *self,
                         const char *key)
{
  g_autofree char *text = dyno_config_dup (self, key);

  return g_ascii_strtoll (text, NULL, 10);
}

double
dyno_config_get_number (DynoConfig *self,
                        const char *key)
{
  g_autofree char *text = dyno_config_dup (self, key);
  double value;

  return dyno_config_parse_number (text, &value) ? value : NAN;
}

DynoConfigOrigin
dyno_config_get_origin (DynoConfig *self,
                        const char *key)
{
  gsize i = index_of (key);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->window[i] != NULL ? DYNO_CONFIG_FROM_WINDOW : self->origins[i];
}

static gboolean
may_set (const DynoConfigRow *row,
         const char          *text,
         GError             **error)
{
  if (row->is_boot)
    {
      dyno_error_set (error, DYNO_ERROR_DENIED, "config_boot",
                      "The setting %s comes from the configuration file or from %s; "
                      "change it there and start again.", row->key, row->environment);
      return FALSE;
    }

  return text == NULL || dyno_config_check_row (row, text, error);
}

/* The window's value of before. (transfer full) (nullable) `text` is taken over. */
static char *
exchange (DynoConfig *self,
          gsize       i,
          char       *text)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  char *before = self->window[i];

  self->window[i] = text;

  return before;
}

static gboolean
check_all (guint              n,
           const char *const *keys,
           const char *const *texts,
           GError           **error)
{
  for (guint i = 0; i < n; i++)
    {
      const DynoConfigRow *row = dyno_config_find_row (keys[i]);

      if (row == NULL)
        set_unknown (keys[i], error);
      if (row == NULL || !may_set (row, texts[i], error))
        return FALSE;
    }

  return TRUE;
}

gboolean
dyno_config_set_all (DynoConfig         *self,
                     guint               n,
                     const char *const  *keys,
                     const char *const  *texts,
                     GError            **error)
{
  g_autofree char **before = g_new0 (char *, n);
  gboolean is_good;

  if (!check_all (n, keys, texts, error))
    return FALSE;

  for (guint i = 0; i < n; i++)
    before[i] = exchange (self, index_of (keys[i]), g_strdup (texts[i]));
  is_good = dyno_config_judge_whole (self, error);
  for (guint i = n; i > 0; i--)
    g_free (is_good ? before[i - 1] : exchange (self, index_of (keys[i - 1]), before[i - 1]));

  return is_good;
}

gboolean
dyno_config_set (DynoConfig  *self,
                 const char  *key,
                 const char  *text,
                 GError     **error)
{
  return dyno_config_set_all (self, 1, &key, &text, error);
}
