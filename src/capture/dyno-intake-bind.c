/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

#include <math.h>

/* From the resolver of a host to its channels: pins, bindings, events. */

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
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      const DynoBound *bound = dyno_binding_bound (host->binding, i);

      if (bound->is_bound && bound->slot < host->slots->len)
        set_canonical (self, host, g_ptr_array_index (host->slots, bound->slot),
                       dyno_binding_rows[i].canonical);
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
