/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What people type into a search field, made into a query. */

#include "config.h"

#include "dyno-store-search.h"

#include <string.h>

#include "dyno-units.h"

DynoRunQuery *
dyno_run_query_new (void)
{
  return g_new0 (DynoRunQuery, 1);
}

DynoRunQuery *
dyno_run_query_copy (const DynoRunQuery *self)
{
  DynoRunQuery *copy = g_memdup2 (self, sizeof *self);

  copy->text = g_strdup (self->text);
  copy->vehicle_text = g_strdup (self->vehicle_text);
  copy->customer_text = g_strdup (self->customer_text);
  copy->vehicle_id = g_strdup (self->vehicle_id);
  copy->customer_id = g_strdup (self->customer_id);
  copy->tags = g_strdupv (self->tags);
  copy->cursor = g_strdup (self->cursor);

  return copy;
}

void
dyno_run_query_free (DynoRunQuery *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self->vehicle_text);
  g_free (self->customer_text);
  g_free (self->vehicle_id);
  g_free (self->customer_id);
  g_strfreev (self->tags);
  g_free (self->cursor);
  g_free (self);
}

static void
add_words (char      **words,
           const char *more)
{
  char *joined = *words != NULL ? g_strconcat (*words, " ", more, NULL) : g_strdup (more);

  g_free (*words);
  *words = joined;
}

static void
add_tag (DynoRunQuery *self,
         const char   *tag)
{
  guint n = self->tags != NULL ? g_strv_length (self->tags) : 0;

  self->tags = g_renew (char *, self->tags, n + 2);
  self->tags[n] = g_strdup (tag);
  self->tags[n + 1] = NULL;
}

/* A year, a month or a day; the moment it begins here. */
static gboolean
parse_date (const char *text,
            gint64     *ms)
{
  g_autoptr(GDateTime) begin = NULL;
  int parts[3] = { 0, 1, 1 };
  const char *at = text;

  for (guint i = 0; i < 3; i++)
    {
      char *end;

      parts[i] = (int) g_ascii_strtoll (at, &end, 10);
      if (end == at || end - at > 4 || *at == '-' || *at == '+')
        return FALSE;
      at = end;
      if (*at == '\0')
        break;
      if (*at++ != '-' || i == 2)
        return FALSE;
    }

  begin = g_date_time_new_local (parts[0], parts[1], parts[2], 0, 0, 0);
  if (begin == NULL || parts[0] < 1970)
    return FALSE;
  *ms = g_date_time_to_unix (begin) * 1000;

  return TRUE;
}

static gboolean
add_bit (guint *set,
         int    bit)
{
  if (bit < 0)
    return FALSE;
  *set |= 1u << bit;

  return TRUE;
}

/* `key` without its colon. FALSE: there is no such term, or not with that value. */
static gboolean
add_term (DynoRunQuery *self,
          const char   *key,
          const char   *value)
{
  g_autofree char *small = g_ascii_strdown (value, -1);

  if (*value == '\0')
    return FALSE;
  if (g_str_equal (key, "tag"))
    return add_tag (self, value), TRUE;
  if (g_str_equal (key, "vehicle"))
    return add_words (&self->vehicle_text, value), TRUE;
  if (g_str_equal (key, "customer"))
    return add_words (&self->customer_text, value), TRUE;
  if (g_str_equal (key, "source"))
    return add_bit (&self->sources, dyno_run_source_find (small));
  if (g_str_equal (key, "state") && g_str_equal (small, "incomplete"))
    return add_bit (&self->statuses, DYNO_RUN_INTERRUPTED);
  if (g_str_equal (key, "state"))
    return add_bit (&self->statuses, dyno_run_status_find (small));
  if (g_str_equal (key, "after"))
    return parse_date (value, &self->from_ms);
  if (g_str_equal (key, "before"))
    return parse_date (value, &self->to_ms);
  if (g_str_equal (key, "is") && g_str_equal (small, "star"))
    return self->is_starred = TRUE, TRUE;
  if (g_str_equal (key, "is") && g_str_equal (small, "incomplete"))
    return add_bit (&self->statuses, DYNO_RUN_INTERRUPTED);

  return FALSE;
}

/* ">80kW", "<13.0afr" */
static gboolean
add_limit (DynoRunQuery *self,
           const char   *word)
{
  gboolean is_minimum = word[0] == '>';
  char *end;
  double number = g_ascii_strtod (word + 1, &end);
  const DynoUnit *unit = end != word + 1 ? dyno_unit_find (end) : NULL;

  if (unit == NULL || !(number > 0 && number < 1e6))
    return FALSE;
  if (unit->quantity == DYNO_QUANTITY_POWER)
    *(is_minimum ? &self->min_power_kw : &self->max_power_kw) = dyno_unit_to_si (unit, number);
  else if (unit->quantity == DYNO_QUANTITY_AFR)
    *(is_minimum ? &self->min_afr : &self->max_afr) = number;
  else
    return FALSE;

  return TRUE;
}

/* The next piece between blanks, quotes kept together and taken off; NULL at the
 * end. `colon` is the place of the first colon outside quotes, or −1. */
static char *
next_piece (const char **text,
            gssize      *colon)
{
  GString *piece = g_string_new (NULL);
  gboolean is_quoted = FALSE;
  const char *at = *text;

  *colon = -1;
  while (g_unichar_isspace (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  if (*at == '\0')
    {
      *text = at;
      g_string_free (piece, TRUE);
      return NULL;
    }

  for (; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '"')
        is_quoted = !is_quoted;
      else if (!is_quoted && g_unichar_isspace (c))
        break;
      else
        {
          if (c == ':' && !is_quoted && *colon < 0)
            *colon = (gssize) piece->len;
          g_string_append_unichar (piece, c);
        }
    }
  *text = at;

  return g_string_free (piece, FALSE);
}

void
dyno_run_query_parse (DynoRunQuery *self,
                      const char   *text,
                      GPtrArray    *unknown)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  const char *at = valid;
  gssize colon;
  char *piece;

  while ((piece = next_piece (&at, &colon)) != NULL)
    {
      g_autofree char *word = piece;
      g_autofree char *key = colon > 0 ? g_ascii_strdown (word, colon) : NULL;
      gboolean is_limit = word[0] == '<' || word[0] == '>';

      if (key == NULL && !is_limit)
        add_words (&self->text, word);
      else if (!(is_limit ? add_limit (self, word) : add_term (self, key, word + colon + 1))
               && unknown != NULL)
        g_ptr_array_add (unknown, g_steal_pointer (&word));
    }
}
