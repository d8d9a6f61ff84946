/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The settings of the program: all keys of its table. */

#include "config.h"

#include "dyno-api.h"

#include <math.h>

#include "dyno-api-ask.h"
#include "dyno-flaws.h"

#define ID "settings" /* of the ETag */

/* What a setting is on the wire */

static const DynoField setting_fields[] = {
  { "value", DYNO_ANY, DYNO_NULLABLE, "In force; null for a secret, and for a number that is unset" },
  { "origin", DYNO_WORD ("default|file|environment|window"), 0, "Who said so" },
  { "default", DYNO_ANY, DYNO_NULLABLE, "Where nobody says anything" },
  { "min", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Of a number" },
  { "max", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Of a number, or of the length of a text" },
  { "choices", DYNO_LIST (DYNO_ANY_TEXT), DYNO_NULLABLE, "All that it may be" },
  { "locked", DYNO_BOOLEAN, 0, "Comes from file or environment only" },
  { "secret", DYNO_BOOLEAN, 0, "Is written and never read" },
  { "meaning", DYNO_ANY_TEXT, 0, "What it does" },
  { NULL }
};
static const DynoSchema setting_schema = { "Setting", "One setting", setting_fields };

static const DynoField settings_fields[] = {
  { DYNO_ANY_NAME, DYNO_OBJECT (&setting_schema), 0, "By its key, like server.port" },
  { NULL }
};
static const DynoSchema settings_schema = { "Settings", "All settings by key", settings_fields };

static const DynoField settings_body[] = {
  { DYNO_ANY_NAME, DYNO_ANY, DYNO_NULLABLE, "By its key; null: what file, environment or default say" },
  { NULL }
};

static gboolean
is_number (const DynoConfigRow *row)
{
  return row->type == DYNO_CONFIG_INTEGER || row->type == DYNO_CONFIG_NUMBER;
}

static void
write_value (DynoJsonWriter      *w,
             const DynoConfigRow *row,
             const char          *text,
             gboolean             is_on) /* of a boolean */
{
  if (row->type == DYNO_CONFIG_SECRET || (is_number (row) && *text == '\0'))
    dyno_json_writer_null (w);
  else if (is_number (row))
    dyno_json_writer_number (w, g_ascii_strtod (text, NULL));
  else if (row->type == DYNO_CONFIG_BOOLEAN)
    dyno_json_writer_boolean (w, is_on);
  else
    dyno_json_writer_string (w, text);
}

static void
write_choices (DynoJsonWriter      *w,
               const DynoConfigRow *row)
{
  g_auto(GStrv) choices = row->choices != NULL ? g_strsplit (row->choices, "|", -1) : NULL;

  dyno_json_writer_name (w, "choices");
  if (choices == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }

  dyno_json_writer_begin_array (w);
  for (guint i = 0; choices[i] != NULL; i++)
    dyno_json_writer_string (w, choices[i]);
  dyno_json_writer_end_array (w);
}

static void
write_setting (DynoJsonWriter      *w,
               DynoConfig          *config,
               const DynoConfigRow *row)
{
  g_autofree char *text = dyno_config_dup (config, row->key);
  gboolean has_most = is_number (row) || row->type == DYNO_CONFIG_TEXT;

  dyno_json_writer_name (w, row->key);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "value");
  write_value (w, row, text, dyno_config_get_boolean (config, row->key));
  dyno_json_writer_add_string (w, "origin",
                               dyno_config_origin_name (dyno_config_get_origin (config, row->key)));
  dyno_json_writer_name (w, "default");
  write_value (w, row, row->value, g_str_equal (row->value, "true"));
  dyno_json_writer_add_number (w, "min", is_number (row) ? row->low : NAN);
  dyno_json_writer_add_number (w, "max", has_most ? row->high : NAN);
  write_choices (w, row);
  dyno_json_writer_add_boolean (w, "locked", row->is_boot);
  dyno_json_writer_add_boolean (w, "secret", row->type == DYNO_CONFIG_SECRET);
  dyno_json_writer_add_string (w, "meaning", row->meaning);
  dyno_json_writer_end_object (w);
}

static void
get_settings (DynoRequest *request)
{
  DynoConfig *config = dyno_shop_get_config (dyno_request_get_shop (request));
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_reply_tag (request, ID, dyno_settings_version (config));
  dyno_json_writer_begin_object (w);
  for (const DynoConfigRow *row = dyno_config_rows (); row->key != NULL; row++)
    write_setting (w, config, row);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

/* Changing */

/* As the settings have it. FALSE: of another type. `text` (transfer full) (nullable) */
static gboolean
read_value (const DynoConfigRow  *row,
            const DynoJson       *value,
            char                **text)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  DynoJsonType type = dyno_json_type (value);
  DynoJsonType wanted = is_number (row) ? DYNO_JSON_NUMBER
                        : row->type == DYNO_CONFIG_BOOLEAN ? DYNO_JSON_BOOLEAN : DYNO_JSON_STRING;

  *text = NULL;
  if (type == DYNO_JSON_NULL)
    return TRUE;
  if (type != wanted)
    return FALSE;

  if (type == DYNO_JSON_STRING)
    *text = g_strdup (dyno_json_string (value));
  else if (type == DYNO_JSON_BOOLEAN)
    *text = g_strdup (dyno_json_boolean (value, FALSE) ? "true" : "false");
  else
    *text = g_strdup (g_ascii_dtostr (number, sizeof number, dyno_json_number (value, NAN)));

  return TRUE;
}

static void
take_change (GPtrArray      *changes,
             const DynoJson *body,
             const char     *key,
             DynoFlaws      *flaws)
{
  const DynoConfigRow *row = dyno_config_find_row (key);
  g_autofree char *pointer = dyno_flaws_below ("", key);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  if (row == NULL)
    dyno_flaws_add (flaws, pointer, "unknown", "There is no setting of this name.");
  else if (!read_value (row, dyno_json_member (body, key), &text))
    dyno_flaws_add (flaws, pointer, "type", "A %s is wanted.",
                    is_number (row) ? "number" : row->type == DYNO_CONFIG_BOOLEAN ? "boolean" : "text");
  else if (text != NULL && !row->is_boot && !dyno_config_check (key, text, &error))
    dyno_flaws_add (flaws, pointer, "range", "%s", error->message);
  else
    g_ptr_array_add (changes, dyno_setting_change_new (key, text));
}

/* What is wrong with any of them is told at once. (transfer full) */
static GPtrArray *
take_changes (DynoRequest *request,
              DynoFlaws   *flaws)
{
  const DynoJson *body = dyno_request_get_body (request);
  g_autoptr(GPtrArray) keys = dyno_json_names (body);
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_setting_change_free);

  for (guint i = 0; i < keys->len; i++)
    take_change (changes, body, g_ptr_array_index (keys, i), flaws);

  return changes;
}

static void
changed_cb (GObject      *unused,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;

  if (dyno_settings_change_finish (result, &error))
    get_settings (request);
  else
    dyno_reply_error (request, error);
}

static void
patch_settings (DynoRequest *request)
{
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();
  g_autoptr(GPtrArray) changes = take_changes (request, flaws);
  g_autofree char *first = dyno_flaws_first (flaws);

  if (first != NULL)
    dyno_reply_problem (request, &(DynoProblem) { .code = "VALIDATION_ERROR", .message = first,
                                                  .flaws = flaws });
  else
    DYNO_API_ASK (request, changed_cb, dyno_settings_change_async,
                  dyno_request_get_version (request), g_steal_pointer (&changes));
}

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/settings", DYNO_MAY (SETTINGS_READ), get_settings,
              .reply = &settings_schema, .also = DYNO_STATUSES (304), .summary = "All settings"),
  DYNO_ROUTE (DYNO_PATCH, "/api/v1/settings", DYNO_MAY (SETTINGS_WRITE), patch_settings,
              .flags = DYNO_ROUTE_RECENT, .body = settings_body, .reply = &settings_schema,
              .also = DYNO_STATUSES (403), .summary = "Changes settings",
              .description = "All of them or none. A locked one is refused with 403."),
};

const DynoRouteTable dyno_api_settings = {
  "Settings", "The settings of the program.", rows, G_N_ELEMENTS (rows)
};
