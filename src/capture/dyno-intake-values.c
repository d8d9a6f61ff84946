/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

#include <stdlib.h>
#include <string.h>

#define PAIR_US 50000
#define STOICH_PETROL 14.7f
#define UNIT_LAMBDA 13
#define SENSOR_VALUE "Air/Fuel Ratio "
#define SENSOR_READY "Sensor Ready "

/* Channel lists */

static void
changed_cb (DynoHost *host,
            DynoSlot *slot,
            gpointer  user_data)
{
  dyno_intake_channel_event (user_data, DYNO_EVENT_CHANNEL_CHANGED, host, slot->channel);
}

static gboolean
is_same_provider (const DynoHost *a,
                  const DynoHost *b)
{
  return a != b && a->name[0] != '\0' && g_str_equal (a->name, b->name);
}

/* A host of the same name that fell silent before this one began to speak: very
 * likely what this one was before it restarted. */
static DynoHost *
find_former (DynoIntake     *self,
             const DynoHost *host)
{
  for (guint i = 0; i < self->hosts.hosts->len; i++)
    {
      DynoHost *other = g_ptr_array_index (self->hosts.hosts, i);

      if (is_same_provider (other, host) && other->last_us <= host->first_us)
        return other;
    }

  return NULL;
}

static gboolean
has_same_list (const DynoHost *host,
               const DynoHost *former)
{
  guint8 now[DYNO_SHA256_SIZE];
  guint8 then[DYNO_SHA256_SIZE];

  dyno_host_sum_list (host, now);
  if (former->slots->len > 0)
    dyno_host_sum_list (former, then);
  else if (former->has_set_sum)
    memcpy (then, former->set_sum, sizeof then);
  else
    return FALSE;

  return memcmp (now, then, sizeof now) == 0;
}

void
dyno_intake_drop_host (DynoIntake *self,
                       DynoHost   *host)
{
  if (self->chosen == host)
    self->chosen = NULL;
  dyno_hosts_steal (&self->hosts, host);
  dyno_host_free (host);
}

/* A restart under a new id: one provider, not two. */
static void
replace_former (DynoIntake *self,
                DynoHost   *host)
{
  DynoHost *former = find_former (self, host);
  DynoEvent *event;

  if (former == NULL || !has_same_list (host, former))
    return;

  event = dyno_intake_event (self, DYNO_EVENT_PROVIDER_REPLACED, host);
  event->count = former->id;
  event->text = g_strdup (host->name);
  if (self->chosen == former)
    {
      self->chosen = host;
      dyno_intake_event (self, DYNO_EVENT_PROVIDER_CHOSEN, host)->text = g_strdup (host->name);
    }
  dyno_intake_drop_host (self, former);
}

/* Numbering goes on where the provider of that name left off, so that two lists
 * of one provider never share a generation. */
static void
take_first_name (DynoIntake *self,
                 DynoHost   *host)
{
  DynoHost *former = find_former (self, host);

  if (former != NULL && former->generation >= host->generation)
    host->generation = former->generation + 1;
  dyno_intake_event (self, DYNO_EVENT_PROVIDER_NEW, host)->text = g_strdup (host->name);
}

static void
take_name (DynoIntake           *self,
           DynoHost             *host,
           const DynoKlhdvFrame *frame)
{
  char name[DYNO_KLHDV_PROVIDER_TEXT];
  gboolean is_first = host->name[0] == '\0';

  dyno_klhdv_read_provider (frame, name);
  if (name[0] == '\0')
    g_snprintf (name, sizeof name, "Provider 0x%04X", host->id);
  if (g_str_equal (name, host->name))
    return;

  g_free (host->name);
  host->name = g_strdup (name);
  if (is_first)
    take_first_name (self, host);
  else
    dyno_intake_event (self, DYNO_EVENT_PROVIDER_RENAMED, host)->text = g_strdup (name);
}

/* Merges one entry and tells of it. `names` gathers what has to be numbered. */
static void
take_entry (DynoIntake           *self,
            DynoHost             *host,
            const DynoKlhdvEntry *entry,
            GHashTable           *names)
{
  DynoWireChannel *old;
  DynoSlot *slot;
  DynoMerge merge = dyno_host_merge (&self->hosts, host, entry, &slot, &old);

  if (merge == DYNO_MERGE_FULL)
    self->counts.refused++;
  if (merge == DYNO_MERGE_SAME || merge == DYNO_MERGE_FULL)
    return;

  if (old != NULL)
    {
      dyno_intake_channel_event (self, DYNO_EVENT_CHANNEL_REMOVED, host, old);
      g_hash_table_add (names, g_strdup (old->name));
      dyno_wire_channel_unref (old);
    }
  g_hash_table_add (names, g_strdup (entry->name));
  dyno_intake_channel_event (self, DYNO_EVENT_CHANNEL_ADDED, host, slot->channel);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* In the order of the names, not of the hash table: events are reproducible. */
static void
number_names (DynoIntake *self,
              DynoHost   *host,
              GHashTable *names)
{
  g_autofree const char **list
    = (const char **) g_hash_table_get_keys_as_array (names, NULL);
  guint n = g_hash_table_size (names);

  qsort (list, n, sizeof *list, compare_names);
  for (guint i = 0; i < n; i++)
    dyno_host_number_names (host, list[i], changed_cb, self);
}

/* "Sensor Ready 1" by its "1". (transfer full) */
static GHashTable *
collect_sensors (const DynoHost *host)
{
  GHashTable *sensors = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < host->slots->len; i++)
    {
      const DynoSlot *slot = g_ptr_array_index (host->slots, i);

      if (g_str_has_prefix (slot->channel->name, SENSOR_READY))
        g_hash_table_insert (sensors, slot->channel->name + strlen (SENSOR_READY),
                             GUINT_TO_POINTER (i + 1));
    }

  return sensors;
}

void
dyno_intake_link_sensors (DynoHost *host)
{
  g_autoptr(GHashTable) sensors = collect_sensors (host);

  for (guint i = 0; i < host->slots->len && g_hash_table_size (sensors) > 0; i++)
    {
      DynoSlot *slot = g_ptr_array_index (host->slots, i);
      guint number;

      if (slot->health.kind != DYNO_KIND_MIXTURE
          || !g_str_has_prefix (slot->channel->name, SENSOR_VALUE))
        continue;
      number = GPOINTER_TO_UINT (
        g_hash_table_lookup (sensors, slot->channel->name + strlen (SENSOR_VALUE)));
      if (number > 0)
        slot->ready_slot = (guint16) (number - 1);
    }
}

/* Samples */

static gboolean
sensor_is_ready (const DynoHost *host,
                 const DynoSlot *slot)
{
  const DynoSlot *ready;

  if (slot->ready_slot == DYNO_HOST_NO_SLOT || slot->ready_slot >= host->slots->len)
    return TRUE;
  ready = g_ptr_array_index (host->slots, slot->ready_slot);

  return ready->health.n_samples == 0 || ready->health.last != 0;
}

/* Front against rear, taken within 50 ms of each other. */
static void
note_mixture (DynoIntake       *self,
              const DynoSlot   *slot,
              const DynoSample *sample)
{
  float afr = sample->raw;
  DynoMixturePair *pair;

  if (slot->health.unit_code == UNIT_LAMBDA && !slot->health.has_other_unit)
    afr *= STOICH_PETROL;
  if (slot->canonical == DYNO_CHANNEL_MIX_F)
    {
      self->front_t_us = sample->t_us;
      self->front_afr = afr;
    }
  else if (slot->canonical == DYNO_CHANNEL_MIX_R && self->front_t_us != 0
           && ABS (sample->t_us - self->front_t_us) <= PAIR_US)
    {
      pair = &self->pairs[self->n_pairs++ % DYNO_INTAKE_PAIRS];
      pair->t_us = sample->t_us;
      pair->difference = afr - self->front_afr;
    }
}

static void
emit (DynoIntake *self,
      DynoHost   *host,
      DynoSlot   *slot,
      float       value,
      gint64      t_us,
      gint64      arrival_us,
      guint       extra_flags)
{
  DynoHealthSample seen = { .t_us = t_us,
                            .arrival_us = arrival_us,
                            .value = value,
                            .canonical = slot->canonical,
                            .low = slot->low,
                            .high = slot->high,
                            .sensor_is_ready = sensor_is_ready (host, slot) };
  guint flags = dyno_live_health_take (&slot->health, &seen) | extra_flags;
  DynoSample *sample = dyno_intake_sample (self);

  if (host != self->chosen)
    flags |= DYNO_SAMPLE_OTHER_PROVIDER;
  sample->channel = slot->channel->index;
  sample->generation = host->generation;
  sample->t_us = t_us;
  sample->arrival_us = arrival_us;
  sample->raw = value;
  sample->flags = (guint8) flags;
  slot->last_flags = flags;
  host->counts.samples++;
  if (host == self->chosen && (flags & (DYNO_SAMPLE_NOT_FINITE | DYNO_SAMPLE_PEGGED)) == 0)
    note_mixture (self, slot, sample);
}

static void
keep_for_later (DynoIntake            *self,
                DynoHost              *host,
                const DynoKlhdvRecord *record,
                gint64                 t_us)
{
  DynoPending pending = { record->id, record->value, t_us, self->now_us };

  if (host->n_pending == 0)
    host->next_request_us = self->now_us;
  if (dyno_host_push_pending (host, &pending))
    host->counts.unresolved++;
  host->list_was_told = FALSE;
}

static void
resolve_pending (DynoIntake *self,
                 DynoHost   *host)
{
  DynoPending pending;

  while (dyno_host_pop_pending (host, &pending))
    emit (self, host, dyno_host_slot (host, pending.id), pending.value, pending.t_us,
          pending.arrival_us, DYNO_SAMPLE_UNRESOLVED_AT_ARRIVAL);
  if (host->n_pending == 0)
    host->n_requests = 0;
}

/* Every id that has spoken is known. */
static void
tell_list (DynoIntake *self,
           DynoHost   *host)
{
  if (host->list_was_told || !host->has_spoken || !dyno_host_has_list (host))
    return;

  host->list_was_told = TRUE;
  dyno_intake_event (self, DYNO_EVENT_CHANNEL_LIST, host)->text = g_strdup (host->name);
}

void
dyno_intake_take_info (DynoIntake           *self,
                       DynoHost             *host,
                       const DynoKlhdvFrame *frame)
{
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  DynoKlhdvEntry entry;

  host->is_provider = TRUE;
  take_name (self, host, frame);
  host->last_info_us = self->now_us;
  for (guint i = 0; dyno_klhdv_read_entry (frame, i, &entry); i++)
    take_entry (self, host, &entry, names);
  number_names (self, host, names);

  if (host->list_is_new)
    {
      dyno_intake_link_sensors (host);
      replace_former (self, host);
      dyno_intake_pin_host (self, host);
      dyno_intake_bind (self, host);
      host->list_is_new = FALSE;
    }
  dyno_intake_choose (self);
  resolve_pending (self, host);
  tell_list (self, host);
}

/* Clear and restart */

static void
forget_list (DynoIntake   *self,
             DynoHost     *host,
             DynoEventKind kind)
{
  gboolean had_channels = host->slots->len > 0;

  host->counts.unresolved += host->n_pending;
  dyno_host_drop_pending (host);
  dyno_host_forget_list (host);
  if (had_channels)
    dyno_intake_event (self, kind, host)->text = g_strdup (host->name);
}

void
dyno_intake_take_clear (DynoIntake *self,
                        DynoHost   *host)
{
  host->is_provider = TRUE;
  host->has_origin = FALSE;
  forget_list (self, host, DYNO_EVENT_PROVIDER_CLEARED);
}

/* The clock began anew. A list that came since the last values is of the new
 * one already (Clear, list, values: an orderly restart). */
static void
restart (DynoIntake *self,
         DynoHost   *host)
{
  dyno_host_clock_restart (&host->clock);
  host->has_origin = FALSE;
  if (host->has_spoken)
    {
      forget_list (self, host, DYNO_EVENT_PROVIDER_RESTARTED);
      host->next_request_us = self->now_us;
    }
}

/* A restart moves every stamp of a message; a single one that is far off is
 * that record's own trouble. */
static gboolean
is_restart (const DynoHost       *host,
            const DynoKlhdvFrame *frame,
            gint64                sent_us)
{
  DynoKlhdvRecord record;
  gint64 extended_ms;
  guint n = dyno_klhdv_n_records (frame);

  for (guint i = 0; dyno_klhdv_read_record (frame, i, &record); i++)
    {
      if (dyno_host_clock_judge (&host->clock, record.time_ms, sent_us, &extended_ms)
          != DYNO_HOST_CLOCK_RESTART)
        return FALSE;
    }

  return n > 0;
}

/* Values */

/* Where the provider's clock stands on ours, fixed until the next generation:
 * the tracked offset where there is one, else this message. */
static void
set_origin (DynoHost *host,
            gint64    newest_ms,
            gint64    sent_us)
{
  DynoHostClockLine line;

  dyno_host_clock_line (&host->clock, sent_us, &line);
  host->origin_us = host->clock.has_last && line.is_known ? line.offset_us
                                                          : sent_us - newest_ms * 1000;
  host->has_origin = TRUE;
}

/* The clock against which a message is judged: the host's, or one that begins
 * with the message's first record. */
static DynoHostClock
reference_clock (const DynoHost       *host,
                 const DynoKlhdvFrame *frame,
                 gint64                sent_us)
{
  DynoHostClock clock = host->clock;
  DynoKlhdvRecord first;

  if (!clock.has_last && dyno_klhdv_read_record (frame, 0, &first))
    {
      clock.has_last = TRUE;
      clock.last_ms = first.time_ms;
      clock.last_arrival_us = sent_us;
    }

  return clock;
}

/* The newest believable stamp of a message, ms. */
static gint64
find_newest (const DynoHostClock  *clock,
             const DynoKlhdvFrame *frame,
             gint64                sent_us)
{
  gint64 newest_ms = G_MININT64;
  gint64 extended_ms;
  DynoKlhdvRecord record;

  for (guint i = 0; dyno_klhdv_read_record (frame, i, &record); i++)
    {
      if (dyno_host_clock_judge (clock, record.time_ms, sent_us, &extended_ms)
          != DYNO_HOST_CLOCK_RESTART)
        newest_ms = MAX (newest_ms, extended_ms);
    }

  return newest_ms;
}

static void
take_record (DynoIntake            *self,
             DynoHost              *host,
             const DynoHostClock   *clock,
             const DynoKlhdvRecord *record,
             gint64                 newest_ms,
             gint64                 sent_us)
{
  DynoSlot *slot = dyno_host_slot (host, record->id);
  gint64 extended_ms, t_us;

  if (dyno_host_clock_judge (clock, record->time_ms, sent_us, &extended_ms)
      == DYNO_HOST_CLOCK_RESTART)
    {
      host->counts.bad_time++;
      extended_ms = newest_ms;
    }
  t_us = host->origin_us + extended_ms * 1000;

  if (slot != NULL)
    emit (self, host, slot, record->value, t_us, self->now_us, 0);
  else
    keep_for_later (self, host, record, t_us);
}

void
dyno_intake_take_values (DynoIntake           *self,
                         DynoHost             *host,
                         const DynoKlhdvFrame *frame,
                         gint64                sent_us)
{
  DynoHostClock clock;
  DynoKlhdvRecord record;
  gint64 newest_ms;

  host->is_provider = TRUE;
  host->last_values_us = self->now_us;
  if (dyno_klhdv_n_records (frame) == 0)
    return;

  if (is_restart (host, frame, sent_us))
    restart (self, host);
  clock = reference_clock (host, frame, sent_us);
  newest_ms = find_newest (&clock, frame, sent_us);
  if (!host->has_origin)
    set_origin (host, newest_ms, sent_us);

  host->has_spoken = TRUE;
  for (guint i = 0; dyno_klhdv_read_record (frame, i, &record); i++)
    take_record (self, host, &clock, &record, newest_ms, sent_us);
  dyno_host_clock_advance (&host->clock, newest_ms, sent_us);
  dyno_host_note_flush (host, sent_us);
  tell_list (self, host);
}
