/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-archive-private.h"

#include <stdarg.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

DynoArchiveMember *
dyno_archive_member_new (const char *name,
                         GBytes     *bytes)
{
  DynoArchiveMember *member = g_new0 (DynoArchiveMember, 1);

  member->name = g_strdup (name);
  member->bytes = g_bytes_ref (bytes);
  member->sha256 = dyno_crypt_sha256_hex (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return member;
}

void
dyno_archive_member_free (DynoArchiveMember *member)
{
  g_free (member->name);
  g_bytes_unref (member->bytes);
  g_free (member->sha256);
  g_free (member);
}

DynoArchive *
dyno_archive_new (const char *run_id)
{
  DynoArchive *self = g_new0 (DynoArchive, 1);

  self->program = g_strdup ("DynoAI " DYNO_VERSION);
  self->run_id = g_strdup (run_id);
  self->members = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_archive_member_free);

  return self;
}

void
dyno_archive_free (DynoArchive *self)
{
  if (self == NULL)
    return;

  g_free (self->program);
  g_free (self->run_id);
  g_free (self->shop_id);
  g_free (self->chain_head);
  g_ptr_array_unref (self->members);
  g_free (self);
}

/* Names */

static gboolean
is_letter (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("._/-", c) != NULL);
}

gboolean
dyno_archive_name_is_safe (const char *name)
{
  gsize n = strlen (name);

  if (n == 0 || n > DYNO_ARCHIVE_MOST_NAME || *name == '/' || name[n - 1] == '/'
      || strstr (name, "..") != NULL || strstr (name, "//") != NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      if (!is_letter (name[i]))
        return FALSE;
    }

  return TRUE;
}

/* The name of a log as an archive can hold it; its own stands in run.json. */
static char *
make_safe (const char *name)
{
  g_autofree char *folder = g_path_get_dirname (name);
  g_autofree char *last = g_path_get_basename (name);
  gsize most = DYNO_ARCHIVE_MOST_NAME - MIN (strlen (folder) + 1, DYNO_ARCHIVE_MOST_NAME / 2);

  for (char *c = last; *c != '\0'; c++)
    {
      if (!is_letter (*c) || *c == '/' || (*c == '.' && c[1] == '.'))
        *c = '_';
    }
  /* The ending says what it is: of a long name the beginning goes. */
  if (strlen (last) > most)
    memmove (last, last + strlen (last) - most, most + 1);

  return g_str_equal (folder, ".") ? g_strdup (last) : g_strconcat (folder, "/", last, NULL);
}

void
dyno_archive_add (DynoArchive *self,
                  const char  *name,
                  GBytes      *bytes)
{
  g_autofree char *safe = make_safe (name);

  g_ptr_array_add (self->members, dyno_archive_member_new (safe, bytes));
}

void
dyno_archive_take_text (DynoArchive *self,
                        const char  *name,
                        char        *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new_take (text, strlen (text));

  dyno_archive_add (self, name, bytes);
}

const DynoArchiveMember *
dyno_archive_find (const DynoArchive *self,
                   const char        *name_or_folder)
{
  gboolean is_folder = g_str_has_suffix (name_or_folder, "/");

  for (guint i = 0; i < self->members->len; i++)
    {
      const DynoArchiveMember *member = g_ptr_array_index (self->members, i);

      if (is_folder ? g_str_has_prefix (member->name, name_or_folder)
                    : g_str_equal (member->name, name_or_folder))
        return member;
    }

  return NULL;
}

GPtrArray *
dyno_archive_compare (const DynoArchive *a,
                      const DynoArchive *b)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < a->members->len; i++)
    {
      const DynoArchiveMember *member = g_ptr_array_index (a->members, i);
      const DynoArchiveMember *other = dyno_archive_find (b, member->name);

      if (other == NULL || !g_str_equal (member->sha256, other->sha256))
        g_ptr_array_add (names, g_strdup (member->name));
    }
  for (guint i = 0; i < b->members->len; i++)
    {
      const DynoArchiveMember *member = g_ptr_array_index (b->members, i);

      if (dyno_archive_find (a, member->name) == NULL)
        g_ptr_array_add (names, g_strdup (member->name));
    }

  return names;
}

gboolean
dyno_archive_fail (GError     **error,
                   const char  *reason,
                   const char  *format,
                   ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  dyno_error_set (error, DYNO_ERROR_INVALID, reason, "%s", text);

  return FALSE;
}

/* Reading */

static gboolean
check_order (GPtrArray  *members,
             char      **bad,
             GError    **error)
{
  const DynoArchiveMember *first = members->len > 0 ? members->pdata[0] : NULL;
  const DynoArchiveMember *last = members->len > 0 ? members->pdata[members->len - 1] : NULL;

  if (first == NULL || !g_str_equal (first->name, DYNO_ARCHIVE_MANIFEST))
    return dyno_archive_fail (error, "archive_incomplete",
                              "This archive does not begin with its list (manifest.json). Ask for "
                              "the file once more.");
  if (g_str_equal (last->name, DYNO_ARCHIVE_SUM) && members->len > 1)
    return TRUE;

  if (bad != NULL)
    *bad = g_strdup (DYNO_ARCHIVE_SUM);

  return dyno_archive_fail (error, "archive_incomplete",
                            "This archive does not end with the sum of its list "
                            "(manifest.sha256). Ask for the file once more.");
}

/* 64 digits and an end of line, nothing else. */
static gboolean
check_sum (const DynoArchiveMember *manifest,
           const DynoArchiveMember *sum,
           char                   **bad,
           GError                 **error)
{
  g_autofree char *wanted = g_strconcat (manifest->sha256, "\n", NULL);
  gsize size;
  const char *found = g_bytes_get_data (sum->bytes, &size);

  if (size == strlen (wanted) && memcmp (found, wanted, size) == 0)
    return TRUE;
  if (bad != NULL)
    *bad = g_strdup (DYNO_ARCHIVE_MANIFEST);

  return dyno_archive_fail (error, "archive_corrupt",
                            "The list of this archive (manifest.json) is not the one that it was "
                            "closed with. Ask for the file once more.");
}

/* A compressed stream can be changed so that the same comes out of it: the time in its
 * head, another distance to the same zeros, a bit behind the last one. What we write of these members differs
 * from such a file in a few bytes; from that of another compressor it differs in most
 * of them, or in its length. */
static gboolean
is_changed_copy (const DynoArchive *self,
                 GBytes            *file)
{
  g_autoptr(GBytes) own = dyno_archive_write (self, NULL);
  gsize size;
  gsize own_size = 0;
  const guint8 *data = g_bytes_get_data (file, &size);
  const guint8 *own_data = own != NULL ? g_bytes_get_data (own, &own_size) : NULL;
  gsize n_different = 0;

  if (own_size != size)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    n_different += data[i] != own_data[i];

  return n_different > 0 && n_different < size / 2;
}

DynoArchive *
dyno_archive_read (GBytes   *file,
                   guint64   most_bytes,
                   char    **bad,
                   GError  **error)
{
  g_autoptr(GBytes) tar = dyno_archive_gunzip (file, most_bytes, error);
  g_autoptr(GPtrArray) members = tar != NULL ? dyno_archive_untar (tar, bad, error) : NULL;
  g_autoptr(DynoArchive) self = NULL;
  g_autoptr(GBytes) manifest = NULL;

  if (members == NULL || !check_order (members, bad, error)
      || !check_sum (members->pdata[0], members->pdata[members->len - 1], bad, error))
    return NULL;

  manifest = g_bytes_ref (((DynoArchiveMember *) members->pdata[0])->bytes);
  g_ptr_array_remove_index (members, members->len - 1);
  g_ptr_array_remove_index (members, 0);
  self = dyno_archive_new (NULL);
  g_ptr_array_unref (self->members);
  self->members = g_steal_pointer (&members);

  if (!dyno_archive_manifest_take (self, manifest, bad, error))
    return NULL;
  if (is_changed_copy (self, file))
    {
      dyno_archive_fail (error, "archive_corrupt",
                         "This archive was changed or damaged on its way, although its parts are "
                         "whole. Ask for the file once more.");
      return NULL;
    }

  return g_steal_pointer (&self);
}
