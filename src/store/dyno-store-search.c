/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-search.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-match.h"
#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"

#define DEFAULT_LIMIT 50
#define MAX_LIMIT 1000

static const DynoSql list_statements[DYNO_N_SORTS] = {
  [DYNO_SORT_NEWEST] = DYNO_SQL_RUN_LIST_NEWEST,
  [DYNO_SORT_OLDEST] = DYNO_SQL_RUN_LIST_OLDEST,
  [DYNO_SORT_POWER_DOWN] = DYNO_SQL_RUN_LIST_POWER_DOWN,
  [DYNO_SORT_POWER_UP] = DYNO_SQL_RUN_LIST_POWER_UP,
  [DYNO_SORT_NUMBER_DOWN] = DYNO_SQL_RUN_LIST_NUMBER_DOWN,
  [DYNO_SORT_NUMBER_UP] = DYNO_SQL_RUN_LIST_NUMBER_UP,
  [DYNO_SORT_VEHICLE_UP] = DYNO_SQL_RUN_LIST_VEHICLE_UP,
  [DYNO_SORT_VEHICLE_DOWN] = DYNO_SQL_RUN_LIST_VEHICLE_DOWN,
};

/* The last run of a page: what it was sorted by, and its number. */
typedef struct
{
  gint64 number; /* 0: the first page */
  char  *key;    /* (owned) (nullable) */
} Place;

static void
place_clear (Place *place)
{
  g_clear_pointer (&place->key, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

void
dyno_run_page_free (DynoRunPage *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_free (self->cursor);
  g_free (self);
}

/* Of the filter: 0 all, 1 those with a star, 2 those without. */
static int
starred_of (const DynoRunQuery *query)
{
  if (query->is_starred)
    return 1;

  return query->is_plain ? 2 : 0;
}

/* Two queries with this text in common have the same pages. */
static char *
dup_filter_sum (const DynoRunQuery *query)
{
  g_autofree char *tags = query->tags != NULL ? g_strjoinv ("\x1f", query->tags) : NULL;
  const char *texts[] = { query->text, query->vehicle_text, query->customer_text,
                          query->vehicle_id, query->customer_id, tags };
  double numbers[] = { query->min_power_kw, query->max_power_kw, query->min_afr, query->max_afr };
  GString *all = g_string_new (NULL);
  g_autofree char *joined = NULL;
  char *sum;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_string_append_printf (all, "%s\x1e", texts[i] != NULL ? texts[i] : "\x1d");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (all, "%s\x1e", g_ascii_dtostr (text, sizeof text, numbers[i]));
    }
  g_string_append_printf (all, "%u %u %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d %d",
                          query->statuses, query->sources, starred_of (query), query->from_ms,
                          query->to_ms, query->trash, query->sort);
  joined = g_string_free (all, FALSE);
  sum = dyno_crypt_sha256_hex (joined, strlen (joined));
  sum[16] = '\0';

  return sum;
}

/* The order of a run in its list as a text that reads back to the same. */
static char *
dup_key (const DynoRun *run,
         DynoRunSort    sort)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (sort == DYNO_SORT_NEWEST || sort == DYNO_SORT_OLDEST)
    return g_strdup_printf ("%" G_GINT64_FORMAT, run->started_ms);
  if (sort == DYNO_SORT_POWER_DOWN || sort == DYNO_SORT_POWER_UP)
    return isnan (run->peaks.power_kw)
               ? g_strdup (sort == DYNO_SORT_POWER_DOWN ? "-1e99" : "1e99")
               : g_strdup (g_ascii_dtostr (text, sizeof text, run->peaks.power_kw));
  if (sort == DYNO_SORT_VEHICLE_UP || sort == DYNO_SORT_VEHICLE_DOWN)
    return g_strdup (run->vehicle_label != NULL ? run->vehicle_label : "");

  return g_strdup ("");
}

static char *
make_cursor (const DynoRunQuery *query,
             const DynoRun      *last)
{
  g_autofree char *sum = dup_filter_sum (query);
  g_autofree char *key = dup_key (last, query->sort);
  g_autofree char *plain = g_strdup_printf ("1:%s:%" G_GINT64_FORMAT ":%s", sum, last->number, key);
  char *cursor = g_base64_encode ((const guchar *) plain, strlen (plain));

  g_strdelimit (cursor, "+", '-');
  g_strdelimit (cursor, "/", '_');
  g_strdelimit (cursor, "=", '\0');

  return cursor;
}

static char *
decode (const char *cursor)
{
  g_autofree char *padding = g_strnfill ((4 - strlen (cursor) % 4) % 4, '=');
  g_autofree char *base64 = g_strconcat (cursor, padding, NULL);
  g_autofree guchar *bytes = NULL;
  gsize size;

  g_strdelimit (base64, "-", '+');
  g_strdelimit (base64, "_", '/');
  bytes = g_base64_decode (base64, &size);

  return g_utf8_validate ((const char *) bytes, (gssize) size, NULL)
             ? g_strndup ((const char *) bytes, size)
             : g_strdup ("");
}

static gboolean
read_cursor (const DynoRunQuery *query,
             Place              *place,
             GError            **error)
{
  g_autofree char *sum = NULL;
  g_autofree char *plain = NULL;
  g_auto(GStrv) parts = NULL;

  if (query->cursor == NULL)
    return TRUE;

  sum = dup_filter_sum (query);
  plain = decode (query->cursor);
  parts = g_strsplit (plain, ":", 4);
  if (g_strv_length (parts) == 4 && g_str_equal (parts[0], "1") && g_str_equal (parts[1], sum))
    place->number = g_ascii_strtoll (parts[2], NULL, 10);
  if (place->number > 0)
    {
      place->key = g_strdup (parts[3]);
      return TRUE;
    }
  dyno_error_set (error, DYNO_ERROR_INVALID, "cursor",
                  "The cursor does not belong to this list. Begin again with its first page.");

  return FALSE;
}

static void
set_filter (DynoStatement      *s,
            const DynoRunQuery *query)
{
  g_autofree char *match = dyno_match_of_query (query);
  g_autofree char *tags = dyno_match_tags (query->tags);

  dyno_statement_set_text (s, ":match", match);
  dyno_statement_set_text (s, ":tags", tags);
  dyno_statement_set_integer (s, ":trash", query->trash);
  dyno_statement_set_integer (s, ":statuses", query->statuses);
  dyno_statement_set_integer (s, ":sources", query->sources);
  dyno_statement_set_text (s, ":vehicle_id", query->vehicle_id);
  dyno_statement_set_text (s, ":customer_id", query->customer_id);
  dyno_statement_set_integer (s, ":starred", starred_of (query));
  dyno_statement_set_integer (s, ":from", query->from_ms);
  dyno_statement_set_integer (s, ":to", query->to_ms);
  dyno_statement_set_real (s, ":min_power", query->min_power_kw);
  dyno_statement_set_real (s, ":max_power", query->max_power_kw);
  dyno_statement_set_real (s, ":min_afr", query->min_afr);
  dyno_statement_set_real (s, ":max_afr", query->max_afr);
}

static void
set_place (DynoStatement *s,
           DynoRunSort    sort,
           const Place   *place)
{
  if (place->number == 0)
    return;

  dyno_statement_set_integer (s, ":after", place->number);
  if (sort == DYNO_SORT_NEWEST || sort == DYNO_SORT_OLDEST)
    dyno_statement_set_integer (s, ":key", g_ascii_strtoll (place->key, NULL, 10));
  else if (sort == DYNO_SORT_POWER_DOWN || sort == DYNO_SORT_POWER_UP)
    dyno_statement_set_real (s, ":key", g_ascii_strtod (place->key, NULL));
  else if (sort == DYNO_SORT_VEHICLE_UP || sort == DYNO_SORT_VEHICLE_DOWN)
    dyno_statement_set_text (s, ":key", place->key);
  else
    dyno_statement_set_integer (s, ":key", place->number);
}

static gboolean
count (DynoStatement *s,
       gint64        *n,
       GError       **error)
{
  DynoStep step = dyno_statement_step (s, error);

  if (step == DYNO_STEP_ROW)
    *n = dyno_statement_integer (s, 0);
  dyno_statement_end (s);

  return step == DYNO_STEP_ROW;
}

static gboolean
count_runs (DynoTurn           *turn,
            const DynoRunQuery *query,
            DynoRunPage        *page,
            GError            **error)
{
  DynoStatement *found = dyno_statement_begin (turn->db, DYNO_SQL_RUN_COUNT);

  set_filter (found, query);

  return count (found, &page->n_found, error)
         && count (dyno_statement_begin (turn->db, DYNO_SQL_RUN_COUNT_ALL), &page->n_all, error);
}

static gpointer
list_runs (DynoTurn     *turn,
           gconstpointer data,
           GError      **error)
{
  const DynoRunQuery *query = data;
  g_autoptr(DynoRunPage) page = g_new0 (DynoRunPage, 1);
  guint limit = query->limit == 0 ? DEFAULT_LIMIT : MIN (query->limit, MAX_LIMIT);
  g_auto(Place) place = { 0, NULL };
  DynoStatement *s;

  if (!read_cursor (query, &place, error) || !count_runs (turn, query, page, error))
    return NULL;

  /* One more than wanted tells whether there is a next page. */
  s = dyno_statement_begin (turn->db, list_statements[query->sort]);
  set_filter (s, query);
  set_place (s, query->sort, &place);
  dyno_statement_set_integer (s, ":limit", (gint64) limit + 1);
  page->runs = dyno_statement_list (s, dyno_run_rows_make, (GDestroyNotify) dyno_run_free, error);
  if (page->runs == NULL)
    return NULL;
  if (page->runs->len > limit)
    {
      g_ptr_array_set_size (page->runs, (int) limit);
      page->cursor = make_cursor (query, page->runs->pdata[limit - 1]);
    }

  return g_steal_pointer (&page);
}

static const DynoVerb list_runs_verb = { "list-runs", list_runs,
                                         (GDestroyNotify) dyno_run_page_free };

void
dyno_store_list_runs_async (DynoStore          *self,
                            const DynoRunQuery *query,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_return_if_fail (query->sort < DYNO_N_SORTS);

  dyno_store_read (self, &list_runs_verb, dyno_run_query_copy (query),
                   (GDestroyNotify) dyno_run_query_free, cancellable, callback, user_data);
}

DynoRunPage *
dyno_store_list_runs_finish (DynoStore    *self,
                             GAsyncResult *result,
                             GError      **error)
{
  return dyno_call_finish (result, &list_runs_verb, error);
}
