/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

/* How the link stands, why, and what of the wire a person should know. */

#define NO_TRAFFIC_US (5 * G_USEC_PER_SEC)
#define NO_INFO_US (35 * G_USEC_PER_SEC)

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

guint
dyno_intake_wire_warnings (DynoIntake *self)
{
  guint n_alive;
  guint warnings = 0;

  n_alive = dyno_intake_n_providers (self);
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
