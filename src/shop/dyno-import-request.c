/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-job.h"

DynoImportRequest *
dyno_import_request_new (const char *path)
{
  DynoImportRequest *self = g_new0 (DynoImportRequest, 1);

  g_return_val_if_fail (path != NULL, NULL);

  self->path = g_strdup (path);
  self->source = DYNO_SOURCE_UPLOAD;

  return self;
}

void
dyno_import_request_free (DynoImportRequest *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_free (self->name);
  g_free (self->vehicle);
  g_free (self->title);
  g_free (self->notes);
  g_strfreev (self->tags);
  g_strfreev (self->map);
  g_strfreev (self->unit);
  g_free (self->dialect);
  g_free (self->header);
  g_free (self->delimiter);
  g_free (self->decimal);
  g_free (self->run_id);
  g_free (self);
}

void
dyno_import_outcome_free (DynoImportOutcome *self)
{
  if (self == NULL)
    return;

  dyno_run_free (self->run);
  dyno_import_report_free (self->report);
  g_clear_pointer (&self->samples, dyno_samples_unref);
  g_free (self->sha256);
  g_free (self->notice);
  g_free (self);
}
