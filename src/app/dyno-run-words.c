/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-words.h"

#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

char *
dyno_run_words_name (const DynoRun *run)
{
  return g_strdup_printf (_ ("Run %" G_GINT64_FORMAT), run->number);
}

const char *
dyno_run_words_subject (const DynoRun *run)
{
  if (run->title != NULL && *run->title != '\0')
    return run->title;

  return run->vehicle_label != NULL ? run->vehicle_label : _ ("No vehicle");
}

const char *
dyno_run_words_source (const DynoRun *run)
{
  switch (run->source)
    {
    case DYNO_SOURCE_UPLOAD:
      return _ ("Imported");
    case DYNO_SOURCE_SIMULATOR:
      return _ ("SIMULATOR");
    case DYNO_SOURCE_JETSTREAM:
      return _ ("Jetstream");
    case DYNO_SOURCE_WATCH:
      return _ ("Watch folder");
    case DYNO_SOURCE_CAPTURE:
    case DYNO_N_RUN_SOURCES:
    default:
      return _ ("Captured");
    }
}

/* NULL for a run that is complete. */
static const char *
status_word (const DynoRun *run,
             DynoStatus    *status)
{
  switch (run->status)
    {
    case DYNO_RUN_INTERRUPTED:
      *status = DYNO_STATUS_WARN;
      return _ ("incomplete");
    case DYNO_RUN_ERROR:
      *status = DYNO_STATUS_FAULT;
      return _ ("failed");
    case DYNO_RUN_PROCESSING:
      *status = DYNO_STATUS_RECORD;
      return _ ("recording");
    case DYNO_RUN_PENDING:
      *status = DYNO_STATUS_OFF;
      return _ ("waiting");
    case DYNO_RUN_COMPLETE:
    case DYNO_N_RUN_STATUSES:
    default:
      return NULL;
    }
}

guint
dyno_run_words_badges (const DynoRun *run,
                       DynoRunBadge  *badges)
{
  guint n = 0;
  DynoStatus status;
  const char *word = status_word (run, &status);

  if (run->deleted_ms != 0)
    badges[n++] = (DynoRunBadge){ _ ("in the trash"), DYNO_STATUS_WARN };
  if (word != NULL)
    badges[n++] = (DynoRunBadge){ word, status };
  if (run->discarded != NULL)
    badges[n++] = (DynoRunBadge){ _ ("discarded"), DYNO_STATUS_OFF };
  if (run->n_gaps > 0 && run->status != DYNO_RUN_INTERRUPTED)
    badges[n++] = (DynoRunBadge){ _ ("gaps"), DYNO_STATUS_WARN };
  if (run->is_simulator || run->source == DYNO_SOURCE_SIMULATOR)
    badges[n++] = (DynoRunBadge){ _ ("SIMULATOR"), DYNO_STATUS_OFF };
  else if (run->source != DYNO_SOURCE_CAPTURE)
    badges[n++] = (DynoRunBadge){ dyno_run_words_source (run), DYNO_STATUS_OFF };
  g_assert (n <= DYNO_RUN_MAX_BADGES);

  return n;
}

char *
dyno_run_words_caption (const DynoRun *run)
{
  DynoRunBadge badges[DYNO_RUN_MAX_BADGES];
  guint n = dyno_run_words_badges (run, badges);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", badges[i].word);
  if (run->vehicle_label != NULL && run->title != NULL && *run->title != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", run->title);
  if (text->len == 0)
    g_string_append (text, dyno_run_words_source (run));

  return g_string_free (text, FALSE);
}

char *
dyno_run_words_gaps (const DynoRun *run)
{
  g_autofree char *lost = dyno_wording_percent (run->loss_pct);

  if (run->n_gaps == 0)
    return NULL;

  return g_strdup_printf (ngettext ("%u gap, %s of the readings lost",
                                    "%u gaps, %s of the readings lost", run->n_gaps),
                          run->n_gaps, lost);
}

char *
dyno_run_words_tags (const DynoRun *run)
{
  return run->tags != NULL ? g_strjoinv (", ", run->tags) : g_strdup ("");
}

char *
dyno_run_words_factor (double factor,
                       int    decimals)
{
  char format[8];
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (factor))
    return g_strdup (DYNO_DASH_TEXT);

  g_snprintf (format, sizeof format, "%%.%df", decimals);

  return g_strdup (g_ascii_formatd (text, sizeof text, format, factor));
}

char *
dyno_run_words_row (const DynoRun *run,
                    DynoUnitSet    units,
                    gint64         now_ms)
{
  g_autofree char *name = dyno_run_words_name (run);
  g_autofree char *when = dyno_wording_when (run->started_ms, now_ms);
  g_autofree char *power = dyno_wording_quantity (units, DYNO_QUANTITY_POWER, run->peaks.power_kw);
  g_autofree char *torque =
      dyno_wording_quantity (units, DYNO_QUANTITY_TORQUE, run->peaks.torque_nm);
  g_autofree char *caption = dyno_run_words_caption (run);
  g_autofree char *tags = dyno_run_words_tags (run);
  const char *vehicle = run->vehicle_label != NULL ? run->vehicle_label : _ ("No vehicle");
  const char *star = run->is_starred ? _ (", starred") : "";
  const char *comma = *tags != '\0' ? ", " : "";

  return g_strconcat (name, ", ", when, ", ", vehicle, ", ", power, ", ", torque, ", ", caption,
                      star, comma, tags, NULL);
}

const char *
dyno_run_words_no_curve (const DynoPower *power)
{
  if (power->curve->n > 0)
    return NULL;
  if (power->input == DYNO_POWER_FROM_NOTHING)
    return _ ("This run has no channels that make power: it takes force and speed, torque and "
              "rpm, power and rpm, or speed with the dyno’s mass.");

  switch (power->trim)
    {
    case DYNO_TRIM_NO_RISE:
      return _ ("The engine speed does not rise under load in this run: there is no pull in it.");
    case DYNO_TRIM_NO_LOAD:
      return _ ("The throttle never opens and the drum never speeds up: there is no pull in it.");
    case DYNO_TRIM_TOO_SHORT:
    case DYNO_TRIM_OK:
    default:
      return _ ("The pull is too short for a curve: it takes 20 samples over 500 rpm.");
    }
}

char *
dyno_run_words_view (const DynoPower *power)
{
  const DynoStandardInfo *info = dyno_standard_info (power->correction.standard);
  g_autofree char *factor = dyno_run_words_factor (power->correction.factor, 3);
  guint level = power->curve->level;

  if (level == 0)
    return g_strdup_printf (_ ("%s × %s, not smoothed"), _ (info->title), factor);

  return g_strdup_printf (_ ("%s × %s, smoothing %u (±%.0f rpm)"), _ (info->title), factor, level,
                          dyno_curve_half_rpm (level));
}
