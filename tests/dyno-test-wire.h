/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-batch.h"
#include "dyno-intake.h"
#include "dyno-json.h"
#include "dyno-klhdv.h"

G_BEGIN_DECLS

/* A JETDRIVE provider and a listener without a wire, for tests of room capture:
 * what the provider says goes straight into an intake, what comes out is
 * gathered. */

/* The shared vectors; NULL where they are not there (the test is skipped). */
DynoJson *dyno_test_wire_vectors  (void);
/* Bytes of hexadecimal text, in a block of exactly that size. (transfer full) */
guint8   *dyno_test_wire_from_hex (const char *hex,
                                   gsize      *size);

/* Everything that came out of an intake. */
typedef struct
{
  GArray           *samples; /* (owned) of DynoSample */
  GPtrArray        *batches; /* (owned) of DynoBatch */
  GPtrArray        *wires;   /* (owned) (nullable) DynoWireChannel by index */
  DynoCaptureState *state;   /* (owned) (nullable) the latest */
} DynoGathered;

DynoGathered    *dyno_gathered_new     (void);
void             dyno_gathered_free    (DynoGathered       *self);
/* A DynoBatchSink. */
void             dyno_gathered_push    (DynoBatch          *batch,
                                        gpointer            self);
guint            dyno_gathered_count   (const DynoGathered *self,
                                        DynoEventKind       kind);
/* The latest event of that kind; NULL without one. */
const DynoEvent *dyno_gathered_last    (const DynoGathered *self,
                                        DynoEventKind       kind);
/* The state of a channel of the provider in use, by its display name; NULL. */
const DynoChannelState *
                 dyno_gathered_channel (const DynoGathered *self,
                                        const char         *name);

/* An intake with a listener at hand. */
typedef struct
{
  DynoIntake   *intake; /* (owned) */
  DynoGathered *out;    /* (owned) */
  gint64        now_us;
  guint32       address; /* of the sender of what comes next */
  guint32       ifindex;
} DynoTestWire;

DynoTestWire    *dyno_test_wire_new    (void);
void             dyno_test_wire_free   (DynoTestWire *self);
/* Starts the capture with an interface joined. `extra` (nullable) are more
 * members of the start, as ",\"passive\":true". */
void             dyno_test_wire_start  (DynoTestWire *self,
                                        const char   *extra);
void             dyno_test_wire_input  (DynoTestWire *self,
                                        const char   *json);
void             dyno_test_wire_hear   (DynoTestWire *self,
                                        const guint8 *data,
                                        gsize         size);
/* Time goes on by so much, with all its ticks. */
void             dyno_test_wire_wait   (DynoTestWire *self,
                                        gint64        us);
/* What waits goes out to `out`. */
void             dyno_test_wire_flush  (DynoTestWire *self);

typedef struct
{
  guint16     host;
  guint8      seq;
  const char *name;
} DynoTestProvider;

typedef struct
{
  guint16     id;
  const char *name;
  guint8      unit;
} DynoTestChannel;

void             dyno_test_provider_announce (DynoTestProvider       *self,
                                              DynoTestWire           *wire,
                                              const DynoTestChannel  *channels,
                                              guint                   n_channels);
void             dyno_test_provider_clear    (DynoTestProvider       *self,
                                              DynoTestWire           *wire);
void             dyno_test_provider_value    (DynoTestProvider       *self,
                                              DynoTestWire           *wire,
                                              guint16                 id,
                                              guint32                 time_ms,
                                              float                   value);
void             dyno_test_provider_ping     (DynoTestProvider       *self,
                                              DynoTestWire           *wire,
                                              guint16                 destination,
                                              guint8                  version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoGathered, dyno_gathered_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestWire, dyno_test_wire_free)

G_END_DECLS
