/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-report.h"

#include "dyno-json.h"

#include <math.h>

/* The order of the members is that of formats.md A.10, attachments behind them. */

static void
add_names (DynoJsonWriter  *w,
           const char      *member,
           const GPtrArray *names)
{
  dyno_json_writer_name (w, member);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < names->len; i++)
    dyno_json_writer_string (w, g_ptr_array_index (names, i));
  dyno_json_writer_end_array (w);
}

static void
add_count (DynoJsonWriter *w,
           const char     *member,
           guint64         count)
{
  dyno_json_writer_add_integer (w, member, (gint64) count);
}

static void
add_source (DynoJsonWriter         *w,
            const DynoImportReport *self,
            const char             *run_id)
{
  const char delimiter[] = { self->delimiter, '\0' };
  const char decimal[] = { self->decimal, '\0' };

  dyno_json_writer_add_string (w, "file", self->file);
  dyno_json_writer_add_string (w, "sha256", self->sha256);
  add_count (w, "bytes", self->bytes);
  dyno_json_writer_add_string (w, "run_id", run_id);
  dyno_json_writer_add_string (w, "dialect", self->dialect);
  dyno_json_writer_add_string (w, "encoding", self->encoding);
  dyno_json_writer_add_string (w, "newline", self->newline);
  dyno_json_writer_add_string (w, "delimiter", self->delimiter != '\0' ? delimiter : NULL);
  dyno_json_writer_add_string (w, "decimal", self->decimal != '\0' ? decimal : NULL);
  add_count (w, "preamble_lines", self->preamble_lines);
  add_count (w, "header_line", self->header_line);
  dyno_json_writer_add_boolean (w, "unit_row", self->has_unit_row);
  dyno_json_writer_add_string (w, "header_hash", self->header_hash);
}

static void
add_shape (DynoJsonWriter         *w,
           const DynoImportReport *self)
{
  add_count (w, "rows", self->rows);
  add_count (w, "columns", self->columns);
  add_count (w, "nameless_columns", self->nameless_columns);
  dyno_json_writer_add_number (w, "duration_s", self->duration_s);
  dyno_json_writer_add_rounded (w, "rate_hz", self->rate_hz, 3);
  dyno_json_writer_name (w, "step_ms");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "median", self->step_median_ms, 6);
  dyno_json_writer_add_rounded (w, "min", self->step_min_ms, 6);
  dyno_json_writer_add_rounded (w, "p99", self->step_p99_ms, 6);
  dyno_json_writer_add_rounded (w, "max", self->step_max_ms, 6);
  dyno_json_writer_end_object (w);
}

static void
add_time (DynoJsonWriter       *w,
          const DynoImportTime *time)
{
  dyno_json_writer_name (w, "time");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "column", time->column);
  dyno_json_writer_add_string (w, "form", time->form);
  dyno_json_writer_add_string (w, "first", time->first);
  dyno_json_writer_add_string (w, "date", time->date);
  dyno_json_writer_add_string (w, "offset", time->offset);
  add_count (w, "wraps", time->wraps);
  add_count (w, "restarts", time->restarts);
  add_count (w, "equal", time->equal);
  add_count (w, "backward", time->backward);
  add_count (w, "midnights", time->midnights);
  add_count (w, "clock_jumps", time->clock_jumps);
  dyno_json_writer_end_object (w);
}

static const char *
channel_name (DynoChannel channel)
{
  return channel != DYNO_CHANNEL_NONE ? dyno_channel_info (channel)->name : NULL;
}

static void
add_channel (DynoJsonWriter          *w,
             const DynoImportChannel *channel)
{
  const char *spelt = channel->unit_text[0] != '\0' ? channel->unit_text : NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "column", channel->column);
  add_count (w, "index", channel->index);
  dyno_json_writer_add_string (w, "canonical", channel_name (channel->channel));
  dyno_json_writer_add_string (w, "unit", channel->unit != NULL ? channel->unit->symbol : spelt);
  dyno_json_writer_add_string (w, "unit_from", channel->unit_from);
  dyno_json_writer_add_rounded (w, "confidence", channel->confidence, 2);
  add_count (w, "n", channel->n);
  dyno_json_writer_add_number (w, "min", channel->min);
  dyno_json_writer_add_number (w, "max", channel->max);
  dyno_json_writer_add_string (w, "identical_to", channel->identical_to);
  dyno_json_writer_add_string (w, "offered", channel_name (channel->offered));
  dyno_json_writer_end_object (w);
}

static void
add_gaps (DynoJsonWriter         *w,
          const DynoImportReport *self)
{
  dyno_json_writer_name (w, "gaps");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->gaps->len; i++)
    {
      const DynoImportGap *gap = &g_array_index (self->gaps, DynoImportGap, i);

      dyno_json_writer_begin_object (w);
      add_count (w, "after_row", gap->after_row);
      dyno_json_writer_add_number (w, "at_s", gap->at_s);
      dyno_json_writer_add_rounded (w, "length_s", gap->length_s, 9);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);

  dyno_json_writer_name (w, "markers");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->markers->len; i++)
    {
      const DynoImportMarker *marker = &g_array_index (self->markers, DynoImportMarker, i);

      dyno_json_writer_begin_object (w);
      add_count (w, "before_row", marker->before_row);
      dyno_json_writer_add_number (w, "at_s", marker->at_s);
      dyno_json_writer_add_string (w, "text", marker->text);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
add_attachments (DynoJsonWriter         *w,
                 const DynoImportReport *self)
{
  dyno_json_writer_name (w, "attachments");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->attachments->len; i++)
    {
      const DynoImportAttachment *attachment
        = &g_array_index (self->attachments, DynoImportAttachment, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "name", attachment->name);
      dyno_json_writer_add_string (w, "type", attachment->type);
      add_count (w, "offset", attachment->offset);
      add_count (w, "bytes", attachment->size);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static gboolean
add_reasons (DynoJsonWriter *w,
             const char     *member,
             const guint64   rejected[DYNO_N_REJECTS])
{
  guint64 n = 0;

  for (guint r = DYNO_REJECT_NONE + 1; r < DYNO_N_REJECTS; r++)
    n += rejected[r];
  if (n == 0)
    return FALSE;

  dyno_json_writer_name (w, member);
  dyno_json_writer_begin_object (w);
  for (guint r = DYNO_REJECT_NONE + 1; r < DYNO_N_REJECTS; r++)
    {
      if (rejected[r] > 0)
        add_count (w, dyno_reject_name ((DynoReject) r), rejected[r]);
    }
  dyno_json_writer_end_object (w);

  return TRUE;
}

static void
add_rejected (DynoJsonWriter         *w,
              const DynoImportReport *self)
{
  if (!add_reasons (w, "rejected", self->rejected))
    {
      dyno_json_writer_name (w, "rejected");
      dyno_json_writer_begin_object (w);
      dyno_json_writer_end_object (w);
    }

  dyno_json_writer_name (w, "rejected_by_column");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < self->channels->len; i++)
    {
      const DynoImportChannel *channel = g_ptr_array_index (self->channels, i);

      add_reasons (w, channel->column, channel->rejected);
    }
  dyno_json_writer_end_object (w);
}

static void
add_findings (DynoJsonWriter         *w,
              const DynoImportReport *self)
{
  dyno_json_writer_name (w, "assumptions");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->assumptions->len; i++)
    {
      const DynoImportFinding *finding = g_ptr_array_index (self->assumptions, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "code", finding->code);
      dyno_json_writer_add_string (w, "column", finding->column);
      dyno_json_writer_add_string (w, "text", finding->text);
      dyno_json_writer_add_rounded (w, "confidence", finding->confidence, 2);
      dyno_json_writer_add_string (w, "change", finding->change);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);

  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->warnings->len; i++)
    {
      const DynoImportFinding *finding = g_ptr_array_index (self->warnings, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "code", finding->code);
      dyno_json_writer_add_string (w, "column", finding->column);
      dyno_json_writer_add_string (w, "text", finding->text);
      add_count (w, "count", finding->count);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

char *
dyno_import_report_to_json (const DynoImportReport *self,
                            const char             *run_id)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  add_source (w, self, run_id);
  add_shape (w, self);
  add_time (w, &self->time);
  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->channels->len; i++)
    add_channel (w, g_ptr_array_index (self->channels, i));
  dyno_json_writer_end_array (w);
  add_names (w, "empty", self->empty);
  add_names (w, "constant", self->constant);
  add_count (w, "held_rows", self->held_rows);
  add_gaps (w, self);
  add_rejected (w, self);
  add_findings (w, self);
  add_attachments (w, self);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}
