/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The reading half of dyno-archive-samples.h. The bytes come from anywhere. */

#include "config.h"

#include "dyno-archive-samples-private.h"

#include <math.h>
#include <string.h>

#include "dyno-archive-private.h"

#define MOST_COLUMNS 8192u
#define MOST_AXES 256u

/* Reading: a cursor that cannot leave the bytes */

typedef struct
{
  const guint8 *at;
  gsize         left;
} Cursor;

typedef struct
{
  Cursor            cursor;
  DynoArchiveParts *parts;  /* (borrowed) */
} Reading;

static void
axis_free (gpointer data)
{
  DynoArchiveAxis *axis = data;

  g_free (axis->t);
  g_free (axis->rows);
  g_free (axis);
}

static void
track_free (gpointer data)
{
  DynoArchiveTrack *track = data;

  g_free (track->name);
  g_free (track->unit);
  g_free (track->values);
  g_free (track->updates);
  g_free (track->reasons);
  g_free (track);
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
  DynoArchiveAxis *axis = g_new0 (DynoArchiveAxis, 1);
  guint64 n;

  g_ptr_array_add (self->parts->axes, axis);
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
read_updates (Cursor           *cursor,
              DynoArchiveTrack *track)
{
  gsize n = track->axis->n;
  const guint8 *bits = take (cursor, (n + 7) / 8);

  if (bits == NULL || (n % 8 != 0 && bits[n / 8] >> (n % 8) != 0))
    return FALSE;
  track->updates = g_malloc0 (n / 8 + 1);
  memcpy (track->updates, bits, (n + 7) / 8);

  return TRUE;
}

static gboolean
read_reasons (Cursor           *cursor,
              DynoArchiveTrack *track)
{
  gsize n = track->axis->n;
  const guint8 *reasons = take (cursor, n);

  if (reasons == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      if (reasons[i] >= DYNO_N_REJECTS)
        return FALSE;
    }
  track->reasons = n > 0 ? g_memdup2 (reasons, n) : g_malloc0 (1);

  return TRUE;
}

static gboolean
read_names (Cursor           *cursor,
            DynoArchiveTrack *track)
{
  g_autofree char *canonical = NULL;

  track->name = take_text (cursor);
  canonical = track->name != NULL ? take_text (cursor) : NULL;
  track->unit = canonical != NULL ? take_text (cursor) : NULL;
  if (track->unit == NULL)
    return FALSE;
  track->channel = dyno_channel_find (canonical);

  return *canonical == '\0' || track->channel != DYNO_CHANNEL_NONE;
}

static gboolean
read_track (Reading *self)
{
  DynoArchiveTrack *track = g_new0 (DynoArchiveTrack, 1);
  Cursor *cursor = &self->cursor;
  guint32 axis;
  const guint8 *flags;

  g_ptr_array_add (self->parts->tracks, track);
  if (!read_names (cursor, track) || !take_number (cursor, &track->scale)
      || !take_number (cursor, &track->offset) || !isfinite (track->scale)
      || !isfinite (track->offset) || !take_u32 (cursor, &axis) || axis >= self->parts->axes->len)
    return FALSE;
  track->axis = g_ptr_array_index (self->parts->axes, axis);
  flags = take (cursor, 1);
  if (flags == NULL || (*flags & ~(DYNO_SAMPLES_UPDATES | DYNO_SAMPLES_REASONS)) != 0)
    return FALSE;
  track->values = take_numbers (cursor, track->axis->n);

  return track->values != NULL
         && ((*flags & DYNO_SAMPLES_UPDATES) == 0 || read_updates (cursor, track))
         && ((*flags & DYNO_SAMPLES_REASONS) == 0 || read_reasons (cursor, track));
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

  if (magic == NULL || memcmp (magic, DYNO_SAMPLES_MAGIC, strlen (DYNO_SAMPLES_MAGIC)) != 0
      || !take_u32 (cursor, &version))
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
      if (!read_track (self))
        return fail_samples (error);
    }

  return self->cursor.left == 0 || fail_samples (error);
}

DynoSamples *
dyno_archive_samples_read (GBytes                  *bytes,
                           const DynoArchiveNotes  *notes,
                           GError                 **error)
{
  DynoArchiveParts parts = { g_ptr_array_new_with_free_func (axis_free),
                             g_ptr_array_new_with_free_func (track_free) };
  Reading self = { .parts = &parts };
  DynoSamples *samples = NULL;

  self.cursor.at = g_bytes_get_data (bytes, &self.cursor.left);
  if (!read_parts (&self, error))
    samples = NULL;
  else if (dyno_archive_parts_are_too_wide (&parts))
    dyno_archive_fail (error, "archive_unsafe",
                       "The samples of this archive would become far larger than a run is. It was "
                       "not written by DynoAI; do not open it.");
  else
    samples = dyno_archive_parts_join (&parts, notes);
  g_ptr_array_unref (parts.tracks);
  g_ptr_array_unref (parts.axes);

  return samples;
}
