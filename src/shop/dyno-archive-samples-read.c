/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The reading half of dyno-archive-samples.h. The bytes come from anywhere. */

#include "config.h"

#include "dyno-archive-samples.h"

#include <math.h>
#include <string.h>

#include "dyno-archive-private.h"

#define MOST_COLUMNS 8192u
#define MOST_AXES 256u

/* Numbers that a joining of axes may make of a file: 1 GiB of them. */
#define MOST_JOINED (G_GUINT64_CONSTANT (1) << 27)

/* Reading: a cursor that cannot leave the bytes */

typedef struct
{
  const guint8 *at;
  gsize         left;
} Cursor;

typedef struct
{
  gsize   n;
  double *t;     /* (owned) */
  gsize  *rows;  /* (owned) (nullable) where its stamps are among the rows; NULL: there */
} Axis;

typedef struct
{
  char        *name;    /* (owned) */
  char        *unit;    /* (owned) */
  DynoChannel  channel;
  double       scale;
  double       offset;
  const Axis  *axis;    /* (borrowed) */
  double      *values;  /* (owned) */
  guint8      *updates; /* (owned) (nullable) */
  guint8      *reasons; /* (owned) (nullable) */
} Column;

typedef struct
{
  Cursor     cursor;
  GPtrArray *axes;    /* (owned) of Axis */
  GPtrArray *columns; /* (owned) of Column */
} Reading;

static void
axis_free (gpointer data)
{
  Axis *axis = data;

  g_free (axis->t);
  g_free (axis->rows);
  g_free (axis);
}

static void
read_column_free (gpointer data)
{
  Column *column = data;

  g_free (column->name);
  g_free (column->unit);
  g_free (column->values);
  g_free (column->updates);
  g_free (column->reasons);
  g_free (column);
}

static const guint8 *
take (Cursor *cursor,
      gsize   n)
{
  const guint8 *at = cursor->at;

  if (n > cursor->left)
    return NULL;
  cursor->at += n;
  cursor->left -= n;

  return at;
}

static gboolean
take_u16 (Cursor  *cursor,
          guint16 *value)
{
  const guint8 *at = take (cursor, sizeof *value);

  if (at == NULL)
    return FALSE;
  memcpy (value, at, sizeof *value);
  *value = GUINT16_FROM_LE (*value);

  return TRUE;
}

static gboolean
take_u32 (Cursor  *cursor,
          guint32 *value)
{
  const guint8 *at = take (cursor, sizeof *value);

  if (at == NULL)
    return FALSE;
  memcpy (value, at, sizeof *value);
  *value = GUINT32_FROM_LE (*value);

  return TRUE;
}

static gboolean
take_u64 (Cursor  *cursor,
          guint64 *value)
{
  const guint8 *at = take (cursor, sizeof *value);

  if (at == NULL)
    return FALSE;
  memcpy (value, at, sizeof *value);
  *value = GUINT64_FROM_LE (*value);

  return TRUE;
}

/* A number, or the one NaN; nothing else that is not finite. */
static gboolean
take_number (Cursor *cursor,
             double *value)
{
  guint64 bits;

  if (!take_u64 (cursor, &bits))
    return FALSE;
  memcpy (value, &bits, sizeof *value);

  return isfinite (*value) || bits == DYNO_SAMPLES_MISSING;
}

static double *
take_numbers (Cursor *cursor,
              gsize   n)
{
  g_autofree double *values = NULL;

  if (n > cursor->left / sizeof (double))
    return NULL;
  values = g_new (double, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    {
      if (!take_number (cursor, &values[i]))
        return NULL;
    }

  return g_steal_pointer (&values);
}

static char *
take_text (Cursor *cursor)
{
  guint16 n;
  const guint8 *at = take_u16 (cursor, &n) ? take (cursor, n) : NULL;

  if (at == NULL || !g_utf8_validate ((const char *) at, n, NULL))
    return NULL;

  return g_strndup ((const char *) at, n);
}

static gboolean
read_axis (Reading *self)
{
  Axis *axis = g_new0 (Axis, 1);
  guint64 n;

  g_ptr_array_add (self->axes, axis);
  if (!take_u64 (&self->cursor, &n) || n > self->cursor.left / sizeof (double))
    return FALSE;
  axis->n = (gsize) n;
  axis->t = take_numbers (&self->cursor, axis->n);
  for (gsize i = 0; axis->t != NULL && i < axis->n; i++)
    {
      if (!isfinite (axis->t[i]) || (i > 0 && axis->t[i] < axis->t[i - 1]))
        return FALSE;
    }

  return axis->t != NULL;
}

static gboolean
read_updates (Cursor *cursor,
              Column *column)
{
  gsize n = column->axis->n;
  const guint8 *bits = take (cursor, (n + 7) / 8);

  if (bits == NULL || (n % 8 != 0 && bits[n / 8] >> (n % 8) != 0))
    return FALSE;
  column->updates = g_malloc0 (n / 8 + 1);
  memcpy (column->updates, bits, (n + 7) / 8);

  return TRUE;
}

static gboolean
read_reasons (Cursor *cursor,
              Column *column)
{
  gsize n = column->axis->n;
  const guint8 *reasons = take (cursor, n);

  if (reasons == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      if (reasons[i] >= DYNO_N_REJECTS)
        return FALSE;
    }
  column->reasons = n > 0 ? g_memdup2 (reasons, n) : g_malloc0 (1);

  return TRUE;
}

static gboolean
read_names (Cursor *cursor,
            Column *column)
{
  g_autofree char *canonical = NULL;

  column->name = take_text (cursor);
  canonical = column->name != NULL ? take_text (cursor) : NULL;
  column->unit = canonical != NULL ? take_text (cursor) : NULL;
  if (column->unit == NULL)
    return FALSE;
  column->channel = dyno_channel_find (canonical);

  return *canonical == '\0' || column->channel != DYNO_CHANNEL_NONE;
}

static gboolean
read_column (Reading *self)
{
  Column *column = g_new0 (Column, 1);
  Cursor *cursor = &self->cursor;
  guint32 axis;
  const guint8 *flags;

  g_ptr_array_add (self->columns, column);
  if (!read_names (cursor, column) || !take_number (cursor, &column->scale)
      || !take_number (cursor, &column->offset) || !isfinite (column->scale)
      || !isfinite (column->offset) || !take_u32 (cursor, &axis) || axis >= self->axes->len)
    return FALSE;
  column->axis = g_ptr_array_index (self->axes, axis);
  flags = take (cursor, 1);
  if (flags == NULL || (*flags & ~(DYNO_SAMPLES_UPDATES | DYNO_SAMPLES_REASONS)) != 0)
    return FALSE;
  column->values = take_numbers (cursor, column->axis->n);

  return column->values != NULL && ((*flags & DYNO_SAMPLES_UPDATES) == 0 || read_updates (cursor, column))
         && ((*flags & DYNO_SAMPLES_REASONS) == 0 || read_reasons (cursor, column));
}

static gboolean
fail_samples (GError **error)
{
  return dyno_archive_fail (error, "archive_corrupt",
                            "The samples of this archive (samples.bin) are damaged. Ask for the "
                            "file once more.");
}

static gboolean
read_head (Cursor   *cursor,
           guint32  *n_columns,
           guint32  *n_axes,
           GError  **error)
{
  const guint8 *magic = take (cursor, strlen (DYNO_SAMPLES_MAGIC));
  guint32 version;

  if (magic == NULL || memcmp (magic, DYNO_SAMPLES_MAGIC, strlen (DYNO_SAMPLES_MAGIC)) != 0 || !take_u32 (cursor, &version))
    return fail_samples (error);
  if (version != DYNO_SAMPLES_VERSION)
    return dyno_archive_fail (error, "archive_version",
                              "The samples of this archive were written by a newer DynoAI. Update "
                              "this one and import it again.");
  if (!take_u32 (cursor, n_columns) || !take_u32 (cursor, n_axes) || *n_columns > MOST_COLUMNS
      || *n_axes > MOST_AXES || *n_axes == 0)
    return fail_samples (error);

  return TRUE;
}

static gboolean
read_parts (Reading  *self,
            GError  **error)
{
  guint32 n_columns = 0;
  guint32 n_axes = 0;

  if (!read_head (&self->cursor, &n_columns, &n_axes, error))
    return FALSE;
  for (guint32 i = 0; i < n_axes; i++)
    {
      if (!read_axis (self))
        return fail_samples (error);
    }
  for (guint32 i = 0; i < n_columns; i++)
    {
      if (!read_column (self))
        return fail_samples (error);
    }

  return self->cursor.left == 0 || fail_samples (error);
}

/* Rows */

static gboolean
is_too_wide (const Reading *self)
{
  guint64 n_rows = 0;

  if (self->axes->len == 1)
    return FALSE;
  for (guint i = 0; i < self->axes->len; i++)
    n_rows += ((const Axis *) self->axes->pdata[i])->n;

  return n_rows > MOST_JOINED / MAX (self->columns->len, 1);
}

/* The earliest stamp that no axis has given yet; NaN when all are through. */
static double
next_stamp (const GPtrArray *axes,
            const gsize     *heads)
{
  double t = NAN;

  for (guint i = 0; i < axes->len; i++)
    {
      const Axis *axis = g_ptr_array_index (axes, i);

      if (heads[i] < axis->n && !(axis->t[heads[i]] >= t))
        t = axis->t[heads[i]];
    }

  return t;
}

/* The union of all stamps; each axis learns where its own are. */
static double *
join_axes (const GPtrArray *axes,
           gsize           *n_rows)
{
  g_autofree gsize *heads = g_new0 (gsize, axes->len);
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (double));
  double t;

  for (guint i = 0; i < axes->len; i++)
    {
      Axis *axis = g_ptr_array_index (axes, i);

      axis->rows = g_new (gsize, MAX (axis->n, 1));
    }
  while (!isnan (t = next_stamp (axes, heads)))
    {
      for (guint i = 0; i < axes->len; i++)
        {
          Axis *axis = g_ptr_array_index (axes, i);

          if (heads[i] < axis->n && axis->t[heads[i]] == t)
            axis->rows[heads[i]++] = rows->len;
        }
      g_array_append_val (rows, t);
    }
  *n_rows = rows->len;

  return (double *) g_array_free (rows, FALSE);
}

/* What stands on an axis of its own, in rows of all. A reading there is an update. */
static void
spread_column (Column *column,
               gsize   n_rows)
{
  const Axis *axis = column->axis;
  double *values = g_new (double, MAX (n_rows, 1));
  guint8 *updates = g_malloc0 (n_rows / 8 + 1);
  guint8 *reasons = column->reasons != NULL ? g_malloc0 (MAX (n_rows, 1)) : NULL;

  for (gsize i = 0; i < n_rows; i++)
    values[i] = NAN;
  for (gsize i = 0; i < axis->n; i++)
    {
      gsize row = axis->rows[i];

      values[row] = column->values[i];
      if (column->updates != NULL ? (column->updates[i / 8] >> (i % 8) & 1) != 0
                                  : !isnan (values[row]))
        updates[row / 8] |= (guint8) (1u << (row % 8));
      if (reasons != NULL)
        reasons[row] = column->reasons[i];
    }
  g_free (column->values);
  g_free (column->updates);
  g_free (column->reasons);
  column->values = values;
  column->updates = updates;
  column->reasons = reasons;
}

static void
give_column (DynoSamplesBuilder      *builder,
             Column                  *column,
             const DynoArchiveColumn *note)
{
  const DynoUnit *unit = dyno_unit_find (column->unit);
  guint index
    = dyno_samples_builder_take (builder, column->name, note != NULL ? note->module : "",
                                 column->channel, unit != NULL ? unit : dyno_unit_none (),
                                 g_steal_pointer (&column->values));

  dyno_samples_builder_set_scale (builder, index, note != NULL ? note->unit_text : column->unit,
                                  column->scale, column->offset);
  if (column->updates != NULL)
    dyno_samples_builder_take_updates (builder, index, g_steal_pointer (&column->updates));
  if (column->reasons != NULL)
    dyno_samples_builder_take_reasons (builder, index, g_steal_pointer (&column->reasons));
}

static void
give_excluded (DynoSamplesBuilder     *builder,
               const DynoArchiveNotes *notes,
               gsize                   n_rows)
{
  guint8 *bits;

  if (notes == NULL || notes->excluded->len < 2)
    return;
  bits = g_malloc0 (n_rows / 8 + 1);
  for (guint i = 0; i + 1 < notes->excluded->len; i += 2)
    {
      gsize last = g_array_index (notes->excluded, gsize, i + 1);

      for (gsize row = g_array_index (notes->excluded, gsize, i); row <= last && row < n_rows; row++)
        bits[row / 8] |= (guint8) (1u << (row % 8));
    }
  dyno_samples_builder_take_excluded (builder, bits);
}

static DynoSamples *
make_samples (Reading                *self,
              const DynoArchiveNotes *notes)
{
  const Axis *only = g_ptr_array_index (self->axes, 0);
  gsize n_rows = only->n;
  gboolean is_joined = self->axes->len > 1;
  double *time_s = is_joined ? join_axes (self->axes, &n_rows) : NULL;
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n_rows);
  gboolean has_notes = notes != NULL && notes->columns->len == self->columns->len;

  for (guint i = 0; i < self->columns->len; i++)
    {
      Column *column = g_ptr_array_index (self->columns, i);

      if (is_joined)
        spread_column (column, n_rows);
      give_column (builder, column, has_notes ? notes->columns->pdata[i] : NULL);
    }
  if (!is_joined)
    time_s = g_memdup2 (only->t, MAX (n_rows, 1) * sizeof (double));
  if (notes == NULL || notes->has_time)
    dyno_samples_builder_take_time (builder, g_steal_pointer (&time_s));
  g_free (time_s);
  give_excluded (builder, notes, n_rows);

  return dyno_samples_builder_finish (builder);
}

DynoSamples *
dyno_archive_samples_read (GBytes                  *bytes,
                           const DynoArchiveNotes  *notes,
                           GError                 **error)
{
  Reading self = { 0 };
  DynoSamples *samples = NULL;

  self.cursor.at = g_bytes_get_data (bytes, &self.cursor.left);
  self.axes = g_ptr_array_new_with_free_func (axis_free);
  self.columns = g_ptr_array_new_with_free_func (read_column_free);
  if (read_parts (&self, error)
      && (!is_too_wide (&self)
          || dyno_archive_fail (error, "archive_unsafe",
                                "The samples of this archive would become far larger than a run "
                                "is. It was not written by DynoAI; do not open it.")))
    samples = make_samples (&self, notes);
  g_ptr_array_unref (self.columns);
  g_ptr_array_unref (self.axes);

  return samples;
}
