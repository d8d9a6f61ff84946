/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-legacy-log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dyno-number.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define MOST_CANDIDATES 5

static const struct
{
  const char *title;                           /* for people */
  const char *candidates[MOST_CANDIDATES + 1]; /* NULL behind the last */
} roles[DYNO_LEGACY_N_ROLES] = {
  [DYNO_LEGACY_RPM] = { "engine speed (a name with “rpm”)", { "rpm" } },
  [DYNO_LEGACY_MAP] = { "MAP (a name with “map” or “kpa”)", { "map", "kpa" } },
  [DYNO_LEGACY_TORQUE] = { "torque (a name with “torque”)", { "torque" } },
  [DYNO_LEGACY_HP] = { "power (a name with “hp” or “horsepower”)", { "hp", "horsepower" } },
  [DYNO_LEGACY_TARGET_F] = { "commanded AFR, front",
                             { "afr cmd f", "cmd afr f", "afr target f", "commanded afr f" } },
  [DYNO_LEGACY_TARGET_R] = { "commanded AFR, rear",
                             { "afr cmd r", "cmd afr r", "afr target r", "commanded afr r" } },
  [DYNO_LEGACY_MIX_F] = { "measured AFR, front",
                          { "afr meas f", "afr f", "measured afr f", "wb afr f", "o2 f" } },
  [DYNO_LEGACY_MIX_R] = { "measured AFR, rear",
                          { "afr meas r", "afr r", "measured afr r", "wb afr r", "o2 r" } },
  [DYNO_LEGACY_KNOCK_F] = { "knock, front", { "knock ret f", "knock f", "spark retard f" } },
  [DYNO_LEGACY_KNOCK_R] = { "knock, rear", { "knock ret r", "knock r", "spark retard r" } },
  [DYNO_LEGACY_IAT] = { "intake air", { "iat", "intake air" } },
  [DYNO_LEGACY_TPS] = { "throttle", { "tps", "throttle" } },
};

/* Cells */

typedef struct
{
  const char *text;
  gsize       length;
  gboolean    is_quoted;
} Cell;

static gboolean
ends_line (char c)
{
  return c == '\n' || c == '\r';
}

/* To the quote that closes; a doubled one does not. */
static const char *
find_closing_quote (const char *text,
                    const char *end)
{
  while (text < end && !(*text == '"' && (text + 1 == end || text[1] != '"')))
    text += *text == '"' ? 2 : 1;

  return MIN (text, end);
}

/* The cell at `text`; answers where it ends: at a delimiter, a line's end or `end`. */
static const char *
read_cell (const DynoLegacyLog *self,
           const char          *text,
           Cell                *cell)
{
  cell->text = text;
  cell->is_quoted = text < self->end && *text == '"';
  if (cell->is_quoted)
    {
      const char *quote = find_closing_quote (text + 1, self->end);

      cell->text = text + 1;
      cell->length = (gsize) (quote - cell->text);
      text = quote;
    }
  while (text < self->end && *text != self->delimiter && !ends_line (*text))
    text++;
  if (!cell->is_quoted)
    cell->length = (gsize) (text - cell->text);

  return text;
}

/* Past the end of a line, whatever its form. */
static const char *
skip_line_end (const DynoLegacyLog *self,
               const char          *text)
{
  if (text < self->end && *text == '\r')
    text++;
  if (text < self->end && *text == '\n')
    text++;

  return text;
}

static double
parse_cell (const Cell *cell)
{
  const char *begin = cell->text;
  const char *end = begin + cell->length;
  double value;

  while (begin < end && g_ascii_isspace (*begin))
    begin++;
  while (end > begin && g_ascii_isspace (end[-1]))
    end--;
  if (begin == end || !dyno_number_parse (begin, (gsize) (end - begin), '.', &value)
      || !isfinite (value))
    return NAN;

  return value;
}

/* The number of a cell and where the cell ends. Most cells are a number and nothing
 * else and are read at once. */
static const char *
read_number (const DynoLegacyLog *self,
             const char          *text,
             double              *value)
{
  Cell cell;

  if (self->end - text > DYNO_NUMBER_PADDING)
    {
      const char *end = dyno_number_read_short (text, '.', value);

      if (end != NULL && (*end == self->delimiter || ends_line (*end)))
        return end;
    }
  text = read_cell (self, text, &cell);
  *value = parse_cell (&cell);

  return text;
}

/* The header */

static char
choose_delimiter (const char *text,
                  const char *end)
{
  static const char delimiters[] = { ',', '\t', ';' };
  gsize n[G_N_ELEMENTS (delimiters)] = { 0 };
  gboolean is_quoted = FALSE;
  guint best = 0;

  for (; text < end && (is_quoted || !ends_line (*text)); text++)
    {
      is_quoted ^= *text == '"';
      for (guint i = 0; i < G_N_ELEMENTS (delimiters); i++)
        n[i] += !is_quoted && *text == delimiters[i];
    }
  for (guint i = 1; i < G_N_ELEMENTS (delimiters); i++)
    best = n[i] > n[best] ? i : best;

  return delimiters[best];
}

/* (transfer full), NULL behind the last. */
static GPtrArray *
read_header (DynoLegacyLog *self)
{
  GPtrArray *headers = g_ptr_array_new_with_free_func (g_free);
  Cell cell;

  while (self->at < self->end)
    {
      self->at = read_cell (self, self->at, &cell);
      g_ptr_array_add (headers, g_strndup (cell.text, cell.length));
      if (self->at == self->end || ends_line (*self->at))
        break;
      self->at++;
    }
  self->at = skip_line_end (self, self->at);
  g_ptr_array_add (headers, NULL);

  return headers;
}

static char *
fold (const char *header)
{
  char *folded = g_ascii_strdown (header, -1);

  return g_strdelimit (g_strstrip (folded), "_", ' ');
}

int
dyno_legacy_match (const char *const *headers,
                   const char *const *candidates)
{
  g_autoptr(GPtrArray) folded = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; headers[i] != NULL; i++)
    g_ptr_array_add (folded, fold (headers[i]));
  for (guint c = 0; candidates[c] != NULL; c++)
    {
      for (guint i = 0; i < folded->len; i++)
        {
          if (g_str_equal (folded->pdata[i], candidates[c]))
            return (int) i;
        }
    }
  for (guint i = 0; i < folded->len; i++)
    {
      for (guint c = 0; candidates[c] != NULL; c++)
        {
          if (strstr (folded->pdata[i], candidates[c]) != NULL)
            return (int) i;
        }
    }

  return -1;
}

/* Of columns with the same name the last is the one that is read. */
static guint
last_of_name (const GPtrArray *headers,
              guint            column)
{
  guint last = column;

  for (guint i = column + 1; headers->pdata[i] != NULL; i++)
    {
      if (g_str_equal (headers->pdata[i], headers->pdata[column]))
        last = i;
    }

  return last;
}

static int
compare_slots (gconstpointer a,
               gconstpointer b)
{
  const DynoLegacySlot *x = a;
  const DynoLegacySlot *y = b;

  return x->column != y->column ? (x->column < y->column ? -1 : 1) : (int) x->role - (int) y->role;
}

static void
find_columns (DynoLegacyLog   *self,
              const GPtrArray *headers)
{
  for (guint role = 0; role < DYNO_LEGACY_N_ROLES; role++)
    {
      int column = dyno_legacy_match ((const char *const *) headers->pdata, roles[role].candidates);

      if (column >= 0)
        self->slots[self->n_slots++]
          = (DynoLegacySlot){ last_of_name (headers, (guint) column), (DynoLegacyRole) role };
    }
  qsort (self->slots, self->n_slots, sizeof self->slots[0], compare_slots);
}

gboolean
dyno_legacy_log_has (const DynoLegacyLog *self,
                     DynoLegacyRole       role)
{
  for (guint i = 0; i < self->n_slots; i++)
    {
      if (self->slots[i].role == role)
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_required (const DynoLegacyLog *self,
              DynoAnalysisError  **error)
{
  g_autoptr(GString) missing = g_string_new (NULL);

  for (guint role = DYNO_LEGACY_RPM; role <= DYNO_LEGACY_TORQUE; role++)
    {
      if (!dyno_legacy_log_has (self, (DynoLegacyRole) role))
        g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", roles[role].title);
    }
  if (missing->len == 0)
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_MISSING_CHANNEL,
                           "The legacy mathematics needs a column for %s.", missing->str);

  return FALSE;
}

/* Goes to the first row and answers the names in the header, NULL behind the last. */
static GPtrArray *
begin (DynoLegacyLog *self,
       const char    *text,
       gsize          length)
{
  *self = (DynoLegacyLog){ .at = text, .end = text + length };
  if (length >= strlen (BYTE_ORDER_MARK)
      && memcmp (text, BYTE_ORDER_MARK, strlen (BYTE_ORDER_MARK)) == 0)
    self->at += strlen (BYTE_ORDER_MARK);
  while (self->at < self->end && ends_line (*self->at))
    self->at++;
  self->delimiter = choose_delimiter (self->at, self->end);

  return read_header (self);
}

char *
dyno_legacy_log_column (const char     *text,
                        gsize           length,
                        DynoLegacyRole  role)
{
  DynoLegacyLog self;
  g_autoptr(GPtrArray) headers = begin (&self, text, length);

  find_columns (&self, headers);
  for (guint i = 0; i < self.n_slots; i++)
    {
      if (self.slots[i].role == role)
        return g_strdup (headers->pdata[self.slots[i].column]);
    }

  return NULL;
}

gboolean
dyno_legacy_log_init (DynoLegacyLog      *self,
                      const char         *text,
                      gsize               length,
                      DynoAnalysisError **error)
{
  g_autoptr(GPtrArray) headers = begin (self, text, length);

  if (headers->len == 1)
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_NO_ROWS, "The log is empty.");
      return FALSE;
    }
  find_columns (self, headers);

  return has_required (self, error);
}

/* One line, from its first cell; columns that nobody reads are passed over. */
static void
read_row (DynoLegacyLog *self,
          double         row[DYNO_LEGACY_N_ROLES])
{
  const DynoLegacySlot *slot = self->slots;
  const DynoLegacySlot *last = self->slots + self->n_slots;
  const char *text = self->at;

  for (guint column = 0;; column++)
    {
      double value;
      Cell cell;

      if (slot < last && slot->column == column)
        text = read_number (self, text, &value);
      else
        text = read_cell (self, text, &cell);
      for (; slot < last && slot->column == column; slot++)
        row[slot->role] = value;
      if (text == self->end || ends_line (*text))
        break;
      text++;
    }
  self->at = skip_line_end (self, text);
}

gboolean
dyno_legacy_log_next (DynoLegacyLog *self,
                      double         row[DYNO_LEGACY_N_ROLES])
{
  while (self->at < self->end)
    {
      for (guint i = 0; i < DYNO_LEGACY_N_ROLES; i++)
        row[i] = NAN;
      read_row (self, row);
      if (!isnan (row[DYNO_LEGACY_RPM]) && !isnan (row[DYNO_LEGACY_MAP])
          && !isnan (row[DYNO_LEGACY_TORQUE]))
        return TRUE;
    }

  return FALSE;
}
