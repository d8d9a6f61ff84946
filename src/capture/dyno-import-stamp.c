/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-stamp.h"

#include "dyno-import-clock.h"
#include "dyno-number.h"

#include <math.h>
#include <string.h>

void
dyno_import_stamp_clear (DynoImportStampReader *self)
{
  g_clear_pointer (&self->first, g_free);
}

static DynoImportCell
get_cell (const char *line,
          char        delimiter,
          guint       column)
{
  DynoImportCell cell = { 0 };

  for (guint i = 0; i <= column; i++)
    {
      cell = dyno_import_cell_next (&line, delimiter);
      if (dyno_import_is_line_end (*line) && i < column)
        return (DynoImportCell){ 0 };
      line++;
    }

  return cell;
}

static gboolean
take_form (DynoImportStampReader *self,
           const DynoImportCell  *cell)
{
  DynoImportClock clock;
  double value;

  if (dyno_import_clock_parse (cell->text, cell->length, &clock))
    {
      self->form = clock.has_date ? DYNO_IMPORT_STAMP_WALL_CLOCK : DYNO_IMPORT_STAMP_TIME_OF_DAY;
      self->base_day = clock.day;
    }
  else if (!dyno_number_parse (cell->text, cell->length, self->mark, &value))
    return FALSE;

  self->is_known = TRUE;
  self->first = dyno_import_cell_dup (cell);

  return TRUE;
}

gboolean
dyno_import_stamp_find_form (DynoImportStampReader *self,
                             const char            *text,
                             const char            *end,
                             guint                  column)
{
  for (const char *p = text; p < end; p = dyno_import_line_next (p))
    {
      DynoImportCell cell;

      if (dyno_import_line_is_skipped (p))
        continue;
      cell = get_cell (p, self->delimiter, column);
      if (cell.length > 0 && take_form (self, &cell))
        return TRUE;
    }

  return FALSE;
}

gboolean
dyno_import_stamp_read (DynoImportStampReader *self,
                        const DynoImportCell  *cell,
                        double                *value)
{
  gboolean has_date = self->form == DYNO_IMPORT_STAMP_WALL_CLOCK;
  DynoImportClock clock;

  if (self->form == DYNO_IMPORT_STAMP_NUMBER)
    return dyno_number_parse (cell->text, cell->length, self->mark, value)
           && isfinite (*value);
  if (!dyno_import_clock_parse (cell->text, cell->length, &clock) || clock.has_date != has_date)
    return FALSE;

  if (has_date && !clock.has_offset)
    {
      memcpy (self->date, cell->text, DYNO_IMPORT_DATE_LENGTH);
      self->date_s = (double) ((clock.day - self->base_day) * 86400);
    }
  *value = dyno_import_clock_since (&clock, self->base_day);

  return TRUE;
}

static gboolean
has_date_of_last (const DynoImportStampReader *self,
                  const char                  *text)
{
  char separator;

  if (memcmp (text, self->date, DYNO_IMPORT_DATE_LENGTH) != 0)
    return FALSE;
  separator = text[DYNO_IMPORT_DATE_LENGTH];

  return separator == ' ' || separator == 'T';
}

const char *
dyno_import_stamp_read_quickly (const DynoImportStampReader *self,
                                const char                  *text,
                                double                      *value)
{
  gboolean is_quoted = *text == '"';
  double since = 0;

  if (self->form == DYNO_IMPORT_STAMP_NUMBER)
    return NULL;
  text += is_quoted;
  if (self->form == DYNO_IMPORT_STAMP_WALL_CLOCK)
    {
      if (!has_date_of_last (self, text))
        return NULL;
      text += DYNO_IMPORT_DATE_LENGTH + 1;
      since = self->date_s;
    }
  text = dyno_import_clock_read_time (text, is_quoted ? '\0' : self->delimiter, value);
  if (text == NULL || (is_quoted && *text++ != '"')
      || (*text != self->delimiter && !dyno_import_is_line_end (*text)))
    return NULL;
  *value += since;

  return text;
}
