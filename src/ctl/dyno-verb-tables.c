/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-tune.h"

#include "dyno-crypt.h"
#include "dyno-document.h"
#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-remote-tables.h"
#include "dyno-table-document.h"
#include "dyno-shape-tune.h"
#include "dyno-timeline.h"
#include "dyno-tune-text.h"
#include "dyno-tune.h"

static char    *vehicle;
static char    *kind;
static char    *cylinder;
static int      version;
static int      from_version;
static char    *table_name;
static char    *prefer;
static char    *format;
static char    *holes;
static char    *output;
static gboolean dry_run;

const GOptionEntry dyno_verb_tables_entries[] = {
  { "vehicle", 0, 0, G_OPTION_ARG_STRING, &vehicle, "Of this vehicle; at import a new label makes "
    "one", "ID|LABEL" },
  { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, "Of this kind; at import what a CSV is (ve-map)",
    "ve|ve-map|ve-tps|spark|afr" },
  { "cylinder", 0, 0, G_OPTION_ARG_STRING, &cylinder, "Of this cylinder", "front|rear" },
  { "version", 0, 0, G_OPTION_ARG_INT, &version, "show, export: that version (the present one); "
    "diff: the later one; merge: the common base (1)", "N" },
  { "from", 0, 0, G_OPTION_ARG_INT, &from_version, "diff: the earlier version (the one before)",
    "N" },
  { "table", 0, 0, G_OPTION_ARG_STRING, &table_name, "Which table of a .pvv file", "NAME" },
  { "prefer", 0, 0, G_OPTION_ARG_STRING, &prefer, "merge: whose cell it is where both changed it",
    "ours|theirs" },
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "merge: write nothing", NULL },
  { "format", 0, 0, G_OPTION_ARG_STRING, &format, "export: as what (pvv)", "pvv|csv|text" },
  { "holes", 0, 0, G_OPTION_ARG_STRING, &holes, "export: cells without a value may be left out",
    "blank" },
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &output, "Write here", "FILE" },
  { NULL },
};

static DynoShop *
open_store (DynoCtl *ctl,
            GError **error)
{
  return dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE | DYNO_SHOP_NO_CREATE, error);
}

/* With the store where one of the words is in it. */
static DynoShop *
open_for (DynoCtl *ctl,
          GError **error)
{
  for (char **word = ctl->arguments; *word != NULL; word++)
    {
      if (dyno_crypt_is_id (*word, "tbl") || dyno_crypt_is_id (*word, "tune"))
        return open_store (ctl, error);
    }

  return dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error);
}

/* Vehicles */

/* NULL where there is none of that id. (transfer full) */
static char *
label_of (GPtrArray  *vehicles,
          const char *vehicle_id)
{
  for (guint i = 0; vehicles != NULL && i < vehicles->len; i++)
    {
      const DynoVehicle *one = g_ptr_array_index (vehicles, i);

      if (g_strcmp0 (one->id, vehicle_id) == 0)
        return g_strdup (one->label);
    }

  return NULL;
}

static GPtrArray *
list_vehicles (DynoCtl *ctl)
{
  dyno_people_list_vehicles_async (ctl->shop, NULL, NULL, dyno_await_cb, ctl->await);

  return dyno_people_list_vehicles_finish (dyno_await_wait (ctl->await), NULL);
}

/* The id of --vehicle. FALSE with an error where there is none such. */
static gboolean
find_vehicle (DynoCtl  *ctl,
              gboolean  may_make,
              char    **id,
              GError  **error)
{
  g_autoptr(GPtrArray) vehicles = NULL;
  g_autoptr(DynoVehicle) made = NULL;

  *id = NULL;
  if (vehicle == NULL)
    return TRUE;
  if (may_make)
    {
      dyno_people_ensure_vehicle_async (ctl->shop, vehicle, ctl->cancellable, dyno_await_cb,
                                        ctl->await);
      made = dyno_people_ensure_vehicle_finish (dyno_await_wait (ctl->await), error);
      *id = made != NULL ? g_strdup (made->id) : NULL;
      return made != NULL;
    }
  vehicles = list_vehicles (ctl);
  for (guint i = 0; vehicles != NULL && i < vehicles->len && *id == NULL; i++)
    {
      const DynoVehicle *one = g_ptr_array_index (vehicles, i);

      if (g_str_equal (one->id, vehicle) || g_str_equal (one->label, vehicle))
        *id = g_strdup (one->id);
    }
  if (*id == NULL)
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no vehicle “%s”.", vehicle);

  return *id != NULL;
}

/* list and import */

static void
print_tables (DynoCtl   *ctl,
              GPtrArray *records)
{
  g_autoptr(GPtrArray) vehicles = NULL;
  g_autofree char *text = NULL;
  DynoJsonWriter *w;

  if (!ctl->is_json)
    {
      text = dyno_tune_text_list (records);
      dyno_print_text (text);
      return;
    }
  vehicles = list_vehicles (ctl);
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "tables");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < records->len; i++)
    {
      const DynoTableRecord *record = g_ptr_array_index (records, i);
      g_autofree char *label = label_of (vehicles, record->vehicle_id);

      dyno_shape_tune_table (w, record, label);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

static gboolean
list_tables (DynoCtl *ctl,
             GError **error)
{
  DynoShop *shop = dyno_ctl_want (ctl, 0, 0, "no words", error) ? open_store (ctl, error) : NULL;
  g_autofree char *id = NULL;
  g_autoptr(GPtrArray) records = NULL;

  if (shop == NULL || !find_vehicle (ctl, FALSE, &id, error))
    return FALSE;
  dyno_tune_list_async (shop, id, kind, cylinder, ctl->cancellable, dyno_await_cb, ctl->await);
  records = dyno_tune_list_finish (dyno_await_wait (ctl->await), error);
  if (records == NULL)
    return FALSE;
  print_tables (ctl, records);

  return TRUE;
}

/* (transfer full) */
static DynoTuneImport *
make_import (DynoCtl *ctl,
             GError **error)
{
  g_autoptr(DynoTuneImport) import = dyno_tune_import_new ();
  g_auto(GStrv) words = dyno_verb_tune_words (ctl->arguments);
  DynoTableSide only;

  if (!dyno_ctl_want (ctl, 1, 2, "a tune, or the tables of the cylinders", error)
      || !dyno_verb_tune_side (cylinder, &only, error))
    return NULL;
  if (kind != NULL && !g_str_equal (kind, "ve") && !dyno_table_kind_find (kind, &import->kind))
    {
      dyno_failure_set_usage (error, "There is no kind of table “%s”.", kind);
      return NULL;
    }
  for (char **word = words; *word != NULL; word++)
    {
      DynoTableSide side;
      const char *path = dyno_verb_tune_split (*word, &side);

      dyno_tune_import_add (import, path, side != DYNO_TABLE_BOTH ? side : only);
    }

  return g_steal_pointer (&import);
}

static gboolean
import_tables (DynoCtl *ctl,
               GError **error)
{
  g_autoptr(DynoTuneImport) import = make_import (ctl, error);
  DynoShop *shop = import != NULL ? dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE, error) : NULL;
  g_autoptr(GPtrArray) records = NULL;

  if (shop == NULL || !find_vehicle (ctl, TRUE, &import->vehicle_id, error))
    return FALSE;
  dyno_tune_import_async (shop, g_steal_pointer (&import), ctl->cancellable, dyno_await_cb,
                          ctl->await);
  records = dyno_tune_import_finish (dyno_await_wait (ctl->await), error);
  if (records == NULL)
    return FALSE;
  print_tables (ctl, records);

  return TRUE;
}

/* show, history, diff */

static gboolean
show_table (DynoCtl *ctl,
            GError **error)
{
  DynoShop *shop = dyno_ctl_want (ctl, 1, 1, "a table or a file", error) ? open_for (ctl, error)
                                                                         : NULL;
  g_autoptr(DynoTuneTable) found = NULL;
  g_autofree char *text = NULL;

  if (shop == NULL)
    return FALSE;
  dyno_tune_get_async (shop, ctl->arguments[0], version, table_name, ctl->cancellable,
                       dyno_await_cb, ctl->await);
  found = dyno_tune_get_finish (dyno_await_wait (ctl->await), error);
  if (found == NULL)
    return FALSE;
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);
      g_autoptr(GPtrArray) vehicles = found->record != NULL ? list_vehicles (ctl) : NULL;
      g_autofree char *label
        = found->record != NULL ? label_of (vehicles, found->record->vehicle_id) : NULL;

      dyno_shape_tune_cells (w, found, label);
      dyno_print_json (w);
      return TRUE;
    }
  text = dyno_tune_text_table (found->table);
  dyno_print_text (text);

  return TRUE;
}

static gboolean
show_history (DynoCtl *ctl,
              GError **error)
{
  DynoShop *shop = dyno_ctl_want (ctl, 1, 1, "a table", error) ? open_store (ctl, error) : NULL;
  g_autoptr(GPtrArray) changes = NULL;
  g_autofree char *text = NULL;
  DynoJsonWriter *w;

  if (shop == NULL)
    return FALSE;
  dyno_timeline_list_async (shop, ctl->arguments[0], ctl->cancellable, dyno_await_cb, ctl->await);
  changes = dyno_timeline_list_finish (dyno_await_wait (ctl->await), error);
  if (changes == NULL)
    return FALSE;
  if (!ctl->is_json)
    {
      text = dyno_tune_text_history (changes);
      dyno_print_text (text);
      return TRUE;
    }
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "changes");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < changes->len; i++)
    dyno_shape_tune_change (w, changes->pdata[i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);

  return TRUE;
}

/* The version before the one that --version names, or before the present one. */
static gboolean
find_earlier (DynoCtl  *ctl,
              DynoShop *shop,
              int      *earlier,
              GError  **error)
{
  g_autoptr(DynoTuneTable) found = NULL;

  *earlier = from_version;
  if (from_version > 0)
    return TRUE;
  dyno_tune_get_async (shop, ctl->arguments[0], version, table_name, ctl->cancellable,
                       dyno_await_cb, ctl->await);
  found = dyno_tune_get_finish (dyno_await_wait (ctl->await), error);
  if (found == NULL)
    return FALSE;
  *earlier = found->record != NULL ? MAX (found->record->version - 1, 1) : 0;

  return TRUE;
}

/* Two tables, or two versions of one. */
static gboolean
diff_tables (DynoCtl *ctl,
             GError **error)
{
  DynoShop *shop = dyno_ctl_want (ctl, 1, 2, "a table, or two", error) ? open_for (ctl, error)
                                                                       : NULL;
  gboolean is_one = dyno_ctl_n_arguments (ctl) == 1;
  int earlier = from_version;
  g_autoptr(DynoDiff) diff = NULL;
  g_autofree char *text = NULL;

  if (shop == NULL || (is_one && !find_earlier (ctl, shop, &earlier, error)))
    return FALSE;
  dyno_timeline_diff_async (shop, ctl->arguments[0], earlier, ctl->arguments[is_one ? 0 : 1],
                            version, table_name, ctl->cancellable, dyno_await_cb, ctl->await);
  diff = dyno_timeline_diff_finish (dyno_await_wait (ctl->await), error);
  if (diff == NULL)
    return FALSE;
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_tune_diff (w, diff);
      dyno_print_json (w);
      return TRUE;
    }
  text = dyno_tune_text_diff (diff);
  dyno_print_text (text);

  return TRUE;
}

/* merge */

/* (transfer full) */
static DynoTuneMergeRequest *
make_merge (DynoCtl *ctl,
            GError **error)
{
  g_autoptr(DynoTuneMergeRequest) request = dyno_tune_merge_request_new ();
  gboolean is_kept = dyno_ctl_n_arguments (ctl) == 2;

  if (!dyno_ctl_want (ctl, 2, 3, "BASE OURS THEIRS, or a table of the store and theirs", error))
    return NULL;
  if (prefer != NULL && !g_str_equal (prefer, "ours") && !g_str_equal (prefer, "theirs"))
    dyno_failure_set_usage (error, "--prefer takes ours or theirs.");
  else if (is_kept && !dyno_crypt_is_id (ctl->arguments[0], "tbl"))
    dyno_failure_set_usage (error, "dynoctl tables merge needs a table of the store and theirs, or "
                                   "three files.");
  else if (!is_kept && output == NULL && !dry_run)
    dyno_failure_set_usage (error, "dynoctl tables merge of files needs --output.");
  else
    {
      request->base = is_kept ? NULL : g_strdup (ctl->arguments[0]);
      request->ours = g_strdup (ctl->arguments[is_kept ? 0 : 1]);
      request->theirs = g_strdup (ctl->arguments[is_kept ? 1 : 2]);
      request->base_version = version;
      request->prefer = prefer == NULL                  ? DYNO_MERGE_ASK
                        : g_str_equal (prefer, "ours") ? DYNO_MERGE_OURS
                                                        : DYNO_MERGE_THEIRS;
      request->dry_run = dry_run;
      request->output = g_strdup (output);
      return g_steal_pointer (&request);
    }

  return NULL;
}

static gboolean
merge_tables (DynoCtl *ctl,
              int     *status,
              GError **error)
{
  DynoTuneMergeRequest *request = make_merge (ctl, error);
  DynoShop *shop = request != NULL ? open_for (ctl, error) : NULL;
  g_autoptr(DynoTuneMerged) merged = NULL;
  g_autofree char *text = NULL;

  if (shop == NULL)
    {
      dyno_tune_merge_request_free (request);
      return FALSE;
    }
  dyno_tune_merge_async (shop, request, ctl->cancellable, dyno_await_cb, ctl->await);
  merged = dyno_tune_merge_finish (dyno_await_wait (ctl->await), error);
  if (merged == NULL)
    return FALSE;
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_tune_merged (w, merged);
      dyno_print_json (w);
    }
  else
    {
      text = dyno_tune_text_merged (merged);
      dyno_print_text (text);
    }
  *status = merged->conflicts->len > 0 ? DYNO_EXIT_CONFLICT : DYNO_EXIT_DONE;

  return TRUE;
}

/* export */

static gboolean
find_format (DynoTuneFormat *found,
             GError        **error)
{
  static const char *const names[] = { "pvv", "csv", "text" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      *found = (DynoTuneFormat) i;
      if (format == NULL || g_str_equal (format, names[i]))
        return TRUE;
    }
  dyno_failure_set_usage (error, "--format takes pvv, csv or text.");

  return FALSE;
}

static void
print_export (DynoCtl *ctl,
              GBytes  *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *sum = dyno_crypt_sha256_hex (data, size);
  g_autofree char *text = g_strndup (data, size);

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "file", output);
      dyno_json_writer_add_string (w, "sha256", sum);
      dyno_json_writer_end_object (w);
      dyno_print_json (w);
    }
  else if (output == NULL)
    dyno_print_text (text);
  else if (!ctl->is_quiet)
    dyno_print_line ("Written: %s", output);
}

static gboolean
export_table (DynoCtl *ctl,
              GError **error)
{
  DynoTuneFormat wanted;
  DynoShop *shop;
  g_autoptr(GBytes) bytes = NULL;

  if (!dyno_ctl_want (ctl, 1, 1, "a table or a tune", error) || !find_format (&wanted, error))
    return FALSE;
  if (output == NULL && (ctl->is_json || wanted == DYNO_TUNE_PVV))
    {
      dyno_failure_set_usage (error, "dynoctl tables export needs --output.");
      return FALSE;
    }
  if (holes != NULL && !g_str_equal (holes, "blank"))
    {
      dyno_failure_set_usage (error, "--holes takes blank.");
      return FALSE;
    }
  shop = open_store (ctl, error);
  if (shop == NULL)
    return FALSE;
  dyno_tune_export_async (shop, ctl->arguments[0], version, wanted, holes != NULL,
                          ctl->cancellable, dyno_await_cb, ctl->await);
  bytes = dyno_tune_export_finish (dyno_await_wait (ctl->await), error);
  if (bytes == NULL || (output != NULL && !dyno_tune_write_bytes (output, bytes, error)))
    return FALSE;
  print_export (ctl, bytes);

  return TRUE;
}

gboolean
dyno_verb_tables (DynoCtl *ctl,
                  int     *status,
                  GError **error)
{
  if (g_str_equal (ctl->sub, "merge"))
    return merge_tables (ctl, status, error);
  if (g_str_equal (ctl->sub, "list"))
    return list_tables (ctl, error);
  if (g_str_equal (ctl->sub, "import"))
    return import_tables (ctl, error);
  if (g_str_equal (ctl->sub, "show"))
    return show_table (ctl, error);
  if (g_str_equal (ctl->sub, "history"))
    return show_history (ctl, error);

  return g_str_equal (ctl->sub, "diff") ? diff_tables (ctl, error) : export_table (ctl, error);
}

/* By way of the process that holds the data folder */

/* Takes the documents; NULL is FALSE. */
static gboolean
print_there (DynoCtl   *ctl,
             GPtrArray *documents,
             gboolean   is_history)
{
  g_autoptr(GPtrArray) taken = documents;
  g_autofree char *text = NULL;

  if (taken == NULL)
    return FALSE;
  if (ctl->is_json)
    {
      dyno_document_print_list (is_history ? "changes" : "tables", taken);
      return TRUE;
    }
  text = is_history ? dyno_table_document_history (taken) : dyno_table_document_list (taken);
  dyno_print_text (text);

  return TRUE;
}

/* Takes the document; NULL is FALSE. */
static gboolean
print_one_there (DynoCtl  *ctl,
                 DynoJson *document,
                 char   *(*text_of) (const DynoJson *document))
{
  g_autoptr(DynoJson) taken = document;
  g_autofree char *text = NULL;

  if (taken == NULL)
    return FALSE;
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_json_writer_value (w, taken);
      dyno_print_json (w);
      return TRUE;
    }
  text = text_of (taken);
  dyno_print_text (text);

  return TRUE;
}

static gboolean
import_there (DynoCtl  *ctl,
              GError  **error)
{
  g_auto(GStrv) words = dyno_verb_tune_words (ctl->arguments);
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_json_free);

  if (!dyno_ctl_want (ctl, 1, 2, "a tune, or the tables of the cylinders", error))
    return FALSE;
  for (char **word = words; *word != NULL; word++)
    {
      DynoTableSide side;
      const char *path = dyno_verb_tune_split (*word, &side);
      const char *its_side = side == DYNO_TABLE_FRONT  ? "front"
                             : side == DYNO_TABLE_REAR ? "rear"
                                                       : cylinder;
      GPtrArray *made = dyno_remote_tables_import (ctl, path, vehicle, kind, its_side, error);

      if (made == NULL)
        return FALSE;
      g_ptr_array_extend_and_steal (all, made);
    }

  return print_there (ctl, g_steal_pointer (&all), FALSE);
}

static gboolean
export_there (DynoCtl  *ctl,
              GError  **error)
{
  DynoTuneFormat wanted;
  g_autoptr(GBytes) bytes = NULL;

  if (!dyno_ctl_want (ctl, 1, 1, "a table", error) || !find_format (&wanted, error))
    return FALSE;
  if (output == NULL && (ctl->is_json || wanted == DYNO_TUNE_PVV))
    {
      dyno_failure_set_usage (error, "dynoctl tables export needs --output.");
      return FALSE;
    }
  bytes = dyno_remote_tables_export (ctl, ctl->arguments[0], format, version, error);
  if (bytes == NULL || (output != NULL && !dyno_tune_write_bytes (output, bytes, error)))
    return FALSE;
  print_export (ctl, bytes);

  return TRUE;
}

/* show and diff of files alone need nobody. */
static gboolean
names_a_table (DynoCtl *ctl)
{
  return *ctl->arguments != NULL && dyno_crypt_is_id (*ctl->arguments, "tbl");
}

gboolean
dyno_verb_tables_there (DynoCtl *ctl,
                        int     *status,
                        GError **error)
{
  const char *table = *ctl->arguments;

  if (g_str_equal (ctl->sub, "list"))
    return dyno_ctl_want (ctl, 0, 0, "no words", error)
           && print_there (ctl, dyno_remote_tables_list (ctl, vehicle, kind, cylinder, error),
                           FALSE);
  if (g_str_equal (ctl->sub, "import"))
    return import_there (ctl, error);
  if (g_str_equal (ctl->sub, "export"))
    return export_there (ctl, error);
  if (!names_a_table (ctl) || dyno_ctl_n_arguments (ctl) != 1)
    return dyno_verb_tables (ctl, status, error);
  if (g_str_equal (ctl->sub, "history"))
    return print_there (ctl, dyno_remote_tables_history (ctl, table, error), TRUE);
  if (g_str_equal (ctl->sub, "show"))
    return print_one_there (ctl, dyno_remote_tables_get (ctl, table, version, error),
                            dyno_table_document_cells);

  return print_one_there (ctl,
                          dyno_remote_tables_diff (ctl, table, from_version, version, error),
                          dyno_table_document_diff);
}
