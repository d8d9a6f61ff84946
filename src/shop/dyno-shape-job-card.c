/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-job-card.h"

#include <string.h>

#include "dyno-shape-private.h"

#define DECIMALS 4

/* What a job made, by the prefix of its id. */
static const struct
{
  const char *prefix;
  const char *type;
} types[] = {
  { "ana_", "analysis" }, { "run_", "run" },       { "tune_", "tune" },
  { "bak_", "backup" },   { "exp_", "export" },    { "vts_", "session" },
};

static const char *
type_of (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (g_str_has_prefix (id, types[i].prefix))
        return types[i].type;
    }

  return NULL;
}

static void
write_result (DynoJsonWriter    *w,
              const DynoJobCard *card)
{
  const char *type = card->subject != NULL && card->state == DYNO_JOB_RECORD_SUCCEEDED
                       ? type_of (card->subject) : NULL;

  dyno_json_writer_name (w, "result");
  if (type == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "type", type);
  dyno_json_writer_add_string (w, "id", card->subject);
  dyno_json_writer_end_object (w);
}

/* A sentence that names a folder of this machine stays in the log. */
static const char *
error_of (const DynoJobCard *card)
{
  if (card->error == NULL)
    return NULL;

  return strstr (card->error, " /") != NULL || strstr (card->error, "“/") != NULL
             || *card->error == '/'
           ? "It failed. The log of the program says why." : card->error;
}

static void
write_progress (DynoJsonWriter    *w,
                const DynoJobCard *card)
{
  dyno_json_writer_add_rounded (w, "progress", card->progress, DECIMALS);
  dyno_shape_add_text (w, "stage", card->stage);
  dyno_json_writer_add_string (w, "message", card->title);
}

void
dyno_shape_job_card (DynoJsonWriter    *w,
                     const DynoJobCard *card)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", card->id);
  dyno_json_writer_add_string (w, "kind", card->kind);
  dyno_json_writer_add_string (w, "state", dyno_job_record_state_name (card->state));
  write_progress (w, card);
  write_result (w, card);
  dyno_json_writer_add_string (w, "error", error_of (card));
  dyno_json_writer_name (w, "input");
  if (card->input != NULL)
    dyno_json_writer_raw (w, card->input);
  else
    dyno_json_writer_null (w);
  dyno_shape_add_time_ms (w, "created_at", card->created_ms);
  dyno_shape_add_time_ms (w, "started_at", card->started_ms);
  dyno_shape_add_time_ms (w, "finished_at", card->finished_ms);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_job_progress (DynoJsonWriter    *w,
                         const DynoJobCard *card)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "job_id", card->id);
  write_progress (w, card);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_job_end (DynoJsonWriter    *w,
                    const DynoJobCard *card)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "job_id", card->id);
  dyno_json_writer_add_string (w, "state", dyno_job_record_state_name (card->state));
  write_result (w, card);
  dyno_json_writer_add_string (w, "error", error_of (card));
  dyno_json_writer_end_object (w);
}
