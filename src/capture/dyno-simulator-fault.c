/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-simulator-private.h"

#include <math.h>
#include <string.h>

/* What the words of a scenario do. Thread dyno-simulator. */

#define PEGGED_AFR 22.39f
#define MOST_FUZZ 200

gboolean
dyno_fault_is_early (const DynoFault *fault)
{
  return (fault->verb >= DYNO_FAULT_DROP && fault->verb <= DYNO_FAULT_INFO_ON)
         || (fault->verb >= DYNO_FAULT_WRAP && fault->verb <= DYNO_FAULT_SEQ_RESTART);
}

/* By number on the wire, else by name. */
static DynoSimulatorChannel *
find_channel (DynoSimulator *self,
              const char    *wanted)
{
  guint64 id;
  gboolean is_number = g_ascii_string_to_unsigned (wanted, 10, 0, G_MAXUINT16, &id, NULL);

  for (guint i = 0; i < self->channels->len; i++)
    {
      DynoSimulatorChannel *channel = g_ptr_array_index (self->channels, i);

      if (!channel->is_removed
          && (is_number ? channel->id == id : g_str_equal (channel->name, wanted)))
        return channel;
    }

  return NULL;
}

static double
or_zero (double number)
{
  return isnan (number) ? 0 : number;
}

static void
set_clock (DynoSimulator *self,
           double         clock_ms)
{
  self->clock_base_ms = clock_ms;
  self->clock_since_ms = dyno_machine_time_ms (self->machine);
}

static double
clock_now (const DynoSimulator *self)
{
  return self->clock_base_ms
         + (double) (dyno_machine_time_ms (self->machine) - self->clock_since_ms)
             * self->clock_rate;
}

static void
drive (DynoSimulator   *self,
       const DynoFault *fault)
{
  DynoCycle *cycle = dyno_machine_cycle (self->machine);

  self->is_over = FALSE;
  if (fault->verb == DYNO_FAULT_PULL)
    dyno_cycle_drive (cycle, DYNO_CYCLE_PULL);
  else if (fault->verb == DYNO_FAULT_CELLS)
    dyno_cycle_drive (cycle, DYNO_CYCLE_CELLS);
  else if (fault->verb == DYNO_FAULT_IDLE)
    dyno_cycle_drive (cycle, DYNO_CYCLE_IDLE);
  else if (fault->verb == DYNO_FAULT_THROTTLE)
    dyno_cycle_throttle (cycle, fault->numbers[0]);
  else if (fault->verb == DYNO_FAULT_BRAKE)
    dyno_cycle_brake (cycle, fault->numbers[0]);
  else if (!dyno_cycle_gear (cycle, (int) fault->numbers[0]))
    g_message ("The engine has no gear %g", fault->numbers[0]);
}

static DynoSimulatorChannel *
channel_at (DynoSimulator *self,
            guint          index)
{
  return g_ptr_array_index (self->channels, index % self->channels->len);
}

/* Every id becomes another one's. */
static void
renumber (DynoSimulator *self,
          gboolean       is_silent)
{
  guint16 first = channel_at (self, 0)->id;

  dyno_transmit_flush (self->transmit); /* what is queued has the old numbers */
  for (guint i = 0; i + 1 < self->channels->len; i++)
    channel_at (self, i)->id = channel_at (self, i + 1)->id;
  channel_at (self, self->channels->len - 1)->id = first;
  dyno_simulator_list (self, is_silent);
}

static void
add_channel (DynoSimulator *self,
             const char    *name)
{
  DynoSimulatorChannel *channel = g_new0 (DynoSimulatorChannel, 1);

  for (guint i = 0; i < self->channels->len; i++)
    {
      const DynoSimulatorChannel *other = g_ptr_array_index (self->channels, i);

      channel->id = MAX (channel->id, (guint16) (other->id + 1));
    }
  channel->name = g_strdup (name);
  channel->unit = DYNO_KLHDV_UNIT_NONE;
  g_ptr_array_add (self->channels, channel);
  dyno_simulator_list (self, TRUE);
}

static void
change_list (DynoSimulator   *self,
             const DynoFault *fault)
{
  DynoSimulatorChannel *channel
    = fault->channel != NULL ? find_channel (self, fault->channel) : NULL;

  if (fault->channel != NULL && channel == NULL)
    {
      g_message ("There is no channel %s", fault->channel);
      return;
    }
  dyno_transmit_flush (self->transmit);
  if (fault->verb == DYNO_FAULT_RENAME)
    {
      g_free (channel->name);
      channel->name = g_strdup (fault->text);
    }
  else if (fault->verb == DYNO_FAULT_UNIT)
    channel->unit = (guint8) fault->numbers[0];
  else
    channel->is_removed = TRUE;
  dyno_simulator_list (self, fault->verb != DYNO_FAULT_REMOVE);
}

static void
restart (DynoSimulator *self,
         gboolean       keeps_id)
{
  self->is_vanished = FALSE;
  self->stall_until_us = 0;
  set_clock (self, 0);
  dyno_transmit_set_clock (self->transmit, 0);
  dyno_transmit_restart (self->transmit, dyno_node_chance (&self->chance), keeps_id, self->now_us);
}

static void
override_value (DynoSimulator   *self,
                const DynoFault *fault)
{
  DynoSimulatorChannel *channel = find_channel (self, fault->channel);
  double seconds = fault->numbers[fault->verb == DYNO_FAULT_SET ? 1 : 0];

  if (channel == NULL)
    {
      g_message ("There is no channel %s", fault->channel);
      return;
    }
  channel->override = fault->verb == DYNO_FAULT_MUTE     ? DYNO_OVERRIDE_MUTE
                      : fault->verb == DYNO_FAULT_FREEZE ? DYNO_OVERRIDE_FREEZE
                                                         : DYNO_OVERRIDE_SET;
  channel->until_ms = isnan (seconds)
                        ? G_MAXINT64
                        : dyno_machine_time_ms (self->machine) + (gint64) (seconds * 1000);
  if (fault->verb == DYNO_FAULT_SET)
    channel->value = (float) fault->numbers[0];
  else if (fault->verb == DYNO_FAULT_NAN)
    channel->value = NAN;
  else if (fault->verb == DYNO_FAULT_INF)
    channel->value = INFINITY;
  else if (fault->verb == DYNO_FAULT_PEG)
    channel->value = PEGGED_AFR;
}

/* Other nodes speak from a socket of their own, or they would be our echo. */
static void
send_as_other (DynoSimulator *self,
               const guint8  *data,
               gsize          size)
{
  DynoWireConfig config = { .group = self->group, .port = self->port, .ttl = self->ttl };
  g_autoptr(GError) error = NULL;

  if (self->others == NULL)
    self->others = dyno_wire_open (&config, &error);
  if (self->others == NULL)
    g_message ("%s", error->message);
  else
    dyno_wire_send (self->others, self->interface.index, data, size);
}

static void
second_send_cb (const guint8 *data,
                gsize         size,
                gpointer      user_data)
{
  send_as_other (user_data, data, size);
}

static void
start_second (DynoSimulator *self,
              const char    *name)
{
  DynoTransmitConfig config = { .name = name, .seed = dyno_node_chance (&self->chance) };
  DynoKlhdvEntry entries[2];

  g_clear_pointer (&self->second, dyno_transmit_free);
  self->second = dyno_transmit_new (&config, second_send_cb, self);
  dyno_klhdv_set_entry (&entries[0], 0, "Engine RPM", 8);
  dyno_klhdv_set_entry (&entries[1], 1, "Air/Fuel Ratio 1", 11);
  dyno_transmit_set_channels (self->second, entries, G_N_ELEMENTS (entries), TRUE);
  dyno_transmit_start (self->second, self->now_us);
}

void
dyno_simulator_step_others (DynoSimulator *self)
{
  guint32 clock_ms = dyno_simulator_clock (self);

  if (self->second == NULL)
    return;

  dyno_transmit_set_clock (self->second, clock_ms);
  dyno_transmit_step (self->second, self->now_us);
  dyno_transmit_queue (self->second, 0, clock_ms, 1234);
  dyno_transmit_queue (self->second, 1, clock_ms, 13.5f);
  dyno_transmit_flush (self->second);
}

static void
ping_as (DynoSimulator *self,
         guint16        host,
         guint8         version)
{
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  guint8 seq = (guint8) dyno_node_chance (&self->chance);
  DynoKlhdvHeader header = { host, seq, DYNO_KLHDV_ALL_HOSTS };
  DynoKlhdvPing ping = { .version = version };

  send_as_other (self, data, dyno_klhdv_write_ping (data, &header, &ping));
}

static guint16
pick_host (DynoSimulator *self)
{
  return (guint16) (1 + dyno_node_chance (&self->chance) % 0xFFFE);
}

/* The id of whoever was heard last is taken; ours where nobody was. */
static void
collide (DynoSimulator *self)
{
  guint16 id = self->last_heard != 0 ? self->last_heard : dyno_transmit_host_id (self->transmit);

  if (id != 0)
    ping_as (self, id, DYNO_KLHDV_VERSION);
}

static void
storm (DynoSimulator *self,
       guint          n)
{
  guint16 host = pick_host (self);
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];

  for (guint i = 0; i < n; i++)
    {
      DynoKlhdvHeader header = { host, (guint8) i, DYNO_KLHDV_ALL_HOSTS };

      send_as_other (self, data, dyno_klhdv_write_empty (data, &header, DYNO_KLHDV_REQUEST_INFO));
    }
}

static void
send_malformed (DynoSimulator *self,
                const char    *name)
{
  guint8 data[256];
  gsize size;

  if (dyno_fault_malformed (name, data, &size))
    send_as_other (self, data, size);
}

static void
send_fuzz (DynoSimulator *self,
           guint          n)
{
  guint8 data[MOST_FUZZ];

  for (guint i = 0; i < n; i++)
    {
      gsize size = dyno_node_chance (&self->chance) % sizeof data;

      for (gsize at = 0; at < size; at++)
        data[at] = (guint8) dyno_node_chance (&self->chance);
      send_as_other (self, data, size);
    }
}

static void
apply_to_list (DynoSimulator   *self,
               const DynoFault *fault)
{
  switch ((int) fault->verb)
    {
    case DYNO_FAULT_PAGE_DROP:
      dyno_transmit_drop_pages (self->transmit, (guint) fault->numbers[0]);
      break;
    case DYNO_FAULT_PAGE_ORDER:
      dyno_transmit_set_reversed (self->transmit, g_str_equal (fault->text, "reverse"));
      break;
    case DYNO_FAULT_INFO_OFF:
    case DYNO_FAULT_INFO_ON:
      dyno_transmit_set_info (self->transmit, fault->verb == DYNO_FAULT_INFO_ON);
      break;
    case DYNO_FAULT_RENUMBER:
      renumber (self, g_str_equal (fault->text, "silent"));
      break;
    case DYNO_FAULT_ADD:
      add_channel (self, fault->text);
      break;
    default:
      change_list (self, fault);
      break;
    }
}

static void
apply_to_life (DynoSimulator   *self,
               const DynoFault *fault)
{
  switch ((int) fault->verb)
    {
    case DYNO_FAULT_CLEAR:
      dyno_transmit_clear (self->transmit);
      dyno_transmit_announce (self->transmit);
      break;
    case DYNO_FAULT_RESTART:
    case DYNO_FAULT_RESTART_SAME_ID:
      restart (self, fault->verb == DYNO_FAULT_RESTART_SAME_ID);
      break;
    case DYNO_FAULT_VANISH:
      self->is_vanished = TRUE;
      break;
    case DYNO_FAULT_STALL:
      self->stall_until_us = self->now_us + (gint64) (fault->numbers[0] * 1e6);
      break;
    case DYNO_FAULT_WRAP:
      set_clock (self, 4294967296.0 - fault->numbers[0] * 1000);
      break;
    case DYNO_FAULT_CLOCK_JUMP:
      set_clock (self, clock_now (self) + fault->numbers[0]);
      break;
    case DYNO_FAULT_DRIFT:
      set_clock (self, clock_now (self));
      self->clock_rate = 1 + fault->numbers[0] * 1e-6;
      break;
    default:
      dyno_transmit_set_seq (self->transmit, (guint8) dyno_node_chance (&self->chance));
      break;
    }
}

static void
apply_to_others (DynoSimulator   *self,
                 const DynoFault *fault)
{
  guint n = (guint) or_zero (fault->numbers[0]);

  switch ((int) fault->verb)
    {
    case DYNO_FAULT_SECOND:
      start_second (self, fault->text);
      break;
    case DYNO_FAULT_COLLIDE:
      collide (self);
      break;
    case DYNO_FAULT_VERSION:
      ping_as (self, pick_host (self), (guint8) n);
      break;
    case DYNO_FAULT_STORM:
      storm (self, n);
      break;
    case DYNO_FAULT_MALFORMED:
      send_malformed (self, fault->text);
      break;
    default:
      send_fuzz (self, n);
      break;
    }
}

static void
tell_fault (DynoSimulator   *self,
            const DynoFault *fault)
{
  DynoSimulatorEvent event = dyno_simulator_event (self, DYNO_SIMULATOR_FAULT);
  DynoJsonWriter *w = dyno_truth_begin (self->truth, event.t_s, "fault");

  if (w != NULL)
    dyno_json_writer_add_string (w, "line", fault->line);
  dyno_truth_end (self->truth, w);
  event.text = fault->line;
  dyno_simulator_tell (self, &event);
}

void
dyno_simulator_apply (DynoSimulator   *self,
                      const DynoFault *fault)
{
  if (fault->verb <= DYNO_FAULT_BRAKE)
    drive (self, fault);
  else if (fault->verb <= DYNO_FAULT_DELAY)
    dyno_fault_net_set (self->net, fault);
  else if (fault->verb <= DYNO_FAULT_REMOVE)
    apply_to_list (self, fault);
  else if (fault->verb <= DYNO_FAULT_SEQ_RESTART)
    apply_to_life (self, fault);
  else if (fault->verb <= DYNO_FAULT_PEG)
    override_value (self, fault);
  else
    apply_to_others (self, fault);
  tell_fault (self, fault);
}
