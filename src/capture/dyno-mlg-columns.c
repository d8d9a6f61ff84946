/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mlg-columns.h"

#include "dyno-crew.h"
#include "dyno-import-reader.h"
#include "dyno-mlg-decode.h"

#include <math.h>
#include <string.h>

#define TICK_S 1e-5     /* of the clock in a block's head */
#define CHUNK 1024      /* records: they stay in the cache while all fields are read */
#define MAX_TEAMS DYNO_CREW_MAX

struct _DynoMlgColumns
{
  const DynoMlg       *mlg;        /* (borrowed) */
  DynoImportTable     *table;      /* (borrowed) */
  gboolean            *is_mixture; /* (owned) one a field */
  DynoCrew      *crew;       /* (owned) (nullable) of a large log */
  guint                n_teams;    /* each takes the fields n_teams apart */
  gsize                n_expected; /* rows of the whole log; 0: not known */

  /* Of the records in hand. */
  const guint8 *const *records;    /* (borrowed) */
  const guint64       *ticks;      /* (borrowed) */
  gsize                n;
  guint8              *marks[MAX_TEAMS]; /* (owned) rows in which a team saw a change */
};

DynoMlgColumns *
dyno_mlg_columns_new (const DynoMlg   *mlg,
                      DynoImportTable *table,
                      const gboolean  *is_mixture,
                      guint64          file_size)
{
  DynoMlgColumns *self = g_new0 (DynoMlgColumns, 1);
  gsize block_size = mlg->record_length + 5;

  self->mlg = mlg;
  self->table = table;
  self->is_mixture = g_memdup2 (is_mixture, mlg->n_fields * sizeof *is_mixture);
  self->n_teams = 1;
  if (file_size > mlg->data_start)
    self->n_expected = (gsize) ((file_size - mlg->data_start) / block_size) + 1;
  if (file_size >= DYNO_IMPORT_LEAST_PARALLEL)
    {
      self->n_teams = MAX_TEAMS;
      self->crew = dyno_crew_new (dyno_crew_helpers ());
    }

  return self;
}

void
dyno_mlg_columns_free (DynoMlgColumns *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->crew, dyno_crew_free);
  for (guint i = 0; i < MAX_TEAMS; i++)
    g_free (self->marks[i]);
  g_free (self->is_mixture);
  g_free (self);
}

/* A sum of nothings is no number where one of them is none. */
static gboolean
are_finite (const double *values,
            guint         n)
{
  double nothing[4] = { 0 };
  guint i = 0;

  for (; i + 4 <= n; i += 4)
    {
      for (guint k = 0; k < 4; k++)
        nothing[k] += values[i + k] * 0;
    }
  for (; i < n; i++)
    nothing[0] += values[i] * 0;

  return nothing[0] + nothing[1] + nothing[2] + nothing[3] == 0;
}

/* The sensor's byte is all ones: no reading, but 25.5. Rows of the chunk are told in
 * `reasons`. FALSE where there are none. */
static gboolean
reject_all_ones (const DynoMlgColumns *self,
                 guint                 index,
                 gsize                 first,
                 guint                 n,
                 double               *values,
                 guint8               *reasons)
{
  const DynoMlgField *field = &self->mlg->fields[index];
  gboolean is_any = FALSE;

  if (!self->is_mixture[index] || field->type != DYNO_MLG_U8)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      if (self->records[first + i][field->offset] != G_MAXUINT8)
        continue;
      values[i] = NAN;
      reasons[i] = DYNO_REJECT_SENTINEL;
      is_any = TRUE;
    }

  return is_any;
}

static gboolean
reject_not_finite (DynoMlgColumns *self,
                   guint           index,
                   guint           n,
                   double         *values,
                   guint8         *reasons)
{
  const DynoMlgField *field = &self->mlg->fields[index];
  gboolean is_any = FALSE;

  if ((field->type != DYNO_MLG_F32 && isfinite (field->scale) && isfinite (field->transform))
      || are_finite (values, n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      self->table->columns[index].n_nan += (gsize) isnan (values[i]);
      if (!isinf (values[i]))
        continue;
      values[i] = NAN;
      reasons[i] = DYNO_REJECT_NOT_FINITE;
      is_any = TRUE;
    }

  return is_any;
}

static void
take_field (DynoMlgColumns *self,
            guint           index,
            gsize           first,
            guint           n,
            guint8         *marks)
{
  double values[CHUNK];
  guint8 reasons[CHUNK] = { DYNO_REJECT_NONE };
  gsize row = self->table->n_rows + first;
  gboolean is_odd;

  dyno_mlg_decode (&self->mlg->fields[index], self->records + first, n, values);
  is_odd = reject_not_finite (self, index, n, values, reasons);
  is_odd |= reject_all_ones (self, index, first, n, values, reasons);
  dyno_import_table_take (self->table, index, values, row, n, self->n_expected, marks);
  for (guint i = 0; is_odd && i < n; i++)
    {
      if (reasons[i] == DYNO_REJECT_NONE)
        continue;
      dyno_import_table_set_reason (self->table, index, row + i, reasons[i]);
      marks[i] = TRUE;
    }
}

/* The fields team, team + n_teams, …, of all records in hand. On any thread: no two
 * touch the same column. */
static void
take_team (guint    team,
           gpointer data)
{
  DynoMlgColumns *self = data;

  for (gsize first = 0; first < self->n; first += CHUNK)
    {
      guint n = (guint) MIN (CHUNK, self->n - first);

      for (guint i = team; i < self->mlg->n_fields; i += self->n_teams)
        take_field (self, i, first, n, self->marks[team] + first);
    }
}

static void
take_clock (DynoMlgColumns *self)
{
  guint column = self->mlg->n_fields;
  g_autofree double *values = NULL;

  if (self->table->time_column != (int) column)
    return;
  values = g_new (double, self->n);
  for (gsize i = 0; i < self->n; i++)
    values[i] = (double) self->ticks[i] * TICK_S;
  dyno_import_table_take (self->table, column, values, self->table->n_rows, self->n,
                          self->n_expected, self->marks[0]);
}

/* What any team has seen. */
static void
join_marks (DynoMlgColumns *self)
{
  for (guint team = 1; team < self->n_teams; team++)
    {
      for (gsize i = 0; i < self->n; i++)
        self->marks[0][i] |= self->marks[team][i];
    }
}

void
dyno_mlg_columns_take (DynoMlgColumns      *self,
                       const guint8 *const *records,
                       const guint64       *ticks,
                       gsize                n)
{
  if (n == 0)
    return;

  self->records = records;
  self->ticks = ticks;
  self->n = n;
  for (guint team = 0; team < self->n_teams; team++)
    {
      self->marks[team] = g_realloc (self->marks[team], n);
      memset (self->marks[team], 0, n);
    }
  if (self->crew != NULL)
    {
      dyno_crew_start (self->crew, self->n_teams, take_team, self);
      dyno_crew_join (self->crew);
    }
  else
    take_team (0, self);
  take_clock (self);
  join_marks (self);
  dyno_import_table_add_rows (self->table, n, self->marks[0]);
}
