/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-units.h"

G_BEGIN_DECLS

/* One channel as a provider announced it. Immutable, reference counted, any
 * thread.
 *
 * `index` is what samples carry. It is dense and never used again within a
 * capture: a new generation, and a new name or unit under an old id, get a new
 * index, so a column never holds two meanings. A list that grows may change
 * `occurrence`: then a new descriptor of the same index replaces the old one.
 *
 * What a channel *means* (its canonical channel) is a binding that can change;
 * it stands in DynoChannelState and in the events, not here. */

typedef struct
{
  guint32         index;
  guint16         host_id;       /* of the provider when it announced this */
  guint16         id;            /* on the wire; means nothing outside (host, generation) */
  guint32         generation;    /* of the provider's list, from 1 */
  guint8          unit_code;     /* jetdrive.md §1.7 */
  gboolean        is_full_width; /* 30 bytes on the wire: the name may be cut */
  guint           occurrence;    /* n-th of its name in the provider, by id, from 1 */
  char           *name;          /* (owned) */
  char           *display_name;  /* (owned) "Name", "Name #2" */
  char           *provider;      /* (owned) name of the provider */
  const DynoUnit *unit;          /* of unit_code */
  gatomicrefcount n_refs;
} DynoWireChannel;

/* A copy of the given fields; the texts are copied, display name and unit are
 * made from the others. */
DynoWireChannel *dyno_wire_channel_new   (const DynoWireChannel *fields);
DynoWireChannel *dyno_wire_channel_ref   (DynoWireChannel       *self);
void             dyno_wire_channel_unref (DynoWireChannel       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoWireChannel, dyno_wire_channel_unref)

G_END_DECLS
