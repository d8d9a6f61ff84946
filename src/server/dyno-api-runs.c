/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The run book. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-run-fields.h"
#include "dyno-shape-run-view.h"

/* Lists */

static const DynoField list_query[] = {
  { "q", DYNO_TEXT (0, 200), 0, "Words in title, notes, tags, vehicle or customer" },
  { "status", DYNO_WORD ("pending|processing|complete|error|interrupted"), 0, "Only these" },
  { "source", DYNO_WORD ("capture|upload|simulator|jetstream|watch"), 0, "Only these" },
  { "vehicle_id", DYNO_ID ("veh"), 0, "Only runs of this vehicle" },
  { "customer_id", DYNO_ID ("cus"), 0, "Only runs of this customer's vehicles" },
  { "tag", DYNO_TEXT (1, 32), 0, "Only runs with this tag" },
  { "starred", DYNO_BOOLEAN, 0, "Only runs with a star, or only those without" },
  { "from", DYNO_TIME, 0, "Only runs that began then or later" },
  { "to", DYNO_TIME, 0, "Only runs that began before" },
  { "sort", DYNO_WORD ("-started_at|started_at|-peak_power_kw"), 0, "The order", "-started_at" },
  { NULL }
};

static DynoRunSort
read_sort (const char *word)
{
  if (g_str_equal (word, "started_at"))
    return DYNO_SORT_OLDEST;

  return g_str_equal (word, "-peak_power_kw") ? DYNO_SORT_POWER_DOWN : DYNO_SORT_NEWEST;
}

/* A set with the one bit of a word; 0, which is all, without one. */
static guint
read_bit (const char *word,
          int       (*find) (const char *name))
{
  return word != NULL ? 1u << find (word) : 0;
}

/* (transfer full) */
static DynoRunQuery *
read_query (DynoRequest *request)
{
  DynoRunQuery *query = dyno_run_query_new ();
  const char *tag = dyno_request_text (request, "tag");

  query->text = g_strdup (dyno_request_text (request, "q"));
  query->statuses = read_bit (dyno_request_text (request, "status"), dyno_run_status_find);
  query->sources = read_bit (dyno_request_text (request, "source"), dyno_run_source_find);
  query->vehicle_id = g_strdup (dyno_request_text (request, "vehicle_id"));
  query->customer_id = g_strdup (dyno_request_text (request, "customer_id"));
  if (tag != NULL)
    query->tags = g_strdupv ((char *[]) { (char *) tag, NULL });
  query->is_starred = dyno_request_boolean (request, "starred");
  query->is_plain = dyno_request_has (request, "starred") && !query->is_starred;
  query->from_ms = dyno_request_time_us (request, "from") / 1000;
  query->to_ms = dyno_request_time_us (request, "to") / 1000;
  query->sort = read_sort (dyno_request_text (request, "sort"));
  query->limit = dyno_request_get_limit (request);
  query->cursor = g_strdup (dyno_request_get_cursor (request));

  return query;
}

static void
reply_runs (DynoRequest *request,
            DynoRunList *list)
{
  DynoJsonWriter *w = dyno_reply_page_begin (request);

  for (guint i = 0; i < list->page->runs->len; i++)
    {
      const DynoRun *run = g_ptr_array_index (list->page->runs, i);

      dyno_shape_run_card (w, run, dyno_run_list_verdict (list, run->id));
    }
  dyno_reply_page_end (request, w, list->page->cursor);
}

DYNO_API_ANSWER (runs_listed, DynoRunList, dyno_run_list_finish, reply_runs)

static void
list_runs (DynoRequest *request)
{
  DYNO_API_ASK (request, runs_listed, dyno_run_list_async, read_query (request));
}

/* One run */

static void
reply_run (DynoRequest *request,
           DynoRunView *view)
{
  const DynoRun *run = view->detail->run;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_reply_tag (request, run->id, run->revision);
  dyno_shape_run_view (w, view);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (run_found, DynoRunView, dyno_run_view_finish, reply_run)

static void
get_run (DynoRequest *request)
{
  DYNO_API_ASK (request, run_found, dyno_run_view_async, dyno_request_text (request, "id"));
}

static const DynoField run_patch[] = {
  { "title", DYNO_TITLE, 0, "What people call it" },
  { "notes", DYNO_NOTES, DYNO_NULLABLE, "Notes" },
  { "tags", DYNO_TAGS, 0, "All tags of it" },
  { "starred", DYNO_BOOLEAN, 0, "Kept for ever" },
  { "baseline", DYNO_BOOLEAN, 0, "Others are held against it" },
  { "vehicle_id", DYNO_ID ("veh"), DYNO_NULLABLE, "What was run" },
  { "gear", DYNO_INTEGER (1, 10), DYNO_NULLABLE, "Gear of the pull" },
  { NULL }
};

/* Which of them the client sent. */
static DynoRunFields
read_fields (DynoRequest *request)
{
  static const struct
  {
    const char   *name;
    DynoRunFields field;
  } fields[] = {
    { "title", DYNO_RUN_TITLE },       { "notes", DYNO_RUN_NOTES },
    { "tags", DYNO_RUN_TAGS },         { "starred", DYNO_RUN_STAR },
    { "baseline", DYNO_RUN_BASELINE }, { "vehicle_id", DYNO_RUN_VEHICLE },
    { "gear", DYNO_RUN_GEAR },
  };
  DynoRunFields set = 0;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (dyno_request_has (request, fields[i].name))
        set |= fields[i].field;
    }

  return set;
}

static void
reply_changed (DynoRequest *request,
               DynoRun     *run)
{
  DYNO_API_ASK (request, run_found, dyno_run_view_async, run->id);
}

DYNO_API_ANSWER (run_changed, DynoRun, dyno_runbook_edit_finish, reply_changed)

static void
patch_run (DynoRequest *request)
{
  DynoRun *run = dyno_run_new ();

  run->id = g_strdup (dyno_request_text (request, "id"));
  run->revision = dyno_request_get_version (request);
  run->title = g_strdup (dyno_request_text (request, "title"));
  run->notes = g_strdup (dyno_request_text (request, "notes"));
  run->tags = dyno_request_texts (request, "tags");
  run->is_starred = dyno_request_boolean (request, "starred");
  run->is_baseline = dyno_request_boolean (request, "baseline");
  run->vehicle_id = g_strdup (dyno_request_text (request, "vehicle_id"));
  run->gear = (int) dyno_request_integer (request, "gear");
  DYNO_API_ASK (request, run_changed, dyno_runbook_edit_async, run, read_fields (request));
}

/* The trash */

DYNO_API_DONE (run_deleted, dyno_runbook_delete_seen_finish)

static void
delete_run (DynoRequest *request)
{
  DYNO_API_ASK (request, run_deleted, dyno_runbook_delete_seen_async,
                dyno_request_text (request, "id"), dyno_request_get_version (request));
}

static void
run_restored (GObject      *unused,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;

  if (dyno_runbook_restore_finish (result, &error))
    get_run (request);
  else
    dyno_reply_error (request, error);
}

static void
restore_run (DynoRequest *request)
{
  const char *const run_ids[] = { dyno_request_text (request, "id"), NULL };

  DYNO_API_ASK (request, run_restored, dyno_runbook_restore_async, run_ids);
}

/* The whole chain */

static const DynoField finding_fields[] = {
  { "run_id", DYNO_ANY_TEXT, DYNO_NULLABLE, "Of which run, where that is known" },
  { "text", DYNO_ANY_TEXT, 0, "What is wrong" },
  { NULL }
};
static const DynoSchema finding_schema = { "VerifyFinding", "Something that is wrong",
                                           finding_fields };

static const DynoField verify_fields[] = {
  { "ok", DYNO_BOOLEAN, 0, "Every run is what was recorded" },
  { "first_bad", DYNO_ANY_TEXT, DYNO_NULLABLE, "The first run, or file, that is not" },
  { "removed", DYNO_LIST (DYNO_ANY_TEXT), 0, "Runs whose file was let go by the rules" },
  { "findings", DYNO_LIST (DYNO_OBJECT (&finding_schema)), 0, "What is wrong" },
  { "files", DYNO_COUNT, 0, "Files that were read" },
  { "links", DYNO_COUNT, 0, "Of the chain" },
  { "derived", DYNO_COUNT, 0, "Runs whose samples were derived again" },
  { NULL }
};
static const DynoSchema verify_schema = { "RunVerification", "Whether the runs are what was recorded",
                                          verify_fields };

static void
reply_verified (DynoRequest      *request,
                DynoVerifyReport *report)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_verify (w, report);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (runs_verified, DynoVerifyReport, dyno_verify_finish, reply_verified)

static void
verify_runs (DynoRequest *request)
{
  DYNO_API_ASK (request, runs_verified, dyno_verify_all_async, FALSE);
}

/* The rows */

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs", DYNO_MAY (RUNS_READ), list_runs,
              .flags = DYNO_ROUTE_PAGE, .query = list_query, .reply = &dyno_run_card_schema,
              .summary = "Runs, outside the trash"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/runs/verify", DYNO_MAY (AUDIT_READ), verify_runs,
              .limit = DYNO_CLASS (HEAVY), .deadline_s = 600, .reply = &verify_schema,
              .summary = "Are all runs what was recorded",
              .description = "Reads every file and follows the chain of their sums."),
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}", DYNO_MAY (RUNS_READ), get_run,
              .args = dyno_run_args, .reply = &dyno_run_schema, .summary = "One run"),
  DYNO_ROUTE (DYNO_PATCH, "/api/v1/runs/{id}", DYNO_MAY (RUNS_WRITE), patch_run,
              .args = dyno_run_args, .body = run_patch, .reply = &dyno_run_schema,
              .summary = "Changes what people say of a run"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/runs/{id}", DYNO_MAY (RUNS_DELETE), delete_run,
              .args = dyno_run_args, .also = DYNO_STATUSES (409),
              .summary = "Puts a run into the trash",
              .description = "After 30 days in it the run is gone for ever. A run that is being "
                             "recorded is refused."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/runs/{id}/restore", DYNO_MAY (RUNS_DELETE), restore_run,
              .args = dyno_run_args, .reply = &dyno_run_schema, .also = DYNO_STATUSES (409),
              .summary = "Takes a run out of the trash"),
};

const DynoRouteTable dyno_api_runs = {
  "Runs", "The run book.", rows, G_N_ELEMENTS (rows)
};
