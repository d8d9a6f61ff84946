/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-folder.h"

#include "dyno-error.h"
#include "dyno-folder-private.h"

static void
write_failure (DynoJsonWriter *w,
               const GError   *failure)
{
  DynoErrorCode code
    = failure->domain == DYNO_ERROR ? (DynoErrorCode) failure->code : DYNO_ERROR_INTERNAL;

  dyno_json_writer_name (w, "error");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "code", dyno_error_code_name (code));
  dyno_json_writer_add_string (w, "reason", dyno_error_get_reason (failure));
  dyno_json_writer_add_string (w, "message", failure->message);
  dyno_json_writer_end_object (w);
}

static void
write_file (DynoJsonWriter       *w,
            const DynoFolderFile *file)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "file", file->name);
  dyno_json_writer_add_string (w, "state", dyno_folder_state_name (file->state));
  dyno_json_writer_add_boolean (w, "ok", file->figures != NULL);
  if (file->figures != NULL)
    dyno_folder_figures_write (w, file->figures);
  if (file->failure != NULL)
    write_failure (w, file->failure);
  dyno_json_writer_end_object (w);
}

static void
write_totals (DynoJsonWriter          *w,
              const DynoFolderSummary *summary)
{
  guint64 n_rows = 0;
  guint64 n_hits = 0;
  guint n_cells = 0;

  for (guint i = 0; i < summary->files->len; i++)
    {
      const DynoFolderFile *file = g_ptr_array_index (summary->files, i);

      if (file->figures == NULL)
        continue;
      n_rows += file->figures->rows;
      n_hits += file->figures->hits_front + file->figures->hits_rear;
      n_cells += file->figures->cells_front + file->figures->cells_rear;
    }

  dyno_json_writer_name (w, "totals");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "files", summary->files->len);
  dyno_json_writer_add_integer (w, "done", summary->n[DYNO_FOLDER_DONE]);
  dyno_json_writer_add_integer (w, "kept", summary->n[DYNO_FOLDER_KEPT]);
  dyno_json_writer_add_integer (w, "failed", summary->n[DYNO_FOLDER_FAILED]);
  dyno_json_writer_add_integer (w, "waiting", summary->n[DYNO_FOLDER_WAITING]);
  dyno_json_writer_add_integer (w, "rows", (gint64) n_rows);
  dyno_json_writer_add_integer (w, "hits", (gint64) n_hits);
  dyno_json_writer_add_integer (w, "cells", n_cells);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_folder (DynoJsonWriter          *w,
                   const DynoFolderSummary *summary)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "files");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < summary->files->len; i++)
    write_file (w, g_ptr_array_index (summary->files, i));
  dyno_json_writer_end_array (w);
  write_totals (w, summary);
  dyno_json_writer_end_object (w);
}
