/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-counsel-text.h"

#include "dyno-print.h"

/* What a person reads at once; --json and findings.json have all of it. */
#define MOST_FINDINGS 3 /* of an adviser */
#define MOST_STEPS 3

static void
append_clean (GString    *text,
              const char *before,
              const char *words)
{
  g_autofree char *clean = dyno_print_clean (words);

  g_string_append_printf (text, "%s%s\n", before, clean);
}

static void
append_confidence (GString                    *text,
                   const DynoConfidenceReport *report)
{
  g_autofree char *overall = dyno_print_number (report->overall, 1);
  g_autofree char *covered = dyno_print_number (report->covered_pct, 0);

  g_string_append_printf (text, "Confidence %c: %s of 100, %s %% of the cells covered.\n",
                          report->grade, overall, covered);
}

static void
append_finding (GString           *text,
                const char        *adviser,
                const DynoFinding *finding)
{
  g_autofree char *before = g_strdup_printf ("– %s: ", adviser);

  append_clean (text, before, finding->text);
  if (finding->next_checks->len > 0)
    append_clean (text, "  ", g_ptr_array_index (finding->next_checks, 0));
}

static void
append_advice (GString          *text,
               const DynoAdvice *advice)
{
  guint n = MIN (advice->findings->len, MOST_FINDINGS);

  for (guint i = 0; i < n; i++)
    append_finding (text, advice->adviser, g_ptr_array_index (advice->findings, i));
  if (advice->findings->len > n)
    g_string_append_printf (text, "  … and %u more of %s\n", advice->findings->len - n,
                            advice->adviser);
}

/* Advisers that had to be silent, and why. */
static void
append_silent (GString   *text,
               GPtrArray *all)
{
  g_autoptr(GString) line = g_string_new (NULL);

  for (guint i = 0; i < all->len; i++)
    {
      const DynoAdvice *advice = g_ptr_array_index (all, i);

      for (guint k = 0; k < advice->missing->len; k++)
        g_string_append_printf (line, "%s%s", k > 0 ? ", " : line->len > 0 ? "; " : "",
                                (const char *) g_ptr_array_index (advice->missing, k));
      if (advice->missing->len > 0)
        g_string_append_printf (line, " (%s)", advice->adviser);
    }
  if (line->len > 0)
    g_string_append_printf (text, "Not looked at, for want of channels: %s.\n", line->str);
}

static void
append_steps (GString        *text,
              const DynoPlan *plan)
{
  guint n = MIN (plan->steps->len, MOST_STEPS);

  if (n > 0)
    g_string_append (text, "Next tests:\n");
  for (guint i = 0; i < n; i++)
    {
      const DynoPlanStep *step = g_ptr_array_index (plan->steps, i);

      g_string_append_printf (text, "– %s: ", step->name);
      append_clean (text, "", step->goal);
    }
}

char *
dyno_counsel_text (const DynoCounsel *counsel)
{
  GString *text = g_string_new ("\n");
  g_autoptr(GPtrArray) all = dyno_counsel_list (counsel);

  append_confidence (text, &counsel->advices->confidence);
  for (guint i = 0; i < all->len; i++)
    append_advice (text, g_ptr_array_index (all, i));
  append_silent (text, all);
  append_steps (text, counsel->outlook->plan);

  return g_string_free (text, FALSE);
}
