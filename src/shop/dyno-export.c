/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-private.h"

#include "dyno-crypt.h"
#include "dyno-export-file.h"
#include "dyno-shop-private.h"

static const struct
{
  const char *name;
  const char *suffix;
  const char *type;
} formats[DYNO_N_EXPORT_FORMATS] = {
  [DYNO_EXPORT_AS_CSV] = { "csv", ".csv", "text/csv; charset=utf-8" },
  [DYNO_EXPORT_AS_JSON] = { "json", ".json", "application/json" },
  [DYNO_EXPORT_AS_TEXT] = { "text", ".txt", "text/plain; charset=utf-8" },
  [DYNO_EXPORT_AS_PNG] = { "png", ".png", "image/png" },
  [DYNO_EXPORT_AS_SVG] = { "svg", ".svg", "image/svg+xml" },
  [DYNO_EXPORT_AS_PDF] = { "pdf", ".pdf", "application/pdf" },
  [DYNO_EXPORT_AS_ARCHIVE] = { "archive", ".dynorun", "application/gzip" },
  [DYNO_EXPORT_AS_PCAP] = { "pcap", ".pcap", "application/vnd.tcpdump.pcap" },
  [DYNO_EXPORT_AS_PVV] = { "pvv", ".pvv", "application/xml" },
};

int
dyno_export_format_find (const char *name)
{
  for (guint i = 0; i < DYNO_N_EXPORT_FORMATS; i++)
    {
      if (g_strcmp0 (formats[i].name, name) == 0)
        return (int) i;
    }

  return -1;
}

DynoExportRequest *
dyno_export_request_new (void)
{
  DynoExportRequest *self = g_new0 (DynoExportRequest, 1);

  self->scale = 1;

  return self;
}

void
dyno_export_request_free (DynoExportRequest *self)
{
  if (self == NULL)
    return;

  g_free (self->run_id);
  g_clear_pointer (&self->file, dyno_import_request_free);
  g_free (self->chart);
  g_free (self->output);
  g_free (self);
}

void
dyno_export_outcome_free (DynoExportOutcome *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_free (self->name);
  g_free (self->type);
  g_free (self->sha256);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

static char *
make_name (const DynoExportRequest *request,
           const DynoDossier       *dossier)
{
  gboolean is_picture
    = request->format >= DYNO_EXPORT_AS_PNG && request->format <= DYNO_EXPORT_AS_PDF;
  const char *chart = request->chart != NULL ? request->chart : is_picture ? "power" : NULL;
  g_autofree char *suffix = g_strconcat (chart != NULL ? "_" : "", chart != NULL ? chart : "",
                                         formats[request->format].suffix, NULL);

  return dyno_export_file_name (dossier, suffix);
}

static gboolean
write_out (const DynoExportRequest  *request,
           DynoExportOutcome        *outcome,
           GError                  **error)
{
  gboolean is_folder;

  if (request->output == NULL)
    return TRUE;
  is_folder = g_file_test (request->output, G_FILE_TEST_IS_DIR);
  outcome->path = is_folder ? g_build_filename (request->output, outcome->name, NULL)
                            : g_strdup (request->output);

  return dyno_export_file_write (outcome->path, outcome->bytes,
                                 request->file != NULL ? request->file->path : NULL, error);
}

static gpointer
export_run (const DynoErrand  *errand,
            gpointer           data,
            GError           **error)
{
  const DynoExportRequest *request = data;
  g_autoptr(DynoDossier) dossier = request->file != NULL
                                     ? dyno_dossier_of_file (errand, request->file, error)
                                     : dyno_dossier_of_run (errand, request->run_id, error);
  g_autoptr(DynoExportOutcome) outcome = g_new0 (DynoExportOutcome, 1);

  if (dossier == NULL)
    return NULL;
  if (request->is_redacted)
    dyno_dossier_redact (dossier);
  outcome->bytes = dyno_export_make (errand, request, dossier, error);
  if (outcome->bytes == NULL)
    return NULL;
  outcome->name = make_name (request, dossier);
  outcome->type = g_strdup (formats[request->format].type);
  outcome->sha256 = dyno_crypt_sha256_hex (g_bytes_get_data (outcome->bytes, NULL),
                                           g_bytes_get_size (outcome->bytes));

  return write_out (request, outcome, error) ? g_steal_pointer (&outcome) : NULL;
}

static const DynoOperation export_operation = { "export", export_run,
                                                (GDestroyNotify) dyno_export_outcome_free, FALSE };

void
dyno_export_async (DynoShop            *shop,
                   DynoExportRequest   *request,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  g_return_if_fail (request->run_id != NULL || request->file != NULL);

  dyno_operation_start (shop, &export_operation, request,
                        (GDestroyNotify) dyno_export_request_free, cancellable, callback,
                        user_data);
}

DynoExportOutcome *
dyno_export_finish (GAsyncResult *result,
                    GError      **error)
{
  return dyno_operation_finish (result, &export_operation, error);
}
