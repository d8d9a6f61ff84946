/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-capture-state.h"

DynoCaptureState *
dyno_capture_state_new (void)
{
  DynoCaptureState *self = g_new0 (DynoCaptureState, 1);

  self->chosen = -1;
  for (guint i = 0; i < DYNO_N_CHANNELS; i++)
    self->bound[i] = -1;
  g_atomic_ref_count_init (&self->n_refs);

  return self;
}

DynoCaptureState *
dyno_capture_state_ref (DynoCaptureState *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

static void
capture_state_free (DynoCaptureState *self)
{
  for (guint i = 0; i < self->n_interfaces; i++)
    {
      g_clear_pointer (&self->interfaces[i].name, g_free);
      g_clear_pointer (&self->interfaces[i].mac, g_free);
    }
  for (guint i = 0; i < self->n_providers; i++)
    g_clear_pointer (&self->providers[i].name, g_free);
  for (guint i = 0; i < self->n_channels; i++)
    dyno_wire_channel_unref (self->channels[i].channel);

  g_free (self->interfaces);
  g_free (self->providers);
  g_free (self->channels);
  g_free (self);
}

void
dyno_capture_state_unref (DynoCaptureState *self)
{
  if (g_atomic_ref_count_dec (&self->n_refs))
    capture_state_free (self);
}

const DynoChannelState *
dyno_capture_state_bound (const DynoCaptureState *self,
                          DynoChannel             canonical)
{
  g_return_val_if_fail (canonical < DYNO_N_CHANNELS, NULL);

  return self->bound[canonical] >= 0 ? &self->channels[self->bound[canonical]] : NULL;
}

const DynoChannelState *
dyno_capture_state_find (const DynoCaptureState *self,
                         guint32                 index)
{
  for (guint i = 0; i < self->n_channels; i++)
    {
      if (self->channels[i].is_resolved && self->channels[i].channel->index == index)
        return &self->channels[i];
    }

  return NULL;
}

const char *
dyno_link_name (DynoLink link)
{
  static const char *const names[] = { "off",       "joining", "listening", "connected",
                                       "capturing", "silent",  "gone" };

  return link < G_N_ELEMENTS (names) ? names[link] : "";
}

static const struct
{
  const char *name;
  const char *text;
} reasons[] = {
  [DYNO_LINK_REASON_NONE] = { "none", "" },
  [DYNO_LINK_REASON_NO_INTERFACE]
  = { "no_interface", "No network interface can be used. Plug in the cable to the dyno, or choose "
                      "another interface." },
  [DYNO_LINK_REASON_PORT_BUSY]
  = { "port_busy", "Another program holds the JETDRIVE port without sharing it. Close it; we try "
                   "again every 5 seconds." },
  [DYNO_LINK_REASON_NO_TRAFFIC]
  = { "no_traffic", "Nothing is heard, not even our own voice. Check that the interface is the one "
                    "to the dyno and that the firewall lets UDP port 22344 in." },
  [DYNO_LINK_REASON_OWN_ECHO_ONLY]
  = { "own_echo_only", "We hear only ourselves. Start Power Core, or look whether the switch or a "
                       "firewall keeps multicast from us (inbound UDP port 22344)." },
  [DYNO_LINK_REASON_NO_CHANNEL_INFO]
  = { "no_channel_info", "Others are heard, but none sends a channel list. In Power Core open "
                         "Options → JETDRIVE, choose the interface and Configure Channels." },
  [DYNO_LINK_REASON_VERSION]
  = { "version", "The other side speaks a JETDRIVE version that we do not know. Update DynoAI or "
                 "set the other side to version 1." },
  [DYNO_LINK_REASON_COLLISION]
  = { "collision", "Another device speaks with our host number. We have stopped sending and draw a "
                   "new one; recording goes on." },
};

const char *
dyno_link_reason_name (DynoLinkReason reason)
{
  return reason < G_N_ELEMENTS (reasons) ? reasons[reason].name : "";
}

const char *
dyno_link_reason_text (DynoLinkReason reason)
{
  return reason < G_N_ELEMENTS (reasons) ? reasons[reason].text : "";
}

char *
dyno_address_text (guint32 address)
{
  return g_strdup_printf ("%u.%u.%u.%u", address >> 24, address >> 16 & 0xff, address >> 8 & 0xff,
                          address & 0xff);
}
