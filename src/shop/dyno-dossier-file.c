/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A file as a dossier, and how this shop looks at one; part of dyno-dossier.h. */

#include "config.h"

#include "dyno-dossier.h"

#include "dyno-archive-inside.h"
#include "dyno-dossier-pack.h"
#include "dyno-error.h"
#include "dyno-import-describe.h"
#include "dyno-plate.h"
#include "dyno-reference.h"
#include "dyno-shop-private.h"
#include "dyno-summary.h"

void
dyno_dossier_look (DynoDossier      *self,
                   const DynoErrand *errand)
{
  DynoShop *shop = errand->shop;

  dyno_pull_power_defaults (shop, &self->options);
  if (self->vehicle != NULL)
    self->options.stoich = dyno_summary_stoich (self->vehicle->data);
  dyno_summary_trim (&self->options, self->samples, self->run);
  self->has_reference = shop->store != NULL && self->run->provider != NULL
                        && dyno_reference_load (shop->store, errand->await, self->run->provider,
                                                &self->reference);
  dyno_plate_give (shop->config, self->has_reference ? &self->reference : NULL, &self->drum,
                   &self->options);
}

/* An id that is the same for the same bytes. (transfer full) */
static char *
id_of_sum (const char *sha256)
{
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  char id[] = "run_00000000000000000000";

  for (guint i = 0; i + 4 < sizeof id - 1 && sha256[2 * i] != '\0'; i++)
    {
      int byte = g_ascii_xdigit_value (sha256[2 * i]) * 16
                 + g_ascii_xdigit_value (sha256[2 * i + 1]);

      id[4 + i] = letters[byte % 62];
    }

  return g_strdup (id);
}

static DynoDossier *
of_log (const DynoErrand         *errand,
        const DynoImportRequest  *request,
        GBytes                   *bytes,
        GError                  **error)
{
  g_autoptr(DynoImportReading) reading
    = dyno_import_read (errand, request, DYNO_STOICH_PETROL, FALSE, error);
  DynoImportOutcome *outcome;
  DynoDossier *self;
  DynoRun *run;

  if (reading == NULL)
    return NULL;
  outcome = reading->outcome;
  run = dyno_import_describe (errand, request, reading, NULL, DYNO_STOICH_PETROL);
  g_free (run->id);
  run->id = id_of_sum (outcome->sha256);
  self = dyno_dossier_new (run, dyno_samples_ref (outcome->samples));
  g_free (self->confidence);
  self->confidence = dyno_import_confidences (outcome);
  g_ptr_array_unref (self->marks);
  self->marks = dyno_import_marks (outcome->report);
  self->source_name = dyno_import_name (request);
  self->source_sha256 = g_strdup (outcome->sha256);
  self->source = g_bytes_ref (bytes);

  return self;
}

DynoDossier *
dyno_dossier_of_file (const DynoErrand         *errand,
                      const DynoImportRequest  *request,
                      GError                  **error)
{
  g_autoptr(GMappedFile) mapped = g_mapped_file_new (request->path, FALSE, NULL);
  g_autoptr(GBytes) bytes = mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;
  g_autoptr(GBytes) archive = NULL;
  DynoDossier *self;

  if (bytes == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "import_io", "“%s” cannot be read.",
                      request->path);
      return NULL;
    }
  if (!dyno_archive_inside (bytes, &archive, error))
    return NULL;
  self = archive != NULL ? dyno_dossier_unpack_file (archive, DYNO_ARCHIVE_MOST_BYTES, error)
                         : of_log (errand, request, bytes, error);
  if (self != NULL)
    dyno_dossier_look (self, errand);

  return self;
}
