/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

#include <math.h>
#include <string.h>

/* What time brings, every 250 ms of arrival time. */

#define SETTLED_US (3 * G_USEC_PER_SEC)
#define NO_TRAFFIC_US (5 * G_USEC_PER_SEC)
#define NO_INFO_US (35 * G_USEC_PER_SEC)
#define DROPS_SHOWN_US (10 * G_USEC_PER_SEC)
#define LOSS_TICKS 40
#define LOSS_WARNING 1.0
#define LOSS_CRITICAL 5.0
#define STANDS_KMH 2.0f
#define MOVES_KMH 2.0f
#define MOVES_ACCEL 1.5f
#define MOVES_RPM 0.05f
#define OPEN_PERCENT 20.0f
#define WIDE_OPEN_PERCENT 70.0f
#define RPM_OFF 0.10f
#define LOAD_AFR_LOW 10.0f
#define LOAD_AFR_HIGH 18.0f
#define STOICH_PETROL 14.7f
#define PAIRS_US 1500000
#define PAIRS_LEAST 6
#define PAIRS_SHARE 0.7
#define PAIR_AFR 1.0f

const DynoSlot *
dyno_host_bound_slot (const DynoHost *host,
                      DynoChannel     canonical)
{
  const DynoBound *bound = dyno_binding_bound_to (host->binding, canonical);

  return bound != NULL && bound->is_bound && bound->slot < host->slots->len
           ? g_ptr_array_index (host->slots, bound->slot)
           : NULL;
}

/* The last finite value of a canonical channel; NaN without one. */
static float
last_of (const DynoHost *host,
         DynoChannel     canonical)
{
  const DynoSlot *slot = dyno_host_bound_slot (host, canonical);

  return slot != NULL && slot->health.n_samples > 0 && isfinite (slot->health.last)
           ? slot->health.last
           : NAN;
}

static float
afr_of (const DynoHost *host,
        DynoChannel     canonical)
{
  const DynoSlot *slot = dyno_host_bound_slot (host, canonical);
  float value = last_of (host, canonical);

  if (slot != NULL && slot->health.unit_code == 13 && !slot->health.has_other_unit)
    value *= STOICH_PETROL;

  return value;
}

/* Motion is kept for the provider in use; the others are judged by their last
 * values alone. */
static void
note_motion (DynoIntake *self)
{
  DynoMotion *motion = &self->motion;

  if (self->chosen == NULL)
    {
      motion->n = 0;
      return;
    }
  if (motion->n == G_N_ELEMENTS (motion->rpm))
    {
      memmove (motion->rpm, motion->rpm + 1, sizeof motion->rpm - sizeof *motion->rpm);
      memmove (motion->speed_kmh, motion->speed_kmh + 1,
               sizeof motion->speed_kmh - sizeof *motion->speed_kmh);
      motion->n--;
    }
  motion->speed_kmh[motion->n] = last_of (self->chosen, DYNO_CHANNEL_SPEED);
  motion->rpm[motion->n++] = last_of (self->chosen, DYNO_CHANNEL_RPM);
}

void
dyno_intake_witness (DynoIntake        *self,
                     const DynoHost    *host,
                     DynoHealthWitness *witness)
{
  const DynoSlot *speed_slot = dyno_host_bound_slot (host, DYNO_CHANNEL_SPEED);
  const DynoMotion *motion = &self->motion;
  float speed = last_of (host, DYNO_CHANNEL_SPEED);
  float accel = last_of (host, DYNO_CHANNEL_ACCEL);
  float rpm = last_of (host, DYNO_CHANNEL_RPM);
  float gear = last_of (host, DYNO_CHANNEL_GEAR_RATIO);

  memset (witness, 0, sizeof *witness);
  witness->drum_stands = speed_slot != NULL && !(speed >= STANDS_KMH);
  witness->drum_accelerates = fabsf (accel) > MOVES_ACCEL && speed > STANDS_KMH;
  witness->throttle_is_open = last_of (host, DYNO_CHANNEL_TPS) > OPEN_PERCENT;
  witness->rpm_disagrees
    = speed > 8 && gear > 0 && fabsf (rpm - speed * gear) > RPM_OFF * speed * gear;
  if (host == self->chosen && motion->n > 0)
    {
      witness->drum_accelerates |= fabsf (speed - motion->speed_kmh[0]) > MOVES_KMH;
      witness->rpm_moves = fabsf (rpm - motion->rpm[0]) > MOVES_RPM * fabsf (rpm);
    }
}

/* Bindings */

typedef struct
{
  const DynoHost   *host;
  DynoHealthWitness witness;
  gint64            now_us;
} Living;

static gboolean
lives_cb (guint    slot,
          gpointer user_data)
{
  const Living *living = user_data;
  const DynoSlot *it;

  if (slot >= living->host->slots->len)
    return FALSE;
  it = g_ptr_array_index (living->host->slots, slot);

  return dyno_live_health_lives (&it->health, &living->witness, living->now_us);
}

static gboolean
is_pin_of (const DynoPin         *pin,
           const DynoHost        *host,
           const DynoWireChannel *channel)
{
  return pin->unit_code == channel->unit_code && pin->occurrence == channel->occurrence
         && g_str_equal (pin->channel, channel->name) && g_str_equal (pin->provider, host->name);
}

void
dyno_intake_pin_host (DynoIntake *self,
                      DynoHost   *host)
{
  dyno_binding_clear_pins (host->binding);
  for (guint p = 0; p < self->pins->len; p++)
    {
      const DynoPin *pin = g_ptr_array_index (self->pins, p);

      for (guint i = 0; i < host->slots->len; i++)
        {
          const DynoSlot *slot = g_ptr_array_index (host->slots, i);

          if (is_pin_of (pin, host, slot->channel))
            dyno_binding_pin (host->binding, i, pin->canonical);
        }
    }
}

static void
set_canonical (DynoIntake  *self,
               DynoHost    *host,
               DynoSlot    *slot,
               DynoChannel  canonical)
{
  const DynoBindingRow *row = dyno_binding_find_row (canonical);

  if (slot->canonical == canonical)
    return;

  slot->canonical = canonical;
  slot->low = row != NULL ? row->low : -INFINITY;
  slot->high = row != NULL ? row->high : INFINITY;
  dyno_intake_channel_event (self, DYNO_EVENT_CHANNEL_BOUND, host, slot->channel)->canonical
    = canonical;
}

/* First what is released, then what is bound: a canonical channel never has
 * two channels at once, not even between two events. */
void
dyno_intake_apply_bindings (DynoIntake *self,
                            DynoHost   *host)
{
  for (guint i = 0; i < host->slots->len; i++)
    {
      DynoSlot *slot = g_ptr_array_index (host->slots, i);

      if (slot->canonical != DYNO_CHANNEL_NONE
          && dyno_host_bound_slot (host, slot->canonical) != slot)
        set_canonical (self, host, slot, DYNO_CHANNEL_NONE);
    }
  for (guint i = 0; i < dyno_binding_n_rows (); i++)
    {
      const DynoBound *bound = dyno_binding_bound (host->binding, i);

      if (bound->is_bound && bound->slot < host->slots->len)
        set_canonical (self, host, g_ptr_array_index (host->slots, bound->slot),
                       dyno_binding_row (i)->canonical);
    }
}

void
dyno_intake_bind (DynoIntake *self,
                  DynoHost   *host)
{
  Living living = { .host = host, .now_us = self->now_us };

  dyno_intake_witness (self, host, &living.witness);
  if (dyno_binding_update (host->binding, self->now_us, lives_cb, &living))
    dyno_intake_apply_bindings (self, host);
}

/* The provider in use */

static gboolean
can_be_chosen (const DynoHost *host,
               gboolean        must_be_alive)
{
  return host->name[0] != '\0' && !host->is_incompatible && host->presence != DYNO_HOST_GONE
         && (!must_be_alive || host->presence == DYNO_HOST_ALIVE);
}

/* The one host that `matches`; NULL for none or several. `n` counts them. */
static DynoHost *
find_only (DynoIntake *self,
           gboolean    must_be_alive,
           gboolean  (*matches) (const DynoIntake *self,
                                 const DynoHost   *host),
           guint      *n)
{
  DynoHost *only = NULL;

  *n = 0;
  for (guint i = 0; i < self->hosts.hosts->len; i++)
    {
      DynoHost *host = g_ptr_array_index (self->hosts.hosts, i);

      if (!can_be_chosen (host, must_be_alive) || !matches (self, host))
        continue;
      only = host;
      (*n)++;
    }

  return *n == 1 ? only : NULL;
}

static gboolean
is_any (const DynoIntake *self,
        const DynoHost   *host)
{
  return TRUE;
}

static gboolean
is_wanted (const DynoIntake *self,
           const DynoHost   *host)
{
  return g_strcmp0 (self->wanted, host->name) == 0;
}

static gboolean
is_expected (const DynoIntake *self,
             const DynoHost   *host)
{
  return self->expected != 0 && host->address == self->expected;
}

static gboolean
is_dynojet (const DynoIntake *self,
            const DynoHost   *host)
{
  return strstr (host->name, "Dynojet") != NULL;
}

/* The rule among those that are alive; then among the silent ones. */
static DynoHost *
choose_by_rule (DynoIntake *self,
                gboolean    must_be_alive,
                guint      *n)
{
  guint n_same;
  DynoHost *host;

  if (self->wanted != NULL)
    return find_only (self, must_be_alive, is_wanted, n);

  host = find_only (self, must_be_alive, is_expected, &n_same);
  if (host == NULL)
    host = find_only (self, must_be_alive, is_any, n);
  if (host == NULL)
    host = find_only (self, must_be_alive, is_dynojet, &n_same);

  return host;
}

static gboolean
is_in_table (const DynoIntake *self,
             const DynoHost   *host)
{
  return host != NULL && g_ptr_array_find (self->hosts.hosts, host, NULL);
}

/* The one in use stays while it speaks: providers never change in mid-run. */
static DynoHost *
choose_host (DynoIntake *self)
{
  gboolean is_there = is_in_table (self, self->chosen) && can_be_chosen (self->chosen, TRUE)
                      && (self->wanted == NULL || is_wanted (self, self->chosen));
  gboolean is_settled = is_there && self->chosen->has_spoken && self->chosen_us != 0
                        && self->now_us - self->chosen_us >= SETTLED_US;
  guint n = 0;
  DynoHost *host;

  if (is_settled)
    return self->chosen;

  host = choose_by_rule (self, TRUE, &n);
  if (host == NULL && n == 0 && !is_there)
    host = choose_by_rule (self, FALSE, &n);
  if (host == NULL && is_there)
    host = self->chosen;
  self->must_ask = host == NULL && n > 1;

  return host;
}

void
dyno_intake_choose (DynoIntake *self)
{
  DynoHost *host = choose_host (self);
  DynoEvent *event;

  if (host == self->chosen)
    {
      if (host != NULL && self->chosen_us == 0)
        self->chosen_us = self->now_us;
      return;
    }

  self->chosen = host;
  self->chosen_us = self->now_us;
  self->motion.n = 0;
  self->n_pairs = 0;
  self->front_t_us = 0;
  event = dyno_intake_event (self, DYNO_EVENT_PROVIDER_CHOSEN, host);
  event->text = g_strdup (host != NULL ? host->name : "");
}

/* Presence */

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

/* Health */

static void
judge_channels (DynoIntake *self,
                DynoHost   *host)
{
  DynoHealthWitness witness;

  dyno_intake_witness (self, host, &witness);
  for (guint i = 0; i < host->slots->len; i++)
    {
      DynoSlot *slot = g_ptr_array_index (host->slots, i);
      DynoHealth health
        = dyno_live_health_judge (&slot->health, slot->canonical, &witness, self->now_us);

      if (health == slot->told_health)
        continue;
      slot->told_health = health;
      dyno_intake_channel_event (self, DYNO_EVENT_CHANNEL_HEALTH, host, slot->channel)->count
        = health;
    }
}

static DynoHealth
health_of (const DynoHost *host,
           DynoChannel     canonical)
{
  const DynoSlot *slot = dyno_host_bound_slot (host, canonical);

  return slot != NULL ? slot->health.state : DYNO_HEALTH_UNMAPPED;
}

static gboolean
is_bad (DynoHealth health)
{
  return health == DYNO_HEALTH_STALE || health == DYNO_HEALTH_INVALID
         || health == DYNO_HEALTH_FROZEN || health == DYNO_HEALTH_UNMAPPED;
}

/* One mixture is required; which of the two is the bike's affair. */
static gboolean
required_is_bad (const DynoHost *host)
{
  return is_bad (health_of (host, DYNO_CHANNEL_RPM))
         || (is_bad (health_of (host, DYNO_CHANNEL_MIX_F))
             && is_bad (health_of (host, DYNO_CHANNEL_MIX_R)));
}

static gboolean
recommended_is_bad (const DynoHost *host)
{
  return is_bad (health_of (host, DYNO_CHANNEL_MAP)) || is_bad (health_of (host, DYNO_CHANNEL_TPS))
         || (is_bad (health_of (host, DYNO_CHANNEL_TORQUE))
             && is_bad (health_of (host, DYNO_CHANNEL_TORQUE_CORR)))
         || (is_bad (health_of (host, DYNO_CHANNEL_POWER))
             && is_bad (health_of (host, DYNO_CHANNEL_POWER_CORR)));
}

static gboolean
any_bound_is_poor (const DynoHost *host)
{
  for (guint i = 0; i < dyno_binding_n_rows (); i++)
    {
      const DynoBindingRow *row = dyno_binding_row (i);
      DynoHealth health;

      if (row->need == DYNO_NEED_NONE || !dyno_binding_bound (host->binding, i)->is_bound)
        continue;
      health = health_of (host, row->canonical);
      if (health == DYNO_HEALTH_PEGGED || health == DYNO_HEALTH_SLOW || is_bad (health))
        return TRUE;
    }

  return FALSE;
}

/* Over the last 10 s, or since the first tick. */
static double
recent_loss (const DynoHost *host)
{
  guint n = MIN (host->n_ticks, LOSS_TICKS);
  guint oldest = (host->n_ticks - n) % LOSS_TICKS;
  guint64 lost;

  if (n == 0)
    return 0;
  lost = host->sequence.lost - MIN (host->lost_then[oldest], host->sequence.lost);

  return dyno_sequence_loss_percent (host->sequence.received - host->received_then[oldest], lost);
}

static DynoOverall
judge_overall (DynoIntake *self)
{
  const DynoHost *host = self->chosen;
  DynoHealthWitness witness;
  float rpm;
  double loss;

  if (host == NULL || host->presence != DYNO_HOST_ALIVE)
    return DYNO_OVERALL_STALE;

  loss = recent_loss (host);
  if (required_is_bad (host) || loss > LOSS_CRITICAL)
    return DYNO_OVERALL_CRITICAL;

  dyno_intake_witness (self, host, &witness);
  rpm = last_of (host, DYNO_CHANNEL_RPM);
  if (witness.drum_stands && (rpm == 0 || isnan (rpm)))
    return DYNO_OVERALL_IDLE;
  if (recommended_is_bad (host) || any_bound_is_poor (host) || loss > LOSS_WARNING
      || (self->drops_us != 0 && self->now_us - self->drops_us < DROPS_SHOWN_US))
    return DYNO_OVERALL_WARNING;

  return DYNO_OVERALL_OK;
}

static gboolean
cylinders_differ (const DynoIntake *self)
{
  guint kept = MIN (self->n_pairs, DYNO_INTAKE_PAIRS);
  gint64 newest_us;
  guint n = 0, n_off = 0;

  if (kept == 0)
    return FALSE;
  newest_us = self->pairs[(self->n_pairs - 1) % DYNO_INTAKE_PAIRS].t_us;
  for (guint i = 0; i < kept; i++)
    {
      if (newest_us - self->pairs[i].t_us > PAIRS_US)
        continue;
      n++;
      n_off += fabsf (self->pairs[i].difference) > PAIR_AFR ? 1 : 0;
    }

  return n >= PAIRS_LEAST && n_off >= PAIRS_SHARE * n;
}

static gboolean
is_implausible (float afr)
{
  return afr < LOAD_AFR_LOW || afr > LOAD_AFR_HIGH;
}

static gboolean
mixture_is_implausible (const DynoHost *host)
{
  const DynoSlot *front = dyno_host_bound_slot (host, DYNO_CHANNEL_MIX_F);
  const DynoSlot *rear = dyno_host_bound_slot (host, DYNO_CHANNEL_MIX_R);

  return (front != NULL && !front->health.last_was_pegged
          && is_implausible (afr_of (host, DYNO_CHANNEL_MIX_F)))
         || (rear != NULL && !rear->health.last_was_pegged
             && is_implausible (afr_of (host, DYNO_CHANNEL_MIX_R)));
}

static guint
warnings_of_machine (DynoIntake *self)
{
  const DynoHost *host = self->chosen;
  float tps;
  guint warnings = 0;

  if (host == NULL || host->presence != DYNO_HOST_ALIVE)
    return 0;

  tps = last_of (host, DYNO_CHANNEL_TPS);
  if (tps > WIDE_OPEN_PERCENT && last_of (host, DYNO_CHANNEL_RPM) <= 0)
    warnings |= DYNO_WARNING_RPM_ZERO_AT_WOT;
  if (tps > WIDE_OPEN_PERCENT && mixture_is_implausible (host))
    warnings |= DYNO_WARNING_AFR_IMPLAUSIBLE;
  if (cylinders_differ (self))
    warnings |= DYNO_WARNING_CYLINDER_IMBALANCE;

  return warnings;
}

static gboolean
is_at_loopback_only (const DynoIntake *self)
{
  gboolean has_other = FALSE;

  if (self->chosen == NULL)
    return FALSE;
  for (guint i = 0; i < self->interfaces->len; i++)
    {
      const DynoInterfaceState *interface
        = &g_array_index (self->interfaces, DynoInterfaceState, i);

      if (interface->is_loopback && interface->index != self->chosen->ifindex)
        return FALSE;
      has_other |= !interface->is_loopback && interface->is_joined;
    }

  return has_other;
}

/* A provider that streams without its list ever arriving: large datagrams are
 * lost on the way. */
static gboolean
lacks_list (const DynoIntake *self,
            const DynoHost   *host)
{
  return host->presence == DYNO_HOST_ALIVE && host->slots->len == 0
         && self->now_us - host->first_us >= NO_INFO_US;
}

static guint
warnings_of_wire (DynoIntake *self)
{
  guint n_alive;
  guint warnings = 0;

  find_only (self, TRUE, is_any, &n_alive);
  if (n_alive > 1 && self->wanted == NULL)
    warnings |= DYNO_WARNING_SEVERAL_PROVIDERS;
  if (self->must_ask)
    warnings |= DYNO_WARNING_ASK_PROVIDER;
  if (self->receive_buffer > 0 && self->receive_buffer < DYNO_WIRE_SMALL_BUFFER)
    warnings |= DYNO_WARNING_SMALL_BUFFER;
  if (is_at_loopback_only (self))
    warnings |= DYNO_WARNING_LOOPBACK_ONLY;
  for (guint i = 0; i < self->hosts.hosts->len; i++)
    {
      const DynoHost *host = g_ptr_array_index (self->hosts.hosts, i);

      if (host->has_spoken && lacks_list (self, host))
        warnings |= DYNO_WARNING_LIST_TOO_LARGE;
    }

  return warnings;
}

/* Link */

static DynoLinkReason
reason_without_provider (const DynoIntake *self)
{
  guint n_incompatible = 0;

  for (guint i = 0; i < self->hosts.hosts->len; i++)
    {
      const DynoHost *host = g_ptr_array_index (self->hosts.hosts, i);

      if (host->is_incompatible)
        n_incompatible++;
      else if (lacks_list (self, host))
        return DYNO_LINK_REASON_NO_CHANNEL_INFO;
    }
  if (n_incompatible > 0 && n_incompatible == self->hosts.hosts->len)
    return DYNO_LINK_REASON_VERSION;
  if (self->now_us - MAX (self->last_foreign_us, self->on_since_us) < NO_TRAFFIC_US)
    return DYNO_LINK_REASON_NONE;

  return self->last_own_us != 0 ? DYNO_LINK_REASON_OWN_ECHO_ONLY : DYNO_LINK_REASON_NO_TRAFFIC;
}

static gboolean
any_joined (const DynoIntake *self)
{
  for (guint i = 0; i < self->interfaces->len; i++)
    {
      if (g_array_index (self->interfaces, DynoInterfaceState, i).is_joined)
        return TRUE;
    }

  return FALSE;
}

static DynoLink
find_link (const DynoIntake *self)
{
  const DynoHost *host = self->chosen;

  if (!self->is_on)
    return DYNO_LINK_OFF;
  if (self->trouble != DYNO_LINK_REASON_NONE || !any_joined (self))
    return DYNO_LINK_JOINING;
  if (host == NULL)
    return DYNO_LINK_LISTENING;
  if (host->presence == DYNO_HOST_GONE)
    return DYNO_LINK_GONE;
  if (host->presence == DYNO_HOST_SILENT)
    return DYNO_LINK_SILENT;

  return host->has_spoken && self->now_us - host->last_values_us < DYNO_HOST_SILENT_US
           ? DYNO_LINK_CAPTURING
           : DYNO_LINK_CONNECTED;
}

static DynoLinkReason
find_reason (const DynoIntake *self,
             DynoLink          link)
{
  if (link == DYNO_LINK_OFF)
    return DYNO_LINK_REASON_NONE;
  if (self->trouble != DYNO_LINK_REASON_NONE)
    return self->trouble;
  if (self->node.phase == DYNO_NODE_COLLIDED)
    return DYNO_LINK_REASON_COLLISION;

  return link == DYNO_LINK_LISTENING ? reason_without_provider (self) : DYNO_LINK_REASON_NONE;
}

void
dyno_intake_judge_link (DynoIntake *self)
{
  DynoLink link = find_link (self);
  DynoLinkReason reason = find_reason (self, link);
  DynoEvent *event;

  if (link == self->link && reason == self->reason)
    return;

  self->link = link;
  self->reason = reason;
  self->wants_state = TRUE;
  event = dyno_intake_event (self, DYNO_EVENT_LINK, self->chosen);
  event->count = link;
  event->text = g_strdup (dyno_link_reason_name (reason));
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
      judge_channels (self, host);
    }
  self->warnings = warnings_of_machine (self) | warnings_of_wire (self);
  overall = judge_overall (self);
  if (overall != self->overall)
    dyno_intake_event (self, DYNO_EVENT_OVERALL, self->chosen)->count = overall;
  self->overall = overall;
}

void
dyno_intake_tick (DynoIntake *self)
{
  watch_all (self);
  dyno_intake_choose (self);
  note_motion (self);
  judge_all (self);
  dyno_intake_judge_link (self);
  dyno_intake_talk (self);
  dyno_intake_write_key (self);
  self->wants_state = TRUE;
}
