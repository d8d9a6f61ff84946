/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-path.h"

#include <string.h>

#include "dyno-error.h"

char *
dyno_path_decode (const char *text,
                  gsize       length,
                  gboolean    plus_is_blank)
{
  g_autofree char *decoded = g_malloc (length + 1);
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (c == '%')
        {
          if (i + 2 >= length || !g_ascii_isxdigit (text[i + 1]) || !g_ascii_isxdigit (text[i + 2]))
            return NULL;
          c = (char) (g_ascii_xdigit_value (text[i + 1]) * 16 + g_ascii_xdigit_value (text[i + 2]));
          i += 2;
        }
      else if (c == '+' && plus_is_blank)
        c = ' ';
      if (c == '\0')
        return NULL;
      decoded[n++] = c;
    }
  decoded[n] = '\0';

  return g_utf8_validate (decoded, (gssize) n, NULL) ? g_steal_pointer (&decoded) : NULL;
}

/* A segment is one name: nothing in it may mean a way to another. */
static gboolean
is_good_segment (const char *segment)
{
  if (segment == NULL || g_str_equal (segment, ".") || g_str_equal (segment, ".."))
    return FALSE;

  for (const char *p = segment; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '/' || c == '\\' || c < 0x20 || (c >= 0x7f && c < 0xa0))
        return FALSE;
    }

  return TRUE;
}

/* Appends the segment that ends at `end`. An empty one may only be the last: "//" is
 * none. */
static gboolean
append_segment (GPtrArray  *segments,
                const char *start,
                const char *end,
                gboolean    is_last)
{
  g_autofree char *segment = dyno_path_decode (start, (gsize) (end - start), FALSE);

  if (!is_good_segment (segment) || (segment[0] == '\0' && !is_last))
    return FALSE;
  g_ptr_array_add (segments, g_steal_pointer (&segment));

  return TRUE;
}

static gboolean
split (GPtrArray  *segments,
       const char *path)
{
  const char *start = path + 1;

  if (path[0] != '/')
    return FALSE;

  for (;;)
    {
      const char *end = start + strcspn (start, "/");
      gboolean is_last = *end == '\0';

      if (!append_segment (segments, start, end, is_last))
        return FALSE;
      if (is_last)
        return TRUE;
      start = end + 1;
    }
}

DynoPath *
dyno_path_new (const char  *target,
               GError     **error)
{
  const char *question = strchr (target, '?');
  g_autoptr(GPtrArray) segments = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = question != NULL ? g_strndup (target, (gsize) (question - target))
                                           : g_strdup (target);
  DynoPath *self;

  if (!split (segments, path))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_REQUEST",
                      "The path is not well formed. Ask for it without dots, double slashes "
                      "and encoded slashes.");
      return NULL;
    }

  self = g_new0 (DynoPath, 1);
  self->n_segments = segments->len;
  g_ptr_array_add (segments, NULL);
  self->segments = (char **) g_ptr_array_free (g_steal_pointer (&segments), FALSE);
  self->path = g_steal_pointer (&path);
  self->query = question != NULL ? g_strdup (question + 1) : NULL;

  return self;
}

void
dyno_path_free (DynoPath *self)
{
  g_clear_pointer (&self->segments, g_strfreev);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->query, g_free);
  g_free (self);
}
