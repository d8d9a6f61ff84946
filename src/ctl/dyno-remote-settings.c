/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-remote-settings.h"

#include "dyno-document.h"
#include "dyno-listing.h"
#include "dyno-print.h"
#include "dyno-remote.h"

#include <string.h>

#define SETTINGS "/settings"

/* A value of JSON as the settings say it. (transfer full) */
static char *
text_of (const DynoJson *value)
{
  DynoJsonType type = dyno_json_type (value);

  if (type == DYNO_JSON_BOOLEAN)
    return g_strdup (dyno_json_boolean (value, FALSE) ? "true" : "false");
  if (type == DYNO_JSON_NUMBER)
    return dyno_print_number (dyno_json_number (value, 0), 6);

  return g_strdup (type == DYNO_JSON_STRING ? dyno_json_string (value) : "—");
}

static void
write_told (DynoJsonWriter *w,
            const char     *key,
            const DynoJson *setting)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "key", key);
  dyno_document_add_members (w, setting, NULL);
  dyno_json_writer_end_object (w);
}

static void
print_all_told_json (const DynoJson *settings)
{
  g_autoptr(GPtrArray) keys = dyno_json_names (settings);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "settings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < keys->len; i++)
    write_told (w, keys->pdata[i], dyno_json_member (settings, keys->pdata[i]));
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

static void
print_all_told (const DynoJson *settings)
{
  static const char *const columns[] = { "setting", "value", "from", "meaning", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autoptr(GPtrArray) keys = dyno_json_names (settings);

  for (guint i = 0; i < keys->len; i++)
    {
      const DynoJson *setting = dyno_json_member (settings, keys->pdata[i]);

      dyno_listing_add (listing, keys->pdata[i]);
      dyno_listing_take (listing, text_of (dyno_json_member (setting, "value")));
      dyno_listing_add (listing, dyno_json_get_string (setting, "origin"));
      dyno_listing_add (listing, dyno_json_get_string (setting, "meaning"));
    }
  dyno_listing_print (listing);
}

static void
print_told (DynoCtl        *ctl,
            const char     *key,
            const DynoJson *settings)
{
  const DynoJson *setting = dyno_json_member (settings, key);
  g_autofree char *text = text_of (dyno_json_member (setting, "value"));
  DynoJsonWriter *w;

  if (!ctl->is_json)
    {
      dyno_print_line ("%s", text);
      return;
    }
  w = dyno_json_writer_new (FALSE);
  write_told (w, key, setting);
  dyno_print_json (w);
}

/* A number and a yes or no go as what they are; taking a value back is null. */
static void
add_value (DynoJsonWriter      *w,
           const DynoConfigRow *row,
           const char          *text)
{
  dyno_json_writer_name (w, row->key);
  if (text == NULL)
    dyno_json_writer_null (w);
  else if (row->type == DYNO_CONFIG_BOOLEAN)
    dyno_json_writer_boolean (w, g_str_equal (text, "true"));
  else if (row->type == DYNO_CONFIG_INTEGER || row->type == DYNO_CONFIG_NUMBER)
    dyno_json_writer_number (w, g_ascii_strtod (text, NULL));
  else
    dyno_json_writer_string (w, text);
}

static DynoJson *
send_setting (DynoCtl              *ctl,
              const DynoConfigRow  *row,
              const char           *text,
              GError              **error)
{
  g_autofree char *tag = NULL;
  g_autoptr(DynoJson) before = dyno_remote_get_tagged (ctl, SETTINGS, &tag, error);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *body = NULL;
  g_autoptr(GBytes) bytes = NULL;

  dyno_json_writer_begin_object (w);
  add_value (w, row, text);
  dyno_json_writer_end_object (w);
  body = dyno_json_writer_finish (w);
  bytes = g_bytes_new (body, strlen (body));

  return before != NULL
           ? dyno_remote_ask (ctl, &(DynoRemoteRequest){ .method = "PATCH", .path = SETTINGS,
                                                         .tag = tag, .body = bytes }, error)
           : NULL;
}

gboolean
dyno_remote_settings_set (DynoCtl              *ctl,
                          const DynoConfigRow  *row,
                          const char           *text,
                          GError              **error)
{
  g_autoptr(DynoJson) settings = send_setting (ctl, row, text, error);

  if (settings != NULL && ctl->is_json)
    print_told (ctl, row->key, settings);

  return settings != NULL;
}

gboolean
dyno_remote_settings_list (DynoCtl  *ctl,
                           GError  **error)
{
  g_autoptr(DynoJson) settings = dyno_remote_get (ctl, SETTINGS, error);

  if (settings != NULL && ctl->is_json)
    print_all_told_json (settings);
  else if (settings != NULL)
    print_all_told (settings);

  return settings != NULL;
}

gboolean
dyno_remote_settings_get (DynoCtl              *ctl,
                          const DynoConfigRow  *row,
                          GError              **error)
{
  g_autoptr(DynoJson) settings = dyno_remote_get (ctl, SETTINGS, error);

  if (settings != NULL)
    print_told (ctl, row->key, settings);

  return settings != NULL;
}
