/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-item.h"

struct _DynoRunItem
{
  GObject   parent_instance;

  char     *id;         /* (owned) the same to the end: lists keep it as a key */
  DynoRun  *run;        /* (owned) */
  guint32   day;
  gboolean  begins_day;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoRunItem, dyno_run_item, G_TYPE_OBJECT)

static guint32
day_of (const DynoRun *run)
{
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_local (run->started_ms / 1000);
  GDate date;

  if (start == NULL)
    return 0;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) g_date_time_get_day_of_month (start),
                  (GDateMonth) g_date_time_get_month (start),
                  (GDateYear) g_date_time_get_year (start));

  return g_date_get_julian (&date);
}

const DynoRun *
dyno_run_item_get_run (DynoRunItem *self)
{
  return self->run;
}

const char *
dyno_run_item_get_id (DynoRunItem *self)
{
  return self->id;
}

guint32
dyno_run_item_get_day (DynoRunItem *self)
{
  return self->day;
}

gboolean
dyno_run_item_get_begins_day (DynoRunItem *self)
{
  return self->begins_day;
}

void
dyno_run_item_touch (DynoRunItem *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

void
dyno_run_item_set_begins_day (DynoRunItem *self,
                              gboolean     begins_day)
{
  if (self->begins_day == !!begins_day)
    return;

  self->begins_day = !!begins_day;
  dyno_run_item_touch (self);
}

void
dyno_run_item_set_run (DynoRunItem *self,
                       DynoRun     *run)
{
  gboolean is_same = run->revision == self->run->revision
                     && run->updated_ms == self->run->updated_ms
                     && run->deleted_ms == self->run->deleted_ms
                     && run->status == self->run->status
                     && g_strcmp0 (run->vehicle_label, self->run->vehicle_label) == 0;

  g_assert (g_str_equal (run->id, self->id));

  if (is_same || run->revision < self->run->revision)
    {
      dyno_run_free (run);
      return;
    }

  dyno_run_free (self->run);
  self->run = run;
  self->day = day_of (run);
  dyno_run_item_touch (self);
}

static void
dyno_run_item_finalize (GObject *object)
{
  DynoRunItem *self = DYNO_RUN_ITEM (object);

  g_free (self->id);
  dyno_run_free (self->run);

  G_OBJECT_CLASS (dyno_run_item_parent_class)->finalize (object);
}

static void
dyno_run_item_class_init (DynoRunItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dyno_run_item_finalize;
  signals[CHANGED] = g_signal_new ("changed", DYNO_TYPE_RUN_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
dyno_run_item_init (DynoRunItem *self)
{
}

DynoRunItem *
dyno_run_item_new (DynoRun *run)
{
  DynoRunItem *self = g_object_new (DYNO_TYPE_RUN_ITEM, NULL);

  self->id = g_strdup (run->id);
  self->run = run;
  self->day = day_of (run);

  return self;
}
