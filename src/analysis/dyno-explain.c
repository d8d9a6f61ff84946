/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-explain.h"

#include <string.h>

#include "dyno-bin.h"
#include "dyno-ve-block.h"

/* Accepted rows sorted into the cells that they have a weight in, a cylinder each:
 * compressed rows, four bytes an entry. */
struct _DynoVeIndex
{
  GMutex   lock;
  gsize   *begins[DYNO_VE_CYLINDERS]; /* (owned) (lock) n_cells + 1; NULL: not made yet */
  guint32 *rows[DYNO_VE_CYLINDERS];   /* (owned) (lock) */
};

DynoVeIndex *
dyno_ve_index_new (void)
{
  DynoVeIndex *self = g_new0 (DynoVeIndex, 1);

  g_mutex_init (&self->lock);

  return self;
}

void
dyno_ve_index_free (DynoVeIndex *self)
{
  if (self == NULL)
    return;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      g_free (self->begins[c]);
      g_free (self->rows[c]);
    }
  g_mutex_clear (&self->lock);
  g_free (self);
}

typedef void (*PlaceFunc) (gsize    row,
                           guint    cell,
                           gpointer user_data);

static void
tell_block (const DynoVeSet *set,
            const DynoVeRun *run,
            guint            cylinder,
            DynoVeBlock     *block,
            PlaceFunc        func,
            gpointer         user_data)
{
  DynoBinHint hint = { 0 };

  dyno_ve_block_fill (set, run, cylinder, block);
  for (guint i = 0; i < block->n; i++)
    {
      guint cells[4];
      double weights[4];

      dyno_bin_weights (&set->shape, block->rpm[i], block->map[i], &hint, cells, weights);
      for (guint k = 0; k < 4; k++)
        {
          if (weights[k] > 0)
            func (run->first + block->rows[i], cells[k], user_data);
        }
    }
  block->n = 0;
}

/* Every accepted row with each of its cells, in ascending order of rows. */
static void
for_each_place (const DynoVeResult *result,
                guint               cylinder,
                PlaceFunc           func,
                gpointer            user_data)
{
  for (guint r = 0; r < result->set->n_runs; r++)
    {
      const DynoVeRun *run = &result->set->runs[r];
      const guint8 *reasons = result->reasons[cylinder] + run->first;
      DynoVeBlock block = { 0 };

      for (gsize i = 0; i < run->n; i++)
        {
          if (reasons[i] != DYNO_GATE_ACCEPTED)
            continue;
          block.rows[block.n++] = i;
          if (block.n == DYNO_VE_BLOCK)
            tell_block (result->set, run, cylinder, &block, func, user_data);
        }
      tell_block (result->set, run, cylinder, &block, func, user_data);
    }
}

static void
count_place (gsize    row,
             guint    cell,
             gpointer user_data)
{
  gsize *begins = user_data;

  begins[cell + 1]++;
}

typedef struct
{
  guint32 *rows;
  gsize   *next;
} Filling;

static void
fill_place (gsize    row,
            guint    cell,
            gpointer user_data)
{
  Filling *filling = user_data;

  filling->rows[filling->next[cell]++] = (guint32) row;
}

static void
make_index (DynoVeResult *result,
            guint         cylinder)
{
  DynoVeIndex *index = result->index;
  gsize *begins = g_new0 (gsize, result->n_cells + 1);
  g_autofree gsize *next = NULL;
  Filling filling;

  for_each_place (result, cylinder, count_place, begins);
  for (guint c = 0; c < result->n_cells; c++)
    begins[c + 1] += begins[c];
  next = g_memdup2 (begins, (result->n_cells + 1) * sizeof (gsize));
  filling.rows = g_new (guint32, MAX (begins[result->n_cells], 1));
  filling.next = next;
  for_each_place (result, cylinder, fill_place, &filling);
  index->rows[cylinder] = filling.rows;
  index->begins[cylinder] = begins;
}

static double
weight_in (const DynoGridShape *shape,
           const DynoVeBlock   *block,
           guint                i,
           guint                cell)
{
  DynoBinHint hint = { 0 };
  guint cells[4];
  double weights[4];

  dyno_bin_weights (shape, block->rpm[i], block->map[i], &hint, cells, weights);
  for (guint k = 0; k < 4; k++)
    {
      if (cells[k] == cell)
        return weights[k];
    }

  return 0;
}

/* Weight and factor are worked out again, as they were when the cell was made. */
static void
fill_block (const DynoVeResult *result,
            const DynoVeRun    *run,
            guint               cylinder,
            guint               cell,
            DynoVeBlock        *block,
            DynoVeSamples      *samples,
            gsize               at)
{
  dyno_ve_block_fill (result->set, run, cylinder, block);
  for (guint i = 0; i < block->n; i++)
    {
      samples->weights[at + i] = weight_in (&result->set->shape, block, i, cell);
      samples->factors[at + i] = dyno_ve_block_factor (result->set, run, block, i);
      samples->rpm[at + i] = block->rpm[i];
      samples->map[at + i] = block->map[i];
    }
}

static void
fill_samples (const DynoVeResult *result,
              guint               cylinder,
              guint               cell,
              DynoVeSamples      *samples)
{
  gsize i = 0;

  while (i < samples->n)
    {
      const DynoVeRun *run = dyno_ve_set_run_of (result->set, samples->rows[i]);
      DynoVeBlock block = { .hint = samples->rows[i] - run->first };

      while (i + block.n < samples->n && block.n < DYNO_VE_BLOCK
             && samples->rows[i + block.n] - run->first < run->n)
        {
          block.rows[block.n] = samples->rows[i + block.n] - run->first;
          block.n++;
        }
      fill_block (result, run, cylinder, cell, &block, samples, i);
      i += block.n;
    }
}

DynoVeSamples *
dyno_ve_result_cell_samples (DynoVeResult *result,
                             guint         cylinder,
                             guint         cell)
{
  DynoVeIndex *index = result->index;
  DynoVeSamples *self = g_new0 (DynoVeSamples, 1);

  g_return_val_if_fail (cylinder < DYNO_VE_CYLINDERS && cell < result->n_cells, self);

  g_mutex_lock (&index->lock);
  if (index->begins[cylinder] == NULL)
    make_index (result, cylinder);
  g_mutex_unlock (&index->lock);

  self->n = index->begins[cylinder][cell + 1] - index->begins[cylinder][cell];
  self->rows = g_new (guint32, MAX (self->n, 1));
  if (self->n > 0)
    memcpy (self->rows, index->rows[cylinder] + index->begins[cylinder][cell],
            self->n * sizeof (guint32));
  self->weights = g_new (double, MAX (self->n, 1));
  self->factors = g_new (double, MAX (self->n, 1));
  self->rpm = g_new (double, MAX (self->n, 1));
  self->map = g_new (double, MAX (self->n, 1));
  fill_samples (result, cylinder, cell, self);

  return self;
}

void
dyno_ve_samples_free (DynoVeSamples *self)
{
  if (self == NULL)
    return;

  g_free (self->rows);
  g_free (self->weights);
  g_free (self->factors);
  g_free (self->rpm);
  g_free (self->map);
  g_free (self);
}

/* The cell nearest to where the engine stood, also for rows that do not count. */
static gboolean
stands_in (const DynoGridShape *shape,
           const DynoVeBlock   *block,
           guint                i,
           guint                cell)
{
  if (!block->is_known[i] || !dyno_axis_holds (&shape->rpm, block->rpm[i])
      || !dyno_axis_holds (&shape->load, block->map[i]))
    return FALSE;

  return dyno_axis_nearest (&shape->rpm, block->rpm[i]) == cell / shape->load.n
         && dyno_axis_nearest (&shape->load, block->map[i]) == cell % shape->load.n;
}

static void
count_block (const DynoVeResult *result,
             const DynoVeRun    *run,
             DynoVeBlock        *block,
             DynoVeStory        *story)
{
  dyno_ve_block_fill (result->set, run, story->cylinder, block);
  for (guint i = 0; i < block->n; i++)
    {
      if (!stands_in (&result->set->shape, block, i, story->cell))
        continue;
      story->seen++;
      story->counts[result->reasons[story->cylinder][run->first + block->rows[i]]]++;
    }
  block->n = 0;
}

static void
count_near (const DynoVeResult *result,
            DynoVeStory        *story)
{
  if (!result->cylinders[story->cylinder].has_sensor)
    return;

  for (guint r = 0; r < result->set->n_runs; r++)
    {
      const DynoVeRun *run = &result->set->runs[r];
      DynoVeBlock block = { 0 };

      for (gsize i = 0; i < run->n; i++)
        {
          if (result->reasons[story->cylinder][run->first + i] == DYNO_GATE_NOT_AN_UPDATE)
            continue;
          block.rows[block.n++] = i;
          if (block.n == DYNO_VE_BLOCK)
            count_block (result, run, &block, story);
        }
      count_block (result, run, &block, story);
    }
}

static void
append_number (GString    *text,
               const char *format,
               double      value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_formatd (buffer, sizeof buffer, format, value));
}

static void
append_value (GString          *text,
              const DynoVeCell *value)
{
  g_string_append (text, " They ask for ");
  append_number (text, "%+.2f", value->raw);
  g_string_append (text, " %, smoothed ");
  append_number (text, "%+.2f", value->smoothed);
  g_string_append_printf (text, " %%; confidence is %s",
                          dyno_confidence_name (value->confidence));
  if (value->reason == DYNO_CELL_SKIP)
    {
      g_string_append (text, ", so the cell is left alone.");
      return;
    }
  g_string_append (text, ", which allows ±");
  append_number (text, "%g", value->limit);
  g_string_append (text, " %: the cell gets ");
  append_number (text, "%+.2f", value->limited);
  g_string_append (text, " %.");
}

static char *
tell (const DynoVeResult *result,
      const DynoVeStory  *story)
{
  GString *text = g_string_new (NULL);

  append_number (text, "%g", story->rpm);
  g_string_append (text, " rpm, ");
  append_number (text, "%g", story->map);
  g_string_append_printf (text, " kPa, %s: ", story->cylinder == 0 ? "front" : "rear");
  if (!result->cylinders[story->cylinder].has_sensor)
    g_string_append (text, "this cylinder has no mixture sensor.");
  else if (story->value.reason == DYNO_CELL_NO_DATA)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT " readings, none of them counts.",
                            story->seen);
  else
    g_string_append_printf (text, "%" G_GUINT64_FORMAT " readings, %u of them count.", story->seen,
                            story->value.hits);
  if (story->value.reason == DYNO_CELL_FEW_HITS)
    g_string_append (text, " That is too few for a value.");
  else if (story->value.reason != DYNO_CELL_NO_DATA)
    append_value (text, &story->value);

  return g_string_free (text, FALSE);
}

DynoVeStory *
dyno_ve_explain_cell (const DynoVeResult *result,
                      guint               cylinder,
                      guint               cell)
{
  const DynoGridShape *shape = &result->set->shape;
  DynoVeStory *story;

  g_return_val_if_fail (cylinder < DYNO_VE_CYLINDERS && cell < result->n_cells, NULL);

  story = g_new0 (DynoVeStory, 1);
  story->cylinder = cylinder;
  story->cell = cell;
  story->rpm = shape->rpm.at[cell / shape->load.n];
  story->map = shape->load.at[cell % shape->load.n];
  story->value = result->cylinders[cylinder].cells[cell];
  count_near (result, story);
  story->sentence = tell (result, story);

  return story;
}

void
dyno_ve_story_free (DynoVeStory *self)
{
  if (self == NULL)
    return;

  g_free (self->sentence);
  g_free (self);
}
