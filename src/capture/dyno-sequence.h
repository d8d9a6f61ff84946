/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The message counter of one sender (jetdrive.md §1.8): everybody hears
 * everything, so a gap is loss. The last messages are remembered by number and
 * sum: the same message once more, from the network or over a second
 * interface, is told from a late one and from another with the same number.
 *
 * A plain struct, all zero at the beginning. Pure. */

#define DYNO_SEQUENCE_MEMORY 64

typedef enum
{
  DYNO_SEQUENCE_FIRST,
  DYNO_SEQUENCE_NEXT,
  DYNO_SEQUENCE_GAP,
  DYNO_SEQUENCE_LATE,
  DYNO_SEQUENCE_RESYNC,    /* the sender counts anew */
  DYNO_SEQUENCE_DUPLICATE, /* drop it */
  DYNO_SEQUENCE_COPY,      /* the same over another interface: drop it, count nothing */
} DynoSequenceVerdict;

/* What is known of a datagram before its content. */
typedef struct
{
  guint8  seq;
  guint32 sum;     /* CRC-32 of the datagram */
  guint32 ifindex;
  gint64  arrival_us;
} DynoSequenceStep;

typedef struct
{
  gboolean         has_last;
  guint8           last;
  guint8           late_run;    /* late ones in a row */
  gint64           advanced_us; /* when `last` moved */
  guint64          missing[4];  /* a bit a number */
  DynoSequenceStep memory[DYNO_SEQUENCE_MEMORY];
  guint            n_memory;    /* ever remembered; the ring's place is its rest */

  guint64          received;    /* without duplicates and copies */
  guint64          lost;
  guint64          late;
  guint64          duplicates;
  guint64          copies;
  guint64          resyncs;
} DynoSequence;

/* `gap`: how many numbers were jumped over, 0 unless the verdict is GAP. */
DynoSequenceVerdict dyno_sequence_track        (DynoSequence           *self,
                                                const DynoSequenceStep *step,
                                                guint                  *gap);

/* 100 · lost / (received + lost); 0 where nothing was due. */
double              dyno_sequence_loss_percent (guint64                 received,
                                                guint64                 lost);

G_END_DECLS
