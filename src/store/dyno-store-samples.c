/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-samples.h"

#include <math.h>

#include "dyno-pack.h"
#include "dyno-second-private.h"
#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"
#include "dyno-store-samples-private.h"

/* A multiple of 8, so that each chunk begins with a whole byte of bits. */
#define CHUNK_ROWS 8192

static DynoRunChannel *
describe_column (const DynoColumn *column,
                 guint             index,
                 double            confidence)
{
  DynoRunChannel *channel = g_new0 (DynoRunChannel, 1);

  channel->index = index;
  channel->name = g_strdup (column->name);
  channel->module = g_strdup (column->module);
  channel->unit = g_strdup (column->unit->symbol);
  channel->unit_text = g_strdup (column->unit_text);
  channel->scale = column->scale;
  channel->offset = column->offset;
  channel->channel = column->channel;
  channel->confidence = confidence;
  channel->axis = DYNO_AXIS_SHARED;

  return channel;
}

GPtrArray *
dyno_sample_rows_describe (const DynoSamples *samples,
                           const double      *confidence)
{
  GPtrArray *channels = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_channel_free);

  for (guint i = 0; i < dyno_samples_n_columns (samples); i++)
    g_ptr_array_add (channels,
                     describe_column (dyno_samples_column (samples, i), i,
                                      confidence != NULL ? confidence[i] : (double) NAN));

  return channels;
}

static gboolean
set_channel (DynoTurn             *turn,
             gint64                number,
             const DynoRunChannel *channel,
             GError              **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHANNEL_SET);

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":channel", channel->index);
  dyno_statement_set_text (s, ":name", channel->name);
  dyno_statement_set_text (s, ":module", channel->module);
  dyno_statement_set_integer (s, ":wire_id", channel->wire_id);
  dyno_statement_set_integer (s, ":generation", channel->generation);
  dyno_statement_set_integer (s, ":occurrence", channel->occurrence);
  dyno_statement_set_text (s, ":unit", channel->unit);
  dyno_statement_set_text (s, ":unit_text", channel->unit_text);
  dyno_statement_set_real (s, ":unit_scale", channel->scale);
  dyno_statement_set_real (s, ":unit_offset", channel->offset);
  if (channel->channel != DYNO_CHANNEL_NONE)
    dyno_statement_set_text (s, ":canonical", dyno_channel_info (channel->channel)->name);
  dyno_statement_set_real (s, ":confidence", channel->confidence);
  dyno_statement_set_integer (s, ":axis", channel->axis);

  return dyno_statement_run (s, error);
}

gboolean
dyno_sample_rows_set_channels (DynoTurn  *turn,
                               gint64     number,
                               GPtrArray *channels,
                               GError   **error)
{
  for (guint i = 0; channels != NULL && i < channels->len; i++)
    {
      if (!set_channel (turn, number, g_ptr_array_index (channels, i), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_block (DynoTurn              *turn,
           gint64                 number,
           gint64                 second,
           const DynoSampleBlock *block,
           GError               **error)
{
  g_autoptr(GBytes) packed = dyno_pack_block (block->n, block->t_us, block->raw, block->flags);
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_BLOCK_ADD);

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":second", second);
  dyno_statement_set_integer (s, ":channel", block->channel);
  dyno_statement_set_bytes (s, ":data", packed);

  return dyno_statement_run (s, error);
}

static gboolean
add_span (DynoTurn         *turn,
          gint64            number,
          const DynoSecond *second,
          GError          **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_SECOND_ADD);
  gint64 first_us;
  gint64 last_us;

  dyno_second_get_span (second, &first_us, &last_us);
  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":second", dyno_second_number (second));
  dyno_statement_set_integer (s, ":first_us", first_us);
  dyno_statement_set_integer (s, ":last_us", last_us);
  dyno_statement_set_integer (s, ":n_blocks", dyno_second_n_blocks (second));
  dyno_statement_set_integer (s, ":n_samples", (gint64) dyno_second_n_samples (second));

  return dyno_statement_run (s, error);
}

gboolean
dyno_sample_rows_add_second (DynoTurn         *turn,
                             gint64            number,
                             const DynoSecond *second,
                             GError          **error)
{
  guint n = dyno_second_n_blocks (second);

  if (n > 0 && !add_span (turn, number, second, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      DynoSampleBlock block = dyno_second_block (second, i);

      if (!add_block (turn, number, dyno_second_number (second), &block, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_chunk (DynoTurn     *turn,
           gint64        number,
           int           channel,
           gsize         chunk,
           gsize         n,
           const double *values,
           const guint8 *updates,
           const guint8 *reasons,
           GError      **error)
{
  gsize first = chunk * CHUNK_ROWS;
  g_autoptr(GBytes) packed =
      dyno_pack_chunk (n, values, updates != NULL ? updates + first / 8 : NULL,
                       reasons != NULL ? reasons + first : NULL);
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHUNK_ADD);

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":channel", channel);
  dyno_statement_set_integer (s, ":chunk", (gint64) chunk);
  dyno_statement_set_bytes (s, ":data", packed);

  return dyno_statement_run (s, error);
}

/* Column `channel` of an imported run; DYNO_CHUNK_TIME is its time axis, with the
 * operator's brush where others have update bits. */
static gboolean
add_column (DynoTurn          *turn,
            gint64             number,
            const DynoSamples *samples,
            int                channel,
            GError           **error)
{
  const DynoColumn *column = channel >= 0 ? dyno_samples_column (samples, (guint) channel) : NULL;
  double values[CHUNK_ROWS];
  const guint8 *updates = column != NULL ? column->updates : dyno_samples_excluded (samples);
  const guint8 *reasons = column != NULL ? column->reasons : NULL;
  gsize n_rows = dyno_samples_n_rows (samples);

  for (gsize chunk = 0; chunk * CHUNK_ROWS < n_rows; chunk++)
    {
      gsize first = chunk * CHUNK_ROWS;
      gsize n = MIN (n_rows - first, CHUNK_ROWS);

      if (column != NULL)
        dyno_column_copy (column, first, n, values);
      else
        memcpy (values, dyno_samples_time (samples) + first, n * sizeof *values);
      if (!add_chunk (turn, number, channel, chunk, n, values, updates, reasons, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_grid (DynoTurn          *turn,
          gint64             number,
          const DynoSamples *samples,
          GError           **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_GRID_ADD);
  gint64 n_rows = (gint64) dyno_samples_n_rows (samples);
  gint64 n_columns = (gint64) dyno_samples_n_columns (samples);

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":n_rows", n_rows);
  dyno_statement_set_integer (s, ":chunk_rows", CHUNK_ROWS);
  dyno_statement_set_integer (s, ":has_time", dyno_samples_has_time (samples));
  dyno_statement_set_integer (s, ":n_chunks",
                              (n_rows + CHUNK_ROWS - 1) / CHUNK_ROWS * (n_columns + 1));

  return dyno_statement_run (s, error);
}

gboolean
dyno_sample_rows_add_columns (DynoTurn    *turn,
                              gint64       number,
                              DynoSamples *samples,
                              GError     **error)
{
  int n_columns = (int) dyno_samples_n_columns (samples);

  if (!add_grid (turn, number, samples, error))
    return FALSE;
  for (int channel = DYNO_CHUNK_TIME; channel < n_columns; channel++)
    {
      if (g_cancellable_set_error_if_cancelled (turn->cancellable, error)
          || !add_column (turn, number, samples, channel, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
dyno_sample_rows_clear (DynoTurn *turn,
                        gint64    number,
                        GError  **error)
{
  static const DynoSql removals[] = { DYNO_SQL_SECOND_CLEAR, DYNO_SQL_GRID_CLEAR,
                                      DYNO_SQL_CHANNEL_CLEAR };

  for (guint i = 0; i < G_N_ELEMENTS (removals); i++)
    {
      DynoStatement *s = dyno_statement_begin (turn->db, removals[i]);

      dyno_statement_set_integer (s, ":run", number);
      if (!dyno_statement_run (s, error))
        return FALSE;
    }

  return TRUE;
}

static gpointer
make_channel (DynoStatement *row)
{
  DynoRunChannel *channel = g_new0 (DynoRunChannel, 1);
  const char *canonical;

  channel->index = (guint) dyno_statement_integer (row, 0);
  channel->name = dyno_statement_dup_text (row, 1);
  channel->module = dyno_statement_dup_text (row, 2);
  channel->wire_id = (guint) dyno_statement_integer (row, 3);
  channel->generation = (guint) dyno_statement_integer (row, 4);
  channel->occurrence = (guint) dyno_statement_integer (row, 5);
  channel->unit = dyno_statement_dup_text (row, 6);
  channel->unit_text = dyno_statement_dup_text (row, 7);
  channel->scale = dyno_statement_real (row, 8);
  channel->offset = dyno_statement_real (row, 9);
  canonical = dyno_statement_text (row, 10);
  channel->channel = canonical != NULL ? dyno_channel_find (canonical) : DYNO_CHANNEL_NONE;
  channel->confidence = dyno_statement_real (row, 11);
  channel->axis = (DynoAxisKind) dyno_statement_integer (row, 12);

  return channel;
}

GPtrArray *
dyno_sample_rows_channels (DynoTurn *turn,
                           gint64    number,
                           GError  **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHANNEL_LIST);

  dyno_statement_set_integer (s, ":run", number);

  return dyno_statement_list (s, make_channel, (GDestroyNotify) dyno_run_channel_free, error);
}

static gpointer
list_run_channels (DynoTurn     *turn,
                   gconstpointer data,
                   GError      **error)
{
  gint64 number = dyno_run_rows_find (turn, data, error);

  return number != 0 ? dyno_sample_rows_channels (turn, number, error) : NULL;
}

static const DynoVerb list_run_channels_verb = { "list-run-channels", list_run_channels,
                                                 (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_run_channels_async (DynoStore          *self,
                                    const char         *run_id,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  dyno_store_read (self, &list_run_channels_verb, g_strdup (run_id), g_free, cancellable, callback,
                   user_data);
}

GPtrArray *
dyno_store_list_run_channels_finish (DynoStore    *self,
                                     GAsyncResult *result,
                                     GError      **error)
{
  return dyno_call_finish (result, &list_run_channels_verb, error);
}
