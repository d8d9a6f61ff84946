/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-settings.h"

#include "dyno-error.h"

#include <string.h>

static gboolean
refuse_option (GError    **error,
               const char *option,
               const char *setting,
               const char *why)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, "import_option", "%s “%s”: %s", option, setting, why);

  return FALSE;
}

static gboolean
split_setting (const DynoImportMap *self,
               const char          *option,
               const char          *setting,
               int                 *column,
               const char         **value,
               GError             **error)
{
  const char *equals = strrchr (setting, '=');
  g_autofree char *name = equals != NULL ? g_strndup (setting, (gsize) (equals - setting)) : NULL;

  if (equals == NULL)
    return refuse_option (error, option, setting, "write it as COLUMN=VALUE.");
  *value = equals + 1;
  *column = dyno_import_table_find (self->table, name);
  if (*column == -2)
    return refuse_option (error, option, setting,
                          "several columns have this name; give the whole header cell.");
  if (*column < 0)
    return refuse_option (error, option, setting,
                          "the log has no such column. Preview it to see their names.");

  return TRUE;
}

static gboolean
take_mapping (DynoImportMap *self,
              const char    *setting,
              GError       **error)
{
  int column;
  const char *value;
  DynoChannel channel;

  if (!split_setting (self, "--map", setting, &column, &value, error))
    return FALSE;
  channel = dyno_channel_find (value);
  if (channel == DYNO_CHANNEL_NONE && !g_str_equal (value, "none"))
    return refuse_option (error, "--map", setting,
                          "there is no channel of that name (rpm, map, mix_f, …).");

  self->bindings[column].is_given = TRUE;
  self->bindings[column].alias
      = (DynoImportAlias){ .channel = channel, .unit = self->bindings[column].alias.unit };

  return TRUE;
}

/* What was confirmed before goes by the same header; a column that is no more there
 * is forgotten without ado. */
static void
take_remembered (DynoImportMap *self)
{
  const char *const *settings = self->options->remembered;

  for (; settings != NULL && *settings != NULL; settings++)
    {
      const char *equals = strrchr (*settings, '=');

      if (take_mapping (self, *settings, NULL))
        dyno_import_report_assume (self->report, "mapping_remembered", NULL, DYNO_IMPORT_SURE,
                                   "--map \"COLUMN=channel\"", "“%.*s” is %s, as confirmed before",
                                   (int) (equals - *settings), *settings, equals + 1);
    }
}

static gboolean
take_unit (DynoImportMap *self,
           const char    *setting,
           GError       **error)
{
  int column;
  const char *value;
  const DynoUnit *unit;
  DynoImportBinding *binding;

  if (!split_setting (self, "--unit", setting, &column, &value, error))
    return FALSE;
  unit = dyno_unit_find (value);
  if (unit == NULL)
    return refuse_option (error, "--unit", setting,
                          "this unit is not known (rpm, kPa, psi, °F, λ, AFR, …).");

  binding = &self->bindings[column];
  binding->unit = unit;
  binding->unit_from = "operator";
  binding->unit_confidence = DYNO_IMPORT_IN_FILE;

  return TRUE;
}

gboolean
dyno_import_settings_take (DynoImportMap *self,
                           GError       **error)
{
  const char *const *settings;

  take_remembered (self);
  for (settings = self->options->map; settings != NULL && *settings != NULL; settings++)
    {
      if (!take_mapping (self, *settings, error))
        return FALSE;
    }
  for (settings = self->options->unit; settings != NULL && *settings != NULL; settings++)
    {
      if (!take_unit (self, *settings, error))
        return FALSE;
    }

  return TRUE;
}
