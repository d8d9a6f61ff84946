/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

/* What time brings, every 250 ms of arrival time. */

#define LOSS_TICKS 40

static void
tell_presence (DynoIntake       *self,
               DynoHost         *host,
               DynoHostPresence  presence,
               DynoEventKind     kind)
{
  host->presence = presence;
  if (host->is_provider)
    dyno_intake_event (self, kind, host)->text = g_strdup (host->name);
}

static void
watch_presence (DynoIntake *self,
                DynoHost   *host)
{
  gint64 age_us = self->now_us - host->last_us;

  if (host->presence == DYNO_HOST_ALIVE && age_us >= DYNO_HOST_SILENT_US)
    tell_presence (self, host, DYNO_HOST_SILENT, DYNO_EVENT_PROVIDER_SILENT);
  if (host->presence == DYNO_HOST_SILENT && age_us >= DYNO_HOST_GONE_US)
    tell_presence (self, host, DYNO_HOST_GONE, DYNO_EVENT_PROVIDER_GONE);
  if (age_us < DYNO_HOST_FORGOTTEN_US)
    return;

  if (host->is_provider)
    dyno_intake_event (self, DYNO_EVENT_PROVIDER_FORGOTTEN, host)->text = g_strdup (host->name);
  dyno_intake_drop_host (self, host);
}

static void
watch_all (DynoIntake *self)
{
  for (guint i = self->hosts.hosts->len; i > 0; i--)
    watch_presence (self, g_ptr_array_index (self->hosts.hosts, i - 1));
}

static void
note_counts (DynoHost *host)
{
  guint at = host->n_ticks++ % LOSS_TICKS;

  host->received_then[at] = host->sequence.received;
  host->lost_then[at] = host->sequence.lost;
  host->samples_then[at] = host->counts.samples;
}

static void
judge_all (DynoIntake *self)
{
  DynoOverall overall;

  for (guint i = 0; i < self->hosts.hosts->len; i++)
    {
      DynoHost *host = g_ptr_array_index (self->hosts.hosts, i);

      note_counts (host);
      if (host->slots->len == 0)
        continue;
      dyno_intake_bind (self, host);
      dyno_intake_judge_channels (self, host);
    }
  self->warnings = dyno_intake_machine_warnings (self) | dyno_intake_wire_warnings (self);
  overall = dyno_intake_judge_overall (self);
  if (overall != self->overall)
    dyno_intake_event (self, DYNO_EVENT_OVERALL, self->chosen)->count = overall;
  self->overall = overall;
}

void
dyno_intake_tick (DynoIntake *self)
{
  watch_all (self);
  dyno_intake_choose (self);
  dyno_intake_note_motion (self);
  judge_all (self);
  dyno_intake_judge_link (self);
  dyno_intake_talk (self);
  dyno_intake_write_key (self);
  self->wants_state = TRUE;
}
