/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-change-private.h"

#include <math.h>

#include "dyno-crypt.h"
#include "dyno-math-version.h"

/* What forbids a change, and what is to be looked at (analysis.md 5.2). */

#define LARGE_PCT 10
#define BIAS_PCT 2
#define JUMP_POINTS 5
#define CYLINDER_BIAS_PCT 2
#define CYLINDER_LOCAL_PCT 5
#define LEAST_COVERAGE 0.5
#define LEAST_CRUISE 0.6

static const double zone_weights[DYNO_N_ZONES] = {
  [DYNO_ZONE_CRUISE] = 5, [DYNO_ZONE_PART] = 4, [DYNO_ZONE_WOT] = 2,
  [DYNO_ZONE_DECEL] = 1,  [DYNO_ZONE_EDGE] = 1,
};

static void
block_free (gpointer data)
{
  DynoChangeBlock *block = data;

  g_free (block->text);
  g_array_unref (block->cells);
  g_free (block);
}

static DynoChangeBlock *
add_block (DynoChange    *self,
           const char    *code,
           DynoTableSide  side,
           char          *text)
{
  DynoChangeBlock *block = g_new0 (DynoChangeBlock, 1);

  block->code = code;
  block->side = side;
  block->text = text;
  block->cells = g_array_new (FALSE, FALSE, sizeof (DynoChangeCell));
  g_ptr_array_add (self->blocks, block);

  return block;
}

static void
add_cell_block (DynoChange            *self,
                const DynoChangeTable *table,
                DynoChangeReason       reason,
                const char            *code,
                const char            *text)
{
  DynoChangeBlock *block = NULL;

  for (guint i = 0; i < table->cells->len; i++)
    {
      const DynoChangeCell *cell = &g_array_index (table->cells, DynoChangeCell, i);

      if ((cell->reasons & reason) == 0)
        continue;
      if (block == NULL)
        block = add_block (self, code, table->base->side, g_strdup (text));
      block->n_cells++;
      if (block->cells->len < DYNO_BLOCK_CELLS)
        g_array_append_val (block->cells, *cell);
    }
}

/* Blocks */

static gboolean
has_any_value (const DynoChange *self)
{
  for (guint i = 0; i < self->n_tables; i++)
    {
      const GArray *cells = self->tables[i]->cells;

      for (guint k = 0; k < cells->len; k++)
        {
          if (dyno_change_cell_has_value (&g_array_index (cells, DynoChangeCell, k)))
            return TRUE;
        }
    }

  return FALSE;
}

/* One grid of percents for a pair, and nobody said for whom. */
static gboolean
lacks_side (const DynoChange      *self,
            const DynoCorrections *corrections)
{
  return corrections->is_foreign && self->n_tables > 0
         && self->tables[0]->base->side != DYNO_TABLE_BOTH
         && self->options->side == DYNO_TABLE_BOTH && !self->options->is_shared
         && corrections->cells[self->tables[0]->base->side] == NULL;
}

static gboolean
is_one_cylinder (const DynoChange *self)
{
  return self->n_tables == 2 && self->options->side == DYNO_TABLE_BOTH
         && (self->tables[0]->n_changed == 0) != (self->tables[1]->n_changed == 0);
}

/* One table, by itself, of the pair that the correction was made on. */
static gboolean
is_of_the_pair (const DynoChange *self,
                GPtrArray        *sums)
{
  g_autofree char *bytes = dyno_table_bytes_sha256 (self->tables[0]->base);
  g_autofree char *content = dyno_table_content_sha256 (self->tables[0]->base);

  return self->n_tables == 1
         && (g_ptr_array_find_with_equal_func (sums, bytes, g_str_equal, NULL)
             || g_ptr_array_find_with_equal_func (sums, content, g_str_equal, NULL));
}

/* Of one table its sum, as bytes or as content; of a pair that of both sums. */
static gboolean
is_base_sum (const DynoChange *self,
             const char       *sha256)
{
  g_autoptr(GString) all_bytes = g_string_new (NULL);
  g_autoptr(GString) all_contents = g_string_new (NULL);
  g_autofree char *of_bytes = NULL;
  g_autofree char *of_contents = NULL;

  for (guint i = 0; i < self->n_tables; i++)
    {
      g_autofree char *bytes = dyno_table_bytes_sha256 (self->tables[i]->base);
      g_autofree char *content = dyno_table_content_sha256 (self->tables[i]->base);

      if (g_str_equal (bytes, sha256) || g_str_equal (content, sha256))
        return TRUE;
      g_string_append_printf (all_bytes, "%s\n", bytes);
      g_string_append_printf (all_contents, "%s\n", content);
    }
  of_bytes = dyno_crypt_sha256_hex (all_bytes->str, all_bytes->len);
  of_contents = dyno_crypt_sha256_hex (all_contents->str, all_contents->len);

  return g_str_equal (of_bytes, sha256) || g_str_equal (of_contents, sha256);
}

static void
find_blocks (DynoChange            *self,
             const DynoCorrections *corrections)
{
  for (guint i = 0; i < self->n_tables; i++)
    {
      add_cell_block (self, self->tables[i], DYNO_CHANGE_BAD_BASE, "bad-base",
                      "The base table has numbers that cannot be corrected: 0 or below.");
      add_cell_block (self, self->tables[i], DYNO_CHANGE_EXTREME, "extreme",
                      "Corrections of more than 25 % are a fault, not a tune: look at sensor, "
                      "target and fuel. A cell may be let through by itself, with a reason.");
    }
  if (self->n_tables == 0)
    add_block (self, "no-base", DYNO_TABLE_BOTH, g_strdup ("There is no table to be changed."));
  else if (lacks_side (self, corrections))
    add_block (self, "one-cylinder", DYNO_TABLE_BOTH,
               g_strdup ("The correction does not say for which cylinder it is: choose front, rear "
                         "or both."));
  else if (!has_any_value (self))
    add_block (self, "empty-grid", DYNO_TABLE_BOTH,
               g_strdup ("The correction has no value in any cell of this table."));
  else if (is_one_cylinder (self))
    add_block (self, "one-cylinder", DYNO_TABLE_BOTH,
               g_strdup ("Only one of the two cylinders would change. If that is meant, choose "
                         "front only or rear only."));
  if (self->n_tables > 0 && corrections->base_sha256 != NULL && !self->options->any_base
      && !is_base_sum (self, corrections->base_sha256)
      && !is_of_the_pair (self, corrections->base_sums))
    add_block (self, "stale-base", DYNO_TABLE_BOTH,
               g_strdup ("The correction was made on another state of this table. Analyse the "
                         "runs again."));
}

/* Warnings */

static void
warn_of_size (DynoChange            *self,
              const DynoChangeTable *table)
{
  double sum = 0;
  double weight = 0;
  guint n_large = 0;

  for (guint i = 0; i < table->cells->len; i++)
    {
      const DynoChangeCell *cell = &g_array_index (table->cells, DynoChangeCell, i);
      double hits = cell->hits > 0 ? (double) cell->hits : 1;

      if (!dyno_change_cell_has_value (cell))
        continue;
      n_large += fabs (cell->raw) > LARGE_PCT;
      sum += hits * cell->limited;
      weight += hits;
    }
  if (n_large > 0)
    dyno_notes_add (self->warnings, "large", "%u cells ask for more than %d %% before the limits.",
                    n_large, LARGE_PCT);
  if (weight > 0 && fabs (sum / weight) > BIAS_PCT)
    dyno_notes_add (self->warnings, "bias",
                    "All of it is %+.1f %% in the mean: look at the fuel pressure, the sensor or "
                    "the injector constant before the table.",
                    sum / weight);
}

static gboolean
is_jump (const DynoChangeCell *a,
         const DynoChangeCell *b)
{
  return dyno_change_cell_has_value (a) && dyno_change_cell_has_value (b)
         && fabs (a->limited - b->limited) > JUMP_POINTS;
}

static void
warn_of_jumps (DynoChange            *self,
               const DynoChangeTable *table)
{
  guint n_columns = table->base->axis_columns;
  guint n = table->base->axis_rows * n_columns;
  guint n_jumps = 0;

  if (table->cells->len < n)
    return;
  for (guint i = 0; i < n; i++)
    {
      const DynoChangeCell *cell = &g_array_index (table->cells, DynoChangeCell, i);

      n_jumps += (i + 1) % n_columns != 0 && is_jump (cell, cell + 1);
      n_jumps += i + n_columns < n && is_jump (cell, cell + n_columns);
    }
  if (n_jumps > 0)
    dyno_notes_add (self->warnings, "neighbour-jump",
                    "Neighbours part by more than %d points of correction in %u %s.", JUMP_POINTS,
                    n_jumps, n_jumps == 1 ? "place" : "places");
}

static void
warn_of_coverage (DynoChange            *self,
                  const DynoChangeTable *table)
{
  double all = 0;
  double covered = 0;
  guint n_cruise = 0;
  guint n_cruise_covered = 0;

  for (guint i = 0; i < table->cells->len; i++)
    {
      const DynoChangeCell *cell = &g_array_index (table->cells, DynoChangeCell, i);
      gboolean is_covered = cell->confidence < DYNO_CONFIDENCE_SKIP && !isnan (cell->raw);

      if ((cell->reasons & DYNO_CHANGE_PADDING) != 0)
        continue;
      all += zone_weights[cell->zone];
      covered += is_covered ? zone_weights[cell->zone] : 0;
      n_cruise += cell->zone == DYNO_ZONE_CRUISE;
      n_cruise_covered += is_covered && cell->zone == DYNO_ZONE_CRUISE;
    }
  if (all > 0 && (covered < LEAST_COVERAGE * all || n_cruise_covered < LEAST_CRUISE * n_cruise))
    dyno_notes_add (self->warnings, "coverage",
                    "The runs reach %.0f %% of the table by weight, %.0f %% of the cruise cells.",
                    100 * covered / all,
                    n_cruise > 0 ? 100.0 * n_cruise_covered / n_cruise : 100.0);
}

static void
warn_of_bounds (DynoChange *self)
{
  const DynoBoundsRow *row = dyno_bounds_row (self->options->bounds);
  guint n_floors = 0;
  guint n_ceilings = 0;

  for (guint i = 0; i < self->n_tables; i++)
    {
      n_floors += self->tables[i]->n_floors;
      n_ceilings += self->tables[i]->n_ceilings;
    }
  if (n_floors + n_ceilings > 0)
    dyno_notes_add (self->warnings, "ve-bounds",
                    "%u cells would fall below %g and %u rise above %g (%s)%s.", n_floors,
                    row->floor, n_ceilings, row->ceiling, row->name,
                    row->is_wall ? ": they stop there" : "");
}

static void
warn_of_cylinders (DynoChange            *self,
                   const DynoCorrections *corrections)
{
  if (fabs (corrections->bias_mean_pct) > CYLINDER_BIAS_PCT)
    dyno_notes_add (self->warnings, "cylinder-bias",
                    "The rear cylinder wants %+.1f %% against the front one.",
                    corrections->bias_mean_pct);
  if (fabs (corrections->bias_worst_pct) > CYLINDER_LOCAL_PCT)
    dyno_notes_add (self->warnings, "cylinder-local",
                    "In one cell the cylinders differ by %+.1f %%.", corrections->bias_worst_pct);
}

static void
warn_of_gates (DynoChange *self,
               GPtrArray  *gates)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < gates->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", (const char *) gates->pdata[i]);
  if (gates->len > 0)
    dyno_notes_add (self->warnings, "unavailable-gates", "The log could not be tested for: %s.",
                    names->str);
}

static void
warn_of_source (DynoChange            *self,
                const DynoCorrections *corrections)
{
  DynoMathVersion version;

  if (corrections->math_version != NULL
      && dyno_math_version_find (corrections->math_version, &version, NULL)
      && dyno_math_version_warning (version) != NULL)
    dyno_notes_add (self->warnings, "math-version", "%s", dyno_math_version_warning (version));
  warn_of_gates (self, corrections->gates_unavailable);
  if (corrections->is_resampled)
    dyno_notes_add (self->warnings, "resampled",
                    "The correction came on another grid. Each of its values here lies between "
                    "the four cells around it; no cell counts as more than low.");
}

void
dyno_change_judge (DynoChange            *self,
                   const DynoCorrections *corrections)
{
  g_ptr_array_set_free_func (self->blocks, block_free);
  find_blocks (self, corrections);
  for (guint i = 0; i < self->n_tables; i++)
    {
      warn_of_size (self, self->tables[i]);
      warn_of_jumps (self, self->tables[i]);
      if (!corrections->is_foreign)
        warn_of_coverage (self, self->tables[i]);
    }
  warn_of_bounds (self);
  warn_of_cylinders (self, corrections);
  warn_of_source (self, corrections);
}
