/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-files.h"

#include "dyno-compare-text.h"
#include "dyno-curve-options.h"
#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-runbook.h"
#include "dyno-shape-compare.h"
#include "dyno-subject.h"

#define INDENT 2 /* of what goes on in a next line */

static char  *baseline;
static char **against;
static char  *x_word;

const GOptionEntry dyno_verb_compare_entries[] = {
  { "baseline", 0, 0, G_OPTION_ARG_STRING, &baseline, "What the others are held against",
    "RUN|FILE" },
  { "against", 0, 0, G_OPTION_ARG_STRING_ARRAY, &against,
    "Pulls of before the change, a comma between", "RUNS|FILES" },
  { "x", 0, 0, G_OPTION_ARG_STRING, &x_word, "What stands below the curves (rpm)", "rpm|speed" },
  { NULL },
};

/* The pulls in the order in which they are shown: after, before, and the baseline
 * where it is none of them. */
typedef struct
{
  GPtrArray *words;    /* (owned) of char *, ended by NULL */
  guint      n_after;  /* what stands behind them is of before */
  gint       baseline; /* index; −1: not named */
} Pulls;

static void
pulls_clear (Pulls *pulls)
{
  g_ptr_array_unref (pulls->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pulls, pulls_clear)

/* A file whose name has a comma is that file. */
static void
add_words (GPtrArray  *words,
           const char *list)
{
  g_auto(GStrv) parts = NULL;

  if (g_file_test (list, G_FILE_TEST_EXISTS))
    {
      g_ptr_array_add (words, g_strdup (list));
      return;
    }

  parts = g_strsplit (list, ",", -1);
  for (char **part = parts; *part != NULL; part++)
    {
      if (**part != '\0')
        g_ptr_array_add (words, g_strdup (*part));
    }
}

static void
choose_baseline (Pulls *pulls)
{
  guint index;

  pulls->baseline = -1;
  if (baseline == NULL)
    return;
  if (!g_ptr_array_find_with_equal_func (pulls->words, baseline, g_str_equal, &index))
    {
      index = pulls->words->len;
      g_ptr_array_add (pulls->words, g_strdup (baseline));
    }
  pulls->baseline = (gint) index;
}

static void
collect_pulls (DynoCtl *ctl,
               Pulls   *pulls)
{
  pulls->words = g_ptr_array_new_with_free_func (g_free);
  for (char **word = ctl->arguments; *word != NULL; word++)
    g_ptr_array_add (pulls->words, g_strdup (*word));
  pulls->n_after = pulls->words->len;
  for (char **list = against; list != NULL && *list != NULL; list++)
    add_words (pulls->words, *list);
  choose_baseline (pulls);
  g_ptr_array_add (pulls->words, NULL);
}

static gboolean
add_run (DynoCtl             *ctl,
         DynoCompareRequest  *request,
         const char          *word,
         gboolean             is_before,
         GError             **error)
{
  g_autoptr(DynoRunDetail) detail = NULL;

  dyno_runbook_get_async (ctl->shop, word, ctl->cancellable, dyno_await_cb, ctl->await);
  detail = dyno_runbook_get_finish (dyno_await_wait (ctl->await), error);
  if (detail != NULL)
    dyno_compare_request_add_run (request, detail->run->id, is_before);

  return detail != NULL;
}

static gboolean
add_file (DynoCtl             *ctl,
          DynoCompareRequest  *request,
          const char          *path,
          gboolean             is_before,
          GError             **error)
{
  g_autoptr(DynoImportOutcome) outcome = dyno_subject_read_file (ctl, path, error);
  g_autofree char *name = g_path_get_basename (path);

  if (outcome == NULL)
    return FALSE;
  dyno_compare_request_add_samples (request, outcome->samples, name, is_before);

  return TRUE;
}

static gboolean
add_pulls (DynoCtl             *ctl,
           DynoCompareRequest  *request,
           const Pulls         *pulls,
           GError             **error)
{
  for (guint i = 0; i + 1 < pulls->words->len; i++)
    {
      const char *word = g_ptr_array_index (pulls->words, i);

      if (!(dyno_subject_is_file (word) ? add_file : add_run) (ctl, request, word,
                                                               i >= pulls->n_after, error))
        return FALSE;
    }

  return TRUE;
}

static DynoCompare *
compare (DynoCtl      *ctl,
         DynoCompareX  x,
         GError      **error)
{
  g_autoptr(DynoCompareRequest) request = dyno_compare_request_new ();
  g_auto(Pulls) pulls = { NULL };

  collect_pulls (ctl, &pulls);
  if (dyno_subject_open (ctl, (char **) pulls.words->pdata, error) == NULL
      || !add_pulls (ctl, request, &pulls, error))
    return NULL;

  request->baseline = pulls.baseline;
  request->x = x;
  request->has_options = TRUE;
  dyno_curve_options_fill (ctl->shop, &request->options);
  dyno_compare_async (ctl->shop, g_steal_pointer (&request), ctl->cancellable, dyno_await_cb,
                      ctl->await);

  return dyno_compare_finish (dyno_await_wait (ctl->await), error);
}

gboolean
dyno_verb_compare (DynoCtl  *ctl,
                   int      *status,
                   GError  **error)
{
  g_autoptr(DynoCompare) found = NULL;
  DynoCompareX x = DYNO_COMPARE_OVER_RPM;

  if (!dyno_ctl_want (ctl, 1, DYNO_COMPARE_MOST, "runs or files", error)
      || !dyno_curve_options_check (error))
    return FALSE;
  if (x_word != NULL && !dyno_compare_x_find (x_word, &x))
    {
      dyno_failure_set_usage (error, "--x takes rpm or speed, not “%s”.", x_word);
      return FALSE;
    }
  found = compare (ctl, x, error);
  if (found == NULL)
    return FALSE;

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_compare (w, found, dyno_curve_options_step ());
      dyno_print_json (w);
    }
  else
    {
      g_autofree char *text = dyno_compare_text (found, dyno_curve_options_step (),
                                                 dyno_ctl_units (ctl));

      dyno_print_wrapped (text, INDENT);
    }

  return TRUE;
}
