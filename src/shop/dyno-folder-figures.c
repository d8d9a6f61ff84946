/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-folder-private.h"

#include <math.h>

#define DECIMALS 6 /* what libm may differ in between two processors lies behind these */

static guint
count_cells (const DynoVeResult *result,
             guint               cylinder,
             DynoFolderFigures  *self)
{
  guint n = 0;

  for (guint i = 0; i < result->n_cells; i++)
    {
      double limited = result->cylinders[cylinder].cells[i].limited;

      n += !isnan (limited);
      self->least_pct = fmin (self->least_pct, limited);
      self->most_pct = fmax (self->most_pct, limited);
    }

  return n;
}

static char **
dup_warnings (const DynoVeResult     *result,
              const DynoImportReport *report)
{
  g_autoptr(GStrvBuilder) texts = g_strv_builder_new ();

  for (guint i = 0; report != NULL && i < report->warnings->len; i++)
    g_strv_builder_add (texts,
                        ((const DynoImportFinding *) report->warnings->pdata[i])->text);
  for (guint i = 0; i < result->warnings->len; i++)
    g_strv_builder_add (texts, ((const DynoNote *) result->warnings->pdata[i])->text);

  return g_strv_builder_end (texts);
}

static void
take_peaks (DynoFolderFigures *self,
            const DynoPower   *power)
{
  self->peak_power_kw = self->peak_power_rpm = NAN;
  self->peak_torque_nm = self->peak_torque_rpm = NAN;
  if (power == NULL || power->curve->n == 0)
    return;
  self->peak_power_kw = power->peak_power.value;
  self->peak_power_rpm = power->peak_power.x;
  self->peak_torque_nm = power->peak_torque.value;
  self->peak_torque_rpm = power->peak_torque.x;
}

DynoFolderFigures *
dyno_folder_figures_new (const DynoAnalyse       *analyse,
                         const DynoImportOutcome *outcome)
{
  DynoFolderFigures *self = g_new0 (DynoFolderFigures, 1);
  const DynoVeResult *result = analyse->result;

  self->sha256 = g_strdup (outcome->sha256);
  self->dialect = g_strdup (outcome->report != NULL ? outcome->report->dialect : "");
  self->fingerprint = g_strdup (analyse->fingerprint);
  self->rows = result->n_rows;
  self->hits_front = result->cylinders[0].counts[DYNO_GATE_ACCEPTED];
  self->hits_rear = result->cylinders[1].counts[DYNO_GATE_ACCEPTED];
  self->least_pct = self->most_pct = NAN;
  self->cells_front = count_cells (result, 0, self);
  self->cells_rear = count_cells (result, 1, self);
  take_peaks (self, analyse->power != NULL ? analyse->power->power : NULL);
  self->warnings = dup_warnings (result, outcome->report);

  return self;
}

void
dyno_folder_figures_free (DynoFolderFigures *self)
{
  if (self == NULL)
    return;

  g_free (self->sha256);
  g_free (self->dialect);
  g_free (self->fingerprint);
  g_strfreev (self->warnings);
  g_free (self);
}

/* Members that text and struct share: one table for both ways. */

static const struct
{
  const char *name;
  gsize       offset;
} numbers[] = {
  { "least_pct", G_STRUCT_OFFSET (DynoFolderFigures, least_pct) },
  { "most_pct", G_STRUCT_OFFSET (DynoFolderFigures, most_pct) },
  { "peak_power_kw", G_STRUCT_OFFSET (DynoFolderFigures, peak_power_kw) },
  { "peak_power_rpm", G_STRUCT_OFFSET (DynoFolderFigures, peak_power_rpm) },
  { "peak_torque_nm", G_STRUCT_OFFSET (DynoFolderFigures, peak_torque_nm) },
  { "peak_torque_rpm", G_STRUCT_OFFSET (DynoFolderFigures, peak_torque_rpm) },
};

void
dyno_folder_figures_write (DynoJsonWriter          *w,
                           const DynoFolderFigures *self)
{
  dyno_json_writer_add_string (w, "sha256", self->sha256);
  dyno_json_writer_add_string (w, "dialect", self->dialect);
  dyno_json_writer_add_string (w, "fingerprint", self->fingerprint);
  dyno_json_writer_add_integer (w, "rows", (gint64) self->rows);
  dyno_json_writer_add_integer (w, "hits_front", (gint64) self->hits_front);
  dyno_json_writer_add_integer (w, "hits_rear", (gint64) self->hits_rear);
  dyno_json_writer_add_integer (w, "cells_front", self->cells_front);
  dyno_json_writer_add_integer (w, "cells_rear", self->cells_rear);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    dyno_json_writer_add_rounded (w, numbers[i].name,
                                  G_STRUCT_MEMBER (double, self, numbers[i].offset), DECIMALS);
  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  for (char **text = self->warnings; *text != NULL; text++)
    dyno_json_writer_string (w, *text);
  dyno_json_writer_end_array (w);
}

DynoFolderFigures *
dyno_folder_figures_read (const DynoJson *json)
{
  g_autoptr(DynoFolderFigures) self = g_new0 (DynoFolderFigures, 1);
  g_autoptr(GStrvBuilder) texts = g_strv_builder_new ();
  const DynoJson *warnings = dyno_json_member (json, "warnings");

  self->sha256 = g_strdup (dyno_json_get_string (json, "sha256"));
  self->dialect = g_strdup (dyno_json_get_string (json, "dialect"));
  self->fingerprint = g_strdup (dyno_json_get_string (json, "fingerprint"));
  self->rows = (guint64) dyno_json_get_integer (json, "rows", 0);
  self->hits_front = (guint64) dyno_json_get_integer (json, "hits_front", 0);
  self->hits_rear = (guint64) dyno_json_get_integer (json, "hits_rear", 0);
  self->cells_front = (guint) dyno_json_get_integer (json, "cells_front", 0);
  self->cells_rear = (guint) dyno_json_get_integer (json, "cells_rear", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    G_STRUCT_MEMBER (double, self, numbers[i].offset)
      = dyno_json_get_number (json, numbers[i].name, NAN);
  for (guint i = 0; warnings != NULL && i < dyno_json_n_elements (warnings); i++)
    {
      const char *text = dyno_json_string (dyno_json_element (warnings, i));

      g_strv_builder_add (texts, text != NULL ? text : "");
    }
  self->warnings = g_strv_builder_end (texts);
  if (self->sha256 == NULL || self->dialect == NULL || self->fingerprint == NULL)
    return NULL;

  return g_steal_pointer (&self);
}
