/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-provider.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE 256
#define SAME_FLUSH_US 5000
#define GAPS_A_LOOK 20 /* new ones that make it worth to sort again */

static void
slot_free (DynoSlot *slot)
{
  dyno_live_health_clear (&slot->health);
  dyno_wire_channel_unref (slot->channel);
  g_free (slot);
}

static DynoHost *
host_new (guint16 id,
          gint64  now_us)
{
  DynoHost *self = g_new0 (DynoHost, 1);

  self->id = id;
  self->first_us = now_us;
  self->last_us = now_us;
  self->name = g_strdup ("");
  self->generation = 1;
  self->slots = g_ptr_array_new_with_free_func ((GDestroyNotify) slot_free);
  self->binding = dyno_binding_new ();

  return self;
}

static void
drop_pages (DynoHost *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->pages); i++)
    g_clear_pointer (&self->pages[i], g_free);
}

void
dyno_host_free (DynoHost *host)
{
  if (host == NULL)
    return;

  drop_pages (host);
  g_ptr_array_unref (host->slots);
  dyno_binding_free (host->binding);
  g_free (host->name);
  g_free (host->pending);
  g_free (host->gaps_ms);
  g_free (host);
}

void
dyno_hosts_init (DynoHosts *self,
                 guint32    first_index)
{
  self->hosts = g_ptr_array_new ();
  self->next_index = first_index;
}

void
dyno_hosts_clear (DynoHosts *self)
{
  for (guint i = 0; i < self->hosts->len; i++)
    dyno_host_free (g_ptr_array_index (self->hosts, i));
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
}

DynoHost *
dyno_hosts_find (const DynoHosts *self,
                 guint16          id)
{
  for (guint i = 0; i < self->hosts->len; i++)
    {
      DynoHost *host = g_ptr_array_index (self->hosts, i);

      if (host->id == id)
        return host;
    }

  return NULL;
}

/* A host that streams is never pushed out by newcomers. */
static gboolean
may_go (const DynoHost *host,
        const DynoHost *chosen,
        gint64          now_us)
{
  return host != chosen && (!host->is_provider || now_us - host->last_us > DYNO_HOST_SILENT_US);
}

static DynoHost *
find_least_recent (const DynoHosts *self,
                   const DynoHost  *chosen,
                   gint64           now_us)
{
  DynoHost *oldest = NULL;

  for (guint i = 0; i < self->hosts->len; i++)
    {
      DynoHost *host = g_ptr_array_index (self->hosts, i);

      if (may_go (host, chosen, now_us) && (oldest == NULL || host->last_us < oldest->last_us))
        oldest = host;
    }

  return oldest;
}

DynoHost *
dyno_hosts_add (DynoHosts       *self,
                guint16          id,
                const DynoHost  *chosen,
                gint64           now_us,
                DynoHost       **evicted)
{
  DynoHost *host;

  *evicted = NULL;
  if (self->hosts->len >= DYNO_HOSTS_MOST)
    {
      *evicted = find_least_recent (self, chosen, now_us);
      if (*evicted == NULL)
        return NULL;
      dyno_hosts_steal (self, *evicted);
    }

  host = host_new (id, now_us);
  g_ptr_array_add (self->hosts, host);

  return host;
}

void
dyno_hosts_steal (DynoHosts *self,
                  DynoHost  *host)
{
  g_ptr_array_remove (self->hosts, host);
}

guint
dyno_host_slot_number (const DynoHost *self,
                       guint16         id)
{
  const guint16 *page = self->pages[id / PAGE_SIZE];

  return page != NULL ? page[id % PAGE_SIZE] : DYNO_HOST_NO_SLOT;
}

DynoSlot *
dyno_host_slot (const DynoHost *self,
                guint16         id)
{
  guint number = dyno_host_slot_number (self, id);

  return number != DYNO_HOST_NO_SLOT ? g_ptr_array_index (self->slots, number) : NULL;
}

static void
set_slot_number (DynoHost *self,
                 guint16   id,
                 guint16   number)
{
  guint16 **page = &self->pages[id / PAGE_SIZE];

  if (*page == NULL)
    {
      *page = g_new (guint16, PAGE_SIZE);
      memset (*page, 0xff, PAGE_SIZE * sizeof **page);
    }
  (*page)[id % PAGE_SIZE] = number;
}

static DynoWireChannel *
describe (DynoHosts            *hosts,
          const DynoHost       *self,
          const DynoKlhdvEntry *entry)
{
  DynoWireChannel fields = { .index = hosts->next_index++,
                             .host_id = self->id,
                             .id = entry->id,
                             .generation = self->generation,
                             .unit_code = entry->unit,
                             .is_full_width = entry->is_full_width,
                             .occurrence = 1,
                             .name = (char *) entry->name,
                             .provider = self->name };

  return dyno_wire_channel_new (&fields);
}

static void
fill_slot (DynoSlot             *slot,
           const DynoKlhdvEntry *entry,
           DynoWireChannel      *channel)
{
  slot->channel = channel;
  slot->canonical = DYNO_CHANNEL_NONE;
  slot->last_flags = 0;
  slot->low = -INFINITY;
  slot->high = INFINITY;
  slot->ready_slot = DYNO_HOST_NO_SLOT;
  slot->told_health = DYNO_HEALTH_NO_SIGNAL;
  dyno_live_health_clear (&slot->health);
  dyno_live_health_init (&slot->health, entry->name, entry->unit);
}

static void
bind_slot (DynoHost             *self,
           const DynoKlhdvEntry *entry)
{
  dyno_binding_add (self->binding, dyno_host_slot_number (self, entry->id), entry->id, entry->name,
                    entry->unit, entry->is_full_width);
  self->list_is_new = TRUE;
}

DynoMerge
dyno_host_merge (DynoHosts             *hosts,
                 DynoHost              *self,
                 const DynoKlhdvEntry  *entry,
                 DynoSlot             **slot,
                 DynoWireChannel      **old)
{
  *old = NULL;
  *slot = dyno_host_slot (self, entry->id);
  if (*slot != NULL && (*slot)->channel->unit_code == entry->unit
      && g_str_equal ((*slot)->channel->name, entry->name))
    return DYNO_MERGE_SAME;

  if (*slot != NULL)
    {
      *old = (*slot)->channel;
      dyno_binding_remove (self->binding, dyno_host_slot_number (self, entry->id));
      fill_slot (*slot, entry, describe (hosts, self, entry));
      bind_slot (self, entry);
      return DYNO_MERGE_REPLACED;
    }
  if (self->slots->len >= DYNO_HOST_CHANNELS_MOST)
    return DYNO_MERGE_FULL;

  *slot = g_new0 (DynoSlot, 1);
  set_slot_number (self, entry->id, (guint16) self->slots->len);
  g_ptr_array_add (self->slots, *slot);
  fill_slot (*slot, entry, describe (hosts, self, entry));
  bind_slot (self, entry);

  return DYNO_MERGE_ADDED;
}

static int
compare_ids (const void *a,
             const void *b)
{
  const DynoSlot *x = *(DynoSlot *const *) a;
  const DynoSlot *y = *(DynoSlot *const *) b;

  return (int) x->channel->id - (int) y->channel->id;
}

DynoSlot **
dyno_host_sorted_slots (const DynoHost *self,
                        guint          *n)
{
  DynoSlot **sorted = g_memdup2 (self->slots->pdata, self->slots->len * sizeof *sorted);

  *n = self->slots->len;
  if (*n > 1)
    qsort (sorted, *n, sizeof *sorted, compare_ids);

  return sorted;
}

static void
renumber (DynoSlot *slot,
          guint     occurrence)
{
  g_autoptr(DynoWireChannel) old = slot->channel;
  DynoWireChannel fields = *old;

  fields.occurrence = occurrence;
  slot->channel = dyno_wire_channel_new (&fields);
}

void
dyno_host_number_names (DynoHost   *self,
                        const char *name,
                        void      (*changed) (DynoHost *host,
                                              DynoSlot *slot,
                                              gpointer  user_data),
                        gpointer    user_data)
{
  g_autoptr(GPtrArray) same = g_ptr_array_new ();

  for (guint i = 0; i < self->slots->len; i++)
    {
      DynoSlot *slot = g_ptr_array_index (self->slots, i);

      if (g_str_equal (slot->channel->name, name))
        g_ptr_array_add (same, slot);
    }
  if (same->len > 1)
    qsort (same->pdata, same->len, sizeof *same->pdata, compare_ids);

  for (guint i = 0; i < same->len; i++)
    {
      DynoSlot *slot = g_ptr_array_index (same, i);

      if (slot->channel->occurrence == i + 1)
        continue;
      renumber (slot, i + 1);
      changed (self, slot, user_data);
    }
}

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

void
dyno_host_sum_list (const DynoHost *self,
                    guint8          sum[DYNO_SHA256_SIZE])
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->slots->len; i++)
    {
      const DynoWireChannel *channel = ((DynoSlot *) g_ptr_array_index (self->slots, i))->channel;

      g_ptr_array_add (rows, g_strdup_printf ("%s\x1f%u\x1f%u\n", channel->name,
                                              channel->unit_code, channel->occurrence));
    }
  g_ptr_array_sort (rows, compare_rows);
  for (guint i = 0; i < rows->len; i++)
    g_string_append (text, g_ptr_array_index (rows, i));
  dyno_crypt_sha256 (text->str, text->len, sum);
  g_string_free (text, TRUE);
}

void
dyno_host_forget_list (DynoHost *self)
{
  if (self->slots->len > 0)
    {
      dyno_host_sum_list (self, self->set_sum);
      self->has_set_sum = TRUE;
      self->generation++;
    }
  g_ptr_array_set_size (self->slots, 0);
  drop_pages (self);
  dyno_binding_clear (self->binding);
  self->list_is_new = FALSE;
  self->list_was_told = FALSE;
  self->has_spoken = FALSE;
  self->last_info_us = 0;
}

gboolean
dyno_host_has_list (const DynoHost *self)
{
  return self->slots->len > 0 && self->n_pending == 0;
}

gboolean
dyno_host_push_pending (DynoHost          *self,
                        const DynoPending *pending)
{
  gboolean is_full = self->n_pending == DYNO_HOST_PENDING;

  if (self->pending == NULL)
    self->pending = g_new (DynoPending, DYNO_HOST_PENDING);
  if (is_full)
    {
      self->first_pending = (self->first_pending + 1) % DYNO_HOST_PENDING;
      self->n_pending--;
    }
  self->pending[(self->first_pending + self->n_pending++) % DYNO_HOST_PENDING] = *pending;

  return is_full;
}

gboolean
dyno_host_pop_pending (DynoHost    *self,
                       DynoPending *pending)
{
  for (guint i = 0; i < self->n_pending; i++)
    {
      guint at = (self->first_pending + i) % DYNO_HOST_PENDING;

      if (dyno_host_slot (self, self->pending[at].id) == NULL)
        continue;

      *pending = self->pending[at];
      for (guint j = i; j + 1 < self->n_pending; j++)
        self->pending[(self->first_pending + j) % DYNO_HOST_PENDING]
          = self->pending[(self->first_pending + j + 1) % DYNO_HOST_PENDING];
      self->n_pending--;
      return TRUE;
    }

  return FALSE;
}

void
dyno_host_drop_pending (DynoHost *self)
{
  self->n_pending = 0;
  self->n_requests = 0;
}

void
dyno_host_note_flush (DynoHost *self,
                      gint64    sent_us)
{
  gint64 gap_us = sent_us - self->flush_us;

  if (self->flush_us != 0 && gap_us < SAME_FLUSH_US)
    return;

  if (self->gaps_ms == NULL)
    self->gaps_ms = g_new (float, DYNO_HOST_GAPS);
  if (self->flush_us != 0)
    self->gaps_ms[self->n_gaps++ % DYNO_HOST_GAPS] = (float) ((double) gap_us / 1000);
  self->flush_us = sent_us;
}

static int
compare_floats (const void *a,
                const void *b)
{
  float x = *(const float *) a;
  float y = *(const float *) b;

  return x < y ? -1 : x > y;
}

static void
judge_gaps (DynoHost *self)
{
  float sorted[DYNO_HOST_GAPS];
  guint n = MIN (self->n_gaps, DYNO_HOST_GAPS);
  float median;

  memcpy (sorted, self->gaps_ms, n * sizeof *sorted);
  qsort (sorted, n, sizeof *sorted, compare_floats);
  median = sorted[n / 2];
  for (guint i = 0; i < n; i++)
    sorted[i] = fabsf (sorted[i] - median);
  qsort (sorted, n, sizeof *sorted, compare_floats);
  self->jitter_p50_ms = sorted[n / 2];
  self->jitter_p99_ms = sorted[(n - 1) * 99 / 100];
  self->n_gaps_judged = self->n_gaps;
}

void
dyno_host_jitter (DynoHost *self,
                  double   *p50_ms,
                  double   *p99_ms)
{
  if (self->n_gaps_judged == 0 || self->n_gaps - self->n_gaps_judged >= GAPS_A_LOOK)
    {
      if (self->n_gaps > 0)
        judge_gaps (self);
    }
  *p50_ms = self->n_gaps > 0 ? self->jitter_p50_ms : NAN;
  *p99_ms = self->n_gaps > 0 ? self->jitter_p99_ms : NAN;
}
