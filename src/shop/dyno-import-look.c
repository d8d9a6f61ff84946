/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-look.h"

#include <string.h>

#include "dyno-archive-inside.h"
#include "dyno-archive.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-import-describe.h"
#include "dyno-import-known.h"
#include "dyno-import-read.h"
#include "dyno-journal.h"

typedef struct
{
  DynoImportRequest *request; /* (owned) */
  char              *sha256;  /* (owned) (nullable) */
} Look;

void
dyno_import_look_free (DynoImportLook *self)
{
  if (self == NULL)
    return;

  g_free (self->sha256);
  g_free (self->run_id);
  g_free (self);
}

static void
look_free (gpointer data)
{
  Look *look = data;

  dyno_import_request_free (look->request);
  g_free (look->sha256);
  g_free (look);
}

static GBytes *
map_file (const char  *path,
          GError     **error)
{
  g_autoptr(GMappedFile) mapped = g_mapped_file_new (path, FALSE, NULL);

  if (mapped != NULL)
    return g_mapped_file_get_bytes (mapped);

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "import_io",
                  "The file cannot be read. Send it again.");

  return NULL;
}

static gboolean
is_journal (GBytes *file)
{
  DynoJournalHeader header;
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  return size >= DYNO_JOURNAL_HEADER_SIZE
         && dyno_journal_read_header (data, DYNO_JOURNAL_HEADER_SIZE, &header);
}

/* What the beginning of a log proves, whatever follows it. */
static gboolean
is_final (const GError *error)
{
  static const char *const reasons[] = {
    "import_binary_unknown", "import_format_unsupported", "import_is_tune",
    "import_layout_unsupported", "import_no_header", "import_option", "import_version", NULL
  };
  const char *reason = dyno_error_get_reason (error);

  return reason != NULL && g_strv_contains (reasons, reason);
}

/* As many whole lines as the first block has. */
static gsize
cut_lines (const char *data)
{
  const char *end = memrchr (data, '\n', DYNO_IMPORT_LOOK_BYTES);

  return end != NULL ? (gsize) (end + 1 - data) : DYNO_IMPORT_LOOK_BYTES;
}

static gboolean
judge_beginning (const DynoErrand        *errand,
                 const DynoImportRequest *request,
                 GBytes                  *file,
                 GError                 **error)
{
  DynoImportOptions options = { .map = (const char *const *) request->map,
                                .unit = (const char *const *) request->unit,
                                .rate_hz = request->rate_hz,
                                .row_index = request->row_index,
                                .dialect = request->dialect,
                                .header = request->header,
                                .delimiter = request->delimiter,
                                .decimal = request->decimal,
                                .force = TRUE };
  const char *data = g_bytes_get_data (file, NULL);
  g_autofree char *name = dyno_import_name (request);
  g_autoptr(GError) cause = NULL;
  g_autoptr(DynoImportReport) report
    = dyno_import_bytes (name, data, cut_lines (data), &options, errand->cancellable, NULL, &cause);

  if (report != NULL || !is_final (cause))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));

  return FALSE;
}

static gboolean
judge_whole (const DynoErrand        *errand,
             const DynoImportRequest *request,
             GError                 **error)
{
  g_autoptr(DynoImportReading) reading
    = dyno_import_read (errand, request, DYNO_STOICH_PETROL, TRUE, error);

  return reading != NULL;
}

static gboolean
judge (const DynoErrand        *errand,
       const DynoImportRequest *request,
       GBytes                  *file,
       gboolean                 is_log,
       GError                 **error)
{
  if (g_bytes_get_size (file) <= DYNO_IMPORT_LOOK_BYTES)
    return judge_whole (errand, request, error);

  return !is_log || judge_beginning (errand, request, file, error);
}

static gpointer
look_at (const DynoErrand *errand,
         gpointer          data,
         GError          **error)
{
  Look *look = data;
  g_autoptr(GBytes) file = map_file (look->request->path, error);
  g_autoptr(DynoImportLook) answer = g_new0 (DynoImportLook, 1);
  gboolean is_archive;

  if (file == NULL)
    return NULL;

  is_archive = dyno_archive_is_archive (file) || dyno_archive_is_pdf (file);
  answer->sha256 = look->sha256 != NULL
                     ? g_steal_pointer (&look->sha256)
                     : dyno_crypt_sha256_hex (g_bytes_get_data (file, NULL),
                                              g_bytes_get_size (file));
  if (!dyno_import_is_new (errand, look->request, answer->sha256, error)
      || !judge (errand, look->request, file, !is_archive && !is_journal (file), error))
    return NULL;
  if (!is_archive)
    answer->run_id = dyno_crypt_new_id ("run");

  return g_steal_pointer (&answer);
}

static const DynoOperation look_operation = { "look-import", look_at,
                                              (GDestroyNotify) dyno_import_look_free, TRUE };

void
dyno_import_look_async (DynoShop            *shop,
                        DynoImportRequest   *request,
                        const char          *sha256,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Look *look = g_new0 (Look, 1);

  look->request = request;
  look->sha256 = g_strdup (sha256);
  dyno_operation_start (shop, &look_operation, look, look_free, cancellable, callback, user_data);
}

DynoImportLook *
dyno_import_look_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &look_operation, error);
}
