/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-capture.h"

#include "dyno-crypt.h"
#include "dyno-pack.h"
#include "dyno-second-private.h"
#include "dyno-store-files-private.h"
#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"
#include "dyno-store-samples-private.h"

/* What a verb of this file takes; each uses some of it. */
typedef struct
{
  char        *run_id;     /* (owned) */
  DynoRun     *run;        /* (owned) (nullable) */
  GPtrArray   *channels;   /* (owned) (nullable) of DynoRunChannel */
  GPtrArray   *seconds;    /* (owned) (nullable) of DynoSecond */
  GPtrArray   *files;      /* (owned) (nullable) of DynoRunFile */
  GPtrArray   *marks;      /* (owned) (nullable) of DynoRunMark */
  DynoSamples *samples;    /* (owned) (nullable) */
} CaptureArgs;

static void
capture_args_free (gpointer data)
{
  CaptureArgs *args = data;

  g_free (args->run_id);
  dyno_run_free (args->run);
  g_clear_pointer (&args->channels, g_ptr_array_unref);
  g_clear_pointer (&args->seconds, g_ptr_array_unref);
  g_clear_pointer (&args->files, g_ptr_array_unref);
  g_clear_pointer (&args->marks, g_ptr_array_unref);
  g_clear_pointer (&args->samples, dyno_samples_unref);
  g_free (args);
}

/* The id is chosen here: a verb that is run twice must make the same run. */
static CaptureArgs *
args_for_run (DynoRun *run)
{
  CaptureArgs *args = g_new0 (CaptureArgs, 1);

  args->run = run;
  args->run_id = run->id != NULL ? g_strdup (run->id) : dyno_crypt_new_id ("run");

  return args;
}

static gpointer
begin_run (DynoTurn     *turn,
           gconstpointer data,
           GError      **error)
{
  const CaptureArgs *args = data;
  gint64 number = dyno_run_rows_insert (turn, args->run, args->run_id, error);

  if (number == 0 || !dyno_sample_rows_set_channels (turn, number, args->channels, error))
    return NULL;

  return dyno_run_rows_get (turn, args->run_id, error);
}

static const DynoVerb begin_run_verb = { "begin-run", begin_run, (GDestroyNotify) dyno_run_free };

void
dyno_store_begin_run_async (DynoStore          *self,
                            DynoRun            *run,
                            GPtrArray          *channels,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  CaptureArgs *args = args_for_run (run);

  run->status = DYNO_RUN_PROCESSING;
  args->channels = channels;
  dyno_store_write (self, &begin_run_verb, args, capture_args_free, cancellable, callback,
                    user_data);
}

DynoRun *
dyno_store_begin_run_finish (DynoStore    *self,
                             GAsyncResult *result,
                             GError      **error)
{
  return dyno_call_finish (result, &begin_run_verb, error);
}

/* One second after the other; a long list can be cancelled between them. */
static gboolean
add_seconds (DynoTurn  *turn,
             gint64     number,
             GPtrArray *seconds,
             GError   **error)
{
  for (guint i = 0; i < seconds->len; i++)
    {
      DynoSecond *second = g_ptr_array_index (seconds, i);

      if (g_cancellable_set_error_if_cancelled (turn->cancellable, error)
          || !dyno_sample_rows_set_channels (turn, number, dyno_second_channels (second), error)
          || !dyno_sample_rows_add_second (turn, number, second, error))
        return FALSE;
    }

  return TRUE;
}

static gpointer
append_second (DynoTurn     *turn,
               gconstpointer data,
               GError      **error)
{
  const CaptureArgs *args = data;
  gint64 number = dyno_run_rows_find (turn, args->run_id, error);

  return number != 0 && add_seconds (turn, number, args->seconds, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb append_second_verb = { "append-second", append_second, NULL };

void
dyno_store_append_second_async (DynoStore          *self,
                                const char         *run_id,
                                DynoSecond         *second,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  CaptureArgs *args = g_new0 (CaptureArgs, 1);

  args->run_id = g_strdup (run_id);
  args->seconds = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_second_free);
  g_ptr_array_add (args->seconds, second);
  dyno_store_write (self, &append_second_verb, args, capture_args_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_append_second_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &append_second_verb, error) != NULL;
}

static gboolean
is_unfinished (DynoTurn   *turn,
               const char *run_id,
               GError    **error)
{
  g_autoptr(DynoRun) run = dyno_run_rows_get (turn, run_id, error);

  if (run == NULL)
    return FALSE;
  if (run->status == DYNO_RUN_PENDING || run->status == DYNO_RUN_PROCESSING)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "finished",
                  "The recording of this run has ended before.");

  return FALSE;
}

static gpointer
finish_run (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const CaptureArgs *args = data;
  gint64 number = dyno_run_rows_find (turn, args->run_id, error);

  if (number == 0 || !is_unfinished (turn, args->run_id, error)
      || !dyno_run_rows_save (turn, number, args->run, error)
      || !dyno_sample_rows_set_channels (turn, number, args->channels, error)
      || !dyno_file_rows_add (turn, number, args->run_id, args->files, error)
      || !dyno_run_rows_add_marks (turn, number, args->marks, error)
      || !dyno_run_rows_refresh_text (turn, number, error))
    return NULL;

  return dyno_run_rows_get (turn, args->run_id, error);
}

static const DynoVerb finish_run_verb = { "finish-run", finish_run,
                                          (GDestroyNotify) dyno_run_free };

void
dyno_store_finish_run_async (DynoStore          *self,
                             DynoRun            *run,
                             GPtrArray          *channels,
                             GPtrArray          *files,
                             GPtrArray          *marks,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  CaptureArgs *args = args_for_run (run);

  args->channels = channels;
  args->files = files;
  args->marks = marks;
  dyno_store_write (self, &finish_run_verb, args, capture_args_free, cancellable, callback,
                    user_data);
}

DynoRun *
dyno_store_finish_run_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &finish_run_verb, error);
}

static gpointer
replace_samples (DynoTurn     *turn,
                 gconstpointer data,
                 GError      **error)
{
  const CaptureArgs *args = data;
  gint64 number = dyno_run_rows_find (turn, args->run_id, error);

  if (number == 0 || !dyno_sample_rows_clear (turn, number, error)
      || !dyno_sample_rows_set_channels (turn, number, args->channels, error)
      || !add_seconds (turn, number, args->seconds, error))
    return NULL;

  return DYNO_VERB_DONE;
}

static const DynoVerb replace_samples_verb = { "replace-samples", replace_samples, NULL };

void
dyno_store_replace_samples_async (DynoStore          *self,
                                  const char         *run_id,
                                  GPtrArray          *channels,
                                  GPtrArray          *seconds,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  CaptureArgs *args = g_new0 (CaptureArgs, 1);

  args->run_id = g_strdup (run_id);
  args->channels = channels;
  args->seconds = seconds;
  dyno_store_write (self, &replace_samples_verb, args, capture_args_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_replace_samples_finish (DynoStore    *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  return dyno_call_finish (result, &replace_samples_verb, error) != NULL;
}

static gpointer
import_run (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const CaptureArgs *args = data;
  gint64 number = dyno_run_rows_insert (turn, args->run, args->run_id, error);

  if (number == 0 || !dyno_sample_rows_set_channels (turn, number, args->channels, error)
      || !dyno_sample_rows_add_columns (turn, number, args->samples, error)
      || !dyno_file_rows_add (turn, number, args->run_id, args->files, error)
      || !dyno_run_rows_add_marks (turn, number, args->marks, error)
      || !dyno_run_rows_refresh_text (turn, number, error))
    return NULL;

  return dyno_run_rows_get (turn, args->run_id, error);
}

static const DynoVerb import_run_verb = { "import-run", import_run,
                                          (GDestroyNotify) dyno_run_free };

void
dyno_store_import_run_async (DynoStore          *self,
                             DynoRun            *run,
                             DynoSamples        *samples,
                             const double       *confidence,
                             GPtrArray          *files,
                             GPtrArray          *marks,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  CaptureArgs *args = args_for_run (run);

  args->samples = dyno_samples_ref (samples);
  args->channels = dyno_sample_rows_describe (samples, confidence);
  args->files = files;
  args->marks = marks;
  if (run->status == DYNO_RUN_PENDING)
    run->status = DYNO_RUN_COMPLETE;
  if (run->origin_us == DYNO_NO_STAMP)
    run->origin_us = 0;
  dyno_store_write (self, &import_run_verb, args, capture_args_free, cancellable, callback,
                    user_data);
}

DynoRun *
dyno_store_import_run_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &import_run_verb, error);
}
