/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-people.h"

#include "dyno-audit.h"
#include "dyno-clock.h"
#include "dyno-document.h"
#include "dyno-failure.h"
#include "dyno-listing.h"
#include "dyno-moment.h"
#include "dyno-print.h"
#include "dyno-remote.h"
#include "dyno-shape-key.h"

#define MOST_ROWS 10000
#define PAGE 200

static char    *event;
static char    *actor;
static char    *resource;
static char    *since;
static char    *until;
static int      limit = 50;
static gboolean failures;

const GOptionEntry dyno_verb_audit_entries[] = {
  { "event", 0, 0, G_OPTION_ARG_STRING, &event, "list: this event, like key.created", "NAME" },
  { "actor", 0, 0, G_OPTION_ARG_STRING, &actor, "list: what this user, key or address did", "ID" },
  { "resource", 0, 0, G_OPTION_ARG_STRING, &resource, "list: done to this thing, or kind of thing",
    "ID|KIND" },
  { "failures", 0, 0, G_OPTION_ARG_NONE, &failures, "list: what was refused", NULL },
  { "since", 0, 0, G_OPTION_ARG_STRING, &since, "list: from this day or time on", "DATE" },
  { "until", 0, 0, G_OPTION_ARG_STRING, &until, "list: before this day or time", "DATE" },
  { "limit", 0, 0, G_OPTION_ARG_INT, &limit, "list: at most so many, the newest first (50)", "N" },
  { NULL },
};

/* What the command line asks for. */
typedef struct
{
  gint64 from_ms;
  gint64 to_ms;
} Window;

static void
shape_row (DynoJsonWriter *w,
           gconstpointer   record)
{
  dyno_shape_audit (w, record);
}

/* list */

static void
add_moment (GString    *path,
            const char *name,
            gint64      ms)
{
  g_autofree char *text = ms != 0 ? dyno_clock_format_utc (ms * 1000) : NULL;

  dyno_remote_add (path, name, text);
}

static GPtrArray *
list_there (DynoCtl       *ctl,
            const Window  *window,
            GError       **error)
{
  g_autoptr(GString) path = g_string_new ("/audit");

  dyno_remote_add (path, "event", event);
  dyno_remote_add (path, "actor", actor);
  dyno_remote_add (path, "resource", resource);
  dyno_remote_add (path, "success", failures ? "false" : NULL);
  add_moment (path, "from", window->from_ms);
  add_moment (path, "to", window->to_ms);

  return dyno_remote_list (ctl, path->str, (guint) limit, error);
}

static DynoAuditQuery *
make_query (const Window *window,
            gint64        before_seq,
            guint         n)
{
  DynoAuditQuery *query = g_new0 (DynoAuditQuery, 1);

  query->event = g_strdup (event);
  query->actor = g_strdup (actor);
  query->resource = g_strdup (resource);
  query->success = failures ? 0 : -1;
  query->from_ms = window->from_ms;
  query->to_ms = window->to_ms;
  query->before_seq = before_seq;
  query->limit = MIN (n, PAGE);

  return query;
}

static GPtrArray *
list_here (DynoCtl       *ctl,
           const Window  *window,
           GError       **error)
{
  DynoShop *shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE, error);
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_json_free);
  gint64 before_seq = 0;
  guint n;

  if (shop == NULL)
    return NULL;
  do
    {
      g_autoptr(GPtrArray) page = NULL;

      dyno_audit_list_async (shop, make_query (window, before_seq, (guint) limit - all->len),
                             ctl->cancellable, dyno_await_cb, ctl->await);
      page = dyno_audit_list_finish (dyno_await_wait (ctl->await), error);
      if (page == NULL)
        return NULL;
      n = page->len;
      for (guint i = 0; i < n; i++)
        g_ptr_array_add (all, dyno_document_of (page->pdata[i], shape_row));
      before_seq = n > 0 ? ((DynoAuditRecord *) page->pdata[n - 1])->seq : 0;
    }
  while (n == PAGE && all->len < (guint) limit);

  return g_steal_pointer (&all);
}

static void
print_rows (DynoCtl   *ctl,
            GPtrArray *rows)
{
  static const char *const columns[] = { ">row", "when", "event", "actor", "of", "outcome", NULL };
  g_autoptr(DynoListing) listing = NULL;

  if (ctl->is_json)
    {
      dyno_document_print_list ("events", rows);
      return;
    }
  if (rows->len == 0)
    {
      dyno_print_line ("Nothing like that was done.");
      return;
    }

  listing = dyno_listing_new (columns);
  for (guint i = 0; i < rows->len; i++)
    {
      const DynoJson *row = rows->pdata[i];

      dyno_listing_add_f (listing, "%" G_GINT64_FORMAT, dyno_json_get_integer (row, "seq", 0));
      dyno_listing_take (listing, dyno_document_time (row, "at"));
      dyno_listing_add (listing, dyno_json_get_string (row, "event"));
      dyno_listing_add (listing, dyno_json_get_string (row, "actor"));
      dyno_listing_add (listing, dyno_json_get_string (row, "resource_id"));
      dyno_listing_add (listing, dyno_json_get_boolean (row, "success", TRUE) ? NULL : "refused");
    }
  dyno_listing_print (listing);
}

static gboolean
list_audit (DynoCtl  *ctl,
            GError  **error)
{
  Window window = { 0 };
  g_autoptr(GPtrArray) rows = NULL;

  if (!dyno_ctl_want (ctl, 0, 0, "", error)
      || !dyno_ctl_check_number ("--limit", limit, 1, MOST_ROWS, error)
      || !dyno_moment_parse ("--since", since, &window.from_ms, error)
      || !dyno_moment_parse ("--until", until, &window.to_ms, error))
    return FALSE;
  rows = dyno_remote_is_on (ctl) ? list_there (ctl, &window, error)
                                 : list_here (ctl, &window, error);
  if (rows != NULL)
    print_rows (ctl, rows);

  return rows != NULL;
}

/* verify */

static DynoJson *
verify_here (DynoCtl  *ctl,
             GError  **error)
{
  DynoShop *shop = dyno_ctl_open_vault (ctl, error);
  g_autoptr(DynoAuditVerdict) verdict = NULL;
  DynoJsonWriter *w;

  if (shop == NULL)
    return NULL;
  dyno_audit_verify_async (shop, ctl->cancellable, dyno_await_cb, ctl->await);
  verdict = dyno_audit_verify_finish (dyno_await_wait (ctl->await), error);
  if (verdict == NULL)
    return NULL;
  w = dyno_json_writer_new (FALSE);
  dyno_shape_audit_verdict (w, verdict);

  return dyno_document_finish (w);
}

static void
print_verdict_json (const DynoJson *verdict,
                    gint64          first_bad)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_document_add_members (w, verdict, "first_bad_seq");
  dyno_json_writer_name (w, "first_bad");
  if (first_bad != 0)
    dyno_json_writer_integer (w, first_bad);
  else
    dyno_json_writer_null (w);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

static gboolean
verify_audit (DynoCtl  *ctl,
              int      *status,
              GError  **error)
{
  g_autoptr(DynoJson) verdict = NULL;
  gint64 first_bad;
  gint64 n;

  if (!dyno_ctl_want (ctl, 0, 0, "", error))
    return FALSE;
  verdict = dyno_remote_is_on (ctl) ? dyno_remote_get (ctl, "/audit/verify", error)
                                    : verify_here (ctl, error);
  if (verdict == NULL)
    return FALSE;

  first_bad = dyno_json_get_integer (verdict, "first_bad_seq", 0);
  n = dyno_json_get_integer (verdict, "rows", 0);
  *status = dyno_json_get_boolean (verdict, "ok", FALSE) ? DYNO_EXIT_DONE : DYNO_EXIT_FAILED;
  if (ctl->is_json)
    print_verdict_json (verdict, first_bad);
  else if (*status == DYNO_EXIT_DONE)
    dyno_print_line ("The audit is unchanged: %" G_GINT64_FORMAT " rows.", n);
  else
    dyno_print_line ("The audit was CHANGED at row %" G_GINT64_FORMAT ". Keep a copy of the data "
                     "folder, and find out who had access to it.", first_bad);

  return TRUE;
}

gboolean
dyno_verb_audit (DynoCtl  *ctl,
                 int      *status,
                 GError  **error)
{
  return g_str_equal (ctl->sub, "list") ? list_audit (ctl, error)
                                        : verify_audit (ctl, status, error);
}
