/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-measure.h"

/* Structs of dyno-tune.h, and what its files share. */

static void
base_free (gpointer data)
{
  DynoTuneBase *base = data;

  g_free (base->base);
  g_free (base);
}

DynoTuneRequest *
dyno_tune_request_new (void)
{
  DynoTuneRequest *self = g_new0 (DynoTuneRequest, 1);

  self->bases = g_ptr_array_new_with_free_func (base_free);
  self->outputs = g_ptr_array_new_with_free_func (g_free);
  self->options = dyno_change_options_new ();

  return self;
}

void
dyno_tune_request_free (DynoTuneRequest *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->bases);
  g_free (self->table_name);
  dyno_analyse_unref (self->analyse);
  g_free (self->analysis_id);
  g_free (self->corrections);
  dyno_change_options_free (self->options);
  g_free (self->preview_sha256);
  g_free (self->comment);
  g_free (self->made_by);
  g_ptr_array_unref (self->outputs);
  g_free (self->metadata);
  g_free (self);
}

void
dyno_tune_request_add_base (DynoTuneRequest *self,
                            const char      *base,
                            DynoTableSide    side)
{
  DynoTuneBase *entry = g_new0 (DynoTuneBase, 1);

  entry->base = g_strdup (base);
  entry->side = side;
  g_ptr_array_add (self->bases, entry);
}

void
dyno_tune_table_free (DynoTuneTable *self)
{
  if (self == NULL)
    return;

  dyno_table_record_free (self->record);
  dyno_table_unref (self->table);
  g_free (self);
}

DynoTunePreview *
dyno_tune_preview_ref (DynoTunePreview *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_tune_preview_unref (DynoTunePreview *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  dyno_change_free (self->change);
  for (guint i = 0; i < DYNO_CHANGE_TABLES; i++)
    g_free (self->targets[i].table_id);
  g_free (self->sha256_before);
  g_free (self->sha256_after);
  g_free (self);
}

void
dyno_tune_applied_free (DynoTuneApplied *self)
{
  if (self == NULL)
    return;

  dyno_tune_preview_unref (self->preview);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_ptr_array_unref (self->files);
  g_free (self);
}

void
dyno_tune_restored_free (DynoTuneRestored *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_free (self->restored);
  g_free (self->sha256_before);
  g_free (self->sha256_after);
  g_free (self);
}

/* Shared */

void
dyno_tune_set_error (GError           **error,
                     DynoAnalysisError *cause,
                     const char        *refused)
{
  gboolean is_refused = cause->reason == DYNO_ANALYSIS_REFUSED;
  gboolean is_code = cause->reason == DYNO_ANALYSIS_GRID_MISMATCH
                     || cause->reason == DYNO_ANALYSIS_BAD_TABLE;

  dyno_error_set (error, is_refused ? DYNO_ERROR_CONFLICT : DYNO_ERROR_INVALID,
                  is_refused ? refused
                  : is_code  ? dyno_analysis_reason_name (cause->reason)
                             : NULL,
                  "%s", cause->message);
  dyno_analysis_error_free (cause);
}

static gboolean
has_own_sum (const DynoTableRecord *record)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (record->bytes, &size);
  g_autofree char *sum = dyno_crypt_sha256_hex (data, size);

  return g_strcmp0 (sum, record->bytes_sha256) == 0;
}

DynoTableRecord *
dyno_tune_load_record (const DynoErrand *errand,
                       const char       *table_id,
                       int               version,
                       GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoTableRecord) record = NULL;

  if (store == NULL)
    {
      g_propagate_error (error, g_error_copy (errand->shop->trouble));
      return NULL;
    }
  dyno_store_get_table_async (store, table_id, version, errand->cancellable, dyno_await_cb,
                              errand->await);
  record = dyno_store_get_table_finish (store, dyno_await_wait (errand->await), error);
  if (record == NULL)
    return NULL;
  if (has_own_sum (record))
    return g_steal_pointer (&record);

  dyno_error_set (error, DYNO_ERROR_CORRUPT, NULL,
                  "Version %d of “%s” is damaged: its SHA-256 is not the one that was kept. "
                  "Restore a backup.",
                  record->version, record->name);

  return NULL;
}

DynoTable *
dyno_tune_open_record (const DynoTableRecord *record,
                       GError               **error)
{
  gsize size;
  const char *data = g_bytes_get_data (record->bytes, &size);
  gboolean is_item = size > 0 && *data == '<';
  DynoTableKind kind = DYNO_TABLE_OTHER;
  DynoTableSide side = DYNO_TABLE_BOTH;
  DynoAnalysisError *cause = NULL;
  g_autoptr(DynoTable) table = (is_item ? &dyno_pvv_form : &dyno_table_csv_form)->parse (
    record->bytes, &cause);

  if (table == NULL)
    {
      dyno_tune_set_error (error, cause, NULL);
      return NULL;
    }
  dyno_table_kind_find (record->kind, &kind);
  dyno_table_side_find (record->cylinder, &side);

  return dyno_table_rename (table, record->name, kind, side);
}

gboolean
dyno_tune_is_as_seen (const DynoTableRecord *record,
                      int                    shown_version,
                      GError               **error)
{
  if (shown_version == 0 || record->version == shown_version)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                  "“%s” is at version %d by now; you saw version %d. Look at it again.",
                  record->name, record->version, shown_version);

  return FALSE;
}

DynoChangeRecord *
dyno_tune_make_change (const char          *table_id,
                       DynoChangeRecordKind kind,
                       const DynoTable     *before,
                       const DynoTable     *after)
{
  DynoChangeRecord *change = g_new0 (DynoChangeRecord, 1);

  change->table_id = g_strdup (table_id);
  change->kind = kind;
  change->sha256_before = dyno_table_content_sha256 (before);
  change->sha256_after = dyno_table_content_sha256 (after);
  change->bytes_after = g_bytes_ref (after->bytes);

  return change;
}

static char *
describe_change (const DynoChangeRecord *change)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "sha256_before", change->sha256_before);
  dyno_json_writer_add_string (w, "sha256_after", change->sha256_after);
  dyno_json_writer_add_integer (w, "cells_changed", change->cells_changed);
  dyno_json_writer_add_string (w, "analysis_id", change->analysis_id);
  dyno_json_writer_add_string (w, "undoes", change->undoes);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

/* A row of the audit a change goes along. */
static void
carry_rows (const DynoErrand *errand,
            const GPtrArray  *changes)
{
  static const DynoAuditEvent events[DYNO_N_CHANGE_RECORD_KINDS] = {
    [DYNO_CHANGE_RECORD_IMPORT] = DYNO_AUDIT_TABLE_IMPORTED,
    [DYNO_CHANGE_RECORD_APPLY] = DYNO_AUDIT_TABLE_APPLIED,
    [DYNO_CHANGE_RECORD_ROLLBACK] = DYNO_AUDIT_TABLE_ROLLED_BACK,
    [DYNO_CHANGE_RECORD_MERGE] = DYNO_AUDIT_TABLE_MERGED,
  };
  const DynoChangeRecord *first = changes->len > 0 ? g_ptr_array_index (changes, 0) : NULL;
  DynoRider *rider = dyno_audit_new_rider (errand, first != NULL ? first->table_id : NULL);

  for (guint i = 0; i < changes->len; i++)
    {
      const DynoChangeRecord *change = g_ptr_array_index (changes, i);
      g_autofree char *details = describe_change (change);

      dyno_audit_add (errand, rider, events[change->kind], "table", change->table_id, details);
    }
  dyno_store_carry (errand->shop->store, rider);
}

GPtrArray *
dyno_tune_add_changes (const DynoErrand *errand,
                       GPtrArray        *changes,
                       const char       *vehicle_id,
                       GError          **error)
{
  DynoStore *store = errand->shop->store;
  GPtrArray *kept;

  carry_rows (errand, changes);
  /* Begun, it is finished: a cancelled one would leave the asker in doubt. */
  dyno_store_add_changes_async (store, changes, NULL, dyno_await_cb, errand->await);
  kept = dyno_store_add_changes_finish (store, dyno_await_wait (errand->await), error);
  if (kept != NULL)
    dyno_measure_changes (kept);
  if (kept != NULL && vehicle_id != NULL)
    dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_VEHICLE, vehicle_id, "changed");

  return kept;
}

char *
dyno_tune_sum_of_sums (const char *const *sums,
                       guint              n)
{
  g_autoptr(GString) all = g_string_new (NULL);

  if (n == 1)
    return g_strdup (sums[0]);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (all, "%s\n", sums[i]);

  return dyno_crypt_sha256_hex (all->str, all->len);
}

char *
dyno_tune_now (const DynoErrand *errand)
{
  return dyno_clock_format_utc (dyno_clock_real_us (errand->shop->clock));
}
