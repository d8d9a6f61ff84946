/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-record-private.h"

#include <math.h>
#include <string.h>

#include "dyno-measure.h"

/* The word that is readable from the door, and what belongs to it (ui.md 3.1). */

#define SAVED_US (3 * G_USEC_PER_SEC)
#define LOST_S 1.0

static const DynoProviderState *
provider_in_use (const DynoRecord *self)
{
  return self->state != NULL && self->state->chosen >= 0
           ? &self->state->providers[self->state->chosen] : NULL;
}

/* Other nodes may be there that provide nothing. */
static gboolean
has_provider (const DynoCaptureState *state)
{
  for (guint i = 0; i < state->n_providers; i++)
    {
      if (state->providers[i].is_provider && !state->providers[i].is_gone)
        return TRUE;
    }

  return FALSE;
}

static gboolean
socket_failed (const DynoCaptureState *state)
{
  return state != NULL && (state->reason == DYNO_LINK_REASON_PORT_BUSY
                           || state->reason == DYNO_LINK_REASON_NO_INTERFACE);
}

/* What the dyno alone says. */
static DynoArmPhase
link_phase (const DynoRecord *self)
{
  const DynoProviderState *provider = provider_in_use (self);

  if (self->state == NULL || self->state->link == DYNO_LINK_OFF || !has_provider (self->state))
    return DYNO_ARM_NO_DYNO;
  if (provider == NULL)
    return (self->state->warnings & DYNO_WARNING_ASK_PROVIDER) != 0 ? DYNO_ARM_CONNECTING
                                                                    : DYNO_ARM_NO_DYNO;
  if (provider->is_gone)
    return DYNO_ARM_NO_DYNO;
  if (isnan (provider->value_age_s))
    return DYNO_ARM_CONNECTING;
  if (provider->value_age_s <= LOST_S)
    return DYNO_ARM_LIVE;
  if (provider->n_channels > 0)
    return DYNO_ARM_LINK_LOST;

  /* It took its list back: it has left, or it comes again with another one. */
  return provider->is_silent ? DYNO_ARM_NO_DYNO : DYNO_ARM_CONNECTING;
}

/* The run that people watch: the newest that is not done. */
static const DynoRecording *
run_in_hand (const DynoRecord *self)
{
  if (self->current != NULL)
    return self->current;

  return self->recordings->len > 0
           ? g_ptr_array_index (self->recordings, self->recordings->len - 1) : NULL;
}

static gboolean
is_fresh_saved (const DynoRecord *self)
{
  return self->saved != NULL && self->now_us - self->saved_us < SAVED_US;
}

static DynoArmPhase
find_phase (const DynoRecord *self)
{
  const DynoRecording *run = run_in_hand (self);
  DynoArmPhase link = link_phase (self);

  if (self->failure != NULL || (run != NULL && run->is_incomplete) || socket_failed (self->state))
    return DYNO_ARM_ERROR;
  if (run != NULL && run->end == DYNO_PULL_END_NONE && !run->is_cut)
    return link == DYNO_ARM_LIVE ? DYNO_ARM_RECORDING : DYNO_ARM_LINK_LOST;
  if (run != NULL)
    return DYNO_ARM_SAVING;
  if (is_fresh_saved (self))
    return DYNO_ARM_SAVED;
  if (link == DYNO_ARM_LIVE && dyno_trigger_is_armed (self->trigger))
    return DYNO_ARM_ARMED;

  return link;
}

static const char *
reason_text (const DynoCaptureState *state)
{
  const char *text = state != NULL ? dyno_link_reason_text (state->reason) : "";

  if (*text != '\0')
    return text;
  if (state != NULL && has_provider (state))
    return "A dyno is there; its channels and values are awaited.";

  return "No dyno is heard on the network yet.";
}

static char *
message_for (const DynoRecord *self,
             DynoArmPhase      phase)
{
  const DynoRecording *run = run_in_hand (self);
  const DynoProviderState *provider = provider_in_use (self);

  if (phase == DYNO_ARM_ERROR && self->failure != NULL)
    return g_strdup (self->failure);
  if (phase == DYNO_ARM_ERROR && run != NULL && run->complaint != NULL)
    return g_strdup (run->complaint);
  if (phase == DYNO_ARM_LINK_LOST && provider != NULL)
    return g_strdup_printf ("No data from %s for %.0f s: check the cable.", provider->name,
                            provider->value_age_s);
  if (phase == DYNO_ARM_NO_DYNO && provider != NULL)
    return g_strdup_printf ("%s has left the network.", provider->name);
  if (self->state != NULL && (self->state->warnings & DYNO_WARNING_ASK_PROVIDER) != 0)
    return g_strdup ("Several dynos are on the network. Choose one of them.");
  if (phase == DYNO_ARM_ERROR || phase == DYNO_ARM_NO_DYNO || phase == DYNO_ARM_CONNECTING)
    return g_strdup (reason_text (self->state));

  return NULL;
}

static void
describe_link (const DynoRecord *self,
               DynoArmState     *picture)
{
  const DynoProviderState *provider = provider_in_use (self);

  if (provider == NULL)
    return;

  picture->provider = g_strdup (provider->name);
  picture->host_id = provider->host_id;
  picture->is_simulator = provider->is_simulator;
}

static void
describe_run (const DynoRecord    *self,
              const DynoRecording *run,
              DynoArmState        *picture)
{
  gint64 end_us = run->end == DYNO_PULL_END_NONE && !run->is_cut
                    ? dyno_trigger_now_us (self->trigger) : run->end_us;

  picture->run_id = g_strdup (run->run_id);
  picture->run_number = run->number;
  picture->trigger = run->trigger;
  picture->end = run->end;
  picture->elapsed_s = (double) MAX (end_us - run->start_us, 0) / G_USEC_PER_SEC;
  picture->n_samples = dyno_take_n_samples (run->take);
  picture->n_lost = dyno_take_n_lost (run->take);
  picture->n_gaps = dyno_take_n_gaps (run->take);
  picture->n_marks = dyno_take_n_marks (run->take);
  picture->power_kw = run->power_kw;
  picture->power_rpm = run->power_rpm;
  picture->torque_nm = run->torque_nm;
  picture->torque_rpm = run->torque_rpm;
  picture->is_incomplete = run->is_incomplete;
  picture->complaint = g_strdup (run->complaint);
  if (run->saved == NULL)
    return;

  picture->power_kw = run->saved->peaks.power_kw;
  picture->power_rpm = run->saved->peaks.power_rpm;
  picture->torque_nm = run->saved->peaks.torque_nm;
  picture->torque_rpm = run->saved->peaks.torque_rpm;
}

static void
copy_discards (const DynoRecord *self,
               DynoArmState     *picture)
{
  picture->n_discards = self->discards->len;
  picture->discards = g_new0 (DynoArmDiscard, MAX (self->discards->len, 1));
  for (guint i = 0; i < self->discards->len; i++)
    {
      picture->discards[i] = g_array_index (self->discards, DynoArmDiscard, i);
      picture->discards[i].run_id = g_strdup (picture->discards[i].run_id);
    }
}

static DynoArmState *
make_picture (DynoRecord   *self,
              DynoArmPhase  phase)
{
  const DynoRecording *run = run_in_hand (self);
  DynoArmState *picture = dyno_arm_state_new ();

  picture->time_us = self->now_us;
  picture->phase = phase;
  picture->since_us = self->since_us;
  picture->message = message_for (self, phase);
  picture->is_armed = dyno_trigger_is_armed (self->trigger);
  picture->stays_armed = self->n_wanted > 0 ? self->n_wanted > 1 : self->stays_armed;
  picture->vehicle_id = g_strdup (self->vehicle_id);
  picture->wanted = g_strdup (self->wanted);
  picture->n_waiting = self->parts.store != NULL ? dyno_store_n_waiting (self->parts.store) : 0;
  picture->n_open = self->recordings->len;
  picture->n_saved = self->n_saved;
  describe_link (self, picture);
  copy_discards (self, picture);
  if (run != NULL)
    describe_run (self, run, picture);
  else if (phase == DYNO_ARM_SAVED)
    describe_run (self, self->saved, picture);

  return picture;
}

void
dyno_record_show (DynoRecord *self)
{
  DynoArmPhase phase = find_phase (self);
  g_autoptr(DynoArmState) picture = NULL;
  gboolean is_news = phase != self->phase;

  if (is_news)
    {
      self->since_us = self->now_us;
      dyno_measure_phase (phase);
    }
  self->phase = phase;
  self->is_stale = FALSE;
  picture = make_picture (self, phase);
  dyno_live_set_arm (self->live, picture);
  if (is_news)
    dyno_bus_publish (self->parts.bus, DYNO_TOPIC_CAPTURE, "arm", dyno_arm_phase_name (phase));
}
