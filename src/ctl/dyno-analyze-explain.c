/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyze-explain.h"

#include <math.h>
#include <string.h>

#include "dyno-analysis-text.h"
#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-shape-ledger.h"
#include "dyno-shape.h"

#define MOST_RUNS 99 /* that a number before a colon may name */

/* What is wished */

static gboolean
read_number (const char **text,
             double      *value)
{
  char *end = NULL;

  *value = g_ascii_strtod (*text, &end);
  if (end == *text || !isfinite (*value))
    return FALSE;
  *text = end;

  return TRUE;
}

static gboolean
read_cell (const char      *text,
           DynoExplainWish *wish)
{
  if (!read_number (&text, &wish->rpm) || *text++ != ',' || !read_number (&text, &wish->map_kpa))
    return FALSE;
  wish->kind = DYNO_EXPLAIN_CELL;

  return *text == '\0';
}

static gboolean
read_moment (const char      *text,
             DynoExplainWish *wish)
{
  const char *colon = strchr (text, ':');
  double run = 1;

  if (colon != NULL)
    {
      if (!read_number (&text, &run) || text != colon || run != floor (run) || run < 1
          || run > MOST_RUNS)
        return FALSE;
      text++;
    }
  if (!read_number (&text, &wish->time_s))
    return FALSE;
  wish->kind = DYNO_EXPLAIN_MOMENT;
  wish->run = (guint) run - 1;

  return g_str_equal (text, "s");
}

gboolean
dyno_analyze_explain_read (const char       *word,
                           DynoExplainWish  *wish,
                           GError          **error)
{
  *wish = (DynoExplainWish){ .kind = DYNO_EXPLAIN_NOTHING };
  if (word == NULL || read_cell (word, wish) || read_moment (word, wish))
    return TRUE;

  dyno_failure_set_usage (error, "--explain takes an engine speed and a pressure, as 3000,60, or a "
                          "moment of the log, as 12.35s; of the second of several runs 2:12.35s.");

  return FALSE;
}

/* What is found */

void
dyno_explained_free (DynoExplained *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->stories);
  g_clear_pointer (&self->samples, g_array_unref);
  g_free (self);
}

/* Cylinders without a sensor have no story. */
static gboolean
find_stories (DynoAnalyse            *found,
              const DynoExplainWish  *wish,
              GPtrArray              *stories,
              GError                **error)
{
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      DynoVeStory *story = NULL;

      if (!found->result->cylinders[i].has_sensor)
        continue;
      story = dyno_analyse_explain (found, i, wish->rpm, wish->map_kpa, error);
      if (story == NULL)
        return FALSE;
      g_ptr_array_add (stories, story);
    }

  return TRUE;
}

DynoExplained *
dyno_analyze_explain_find (DynoAnalyse            *found,
                           const DynoExplainWish  *wish,
                           GError                **error)
{
  g_autoptr(DynoExplained) self = g_new0 (DynoExplained, 1);

  self->kind = wish->kind;
  self->stories = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_ve_story_free);
  if (wish->kind == DYNO_EXPLAIN_CELL && !find_stories (found, wish, self->stories, error))
    return NULL;
  if (wish->kind == DYNO_EXPLAIN_MOMENT)
    {
      self->samples = dyno_analyse_explain_moment (found, wish->run, wish->time_s, error);
      if (self->samples == NULL)
        return NULL;
    }

  return g_steal_pointer (&self);
}

void
dyno_analyze_explain_write (DynoJsonWriter      *w,
                            DynoAnalyse         *found,
                            const DynoExplained *explained)
{
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < explained->stories->len; i++)
    dyno_shape_story (w, found->result, g_ptr_array_index (explained->stories, i));
  for (guint i = 0; explained->samples != NULL && i < explained->samples->len; i++)
    dyno_shape_sample (w, found->result, &g_array_index (explained->samples, DynoVeSample, i));
  dyno_json_writer_end_array (w);
}

GPtrArray *
dyno_analyze_explain_texts (DynoAnalyse         *found,
                            const DynoExplained *explained,
                            DynoUnitSet          units)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < explained->stories->len; i++)
    g_ptr_array_add (texts, dyno_analysis_text_story (found->result, explained->stories->pdata[i],
                                                      units));
  for (guint i = 0; explained->samples != NULL && i < explained->samples->len; i++)
    g_ptr_array_add (texts,
                     dyno_analysis_text_sample (found->result,
                                                &g_array_index (explained->samples, DynoVeSample,
                                                                i),
                                                units));

  return texts;
}
