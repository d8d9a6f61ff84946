/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-data.h"

#include "dyno-document.h"
#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-moment.h"
#include "dyno-people.h"
#include "dyno-print.h"
#include "dyno-remote-runs.h"
#include "dyno-run-document.h"
#include "dyno-run-text.h"
#include "dyno-runbook.h"
#include "dyno-shape.h"

#include <stdio.h>
#include <string.h>

#define MOST_RUNS 1000 /* a page of the store */

/* `runs`; the other verbs of this header have files of their own. */

static char     *query_text;
static char     *vehicle;
static char     *since;
static char     *cursor;
static int       limit = 50;
static gboolean  wants_trash;
static gboolean  is_removing;

const GOptionEntry dyno_verb_runs_entries[] = {
  { "query", 0, 0, G_OPTION_ARG_STRING, &query_text,
    "list: words and terms as in the window's search",
    "TEXT" },
  { "vehicle", 0, 0, G_OPTION_ARG_STRING, &vehicle, "list: of this vehicle", "ID|LABEL" },
  { "since", 0, 0, G_OPTION_ARG_STRING, &since, "list: recorded on or after this day or time",
    "DATE" },
  { "limit", 0, 0, G_OPTION_ARG_INT, &limit, "list: at most so many (50)", "N" },
  { "cursor", 0, 0, G_OPTION_ARG_STRING, &cursor, "list: the page after, from next_cursor",
    "TEXT" },
  { "trash", 0, 0, G_OPTION_ARG_NONE, &wants_trash, "list: what was deleted", NULL },
  { "remove", 0, 0, G_OPTION_ARG_NONE, &is_removing, "tag: take these tags off", NULL },
  { NULL },
};

typedef gboolean (*RunsFunc) (DynoCtl *ctl, DynoShop *shop, GError **error);

/* list */

/* The id of a vehicle that is known by id or label; nothing is made. */
static char *
find_vehicle (DynoCtl   *ctl,
              DynoShop  *shop,
              GError   **error)
{
  g_autoptr(GPtrArray) vehicles = NULL;

  dyno_people_list_vehicles_async (shop, NULL, ctl->cancellable, dyno_await_cb, ctl->await);
  vehicles = dyno_people_list_vehicles_finish (dyno_await_wait (ctl->await), error);
  if (vehicles == NULL)
    return NULL;

  for (guint i = 0; i < vehicles->len; i++)
    {
      const DynoVehicle *one = vehicles->pdata[i];

      if (g_str_equal (one->id, vehicle) || g_strcmp0 (one->label, vehicle) == 0)
        return g_strdup (one->id);
    }
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no vehicle “%s”.", vehicle);

  return NULL;
}

static DynoRunQuery *
make_query (DynoCtl   *ctl,
            DynoShop  *shop,
            GError   **error)
{
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
  g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);

  if (!dyno_ctl_check_number ("--limit", limit, 1, MOST_RUNS, error))
    return NULL;
  if (query_text != NULL)
    dyno_run_query_parse (query, query_text, unknown);
  if (unknown->len > 0)
    {
      dyno_failure_set_usage (error, "“%s” in --query is no term of the search.",
                              (const char *) unknown->pdata[0]);
      return NULL;
    }
  query->limit = (guint) limit;
  query->cursor = g_strdup (cursor);
  query->trash = wants_trash ? DYNO_TRASH_ONLY : DYNO_TRASH_HIDDEN;
  if (!dyno_moment_parse ("--since", since, &query->from_ms, error))
    return NULL;
  if (vehicle != NULL)
    {
      g_free (query->vehicle_id);
      query->vehicle_id = find_vehicle (ctl, shop, error);
      if (query->vehicle_id == NULL)
        return NULL;
    }

  return g_steal_pointer (&query);
}

static void
print_page (DynoCtl           *ctl,
            const DynoRunPage *page)
{
  g_autoptr(DynoListing) listing = NULL;

  if (page->runs->len == 0)
    {
      dyno_print_line ("%s", page->n_all == 0 ? "There are no runs yet." : "No run is like that.");
      return;
    }

  listing = dyno_run_text_table (page->runs, dyno_ctl_units (ctl));
  dyno_listing_print (listing);
  if (page->cursor != NULL)
    dyno_print_note (ctl, "%u of %" G_GINT64_FORMAT " runs; --limit shows more.", page->runs->len,
                     page->n_found);
}

/* (element-type DynoJson) */
static GPtrArray *
ask_for_runs (DynoCtl  *ctl,
              GError  **error)
{
  g_autofree char *vehicle_id = NULL;
  gint64 from_ms = 0;

  if (wants_trash || cursor != NULL)
    {
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "folder_in_use",
                      "Another process holds the data folder; it can be asked for runs without "
                      "--trash and --cursor only.");
      return NULL;
    }
  if (!dyno_ctl_check_number ("--limit", limit, 1, MOST_RUNS, error)
      || !dyno_moment_parse ("--since", since, &from_ms, error))
    return NULL;
  if (vehicle != NULL
      && (vehicle_id = dyno_remote_find_vehicle (ctl, vehicle, FALSE, error)) == NULL)
    return NULL;

  return dyno_remote_runs_list (ctl, query_text, vehicle_id, from_ms, (guint) limit, error);
}

/* Runs may be there that were not asked for. */
static gboolean
is_filtered (void)
{
  return query_text != NULL || vehicle != NULL || since != NULL;
}

static gboolean
list_runs_there (DynoCtl  *ctl,
                 GError  **error)
{
  g_autoptr(GPtrArray) documents = ask_for_runs (ctl, error);
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_free);

  if (documents == NULL)
    return FALSE;
  if (ctl->is_json)
    {
      dyno_document_print_list ("runs", documents);
      return TRUE;
    }

  for (guint i = 0; i < documents->len; i++)
    g_ptr_array_add (runs, dyno_run_document_read (documents->pdata[i]));
  print_page (ctl, &(DynoRunPage){ .runs = runs, .n_found = runs->len,
                                   .n_all = runs->len + (is_filtered () ? 1 : 0) });

  return TRUE;
}

static gboolean
list_runs (DynoCtl   *ctl,
           DynoShop  *shop,
           GError   **error)
{
  g_autoptr(DynoRunQuery) query = NULL;
  g_autoptr(DynoRunPage) page = NULL;

  if (!dyno_ctl_want (ctl, 0, 0, "", error))
    return FALSE;
  if (dyno_remote_is_on (ctl))
    return list_runs_there (ctl, error);
  query = make_query (ctl, shop, error);
  if (query == NULL)
    return FALSE;

  dyno_runbook_list_async (shop, query, ctl->cancellable, dyno_await_cb, ctl->await);
  page = dyno_runbook_list_finish (dyno_await_wait (ctl->await), error);
  if (page == NULL)
    return FALSE;
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_runs (w, page);
      dyno_print_json (w);
    }
  else
    {
      print_page (ctl, page);
    }

  return TRUE;
}

/* One run */

static DynoRunDetail *
get_run (DynoCtl     *ctl,
         DynoShop    *shop,
         const char  *run,
         GError     **error)
{
  g_autoptr(DynoJson) told = NULL;

  if (dyno_remote_is_on (ctl))
    {
      told = dyno_remote_runs_get (ctl, run, error);
      return told != NULL ? dyno_run_document_read_detail (told) : NULL;
    }
  dyno_runbook_get_async (shop, run, ctl->cancellable, dyno_await_cb, ctl->await);

  return dyno_runbook_get_finish (dyno_await_wait (ctl->await), error);
}

static void
print_document (const DynoJson *document)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_value (w, document);
  dyno_print_json (w);
}

/* As it was told. */
static gboolean
show_told (DynoCtl  *ctl,
           GError  **error)
{
  g_autoptr(DynoJson) told = dyno_remote_runs_get (ctl, ctl->arguments[0], error);

  if (told != NULL)
    print_document (told);

  return told != NULL;
}

static gboolean
show_runs (DynoCtl   *ctl,
           DynoShop  *shop,
           GError   **error)
{
  g_autoptr(DynoRunDetail) detail = NULL;
  g_autofree char *story = NULL;

  if (!dyno_ctl_want (ctl, 1, 1, "a run", error))
    return FALSE;
  if (dyno_remote_is_on (ctl) && ctl->is_json)
    return show_told (ctl, error);
  detail = get_run (ctl, shop, ctl->arguments[0], error);
  if (detail == NULL)
    return FALSE;

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_run_detail (w, detail);
      dyno_print_json (w);
      return TRUE;
    }
  story = dyno_run_text_story (detail, dyno_ctl_units (ctl));
  dyno_print_wrapped (story, DYNO_RUN_TEXT_INDENT);

  return TRUE;
}

/* The ids of all arguments; nothing is touched before all of them are known. */
static GStrv
find_ids (DynoCtl   *ctl,
          DynoShop  *shop,
          GError   **error)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  for (char **argument = ctl->arguments; *argument != NULL; argument++)
    {
      g_autoptr(DynoRunDetail) detail = get_run (ctl, shop, *argument, error);

      if (detail == NULL)
        return NULL;
      g_strv_builder_add (ids, detail->run->id);
    }

  return g_strv_builder_end (ids);
}

static void
print_ids (DynoCtl            *ctl,
           const char         *member,
           const char *const  *ids)
{
  DynoJsonWriter *w;

  if (!ctl->is_json)
    {
      if (!ctl->is_quiet)
        dyno_print_line ("%u %s.", g_strv_length ((char **) ids), member);
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, member);
  dyno_json_writer_begin_array (w);
  for (; *ids != NULL; ids++)
    dyno_json_writer_string (w, *ids);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

static gboolean
delete_all (DynoCtl            *ctl,
            DynoShop           *shop,
            const char *const  *ids,
            GError            **error)
{
  if (dyno_remote_is_on (ctl))
    return dyno_remote_runs_delete (ctl, ids, error);
  dyno_runbook_delete_async (shop, ids, NULL, dyno_await_cb, ctl->await);

  return dyno_runbook_delete_finish (dyno_await_wait (ctl->await), error);
}

static gboolean
delete_runs (DynoCtl   *ctl,
             DynoShop  *shop,
             GError   **error)
{
  g_auto(GStrv) ids = NULL;

  if (!dyno_ctl_want (ctl, 1, G_MAXUINT, "at least one run", error))
    return FALSE;
  ids = find_ids (ctl, shop, error);
  if (ids == NULL)
    return FALSE;

  if (!delete_all (ctl, shop, (const char *const *) ids, error))
    return FALSE;
  print_ids (ctl, "deleted", (const char *const *) ids);
  dyno_print_note (ctl, "dynoctl runs restore takes them back out of the trash, for 30 days.");

  return TRUE;
}

static gboolean
restore_all (DynoCtl            *ctl,
             DynoShop           *shop,
             const char *const  *ids,
             GError            **error)
{
  if (dyno_remote_is_on (ctl))
    return dyno_remote_runs_restore (ctl, ids, error);
  dyno_runbook_restore_async (shop, ids, NULL, dyno_await_cb, ctl->await);

  return dyno_runbook_restore_finish (dyno_await_wait (ctl->await), error);
}

static gboolean
restore_runs (DynoCtl   *ctl,
              DynoShop  *shop,
              GError   **error)
{
  g_auto(GStrv) ids = NULL;

  if (!dyno_ctl_want (ctl, 1, G_MAXUINT, "at least one run", error))
    return FALSE;
  ids = find_ids (ctl, shop, error);
  if (ids == NULL)
    return FALSE;

  if (!restore_all (ctl, shop, (const char *const *) ids, error))
    return FALSE;
  print_ids (ctl, "restored", (const char *const *) ids);

  return TRUE;
}

static void
print_edited (DynoCtl        *ctl,
              const DynoRun  *run,
              DynoRunFields   fields)
{
  g_autofree char *tags = run->tags != NULL ? g_strjoinv (", ", run->tags) : g_strdup ("none");

  if (ctl->is_quiet)
    return;
  dyno_print_line ("Run %" G_GINT64_FORMAT "%s%s", run->number,
                   fields == DYNO_RUN_TAGS ? ": tags " : " is noted.",
                   fields == DYNO_RUN_TAGS ? tags : "");
}

static gboolean
edit_there (DynoCtl        *ctl,
            DynoRun        *edit,
            DynoRunFields   fields,
            GError        **error)
{
  g_autoptr(DynoJson) told = dyno_remote_runs_edit (ctl, edit, fields, error);
  g_autoptr(DynoRun) run = told != NULL ? dyno_run_document_read (told) : NULL;

  dyno_run_free (edit);
  if (run != NULL && ctl->is_json)
    print_document (told);
  else if (run != NULL)
    print_edited (ctl, run, fields);

  return run != NULL;
}

/* Sends what people say of a run; takes `edit`. */
static gboolean
edit_run (DynoCtl        *ctl,
          DynoShop       *shop,
          DynoRun        *edit,
          DynoRunFields   fields,
          GError        **error)
{
  g_autoptr(DynoRun) run = NULL;

  if (dyno_remote_is_on (ctl))
    return edit_there (ctl, edit, fields, error);
  dyno_runbook_edit_async (shop, edit, fields, NULL, dyno_await_cb, ctl->await);
  run = dyno_runbook_edit_finish (dyno_await_wait (ctl->await), error);
  if (run == NULL)
    return FALSE;

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_run (w, run);
      dyno_print_json (w);
    }
  else
    {
      print_edited (ctl, run, fields);
    }

  return TRUE;
}

/* An edit of the run as it was shown. */
static DynoRun *
begin_edit (const DynoRunDetail *detail)
{
  DynoRun *edit = dyno_run_new ();

  edit->id = g_strdup (detail->run->id);
  edit->revision = detail->run->revision;

  return edit;
}

static gboolean
note_run (DynoCtl   *ctl,
          DynoShop  *shop,
          GError   **error)
{
  g_autoptr(DynoRunDetail) detail = NULL;
  DynoRun *edit;

  if (!dyno_ctl_want (ctl, 2, 2, "a run and a text", error))
    return FALSE;
  if (!g_utf8_validate (ctl->arguments[1], -1, NULL))
    {
      dyno_failure_set_usage (error, "The note is no UTF-8 text.");
      return FALSE;
    }
  detail = get_run (ctl, shop, ctl->arguments[0], error);
  if (detail == NULL)
    return FALSE;
  edit = begin_edit (detail);
  edit->notes = g_strdup (ctl->arguments[1]);

  return edit_run (ctl, shop, edit, DYNO_RUN_NOTES, error);
}

/* The run's tags with or without those of the command line. */
static char **
change_tags (char        **has,
             char *const  *words)
{
  g_autoptr(GStrvBuilder) tags = g_strv_builder_new ();

  for (char **tag = has; tag != NULL && *tag != NULL; tag++)
    {
      if (!is_removing || !g_strv_contains ((const char *const *) words, *tag))
        g_strv_builder_add (tags, *tag);
    }
  for (; !is_removing && *words != NULL; words++)
    {
      if (has == NULL || !g_strv_contains ((const char *const *) has, *words))
        g_strv_builder_add (tags, *words);
    }

  return g_strv_builder_end (tags);
}

static gboolean
tag_run (DynoCtl   *ctl,
         DynoShop  *shop,
         GError   **error)
{
  g_autoptr(DynoRunDetail) detail = NULL;
  DynoRun *edit;

  if (!dyno_ctl_want (ctl, 2, G_MAXUINT, "a run and its tags", error))
    return FALSE;
  for (char **tag = ctl->arguments + 1; *tag != NULL; tag++)
    {
      if (**tag == '\0' || !g_utf8_validate (*tag, -1, NULL))
        {
          dyno_failure_set_usage (error, "A tag is a text of at least one letter.");
          return FALSE;
        }
    }
  detail = get_run (ctl, shop, ctl->arguments[0], error);
  if (detail == NULL)
    return FALSE;
  edit = begin_edit (detail);
  edit->tags = change_tags (detail->run->tags, ctl->arguments + 1);

  return edit_run (ctl, shop, edit, DYNO_RUN_TAGS, error);
}

gboolean
dyno_verb_runs (DynoCtl  *ctl,
                int      *status,
                GError  **error)
{
  static const struct
  {
    const char *sub;
    RunsFunc    run;
  } subs[] = {
    { "list", list_runs },     { "show", show_runs }, { "delete", delete_runs },
    { "restore", restore_runs }, { "note", note_run }, { "tag", tag_run },
  };
  gboolean is_there = dyno_remote_is_on (ctl);
  DynoShop *shop = is_there ? NULL : dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE, error);

  for (gsize i = 0; (shop != NULL || is_there) && i < G_N_ELEMENTS (subs); i++)
    {
      if (g_str_equal (subs[i].sub, ctl->sub))
        return subs[i].run (ctl, shop, error);
    }

  return FALSE;
}
