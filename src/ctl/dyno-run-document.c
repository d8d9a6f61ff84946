/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-document.h"

#include "dyno-channel.h"
#include "dyno-clock.h"

#include <math.h>

static char *
dup_text (const DynoJson *object,
          const char     *name)
{
  return g_strdup (dyno_json_get_string (object, name));
}

static char *
dup_filled (const DynoJson *object,
            const char     *name)
{
  const char *text = dyno_json_get_string (object, name);

  return g_strdup (text != NULL ? text : "");
}

static gint64
get_ms (const DynoJson *object,
        const char     *name)
{
  const char *text = dyno_json_get_string (object, name);
  gint64 us;

  return text != NULL && dyno_clock_parse_utc (text, &us) ? us / 1000 : 0;
}

static char **
dup_words (const DynoJson *array)
{
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    {
      const char *word = dyno_json_string (dyno_json_element (array, i));

      if (word != NULL)
        g_strv_builder_add (words, word);
    }

  return g_strv_builder_end (words);
}

static void
read_peaks (DynoRunPeaks   *peaks,
            const DynoJson *run)
{
  const DynoJson *correction = dyno_json_member (run, "correction");

  peaks->power_kw = dyno_json_get_number (run, "peak_power_kw", NAN);
  peaks->power_rpm = dyno_json_get_number (run, "peak_power_rpm", NAN);
  peaks->torque_nm = dyno_json_get_number (run, "peak_torque_nm", NAN);
  peaks->torque_rpm = dyno_json_get_number (run, "peak_torque_rpm", NAN);
  peaks->mean_afr = dyno_json_get_number (run, "mean_afr", NAN);
  peaks->correction = dup_text (correction, "standard");
  peaks->factor = dyno_json_get_number (correction, "factor", NAN);
  peaks->smoothing = 2; /* what the summary of a run is always made with */
}

DynoRun *
dyno_run_document_read (const DynoJson *document)
{
  DynoRun *run = dyno_run_new ();
  const char *status = dyno_json_get_string (document, "status");
  const char *source = dyno_json_get_string (document, "source");

  run->id = dup_text (document, "id");
  run->number = dyno_json_get_integer (document, "number", 0);
  run->revision = dyno_json_get_integer (document, "version", 0);
  run->deleted_ms = get_ms (document, "deleted_at");
  run->started_ms = get_ms (document, "started_at");
  run->duration_s = dyno_json_get_number (document, "duration_s", NAN);
  run->vehicle_label = dup_text (dyno_json_member (document, "vehicle"), "label");
  run->customer_name = dup_text (dyno_json_member (document, "customer"), "name");
  g_free (run->title);
  run->title = dup_filled (document, "title");
  g_free (run->notes);
  run->notes = dup_filled (document, "notes");
  run->tags = dup_words (dyno_json_member (document, "tags"));
  run->is_starred = dyno_json_get_boolean (document, "starred", FALSE);
  run->status = (DynoRunStatus) MAX (status != NULL ? dyno_run_status_find (status) : -1, 0);
  run->source = (DynoRunSource) MAX (source != NULL ? dyno_run_source_find (source) : -1, 0);
  run->error = dup_text (document, "error");
  read_peaks (&run->peaks, document);

  return run;
}

static GPtrArray *
read_channels (const DynoJson *array)
{
  GPtrArray *channels = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_channel_free);

  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    {
      const DynoJson *one = dyno_json_element (array, i);
      const char *canonical = dyno_json_get_string (one, "canonical");
      DynoRunChannel *channel = g_new0 (DynoRunChannel, 1);

      channel->name = dup_filled (one, "name");
      channel->channel = canonical != NULL ? dyno_channel_find (canonical) : DYNO_CHANNEL_NONE;
      g_ptr_array_add (channels, channel);
    }

  return channels;
}

static GPtrArray *
read_marks (const DynoJson *array)
{
  GPtrArray *marks = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_mark_free);

  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    {
      const DynoJson *one = dyno_json_element (array, i);
      const char *kind = dyno_json_get_string (one, "kind");
      double at_s = dyno_json_get_number (one, "t_s", 0);

      g_ptr_array_add (marks, dyno_run_mark_new ((gint64) (at_s * G_USEC_PER_SEC),
                                                 kind != NULL ? kind : "mark",
                                                 (int) dyno_json_get_integer (one, "n", 0),
                                                 dyno_json_get_string (one, "text")));
    }

  return marks;
}

DynoRunDetail *
dyno_run_document_read_detail (const DynoJson *document)
{
  const DynoJson *capture = dyno_json_member (document, "capture");
  DynoRunDetail *detail = g_new0 (DynoRunDetail, 1);

  detail->run = dyno_run_document_read (document);
  detail->run->origin_us = 0;
  detail->run->provider = dup_text (capture, "provider");
  detail->run->loss_pct = dyno_json_get_number (capture, "loss", NAN);
  detail->run->n_gaps = dyno_json_n_elements (dyno_json_member (capture, "gaps"));
  detail->channels = read_channels (dyno_json_member (document, "channels"));
  detail->marks = read_marks (dyno_json_member (document, "markers"));
  detail->files = g_ptr_array_new ();

  return detail;
}
