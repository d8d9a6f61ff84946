/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-binding.h"

#include <string.h>

#define SETTLING_US (5 * G_USEC_PER_SEC)

struct _DynoBinding
{
  gint8       row_of[DYNO_N_CHANNELS];       /* −1: no row */
  GArray     *candidates[DYNO_BINDING_ROWS]; /* (owned) of DynoCandidate, best first */
  DynoBound   bound[DYNO_BINDING_ROWS];
  GHashTable *pins;                          /* (owned) slot to row + 1; 0: to nothing */
};

static int
row_of (DynoChannel canonical)
{
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      if (dyno_binding_rows[i].canonical == canonical)
        return (int) i;
    }

  return -1;
}

const DynoBindingRow *
dyno_binding_find_row (DynoChannel canonical)
{
  int row = row_of (canonical);

  return row >= 0 ? &dyno_binding_rows[row] : NULL;
}

/* "(module) name" without its module. */
static const char *
skip_module (const char *name)
{
  const char *end = name[0] == '(' ? strchr (name, ')') : NULL;

  return end != NULL && end[1] == ' ' ? end + 2 : name;
}

static gboolean
is_word_end (char c)
{
  return !g_ascii_isalnum (c) && c != '_';
}

/* Replaces the whole word `word`; a folded text has single blanks only. */
static char *
replace_word (char       *text,
              const char *word,
              const char *by)
{
  GString *out = g_string_new (NULL);
  gsize length = strlen (word);
  const char *at = text;

  while (*at != '\0')
    {
      gboolean starts = at == text || is_word_end (at[-1]);

      if (starts && strncmp (at, word, length) == 0 && is_word_end (at[length]))
        {
          g_string_append (out, by);
          at += length;
        }
      else
        g_string_append_c (out, *at++);
    }
  g_free (text);

  return g_string_free (out, FALSE);
}

char *
dyno_binding_fold (const char *name)
{
  g_autofree char *lower = g_utf8_strdown (skip_module (name), -1);
  GString *text = g_string_new (NULL);
  char *folded;

  for (const char *at = lower; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!g_unichar_isspace (c))
        g_string_append_unichar (text, c);
      else if (text->len > 0 && text->str[text->len - 1] != ' ')
        g_string_append_c (text, ' ');
    }
  g_strchomp (text->str);
  folded = g_string_free (text, FALSE);
  folded = replace_word (folded, "air fuel", "air/fuel");

  return replace_word (folded, "a/f", "air/fuel");
}

static gboolean
matches_pattern (const char *pattern,
                 const char *star,
                 const char *folded)
{
  return strncmp (folded, pattern, (gsize) (star - pattern)) == 0
         && g_str_has_suffix (folded, star + 1);
}

DynoBoundBy
dyno_binding_match (const char *pattern,
                    const char *folded,
                    gboolean    is_full_width)
{
  const char *star = strchr (pattern, '*');

  if (star != NULL)
    return matches_pattern (pattern, star, folded) ? DYNO_BOUND_BY_PATTERN : DYNO_BOUND_NOT;
  if (g_str_equal (pattern, folded))
    return DYNO_BOUND_BY_NAME;

  return is_full_width && g_str_has_prefix (pattern, folded) ? DYNO_BOUND_BY_PREFIX
                                                             : DYNO_BOUND_NOT;
}

static gboolean
has_code (const DynoBindingRow *row,
          int                   code)
{
  for (guint i = 0; i < DYNO_BINDING_MOST_CODES && row->codes[i] >= 0; i++)
    {
      if (row->codes[i] == code)
        return TRUE;
    }

  return FALSE;
}

/* A channel without a unit passes where its name is the row's, letter by letter. */
static gboolean
unit_passes (const DynoBindingRow *row,
             int                   only,
             guint8                unit_code,
             DynoBoundBy           by)
{
  int code = unit_code > 16 ? DYNO_KLHDV_UNIT_NONE : unit_code;

  if (only != 0)
    return code == only;

  return has_code (row, code) || (code == DYNO_KLHDV_UNIT_NONE && by != DYNO_BOUND_BY_PATTERN);
}

static DynoBoundBy
match_name (const DynoBindingRow  *row,
            const DynoBindingName *name,
            const char            *folded,
            guint8                 unit_code,
            gboolean               is_full_width)
{
  DynoBoundBy by = dyno_binding_match (name->folded, folded, is_full_width);

  return by != DYNO_BOUND_NOT && unit_passes (row, name->code, unit_code, by) ? by : DYNO_BOUND_NOT;
}

static void
insert_candidate (GArray              *candidates,
                  const DynoCandidate *candidate)
{
  guint at = 0;

  while (at < candidates->len)
    {
      const DynoCandidate *other = &g_array_index (candidates, DynoCandidate, at);

      if (other->rank > candidate->rank
          || (other->rank == candidate->rank && other->id > candidate->id))
        break;
      at++;
    }
  g_array_insert_val (candidates, at, *candidate);
}

DynoBinding *
dyno_binding_new (void)
{
  DynoBinding *self = g_new0 (DynoBinding, 1);

  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    self->candidates[i] = g_array_new (FALSE, FALSE, sizeof (DynoCandidate));
  self->pins = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < DYNO_N_CHANNELS; i++)
    self->row_of[i] = (gint8) row_of ((DynoChannel) i);

  return self;
}

void
dyno_binding_free (DynoBinding *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    g_array_unref (self->candidates[i]);
  g_hash_table_unref (self->pins);
  g_free (self);
}

/* The first name of a row that matches. */
static gboolean
match_row (const DynoBindingRow *row,
           const char           *folded,
           guint8                unit_code,
           gboolean              is_full_width,
           DynoCandidate        *candidate)
{
  for (guint8 rank = 0; rank < DYNO_BINDING_MOST_NAMES && row->names[rank].folded != NULL; rank++)
    {
      candidate->by = match_name (row, &row->names[rank], folded, unit_code, is_full_width);
      candidate->rank = rank;
      if (candidate->by != DYNO_BOUND_NOT)
        return TRUE;
    }

  return FALSE;
}

void
dyno_binding_add (DynoBinding *self,
                  guint        slot,
                  guint16      id,
                  const char  *name,
                  guint8       unit_code,
                  gboolean     is_full_width)
{
  g_autofree char *folded = dyno_binding_fold (name);

  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      DynoCandidate candidate = { .slot = slot, .id = id };

      if (match_row (&dyno_binding_rows[i], folded, unit_code, is_full_width, &candidate))
        insert_candidate (self->candidates[i], &candidate);
    }
}

void
dyno_binding_remove (DynoBinding *self,
                     guint        slot)
{
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      for (guint c = self->candidates[i]->len; c > 0; c--)
        {
          if (g_array_index (self->candidates[i], DynoCandidate, c - 1).slot == slot)
            g_array_remove_index (self->candidates[i], c - 1);
        }
      if (self->bound[i].is_bound && self->bound[i].slot == slot)
        memset (&self->bound[i], 0, sizeof self->bound[i]);
    }
  g_hash_table_remove (self->pins, GUINT_TO_POINTER (slot));
}

void
dyno_binding_clear (DynoBinding *self)
{
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    g_array_set_size (self->candidates[i], 0);
  memset (self->bound, 0, sizeof self->bound);
  g_hash_table_remove_all (self->pins);
}

void
dyno_binding_clear_pins (DynoBinding *self)
{
  g_hash_table_remove_all (self->pins);
}

void
dyno_binding_pin (DynoBinding *self,
                  guint        slot,
                  DynoChannel  canonical)
{
  g_hash_table_insert (self->pins, GUINT_TO_POINTER (slot),
                       GINT_TO_POINTER (row_of (canonical) + 1));
}

/* The row a slot is pinned to: TRUE where it is pinned at all, row −1 for
 * "nothing". */
static gboolean
pinned_row (const DynoBinding *self,
            guint              slot,
            int               *row)
{
  gpointer value;

  if (!g_hash_table_lookup_extended (self->pins, GUINT_TO_POINTER (slot), NULL, &value))
    return FALSE;
  *row = GPOINTER_TO_INT (value) - 1;

  return TRUE;
}

/* Free for a row that chooses by itself: not pinned, not another row's. */
static gboolean
is_free (const DynoBinding *self,
         guint              row,
         guint              slot)
{
  int pinned;

  if (pinned_row (self, slot, &pinned))
    return FALSE;
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      if (i != row && self->bound[i].is_bound && self->bound[i].slot == slot)
        return FALSE;
    }

  return TRUE;
}

/* The slot pinned to a row; the lowest where several are. */
static gboolean
find_pin (const DynoBinding *self,
          guint              row,
          guint             *slot)
{
  GHashTableIter iter;
  gpointer key, value;
  gboolean found = FALSE;

  if (g_hash_table_size (self->pins) == 0)
    return FALSE;

  g_hash_table_iter_init (&iter, self->pins);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (GPOINTER_TO_INT (value) != (int) row + 1 || (found && GPOINTER_TO_UINT (key) > *slot))
        continue;
      *slot = GPOINTER_TO_UINT (key);
      found = TRUE;
    }

  return found;
}

static DynoBound
bound_to (const DynoCandidate *candidate,
          gboolean             lives,
          gint64               now_us)
{
  return (DynoBound){ .is_bound = TRUE,
                      .is_provisional = !lives,
                      .slot = candidate->slot,
                      .since_us = lives ? now_us : 0,
                      .by = candidate->by,
                      .rank = candidate->rank };
}

/* The best candidate that lives; else the best, provisionally. */
static DynoBound
choose_candidate (const DynoBinding *self,
                  guint              row,
                  gint64             now_us,
                  DynoBindingLives   lives,
                  gpointer           user_data)
{
  const GArray *candidates = self->candidates[row];
  DynoBound first = { 0 };

  for (guint i = 0; i < candidates->len; i++)
    {
      const DynoCandidate *candidate = &g_array_index (candidates, DynoCandidate, i);

      if (!is_free (self, row, candidate->slot))
        continue;
      if (lives (candidate->slot, user_data))
        return bound_to (candidate, TRUE, now_us);
      if (!first.is_bound)
        first = bound_to (candidate, FALSE, now_us);
    }

  return first;
}

/* What a row without a pin is to be bound to. */
static DynoBound
choose (const DynoBinding *self,
        guint              row,
        gint64             now_us,
        DynoBindingLives   lives,
        gpointer           user_data)
{
  const DynoBound *old = &self->bound[row];
  gboolean may_stay = old->is_bound && !old->is_pinned && !old->is_provisional
                      && is_free (self, row, old->slot);
  gboolean is_alive = may_stay && lives (old->slot, user_data);
  DynoBound best;

  if (is_alive && now_us - old->since_us >= SETTLING_US)
    return *old;

  best = choose_candidate (self, row, now_us, lives, user_data);
  if (may_stay && (best.is_provisional || best.slot == old->slot))
    return *old; /* dead, and nobody lives: it stays, so that it can be called stale */

  return best;
}

static gboolean
set_bound (DynoBinding     *self,
           guint            row,
           const DynoBound *bound)
{
  DynoBound *old = &self->bound[row];
  gboolean changed = old->is_bound != bound->is_bound || old->is_pinned != bound->is_pinned
                     || old->is_provisional != bound->is_provisional || old->slot != bound->slot;

  *old = *bound;

  return changed;
}

gboolean
dyno_binding_update (DynoBinding     *self,
                     gint64           now_us,
                     DynoBindingLives lives,
                     gpointer         user_data)
{
  static const DynoBound nothing;
  gboolean changed = FALSE;

  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      DynoBound bound = { .is_bound = TRUE, .is_pinned = TRUE, .by = DYNO_BOUND_BY_PIN };

      if (find_pin (self, i, &bound.slot))
        changed |= set_bound (self, i, &bound);
      else if (self->bound[i].is_pinned)
        changed |= set_bound (self, i, &nothing);
    }
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      DynoBound bound = { 0 };
      guint slot;

      if (find_pin (self, i, &slot))
        continue;
      bound = choose (self, i, now_us, lives, user_data);
      changed |= set_bound (self, i, &bound);
    }

  return changed;
}

const DynoBound *
dyno_binding_bound (const DynoBinding *self,
                    guint              row)
{
  g_return_val_if_fail (row < DYNO_BINDING_ROWS, NULL);

  return &self->bound[row];
}

const DynoBound *
dyno_binding_bound_to (const DynoBinding *self,
                       DynoChannel        canonical)
{
  g_return_val_if_fail (canonical < DYNO_N_CHANNELS, NULL);

  return self->row_of[canonical] >= 0 ? &self->bound[self->row_of[canonical]] : NULL;
}

void
dyno_binding_restore (DynoBinding     *self,
                      DynoChannel      canonical,
                      const DynoBound *bound)
{
  int row = row_of (canonical);

  if (row >= 0)
    self->bound[row] = *bound;
}

double
dyno_bound_confidence (const DynoBound *bound)
{
  static const double by[] = { 0, 1, 1, 0.9, 0.8 };
  double confidence = by[bound->by];

  if (!bound->is_bound)
    return 0;
  if (bound->by != DYNO_BOUND_BY_PIN)
    confidence -= 0.02 * bound->rank;

  return bound->is_provisional ? confidence / 2 : confidence;
}

const char *
dyno_bound_reason (const DynoBound *bound)
{
  static const char *const reasons[] = { "", "pinned", "name", "prefix", "pattern" };

  return bound->is_bound ? reasons[bound->by] : "";
}

DynoPin *
dyno_pin_new (const char *provider,
              const char *channel,
              guint8      unit_code,
              guint       occurrence,
              DynoChannel canonical)
{
  DynoPin *pin = g_new0 (DynoPin, 1);

  pin->provider = g_strdup (provider);
  pin->channel = g_strdup (channel);
  pin->unit_code = unit_code;
  pin->occurrence = occurrence;
  pin->canonical = canonical;

  return pin;
}

void
dyno_pin_free (DynoPin *pin)
{
  if (pin == NULL)
    return;

  g_free (pin->provider);
  g_free (pin->channel);
  g_free (pin);
}
