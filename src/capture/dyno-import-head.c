/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-head.h"

#include "dyno-dialects.h"
#include "dyno-import-alias.h"

#define MAX_HEADER_SHARE 0.3 /* of cells that are numbers */
#define MIN_UNIT_SHARE 0.5

/* A line that names the stamps is the header, whatever else its cells look like
 * ("Time,RPM,AFR": two of three are unit tokens). */
int
dyno_import_head_find_time (const char *const *names)
{
  int best = -1;
  guint best_order = G_MAXUINT;

  for (int i = 0; names[i] != NULL; i++)
    {
      DynoImportName name;
      DynoImportAlias alias;

      dyno_import_name_parse (&name, names[i]);
      if (dyno_import_alias_find (&name, &alias) && alias.channel == DYNO_CHANNEL_TIME
          && alias.order < best_order)
        {
          best = i;
          best_order = alias.order;
        }
      dyno_import_name_clear (&name);
    }

  return best;
}

gboolean
dyno_import_head_names_time (const char *line,
                             char        delimiter)
{
  g_auto(GStrv) names = dyno_import_layout_split (line, delimiter, 0);

  return dyno_import_head_find_time ((const char *const *) names) >= 0;
}

gboolean
dyno_import_head_has_names (const DynoImportShape *shape)
{
  return shape->n_filled >= 2 && shape->n_data < MAX_HEADER_SHARE * shape->n_filled;
}

static gboolean
is_header (const DynoImportShape *shape,
           const DynoImportRun   *run)
{
  return dyno_import_head_has_names (shape)
         && (dyno_import_head_is_near (shape->total, run->total)
             || dyno_import_head_is_near (shape->width, run->total)
             || dyno_import_head_is_near (shape->width, run->width));
}

static gboolean
is_unit_row (const DynoImportShape *shape,
             const char            *line,
             char                   delimiter)
{
  return shape->n_filled > 0 && shape->n_units >= MIN_UNIT_SHARE * shape->n_filled
         && !dyno_import_head_names_time (line, delimiter);
}

/* Names, units, names again (ME7Logger): the nearest are the header, but the units above
 * them count, and so does what the engine's computer calls the columns. */
static void
look_for_others (const DynoImportSearch    *self,
                 const DynoImportCandidate *candidate,
                 DynoImportHead            *head)
{
  const char *units = head->header > 1
                          ? dyno_import_search_text (self, (guint) head->header - 1) : NULL;
  DynoImportShape shape;

  if (head->units >= 0 || units == NULL)
    return;
  shape = dyno_import_line_measure (units, candidate->delimiter, candidate->may_have_comma, TRUE);
  if (!dyno_import_head_is_near (shape.total, candidate->best.total)
      || !is_unit_row (&shape, units, candidate->delimiter))
    return;
  head->units = head->header - 1;
  shape = dyno_import_line_measure (dyno_import_search_text (self, (guint) head->header - 2),
                                    candidate->delimiter, candidate->may_have_comma, FALSE);
  if (is_header (&shape, &candidate->best))
    head->others = head->header - 2;
}

/* Was a row of units taken for the names? It may have words that are no unit tokens
 * ("bits", ":1") where the dialect always has one, or a "time" of its own. */
static gboolean
is_units_below_names (const DynoImportSearch    *self,
                      const DynoImportCandidate *candidate,
                      const DynoDialect         *dialect,
                      const DynoImportHead      *head)
{
  const char *line = dyno_import_search_text (self, (guint) head->header);
  const char *above = dyno_import_search_text (self, (guint) head->header - 1);
  DynoImportShape shape
      = dyno_import_line_measure (above, candidate->delimiter, candidate->may_have_comma, FALSE);

  if (!is_header (&shape, &candidate->best)
      || !dyno_import_head_names_time (above, candidate->delimiter))
    return FALSE;
  if (dialect->has_unit_row && !dyno_import_head_names_time (line, candidate->delimiter))
    return TRUE;
  shape = dyno_import_line_measure (line, candidate->delimiter, candidate->may_have_comma, TRUE);

  return shape.n_units >= MIN_UNIT_SHARE * shape.n_filled;
}

static void
look_above_units (const DynoImportSearch    *self,
                  const DynoImportCandidate *candidate,
                  const DynoDialect         *dialect,
                  DynoImportHead            *head)
{
  if (head->units >= 0 || head->header < 1
      || !is_units_below_names (self, candidate, dialect, head))
    return;
  head->units = head->header;
  head->header--;
  head->names = head->header;
}

DynoImportHead
dyno_import_head_find (const DynoImportSearch    *self,
                       const DynoImportCandidate *candidate,
                       const DynoDialect         *dialect)
{
  DynoImportHead head = { -1, -1, -1, -1 };

  for (int i = (int) candidate->best.first - 1; i >= 0 && head.header < 0; i--)
    {
      const char *line = dyno_import_search_text (self, (guint) i);
      DynoImportShape shape
          = dyno_import_line_measure (line, candidate->delimiter, candidate->may_have_comma, TRUE);

      if (head.units < 0 && is_unit_row (&shape, line, candidate->delimiter))
        {
          head.units = i;
          continue;
        }
      if (head.names < 0 && dyno_import_head_has_names (&shape))
        head.names = i;
      if (is_header (&shape, &candidate->best))
        head.header = i;
    }

  /* Names that are all unit tokens ("V;A;K"), with nothing above that could be meant. */
  if (head.header < 0 && head.units >= 0)
    {
      DynoImportShape shape
          = dyno_import_line_measure (dyno_import_search_text (self, (guint) head.units),
                                      candidate->delimiter, candidate->may_have_comma, FALSE);

      if (is_header (&shape, &candidate->best))
        head = (DynoImportHead){ head.units, -1, head.units, -1 };
    }
  look_above_units (self, candidate, dialect, &head);
  look_for_others (self, candidate, &head);

  return head;
}
