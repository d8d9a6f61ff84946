/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The dyno of the shop: its drums, its name and how it is reached. It is kept as settings, in
 * the units of the maker's plate; here it is SI. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-api-ask.h"
#include "dyno-crypt.h"
#include "dyno-drum.h"

#define M_PER_FT 0.3048
#define N_DRUMS  2

static const struct
{
  const char *mass;
  const char *circumference;
  const char *tabs;
} drum_keys[N_DRUMS] = {
  { "dyno.drum1_mass_slugs", "dyno.drum1_circumference_ft", "dyno.drum1_tabs" },
  { "dyno.drum2_mass_slugs", "dyno.drum2_circumference_ft", "dyno.drum2_tabs" },
};

static const DynoField drum_fields[] = {
  { "effective_mass_kg", DYNO_NUMBER (0.15, 140000), DYNO_NULLABLE, "At the drum's surface" },
  { "circumference_m", DYNO_NUMBER (0.031, 30.4), DYNO_NULLABLE, "Of the drum" },
  { "tabs", DYNO_INTEGER (1, 1000), DYNO_NULLABLE, "That its pickup counts a turn" },
  { NULL }
};
static const DynoSchema drum_schema = { "Drum", "A drum of the dyno", drum_fields };

static const DynoField network_fields[] = {
  { "group", DYNO_TEXT (7, 15), 0, "Multicast group" },
  { "port", DYNO_INTEGER (1, 65535), 0, "UDP port" },
  { "interface", DYNO_TEXT (1, 64), 0, "To listen on, by name or address; 0.0.0.0: all" },
  { NULL }
};
static const DynoSchema network_schema = { "DynoNetwork", "How the dyno is heard", network_fields };

static const DynoField dyno_fields[] = {
  { "drums", DYNO_ARRAY_OF (1, N_DRUMS, DYNO_OBJECT (&drum_schema)), DYNO_REQUIRED,
    "The first, and one that turns with it" },
  { "model", DYNO_TEXT (0, 100), DYNO_NULLABLE, "Name on sheets" },
  { "expected_address", DYNO_TEXT (0, 15), DYNO_NULLABLE, "Of its computer: others are not used" },
  { "network", DYNO_OBJECT (&network_schema), 0, "How it is heard" },
  { NULL }
};
static const DynoSchema dyno_schema = { "Dyno", "The dyno of the shop", dyno_fields };

/* Reading */

static void
add_setting (DynoJsonWriter *w,
             DynoConfig     *config,
             const char     *name,
             const char     *key)
{
  g_autofree char *text = dyno_config_dup (config, key);

  dyno_json_writer_add_string (w, name, text[0] != '\0' ? text : NULL);
}

static gboolean
has_drum (DynoConfig *config,
          guint       i)
{
  return i == 0 || isfinite (dyno_config_get_number (config, drum_keys[i].mass))
         || isfinite (dyno_config_get_number (config, drum_keys[i].circumference));
}

static void
write_drum (DynoJsonWriter *w,
            DynoConfig     *config,
            guint           i)
{
  double slugs = dyno_config_get_number (config, drum_keys[i].mass);
  double ft = dyno_config_get_number (config, drum_keys[i].circumference);
  g_autofree char *tabs = dyno_config_dup (config, drum_keys[i].tabs);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "effective_mass_kg", slugs * DYNO_KG_PER_SLUG, 4);
  dyno_json_writer_add_rounded (w, "circumference_m", ft * M_PER_FT, 6);
  dyno_json_writer_name (w, "tabs");
  dyno_json_writer_raw (w, tabs[0] != '\0' ? tabs : "null");
  dyno_json_writer_end_object (w);
}

static void
write_network (DynoJsonWriter *w,
               DynoConfig     *config)
{
  dyno_json_writer_name (w, "network");
  dyno_json_writer_begin_object (w);
  add_setting (w, config, "group", "capture.group");
  dyno_json_writer_add_integer (w, "port", dyno_config_get_integer (config, "capture.port"));
  add_setting (w, config, "interface", "capture.interface");
  dyno_json_writer_end_object (w);
}

/* (transfer full) */
static char *
write_dyno (DynoConfig *config)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "drums");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < N_DRUMS; i++)
    {
      if (has_drum (config, i))
        write_drum (w, config, i);
    }
  dyno_json_writer_end_array (w);
  add_setting (w, config, "model", "dyno.model");
  add_setting (w, config, "expected_address", "capture.expected_address");
  write_network (w, config);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

/* Settings have no version of their own: what they say is it. */
static gint64
version_of (const char *json)
{
  return 1 + (gint64) dyno_crypt_crc32 (0, json, strlen (json));
}

static void
get_dyno (DynoRequest *request)
{
  g_autofree char *json = write_dyno (dyno_shop_get_config (dyno_request_get_shop (request)));
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_reply_tag (request, "dyno", version_of (json));
  dyno_json_writer_raw (w, json);
  dyno_reply_json (request, w);
}

/* Changing: one setting after the other, when all of them were found good. */

typedef struct
{
  GPtrArray *settings; /* (owned) of key, text (nullable), key, text, … */
  guint      next;
} Change;

#define CHANGE "change"

static void
change_free (gpointer data)
{
  Change *change = data;

  g_ptr_array_unref (change->settings);
  g_free (change);
}

static void
add_text (Change     *change,
          const char *key,
          const char *text)
{
  g_ptr_array_add (change->settings, g_strdup (key));
  g_ptr_array_add (change->settings, text != NULL && text[0] != '\0' ? g_strdup (text) : NULL);
}

static void
add_number (Change     *change,
            const char *key,
            double      value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (value))
    g_ascii_formatd (text, sizeof text, "%.7g", value);
  add_text (change, key, isfinite (value) ? text : NULL);
}

static void
add_drum (Change         *change,
          guint           i,
          const DynoJson *drum)
{
  double kg = dyno_json_get_number (drum, "effective_mass_kg", NAN);
  double m = dyno_json_get_number (drum, "circumference_m", NAN);

  add_number (change, drum_keys[i].mass, kg / DYNO_KG_PER_SLUG);
  add_number (change, drum_keys[i].circumference, m / M_PER_FT);
  add_number (change, drum_keys[i].tabs, dyno_json_get_number (drum, "tabs", NAN));
}

static void
add_network (Change         *change,
             const DynoJson *network)
{
  if (dyno_json_member (network, "group") != NULL)
    add_text (change, "capture.group", dyno_json_get_string (network, "group"));
  if (dyno_json_member (network, "port") != NULL)
    add_number (change, "capture.port", dyno_json_get_number (network, "port", NAN));
  if (dyno_json_member (network, "interface") != NULL)
    add_text (change, "capture.interface", dyno_json_get_string (network, "interface"));
}

static Change *
change_new (DynoRequest *request)
{
  Change *change = g_new0 (Change, 1);
  const DynoJson *drums = dyno_request_value (request, "drums");

  change->settings = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < N_DRUMS; i++)
    add_drum (change, i, dyno_json_element (drums, i));
  if (dyno_request_has (request, "model"))
    add_text (change, "dyno.model", dyno_request_text (request, "model"));
  if (dyno_request_has (request, "expected_address"))
    add_text (change, "capture.expected_address", dyno_request_text (request, "expected_address"));
  add_network (change, dyno_request_value (request, "network"));

  return change;
}

static gboolean
is_good (const Change  *change,
         GError       **error)
{
  for (guint i = 0; i < change->settings->len; i += 2)
    {
      const char *text = g_ptr_array_index (change->settings, i + 1);

      if (text != NULL && !dyno_config_check (g_ptr_array_index (change->settings, i), text, error))
        return FALSE;
    }

  return TRUE;
}

static void set_next (DynoRequest *request);

static void
set_cb (GObject      *unused,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  DynoAsker *asker = dyno_request_get_asker (request);

  if (!dyno_shop_set_config_finish (result, &error))
    {
      dyno_reply_error (request, error);
      return;
    }

  dyno_asker_push (asker);
  set_next (request);
  dyno_asker_pop (asker);
}

static void
set_next (DynoRequest *request)
{
  Change *change = dyno_request_get_data (request, CHANGE);
  guint i = change->next;

  change->next += 2;
  if (i < change->settings->len)
    DYNO_API_ASK (request, set_cb, dyno_shop_set_config_async,
                  g_ptr_array_index (change->settings, i),
                  g_ptr_array_index (change->settings, i + 1));
  else
    get_dyno (request);
}

static void
put_dyno (DynoRequest *request)
{
  g_autofree char *json = write_dyno (dyno_shop_get_config (dyno_request_get_shop (request)));
  Change *change = change_new (request);
  g_autoptr(GError) error = NULL;

  dyno_request_set_data (request, CHANGE, change, change_free);
  if (dyno_request_get_version (request) != version_of (json))
    dyno_reply_refuse (request, "PRECONDITION_FAILED");
  else if (is_good (change, &error))
    set_next (request);
  else
    dyno_reply_error (request, error);
}

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/dyno", DYNO_MAY (LIVE_READ), get_dyno, .reply = &dyno_schema,
              .also = DYNO_STATUSES (304), .summary = "The dyno of the shop"),
  DYNO_ROUTE (DYNO_PUT, "/api/v1/dyno", DYNO_MAY (HARDWARE_CONFIGURE), put_dyno,
              .body = dyno_fields, .reply = &dyno_schema, .summary = "Says what it is",
              .description = "A drum that is not named is none; null is back to the default; other "
                             "members that are absent stay."),
};

const DynoRouteTable dyno_api_dyno = {
  "Dyno", "Drums and network of the dyno.", rows, G_N_ELEMENTS (rows)
};
