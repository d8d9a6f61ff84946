/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-data.h"

#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-listing.h"
#include "dyno-print.h"
#include "dyno-remote-settings.h"
#include "dyno-remote.h"
#include "dyno-shape.h"

static gboolean wants_default;

const GOptionEntry dyno_verb_config_entries[] = {
  { "unset", 0, 0, G_OPTION_ARG_NONE, &wants_default, "set: take the window's value back", NULL },
  { NULL },
};

static void
print_json (DynoConfig          *config,
            const DynoConfigRow *row)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_setting (w, config, row);
  dyno_print_json (w);
}

static void
print_all_json (DynoConfig *config)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "settings");
  dyno_json_writer_begin_array (w);
  for (const DynoConfigRow *row = dyno_config_rows (); row->key != NULL; row++)
    dyno_shape_setting (w, config, row);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

static void
print_all (DynoConfig *config)
{
  static const char *const columns[] = { "setting", "value", "from", "meaning", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);

  for (const DynoConfigRow *row = dyno_config_rows (); row->key != NULL; row++)
    {
      char *value = dyno_config_dup_shown (config, row->key);

      dyno_listing_add (listing, row->key);
      dyno_listing_take (listing, *value != '\0' ? value : (g_free (value), g_strdup ("—")));
      dyno_listing_add (listing,
                        dyno_config_origin_name (dyno_config_get_origin (config, row->key)));
      dyno_listing_add (listing, row->meaning);
    }
  dyno_listing_print (listing);
}

static const DynoConfigRow *
find_row (const char  *key,
          GError     **error)
{
  const DynoConfigRow *row = dyno_config_find_row (key);

  if (row == NULL)
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "config",
                    "There is no setting “%s”; dynoctl config list names all.", key);

  return row;
}

static void
print_one (DynoCtl             *ctl,
           const DynoConfigRow *row)
{
  g_autofree char *value = dyno_config_dup_shown (ctl->config, row->key);

  if (ctl->is_json)
    print_json (ctl->config, row);
  else
    dyno_print_line ("%s", value);
}

/* What the window set stands in the store. Without a store there is nothing that
 * the window set. */
static gboolean
read_settings (DynoCtl  *ctl,
               GError  **error)
{
  g_autoptr(GError) cause = NULL;

  if (dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE | DYNO_SHOP_NO_CREATE, &cause) != NULL
      || g_error_matches (cause, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));

  return FALSE;
}

static gboolean
list_settings (DynoCtl  *ctl,
               GError  **error)
{
  if (!dyno_ctl_want (ctl, 0, 0, "", error))
    return FALSE;
  if (dyno_remote_is_on (ctl))
    return dyno_remote_settings_list (ctl, error);
  if (!read_settings (ctl, error))
    return FALSE;

  if (ctl->is_json)
    print_all_json (ctl->config);
  else
    print_all (ctl->config);

  return TRUE;
}

static gboolean
get_setting (DynoCtl  *ctl,
             GError  **error)
{
  const DynoConfigRow *row;

  if (!dyno_ctl_want (ctl, 1, 1, "the name of a setting", error))
    return FALSE;
  row = find_row (ctl->arguments[0], error);
  if (row == NULL)
    return FALSE;
  if (dyno_remote_is_on (ctl))
    return dyno_remote_settings_get (ctl, row, error);
  if (!read_settings (ctl, error))
    return FALSE;
  print_one (ctl, row);

  return TRUE;
}

static gboolean
set_setting (DynoCtl  *ctl,
             GError  **error)
{
  const DynoConfigRow *row;
  DynoShop *shop;

  if (!dyno_ctl_want (ctl, wants_default ? 1 : 2, wants_default ? 1 : 2,
                      wants_default ? "the name of a setting" : "a setting and its value", error))
    return FALSE;
  row = find_row (ctl->arguments[0], error);
  if (row == NULL
      || (!wants_default && !dyno_config_check (row->key, ctl->arguments[1], error)))
    return FALSE;
  if (dyno_remote_is_on (ctl))
    return dyno_remote_settings_set (ctl, row, wants_default ? NULL : ctl->arguments[1], error);
  shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE, error);
  if (shop == NULL)
    return FALSE;

  dyno_shop_set_config_async (shop, row->key, wants_default ? NULL : ctl->arguments[1], NULL,
                              dyno_await_cb, ctl->await);
  if (!dyno_shop_set_config_finish (dyno_await_wait (ctl->await), error))
    return FALSE;
  if (ctl->is_json)
    print_one (ctl, row);

  return TRUE;
}

static void
print_warnings (DynoConfig *config)
{
  GPtrArray *warnings = dyno_config_get_warnings (config);

  for (guint i = 0; i < warnings->len; i++)
    dyno_print_line ("%s", (const char *) g_ptr_array_index (warnings, i));
}

static void
add_warnings (DynoJsonWriter *w,
              DynoConfig     *config)
{
  GPtrArray *warnings = dyno_config_get_warnings (config);

  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < warnings->len; i++)
    dyno_json_writer_string (w, g_ptr_array_index (warnings, i));
  dyno_json_writer_end_array (w);
}

/* File and environment; a mistake was told by the reading itself. */
static gboolean
check_settings (DynoCtl  *ctl,
                GError  **error)
{
  g_autofree char *usual = g_build_filename (ctl->folders->config, "dynoai.conf", NULL);
  const char *path = ctl->config_path != NULL ? ctl->config_path : usual;
  gboolean is_there = g_file_test (path, G_FILE_TEST_EXISTS);
  DynoJsonWriter *w;

  if (!dyno_ctl_want (ctl, 0, 0, "", error) || !dyno_ctl_load_config (ctl, error))
    return FALSE;
  if (!ctl->is_json)
    {
      dyno_print_line (is_there ? "%s and the environment are good."
                                : "There is no file %s, and the environment is good.", path);
      print_warnings (ctl->config);
      return TRUE;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "ok", TRUE);
  dyno_json_writer_add_string (w, "file", is_there ? path : NULL);
  add_warnings (w, ctl->config);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);

  return TRUE;
}

static gboolean
print_template (DynoCtl  *ctl,
                GError  **error)
{
  g_autofree char *text = NULL;

  if (!dyno_ctl_want (ctl, 1, 1, "development, staging or production", error))
    return FALSE;

  text = dyno_config_template (ctl->arguments[0]);
  if (text == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "config",
                      "There is no template “%s”: give development, staging or production.",
                      ctl->arguments[0]);
      return FALSE;
    }
  dyno_print_text (text);

  return TRUE;
}

gboolean
dyno_verb_config (DynoCtl  *ctl,
                  int      *status,
                  GError  **error)
{
  if (g_str_equal (ctl->sub, "list"))
    return list_settings (ctl, error);
  if (g_str_equal (ctl->sub, "get"))
    return get_setting (ctl, error);
  if (g_str_equal (ctl->sub, "set"))
    return set_setting (ctl, error);
  if (g_str_equal (ctl->sub, "template"))
    return print_template (ctl, error);

  return check_settings (ctl, error);
}
