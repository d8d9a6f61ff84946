/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dossier-pack.h"

#include <string.h>

#include "dyno-archive-private.h"
#include "dyno-archive-samples.h"
#include "dyno-error.h"
#include "dyno-shape-export.h"
#include "dyno-shape-private.h"

/* Packing */

static void
add_run (DynoArchive *archive,
         DynoDossier *self)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_export_archive (w, self);
  dyno_archive_take_text (archive, DYNO_ARCHIVE_RUN, dyno_json_writer_finish (w));
}

static void
add_assumptions (DynoArchive *archive,
                 DynoDossier *self)
{
  if (self->run->report != NULL)
    dyno_archive_take_text (archive, DYNO_ARCHIVE_ASSUMPTIONS, g_strdup (self->run->report));
}

static void
add_samples (DynoArchive *archive,
             DynoDossier *self)
{
  g_autoptr(GBytes) samples = dyno_archive_samples_write (self->samples);

  dyno_archive_add (archive, DYNO_ARCHIVE_SAMPLES, samples);
}

static void
add_source (DynoArchive *archive,
            DynoDossier *self)
{
  const char *name = self->source_name != NULL ? self->source_name : "log";
  g_autofree char *source = g_strconcat (DYNO_ARCHIVE_SOURCE_FOLDER, name, NULL);
  g_autofree char *journal
    = g_strdup_printf (DYNO_ARCHIVE_JOURNAL_FOLDER "%s.jdj", self->run->id);

  if (self->source != NULL)
    dyno_archive_add (archive, source, self->source);
  if (self->journal != NULL)
    dyno_archive_add (archive, journal, self->journal);
}

static void
add_analyses (DynoArchive *archive,
              DynoDossier *self)
{
  for (guint i = 0; i < self->analyses->len; i++)
    {
      const DynoAnalysisRecord *analysis = g_ptr_array_index (self->analyses, i);
      g_autofree char *name
        = g_strdup_printf (DYNO_ARCHIVE_ANALYSIS_FOLDER "%s.json", analysis->id);

      if (analysis->result != NULL)
        dyno_archive_take_text (archive, name, g_strdup (analysis->result));
    }
}

static void
add_extras (DynoArchive *archive,
            DynoDossier *self)
{
  for (guint i = 0; i < self->extras->len; i++)
    {
      const DynoArchiveMember *member = g_ptr_array_index (self->extras, i);

      dyno_archive_add (archive, member->name, member->bytes);
    }
}

DynoArchive *
dyno_dossier_pack (DynoDossier           *self,
                   const DynoPackOptions *options)
{
  DynoArchive *archive = dyno_archive_new (self->run->id);

  archive->created_ms = dyno_dossier_closed_ms (self);
  archive->shop_id = g_strdup (self->shop_id);
  archive->chain_head = g_strdup (self->chain_head);
  archive->is_redacted = self->is_redacted;
  add_run (archive, self);
  add_assumptions (archive, self);
  add_samples (archive, self);
  if (options == NULL || !options->is_without_source)
    add_source (archive, self);
  add_analyses (archive, self);
  add_extras (archive, self);

  return archive;
}

/* Samples of 3 GiB and more, with their reasons. */
static gboolean
is_too_long (const DynoSamples *samples)
{
  guint64 row = ((guint64) dyno_samples_n_columns (samples) + 1) * (sizeof (double) + 1);

  return dyno_samples_n_rows (samples) > (G_GUINT64_CONSTANT (3) << 30) / row;
}

GBytes *
dyno_dossier_pack_file (DynoDossier            *self,
                        const DynoPackOptions  *options,
                        GError                **error)
{
  g_autoptr(DynoArchive) archive = NULL;

  if (is_too_long (self->samples))
    {
      dyno_error_set (error, DYNO_ERROR_TOO_LARGE, "archive_too_large",
                      "The run has more samples than an archive can hold. Export it as CSV, or "
                      "cut it into parts.");
      return NULL;
    }
  archive = dyno_dossier_pack (self, options);

  return dyno_archive_write (archive, error);
}

/* Unpacking */

void
dyno_dossier_take_origin (DynoDossier *self,
                          GBytes      *manifest)
{
  gsize size;
  const char *text = g_bytes_get_data (manifest, &size);
  g_autoptr(DynoJson) json = size > 0 ? dyno_json_parse (text, (gssize) size, NULL) : NULL;

  g_free (self->shop_id);
  self->shop_id = g_strdup (dyno_json_get_string (json, "shop_id"));
  self->is_redacted = dyno_json_get_boolean (json, "redacted", FALSE);
  /* The head belongs to the id: another one has none. */
  if (g_strcmp0 (dyno_json_get_string (json, "run_id"), self->run->id) == 0)
    self->chain_head = g_strdup (dyno_json_get_string (json, "chain_head"));
}

static char *
dup_text (GBytes *bytes)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  return g_strndup (text, size);
}

static gboolean
fail_part (const char  *name,
           char       **bad,
           GError     **error)
{
  if (bad != NULL)
    *bad = g_strdup (name);

  return dyno_archive_fail (error, "archive_corrupt",
                            "The part %s of this archive is not what DynoAI writes. Ask for the "
                            "file once more.", name);
}

/* "analysis/ana_….json", as dyno_shape_analyse () wrote it. */
static gboolean
take_analysis (DynoDossier              *self,
               const DynoArchiveMember  *member,
               char                    **bad,
               GError                  **error)
{
  g_autofree char *text = dup_text (member->bytes);
  g_autoptr(DynoJson) json = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);
  const char *id = dyno_json_get_string (json, "id");
  const char *math_version = dyno_json_get_string (json, "math_version");
  const char *fingerprint = dyno_json_get_string (json, "fingerprint");
  g_autofree char *name = g_strdup_printf (DYNO_ARCHIVE_ANALYSIS_FOLDER "%s.json", id);
  const char *runs[] = { self->run->id, NULL };
  DynoAnalysisRecord *analysis;
  DynoJsonWriter *w;

  if (math_version == NULL || fingerprint == NULL || !g_str_equal (name, member->name))
    return fail_part (member->name, bad, error);
  analysis = g_new0 (DynoAnalysisRecord, 1);
  analysis->id = g_strdup (id);
  analysis->run_ids = g_strdupv ((char **) runs);
  analysis->math_version = g_strdup (math_version);
  analysis->fingerprint = g_strdup (fingerprint);
  analysis->input_sha256 = g_strdup ("");
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_value (w, dyno_json_member (json, "options"));
  analysis->options = dyno_json_writer_finish (w);
  analysis->result = g_steal_pointer (&text);
  g_ptr_array_add (self->analyses, analysis);

  return TRUE;
}

static void
take_extra (DynoDossier             *self,
            const DynoArchiveMember *member)
{
  DynoArchiveMember *copy = g_new0 (DynoArchiveMember, 1);

  copy->name = g_strdup (member->name);
  copy->bytes = g_bytes_ref (member->bytes);
  copy->sha256 = g_strdup (member->sha256);
  g_ptr_array_add (self->extras, copy);
}

static gboolean
take_member (DynoDossier              *self,
             const DynoArchiveMember  *member,
             char                    **bad,
             GError                  **error)
{
  const char *name = member->name;

  if (g_str_equal (name, DYNO_ARCHIVE_RUN) || g_str_equal (name, DYNO_ARCHIVE_SAMPLES))
    return TRUE;
  if (g_str_has_prefix (name, DYNO_ARCHIVE_ANALYSIS_FOLDER))
    return take_analysis (self, member, bad, error);
  if (g_str_equal (name, DYNO_ARCHIVE_ASSUMPTIONS) && self->run->report == NULL)
    self->run->report = dup_text (member->bytes);
  else if (g_str_has_prefix (name, DYNO_ARCHIVE_SOURCE_FOLDER) && self->source == NULL)
    self->source = g_bytes_ref (member->bytes);
  else if (g_str_has_prefix (name, DYNO_ARCHIVE_JOURNAL_FOLDER) && self->journal == NULL)
    self->journal = g_bytes_ref (member->bytes);
  else if (g_str_has_prefix (name, DYNO_ARCHIVE_TUNE_FOLDER)
           || g_str_equal (name, DYNO_ARCHIVE_CHANGES))
    take_extra (self, member);
  else
    return fail_part (name, bad, error);

  return TRUE;
}

DynoDossier *
dyno_dossier_unpack (const DynoArchive  *archive,
                     char              **bad,
                     GError            **error)
{
  g_autoptr(DynoDossier) self = dyno_dossier_read_run (archive, bad, error);

  if (self == NULL)
    return NULL;
  for (guint i = 0; i < archive->members->len; i++)
    {
      if (!take_member (self, archive->members->pdata[i], bad, error))
        return NULL;
    }
  self->shop_id = g_strdup (archive->shop_id);
  self->chain_head = g_strdup (archive->chain_head);
  self->is_redacted = archive->is_redacted;

  return g_steal_pointer (&self);
}

DynoDossier *
dyno_dossier_unpack_file (GBytes   *file,
                          guint64   most_bytes,
                          GError  **error)
{
  g_autoptr(DynoArchive) archive = dyno_archive_read (file, most_bytes, NULL, error);

  return archive != NULL ? dyno_dossier_unpack (archive, NULL, error) : NULL;
}
