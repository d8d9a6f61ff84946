/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-simulator-private.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* One long task of a worker: an absolute schedule of flushes, and between them
 * whatever other nodes say. At each flush the machine runs on by as much
 * simulated time as `speed` says, its samples go into the queue, the queue goes
 * out. A thread that was held up catches up; after a second of it the schedule
 * begins anew. */

#define LATE_US G_USEC_PER_SEC
#define CLEAR_PAUSE_US 20000
#define DEFAULT_NAME "DynoAI Simulator"

static void
channel_free (DynoSimulatorChannel *channel)
{
  g_free (channel->name);
  g_free (channel);
}

/* thread dyno-simulator: from here to the public functions */

double
dyno_simulator_time_s (const DynoSimulator *self)
{
  return (double) dyno_machine_time_ms (self->machine) / 1000;
}

static guint32
clock_at (const DynoSimulator *self,
          gint64               t_ms)
{
  double ms = self->clock_base_ms + (double) (t_ms - self->clock_since_ms) * self->clock_rate;

  return (guint32) (gint64) ms;
}

guint32
dyno_simulator_clock (const DynoSimulator *self)
{
  return clock_at (self, dyno_machine_time_ms (self->machine));
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

static void
tell (DynoSimulator            *self,
      const DynoSimulatorEvent *event)
{
  if (self->func != NULL)
    self->func (event, self->user_data);
}

static DynoSimulatorEvent
event_now (const DynoSimulator   *self,
           DynoSimulatorEventKind kind)
{
  return (DynoSimulatorEvent){ .kind = kind, .t_s = dyno_simulator_time_s (self) };
}

static void
tell_ready (DynoSimulator *self)
{
  DynoSimulatorEvent event = event_now (self, DYNO_SIMULATOR_READY);
  DynoJsonWriter *w = dyno_truth_begin (self->truth, event.t_s, "ready");
  char id[8];

  if (w != NULL)
    {
      g_snprintf (id, sizeof id, "0x%04X", dyno_transmit_host_id (self->transmit));
      dyno_json_writer_add_string (w, "host_id", id);
      dyno_json_writer_add_string (w, "name", self->name);
    }
  dyno_truth_end (self->truth, w);
  tell (self, &event);
}

static void
tell_pull_end (DynoSimulator *self)
{
  DynoSimulatorEvent event = event_now (self, DYNO_SIMULATOR_PULL_END);
  DynoBikeFigures figures;
  DynoJsonWriter *w = dyno_truth_begin (self->truth, event.t_s, "pull_end");

  dyno_bike_figures (dyno_machine_bike (self->machine), &figures);
  event.duration_s = figures.duration_s;
  event.peak_power_kw = figures.peak_power_corr_kw;
  event.peak_power_rpm = figures.peak_power_rpm;
  event.peak_torque_nm = figures.peak_torque_corr_nm;
  event.peak_torque_rpm = figures.peak_torque_rpm;
  if (w != NULL)
    {
      dyno_json_writer_add_rounded (w, "duration_s", event.duration_s, 3);
      dyno_json_writer_add_rounded (w, "peak_power_kw", event.peak_power_kw, 3);
      dyno_json_writer_add_rounded (w, "peak_power_rpm", event.peak_power_rpm, 0);
      dyno_json_writer_add_rounded (w, "peak_torque_nm", event.peak_torque_nm, 3);
      dyno_json_writer_add_rounded (w, "peak_torque_rpm", event.peak_torque_rpm, 0);
    }
  dyno_truth_end (self->truth, w);
  tell (self, &event);
}

static void
tell_cell (DynoSimulator *self)
{
  DynoSimulatorEvent event = event_now (self, DYNO_SIMULATOR_CELL);

  dyno_cycle_cell (dyno_machine_cycle (self->machine), &event.rpm, &event.map_kpa);
  tell (self, &event);
}

static void
take_news (DynoSimulator *self,
           DynoCycleNews  news)
{
  DynoSimulatorEvent event;

  switch (news)
    {
    case DYNO_CYCLE_PULL_STARTS:
      event = event_now (self, DYNO_SIMULATOR_PULL_START);
      dyno_truth_end (self->truth, dyno_truth_begin (self->truth, event.t_s, "pull_start"));
      tell (self, &event);
      break;
    case DYNO_CYCLE_PULL_ENDS:
      tell_pull_end (self);
      break;
    case DYNO_CYCLE_CELL_HELD:
      tell_cell (self);
      break;
    case DYNO_CYCLE_OVER:
      self->is_over = TRUE;
      break;
    case DYNO_CYCLE_NOTHING:
    default:
      break;
    }
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

static void
sample_cb (guint    index,
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

static void
count_dropped_values (DynoSimulator        *self,
                      const DynoKlhdvFrame *frame)
{
  DynoKlhdvRecord record;

  for (guint i = 0; dyno_klhdv_read_record (frame, i, &record); i++)
    {
      for (guint c = 0; c < self->channels->len; c++)
        {
          DynoSimulatorChannel *channel = g_ptr_array_index (self->channels, c);

          if (!channel->is_removed && channel->id == record.id)
            {
              channel->n_dropped++;
              break;
            }
        }
    }
}

static void
tell_dropped (DynoSimulator *self,
              const guint8  *data,
              gsize          size)
{
  DynoJsonWriter *w = dyno_truth_begin (self->truth, dyno_simulator_time_s (self), "dropped");
  DynoKlhdvFrame frame;

  dyno_klhdv_decode (data, size, &frame);
  if (w != NULL)
    {
      dyno_json_writer_add_integer (w, "seq", frame.header.seq);
      dyno_json_writer_add_integer (w, "key", frame.key);
    }
  dyno_truth_end (self->truth, w);
  count_dropped_values (self, &frame);
  self->n_dropped++;
}

static void
net_cb (const guint8 *data,
        gsize         size,
        gboolean      is_dropped,
        gpointer      user_data)
{
  DynoSimulator *self = user_data;

  if (is_dropped)
    {
      tell_dropped (self, data, size);
      return;
    }
  if (dyno_wire_send (self->wire, self->interface.index, data, size))
    self->n_datagrams++;
}

static void
send_cb (const guint8 *data,
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

  dyno_transmit_set_clock (self->transmit, dyno_simulator_clock (self));
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
    take_news (self, dyno_machine_step (self->machine));
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
      tell_ready (self);
    }
  if (!self->was_ready)
    return;

  play_scenario (self);
  run_machine (self, flush_ms);
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
truth_cb (double   rpm,
          double   map_kpa,
          guint    n,
          double   front,
          double   rear,
          gpointer user_data)
{
  DynoSimulator *self = user_data;
  DynoJsonWriter *w = dyno_truth_begin (self->truth, dyno_simulator_time_s (self), "cell");

  if (w == NULL)
    return;
  dyno_json_writer_add_number (w, "rpm", rpm);
  dyno_json_writer_add_number (w, "map_kpa", map_kpa);
  dyno_json_writer_add_integer (w, "n", n);
  dyno_json_writer_add_number (w, "front", front);
  dyno_json_writer_add_number (w, "rear", rear);
  dyno_truth_end (self->truth, w);
}

static void
tell_totals (DynoSimulator *self)
{
  double t_s = dyno_simulator_time_s (self);
  DynoJsonWriter *w;

  for (guint key = 0; key < G_N_ELEMENTS (self->n_messages) && self->truth != NULL; key++)
    {
      if (self->n_messages[key] == 0)
        continue;
      w = dyno_truth_begin (self->truth, t_s, "sent");
      dyno_json_writer_add_integer (w, "key", key);
      dyno_json_writer_add_integer (w, "messages", (gint64) self->n_messages[key]);
      dyno_truth_end (self->truth, w);
    }
  for (guint i = 0; i < self->channels->len && self->truth != NULL; i++)
    {
      const DynoSimulatorChannel *channel = g_ptr_array_index (self->channels, i);

      w = dyno_truth_begin (self->truth, t_s, "channel");
      dyno_json_writer_add_integer (w, "id", channel->id);
      dyno_json_writer_add_string (w, "name", channel->name);
      dyno_json_writer_add_integer (w, "samples", (gint64) channel->n_sent);
      dyno_json_writer_add_integer (w, "dropped", (gint64) channel->n_dropped);
      dyno_truth_end (self->truth, w);
    }
  dyno_machine_tell_truth (self->machine, truth_cb, self);
}

static void
leave (DynoSimulator *self)
{
  DynoSimulatorEvent event = event_now (self, DYNO_SIMULATOR_DONE);

  dyno_transmit_flush (self->transmit);
  dyno_transmit_clear (self->transmit);
  g_usleep (CLEAR_PAUSE_US);
  dyno_transmit_clear (self->transmit);
  if (self->second != NULL)
    dyno_transmit_clear (self->second);
  dyno_fault_net_drain (self->net);
  tell_totals (self);
  g_clear_pointer (&self->truth, dyno_truth_free);
  g_clear_pointer (&self->wire, dyno_wire_free);
  g_clear_pointer (&self->others, dyno_wire_free);
  atomic_store (&self->is_running, FALSE);
  tell (self, &event);
}

static void
run_cb (GTask    *task,
        gpointer  owner)
{
  DynoSimulator *self = owner;

  run (self);
  leave (self);
}

/* any thread */

static gboolean
choose_interface (DynoSimulator              *self,
                  const DynoSimulatorConfig  *config,
                  GError                    **error)
{
  const char *wish = config->interface != NULL ? config->interface : "lo";
  g_autoptr(GArray) all = dyno_interfaces_list ();
  g_autoptr(GArray) chosen = dyno_interfaces_choose (all, wish);

  if (chosen->len != 1)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "simulator",
                      "The interface %s is not there or not up; name one interface.", wish);
      return FALSE;
    }
  self->interface = g_array_index (chosen, DynoInterface, 0);
  if (!self->interface.is_loopback && !config->is_lan)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "simulator",
                      "A simulated dyno on %s could be taken for a real one. Allow it with --lan.",
                      wish);
      return FALSE;
    }
  self->ttl = config->ttl >= 0 ? config->ttl : self->interface.is_loopback ? 0 : 1;

  return TRUE;
}

/* What breaks receivers must not leave the private group. */
static gboolean
may_break (const DynoSimulator  *self,
           const DynoFault      *fault,
           GError              **error)
{
  guint32 group;

  dyno_address_parse (self->group, &group);
  if (!dyno_fault_is_private (fault)
      || (self->interface.is_loopback && self->ttl == 0
          && !g_str_equal (self->group, DYNO_KLHDV_GROUP) && group != 0))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_DENIED, "simulator",
                  "“%s” makes some receivers deaf for ever. It is allowed only on lo, with TTL 0, "
                  "in a group other than %s (such as 239.255.77.10).",
                  fault->line, DYNO_KLHDV_GROUP);

  return FALSE;
}

static gboolean
read_scenario (DynoSimulator              *self,
               const DynoSimulatorConfig  *config,
               GError                    **error)
{
  self->scenario = dyno_faults_parse (config->scenario != NULL ? config->scenario : "", error);
  if (self->scenario == NULL)
    return FALSE;

  for (guint i = 0; i < self->scenario->len; i++)
    {
      if (!may_break (self, g_ptr_array_index (self->scenario, i), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
build_machine (DynoSimulator              *self,
               const DynoSimulatorConfig  *config,
               GError                    **error)
{
  DynoMachineSetup setup = { .profile = config->profile,
                             .engine = config->engine,
                             .cycle = config->cycle,
                             .gear = config->gear,
                             .n_pulls = config->n_pulls,
                             .period_s = config->period_s,
                             .rate_scale = config->rate_scale,
                             .seed = config->seed,
                             .noise = config->noise >= 0 ? config->noise : 1,
                             .is_exact = config->ve_error_kind == DYNO_VE_ERROR_NONE,
                             .ve_error = config->ve_error_kind == DYNO_VE_ERROR_GRID
                                           ? config->ve_error
                                           : NULL,
                             .table = config->table,
                             .table_rear = config->table_rear };

  self->machine = dyno_machine_new (&setup, sample_cb, self, error);

  return self->machine != NULL;
}

static void
lay_out_channels (DynoSimulator *self)
{
  const DynoProfile *profile = dyno_machine_profile (self->machine);

  for (guint i = 0; i < dyno_profile_n_channels (profile); i++)
    {
      char name[64];
      DynoProfileChannel row = dyno_profile_channel (profile, i, name);
      DynoSimulatorChannel *channel = g_new0 (DynoSimulatorChannel, 1);

      channel->id = (guint16) i;
      channel->name = g_strdup (row.name);
      channel->unit = row.unit;
      g_ptr_array_add (self->channels, channel);
    }
}

static void
build_wire_half (DynoSimulator *self)
{
  DynoTransmitConfig config = { .name = self->name,
                                .size_limit = self->size_limit,
                                .seed = dyno_node_chance (&self->chance),
                                .host_id = self->host_id };

  self->transmit = dyno_transmit_new (&config, send_cb, self);
  self->net = dyno_fault_net_new (dyno_node_chance (&self->chance), net_cb, self);
  dyno_simulator_list (self, TRUE);
}

DynoSimulator *
dyno_simulator_new (const DynoSimulatorConfig  *config,
                    DynoSimulatorFunc           func,
                    gpointer                    user_data,
                    GError                    **error)
{
  g_autoptr(DynoSimulator) self = g_new0 (DynoSimulator, 1);

  self->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->commands = g_async_queue_new_full ((GDestroyNotify) dyno_fault_free);
  self->channels = g_ptr_array_new_with_free_func ((GDestroyNotify) channel_free);
  self->addresses = dyno_interfaces_list_addresses ();
  self->group = g_strdup (config->group != NULL ? config->group : DYNO_KLHDV_GROUP);
  self->port = config->port != 0 ? config->port : DYNO_KLHDV_PORT;
  self->size_limit = config->size_limit;
  self->name = g_strdup (config->name != NULL ? config->name : DEFAULT_NAME);
  self->speed = config->speed > 0 ? config->speed : 1;
  self->seconds = config->seconds;
  self->chance = config->seed;
  self->host_id = config->host_id;
  self->clock_base_ms = config->clock_ms;
  self->clock_rate = 1;
  self->func = func;
  self->user_data = user_data;
  if (!choose_interface (self, config, error) || !read_scenario (self, config, error)
      || !build_machine (self, config, error))
    return NULL;

  if (config->truth_path != NULL)
    {
      self->truth = dyno_truth_new (config->truth_path, error);
      if (self->truth == NULL)
        return NULL;
    }
  lay_out_channels (self);
  build_wire_half (self);

  return g_steal_pointer (&self);
}

void
dyno_simulator_free (DynoSimulator *self)
{
  if (self == NULL)
    return;

  dyno_simulator_stop (self);
  close (self->wake);
  g_async_queue_unref (self->commands);
  g_ptr_array_unref (self->channels);
  g_array_unref (self->addresses);
  g_clear_pointer (&self->scenario, g_ptr_array_unref);
  dyno_machine_free (self->machine);
  dyno_transmit_free (self->transmit);
  dyno_transmit_free (self->second);
  dyno_fault_net_free (self->net);
  dyno_truth_free (self->truth);
  dyno_wire_free (self->wire);
  dyno_wire_free (self->others);
  g_free (self->group);
  g_free (self->name);
  g_free (self);
}

gboolean
dyno_simulator_start (DynoSimulator  *self,
                      GError        **error)
{
  DynoWireConfig config = { .group = self->group, .port = self->port, .ttl = self->ttl };
  g_autoptr(GTask) task = NULL;

  g_return_val_if_fail (self->worker == NULL, FALSE);

  self->wire = dyno_wire_open (&config, error);
  if (self->wire == NULL || !dyno_wire_join (self->wire, self->interface.index, error))
    return FALSE;

  atomic_store (&self->is_running, TRUE);
  task = g_task_new (NULL, NULL, NULL, NULL);
  self->worker = dyno_worker_new ("dyno-simulator", NULL, self);
  dyno_worker_push (self->worker, task, run_cb);

  return TRUE;
}

static void
wake_up (DynoSimulator *self)
{
  guint64 one = 1;

  if (write (self->wake, &one, sizeof one) < 0 && errno != EAGAIN)
    g_warning ("The simulator cannot be woken: %s", g_strerror (errno));
}

void
dyno_simulator_stop (DynoSimulator *self)
{
  g_return_if_fail (self != NULL);

  if (self->worker == NULL)
    return;
  atomic_store (&self->is_stopping, TRUE);
  wake_up (self);
  g_clear_pointer (&self->worker, dyno_worker_free);
}

gboolean
dyno_simulator_is_running (DynoSimulator *self)
{
  return atomic_load (&self->is_running);
}

gboolean
dyno_simulator_command (DynoSimulator  *self,
                        const char     *line,
                        GError        **error)
{
  g_autoptr(DynoFault) fault = dyno_fault_parse (line, FALSE, error);

  if (fault == NULL || !may_break (self, fault, error))
    return FALSE;
  g_async_queue_push (self->commands, g_steal_pointer (&fault));
  wake_up (self);

  return TRUE;
}

void
dyno_simulator_counts (DynoSimulator       *self,
                       DynoSimulatorCounts *counts)
{
  counts->datagrams = self->n_datagrams;
  counts->samples = self->n_samples;
  counts->dropped = self->n_dropped;
  counts->queue_drops = self->n_queue_drops;
}

const char *const *
dyno_simulator_profiles (void)
{
  return dyno_profile_names ();
}

const char *const *
dyno_simulator_engines (void)
{
  static const char *names[32];

  for (guint i = 0; i + 1 < G_N_ELEMENTS (names) && dyno_bike_engine_at (i) != NULL; i++)
    names[i] = dyno_bike_engine_at (i)->name;

  return names;
}

const char *const *
dyno_simulator_cycles (void)
{
  return dyno_cycle_names ();
}

const char *
dyno_simulator_describe (const char *profile)
{
  const DynoProfile *found = dyno_profile_find (profile);

  return found != NULL ? dyno_profile_title (found) : NULL;
}
