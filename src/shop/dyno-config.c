/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-config.h"

#include "dyno-error.h"

#include <math.h>
#include <string.h>

/* service.md 8: the rows that this version acts on. */
static const DynoConfigRow rows[] = {
  { "alert.webhook", "DYNOAI_ALERT_WEBHOOK", DYNO_CONFIG_TEXT, "", 0, 1000, NULL, FALSE,
    "Address that is told of alerts, https://." },
  { "store.data_dir", "DYNOAI_DATA_DIR", DYNO_CONFIG_FOLDER, "", 0, 0, NULL, TRUE,
    "Folder of the database, the journals and the imported files." },
  { "log.level", "LOG_LEVEL", DYNO_CONFIG_CHOICE, "INFO", 0, 0, "DEBUG|INFO|WARNING|ERROR", FALSE,
    "The least grave line that is logged." },
  { "log.format", "LOG_FORMAT", DYNO_CONFIG_CHOICE, "json", 0, 0,
    "json|text|production|development", TRUE, "Log lines for a person or for a machine." },
  { "capture.group", "JETDRIVE_MCAST_GROUP", DYNO_CONFIG_TEXT, "224.0.2.10", 0, 15, NULL, FALSE,
    "Multicast group of JETDRIVE; leave it alone unless your provider was changed." },
  { "capture.port", "JETDRIVE_PORT|DYNO_JETDRIVE_PORT", DYNO_CONFIG_INTEGER, "22344", 1, 65535,
    NULL, FALSE, "UDP port of JETDRIVE." },
  { "capture.interface", "JETDRIVE_IFACE", DYNO_CONFIG_TEXT, "0.0.0.0", 0, 64, NULL, FALSE,
    "Network interface to listen on, by name or address; 0.0.0.0 listens on all." },
  { "capture.timeout_s", "JETDRIVE_TIMEOUT", DYNO_CONFIG_INTEGER, "5", 1, 60, NULL, FALSE,
    "Seconds without a datagram after which a provider counts as silent." },
  { "capture.expected_address", "DYNO_IP", DYNO_CONFIG_TEXT, "", 0, 15, NULL, FALSE,
    "Address of the dyno's computer; others are shown, never chosen." },
  { "capture.pre_roll_s", "DYNOAI_CAPTURE_PRE_ROLL_S", DYNO_CONFIG_NUMBER, "2", 0, 10, NULL, FALSE,
    "Seconds kept from before a run." },
  { "capture.post_roll_s", "DYNOAI_CAPTURE_POST_ROLL_S", DYNO_CONFIG_NUMBER, "3", 0, 10, NULL,
    FALSE, "Seconds kept from after a run." },
  { "capture.stay_armed", "DYNOAI_CAPTURE_STAY_ARMED", DYNO_CONFIG_BOOLEAN, "true", 0, 0, NULL,
    FALSE, "Wait for the next pull after a run was saved." },
  { "capture.passive", "DYNOAI_CAPTURE_PASSIVE", DYNO_CONFIG_BOOLEAN, "false", 0, 0, NULL, FALSE,
    "Send nothing on the network, only listen." },
  { "capture.journal", "DYNOAI_CAPTURE_JOURNAL", DYNO_CONFIG_CHOICE, "runs", 0, 0, "runs|day",
    FALSE, "Keep the datagrams of each run, or of the whole day as well." },
  { "capture.journal_days", "DYNOAI_CAPTURE_JOURNAL_DAYS", DYNO_CONFIG_INTEGER, "90", 1, 3650, NULL,
    FALSE, "Days that the datagrams of a run are kept; starred runs keep theirs." },
  { "capture.journal_gib", "DYNOAI_CAPTURE_JOURNAL_GIB", DYNO_CONFIG_INTEGER, "10", 1, 10000, NULL,
    FALSE, "Space for datagrams in GiB; the oldest go first." },
  { "capture.simulator", "DYNOAI_SIMULATOR_FALLBACK", DYNO_CONFIG_BOOLEAN, "false", 0, 0, NULL,
    FALSE, "Start the simulated dyno with the program; its runs are always marked." },
  { "import.watch_dir", "DYNOAI_WATCH_DIR", DYNO_CONFIG_FOLDER, "", 0, 0, NULL, FALSE,
    "Folder whose new logs are imported by themselves." },
  { "jetstream.enabled", "JETSTREAM_ENABLED", DYNO_CONFIG_BOOLEAN, "false", 0, 0, NULL, FALSE,
    "Take new runs from Jetstream." },
  { "jetstream.url", "JETSTREAM_API_URL", DYNO_CONFIG_TEXT, "", 0, 1000, NULL, FALSE,
    "Address of Jetstream, https://." },
  { "jetstream.poll_s", "JETSTREAM_POLL_INTERVAL", DYNO_CONFIG_INTEGER, "30", 10, 3600, NULL,
    FALSE, "Seconds between two questions to Jetstream." },
  { "server.memory_mb", "DYNOAI_MEMORY_MB", DYNO_CONFIG_INTEGER, "1024", 128, 65536, NULL, FALSE,
    "Memory that the program should need at most, in MiB." },
  { "dyno.drum1_mass_slugs", "DYNO_DRUM1_MASS_SLUGS", DYNO_CONFIG_NUMBER, "", 0.01, 10000, NULL,
    FALSE, "Effective mass at the drum's surface, in slugs as on the dyno's plate." },
  { "dyno.drum1_circumference_ft", "DYNO_DRUM1_CIRCUMFERENCE_FT", DYNO_CONFIG_NUMBER, "", 0.1, 100,
    NULL, FALSE, "Circumference of the drum, in feet as on the dyno's plate." },
  { "dyno.model", "DYNO_MODEL", DYNO_CONFIG_TEXT, "", 0, 100, NULL, FALSE,
    "Name of the dyno on sheets." },
  { "shop.name", "DYNOAI_SHOP_NAME", DYNO_CONFIG_TEXT, "", 0, 200, NULL, FALSE,
    "Name of the shop on sheets." },
  { "shop.address", "DYNOAI_SHOP_ADDRESS", DYNO_CONFIG_TEXT, "", 0, 400, NULL, FALSE,
    "Address, telephone and so on, below the name on sheets." },
  { "shop.logo", "DYNOAI_SHOP_LOGO", DYNO_CONFIG_FOLDER, "", 0, 0, NULL, FALSE,
    "Path of the logo on sheets: a PNG, JPEG or SVG of at most 2 MiB." },
  { "shop.colour", "DYNOAI_SHOP_COLOUR", DYNO_CONFIG_TEXT, "", 0, 7, NULL, FALSE,
    "Colour of the line below the head of sheets, as #rrggbb." },
  { "shop.terms", "DYNOAI_SHOP_TERMS", DYNO_CONFIG_TEXT, "", 0, 1000, NULL, FALSE,
    "The shop's own words at the end of sheets." },
  { "ui.units", "DYNOAI_UI_UNITS", DYNO_CONFIG_CHOICE, "metric", 0, 0, "metric|us|european", FALSE,
    "Units that numbers are shown in; stored numbers do not change." },
  { "ui.correction", "DYNOAI_UI_CORRECTION", DYNO_CONFIG_CHOICE, "sae-1990", 0, 0,
    "none|sae-1990|sae-2004|std-j607|din-70020|iso-1585|jis-d1001", FALSE,
    "Power correction of lists and new charts." },
  { "ui.smoothing", "DYNOAI_UI_SMOOTHING", DYNO_CONFIG_INTEGER, "2", 0, 5, NULL, FALSE,
    "Smoothing level of lists and new charts." },
  { NULL },
};

struct _DynoConfig
{
  gatomicrefcount  refs;
  GMutex           lock;
  char            *values[G_N_ELEMENTS (rows)]; /* (owned) (nullable) below the window */
  DynoConfigOrigin origins[G_N_ELEMENTS (rows)];
  char            *window[G_N_ELEMENTS (rows)]; /* (owned) (nullable) (lock) */
};

const DynoConfigRow *
dyno_config_rows (void)
{
  return rows;
}

const DynoConfigRow *
dyno_config_find_row (const char *key)
{
  for (const DynoConfigRow *row = rows; row->key != NULL; row++)
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

static gboolean
is_in_list (const char *list,
            const char *word)
{
  g_auto(GStrv) words = g_strsplit (list, "|", -1);

  return g_strv_contains ((const char *const *) words, word);
}

static gboolean
parse_boolean (const char *text,
               gboolean   *value)
{
  *value = is_in_list ("true|1|yes|on", text);

  return *value || is_in_list ("false|0|no|off", text);
}

static gboolean
parse_number (const char *text,
              double     *value)
{
  char *end = NULL;

  *value = g_ascii_strtod (text, &end);

  return end != text && *end == '\0' && isfinite (*value);
}

static gboolean
number_is_good (const DynoConfigRow *row,
                const char          *text)
{
  double value;

  if (row->type == DYNO_CONFIG_NUMBER && *text == '\0' && *row->value == '\0')
    return TRUE;

  return parse_number (text, &value) && value >= row->low && value <= row->high
         && (row->type == DYNO_CONFIG_NUMBER || value == floor (value));
}

static gboolean
value_is_good (const DynoConfigRow *row,
               const char          *text)
{
  gboolean unused;

  switch (row->type)
    {
    case DYNO_CONFIG_BOOLEAN:
      return parse_boolean (text, &unused);
    case DYNO_CONFIG_INTEGER:
    case DYNO_CONFIG_NUMBER:
      return number_is_good (row, text);
    case DYNO_CONFIG_CHOICE:
      return is_in_list (row->choices, text);
    case DYNO_CONFIG_FOLDER:
      return *text == '\0' || g_path_is_absolute (text);
    case DYNO_CONFIG_TEXT:
    default:
      return strlen (text) <= (gsize) row->high && g_utf8_validate (text, -1, NULL);
    }
}

static char *
describe_bounds (const DynoConfigRow *row)
{
  g_auto(GStrv) words = NULL;

  switch (row->type)
    {
    case DYNO_CONFIG_BOOLEAN:
      return g_strdup ("true or false");
    case DYNO_CONFIG_INTEGER:
      return g_strdup_printf ("a whole number from %g to %g", row->low, row->high);
    case DYNO_CONFIG_NUMBER:
      return g_strdup_printf ("a number from %g to %g", row->low, row->high);
    case DYNO_CONFIG_CHOICE:
      words = g_strsplit (row->choices, "|", -1);
      return g_strjoinv (", ", words);
    case DYNO_CONFIG_FOLDER:
      return g_strdup ("an absolute path");
    case DYNO_CONFIG_TEXT:
    default:
      return g_strdup_printf ("text of at most %g bytes", row->high);
    }
}

static gboolean
check_row (const DynoConfigRow *row,
           const char          *text,
           GError             **error)
{
  g_autofree char *bounds = NULL;

  if (value_is_good (row, text))
    return TRUE;

  bounds = describe_bounds (row);
  dyno_error_set (error, DYNO_ERROR_INVALID, "config", "The setting %s cannot be “%s”: give %s.",
                  row->key, text, bounds);

  return FALSE;
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

  return check_row (row, text, error);
}

static gboolean
take_value (DynoConfig       *self,
            gsize             index,
            const char       *text,
            DynoConfigOrigin  origin,
            GError          **error)
{
  if (!check_row (&rows[index], text, error))
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

  return take_value (self, (gsize) (row - rows), text, DYNO_CONFIG_FROM_FILE, error);
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

static gboolean
take_file (DynoConfig  *self,
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

static gboolean
take_environment (DynoConfig         *self,
                  const char *const  *env,
                  GError            **error)
{
  for (gsize i = 0; rows[i].key != NULL; i++)
    {
      g_auto(GStrv) names = g_strsplit (rows[i].environment, "|", -1);

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

DynoConfig *
dyno_config_load (const char         *path,
                  const char *const  *env,
                  GError            **error)
{
  g_autoptr(DynoConfig) self = g_new0 (DynoConfig, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  if (!take_file (self, path, error) || !take_environment (self, env, error))
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

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_free (self->values[i]);
      g_free (self->window[i]);
    }
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gsize
index_of (const char *key)
{
  const DynoConfigRow *row = dyno_config_find_row (key);

  g_assert (row != NULL);

  return (gsize) (row - rows);
}

char *
dyno_config_dup (DynoConfig *self,
                 const char *key)
{
  gsize i = index_of (key);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->window[i] != NULL)
    return g_strdup (self->window[i]);

  return g_strdup (self->values[i] != NULL ? self->values[i] : rows[i].value);
}

gboolean
dyno_config_get_boolean (DynoConfig *self,
                         const char *key)
{
  g_autofree char *text = dyno_config_dup (self, key);
  gboolean value = FALSE;

  parse_boolean (text, &value);

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

  return parse_number (text, &value) ? value : NAN;
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

  return text == NULL || check_row (row, text, error);
}

gboolean
dyno_config_set (DynoConfig  *self,
                 const char  *key,
                 const char  *text,
                 GError     **error)
{
  const DynoConfigRow *row = dyno_config_find_row (key);
  gsize i = 0;

  if (row == NULL)
    {
      set_unknown (key, error);
      return FALSE;
    }
  if (!may_set (row, text, error))
    return FALSE;

  i = (gsize) (row - rows);
  g_mutex_lock (&self->lock);
  g_free (self->window[i]);
  self->window[i] = g_strdup (text);
  g_mutex_unlock (&self->lock);

  return TRUE;
}

static char *
xdg_folder (const char *const *env,
            const char        *variable,
            const char        *below_home)
{
  const char *root = g_environ_getenv ((char **) env, variable);
  const char *home = g_environ_getenv ((char **) env, "HOME");

  if (root != NULL && g_path_is_absolute (root))
    return g_build_filename (root, "dynoai", NULL);

  return g_build_filename (home != NULL ? home : g_get_home_dir (), below_home, "dynoai", NULL);
}

DynoFolders *
dyno_folders_new (const char        *data_dir,
                  const char *const *env)
{
  DynoFolders *self = g_new0 (DynoFolders, 1);

  if (data_dir == NULL)
    data_dir = g_environ_getenv ((char **) env, "DYNOAI_DATA_DIR");
  if (data_dir != NULL && *data_dir != '\0')
    {
      self->data = g_canonicalize_filename (data_dir, NULL);
      self->config = g_strdup (self->data);
      self->state = g_strdup (self->data);
      return self;
    }

  self->data = xdg_folder (env, "XDG_DATA_HOME", ".local/share");
  self->config = xdg_folder (env, "XDG_CONFIG_HOME", ".config");
  self->state = xdg_folder (env, "XDG_STATE_HOME", ".local/state");

  return self;
}

void
dyno_folders_free (DynoFolders *self)
{
  if (self == NULL)
    return;

  g_free (self->data);
  g_free (self->config);
  g_free (self->state);
  g_free (self);
}
