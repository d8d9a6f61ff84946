/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bus.h"

/* A subscriber holds a table of unseen news, keyed by topic and subject, and the
 * order in which they came. The first unseen item arms one source in his
 * context; the source empties the table in one go. */

typedef struct
{
  DynoTopic  topic;
  char      *subject; /* (owned) */
  char      *detail;  /* (owned) (nullable) */
} News;

typedef struct
{
  gatomicrefcount  refs;
  guint            id;
  guint            topics;
  GMainContext    *context;   /* (owned) */
  DynoBusFunc      func;
  gpointer         user_data;
  GDestroyNotify   destroy;   /* (nullable) */
  GMutex           lock;
  GQueue           unseen;    /* (lock) of News, oldest first */
  gboolean         is_armed;  /* (lock) a source is on its way */
  gboolean         is_gone;   /* (lock) unsubscribed */
} Subscriber;

struct _DynoBus
{
  gatomicrefcount  refs;
  GMutex           lock;
  GPtrArray       *subscribers; /* (owned) (lock) of Subscriber */
  guint            last_id;     /* (lock) */
};

static void
news_free (News *news)
{
  g_free (news->subject);
  g_free (news->detail);
  g_free (news);
}

static Subscriber *
subscriber_ref (Subscriber *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

static void
subscriber_unref (Subscriber *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_queue_clear_full (&self->unseen, (GDestroyNotify) news_free);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Subscriber, subscriber_unref)

static News *
take_news (Subscriber *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  News *news;

  if (self->is_gone)
    return NULL;
  news = g_queue_pop_head (&self->unseen);
  if (news == NULL)
    self->is_armed = FALSE;

  return news;
}

static gboolean
deliver_cb (gpointer data)
{
  Subscriber *self = data;
  News *news;

  while ((news = take_news (self)) != NULL)
    {
      self->func (news->topic, news->subject, news->detail, self->user_data);
      news_free (news);
    }

  return G_SOURCE_REMOVE;
}

/* (lock) The newest wins: an unseen item of the same subject is replaced. */
static void
queue_news (Subscriber *self,
            DynoTopic   topic,
            const char *subject,
            const char *detail)
{
  News *news;

  for (GList *l = self->unseen.head; l != NULL; l = l->next)
    {
      news = l->data;
      if (news->topic == topic && g_str_equal (news->subject, subject))
        {
          g_free (news->detail);
          news->detail = g_strdup (detail);
          return;
        }
    }

  news = g_new0 (News, 1);
  news->topic = topic;
  news->subject = g_strdup (subject);
  news->detail = g_strdup (detail);
  g_queue_push_tail (&self->unseen, news);
}

static void
tell (Subscriber *self,
      DynoTopic   topic,
      const char *subject,
      const char *detail)
{
  gboolean must_arm;

  g_mutex_lock (&self->lock);
  queue_news (self, topic, subject, detail);
  must_arm = !self->is_armed && !self->is_gone;
  self->is_armed = TRUE;
  g_mutex_unlock (&self->lock);

  if (must_arm)
    {
      g_autoptr(GSource) source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, deliver_cb, subscriber_ref (self),
                             (GDestroyNotify) subscriber_unref);
      g_source_attach (source, self->context);
    }
}

static GPtrArray *
dup_subscribers (DynoBus   *self,
                 DynoTopic  topic)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) subscriber_unref);

  for (guint i = 0; i < self->subscribers->len; i++)
    {
      Subscriber *subscriber = g_ptr_array_index (self->subscribers, i);

      if ((subscriber->topics & topic) != 0)
        g_ptr_array_add (found, subscriber_ref (subscriber));
    }

  return found;
}

DynoBus *
dyno_bus_new (void)
{
  DynoBus *self = g_new0 (DynoBus, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->subscribers = g_ptr_array_new_with_free_func ((GDestroyNotify) subscriber_unref);

  return self;
}

DynoBus *
dyno_bus_ref (DynoBus *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
dyno_bus_unref (DynoBus *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  g_ptr_array_unref (self->subscribers);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
dyno_bus_publish (DynoBus    *self,
                  DynoTopic   topic,
                  const char *subject,
                  const char *detail)
{
  g_autoptr(GPtrArray) subscribers = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (subject != NULL);

  subscribers = dup_subscribers (self, topic);
  for (guint i = 0; i < subscribers->len; i++)
    tell (g_ptr_array_index (subscribers, i), topic, subject, detail);
}

guint
dyno_bus_subscribe (DynoBus        *self,
                    guint           topics,
                    GMainContext   *context,
                    DynoBusFunc     func,
                    gpointer        user_data,
                    GDestroyNotify  destroy)
{
  Subscriber *subscriber = g_new0 (Subscriber, 1);

  g_return_val_if_fail (func != NULL, 0);

  g_atomic_ref_count_init (&subscriber->refs);
  subscriber->topics = topics;
  subscriber->context =
      context != NULL ? g_main_context_ref (context) : g_main_context_ref_thread_default ();
  subscriber->func = func;
  subscriber->user_data = user_data;
  subscriber->destroy = destroy;
  g_mutex_init (&subscriber->lock);
  g_queue_init (&subscriber->unseen);

  g_mutex_lock (&self->lock);
  subscriber->id = ++self->last_id;
  g_ptr_array_add (self->subscribers, subscriber);
  g_mutex_unlock (&self->lock);

  return subscriber->id;
}

/* (transfer full) */
static Subscriber *
steal_subscriber (DynoBus *self,
                  guint    id)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->subscribers->len; i++)
    {
      Subscriber *subscriber = g_ptr_array_index (self->subscribers, i);

      if (subscriber->id == id)
        return g_ptr_array_steal_index (self->subscribers, i);
    }

  return NULL;
}

void
dyno_bus_unsubscribe (DynoBus *self,
                      guint    id)
{
  g_autoptr(Subscriber) subscriber = steal_subscriber (self, id);

  if (subscriber == NULL)
    return;

  g_mutex_lock (&subscriber->lock);
  subscriber->is_gone = TRUE;
  g_mutex_unlock (&subscriber->lock);
}
