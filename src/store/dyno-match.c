/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-match.h"

#include "dyno-json.h"

/* More make the search slow and never more exact. */
#define MAX_WORDS 32
#define MAX_WORD_CHARS 100

/* The categories that the index takes as parts of words; see dyno-migrations.c. */
static gboolean
is_word_char (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_LOWERCASE_LETTER:
    case G_UNICODE_MODIFIER_LETTER:
    case G_UNICODE_OTHER_LETTER:
    case G_UNICODE_TITLECASE_LETTER:
    case G_UNICODE_UPPERCASE_LETTER:
    case G_UNICODE_DECIMAL_NUMBER:
    case G_UNICODE_LETTER_NUMBER:
    case G_UNICODE_OTHER_NUMBER:
    case G_UNICODE_OTHER_SYMBOL:
    case G_UNICODE_PRIVATE_USE:
      return TRUE;

    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_SPACING_MARK:
    case G_UNICODE_ENCLOSING_MARK:
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_CONNECT_PUNCTUATION:
    case G_UNICODE_DASH_PUNCTUATION:
    case G_UNICODE_CLOSE_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_OTHER_PUNCTUATION:
    case G_UNICODE_OPEN_PUNCTUATION:
    case G_UNICODE_CURRENCY_SYMBOL:
    case G_UNICODE_MODIFIER_SYMBOL:
    case G_UNICODE_MATH_SYMBOL:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SPACE_SEPARATOR:
    default:
      return FALSE;
    }
}

static gboolean
is_word (const char *piece)
{
  for (const char *at = piece; *at != '\0'; at = g_utf8_next_char (at))
    {
      if (is_word_char (g_utf8_get_char (at)))
        return TRUE;
    }

  return FALSE;
}

static void
append_phrase (GString    *match,
               const char *piece)
{
  int n = 0;

  if (match->len > 0)
    g_string_append_c (match, ' ');
  g_string_append_c (match, '"');
  for (const char *at = piece; *at != '\0' && n < MAX_WORD_CHARS; at = g_utf8_next_char (at), n++)
    {
      if (*at == '"')
        g_string_append_c (match, '"');
      g_string_append_unichar (match, g_utf8_get_char (at));
    }
  g_string_append (match, "\"*");
}

/* All the words, joined by the blank that means AND; NULL where there are none. */
static char *
dup_phrases (const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
  g_auto(GStrv) pieces = valid != NULL ? g_strsplit_set (valid, " \t\n\r\f\v", -1) : NULL;
  GString *match = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; pieces != NULL && pieces[i] != NULL && n < MAX_WORDS; i++)
    {
      if (!is_word (pieces[i]))
        continue;
      append_phrase (match, pieces[i]);
      n++;
    }

  return g_string_free (match, match->len == 0);
}

static void
append_part (GString    *match,
             const char *column,
             const char *text)
{
  g_autofree char *phrases = dup_phrases (text);

  if (phrases == NULL)
    return;
  if (match->len > 0)
    g_string_append (match, " AND ");
  g_string_append_printf (match, "%s(%s)", column, phrases);
}

char *
dyno_match_of_query (const DynoRunQuery *query)
{
  GString *match = g_string_new (NULL);

  append_part (match, "", query->text);
  append_part (match, "vehicle : ", query->vehicle_text);
  append_part (match, "customer : ", query->customer_text);

  return g_string_free (match, match->len == 0);
}

char *
dyno_match_tags (char **tags)
{
  DynoJsonWriter *w;

  if (tags == NULL || tags[0] == NULL)
    return NULL;

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; tags[i] != NULL; i++)
    dyno_json_writer_string (w, tags[i]);
  dyno_json_writer_end_array (w);

  return dyno_json_writer_finish (w);
}
