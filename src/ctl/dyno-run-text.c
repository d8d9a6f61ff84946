/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-text.h"

#include "dyno-channel.h"
#include "dyno-correction.h"
#include "dyno-print.h"

#include <math.h>

/* "78.4 kW at 5003 rpm"; NULL where there is no such number. */
static char *
peak_text (double       value,
           double       rpm,
           DynoQuantity quantity,
           DynoUnitSet  units)
{
  g_autofree char *number = NULL;
  g_autofree char *at = NULL;

  if (!isfinite (value))
    return NULL;
  number = dyno_print_quantity (value, quantity, units);
  at = dyno_print_number (rpm, 0);

  return isfinite (rpm) ? g_strdup_printf ("%s at %s rpm", number, at) : g_steal_pointer (&number);
}

static char *
peaks_text (const DynoRun *run,
            DynoUnitSet    units)
{
  g_autofree char *power
    = peak_text (run->peaks.power_kw, run->peaks.power_rpm, DYNO_QUANTITY_POWER, units);
  g_autofree char *torque
    = peak_text (run->peaks.torque_nm, run->peaks.torque_rpm, DYNO_QUANTITY_TORQUE, units);

  if (power == NULL)
    return g_strdup ("no power curve");

  return torque != NULL ? g_strdup_printf ("%s, %s", power, torque) : g_steal_pointer (&power);
}

char *
dyno_run_text_line (const DynoRun *run,
                    DynoUnitSet    units)
{
  g_autofree char *peaks = peaks_text (run, units);
  g_autofree char *duration = dyno_print_duration (run->duration_s);

  return g_strdup_printf ("Run %" G_GINT64_FORMAT ": %s, %s%s, %s", run->number, peaks, duration,
                          run->status == DYNO_RUN_COMPLETE ? "" : ", incomplete", run->id);
}

static char *
join_tags (const DynoRun *run)
{
  return run->tags != NULL ? g_strjoinv (", ", run->tags) : NULL;
}

/* A number without its unit: the head says it. */
static void
add_number (DynoListing *listing,
            double       value,
            DynoQuantity quantity,
            DynoUnitSet  units)
{
  const DynoUnit *unit = dyno_unit_shown (units, quantity);

  dyno_listing_take (listing, isfinite (value) ? dyno_unit_format (unit, value, FALSE) : NULL);
}

static void
add_run (DynoListing   *listing,
         const DynoRun *run,
         DynoUnitSet    units)
{
  g_autofree char *tags = join_tags (run);

  dyno_listing_add_f (listing, "%" G_GINT64_FORMAT, run->number);
  dyno_listing_take (listing, dyno_print_time (run->started_ms));
  add_number (listing, run->peaks.power_kw, DYNO_QUANTITY_POWER, units);
  add_number (listing, run->peaks.torque_nm, DYNO_QUANTITY_TORQUE, units);
  dyno_listing_take (listing, dyno_print_number (run->duration_s, 1));
  dyno_listing_add (listing, run->vehicle_label);
  dyno_listing_add (listing, dyno_run_source_name (run->source));
  dyno_listing_add (listing, run->status == DYNO_RUN_COMPLETE ? NULL
                                                              : dyno_run_status_name (run->status));
  dyno_listing_add (listing, tags);
  dyno_listing_add (listing, run->title);
}

DynoListing *
dyno_run_text_table (GPtrArray   *runs,
                     DynoUnitSet  units)
{
  g_autofree char *power
    = g_strconcat (">", dyno_unit_shown (units, DYNO_QUANTITY_POWER)->symbol, NULL);
  g_autofree char *torque
    = g_strconcat (">", dyno_unit_shown (units, DYNO_QUANTITY_TORQUE)->symbol, NULL);
  const char *columns[] = { ">run",   "when",   power,  torque,  ">s", "vehicle",
                            "source", "status", "tags", "title", NULL };
  DynoListing *listing = dyno_listing_new (columns);

  for (guint i = 0; i < runs->len; i++)
    add_run (listing, runs->pdata[i], units);

  return listing;
}

/* "Power     78.4 kW at 5003 rpm"; nothing without a text. Takes `text`. */
static void
append (GString    *story,
        const char *name,
        char       *text)
{
  g_autofree char *taken = text;
  g_autofree char *clean = taken != NULL ? dyno_print_clean (taken) : NULL;

  if (clean != NULL && *clean != '\0')
    g_string_append_printf (story, "%-*s%s\n", DYNO_RUN_TEXT_INDENT, name, clean);
}

static char *
correction_text (const DynoRun *run)
{
  g_autofree char *factor = dyno_print_number (run->peaks.factor, 4);
  DynoStandard standard;

  if (run->peaks.correction == NULL || !dyno_standard_find (run->peaks.correction, &standard))
    return NULL;

  return g_strdup_printf ("%s, factor %s, smoothing %d", dyno_standard_info (standard)->title,
                          factor, run->peaks.smoothing);
}

static char *
loss_text (const DynoRun *run)
{
  g_autofree char *loss = dyno_print_number (run->loss_pct, 2);

  if (!isfinite (run->loss_pct) || (run->loss_pct <= 0 && run->n_gaps == 0))
    return NULL;

  return g_strdup_printf ("%s %% of the messages lost, %u gaps", loss, run->n_gaps);
}

static void
append_channels (GString   *story,
                 GPtrArray *channels)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < channels->len; i++)
    {
      const DynoRunChannel *channel = channels->pdata[i];

      if (channel->channel == DYNO_CHANNEL_NONE)
        continue;
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "",
                              dyno_channel_info (channel->channel)->name);
    }
  append (story, "Channels", g_strdup_printf ("%u, of them known: %s", channels->len,
                                              names->len > 0 ? names->str : "none"));
  g_string_free (names, TRUE);
}

static void
append_marks (GString             *story,
              const DynoRunDetail *detail)
{
  for (guint i = 0; i < detail->marks->len; i++)
    {
      const DynoRunMark *mark = detail->marks->pdata[i];
      double at_s = (double) (mark->t_us - detail->run->origin_us) / G_USEC_PER_SEC;
      g_autofree char *time = dyno_print_number (at_s, 2);

      append (story, i == 0 ? "Marks" : "",
              g_strdup_printf ("%s s  %s%s%s", time, mark->kind,
                               mark->text != NULL && *mark->text != '\0' ? ": " : "",
                               mark->text != NULL ? mark->text : ""));
    }
}

static void
append_files (GString   *story,
              GPtrArray *files)
{
  for (guint i = 0; i < files->len; i++)
    {
      const DynoRunFile *file = files->pdata[i];
      g_autofree char *size = dyno_print_bytes ((guint64) MAX (file->bytes, 0));

      append (story, i == 0 ? "Files" : "",
              g_strdup_printf ("%s, %s%s", file->path, size,
                               file->removed_ms != 0 ? ", removed by the rules" : ""));
    }
}

char *
dyno_run_text_story (const DynoRunDetail *detail,
                     DynoUnitSet          units)
{
  const DynoRun *run = detail->run;
  GString *story = g_string_new (NULL);

  append (story, "Run", g_strdup_printf ("%" G_GINT64_FORMAT "%s%s%s", run->number,
                                         *run->title != '\0' ? ", " : "", run->title,
                                         run->is_starred ? ", starred" : ""));
  append (story, "Id", g_strdup (run->id));
  append (story, "Recorded", dyno_print_time (run->started_ms));
  append (story, "Vehicle", g_strdup (run->vehicle_label));
  append (story, "Customer", g_strdup (run->customer_name));
  append (story, "Source", g_strdup_printf ("%s%s%s", dyno_run_source_name (run->source),
                                            run->provider != NULL ? ", " : "",
                                            run->provider != NULL ? run->provider : ""));
  append (story, "Status", g_strdup_printf ("%s%s%s%s", dyno_run_status_name (run->status),
                                            run->deleted_ms != 0 ? ", in the trash" : "",
                                            run->error != NULL ? ": " : "",
                                            run->error != NULL ? run->error : ""));
  append (story, "Length", dyno_print_duration (run->duration_s));
  append (story, "Power", peak_text (run->peaks.power_kw, run->peaks.power_rpm, DYNO_QUANTITY_POWER,
                                     units));
  append (story, "Torque", peak_text (run->peaks.torque_nm, run->peaks.torque_rpm,
                                      DYNO_QUANTITY_TORQUE, units));
  append (story, "Corrected", correction_text (run));
  append (story, "Mean AFR",
          isfinite (run->peaks.mean_afr) ? dyno_print_number (run->peaks.mean_afr, 2) : NULL);
  append (story, "Link", loss_text (run));
  append (story, "Tags", join_tags (run));
  append (story, "Notes", g_strdup (run->notes));
  append_channels (story, detail->channels);
  append_marks (story, detail);
  append_files (story, detail->files);

  return g_string_free (story, FALSE);
}
