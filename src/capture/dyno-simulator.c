/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-simulator-private.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "dyno-crypt.h"

#define DEFAULT_NAME "DynoAI Simulator"

static void
channel_free (DynoSimulatorChannel *channel)
{
  g_free (channel->name);
  g_free (channel);
}

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

  self->machine = dyno_machine_new (&setup, dyno_simulator_sample_cb, self, error);

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

  self->transmit = dyno_transmit_new (&config, dyno_simulator_send_cb, self);
  self->net = dyno_fault_net_new (dyno_node_chance (&self->chance), dyno_simulator_net_cb, self);
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
  if (config->seed == 0)
    dyno_crypt_random (&self->chance, sizeof self->chance);
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
  dyno_worker_push (self->worker, task, dyno_simulator_run_cb);

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
