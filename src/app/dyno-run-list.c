/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-list.h"

#include "dyno-error.h"

#include <gtk/gtk.h>

#define FIRST_PAGE 100
#define NEXT_PAGE 1000
/* Changes that come together are looked at together. */
#define SETTLE_MS 60

struct _DynoRunList
{
  GObject           parent_instance;

  DynoShop         *shop;         /* (owned) */
  DynoRunQuery     *query;        /* (owned) */
  GCancellable     *cancellable;  /* (owned) of the reading in hand */
  GPtrArray        *items;        /* (owned) of DynoRunItem */
  GHashTable       *places;       /* (owned) id (of the item) to its place */
  GPtrArray        *fresh;        /* (owned) (nullable) of DynoRun: a reading of a known query */
  GHashTable       *changed;      /* (owned) set of ids that were told */
  GError           *error;        /* (owned) (nullable) */
  DynoRunListState  state;
  gint64            n_found;
  gint64            n_all;
  guint             subscription; /* of the bus; 0 none */
  guint             settle_id;    /* source; 0 none */
};

enum
{
  STATE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GType
dyno_run_list_get_item_type (GListModel *model)
{
  return DYNO_TYPE_RUN_ITEM;
}

static guint
dyno_run_list_get_n_items (GListModel *model)
{
  return DYNO_RUN_LIST (model)->items->len;
}

static gpointer
dyno_run_list_get_item (GListModel *model,
                        guint       index)
{
  DynoRunList *self = DYNO_RUN_LIST (model);

  return index < self->items->len ? g_object_ref (g_ptr_array_index (self->items, index)) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = dyno_run_list_get_item_type;
  iface->get_n_items = dyno_run_list_get_n_items;
  iface->get_item = dyno_run_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DynoRunList, dyno_run_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
set_state (DynoRunList      *self,
           DynoRunListState  state)
{
  self->state = state;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

/* What the list holds. */

static void
note_places (DynoRunList *self,
             guint        from)
{
  for (guint i = from; i < self->items->len; i++)
    g_hash_table_replace (self->places,
                          (gpointer) dyno_run_item_get_id (g_ptr_array_index (self->items, i)),
                          GUINT_TO_POINTER (i));
}

static void
mark_days (DynoRunList *self)
{
  gboolean is_by_date = self->query->sort == DYNO_SORT_NEWEST
                        || self->query->sort == DYNO_SORT_OLDEST;
  guint32 day = 0;

  for (guint i = 0; i < self->items->len; i++)
    {
      DynoRunItem *item = g_ptr_array_index (self->items, i);
      guint32 here = dyno_run_item_get_day (item);

      dyno_run_item_set_begins_day (item, is_by_date && i > 0 && here != day);
      day = here;
    }
}

/* `added` (transfer full) of DynoRunItem takes the place of `n_removed` items. */
static void
splice (DynoRunList *self,
        guint        position,
        guint        n_removed,
        GPtrArray   *added)
{
  guint n_added = added->len;
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);

  g_assert (position + n_removed <= self->items->len);
  for (guint i = 0; i < position; i++)
    g_ptr_array_add (all, g_object_ref (g_ptr_array_index (self->items, i)));
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_add (all, g_object_ref (g_ptr_array_index (added, i)));
  for (guint i = position + n_removed; i < self->items->len; i++)
    g_ptr_array_add (all, g_object_ref (g_ptr_array_index (self->items, i)));
  g_ptr_array_unref (added);

  g_hash_table_remove_all (self->places);
  g_ptr_array_unref (self->items);
  self->items = g_steal_pointer (&all);
  note_places (self, 0);
  mark_days (self);
  if (n_removed > 0 || n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

guint
dyno_run_list_find (DynoRunList *self,
                    const char  *run_id)
{
  gpointer place;

  if (run_id == NULL || !g_hash_table_lookup_extended (self->places, run_id, NULL, &place))
    return GTK_INVALID_LIST_POSITION;

  return GPOINTER_TO_UINT (place);
}

/* The item of a run that is in the list already, as it is now, or a new one. */
static DynoRunItem *
item_for (DynoRunList *self,
          DynoRun     *run)
{
  guint place = dyno_run_list_find (self, run->id);
  DynoRunItem *item;

  if (place == GTK_INVALID_LIST_POSITION)
    return dyno_run_item_new (run);

  item = g_object_ref (g_ptr_array_index (self->items, place));
  dyno_run_item_set_run (item, run);

  return item;
}

/* (transfer full) of DynoRunItem. `runs` is emptied. */
static GPtrArray *
make_items (DynoRunList *self,
            GPtrArray   *runs)
{
  GPtrArray *items = g_ptr_array_new_full (runs->len, g_object_unref);

  g_ptr_array_set_free_func (runs, NULL);
  for (guint i = 0; i < runs->len; i++)
    g_ptr_array_add (items, item_for (self, g_ptr_array_index (runs, i)));
  g_ptr_array_set_size (runs, 0);

  return items;
}

/* Puts `items` (transfer full) in the place of all, and tells only what differs
 * between the two ends that they have in common. */
static void
replace_all (DynoRunList *self,
             GPtrArray   *items)
{
  guint n_before = self->items->len;
  guint least = MIN (n_before, items->len);
  guint head = 0;
  guint tail = 0;
  g_autoptr(GPtrArray) middle = g_ptr_array_new_with_free_func (g_object_unref);

  while (head < least
         && g_ptr_array_index (items, head) == g_ptr_array_index (self->items, head))
    head++;
  while (tail < least - head
         && g_ptr_array_index (items, items->len - 1 - tail)
                == g_ptr_array_index (self->items, n_before - 1 - tail))
    tail++;
  for (guint i = head; i < items->len - tail; i++)
    g_ptr_array_add (middle, g_object_ref (g_ptr_array_index (items, i)));
  g_ptr_array_unref (items);
  splice (self, head, n_before - head - tail, g_steal_pointer (&middle));
}

/* Reading. */

typedef struct
{
  DynoRunList  *self;        /* (owned) */
  GCancellable *cancellable; /* (owned) */
} Question;

static void ask_page (DynoRunList *self,
                      const char  *cursor);

/* The first page of a new query takes the place of what was there, the next ones
 * follow it; a known query is exchanged when all of it is read. */
static void
take_page (DynoRunList *self,
           DynoRunPage *page,
           gboolean     is_first)
{
  if (self->fresh != NULL)
    {
      g_ptr_array_extend_and_steal (self->fresh, g_steal_pointer (&page->runs));
      if (page->cursor == NULL)
        {
          replace_all (self, make_items (self, self->fresh));
          g_clear_pointer (&self->fresh, g_ptr_array_unref);
        }
    }
  else if (is_first)
    replace_all (self, make_items (self, page->runs));
  else
    splice (self, self->items->len, 0, make_items (self, page->runs));
}

static void
answer (DynoRunList *self,
        DynoRunPage *page,
        GError      *error)
{
  gboolean is_first = self->state == DYNO_RUN_LIST_LOADING;

  if (page == NULL)
    {
      g_clear_error (&self->error);
      self->error = g_error_copy (error);
      g_clear_pointer (&self->fresh, g_ptr_array_unref);
      set_state (self, DYNO_RUN_LIST_FAILED);
      return;
    }

  self->n_found = page->n_found;
  self->n_all = page->n_all;
  if (page->cursor != NULL)
    ask_page (self, page->cursor);
  take_page (self, page, is_first);
  set_state (self, DYNO_RUN_LIST_READY);
}

/* An answer to a question that was given up may still come. */
static void
page_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr(DynoRunList) self = question->self;
  g_autoptr(GCancellable) cancellable = question->cancellable;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunPage) page = dyno_runbook_list_finish (result, &error);

  g_free (question);
  if (!g_cancellable_is_cancelled (cancellable))
    answer (self, page, error);
}

static void
ask_page (DynoRunList *self,
          const char  *cursor)
{
  Question *question = g_new0 (Question, 1);
  g_autoptr(DynoRunQuery) query = dyno_run_query_copy (self->query);

  g_free (query->cursor);
  query->cursor = g_strdup (cursor);
  query->limit = cursor == NULL && self->fresh == NULL ? FIRST_PAGE : NEXT_PAGE;
  question->self = g_object_ref (self);
  question->cancellable = g_object_ref (self->cancellable);
  dyno_runbook_list_async (self->shop, query, self->cancellable, page_cb, question);
}

/* What was being read is of no use now. */
static void
renew_cancellable (DynoRunList *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->fresh, g_ptr_array_unref);
}

void
dyno_run_list_reload (DynoRunList *self)
{
  gboolean is_known = self->state == DYNO_RUN_LIST_READY;

  renew_cancellable (self);
  if (is_known)
    self->fresh = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_free);
  else
    set_state (self, DYNO_RUN_LIST_LOADING);
  ask_page (self, NULL);
}

void
dyno_run_list_set_query (DynoRunList        *self,
                         const DynoRunQuery *query)
{
  g_return_if_fail (query != NULL);

  dyno_run_query_free (self->query);
  self->query = dyno_run_query_copy (query);
  g_clear_error (&self->error);
  self->state = DYNO_RUN_LIST_LOADING;
  dyno_run_list_reload (self);
}

/* News. */

static void
remove_at (DynoRunList *self,
           guint        place)
{
  self->n_found = MAX (self->n_found - 1, 0);
  splice (self, place, 1, g_ptr_array_new_with_free_func (g_object_unref));
  set_state (self, self->state);
}

static gboolean
belongs (DynoRunList   *self,
         const DynoRun *run)
{
  if (self->query->trash == DYNO_TRASH_INCLUDED)
    return TRUE;

  return (run->deleted_ms != 0) == (self->query->trash == DYNO_TRASH_ONLY);
}

void
dyno_run_list_take_run (DynoRunList *self,
                        DynoRun     *run)
{
  guint place = dyno_run_list_find (self, run->id);

  if (place != GTK_INVALID_LIST_POSITION && belongs (self, run))
    dyno_run_item_set_run (g_ptr_array_index (self->items, place), run);
  else
    {
      if (place != GTK_INVALID_LIST_POSITION)
        {
          self->n_all += run->deleted_ms != 0 ? -1 : 1;
          remove_at (self, place);
        }
      dyno_run_free (run);
    }
}

typedef struct
{
  DynoRunList  *self;        /* (owned) */
  GCancellable *cancellable; /* (owned) */
  char         *run_id;      /* (owned) */
} Look;

static void
run_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Look *look = user_data;
  g_autoptr(DynoRunList) self = look->self;
  g_autoptr(GCancellable) cancellable = look->cancellable;
  g_autofree char *run_id = look->run_id;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunDetail) detail = dyno_runbook_get_finish (result, &error);
  guint place = dyno_run_list_find (self, run_id);

  g_free (look);
  if (g_cancellable_is_cancelled (cancellable))
    return;
  if (detail != NULL)
    dyno_run_list_take_run (self, g_steal_pointer (&detail->run));
  else if (g_error_matches (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND)
           && place != GTK_INVALID_LIST_POSITION)
    remove_at (self, place);
}

static void
look_at (DynoRunList *self,
         const char  *run_id)
{
  Look *look = g_new0 (Look, 1);

  look->self = g_object_ref (self);
  look->cancellable = g_object_ref (self->cancellable);
  look->run_id = g_strdup (run_id);
  dyno_runbook_get_async (self->shop, run_id, self->cancellable, run_cb, look);
}

/* A run that is in the list is looked at again; one that is not may belong there. */
static gboolean
settle_cb (gpointer user_data)
{
  DynoRunList *self = user_data;
  g_autoptr(GHashTable) changed = g_steal_pointer (&self->changed);
  gboolean is_new = FALSE;
  GHashTableIter iter;
  gpointer id;

  self->settle_id = 0;
  self->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, changed);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    is_new |= dyno_run_list_find (self, id) == GTK_INVALID_LIST_POSITION;
  if (is_new || self->fresh != NULL || self->state != DYNO_RUN_LIST_READY)
    {
      dyno_run_list_reload (self);
      return G_SOURCE_REMOVE;
    }

  g_hash_table_iter_init (&iter, changed);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    look_at (self, id);

  return G_SOURCE_REMOVE;
}

static void
news_cb (DynoTopic   topic,
         const char *subject,
         const char *detail,
         gpointer    user_data)
{
  DynoRunList *self = user_data;

  /* A vehicle is no run of the list: then all of it is read, with the new label. */
  g_hash_table_add (self->changed, g_strdup (subject));
  if (self->settle_id == 0)
    self->settle_id = g_timeout_add (SETTLE_MS, settle_cb, self);
}

void
dyno_run_list_touch (DynoRunList *self)
{
  for (guint i = 0; i < self->items->len; i++)
    dyno_run_item_touch (g_ptr_array_index (self->items, i));
}

DynoRunListState
dyno_run_list_get_state (DynoRunList *self)
{
  return self->state;
}

const GError *
dyno_run_list_get_error (DynoRunList *self)
{
  return self->state == DYNO_RUN_LIST_FAILED ? self->error : NULL;
}

gint64
dyno_run_list_get_n_found (DynoRunList *self)
{
  return self->n_found;
}

gint64
dyno_run_list_get_n_all (DynoRunList *self)
{
  return self->n_all;
}

static void
dyno_run_list_dispose (GObject *object)
{
  DynoRunList *self = DYNO_RUN_LIST (object);

  g_cancellable_cancel (self->cancellable);
  if (self->subscription != 0)
    dyno_bus_unsubscribe (dyno_shop_get_bus (self->shop), self->subscription);
  self->subscription = 0;
  g_clear_handle_id (&self->settle_id, g_source_remove);

  G_OBJECT_CLASS (dyno_run_list_parent_class)->dispose (object);
}

static void
dyno_run_list_finalize (GObject *object)
{
  DynoRunList *self = DYNO_RUN_LIST (object);

  g_hash_table_unref (self->places);
  g_hash_table_unref (self->changed);
  g_ptr_array_unref (self->items);
  g_clear_pointer (&self->fresh, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  dyno_run_query_free (self->query);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_run_list_parent_class)->finalize (object);
}

static void
dyno_run_list_class_init (DynoRunListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dyno_run_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = dyno_run_list_finalize;
  signals[STATE_CHANGED] = g_signal_new ("state-changed", DYNO_TYPE_RUN_LIST, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dyno_run_list_init (DynoRunList *self)
{
  self->query = dyno_run_query_new ();
  self->cancellable = g_cancellable_new ();
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->places = g_hash_table_new (g_str_hash, g_str_equal);
  self->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

DynoRunList *
dyno_run_list_new (DynoShop *shop)
{
  DynoRunList *self = g_object_new (DYNO_TYPE_RUN_LIST, NULL);

  self->shop = dyno_shop_ref (shop);
  self->subscription = dyno_bus_subscribe (dyno_shop_get_bus (shop),
                                           DYNO_TOPIC_RUN | DYNO_TOPIC_VEHICLE, NULL, news_cb, self,
                                           NULL);

  return self;
}
