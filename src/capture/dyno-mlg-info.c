/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mlg-info.h"

#include "dyno-import-encoding.h"

#include <string.h>

#define PROVIDER "NEW_INFO_PROVIDER,"

char *
dyno_mlg_dup_text (const guint8 *bytes,
                   gsize         size)
{
  DynoImportDecoder decoder = { .encoding = DYNO_IMPORT_WINDOWS_1252 };
  GString *text = g_string_new (NULL);

  dyno_import_decoder_append (&decoder, bytes, strnlen ((const char *) bytes, size), text);

  return g_strstrip (g_string_free (text, FALSE));
}

/* Where a name begins: at the front, or behind the NUL of another. */
static gboolean
is_begin (const guint8 *names,
          gsize         size,
          gsize         at)
{
  return at < size && (at == 0 || names[at - 1] == '\0');
}

static gsize
skip_name (const guint8 *names,
           gsize         size,
           gsize         at)
{
  return at + strnlen ((const char *) names + at, size - at) + 1;
}

static gsize
find_nth (const guint8 *names,
          gsize         size,
          gsize         n)
{
  gsize at = 0;

  while (n > 0 && at < size)
    {
      at = skip_name (names, size, at);
      n--;
    }

  return at;
}

char **
dyno_mlg_find_bit_names (const guint8 *names,
                         gsize         size,
                         gsize         start,
                         gsize         index,
                         guint         n_bits)
{
  g_autoptr(GStrvBuilder) found = g_strv_builder_new ();
  gsize at;

  if (index >= start && index - start < size)
    at = index - start;
  else
    at = is_begin (names, size, index) ? index : find_nth (names, size, index);
  if (at >= size || n_bits == 0)
    return NULL;

  for (guint bit = 0; bit < n_bits && at < size; bit++)
    {
      g_autofree char *name = dyno_mlg_dup_text (names + at, size - at);

      g_strv_builder_add (found, name);
      at = skip_name (names, size, at);
    }

  return g_strv_builder_end (found);
}

/* What stands behind a word of the line up to a comma, the next word or the end. */
static char *
find_word (const char *line,
           const char *word)
{
  const char *at = strstr (line, word);
  const char *end;

  if (at == NULL)
    return g_strdup ("");
  at += strlen (word);
  end = at + strcspn (at, ",");
  for (const char *next = at; next < end; next++)
    {
      if (g_str_has_prefix (next, "Visible:") || g_str_has_prefix (next, "Length:"))
        end = next;
    }

  return g_strstrip (g_strndup (at, (gsize) (end - at)));
}

static gsize
find_next_provider (const guint8 *bytes,
                    gsize         n,
                    gsize         at)
{
  const guint8 *next = memmem (bytes + at, n - at, "\n" PROVIDER, strlen ("\n" PROVIDER));

  return next != NULL ? (gsize) (next - bytes) : n;
}

/* The attachment whose line ends before `at`; answers the place behind it. */
static gsize
add_attachment (DynoMlg      *self,
                const char   *line,
                const guint8 *bytes,
                gsize         n,
                gsize         at)
{
  g_autofree char *length = find_word (line, "Length:");
  const char *name = line + strlen (PROVIDER);
  gsize wanted = length[0] != '\0' ? (gsize) g_ascii_strtoull (length, NULL, 10)
                                   : find_next_provider (bytes, n, at) - at;
  DynoMlgAttachment attachment = {
    .name = g_strstrip (g_strndup (name, strcspn (name, ","))),
    .type = find_word (line, "Type:"),
    .offset = self->info_start + at,
    .size = MIN (wanted, n - at),
    .wanted = wanted,
  };

  g_array_append_val (self->attachments, attachment);

  return at + attachment.size;
}

void
dyno_mlg_read_info (DynoMlg      *self,
                    const guint8 *bytes,
                    gsize         n)
{
  g_autoptr(GString) info = g_string_new (NULL);
  gsize at = 0;

  while (n > 0 && bytes[n - 1] == '\0')
    n--;
  while (at < n)
    {
      const guint8 *end = memchr (bytes + at, '\n', n - at);
      gsize length = end != NULL ? (gsize) (end - bytes) - at : n - at;
      g_autofree char *line = dyno_mlg_dup_text (bytes + at, length);

      at += length + (end != NULL);
      if (g_str_has_prefix (line, PROVIDER))
        at = add_attachment (self, line, bytes, n, at);
      else if (line[0] != '\0')
        g_string_append_printf (info, "%s\n", line);
    }
  self->info = g_string_free (g_steal_pointer (&info), FALSE);
}
