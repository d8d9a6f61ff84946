/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-power-set.h"

struct _DynoPowerSet
{
  GObject           parent_instance;

  DynoShop         *shop;        /* (owned) */
  GCancellable     *cancellable; /* (owned) of all reading in hand */
  GPtrArray        *entries;     /* (owned) of DynoPowerEntry */
  DynoPowerOptions  options;
};

/* A question for one curve. */
typedef struct
{
  DynoPowerSet *self;        /* (owned) */
  GCancellable *cancellable; /* (owned) */
  char         *run_id;      /* (owned) */
} Question;

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoPowerSet, dyno_power_set, G_TYPE_OBJECT)

static void
changed (DynoPowerSet *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Entries. */

static void
entry_free (gpointer data)
{
  DynoPowerEntry *entry = data;

  g_object_unref (entry->item);
  dyno_pull_power_unref (entry->power);
  g_clear_error (&entry->error);
  g_free (entry);
}

static DynoPowerEntry *
find (DynoPowerSet *self,
      const char   *run_id)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      DynoPowerEntry *entry = g_ptr_array_index (self->entries, i);

      if (g_strcmp0 (dyno_run_item_get_id (entry->item), run_id) == 0)
        return entry;
    }

  return NULL;
}

static DynoPowerEntry *
find_trace (DynoPowerSet *self,
            guint         trace)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      DynoPowerEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->trace == trace)
        return entry;
    }

  return NULL;
}

static guint
free_trace (DynoPowerSet *self)
{
  guint trace = 0;

  while (find_trace (self, trace) != NULL)
    trace++;

  return trace;
}

guint
dyno_power_set_get_n (DynoPowerSet *self)
{
  return self->entries->len;
}

const DynoPowerEntry *
dyno_power_set_get (DynoPowerSet *self,
                    guint         index)
{
  return g_ptr_array_index (self->entries, index);
}

const DynoPowerEntry *
dyno_power_set_find (DynoPowerSet *self,
                     const char   *run_id)
{
  return find (self, run_id);
}

const DynoPowerEntry *
dyno_power_set_find_trace (DynoPowerSet *self,
                           guint         trace)
{
  return find_trace (self, trace);
}

gboolean
dyno_power_set_is_reading (DynoPowerSet *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const DynoPowerEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->power == NULL && entry->error == NULL)
        return TRUE;
    }

  return FALSE;
}

/* Reading. The curve that is shown stays until the new one is there. */

static void
power_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr(DynoPowerSet) self = question->self;
  g_autoptr(GCancellable) cancellable = question->cancellable;
  g_autofree char *run_id = question->run_id;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoPullPower) power = dyno_pull_power_finish (result, &error);
  DynoPowerEntry *entry = find (self, run_id);

  g_free (question);
  if (g_cancellable_is_cancelled (cancellable) || entry == NULL)
    return;

  g_clear_error (&entry->error);
  dyno_pull_power_unref (entry->power);
  entry->power = g_steal_pointer (&power);
  entry->error = g_steal_pointer (&error);
  changed (self);
}

static void
read_entry (DynoPowerSet   *self,
            DynoPowerEntry *entry)
{
  Question *question = g_new0 (Question, 1);
  const char *run_id = dyno_run_item_get_id (entry->item);

  question->self = g_object_ref (self);
  question->cancellable = g_object_ref (self->cancellable);
  question->run_id = g_strdup (run_id);
  dyno_pull_power_run_async (self->shop, run_id, &self->options, self->cancellable, power_cb,
                             question);
}

static void
read_all (DynoPowerSet *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  for (guint i = 0; i < self->entries->len; i++)
    read_entry (self, g_ptr_array_index (self->entries, i));
}

/* A curve follows from these and the samples: another of them, another curve. */
static void
item_changed_cb (DynoPowerSet *self,
                 DynoRunItem  *item)
{
  DynoPowerEntry *entry = find (self, dyno_run_item_get_id (item));
  const DynoRun *run = dyno_run_item_get_run (item);
  g_autofree char *made_of =
      g_strdup_printf ("%d %s %a %a %a", run->status,
                       run->vehicle_id != NULL ? run->vehicle_id : "", run->trim_start_s,
                       run->trim_end_s, run->peaks.power_kw);
  const char *before = g_object_get_data (G_OBJECT (item), "dyno-made-of");

  if (entry == NULL)
    return;

  if (before != NULL && !g_str_equal (before, made_of))
    read_entry (self, entry);
  g_object_set_data_full (G_OBJECT (item), "dyno-made-of", g_steal_pointer (&made_of), g_free);
  changed (self);
}

static gboolean
add (DynoPowerSet *self,
     DynoRunItem  *item)
{
  DynoPowerEntry *entry;

  if (find (self, dyno_run_item_get_id (item)) != NULL)
    return TRUE;
  if (self->entries->len >= DYNO_POWER_SET_MAX)
    return FALSE;

  entry = g_new0 (DynoPowerEntry, 1);
  entry->item = g_object_ref (item);
  entry->trace = free_trace (self);
  g_ptr_array_add (self->entries, entry);
  item_changed_cb (self, item);
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self,
                           G_CONNECT_SWAPPED);
  read_entry (self, entry);

  return TRUE;
}

static void
remove_at (DynoPowerSet *self,
           guint         index)
{
  DynoPowerEntry *entry = g_ptr_array_index (self->entries, index);

  g_signal_handlers_disconnect_by_func (entry->item, item_changed_cb, self);
  g_ptr_array_remove_index (self->entries, index);
}

static gboolean
contains (GPtrArray   *items,
          const char  *run_id)
{
  for (guint i = 0; i < items->len; i++)
    {
      if (g_str_equal (dyno_run_item_get_id (g_ptr_array_index (items, i)), run_id))
        return TRUE;
    }

  return FALSE;
}

/* What stays keeps its letter and its curve, unless one run takes the place of
 * another: that one is A again. */
gboolean
dyno_power_set_show (DynoPowerSet *self,
                     GPtrArray    *items)
{
  gboolean has_room = TRUE;

  for (guint i = self->entries->len; i-- > 0;)
    {
      const DynoPowerEntry *entry = g_ptr_array_index (self->entries, i);

      if (!contains (items, dyno_run_item_get_id (entry->item)))
        remove_at (self, i);
    }
  for (guint i = 0; i < items->len; i++)
    has_room = add (self, g_ptr_array_index (items, i)) && has_room;
  if (self->entries->len == 1)
    ((DynoPowerEntry *) g_ptr_array_index (self->entries, 0))->trace = 0;
  changed (self);

  return has_room;
}

gboolean
dyno_power_set_add (DynoPowerSet *self,
                    DynoRunItem  *item)
{
  gboolean has_room = add (self, item);

  changed (self);

  return has_room;
}

void
dyno_power_set_remove (DynoPowerSet *self,
                       guint         trace)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const DynoPowerEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->trace == trace)
        {
          remove_at (self, i);
          changed (self);
          return;
        }
    }
}

DynoStandard
dyno_power_set_get_standard (DynoPowerSet *self)
{
  return self->options.standard;
}

guint
dyno_power_set_get_level (DynoPowerSet *self)
{
  return self->options.level;
}

void
dyno_power_set_look (DynoPowerSet *self,
                     DynoStandard  standard,
                     guint         level)
{
  g_return_if_fail (level < DYNO_CURVE_LEVELS);

  if (self->options.standard == standard && self->options.level == level)
    return;

  self->options.standard = standard;
  self->options.level = level;
  read_all (self);
  changed (self);
}

void
dyno_power_set_retry (DynoPowerSet *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      DynoPowerEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->error != NULL)
        read_entry (self, entry);
      g_clear_error (&entry->error);
    }
  changed (self);
}

static void
dyno_power_set_dispose (GObject *object)
{
  g_cancellable_cancel (DYNO_POWER_SET (object)->cancellable);

  G_OBJECT_CLASS (dyno_power_set_parent_class)->dispose (object);
}

static void
dyno_power_set_finalize (GObject *object)
{
  DynoPowerSet *self = DYNO_POWER_SET (object);

  g_ptr_array_unref (self->entries);
  g_clear_object (&self->cancellable);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_power_set_parent_class)->finalize (object);
}

static void
dyno_power_set_class_init (DynoPowerSetClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dyno_power_set_dispose;
  G_OBJECT_CLASS (klass)->finalize = dyno_power_set_finalize;
  signals[CHANGED] = g_signal_new ("changed", DYNO_TYPE_POWER_SET, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
dyno_power_set_init (DynoPowerSet *self)
{
  self->cancellable = g_cancellable_new ();
  self->entries = g_ptr_array_new_with_free_func (entry_free);
}

DynoPowerSet *
dyno_power_set_new (DynoShop *shop)
{
  DynoPowerSet *self = g_object_new (DYNO_TYPE_POWER_SET, NULL);

  self->shop = dyno_shop_ref (shop);
  dyno_pull_power_defaults (shop, &self->options);

  return self;
}
