/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyze-options.h"

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-grid-file.h"
#include "dyno-grid-json.h"

#include <math.h>
#include <string.h>

static char   **bases;
static char    *grid;
static char    *targets;
static char    *math_version;
static char    *min_hits;
static char    *clamp;
static char    *delay;
static char   **settings;

const GOptionEntry dyno_analyze_option_entries[] = {
  { "base", 0, 0, G_OPTION_ARG_STRING_ARRAY, &bases, "Tune that the correction is for: gives "
    "the axes and the updated tables. Of the store, .pvv or grid CSV; also front=FILE and rear=FILE", "FILE|TABLE" },
  { "grid", 0, 0, G_OPTION_ARG_STRING, &grid, "auto, 11x9, 11x5, or a grid CSV whose axes count "
    "(auto)", "NAME|FILE" },
  { "targets", 0, 0, G_OPTION_ARG_STRING, &targets,
    "Wanted mixture: auto, as commanded, or of a CSV "
    "by MAP or of a grid (auto)", "auto|commanded|FILE" },
  { "math", 0, 0, G_OPTION_ARG_STRING, &math_version, "Version of the mathematics (2.0.0)",
    "2.0.0|1.0.0|legacy-cli-1.2" },
  { "min-hits", 0, 0, G_OPTION_ARG_STRING, &min_hits, "Readings that a cell needs (5)", "N" },
  { "clamp", 0, 0, G_OPTION_ARG_STRING, &clamp, "Most that a cell is changed by, in percent (7)",
    "PCT" },
  { "delay", 0, 0, G_OPTION_ARG_STRING, &delay,
    "From the cylinder to the reading: auto, none, flow, "
    "milliseconds, or a grid CSV of them (auto)", "auto|none|flow|MS|FILE" },
  { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings, "Any other option of the analysis, as "
    "smooth_passes=1", "OPTION=VALUE" },
  { NULL },
};

/* A word of the command line: what is wrong with it is usage. */
static gboolean
set_word (DynoAnalyseRequest  *request,
          const char          *option,
          const char          *value,
          GError             **error)
{
  if (value == NULL || dyno_analyse_request_set (request, option, value, error))
    return TRUE;
  dyno_failure_make_usage (error);

  return FALSE;
}

/* What was read from a file, as the option's JSON. Takes the writer. */
static gboolean
set_read (DynoAnalyseRequest  *request,
          const char          *option,
          DynoJsonWriter      *w,
          GError             **error)
{
  g_autofree char *json = dyno_json_writer_finish (w);

  return dyno_analyse_request_set (request, option, json, error);
}

static gboolean
is_one_of (const char        *word,
           const char *const *words)
{
  return word == NULL || g_strv_contains (words, word);
}

static gboolean
set_grid (DynoAnalyseRequest  *request,
          GError             **error)
{
  static const char *const words[] = { "auto", "11x9", "11x5", NULL };
  g_autoptr(DynoGrid) given = NULL;
  DynoJsonWriter *w;

  if (is_one_of (grid, words))
    return set_word (request, "grid", grid, error);
  given = dyno_grid_file_read (grid, NULL, error);
  if (given == NULL)
    return FALSE;

  w = dyno_json_writer_new (FALSE);
  dyno_grid_shape_write (&given->shape, w);

  return set_read (request, "grid", w, error);
}

static gboolean
set_targets (DynoAnalyseRequest  *request,
             GError             **error)
{
  static const char *const words[] = { "auto", "commanded", NULL };
  g_autoptr(DynoTarget) given = NULL;
  DynoJsonWriter *w;

  if (is_one_of (targets, words))
    return set_word (request, "target", targets, error);
  given = dyno_grid_file_read_target (targets, error);
  if (given == NULL)
    return FALSE;

  w = dyno_json_writer_new (FALSE);
  dyno_target_write (given, w);

  return set_read (request, "target_table", w, error)
         && set_word (request, "target", "table", error);
}

static gboolean
is_number (const char *word)
{
  char *end = NULL;

  return isfinite (g_ascii_strtod (word, &end)) && end != word && *end == '\0';
}

static gboolean
set_delay (DynoAnalyseRequest  *request,
           GError             **error)
{
  static const char *const words[] = { "auto", "none", "flow", NULL };
  g_autoptr(DynoGrid) given = NULL;
  DynoJsonWriter *w;

  if (is_one_of (delay, words))
    return set_word (request, "delay", delay, error);
  if (is_number (delay))
    return set_word (request, "delay", "fixed", error)
           && set_word (request, "delay_ms", delay, error);
  given = dyno_grid_file_read (delay, NULL, error);
  if (given == NULL)
    return FALSE;

  w = dyno_json_writer_new (FALSE);
  dyno_grid_write (given, "ms", w);

  return set_read (request, "delay_table", w, error)
         && set_word (request, "delay", "table", error);
}

static gboolean
set_others (DynoAnalyseRequest  *request,
            GError             **error)
{
  for (char **setting = settings; setting != NULL && *setting != NULL; setting++)
    {
      const char *equals = strchr (*setting, '=');
      g_autofree char *name = NULL;

      if (equals == NULL)
        {
          dyno_failure_set_usage (error, "--set takes OPTION=VALUE, not “%s”.", *setting);
          return FALSE;
        }
      name = g_strndup (*setting, (gsize) (equals - *setting));
      if (!set_word (request, name, equals + 1, error))
        return FALSE;
    }

  return TRUE;
}

/* Base tables */

static const char *const sides[DYNO_VE_CYLINDERS] = { "front=", "rear=" };

/* A table without a side is that of both cylinders. */
static void
take_base (DynoAnalyseRequest *request,
           const char         *word)
{
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      gboolean is_mine = g_str_has_prefix (word, sides[i]);

      if (!is_mine && g_str_has_prefix (word, sides[1 - i]))
        continue;
      g_free (request->bases[i]);
      request->bases[i] = g_strdup (is_mine ? word + strlen (sides[i]) : word);
    }
}

/* "front=a,rear=b" as two words. (transfer full) */
static GStrv
list_bases (void)
{
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();

  for (char **word = bases; word != NULL && *word != NULL; word++)
    {
      const char *rear = g_str_has_prefix (*word, sides[0]) ? strstr (*word, ",rear=") : NULL;
      g_autofree char *front = g_strndup (*word, rear != NULL ? (gsize) (rear - *word)
                                                              : strlen (*word));

      g_strv_builder_add (words, front);
      if (rear != NULL)
        g_strv_builder_add (words, rear + 1);
    }

  return g_strv_builder_end (words);
}

static gboolean
is_kept (const char *base)
{
  return dyno_crypt_is_id (base, "tbl") || dyno_crypt_is_id (base, "tune");
}

/* What is no file at all is told before any log is read. */
static gboolean
set_bases (DynoAnalyseRequest  *request,
           GError             **error)
{
  g_auto(GStrv) words = list_bases ();

  for (char **word = words; *word != NULL; word++)
    take_base (request, *word);
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      const char *base = request->bases[i];

      if (base == NULL || is_kept (base) || g_file_test (base, G_FILE_TEST_EXISTS))
        continue;
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no file %s.", base);
      return FALSE;
    }

  return TRUE;
}

DynoAnalyseRequest *
dyno_analyze_options_request (GError **error)
{
  g_autoptr(DynoAnalyseRequest) request = dyno_analyse_request_new ();

  if (!set_word (request, "math_version", math_version, error)
      || !set_word (request, "min_hits", min_hits, error)
      || !set_word (request, "clamp_pct", clamp, error) || !set_grid (request, error)
      || !set_targets (request, error) || !set_delay (request, error)
      || !set_others (request, error) || !set_bases (request, error))
    return NULL;

  return g_steal_pointer (&request);
}

gboolean
dyno_analyze_options_want_store (const DynoAnalyseRequest *request)
{
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      if (request->bases[i] != NULL && is_kept (request->bases[i]))
        return TRUE;
    }

  return FALSE;
}
