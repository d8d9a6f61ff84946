/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-day-usage.h"

#include "dyno-store-private.h"

typedef struct
{
  GPtrArray *usage; /* (owned) (nullable) */
  gint64     day;   /* to list, or the oldest to keep */
} DayArgs;

static void
day_args_free (gpointer data)
{
  DayArgs *args = data;

  g_clear_pointer (&args->usage, g_ptr_array_unref);
  g_free (args);
}

static DayArgs *
day_args_new (GPtrArray *usage,
              gint64     day)
{
  DayArgs *args = g_new0 (DayArgs, 1);

  args->usage = usage;
  args->day = day;

  return args;
}

void
dyno_day_usage_free (DynoDayUsage *self)
{
  if (self == NULL)
    return;

  g_free (self->subject);
  g_free (self);
}

static gpointer
make_usage (DynoStatement *row)
{
  DynoDayUsage *usage = g_new0 (DynoDayUsage, 1);

  usage->subject = dyno_statement_dup_text (row, 0);
  usage->day = dyno_statement_integer (row, 1);
  usage->used = dyno_statement_integer (row, 2);

  return usage;
}

static gpointer
list_day_usage (DynoTurn     *turn,
                gconstpointer data,
                GError      **error)
{
  const DayArgs *args = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_DAY_USAGE_LIST);

  dyno_statement_set_integer (s, ":day", args->day);

  return dyno_statement_list (s, make_usage, (GDestroyNotify) dyno_day_usage_free, error);
}

static const DynoVerb list_day_usage_verb = { "list-day-usage", list_day_usage,
                                              (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_day_usage_async (DynoStore          *self,
                                 gint64              day,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_read (self, &list_day_usage_verb, day_args_new (NULL, day), day_args_free,
                   cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_day_usage_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &list_day_usage_verb, error);
}

static gboolean
set_usage (DynoTurn           *turn,
           const DynoDayUsage *usage,
           GError            **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_DAY_USAGE_SET);

  dyno_statement_set_text (s, ":subject", usage->subject);
  dyno_statement_set_integer (s, ":day", usage->day);
  dyno_statement_set_integer (s, ":used", usage->used);

  return dyno_statement_run (s, error);
}

static gpointer
set_day_usage (DynoTurn     *turn,
               gconstpointer data,
               GError      **error)
{
  const DayArgs *args = data;
  DynoStatement *s;

  for (guint i = 0; i < args->usage->len; i++)
    {
      if (!set_usage (turn, g_ptr_array_index (args->usage, i), error))
        return NULL;
    }
  s = dyno_statement_begin (turn->db, DYNO_SQL_DAY_USAGE_FORGET);
  dyno_statement_set_integer (s, ":oldest", args->day);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb set_day_usage_verb = { "set-day-usage", set_day_usage, NULL };

void
dyno_store_set_day_usage_async (DynoStore          *self,
                                GPtrArray          *usage,
                                gint64              oldest_day,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  dyno_store_write (self, &set_day_usage_verb, day_args_new (usage, oldest_day), day_args_free,
                    cancellable, callback, user_data);
}

gboolean
dyno_store_set_day_usage_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &set_day_usage_verb, error) != NULL;
}
