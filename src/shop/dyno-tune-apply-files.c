/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-file-set.h"

/* Applying to files: the changed file, and beside it what takes the change back. Of a
 * pair both change or none. */

static gboolean
is_other_file (const char *output,
               const char *source)
{
  g_autofree char *to = g_canonicalize_filename (output, NULL);
  g_autofree char *from = g_canonicalize_filename (source, NULL);

  return !g_str_equal (to, from);
}

static gboolean
outputs_are_good (const DynoTuneRequest *request,
                  const DynoTuneSubject *subject,
                  GError               **error)
{
  if (request->outputs->len != subject->n_files)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                      "Each base file needs an output: %u are there, %u were named.",
                      subject->n_files, request->outputs->len);
      return FALSE;
    }
  if (request->outputs->len == 2
      && !is_other_file (request->outputs->pdata[0], request->outputs->pdata[1]))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "over_source", "Both outputs are %s.",
                      (char *) request->outputs->pdata[0]);
      return FALSE;
    }
  for (guint o = 0; o < request->outputs->len; o++)
    {
      for (guint i = 0; i < subject->n_files; i++)
        {
          if (is_other_file (request->outputs->pdata[o], subject->files[i]->path))
            continue;
          dyno_error_set (error, DYNO_ERROR_INVALID, "over_source",
                          "%s is the base itself: write to another file.", subject->files[i]->path);
          return FALSE;
        }
    }

  return TRUE;
}

/* Of all tables of a file. */
static char *
sum_contents (const DynoTuneSubject *subject,
              const DynoChange      *change,
              guint                  file,
              gboolean               is_after)
{
  char *sums[DYNO_CHANGE_TABLES] = { NULL };
  guint n = 0;
  char *sum;

  for (guint i = 0; i < change->n_tables; i++)
    {
      if (subject->file_of[i] == file)
        sums[n++] = dyno_table_content_sha256 (is_after ? change->tables[i]->after
                                                        : change->tables[i]->base);
    }
  sum = dyno_tune_sum_of_sums ((const char *const *) sums, n);
  for (guint i = 0; i < n; i++)
    g_free (sums[i]);

  return sum;
}

static char *
describe_file (const DynoTuneApplying *self,
               const DynoTuneSubject *subject,
               guint                  file,
               GBytes                *output)
{
  const DynoChange *change = self->preview->change;
  gboolean is_tune = subject->files[file]->pvv != NULL;
  guint first = is_tune ? 0 : subject->file_of[0] == file ? 0 : 1;
  g_autoptr(DynoChangeMetadata) metadata
    = dyno_tune_describe (self, first, is_tune ? change->n_tables : first + 1);

  metadata->change_id = g_strdup (self->group);
  metadata->base = g_bytes_ref (subject->files[file]->bytes);
  metadata->bytes_before = g_strdup (subject->files[file]->sha256);
  metadata->content_before = sum_contents (subject, change, file, FALSE);
  metadata->bytes_after = dyno_crypt_sha256_hex (g_bytes_get_data (output, NULL),
                                                 g_bytes_get_size (output));
  metadata->content_after = sum_contents (subject, change, file, TRUE);

  return dyno_change_metadata_to_json (metadata);
}

static char *
metadata_path (const DynoTuneRequest *request,
               guint                  file)
{
  if (request->metadata != NULL && request->outputs->len == 1)
    return g_strdup (request->metadata);

  return g_strconcat (request->outputs->pdata[file], ".change.json", NULL);
}

/* Output and description of a base file. The description comes first: no table is ever
 * there that nobody could take back. */
static gboolean
add_file (const DynoTuneApplying *self,
          const DynoTuneSubject *subject,
          guint                  file,
          DynoFileSet           *set,
          GPtrArray             *files,
          GError               **error)
{
  const char *path = self->request->outputs->pdata[file];
  g_autofree char *metadata = metadata_path (self->request, file);
  g_autoptr(GBytes) output = NULL;
  g_autoptr(GBytes) description = NULL;
  char *json;

  if (!is_other_file (metadata, path))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "over_source",
                      "Output and its description are both %s.", path);
      return FALSE;
    }
  output = dyno_tune_subject_output (subject, self->preview->change, file);
  json = describe_file (self, subject, file, output);
  description = g_bytes_new_take (json, strlen (json));
  dyno_file_set_add (set, metadata, description);
  dyno_file_set_add (set, path, output);
  g_ptr_array_add (files, g_strdup (path));
  g_ptr_array_add (files, g_steal_pointer (&metadata));

  return TRUE;
}

gboolean
dyno_tune_apply_in_files (const DynoTuneApplying *self,
                          const DynoTuneSubject  *subject,
                          GPtrArray              *files,
                          GError                **error)
{
  g_autoptr(DynoFileSet) set = dyno_file_set_new ();

  if (!outputs_are_good (self->request, subject, error))
    return FALSE;
  for (guint i = 0; i < subject->n_files; i++)
    {
      if (!add_file (self, subject, i, set, files, error))
        return FALSE;
    }

  return dyno_file_set_write (set, error);
}
