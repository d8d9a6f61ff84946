/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Corrections into tables: preview, apply, roll back, merge. The mark of an
 * Idempotency-Key is written by the shop, with the change. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-table-fields.h"
#include "dyno-shape-change.h"
#include "dyno-shape-tune.h"

/* What is asked for */

static DynoTableSide
side_of (const char *cylinder)
{
  DynoTableSide side = DYNO_TABLE_BOTH;

  if (cylinder != NULL)
    dyno_table_side_find (cylinder, &side);

  return side;
}

static void
take_limits (const DynoJson    *limits,
             DynoChangeOptions *options)
{
  static const char *const names[DYNO_N_LIMITS] = { "high", "medium", "low" };

  for (guint i = 0; i < DYNO_N_LIMITS; i++)
    options->limits[i] = dyno_json_get_number (limits, names[i], options->limits[i]);
}

/* FALSE, and answered, for a reason that says nothing. */
static gboolean
take_overrides (DynoRequest       *request,
                DynoChangeOptions *options)
{
  const DynoJson *list = dyno_request_value (request, "overrides");

  for (guint i = 0; i < dyno_json_n_elements (list); i++)
    {
      const DynoJson *cell = dyno_json_element (list, i);
      gboolean is_skip = g_str_equal (dyno_json_get_string (cell, "action"), "skip");
      g_autoptr(DynoAnalysisError) cause = NULL;

      if (dyno_change_options_override (options, dyno_json_get_number (cell, "rpm", 0),
                                        dyno_json_get_number (cell, "map_kpa", 0),
                                        side_of (dyno_json_get_string (cell, "cylinder")),
                                        is_skip ? DYNO_OVERRIDE_SKIP : DYNO_OVERRIDE_ALLOW,
                                        dyno_json_get_string (cell, "reason"), &cause))
        continue;
      dyno_reply_problem (request, &(DynoProblem) { .code = "VALIDATION_ERROR",
                                                    .message = cause->message });
      return FALSE;
    }

  return TRUE;
}

/* The table of the path first: it is the one that If-Match speaks of. */
static void
take_bases (DynoRequest     *request,
            DynoTuneRequest *tune)
{
  const char *id = dyno_request_text (request, "id");
  g_auto(GStrv) others = dyno_request_texts (request, "table_ids");

  dyno_tune_request_add_base (tune, id, DYNO_TABLE_BOTH);
  for (char **other = others; other != NULL && *other != NULL; other++)
    {
      if (!g_str_equal (*other, id))
        dyno_tune_request_add_base (tune, *other, DYNO_TABLE_BOTH);
    }
}

/* NULL, and answered, for what cannot be. (transfer full) */
static DynoTuneRequest *
make_tune_request (DynoRequest *request)
{
  g_autoptr(DynoTuneRequest) tune = dyno_tune_request_new ();

  take_bases (request, tune);
  take_limits (dyno_request_value (request, "limits"), tune->options);
  if (dyno_request_value (request, "clamp_pct") != NULL)
    tune->options->clamp_pct = dyno_request_number (request, "clamp_pct");
  dyno_bounds_find (dyno_request_text (request, "bounds"), &tune->options->bounds);
  tune->options->side = side_of (dyno_request_text (request, "cylinder"));
  tune->analysis_id = g_strdup (dyno_request_text (request, "analysis_id"));

  return take_overrides (request, tune->options) ? g_steal_pointer (&tune) : NULL;
}

/* Preview */

static void
reply_preview (DynoRequest     *request,
               DynoTunePreview *preview)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_tune_preview (w, preview);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (previewed, DynoTunePreview, dyno_tune_preview_finish, reply_preview)

static void
preview_change (DynoRequest *request)
{
  DynoTuneRequest *tune = make_tune_request (request);

  if (tune != NULL)
    DYNO_API_ASK (request, previewed, dyno_tune_preview_async, tune);
}

/* Apply */

/* The same words as the preview has for what forbids the change. */
static void
reply_blocked (DynoRequest     *request,
               DynoTunePreview *preview)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  g_autofree char *details = NULL;
  g_autoptr(DynoJson) json = NULL;

  dyno_shape_tune_preview (w, preview);
  text = dyno_json_writer_finish (w);
  json = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "blocked");
  dyno_json_writer_value (w, dyno_json_member (json, "blocked"));
  dyno_json_writer_end_object (w);
  details = dyno_json_writer_finish (w);
  dyno_reply_problem (request, &(DynoProblem) { .code = "CHANGE_BLOCKED", .details = details });
}

DYNO_API_ANSWER (blocks_found, DynoTunePreview, dyno_tune_preview_finish, reply_blocked)

static void
reply_applied (DynoRequest     *request,
               DynoTuneApplied *applied)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  const DynoChangeRecord *change
    = dyno_shape_change_find (applied->changes, dyno_request_text (request, "id"));

  dyno_shape_change_applied (w, applied);
  dyno_reply_tag (request, change->table_id, change->version_after);
  dyno_reply_json (request, w);
}

static void
applied_cb (GObject      *unused,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoTuneApplied) applied = dyno_tune_apply_finish (result, &error);

  if (applied != NULL)
    reply_applied (request, applied);
  else if (g_strcmp0 (dyno_error_get_reason (error), "CHANGE_BLOCKED") == 0)
    DYNO_API_ASK (request, blocks_found, dyno_tune_preview_async, make_tune_request (request));
  else
    dyno_reply_error (request, error);
}

static void
apply_change (DynoRequest *request)
{
  DynoTuneRequest *tune = make_tune_request (request);

  if (tune == NULL)
    return;
  tune->shown_version = (int) dyno_request_get_version (request);
  tune->preview_sha256 = g_strdup (dyno_request_text (request, "preview_sha256"));
  tune->comment = g_strdup (dyno_request_text (request, "comment"));
  tune->made_by = g_strdup (dyno_request_get_principal (request)->user_id);
  DYNO_API_ASK (request, applied_cb, dyno_tune_apply_async, tune);
}

/* Roll back */

static void
reply_restored (DynoRequest      *request,
                DynoTuneRestored *restored)
{
  const char *id = dyno_request_text (request, "id");
  const DynoChangeRecord *change = dyno_shape_change_find (restored->changes, id);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_change_restored (w, restored, id);
  dyno_reply_tag (request, change->table_id, change->version_after);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (restored_cb, DynoTuneRestored, dyno_tune_rollback_finish, reply_restored)

static void
roll_back (DynoRequest *request)
{
  DYNO_API_ASK (request, restored_cb, dyno_tune_rollback_shown_async,
                dyno_request_text (request, "id"), (int) dyno_request_get_version (request),
                dyno_request_text (request, "change_id"), dyno_request_text (request, "comment"),
                dyno_request_get_principal (request)->user_id);
}

/* Merge */

static DynoMergePrefer
prefer_of (const char *word)
{
  if (word == NULL)
    return DYNO_MERGE_ASK;

  return g_str_equal (word, "ours") ? DYNO_MERGE_OURS : DYNO_MERGE_THEIRS;
}

static void
take_choices (const DynoJson *list,
              GArray         *choices)
{
  for (guint i = 0; i < dyno_json_n_elements (list); i++)
    {
      const DynoJson *cell = dyno_json_element (list, i);
      DynoMergeChoice choice = { dyno_json_get_number (cell, "rpm", 0),
                                 dyno_json_get_number (cell, "map_kpa", 0),
                                 prefer_of (dyno_json_get_string (cell, "take")) };

      g_array_append_val (choices, choice);
    }
}

static void
reply_merged (DynoRequest    *request,
              DynoTuneMerged *merged)
{
  gboolean is_open = merged->conflicts->len > 0 && !dyno_request_boolean (request, "dry_run");
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *details = NULL;

  dyno_shape_tune_merged (w, merged);
  if (!is_open)
    {
      if (merged->change != NULL)
        dyno_reply_tag (request, merged->change->table_id, merged->change->version_after);
      dyno_reply_json (request, w);
      return;
    }
  details = dyno_json_writer_finish (w);
  dyno_reply_problem (request, &(DynoProblem) { .code = "CONFLICT", .reason = "open_conflicts",
                                                .message = "Both edits changed some cells. Say "
                                                           "for each of them whose value it gets.",
                                                .details = details });
}

DYNO_API_ANSWER (merged_cb, DynoTuneMerged, dyno_tune_merge_finish, reply_merged)

static void
merge_tables (DynoRequest *request)
{
  DynoTuneMergeRequest *merge = dyno_tune_merge_request_new ();

  merge->ours = g_strdup (dyno_request_text (request, "id"));
  merge->theirs = g_strdup (dyno_request_text (request, "theirs_id"));
  merge->base_version = (int) dyno_request_integer (request, "base_version");
  merge->shown_version = (int) dyno_request_get_version (request);
  merge->prefer = prefer_of (dyno_request_text (request, "prefer"));
  take_choices (dyno_request_value (request, "resolve"), merge->choices);
  merge->dry_run = dyno_request_boolean (request, "dry_run");
  merge->comment = g_strdup (dyno_request_text (request, "comment"));
  merge->made_by = g_strdup (dyno_request_get_principal (request)->user_id);
  DYNO_API_ASK (request, merged_cb, dyno_tune_merge_async, merge);
}

/* The rows */

#define CHANGES (DYNO_ROUTE_IDEMPOTENT | DYNO_ROUTE_IF_MATCH)

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/v1/tables/{id}/preview", DYNO_MAY (TUNE_READ), preview_change,
              .args = dyno_table_args, .body = dyno_table_preview_body,
              .reply = &dyno_table_preview_schema, .also = DYNO_STATUSES (409, 422),
              .summary = "What a correction would do", .description = "Writes nothing."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/tables/{id}/apply", DYNO_MAY (TUNE_APPLY), apply_change,
              .flags = CHANGES, .args = dyno_table_args, .body = dyno_table_apply_body,
              .reply = &dyno_table_change_schema, .also = DYNO_STATUSES (409, 422),
              .summary = "Applies a correction",
              .description = "Only what the preview showed is written; front and rear in one "
                             "transaction."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/tables/{id}/rollback", DYNO_MAY (TUNE_APPLY), roll_back,
              .flags = CHANGES, .args = dyno_table_args, .body = dyno_table_rollback_body,
              .reply = &dyno_table_change_schema, .also = DYNO_STATUSES (409),
              .summary = "Takes a change back",
              .description = "The bytes before the change, of all its tables. Refused while newer "
                             "changes stand on it."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/tables/{id}/merge", DYNO_MAY (TUNE_APPLY), merge_tables,
              .flags = CHANGES, .args = dyno_table_args, .body = dyno_table_merge_body,
              .reply = &dyno_table_merge_schema, .also = DYNO_STATUSES (409, 422),
              .summary = "Joins two edits of a table",
              .description = "With dry_run it only tells; without, open conflicts are refused."),
};

const DynoRouteTable dyno_api_table_changes = {
  "Changes of tables", "Corrections into tables, and back.", rows, G_N_ELEMENTS (rows)
};
