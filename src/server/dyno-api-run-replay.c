/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What an analysis decided, reading by reading. */

#include "config.h"

#include <math.h>

#include "dyno-api-ask.h"
#include "dyno-api-run-fields.h"
#include "dyno-run-ledger.h"

static const DynoField replay_query[] = {
  { "cell", DYNO_ARRAY_OF (2, 2, DYNO_ANY_NUMBER), 0,
    "Only what counts for the cell nearest to this point: rpm,kPa" },
  { "cylinder", DYNO_WORD ("front|rear"), 0, "Only of this cylinder" },
  { NULL }
};

static const DynoField cell_fields[] = {
  { "rpm", DYNO_ANY_NUMBER, 0, "Engine speed" },
  { "map_kpa", DYNO_ANY_NUMBER, 0, "Manifold pressure" },
  { NULL }
};
static const DynoSchema cell_schema = { "DecisionCell", "A cell of a table", cell_fields };

static const DynoField values_fields[] = {
  DYNO_FIGURE ("t_s", "When the mixture was read, in seconds of the run"),
  DYNO_FIGURE ("delay_ms", "How long it was on its way to the sensor"),
  DYNO_FIGURE ("rpm", "Engine speed when it was made"),
  DYNO_FIGURE ("map_kpa", "Manifold pressure then"),
  DYNO_FIGURE ("afr", "The mixture"),
  DYNO_FIGURE ("target_afr", "What it should have been"),
  DYNO_FIGURE ("factor", "Fuel that it asks for; null where it does not count"),
  { NULL }
};
static const DynoSchema values_schema = { "DecisionValues", "What a decision was made of",
                                          values_fields };

static const DynoField decision_fields[] = {
  { "seq", DYNO_COUNT, 0, "1, 2, 3 … of what was asked for" },
  { "action", DYNO_WORD ("accepted|rejected"), 0, "Whether the reading counts for a cell" },
  { "reason", DYNO_ANY_TEXT, 0, "Which rule decided it" },
  { "cell", DYNO_OBJECT (&cell_schema), DYNO_NULLABLE, "The cell it counts for" },
  { "cylinder", DYNO_WORD ("front|rear"), 0, "The cylinder" },
  { "values", DYNO_OBJECT (&values_schema), 0, "What it was made of" },
  { NULL }
};
static const DynoSchema decision_schema = { "Decision", "What became of a reading, and why",
                                            decision_fields };

static void
reply_replay (DynoRequest   *request,
              DynoRunLedger *ledger)
{
  DynoJsonWriter *w = dyno_reply_page_begin (request);
  g_autofree char *next = NULL;
  guint n = ledger->page != NULL ? ledger->page->samples->len : 0;

  for (guint i = 0; i < n; i++)
    dyno_run_ledger_shape (w, ledger, i);
  if (n > 0 && ledger->page->query.offset + n < ledger->page->n_lines)
    next = g_strdup_printf ("%" G_GUINT64_FORMAT, ledger->page->query.offset + n);
  dyno_reply_page_end (request, w, next);
}

DYNO_API_ANSWER (ledger_read, DynoRunLedger, dyno_run_ledger_finish, reply_replay)

static void
get_replay (DynoRequest *request)
{
  g_auto(GStrv) cell = dyno_request_texts (request, "cell");
  const char *cylinder = dyno_request_text (request, "cylinder");
  const char *offset = dyno_request_get_cursor (request);
  DynoRunLedgerWanted wanted = { .rpm = NAN, .map_kpa = NAN };

  if (cell != NULL)
    {
      wanted.rpm = g_ascii_strtod (cell[0], NULL);
      wanted.map_kpa = g_ascii_strtod (cell[1], NULL);
    }
  if (cylinder != NULL)
    wanted.cylinders = g_str_equal (cylinder, "front") ? 1 : 2;
  wanted.offset = offset != NULL ? g_ascii_strtoull (offset, NULL, 10) : 0;
  wanted.limit = dyno_request_get_limit (request);
  DYNO_API_ASK (request, ledger_read, dyno_run_ledger_async, dyno_request_text (request, "id"),
                &wanted);
}

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}/replay", DYNO_MAY (RUNS_READ), get_replay,
              .args = dyno_run_args, .flags = DYNO_ROUTE_PAGE, .query = replay_query,
              .deadline_s = 60, .reply = &decision_schema,
              .summary = "What its newest analysis decided, reading by reading",
              .description = "Empty for a run that was never analysed."),
};

const DynoRouteTable dyno_api_run_replay = {
  "Decisions", "What analyses decided, and why.", rows, G_N_ELEMENTS (rows)
};
