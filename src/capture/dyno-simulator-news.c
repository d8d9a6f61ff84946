/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-simulator-private.h"

/* What is told of a simulation: to the owner, and to the truth file. Thread
 * dyno-simulator. */

void
dyno_simulator_tell (DynoSimulator            *self,
                     const DynoSimulatorEvent *event)
{
  if (self->func != NULL)
    self->func (event, self->user_data);
}

DynoSimulatorEvent
dyno_simulator_event (const DynoSimulator    *self,
                      DynoSimulatorEventKind  kind)
{
  return (DynoSimulatorEvent){ .kind = kind, .t_s = dyno_simulator_time_s (self) };
}

void
dyno_simulator_tell_ready (DynoSimulator *self)
{
  DynoSimulatorEvent event = dyno_simulator_event (self, DYNO_SIMULATOR_READY);
  DynoJsonWriter *w = dyno_truth_begin (self->truth, event.t_s, "ready");
  char id[8];

  if (w != NULL)
    {
      g_snprintf (id, sizeof id, "0x%04X", dyno_transmit_host_id (self->transmit));
      dyno_json_writer_add_string (w, "host_id", id);
      dyno_json_writer_add_string (w, "name", self->name);
    }
  dyno_truth_end (self->truth, w);
  dyno_simulator_tell (self, &event);
}

static void
tell_pull_end (DynoSimulator *self)
{
  DynoSimulatorEvent event = dyno_simulator_event (self, DYNO_SIMULATOR_PULL_END);
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
  dyno_simulator_tell (self, &event);
}

static void
tell_cell (DynoSimulator *self)
{
  DynoSimulatorEvent event = dyno_simulator_event (self, DYNO_SIMULATOR_CELL);

  dyno_cycle_cell (dyno_machine_cycle (self->machine), &event.rpm, &event.map_kpa);
  dyno_simulator_tell (self, &event);
}

void
dyno_simulator_take_news (DynoSimulator *self,
                          DynoCycleNews  news)
{
  DynoSimulatorEvent event;

  switch (news)
    {
    case DYNO_CYCLE_PULL_STARTS:
      event = dyno_simulator_event (self, DYNO_SIMULATOR_PULL_START);
      dyno_truth_end (self->truth, dyno_truth_begin (self->truth, event.t_s, "pull_start"));
      dyno_simulator_tell (self, &event);
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

void
dyno_simulator_tell_dropped (DynoSimulator *self,
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

void
dyno_simulator_tell_totals (DynoSimulator *self)
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
