/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-tune.h"

#include "dyno-crypt.h"
#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-shape-tune.h"
#include "dyno-tune-text.h"
#include "dyno-tune.h"

#include <string.h>

/* preview and apply: the same words, one writes. */

static char   **bases;
static char    *corrections;
static char   **outputs;
static char    *metadata;
static char    *table_name;
static char    *cylinder;
static gboolean resample;
static char   **overrides;
static char   **skips;
static char    *force_reason;
static char    *bounds;
static double   clamp_pct;
static char    *comment;
static char    *preview_sha256;

const GOptionEntry dyno_verb_correction_entries[] = {
  { "base", 0, 0, G_OPTION_ARG_STRING_ARRAY, &bases, "Table or tune of the store, .pvv, or CSV; "
    "also front=FILE and rear=FILE", "FILE|TABLE" },
  { "corrections", 0, 0, G_OPTION_ARG_STRING, &corrections, "An analysis, a folder that analyze "
    "--out wrote, or a grid CSV of percents", "FILE|DIR|ANALYSIS" },
  { "table", 0, 0, G_OPTION_ARG_STRING, &table_name, "This table of a tune (VE by pressure, front "
    "and rear)", "NAME" },
  { "cylinder", 0, 0, G_OPTION_ARG_STRING, &cylinder, "Change this one only; both: one grid of "
    "percents is meant for both", "front|rear|both" },
  { "resample", 0, 0, G_OPTION_ARG_NONE, &resample, "A grid of percents may have other axes than "
    "the table", NULL },
  { "override", 0, 0, G_OPTION_ARG_STRING_ARRAY, &overrides, "Let this cell through that asks for "
    "more than 25 %", "RPM,KPA" },
  { "skip", 0, 0, G_OPTION_ARG_STRING_ARRAY, &skips, "Leave this cell alone", "RPM,KPA" },
  { "force-reason", 0, 0, G_OPTION_ARG_STRING, &force_reason, "Why, for --override and --skip; it "
    "is kept with the change", "TEXT" },
  { "bounds", 0, 0, G_OPTION_ARG_STRING, &bounds, "Bounds of VE (na_harley)",
    "na_harley|stage_1|stage_2|boosted|custom" },
  { "clamp", 0, 0, G_OPTION_ARG_DOUBLE, &clamp_pct, "Most that a cell is changed by, in percent; "
    "it only lowers the limits", "PCT" },
  { NULL },
};

const GOptionEntry dyno_verb_apply_entries[] = {
  { "output", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &outputs, "Write the changed file here; one for "
    "each base file", "FILE" },
  { "metadata", 0, 0, G_OPTION_ARG_FILENAME, &metadata, "What takes the change back "
    "(OUTPUT.change.json)", "FILE" },
  { "preview-sha256", 0, 0, G_OPTION_ARG_STRING, &preview_sha256, "Apply only what a preview of "
    "this sum showed", "SHA256" },
  { "comment", 0, 0, G_OPTION_ARG_STRING, &comment, "Kept with the change", "TEXT" },
  { NULL },
};

GStrv
dyno_verb_tune_words (char **words)
{
  g_autoptr(GStrvBuilder) all = g_strv_builder_new ();

  for (; words != NULL && *words != NULL; words++)
    {
      const char *rear = g_str_has_prefix (*words, "front=") ? strstr (*words, ",rear=") : NULL;
      g_autofree char *first = rear != NULL ? g_strndup (*words, (gsize) (rear - *words))
                                            : g_strdup (*words);

      g_strv_builder_add (all, first);
      if (rear != NULL)
        g_strv_builder_add (all, rear + 1);
    }

  return g_strv_builder_end (all);
}

const char *
dyno_verb_tune_split (const char    *word,
                      DynoTableSide *side)
{
  *side = g_str_has_prefix (word, "front=")  ? DYNO_TABLE_FRONT
          : g_str_has_prefix (word, "rear=") ? DYNO_TABLE_REAR
                                             : DYNO_TABLE_BOTH;

  return *side != DYNO_TABLE_BOTH ? strchr (word, '=') + 1 : word;
}

gboolean
dyno_verb_tune_side (const char    *word,
                     DynoTableSide *side,
                     GError       **error)
{
  *side = DYNO_TABLE_BOTH;
  if (word == NULL || g_str_equal (word, "both")
      || (*word != '\0' && dyno_table_side_find (word, side)))
    return TRUE;
  dyno_failure_set_usage (error, "--cylinder takes front, rear or both.");

  return FALSE;
}

/* Words to a request */

static gboolean
add_cells (DynoTuneRequest   *request,
           char             **words,
           DynoOverrideAction action,
           GError           **error)
{
  for (char **word = words; word != NULL && *word != NULL; word++)
    {
      g_autoptr(DynoAnalysisError) cause = NULL;
      char *comma = NULL;
      char *end = NULL;
      double rpm = g_ascii_strtod (*word, &comma);
      double load = *comma == ',' ? g_ascii_strtod (comma + 1, &end) : 0;

      if (comma == *word || end == NULL || end == comma + 1 || *end != '\0')
        {
          dyno_failure_set_usage (error, "A cell is an engine speed and a pressure: 3000,60.");
          return FALSE;
        }
      if (dyno_change_options_override (request->options, rpm, load, DYNO_TABLE_BOTH, action,
                                        force_reason, &cause))
        continue;
      dyno_failure_set_usage (error, "%s Give it with --force-reason.", cause->message);
      return FALSE;
    }

  return TRUE;
}

static gboolean
set_options (DynoTuneRequest *request,
             GError         **error)
{
  DynoChangeOptions *options = request->options;

  if (!dyno_verb_tune_side (cylinder, &options->side, error))
    return FALSE;
  options->is_shared = g_strcmp0 (cylinder, "both") == 0;
  options->resample = resample;
  if (clamp_pct != 0)
    options->clamp_pct = clamp_pct;
  if (!dyno_ctl_check_number ("--clamp", options->clamp_pct, 0.1, 15, error))
    return FALSE;
  if (bounds != NULL && !dyno_bounds_find (bounds, &options->bounds))
    {
      dyno_failure_set_usage (error, "There are no bounds “%s”.", bounds);
      return FALSE;
    }

  return add_cells (request, overrides, DYNO_OVERRIDE_ALLOW, error)
         && add_cells (request, skips, DYNO_OVERRIDE_SKIP, error);
}

static void
set_correction (DynoTuneRequest *request)
{
  if (dyno_crypt_is_id (corrections, "ana"))
    request->analysis_id = g_strdup (corrections);
  else
    request->corrections = g_strdup (corrections);
}

/* (transfer full) */
static DynoTuneRequest *
make_request (DynoCtl *ctl,
              GError **error)
{
  g_autoptr(DynoTuneRequest) request = dyno_tune_request_new ();
  g_auto(GStrv) base_words = dyno_verb_tune_words (bases);
  g_auto(GStrv) output_words = dyno_verb_tune_words (outputs);

  if (!dyno_ctl_want (ctl, 0, 0, "no words", error))
    return NULL;
  if (bases == NULL || corrections == NULL)
    {
      dyno_failure_set_usage (error, "dynoctl %s needs --base and --corrections.", ctl->verb);
      return NULL;
    }
  for (char **word = base_words; *word != NULL; word++)
    {
      DynoTableSide side;
      const char *base = dyno_verb_tune_split (*word, &side);

      /* A single table of one cylinder has no partner to be asked for. */
      if (side == DYNO_TABLE_BOTH && base_words[1] == NULL)
        dyno_verb_tune_side (cylinder, &side, NULL);
      dyno_tune_request_add_base (request, base, side);
    }
  set_correction (request);
  request->table_name = g_strdup (table_name);
  request->comment = g_strdup (comment);
  request->preview_sha256 = g_strdup (preview_sha256);
  request->metadata = g_strdup (metadata);
  for (char **path = output_words; *path != NULL; path++)
    {
      DynoTableSide side;

      g_ptr_array_add (request->outputs, g_strdup (dyno_verb_tune_split (*path, &side)));
    }

  return set_options (request, error) ? g_steal_pointer (&request) : NULL;
}

static gboolean
is_stored (const char *word)
{
  return dyno_crypt_is_id (word, "tbl") || dyno_crypt_is_id (word, "tune");
}

/* Files alone need no store. */
static DynoShop *
open_shop (DynoCtl *ctl,
           GError **error)
{
  gboolean needs_store = dyno_crypt_is_id (corrections, "ana");

  for (char **word = bases; *word != NULL; word++)
    needs_store = needs_store || is_stored (*word);

  return dyno_ctl_open_shop (ctl, needs_store ? DYNO_SHOP_NO_CAPTURE | DYNO_SHOP_NO_CREATE
                                              : DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE,
                             error);
}

/* Preview */

gboolean
dyno_verb_preview (DynoCtl *ctl,
                   int     *status,
                   GError **error)
{
  DynoTuneRequest *request = make_request (ctl, error);
  DynoShop *shop = request != NULL ? open_shop (ctl, error) : NULL;
  g_autoptr(DynoTunePreview) preview = NULL;
  g_autofree char *text = NULL;

  (void) status;
  if (shop == NULL)
    {
      dyno_tune_request_free (request);
      return FALSE;
    }
  dyno_tune_preview_async (shop, request, ctl->cancellable, dyno_await_cb, ctl->await);
  preview = dyno_tune_preview_finish (dyno_await_wait (ctl->await), error);
  if (preview == NULL)
    return FALSE;
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_tune_preview (w, preview);
      dyno_print_json (w);
      return TRUE;
    }
  text = dyno_tune_text_preview (preview);
  dyno_print_text (text);
  dyno_print_line ("Preview %s", preview->change->preview_sha256);

  return TRUE;
}

/* Apply */

static void
print_applied (DynoCtl               *ctl,
               const DynoTuneApplied *applied)
{
  g_autofree char *text = NULL;

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_tune_applied (w, applied);
      dyno_print_json (w);
      return;
    }
  if (ctl->is_quiet)
    return;
  text = dyno_tune_text_preview (applied->preview);
  dyno_print_text (text);
  for (guint i = 0; i < applied->changes->len; i++)
    {
      const DynoChangeRecord *change = g_ptr_array_index (applied->changes, i);

      dyno_print_line ("Applied: version %d of %s, change %s", change->version_after,
                       change->table_id, change->id);
    }
  for (guint i = 0; i + 1 < applied->files->len; i += 2)
    dyno_print_line ("Written: %s; %s takes it back.", (char *) applied->files->pdata[i],
                     (char *) applied->files->pdata[i + 1]);
}

static gboolean
has_output (DynoCtl *ctl,
            GError **error)
{
  for (char **word = bases; *word != NULL; word++)
    {
      if (is_stored (*word) || outputs != NULL)
        continue;
      dyno_failure_set_usage (error, "dynoctl %s on a file needs --output.", ctl->verb);
      return FALSE;
    }

  return TRUE;
}

gboolean
dyno_verb_apply (DynoCtl *ctl,
                 int     *status,
                 GError **error)
{
  DynoTuneRequest *request = make_request (ctl, error);
  DynoShop *shop = request != NULL && has_output (ctl, error) ? open_shop (ctl, error) : NULL;
  g_autoptr(DynoTuneApplied) applied = NULL;

  (void) status;
  if (shop == NULL)
    {
      dyno_tune_request_free (request);
      return FALSE;
    }
  dyno_tune_apply_async (shop, request, ctl->cancellable, dyno_await_cb, ctl->await);
  applied = dyno_tune_apply_finish (dyno_await_wait (ctl->await), error);
  if (applied == NULL)
    return FALSE;
  print_applied (ctl, applied);

  return TRUE;
}
