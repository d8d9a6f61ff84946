/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-change-metadata.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"

static void
edit_clear (gpointer data)
{
  DynoEdit *edit = data;

  g_free (edit->before);
  g_free (edit->after);
}

static void
edits_free (gpointer data)
{
  DynoChangeEdits *edits = data;

  g_free (edits->name);
  g_array_unref (edits->edits);
  g_free (edits);
}

static void
override_free (gpointer data)
{
  DynoOverride *override = data;

  g_free (override->reason);
  g_free (override);
}

DynoChangeMetadata *
dyno_change_metadata_new (void)
{
  DynoChangeMetadata *self = g_new0 (DynoChangeMetadata, 1);

  self->overrides = g_ptr_array_new_with_free_func (override_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->table_ids = g_ptr_array_new_with_free_func (g_free);
  self->tables = g_ptr_array_new_with_free_func (edits_free);

  return self;
}

void
dyno_change_metadata_free (DynoChangeMetadata *self)
{
  if (self == NULL)
    return;

  g_free (self->change_id);
  g_free (self->result_id);
  g_free (self->fingerprint);
  g_free (self->math_version);
  g_free (self->tool_version);
  g_free (self->user);
  g_free (self->applied_at);
  g_free (self->rolled_back_at);
  g_free (self->comment);
  g_free (self->form);
  g_free (self->group);
  g_free (self->preview_sha256);
  g_free (self->bytes_before);
  g_free (self->content_before);
  g_free (self->bytes_after);
  g_free (self->content_after);
  g_ptr_array_unref (self->overrides);
  g_ptr_array_unref (self->warnings);
  g_ptr_array_unref (self->table_ids);
  g_ptr_array_unref (self->tables);
  g_clear_pointer (&self->base, g_bytes_unref);
  g_free (self);
}

DynoChangeEdits *
dyno_change_metadata_add_table (DynoChangeMetadata *self,
                                const char         *name,
                                guint               occurrence,
                                DynoTableSide       side)
{
  DynoChangeEdits *edits = g_new0 (DynoChangeEdits, 1);

  edits->name = g_strdup (name);
  edits->occurrence = occurrence;
  edits->side = side;
  edits->edits = g_array_new (FALSE, TRUE, sizeof (DynoEdit));
  g_array_set_clear_func (edits->edits, edit_clear);
  g_ptr_array_add (self->tables, edits);

  return edits;
}

static void
take_table (DynoChangeMetadata    *self,
            const DynoChangeTable *table)
{
  DynoChangeEdits *edits = dyno_change_metadata_add_table (self, table->base->name, 0,
                                                           table->base->side);

  for (guint i = 0; i < table->set->edits->len; i++)
    {
      DynoEdit edit = g_array_index (table->set->edits, DynoEdit, i);

      edit.before = g_strdup (edit.before);
      edit.after = g_strdup (edit.after);
      g_array_append_val (edits->edits, edit);
    }
  self->cells_changed += table->set->edits->len;
  self->cells_clamped += table->n_clamped;
  self->max_abs_delta_pct = MAX (self->max_abs_delta_pct, table->max_abs_delta_pct);
}

DynoChangeMetadata *
dyno_change_metadata_of (const DynoChange *change,
                         guint             first,
                         guint             end)
{
  g_autoptr(DynoChangeOptions) options = dyno_change_options_copy (change->options);
  DynoChangeMetadata *self = dyno_change_metadata_new ();

  self->result_id = g_strdup (change->result_id);
  self->fingerprint = g_strdup (change->fingerprint);
  self->math_version = g_strdup (change->math_version);
  self->tool_version = g_strdup (DYNO_VERSION);
  self->preview_sha256 = g_strdup (change->preview_sha256);
  self->side = end - first == 1 ? change->tables[first]->base->side : DYNO_TABLE_BOTH;
  for (guint i = 0; i < DYNO_N_LIMITS; i++)
    self->limits[i] = MIN (options->limits[i], options->clamp_pct);
  g_ptr_array_unref (self->overrides);
  self->overrides = g_ptr_array_ref (options->overrides);
  for (guint i = 0; i < change->warnings->len; i++)
    g_ptr_array_add (self->warnings,
                     g_strdup (((const DynoNote *) change->warnings->pdata[i])->code));
  for (guint i = first; i < end; i++)
    take_table (self, change->tables[i]);

  return self;
}

DynoTable *
dyno_change_edits_replay (const DynoChangeEdits *self,
                          const DynoTable       *base)
{
  guint n = dyno_table_n_cells (base);
  g_autofree const char **texts = g_new0 (const char *, n);
  g_autoptr(GBytes) bytes = NULL;

  for (guint i = 0; i < self->edits->len; i++)
    {
      const DynoEdit *edit = &g_array_index (self->edits, DynoEdit, i);

      if (edit->cell >= n || edit->after == NULL || base->cells[edit->cell].length == 0)
        return NULL;
      texts[edit->cell] = edit->after;
    }
  bytes = dyno_table_replace (base, texts);

  return base->form->parse (bytes, NULL);
}
