/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-channel-list.h"

struct _DynoChannelList
{
  GObject    parent_instance;

  GPtrArray *items; /* (owned) of DynoChannelItem */
};

static GType
dyno_channel_list_get_item_type (GListModel *model)
{
  return DYNO_TYPE_CHANNEL_ITEM;
}

static guint
dyno_channel_list_get_n_items (GListModel *model)
{
  return DYNO_CHANNEL_LIST (model)->items->len;
}

static gpointer
dyno_channel_list_get_item (GListModel *model,
                            guint       index)
{
  GPtrArray *items = DYNO_CHANNEL_LIST (model)->items;

  return index < items->len ? g_object_ref (g_ptr_array_index (items, index)) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = dyno_channel_list_get_item_type;
  iface->get_n_items = dyno_channel_list_get_n_items;
  iface->get_item = dyno_channel_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DynoChannelList, dyno_channel_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

DynoChannelItem *
dyno_channel_list_find (DynoChannelList *self,
                        guint32          index)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      DynoChannelItem *item = g_ptr_array_index (self->items, i);

      if (dyno_channel_item_get_index (item) == index)
        return item;
    }

  return NULL;
}

static gboolean
are_same (DynoChannelList        *self,
          const DynoChannelState *states,
          guint                   n_states)
{
  if (self->items->len != n_states)
    return FALSE;

  for (guint i = 0; i < n_states; i++)
    {
      if (dyno_channel_item_get_index (g_ptr_array_index (self->items, i))
          != states[i].channel->index)
        return FALSE;
    }

  return TRUE;
}

static void
replace (DynoChannelList        *self,
         const DynoChannelState *states,
         guint                   n_states)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_before = self->items->len;

  for (guint i = 0; i < n_states; i++)
    {
      DynoChannelItem *item = dyno_channel_list_find (self, states[i].channel->index);

      g_ptr_array_add (items, item != NULL ? g_object_ref (item)
                                           : dyno_channel_item_new (&states[i]));
    }
  g_ptr_array_unref (self->items);
  self->items = items;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, n_states);
}

void
dyno_channel_list_show (DynoChannelList        *self,
                        const DynoCaptureState *state,
                        DynoUnitSet             units)
{
  gboolean has_dyno = state != NULL && state->chosen >= 0;
  const DynoProviderState *provider = has_dyno ? &state->providers[state->chosen] : NULL;
  const DynoChannelState *states = has_dyno ? state->channels + provider->first_channel : NULL;
  guint n_states = has_dyno ? provider->n_channels : 0;

  if (!are_same (self, states, n_states))
    replace (self, states, n_states);
  for (guint i = 0; i < n_states; i++)
    dyno_channel_item_show (g_ptr_array_index (self->items, i), &states[i], units);
}

static void
dyno_channel_list_finalize (GObject *object)
{
  g_ptr_array_unref (DYNO_CHANNEL_LIST (object)->items);

  G_OBJECT_CLASS (dyno_channel_list_parent_class)->finalize (object);
}

static void
dyno_channel_list_class_init (DynoChannelListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dyno_channel_list_finalize;
}

static void
dyno_channel_list_init (DynoChannelList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

DynoChannelList *
dyno_channel_list_new (void)
{
  return g_object_new (DYNO_TYPE_CHANNEL_LIST, NULL);
}
