/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-subject.h"

#include "dyno-crypt.h"
#include "dyno-failure.h"

#include <math.h>
#include <string.h>

static char   **map;
static char   **unit;
static char    *dialect;
static char    *header;
static char    *delimiter;
static char    *decimal;
static double   rate_hz;
static gboolean force;

const GOptionEntry dyno_subject_log_entries[] = {
  { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &rate_hz, "Rows come at this rate", "HZ" },
  { "map", 0, 0, G_OPTION_ARG_STRING_ARRAY, &map, "This column is that channel", "COL=CHANNEL" },
  { "unit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &unit, "This column is in that unit", "COL=UNIT" },
  { "dialect", 0, 0, G_OPTION_ARG_STRING, &dialect, "The log is of this program", "ID" },
  { "header", 0, 0, G_OPTION_ARG_STRING, &header, "Names of the columns, a comma between",
    "NAMES" },
  { "delimiter", 0, 0, G_OPTION_ARG_STRING, &delimiter, "comma, semicolon, tab or a character",
    "TEXT" },
  { "decimal", 0, 0, G_OPTION_ARG_STRING, &decimal, "The decimal mark", "point|comma" },
  { "force", 0, 0, G_OPTION_ARG_NONE, &force, "Take ragged rows and a disordered clock", NULL },
  { NULL },
};

gboolean
dyno_subject_is_file (const char *word)
{
  if (dyno_crypt_is_id (word, "run"))
    return FALSE;
  if (g_file_test (word, G_FILE_TEST_EXISTS))
    return TRUE;

  return *word == '\0' || word[strspn (word, "0123456789")] != '\0';
}

static gboolean
options_are_good (GError **error)
{
  if (decimal != NULL && !g_str_equal (decimal, "point") && !g_str_equal (decimal, "comma"))
    {
      dyno_failure_set_usage (error, "--decimal takes point or comma.");
      return FALSE;
    }

  return dyno_ctl_check_number ("--rate", rate_hz, 0, 100000, error);
}

DynoImportRequest *
dyno_subject_request (const char  *path,
                      GError     **error)
{
  DynoImportRequest *request;

  if (!options_are_good (error))
    return NULL;

  request = dyno_import_request_new (path);
  request->map = g_strdupv (map);
  request->unit = g_strdupv (unit);
  request->rate_hz = rate_hz;
  request->dialect = g_strdup (dialect);
  request->header = g_strdup (header);
  request->delimiter = g_strdup (delimiter);
  request->decimal = g_strdup (decimal);
  request->force = force;

  return request;
}

DynoImportOutcome *
dyno_subject_read_file (DynoCtl     *ctl,
                        const char  *path,
                        GError     **error)
{
  DynoShop *shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error);
  DynoImportRequest *request = shop != NULL ? dyno_subject_request (path, error) : NULL;

  if (request == NULL)
    return NULL;
  dyno_import_job_read_async (shop, request, ctl->cancellable, dyno_await_cb, ctl->await);

  return dyno_import_job_finish (dyno_await_wait (ctl->await), error);
}

DynoShop *
dyno_subject_open_runs (DynoCtl  *ctl,
                        GError  **error)
{
  return dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE | DYNO_SHOP_NO_CREATE, error);
}

DynoShop *
dyno_subject_open (DynoCtl  *ctl,
                   char    **words,
                   GError  **error)
{
  for (char **word = words; *word != NULL; word++)
    {
      if (!dyno_subject_is_file (*word))
        return dyno_subject_open_runs (ctl, error);
    }

  return dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error);
}
