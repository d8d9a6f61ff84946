/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Samples on the wire; part of dyno-run-samples.h. */

#include "config.h"

#include "dyno-run-samples.h"

#include <math.h>

#include "dyno-export-cell.h"

static void
write_numbers (DynoJsonWriter *w,
               const double   *values,
               gsize           n)
{
  if (values == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }

  dyno_json_writer_begin_array (w);
  for (gsize i = 0; i < n; i++)
    dyno_json_writer_number (w, values[i]);
  dyno_json_writer_end_array (w);
}

static void
write_gaps (DynoJsonWriter       *w,
            const DynoRunSamples *self)
{
  dyno_json_writer_name (w, "gaps");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->gaps->len; i++)
    {
      const DynoRunGap *gap = &g_array_index (self->gaps, DynoRunGap, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_number (w, "from_s", gap->from_s);
      dyno_json_writer_add_number (w, "to_s", gap->to_s);
      dyno_json_writer_add_number (w, "lost", gap->lost);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

void
dyno_run_samples_shape (DynoJsonWriter       *w,
                        const DynoRunSamples *self)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "t_s");
  write_numbers (w, self->t_s, self->n);
  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; self->names[i] != NULL; i++)
    {
      dyno_json_writer_name (w, self->names[i]);
      write_numbers (w, self->values[i], self->n);
    }
  dyno_json_writer_end_object (w);
  write_gaps (w, self);
  dyno_json_writer_end_object (w);
}

GBytes *
dyno_run_samples_csv (const DynoRunSamples *self)
{
  GString *text = g_string_new ("t_s");
  gsize length;

  for (guint i = 0; self->names[i] != NULL; i++)
    {
      g_string_append_c (text, ',');
      dyno_export_add_text (text, self->names[i], ',');
    }
  g_string_append (text, "\r\n");
  for (gsize row = 0; row < self->n; row++)
    {
      dyno_export_add_number (text, self->t_s[row], DYNO_EXPORT_FULL, '.');
      for (guint i = 0; self->names[i] != NULL; i++)
        {
          g_string_append_c (text, ',');
          dyno_export_add_number (text, self->values[i] != NULL ? self->values[i][row] : NAN,
                                  DYNO_EXPORT_FULL, '.');
        }
      g_string_append (text, "\r\n");
    }
  length = text->len;

  return g_bytes_new_take (g_string_free (text, FALSE), length);
}
