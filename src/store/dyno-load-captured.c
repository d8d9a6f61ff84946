/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A captured run: blocks of each channel, gathered, sorted, aligned. */

#include "config.h"

#include <math.h>

#include "dyno-align.h"
#include "dyno-load-private.h"
#include "dyno-pack.h"
#include "dyno-store-private.h"

typedef struct
{
  gint64 t_us;
  double value;
} Reading;

/* A captured channel that is wanted, while its blocks are gathered. */
typedef struct
{
  const DynoRunChannel *channel;   /* (borrowed) */
  GArray               *readings;  /* (owned) of Reading */
  gboolean              is_sorted;
  gint64               *t_us;      /* (owned) (nullable) split off in the end */
  double               *values;    /* (owned) (nullable) */
} Track;

static void
track_free (gpointer data)
{
  Track *track = data;

  g_array_unref (track->readings);
  g_free (track->t_us);
  g_free (track->values);
  g_free (track);
}

/* The wanted channels by their index, in the order of the list. */
static GPtrArray *
make_tracks (const DynoLoad *load,
             GPtrArray      *channels,
             GHashTable     *by_index)
{
  GPtrArray *tracks = g_ptr_array_new_with_free_func (track_free);

  for (guint i = 0; i < channels->len; i++)
    {
      const DynoRunChannel *channel = g_ptr_array_index (channels, i);
      Track *track;

      if (!dyno_load_is_wanted (load, channel))
        continue;
      track = g_new0 (Track, 1);
      track->channel = channel;
      track->readings = g_array_new (FALSE, FALSE, sizeof (Reading));
      track->is_sorted = TRUE;
      g_ptr_array_add (tracks, track);
      g_hash_table_insert (by_index, GUINT_TO_POINTER (channel->index), track);
    }

  return tracks;
}

static void
add_reading (Track *track,
             gint64 t_us,
             float  raw)
{
  Reading reading = { t_us, (double) raw };

  if (track->readings->len > 0
      && g_array_index (track->readings, Reading, track->readings->len - 1).t_us > t_us)
    track->is_sorted = FALSE;
  g_array_append_val (track->readings, reading);
}

static gboolean
add_block (Track         *track,
           DynoStatement *row,
           gint64         from_us,
           gint64         to_us,
           GError       **error)
{
  g_auto(DynoUnpackedBlock) block = { 0 };
  gconstpointer data;
  gsize size;

  data = dyno_statement_blob (row, 2, &size);
  if (!dyno_unpack_block (data, size, &block, error))
    return FALSE;
  for (gsize i = 0; i < block.n; i++)
    {
      if (block.t_us[i] >= from_us && block.t_us[i] <= to_us)
        add_reading (track, block.t_us[i], block.raw[i]);
    }

  return TRUE;
}

DynoStatement *
dyno_load_begin_blocks (DynoTurn *turn,
                        gint64    number,
                        gint64    first,
                        gint64    last)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_BLOCK_LIST);

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":first", first);
  dyno_statement_set_integer (s, ":last", last);

  return s;
}

static gboolean
gather_blocks (DynoTurn   *turn,
               gint64      number,
               GHashTable *by_index,
               gint64      from_us,
               gint64      to_us,
               GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_SECOND_RANGE);
  gint64 first = 0;
  gint64 last = -1;
  DynoStep step;

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":from_us", from_us);
  dyno_statement_set_integer (s, ":to_us", to_us);
  step = dyno_statement_step (s, error);
  if (step == DYNO_STEP_ROW && !dyno_statement_is_null (s, 0))
    {
      first = dyno_statement_integer (s, 0);
      last = dyno_statement_integer (s, 1);
    }
  dyno_statement_end (s);
  if (step == DYNO_STEP_FAILED)
    return FALSE;

  s = dyno_load_begin_blocks (turn, number, first, last);
  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    {
      gint64 index = dyno_statement_integer (s, 1);
      Track *track = g_hash_table_lookup (by_index, GUINT_TO_POINTER ((guint) index));

      if (track != NULL && !add_block (track, s, from_us, to_us, error))
        return FALSE;
    }

  return step == DYNO_STEP_DONE;
}

static int
compare_readings (gconstpointer a,
                  gconstpointer b)
{
  const Reading *x = a;
  const Reading *y = b;

  return x->t_us < y->t_us ? -1 : x->t_us > y->t_us;
}

static void
split_readings (Track *track)
{
  guint n = track->readings->len;

  if (!track->is_sorted)
    g_array_sort (track->readings, compare_readings);
  track->t_us = g_new (gint64, MAX (n, 1));
  track->values = g_new (double, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    {
      const Reading *reading = &g_array_index (track->readings, Reading, i);

      track->t_us[i] = reading->t_us;
      track->values[i] = reading->value;
    }
}

/* The one of several channels with one canonical name that has most to say. */
static gboolean
is_speaker (const GPtrArray *tracks,
            guint            index)
{
  const Track *track = g_ptr_array_index (tracks, index);

  for (guint i = 0; i < tracks->len; i++)
    {
      const Track *other = g_ptr_array_index (tracks, i);

      if (i == index || other->channel->channel != track->channel->channel)
        continue;
      if (other->readings->len > track->readings->len
          || (other->readings->len == track->readings->len && i < index))
        return FALSE;
    }

  return TRUE;
}

static DynoSamples *
align_tracks (GPtrArray *tracks,
              gint64     origin_us)
{
  g_autofree DynoTrack *joined = g_new0 (DynoTrack, MAX (tracks->len, 1));

  for (guint i = 0; i < tracks->len; i++)
    {
      Track *track = g_ptr_array_index (tracks, i);
      const DynoUnit *unit = dyno_unit_find (track->channel->unit);

      split_readings (track);
      joined[i] = (DynoTrack) {
        .name = track->channel->name,
        .module = track->channel->module,
        .channel = is_speaker (tracks, i) ? track->channel->channel : DYNO_CHANNEL_NONE,
        .unit = unit != NULL ? unit : dyno_unit_none (),
        .scale = track->channel->scale,
        .offset = track->channel->offset,
        .n = track->readings->len,
        .t_us = track->t_us,
        .values = track->values,
      };
    }

  return dyno_align (joined, tracks->len, origin_us);
}

static gint64
stamp_at (gint64 origin_us,
          double seconds)
{
  return origin_us + (gint64) llround (CLAMP (seconds, -1e9, 1e9) * 1e6);
}

static gboolean
find_origin (DynoTurn   *turn,
             const char *run_id,
             gint64     *origin_us,
             GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_ORIGIN);
  DynoStep step;

  dyno_statement_set_text (s, ":id", run_id);
  step = dyno_statement_step (s, error);
  if (step == DYNO_STEP_ROW)
    *origin_us = dyno_statement_integer (s, 0);
  dyno_statement_end (s);

  return step == DYNO_STEP_ROW;
}

DynoSamples *
dyno_load_captured (DynoTurn       *turn,
                    const char     *run_id,
                    gint64          number,
                    const DynoLoad *load,
                    GPtrArray      *channels,
                    GError        **error)
{
  g_autoptr(GHashTable) by_index = g_hash_table_new (NULL, NULL);
  g_autoptr(GPtrArray) tracks = make_tracks (load, channels, by_index);
  gint64 from_us = G_MININT64;
  gint64 to_us = G_MAXINT64;
  gint64 origin_us = 0;

  if (!find_origin (turn, run_id, &origin_us, error))
    return NULL;
  if (dyno_load_has_window (load))
    {
      from_us = stamp_at (origin_us, load->from_s);
      to_us = stamp_at (origin_us, load->to_s);
    }
  if (!gather_blocks (turn, number, by_index, from_us, to_us, error))
    return NULL;

  return align_tracks (tracks, origin_us);
}
