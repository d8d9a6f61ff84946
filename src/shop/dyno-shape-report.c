/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-report.h"

void
dyno_shape_report (DynoJsonWriter   *w,
                   const DynoReport *report,
                   const char       *file)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "file", file);
  dyno_json_writer_add_string (w, "sha256", report->sha256);
  dyno_json_writer_add_integer (w, "pages", report->n_pages);
  dyno_json_writer_add_integer (w, "attached", report->n_attached);
  dyno_json_writer_add_integer (w, "bytes", (gint64) g_bytes_get_size (report->pdf));
  dyno_json_writer_end_object (w);
}
