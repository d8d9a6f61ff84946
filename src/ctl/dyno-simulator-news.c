/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-simulator-news.h"

#include "dyno-print.h"

struct _DynoSimulatorNews
{
  DynoCtl                   *ctl;     /* (borrowed) */
  const DynoSimulatorConfig *config;  /* (borrowed) */
  GMainContext              *context; /* (owned) of the main thread */
  GAsyncQueue               *events;  /* (owned) carries its own lock */
  guint                      n_pulls;
  double                     last_s;
  gboolean                   is_done;
};

static DynoSimulatorEvent *
event_copy (const DynoSimulatorEvent *event)
{
  DynoSimulatorEvent *copy = g_new (DynoSimulatorEvent, 1);

  *copy = *event;
  copy->text = g_strdup (event->text);

  return copy;
}

static void
event_free (gpointer data)
{
  DynoSimulatorEvent *event = data;

  g_free ((char *) event->text);
  g_free (event);
}

DynoSimulatorNews *
dyno_simulator_news_new (DynoCtl                   *ctl,
                         const DynoSimulatorConfig *config)
{
  DynoSimulatorNews *self = g_new0 (DynoSimulatorNews, 1);

  self->ctl = ctl;
  self->config = config;
  self->context = g_main_context_ref_thread_default ();
  self->events = g_async_queue_new_full (event_free);

  return self;
}

void
dyno_simulator_news_free (DynoSimulatorNews *self)
{
  if (self == NULL)
    return;

  g_async_queue_unref (self->events);
  g_main_context_unref (self->context);
  g_free (self);
}

void
dyno_simulator_news_cb (const DynoSimulatorEvent *event,
                        gpointer                  user_data)
{
  DynoSimulatorNews *self = user_data;

  g_async_queue_push (self->events, event_copy (event));
  g_main_context_wakeup (self->context);
}

static const char *
event_name (DynoSimulatorEventKind kind)
{
  static const char *const names[] = { "ready", "pull_start", "pull_end", "cell", "fault", "done" };

  return names[kind];
}

static void
write_peaks (DynoJsonWriter           *w,
             const DynoSimulatorEvent *event)
{
  dyno_json_writer_add_number (w, "duration_s", event->duration_s);
  dyno_json_writer_add_number (w, "peak_power_kw", event->peak_power_kw);
  dyno_json_writer_add_number (w, "peak_power_rpm", event->peak_power_rpm);
  dyno_json_writer_add_number (w, "peak_torque_nm", event->peak_torque_nm);
  dyno_json_writer_add_number (w, "peak_torque_rpm", event->peak_torque_rpm);
}

static void
write_members (DynoSimulatorNews        *self,
               DynoJsonWriter           *w,
               const DynoSimulatorEvent *event)
{
  switch (event->kind)
    {
    case DYNO_SIMULATOR_READY:
      dyno_json_writer_add_string (w, "interface", self->config->interface);
      dyno_json_writer_add_string (w, "group", self->config->group);
      dyno_json_writer_add_integer (w, "port", self->config->port);
      break;
    case DYNO_SIMULATOR_PULL_END:
      write_peaks (w, event);
      break;
    case DYNO_SIMULATOR_CELL:
      dyno_json_writer_add_number (w, "rpm", event->rpm);
      dyno_json_writer_add_number (w, "map_kpa", event->map_kpa);
      break;
    case DYNO_SIMULATOR_FAULT:
      dyno_json_writer_add_string (w, "text", event->text);
      break;
    case DYNO_SIMULATOR_PULL_START:
    case DYNO_SIMULATOR_DONE:
    default:
      break;
    }
}

static void
print_event_json (DynoSimulatorNews        *self,
                  const DynoSimulatorEvent *event)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", event_name (event->kind));
  dyno_json_writer_add_number (w, "t_s", event->t_s);
  write_members (self, w, event);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

/* "78.5 kW at 5001, 161.0 N·m at 3200" */
static char *
peaks_text (DynoSimulatorNews        *self,
            const DynoSimulatorEvent *event)
{
  DynoUnitSet units = dyno_ctl_units (self->ctl);
  g_autofree char *power = dyno_print_quantity (event->peak_power_kw, DYNO_QUANTITY_POWER, units);
  g_autofree char *torque
    = dyno_print_quantity (event->peak_torque_nm, DYNO_QUANTITY_TORQUE, units);
  g_autofree char *power_rpm = dyno_print_number (event->peak_power_rpm, 0);
  g_autofree char *torque_rpm = dyno_print_number (event->peak_torque_rpm, 0);

  return g_strdup_printf ("%s at %s rpm, %s at %s rpm", power, power_rpm, torque, torque_rpm);
}

static char *
event_text (DynoSimulatorNews        *self,
            const DynoSimulatorEvent *event)
{
  g_autofree char *peaks = NULL;
  g_autofree char *number = NULL;
  g_autofree char *map = NULL;

  switch (event->kind)
    {
    case DYNO_SIMULATOR_READY:
      return g_strdup_printf ("A simulated dyno speaks on %s, %s:%u. Ctrl-C ends it.",
                              self->config->interface, self->config->group, self->config->port);
    case DYNO_SIMULATOR_PULL_START:
      return g_strdup_printf ("Pull %u begins.", self->n_pulls);
    case DYNO_SIMULATOR_PULL_END:
      peaks = peaks_text (self, event);
      number = dyno_print_duration (event->duration_s);
      return g_strdup_printf ("Pull %u ends after %s: %s.", self->n_pulls, number, peaks);
    case DYNO_SIMULATOR_CELL:
      number = dyno_print_number (event->rpm, 0);
      map = dyno_print_number (event->map_kpa, 0);
      return g_strdup_printf ("Holds %s rpm, %s kPa.", number, map);
    case DYNO_SIMULATOR_FAULT:
      return g_strdup (event->text);
    case DYNO_SIMULATOR_DONE:
    default:
      return g_strdup ("Done.");
    }
}

static void
print_event (DynoSimulatorNews        *self,
             const DynoSimulatorEvent *event)
{
  g_autofree char *time = dyno_print_number (event->t_s, 1);
  g_autofree char *text = event_text (self, event);

  dyno_print_line ("%7s s  %s", time, text);
}

static void
take_event (DynoSimulatorNews        *self,
            const DynoSimulatorEvent *event)
{
  self->last_s = event->t_s;
  self->n_pulls += event->kind == DYNO_SIMULATOR_PULL_START;
  if (event->kind == DYNO_SIMULATOR_DONE)
    self->is_done = TRUE; /* told with the sums, once they are final */
  else if (self->ctl->is_json)
    print_event_json (self, event);
  else
    print_event (self, event);
}

gboolean
dyno_simulator_news_is_over (DynoSimulatorNews *self)
{
  DynoSimulatorEvent *event;

  while ((event = g_async_queue_try_pop (self->events)) != NULL)
    {
      take_event (self, event);
      event_free (event);
    }

  return self->is_done;
}

void
dyno_simulator_news_end (DynoSimulatorNews *self,
                         DynoSimulator     *simulator)
{
  DynoSimulatorCounts counts;
  DynoJsonWriter *w;

  dyno_simulator_news_is_over (self);
  dyno_simulator_counts (simulator, &counts);
  if (!self->ctl->is_json)
    {
      dyno_print_note (self->ctl, "%" G_GUINT64_FORMAT " datagrams with %" G_GUINT64_FORMAT
                       " values sent, %" G_GUINT64_FORMAT " kept back by faults.",
                       counts.datagrams, counts.samples, counts.dropped);
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", "done");
  dyno_json_writer_add_number (w, "t_s", self->last_s);
  dyno_json_writer_add_integer (w, "pulls", self->n_pulls);
  dyno_json_writer_add_integer (w, "datagrams", (gint64) counts.datagrams);
  dyno_json_writer_add_integer (w, "samples", (gint64) counts.samples);
  dyno_json_writer_add_integer (w, "dropped", (gint64) counts.dropped);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}
