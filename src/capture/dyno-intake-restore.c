/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

#include <string.h>

#include "dyno-interfaces.h"

/* A key frame, read (dyno-intake-key.c says what it holds). It counts only when it
 * came whole and in one piece. What it says is checked like anything from outside:
 * a journal may come from anywhere. */

static float
float_of (gint64 bits)
{
  guint32 low = (guint32) bits;
  float value;

  memcpy (&value, &low, sizeof value);

  return value;
}

static gint64
read_us (const DynoJson *object,
         const char     *name)
{
  return CLAMP (dyno_json_get_integer (object, name, 0), -DYNO_KEY_MOST, DYNO_KEY_MOST);
}

static gint64
element (const DynoJson *array,
         guint           index,
         gint64          low,
         gint64          high)
{
  return CLAMP (dyno_json_integer (dyno_json_element (array, index), 0), low, high);
}

static gint64
element_us (const DynoJson *array,
            guint           index)
{
  return element (array, index, -DYNO_KEY_MOST, DYNO_KEY_MOST);
}

static guint64
read_hex (const DynoJson *object,
          const char     *name)
{
  const char *text = dyno_json_get_string (object, name);

  return text != NULL ? g_ascii_strtoull (text, NULL, 16) : 0;
}

static void
read_counts (const DynoJson *array,
             gpointer        counts,
             gsize           size)
{
  guint64 *numbers = counts;

  for (guint i = 0; i < size / sizeof *numbers; i++)
    numbers[i] = (guint64) element (array, i, 0, DYNO_KEY_MOST);
}

static void
read_node (DynoNode       *node,
           const DynoJson *object)
{
  memset (node, 0, sizeof *node);
  node->phase = (DynoNodePhase) CLAMP (dyno_json_get_integer (object, "phase", DYNO_NODE_OFF),
                                       DYNO_NODE_PASSIVE, DYNO_NODE_OFF);
  node->id = (guint16) CLAMP (dyno_json_get_integer (object, "id", 0), 0, 0xFFFE);
  node->seq = (guint8) CLAMP (dyno_json_get_integer (object, "seq", 0), 0, 255);
  node->due_us = read_us (object, "due");
  node->origin_us = read_us (object, "origin");
  node->n_collisions = (guint) CLAMP (dyno_json_get_integer (object, "collisions", 0), 0, 1000000);
  node->chance = read_hex (object, "chance");
}

static void
read_head (DynoIntake     *self,
           const DynoJson *head)
{
  const char *wanted = dyno_json_get_string (head, "provider");

  self->now_us = MAX (read_us (head, "time"), 0);
  self->next_tick_us = (self->now_us / DYNO_TICK_US + 1) * DYNO_TICK_US;
  self->is_on = dyno_json_get_boolean (head, "on", FALSE);
  self->on_since_us = read_us (head, "since");
  self->seed = read_hex (head, "seed");
  self->is_passive = dyno_json_get_boolean (head, "passive", FALSE);
  self->wanted = dyno_intake_is_clean (wanted, DYNO_KLHDV_PROVIDER_TEXT) ? g_strdup (wanted) : NULL;
  dyno_address_parse (dyno_json_get_string (head, "expected"), &self->expected);
  self->hosts.next_index
    = (guint32) CLAMP (dyno_json_get_integer (head, "next_index", 0), 0, G_MAXUINT32 / 2);
  self->tx_port = (guint16) CLAMP (dyno_json_get_integer (head, "tx_port", 0), 0, G_MAXUINT16);
  self->receive_buffer = (guint) CLAMP (dyno_json_get_integer (head, "buffer", 0), 0, G_MAXINT32);
  self->trouble = (DynoLinkReason) CLAMP (dyno_json_get_integer (head, "trouble", 0), 0,
                                          DYNO_LINK_REASON_COLLISION);
  read_counts (dyno_json_member (head, "counts"), &self->counts, sizeof self->counts);
  read_node (&self->node, dyno_json_member (head, "node"));
  dyno_intake_set_interfaces (self, dyno_json_member (head, "interfaces"));
  self->key_chosen = (guint16) CLAMP (dyno_json_get_integer (head, "chosen", 0), 0, 0xFFFE);
  self->chosen_us = read_us (head, "chosen_since");
}

static void
read_pins (DynoIntake     *self,
           const DynoJson *array)
{
  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    dyno_intake_add_pin (self, dyno_json_element (array, i));
}

static void
read_sequence (DynoSequence   *sequence,
               const DynoJson *object)
{
  const DynoJson *missing = dyno_json_member (object, "missing");
  const DynoJson *memory = dyno_json_member (object, "memory");
  gint64 last = dyno_json_get_integer (object, "last", -1);
  guint n = MIN (dyno_json_n_elements (memory) / 4, DYNO_SEQUENCE_MEMORY);

  sequence->has_last = last >= 0;
  sequence->last = (guint8) CLAMP (last, 0, 255);
  sequence->late_run = (guint8) CLAMP (dyno_json_get_integer (object, "late_run", 0), 0, 100);
  sequence->advanced_us = read_us (object, "advanced");
  for (guint i = 0; i < dyno_json_n_elements (missing); i++)
    {
      gint64 seq = element (missing, i, 0, 255);

      sequence->missing[seq / 64] |= G_GUINT64_CONSTANT (1) << (seq % 64);
    }
  for (guint i = 0; i < n; i++)
    {
      DynoSequenceStep *step = &sequence->memory[i];

      step->seq = (guint8) element (memory, 4 * i, 0, 255);
      step->sum = (guint32) element (memory, 4 * i + 1, 0, G_MAXUINT32);
      step->ifindex = (guint32) element (memory, 4 * i + 2, 0, G_MAXUINT32);
      step->arrival_us = element_us (memory, 4 * i + 3);
    }
  sequence->n_memory = n;
  read_counts (dyno_json_member (object, "counts"), &sequence->received,
               6 * sizeof sequence->received);
}

static void
read_clock (DynoHostClock  *clock,
            const DynoJson *object)
{
  const DynoJson *pongs = dyno_json_member (object, "pongs");
  const DynoJson *lags = dyno_json_member (object, "lags");
  gint64 last = dyno_json_get_integer (object, "last", -1);

  clock->has_last = last >= 0;
  clock->last_ms = CLAMP (last, 0, DYNO_KEY_MOST / 1000);
  clock->last_arrival_us = read_us (object, "arrival");
  clock->n_pongs = MIN (dyno_json_n_elements (pongs) / 3, DYNO_HOST_CLOCK_PONGS);
  for (guint i = 0; i < clock->n_pongs; i++)
    clock->pongs[i] = (DynoHostClockPong){ element_us (pongs, 3 * i),
                                           element_us (pongs, 3 * i + 1),
                                           element (pongs, 3 * i + 2, 0, G_USEC_PER_SEC) };
  for (guint i = 0; i < MIN (dyno_json_n_elements (lags) / 2, DYNO_HOST_CLOCK_BUCKETS); i++)
    dyno_host_clock_restore_lag (clock, element_us (lags, 2 * i), element_us (lags, 2 * i + 1));
}

static void
read_pending (DynoHost       *host,
              const DynoJson *array)
{
  for (guint i = 0; i < MIN (dyno_json_n_elements (array) / 4, DYNO_HOST_PENDING); i++)
    {
      DynoPending pending = { .id = (guint16) element (array, 4 * i, 0, G_MAXUINT16),
                              .value = float_of (element (array, 4 * i + 1, 0, G_MAXUINT32)),
                              .t_us = element_us (array, 4 * i + 2),
                              .arrival_us = element_us (array, 4 * i + 3) };

      dyno_host_push_pending (host, &pending);
    }
}

static void
read_set_sum (DynoHost       *host,
              const DynoJson *object)
{
  const char *text = dyno_json_get_string (object, "sum");

  if (text == NULL || strlen (text) != 2 * DYNO_SHA256_SIZE)
    return;
  host->has_set_sum = TRUE;
  for (guint i = 0; i < DYNO_SHA256_SIZE; i++)
    host->set_sum[i] = (guint8) (g_ascii_xdigit_value (text[2 * i]) << 4
                                 | (g_ascii_xdigit_value (text[2 * i + 1]) & 15));
}

static void
read_host (DynoIntake     *self,
           const DynoJson *object)
{
  guint16 id = (guint16) CLAMP (dyno_json_get_integer (object, "id", 0), 0, 0xFFFE);
  DynoHost *evicted;
  DynoHost *host;
  const char *name = dyno_json_get_string (object, "name");

  if (id == 0 || dyno_hosts_find (&self->hosts, id) != NULL
      || !dyno_intake_is_clean (name, DYNO_KLHDV_PROVIDER_TEXT)
      || self->hosts.hosts->len >= DYNO_HOSTS_MOST)
    return;

  host = dyno_hosts_add (&self->hosts, id, NULL, self->now_us, &evicted);
  g_free (host->name);
  host->name = g_strdup (name);
  dyno_address_parse (dyno_json_get_string (object, "address"), &host->address);
  host->port = (guint16) CLAMP (dyno_json_get_integer (object, "port", 0), 0, G_MAXUINT16);
  host->ifindex = (guint32) CLAMP (dyno_json_get_integer (object, "ifindex", 0), 0, G_MAXINT32);
  host->first_us = read_us (object, "first");
  host->last_us = read_us (object, "last");
  host->last_values_us = read_us (object, "last_values");
  host->last_info_us = read_us (object, "last_info");
  host->presence = (DynoHostPresence) CLAMP (dyno_json_get_integer (object, "presence", 0), 0,
                                             DYNO_HOST_GONE);
  host->is_incompatible = dyno_json_get_boolean (object, "incompatible", FALSE);
  host->is_provider = dyno_json_get_boolean (object, "provider", FALSE);
  host->generation
    = (guint32) CLAMP (dyno_json_get_integer (object, "generation", 1), 1, G_MAXUINT32 / 2);
  host->has_origin = dyno_json_type (dyno_json_member (object, "origin")) == DYNO_JSON_NUMBER;
  host->origin_us = read_us (object, "origin");
  host->has_spoken = dyno_json_get_boolean (object, "spoken", FALSE);
  host->list_was_told = dyno_json_get_boolean (object, "told", FALSE);
  read_set_sum (host, object);
  host->n_requests = (guint) CLAMP (dyno_json_get_integer (object, "requests", 0), 0, 1000000);
  host->next_request_us = read_us (object, "next_request");
  host->next_ping_us = read_us (object, "next_ping");
  read_counts (dyno_json_member (object, "counts"), &host->counts, sizeof host->counts);
  read_sequence (&host->sequence, dyno_json_member (object, "sequence"));
  read_clock (&host->clock, dyno_json_member (object, "clock"));
  read_pending (host, dyno_json_member (object, "pending"));
}

static void
read_health (DynoLiveHealth *health,
             const DynoJson *row,
             guint           marks)
{
  health->has_finite = (marks & 2) != 0;
  health->has_changed = (marks & 4) != 0;
  health->is_low_pegged = (marks & 8) != 0;
  health->last_was_pegged = (marks & 16) != 0;
  health->has_other_unit = (marks & 32) != 0;
  health->n_samples = (guint64) element (row, 6, 0, DYNO_KEY_MOST);
  health->last = float_of (element (row, 7, 0, G_MAXUINT32));
  health->last_t_us = element_us (row, 8);
  health->last_arrival_us = element_us (row, 9);
  health->last_finite_us = element_us (row, 10);
  health->same_since_us = element_us (row, 11);
  health->low_peg_since_us = element_us (row, 12);
  health->invalid_score = (int) element (row, 13, 0, 20);
}

static void
read_channel (DynoIntake     *self,
              DynoHost       *host,
              const DynoJson *row)
{
  const char *name = dyno_json_string (dyno_json_element (row, 1));
  guint marks = (guint) element (row, 5, 0, 63);
  DynoKlhdvEntry entry = { .id = (guint16) element (row, 0, 0, G_MAXUINT16),
                           .unit = (guint8) element (row, 2, 0, 255),
                           .is_full_width = (marks & 1) != 0 };
  g_autoptr(DynoWireChannel) made = NULL;
  DynoWireChannel fields;
  DynoWireChannel *old;
  DynoSlot *slot;

  if (!dyno_intake_is_clean (name, sizeof entry.name) || name[0] == '\0'
      || dyno_host_slot (host, entry.id) != NULL)
    return;
  g_strlcpy (entry.name, name, sizeof entry.name);
  if (dyno_host_merge (&self->hosts, host, &entry, &slot, &old) != DYNO_MERGE_ADDED)
    return;

  made = slot->channel;
  fields = *made;
  fields.occurrence = (guint) element (row, 3, 1, DYNO_HOST_CHANNELS_MOST);
  fields.index = (guint32) element (row, 4, 0, G_MAXUINT32 / 2);
  slot->channel = dyno_wire_channel_new (&fields);
  if (dyno_json_n_elements (row) >= 14)
    read_health (&slot->health, row, marks);
}

/* The channels keep the numbers they had; making them uses none. */
static void
read_channels (DynoIntake     *self,
               DynoHost       *host,
               const DynoJson *rows)
{
  guint32 next_index = self->hosts.next_index;

  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    read_channel (self, host, dyno_json_element (rows, i));
  self->hosts.next_index = next_index;
}

static void
read_bindings (DynoHost       *host,
               const DynoJson *array)
{
  for (guint i = 0; i + 6 <= dyno_json_n_elements (array); i += 6)
    {
      const char *name = dyno_json_string (dyno_json_element (array, i));
      DynoChannel canonical = dyno_channel_find (name);
      gint64 marks = element (array, i + 2, 0, 3);
      DynoBound bound = { .is_bound = TRUE,
                          .is_provisional = (marks & 1) != 0,
                          .is_pinned = (marks & 2) != 0,
                          .slot = (guint) element (array, i + 1, 0, G_MAXUINT16),
                          .by = (DynoBoundBy) element (array, i + 3, 0, DYNO_BOUND_BY_PATTERN),
                          .rank = (guint8) element (array, i + 4, 0, 255),
                          .since_us = element_us (array, i + 5) };

      if (canonical != DYNO_CHANNEL_NONE && bound.slot < host->slots->len)
        dyno_binding_restore (host->binding, canonical, &bound);
    }
}

/* The columns that are there already begin here for who listens from here. */
static void
announce_host (DynoIntake *self,
               DynoHost   *host)
{
  if (host->name[0] != '\0')
    dyno_intake_event (self, DYNO_EVENT_PROVIDER_NEW, host)->text = g_strdup (host->name);
  for (guint i = 0; i < host->slots->len; i++)
    {
      DynoSlot *slot = g_ptr_array_index (host->slots, i);

      dyno_intake_channel_event (self, DYNO_EVENT_CHANNEL_ADDED, host, slot->channel);
    }
  dyno_intake_link_sensors (host);
  dyno_intake_pin_host (self, host);
  dyno_intake_apply_bindings (self, host);
  host->list_is_new = FALSE;
}

static void
finish_key (DynoIntake *self)
{
  self->chosen = dyno_hosts_find (&self->hosts, self->key_chosen);
  for (guint i = 0; i < self->hosts.hosts->len; i++)
    announce_host (self, g_ptr_array_index (self->hosts.hosts, i));
  if (self->chosen != NULL)
    dyno_intake_event (self, DYNO_EVENT_PROVIDER_CHOSEN, self->chosen)->text
      = g_strdup (self->chosen->name);
  dyno_intake_judge_link (self);
  self->is_reading_key = FALSE;
  self->was_fed = TRUE;
}

void
dyno_intake_drop_key (DynoIntake *self)
{
  dyno_hosts_clear (&self->hosts);
  dyno_hosts_init (&self->hosts, 0);
  g_ptr_array_set_size (self->pins, 0);
  g_array_set_size (self->interfaces, 0);
  g_clear_pointer (&self->wanted, g_free);
  memset (&self->counts, 0, sizeof self->counts);
  memset (&self->node, 0, sizeof self->node);
  self->node.phase = DYNO_NODE_OFF;
  self->chosen = NULL;
  self->is_on = FALSE;
  self->now_us = 0;
  self->next_tick_us = 0;
  self->is_reading_key = FALSE;
}

static void
read_part (DynoIntake     *self,
           const char     *name,
           const DynoJson *part)
{
  gint64 id = dyno_json_get_integer (part, "id", 0);
  DynoHost *host = dyno_hosts_find (&self->hosts, (guint16) CLAMP (id, 0, 0xFFFE));

  if (g_str_equal (name, "key_pins"))
    read_pins (self, dyno_json_member (part, "pins"));
  else if (g_str_equal (name, "key_host"))
    read_host (self, part);
  else if (g_str_equal (name, "key_channels") && host != NULL)
    read_channels (self, host, dyno_json_member (part, "rows"));
  else if (g_str_equal (name, "key_bindings") && host != NULL)
    read_bindings (host, dyno_json_member (part, "bindings"));
  else if (g_str_equal (name, "key_end"))
    finish_key (self);
}

gboolean
dyno_intake_read_key (DynoIntake     *self,
                      const DynoJson *event)
{
  const char *name = dyno_json_get_string (event, "event");
  gboolean begins = g_str_equal (name, "key");

  if (g_str_equal (name, "start"))
    return TRUE;
  if (!begins && !g_str_has_prefix (name, "key_"))
    return FALSE;
  if (self->was_fed)
    return TRUE;

  if (begins)
    {
      dyno_intake_drop_key (self);
      read_head (self, event);
      self->is_reading_key = TRUE;
    }
  else if (self->is_reading_key)
    read_part (self, name, event);

  return TRUE;
}
