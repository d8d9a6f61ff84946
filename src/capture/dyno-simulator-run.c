/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-simulator-private.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* One long task of a worker: an absolute schedule of flushes, and between them
 * whatever other nodes say. At each flush the machine runs on by as much
 * simulated time as `speed` says, its samples go into the queue, the queue goes
 * out. A thread that was held up catches up; after a second of it the schedule
 * begins anew. */

#define LATE_US G_USEC_PER_SEC
#define CLEAR_PAUSE_US 20000

double
dyno_simulator_time_s (const DynoSimulator *self)
{
  return (double) dyno_machine_time_ms (self->machine) / 1000;
}

static guint32
clock_at (const DynoSimulator *self,
          double               t_ms)
{
  double ms = self->clock_base_ms + (t_ms - (double) self->clock_since_ms) * self->clock_rate;

  return (guint32) (gint64) ms;
}

guint32
dyno_simulator_clock (const DynoSimulator *self)
{
  return clock_at (self, (double) dyno_machine_time_ms (self->machine));
}

/* Between two flushes the machine stands; the clock that others ask for does not. */
static guint32
clock_now (const DynoSimulator *self)
{
  double t_ms = (double) dyno_machine_time_ms (self->machine);
  double since_ms = (double) (self->now_us - self->flushed_us) / 1000;
  double most_ms = dyno_profile_flush_ms (dyno_machine_profile (self->machine));

  if (self->flushed_us == 0)
    return clock_at (self, t_ms);

  return clock_at (self, t_ms + CLAMP (since_ms, 0, most_ms) * self->speed);
}

void
dyno_simulator_list (DynoSimulator *self,
                     gboolean       is_silent)
{
  g_autoptr(GArray) entries = g_array_new (FALSE, FALSE, sizeof (DynoKlhdvEntry));

  for (guint i = 0; i < self->channels->len; i++)
    {
      const DynoSimulatorChannel *channel = g_ptr_array_index (self->channels, i);
      DynoKlhdvEntry entry;

      if (channel->is_removed)
        continue;
      dyno_klhdv_set_entry (&entry, channel->id, channel->name, channel->unit);
      g_array_append_val (entries, entry);
    }
  dyno_transmit_set_channels (self->transmit, (const DynoKlhdvEntry *) (gpointer) entries->data,
                              entries->len, is_silent);
}

/* FALSE where the channel says nothing. */
static gboolean
override (DynoSimulatorChannel *channel,
          gint64                t_ms,
          float                *value)
{
  if (channel->is_removed)
    return FALSE;
  if (channel->override != DYNO_OVERRIDE_NONE && t_ms >= channel->until_ms)
    channel->override = DYNO_OVERRIDE_NONE;

  if (channel->override == DYNO_OVERRIDE_SET)
    *value = channel->value;
  else if (channel->override == DYNO_OVERRIDE_FREEZE)
    *value = channel->last;

  return channel->override != DYNO_OVERRIDE_MUTE;
}

void
dyno_simulator_sample_cb (guint    index,
                          gint64   t_ms,
                          float    value,
                          gpointer user_data)
{
  DynoSimulator *self = user_data;
  DynoSimulatorChannel *channel = g_ptr_array_index (self->channels, index);

  if (!dyno_transmit_is_ready (self->transmit) || self->is_vanished
      || !override (channel, t_ms, &value))
    return;

  channel->last = value;
  channel->n_sent++;
  self->n_samples++;
  dyno_transmit_queue (self->transmit, channel->id, clock_at (self, t_ms), value);
}

void
dyno_simulator_net_cb (const guint8 *data,
                       gsize         size,
                       gboolean      is_dropped,
                       gpointer      user_data)
{
  DynoSimulator *self = user_data;

  if (is_dropped)
    {
      dyno_simulator_tell_dropped (self, data, size);
      return;
    }
  if (dyno_wire_send (self->wire, self->interface.index, data, size))
    self->n_datagrams++;
}

void
dyno_simulator_send_cb (const guint8 *data,
                        gsize         size,
                        gpointer      user_data)
{
  DynoSimulator *self = user_data;

  if (self->is_vanished)
    return;
  self->n_messages[data[0]]++;
  dyno_fault_net_push (self->net, data, size, self->now_us);
}

static gboolean
is_own (const DynoSimulator *self,
        const DynoDatagram  *datagram)
{
  if (datagram->port != dyno_wire_tx_port (self->wire))
    return FALSE;
  for (guint i = 0; i < self->addresses->len; i++)
    {
      if (g_array_index (self->addresses, guint32, i) == datagram->address)
        return TRUE;
    }

  return FALSE;
}

static void
hear (DynoSimulator      *self,
      const DynoDatagram *datagram)
{
  DynoKlhdvFrame frame;

  if (is_own (self, datagram))
    return;
  if (self->others != NULL && datagram->port == dyno_wire_tx_port (self->others))
    {
      dyno_transmit_hear (self->transmit, datagram->data, datagram->size, self->now_us);
      return;
    }

  dyno_klhdv_decode (datagram->data, datagram->size, &frame);
  if (frame.is_tracked)
    self->last_heard = frame.header.host;
  if (!self->is_vanished)
    dyno_transmit_hear (self->transmit, datagram->data, datagram->size, self->now_us);
  if (self->second != NULL)
    dyno_transmit_hear (self->second, datagram->data, datagram->size, self->now_us);
}

static void
hear_all (DynoSimulator *self)
{
  DynoDatagram datagrams[DYNO_WIRE_MOST_AT_ONCE];
  guint n;

  dyno_transmit_set_clock (self->transmit, clock_now (self));
  while ((n = dyno_wire_receive (self->wire, datagrams)) > 0)
    {
      for (guint i = 0; i < n; i++)
        hear (self, &datagrams[i]);
    }
}

static void
take_commands (DynoSimulator *self)
{
  DynoFault *fault;

  while ((fault = g_async_queue_try_pop (self->commands)) != NULL)
    {
      dyno_simulator_apply (self, fault);
      dyno_fault_free (fault);
    }
}

/* Verbs on lists, network and clock at time 0 come before the first list. */
static void
play_scenario (DynoSimulator *self)
{
  double t_s = dyno_simulator_time_s (self);

  while (self->next_fault < self->scenario->len)
    {
      const DynoFault *fault = g_ptr_array_index (self->scenario, self->next_fault);

      if (fault->t_s > t_s)
        return;
      if (!(fault->t_s == 0 && dyno_fault_is_early (fault)))
        dyno_simulator_apply (self, fault);
      self->next_fault++;
    }
}

static void
play_early (DynoSimulator *self)
{
  for (guint i = 0; i < self->scenario->len; i++)
    {
      const DynoFault *fault = g_ptr_array_index (self->scenario, i);

      if (fault->t_s == 0 && dyno_fault_is_early (fault))
        dyno_simulator_apply (self, fault);
    }
}

static void
run_machine (DynoSimulator *self,
             guint          flush_ms)
{
  self->target_ms += flush_ms * self->speed;
  while ((double) dyno_machine_time_ms (self->machine) < self->target_ms && !self->is_over)
    dyno_simulator_take_news (self, dyno_machine_step (self->machine));
}

static void
flush (DynoSimulator *self,
       guint          flush_ms)
{
  dyno_transmit_set_clock (self->transmit, dyno_simulator_clock (self));
  dyno_transmit_step (self->transmit, self->now_us);
  if (!self->was_ready && dyno_transmit_is_ready (self->transmit))
    {
      self->was_ready = TRUE;
      dyno_simulator_tell_ready (self);
    }
  if (!self->was_ready)
    return;

  play_scenario (self);
  run_machine (self, flush_ms);
  self->flushed_us = self->now_us;
  dyno_transmit_set_clock (self->transmit, dyno_simulator_clock (self));
  if (self->now_us >= self->stall_until_us && !self->is_vanished)
    dyno_transmit_flush (self->transmit);
  dyno_simulator_step_others (self);
  self->n_queue_drops = dyno_transmit_n_dropped (self->transmit);
}

/* Until the next flush, a datagram, a message that was held back, or a word from
 * outside. */
static void
wait_until (DynoSimulator *self,
            gint64         flush_us)
{
  gint64 due_us = MIN (flush_us, dyno_fault_net_due (self->net));
  gint64 left_us = MAX (due_us - g_get_monotonic_time (), 0);
  struct timespec timeout = { .tv_sec = left_us / G_USEC_PER_SEC,
                              .tv_nsec = left_us % G_USEC_PER_SEC * 1000 };
  struct pollfd fds[] = { { .fd = self->wake, .events = POLLIN },
                          { .fd = dyno_wire_fd (self->wire), .events = POLLIN } };
  guint64 count;

  if (ppoll (fds, G_N_ELEMENTS (fds), &timeout, NULL) > 0 && (fds[0].revents & POLLIN) != 0
      && read (self->wake, &count, sizeof count) < 0)
    g_debug ("The wake-up of the simulator cannot be read: %s", g_strerror (errno));
}

static void
run (DynoSimulator *self)
{
  guint flush_ms = dyno_profile_flush_ms (dyno_machine_profile (self->machine));
  gint64 begin_us = g_get_monotonic_time ();
  gint64 flush_us = begin_us;

  self->now_us = begin_us;
  play_early (self);
  dyno_transmit_start (self->transmit, begin_us);
  while (!atomic_load (&self->is_stopping) && !self->is_over)
    {
      self->now_us = g_get_monotonic_time ();
      hear_all (self);
      take_commands (self);
      dyno_fault_net_step (self->net, self->now_us);
      if (self->now_us >= flush_us)
        {
          flush (self, flush_ms);
          flush_us += flush_ms * 1000;
          if (self->now_us - flush_us > LATE_US)
            flush_us = self->now_us;
        }
      if (self->seconds > 0 && (double) (self->now_us - begin_us) >= self->seconds * 1e6)
        break;
      wait_until (self, flush_us);
    }
}

static void
leave (DynoSimulator *self)
{
  DynoSimulatorEvent event = dyno_simulator_event (self, DYNO_SIMULATOR_DONE);

  dyno_transmit_flush (self->transmit);
  dyno_transmit_clear (self->transmit);
  g_usleep (CLEAR_PAUSE_US);
  dyno_transmit_clear (self->transmit);
  if (self->second != NULL)
    dyno_transmit_clear (self->second);
  dyno_fault_net_drain (self->net);
  dyno_simulator_tell_totals (self);
  g_clear_pointer (&self->truth, dyno_truth_free);
  g_clear_pointer (&self->wire, dyno_wire_free);
  g_clear_pointer (&self->others, dyno_wire_free);
  atomic_store (&self->is_running, FALSE);
  dyno_simulator_tell (self, &event);
}

void
dyno_simulator_run_cb (GTask    *task,
                       gpointer  owner)
{
  DynoSimulator *self = owner;

  run (self);
  leave (self);
}
