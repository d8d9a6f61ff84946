/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-wire-channel.h"

#include "dyno-klhdv.h"

DynoWireChannel *
dyno_wire_channel_new (const DynoWireChannel *fields)
{
  DynoWireChannel *self = g_new (DynoWireChannel, 1);

  *self = *fields;
  self->name = g_strdup (fields->name);
  self->provider = g_strdup (fields->provider);
  self->display_name = fields->occurrence > 1
                         ? g_strdup_printf ("%s #%u", fields->name, fields->occurrence)
                         : g_strdup (fields->name);
  self->unit = dyno_klhdv_unit (fields->unit_code);
  g_atomic_ref_count_init (&self->n_refs);

  return self;
}

DynoWireChannel *
dyno_wire_channel_ref (DynoWireChannel *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

static void
wire_channel_free (DynoWireChannel *self)
{
  g_free (self->name);
  g_free (self->display_name);
  g_free (self->provider);
  g_free (self);
}

void
dyno_wire_channel_unref (DynoWireChannel *self)
{
  if (g_atomic_ref_count_dec (&self->n_refs))
    wire_channel_free (self);
}
