/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include "dyno-crypt.h"
#include "dyno-error.h"

/* Which tables a request means: of files, or of the store. */

void
dyno_tune_subject_free (DynoTuneSubject *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < DYNO_CHANGE_TABLES; i++)
    {
      dyno_table_unref (self->tables[i]);
      dyno_table_record_free (self->records[i]);
      dyno_tune_file_free (self->files[i]);
    }
  g_free (self);
}

static gboolean
has_room (const DynoTuneSubject *self,
          GError               **error)
{
  if (self->n_tables < DYNO_CHANGE_TABLES)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                  "One change is of one table, or of a front and a rear one.");

  return FALSE;
}

/* Files */

static gboolean
add_table (DynoTuneSubject *self,
           DynoTable       *table,
           guint            file,
           guint            place,
           GError         **error)
{
  if (!has_room (self, error))
    return FALSE;
  self->tables[self->n_tables] = dyno_table_ref (table);
  self->file_of[self->n_tables] = file;
  self->place_of[self->n_tables++] = place;

  return TRUE;
}

/* Of a tune the table that was named, else front and rear VE. */
static gboolean
add_tune (DynoTuneSubject       *self,
          const DynoTuneRequest *request,
          guint                  index,
          GError               **error)
{
  static const DynoTableKind kinds[] = { DYNO_TABLE_VE_MAP, DYNO_TABLE_VE_TPS };
  const DynoTuneFile *file = self->files[index];
  int place = -1;

  if (request->table_name != NULL)
    {
      place = dyno_tune_file_find_name (file, request->table_name, error);
      return place >= 0
             && add_table (self, file->tables->pdata[place], index, (guint) place, error);
    }
  for (guint k = 0; k < G_N_ELEMENTS (kinds) && self->n_tables == 0; k++)
    {
      for (guint side = 0; side < DYNO_N_TABLE_SIDES; side++)
        {
          place = dyno_tune_file_find_kind (file, kinds[k], (DynoTableSide) side);
          if (place >= 0
              && !add_table (self, file->tables->pdata[place], index, (guint) place, error))
            return FALSE;
        }
    }
  if (self->n_tables > 0)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "pvv_item",
                  "The tune has no VE table: name the one that is meant.");

  return FALSE;
}

static gboolean
add_file (DynoTuneSubject       *self,
          const DynoErrand      *errand,
          const DynoTuneRequest *request,
          const DynoTuneBase    *base,
          GError               **error)
{
  guint index = self->n_files;
  g_autoptr(DynoTable) table = NULL;

  if (!has_room (self, error))
    return FALSE;
  self->files[index] = dyno_tune_file_read (base->base, errand->cancellable, error);
  if (self->files[index] == NULL)
    return FALSE;
  self->n_files++;
  if (self->files[index]->pvv != NULL)
    return add_tune (self, request, index, error);
  table = dyno_table_rename (self->files[index]->tables->pdata[0],
                             base->side == DYNO_TABLE_BOTH ? "VE"
                             : base->side == DYNO_TABLE_FRONT ? "VE front" : "VE rear",
                             DYNO_TABLE_VE_MAP, base->side);

  return add_table (self, table, index, 0, error);
}

/* The store */

static gboolean
add_record (DynoTuneSubject  *self,
            const DynoErrand *errand,
            const char       *table_id,
            GError          **error)
{
  g_autoptr(DynoTableRecord) record = NULL;

  if (!has_room (self, error))
    return FALSE;
  record = dyno_tune_load_record (errand, table_id, 0, error);
  if (record == NULL)
    return FALSE;
  self->tables[self->n_tables] = dyno_tune_open_record (record, error);
  if (self->tables[self->n_tables] == NULL)
    return FALSE;
  self->records[self->n_tables++] = g_steal_pointer (&record);

  return TRUE;
}

static GPtrArray *
list_tables (const DynoErrand *errand,
             GError          **error)
{
  DynoStore *store = errand->shop->store;

  if (store == NULL)
    {
      g_propagate_error (error, g_error_copy (errand->shop->trouble));
      return NULL;
    }
  dyno_store_list_tables_async (store, NULL, NULL, NULL, errand->cancellable, dyno_await_cb,
                                errand->await);

  return dyno_store_list_tables_finish (store, dyno_await_wait (errand->await), error);
}

static gboolean
is_wanted (const DynoTableRecord *record,
           const char            *tune_id,
           const char            *name,
           const char            *kind)
{
  return g_str_equal (record->tune_id, tune_id)
         && (name != NULL ? g_str_equal (record->name, name) : g_str_equal (record->kind, kind));
}

/* As add_tune () does, of what the store has of it. */
static gboolean
add_kept_tune (DynoTuneSubject       *self,
               const DynoErrand      *errand,
               const DynoTuneRequest *request,
               const char            *tune_id,
               GError               **error)
{
  static const char *const kinds[] = { "ve-map", "ve-tps" };
  g_autoptr(GPtrArray) all = list_tables (errand, error);

  if (all == NULL)
    return FALSE;
  for (guint k = 0; k < G_N_ELEMENTS (kinds) && self->n_tables == 0; k++)
    {
      for (guint i = 0; i < all->len; i++)
        {
          const DynoTableRecord *record = g_ptr_array_index (all, i);

          if (is_wanted (record, tune_id, request->table_name, kinds[k])
              && !add_record (self, errand, record->id, error))
            return FALSE;
        }
    }
  if (self->n_tables > 0)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL,
                  "There is no such tune, or it has no VE table.");

  return FALSE;
}

static const char *
other_side (const char *cylinder)
{
  if (g_str_equal (cylinder, "front"))
    return "rear";

  return g_str_equal (cylinder, "rear") ? "front" : NULL;
}

/* Who names one cylinder's table and does not say “only” means both. */
static gboolean
add_partner (DynoTuneSubject       *self,
             const DynoErrand      *errand,
             const DynoTuneRequest *request,
             GError               **error)
{
  const DynoTableRecord *first = self->records[0];
  const char *side = self->n_tables == 1 && first != NULL ? other_side (first->cylinder) : NULL;
  g_autoptr(GPtrArray) all = NULL;

  if (side == NULL || request->options->side != DYNO_TABLE_BOTH)
    return TRUE;
  all = list_tables (errand, error);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const DynoTableRecord *record = g_ptr_array_index (all, i);

      if (g_str_equal (record->tune_id, first->tune_id) && g_str_equal (record->kind, first->kind)
          && g_str_equal (record->cylinder, side))
        return add_record (self, errand, record->id, error);
    }

  return all != NULL;
}

static void
swap (gpointer *a,
      gpointer *b)
{
  gpointer kept = *a;

  *a = *b;
  *b = kept;
}

/* Front before rear, whatever the order of the words. */
static void
sort_sides (DynoTuneSubject *self)
{
  guint number;

  if (self->n_tables < 2 || self->tables[0]->side <= self->tables[1]->side)
    return;
  swap ((gpointer *) &self->tables[0], (gpointer *) &self->tables[1]);
  swap ((gpointer *) &self->records[0], (gpointer *) &self->records[1]);
  number = self->file_of[0];
  self->file_of[0] = self->file_of[1];
  self->file_of[1] = number;
  number = self->place_of[0];
  self->place_of[0] = self->place_of[1];
  self->place_of[1] = number;
}

static gboolean
add_base (DynoTuneSubject       *self,
          const DynoErrand      *errand,
          const DynoTuneRequest *request,
          const DynoTuneBase    *base,
          GError               **error)
{
  if (dyno_crypt_is_id (base->base, "tbl"))
    return add_record (self, errand, base->base, error);
  if (dyno_crypt_is_id (base->base, "tune"))
    return add_kept_tune (self, errand, request, base->base, error);

  return add_file (self, errand, request, base, error);
}

static gboolean
are_of_one_kind (const DynoTuneSubject *self,
                 GError               **error)
{
  gboolean is_mixed
      = self->n_tables == 2 && (self->records[0] == NULL) != (self->records[1] == NULL);
  gboolean is_pair = self->n_tables < 2
                     || (self->tables[0]->side == DYNO_TABLE_FRONT
                         && self->tables[1]->side == DYNO_TABLE_REAR);

  if (!is_mixed && is_pair)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                  "Two tables are changed together when one is the front cylinder's and the other "
                  "the rear one's, both from files or both from the store.");

  return FALSE;
}

DynoTuneSubject *
dyno_tune_subject_load (const DynoErrand      *errand,
                        const DynoTuneRequest *request,
                        GError               **error)
{
  g_autoptr(DynoTuneSubject) self = g_new0 (DynoTuneSubject, 1);

  for (guint i = 0; i < request->bases->len; i++)
    {
      if (!add_base (self, errand, request, request->bases->pdata[i], error))
        return NULL;
    }
  if (!add_partner (self, errand, request, error))
    return NULL;
  sort_sides (self);

  return are_of_one_kind (self, error) ? g_steal_pointer (&self) : NULL;
}

GBytes *
dyno_tune_subject_output (const DynoTuneSubject *self,
                          const DynoChange      *change,
                          guint                  file)
{
  g_autofree GBytes **tables = g_new0 (GBytes *, self->files[file]->tables->len);

  for (guint i = 0; i < self->n_tables; i++)
    {
      if (self->file_of[i] == file)
        tables[self->place_of[i]] = change->tables[i]->after->bytes;
    }

  return dyno_tune_file_replace (self->files[file], tables);
}
