/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-pulls.h"

G_BEGIN_DECLS

/* Where recording stands: the one word that is readable from the door (ui.md 3.1)
 * and what belongs to it, as a picture taken whenever it changes and with every
 * state of the capture (250 ms). Immutable, reference counted, any thread; read
 * it with dyno_live_ref_arm (). A number that is not there is NaN. */

typedef enum
{
  DYNO_ARM_NO_DYNO,    /* no provider */
  DYNO_ARM_CONNECTING, /* a provider, no values yet */
  DYNO_ARM_LIVE,       /* values flow */
  DYNO_ARM_ARMED,      /* waits for a pull */
  DYNO_ARM_RECORDING,  /* a run is open */
  DYNO_ARM_SAVING,     /* post-roll and commit, until the store acknowledges */
  DYNO_ARM_SAVED,      /* for 3 s */
  DYNO_ARM_LINK_LOST,  /* values stopped for 1 s; a run that is open stays open */
  DYNO_ARM_ERROR,      /* store or socket failed; `message` */
  DYNO_N_ARM_PHASES
} DynoArmPhase;

/* A pull that was no run, kept until the program ends. */
typedef struct
{
  char           *run_id;     /* (owned) for dyno_arm_keep_async () */
  gint64          started_ms; /* UTC */
  double          duration_s;
  double          span_rpm;   /* NaN without engine speed */
  DynoPullDiscard reason;
} DynoArmDiscard;

typedef struct
{
  gint64          time_us;       /* of the picture, receive clock (monotonic) */
  DynoArmPhase    phase;
  gint64          since_us;      /* when this phase began, same clock */
  char           *message;       /* (owned) (nullable) NO_DYNO, CONNECTING, LINK_LOST, ERROR: what
                                    is wrong and what to do */
  gboolean        is_armed;      /* pulls begin runs by themselves */
  gboolean        stays_armed;   /* and will after the next one */

  char           *provider;      /* (owned) (nullable) in use */
  char           *wanted;        /* (owned) (nullable) the one that was chosen by name */
  guint16         host_id;
  gboolean        is_simulator;  /* of the provider in use */
  char           *vehicle_id;    /* (owned) (nullable) the next run is of this one */

  /* The run in hand (RECORDING, SAVING, LINK_LOST) or just saved. */
  char           *run_id;        /* (owned) (nullable) none */
  gint64          run_number;    /* 0: not yet known */
  DynoPullTrigger trigger;
  DynoPullEnd     end;           /* of the pull; NONE while it runs */
  double          elapsed_s;     /* of the pull, without rolls */
  guint64         n_samples;     /* recorded so far, pre-roll included */
  guint64         n_lost;        /* messages, since the run began */
  guint           n_gaps;
  guint           n_marks;
  double          power_kw;      /* highest so far as the dyno says it; when saved, of the curve */
  double          power_rpm;
  double          torque_nm;
  double          torque_rpm;
  gboolean        is_incomplete; /* samples were lost on the way to the disk; `complaint` */
  char           *complaint;     /* (owned) (nullable) the disk is slow or full: what is lost, what
                                    to do. A journal that ended leaves the run complete */

  guint           n_waiting;     /* writes before the disk */
  guint           n_open;        /* runs that are not yet saved, this one included */
  guint           n_saved;       /* runs kept since the program began */
  DynoArmDiscard *discards;      /* (owned) the newest last */
  guint           n_discards;

  gatomicrefcount n_refs;
} DynoArmState;

DynoArmState *dyno_arm_state_new     (void);
DynoArmState *dyno_arm_state_ref     (DynoArmState       *self);
void          dyno_arm_state_unref   (DynoArmState       *self);

/* "no_dyno", "connecting", …: the spelling of files and wire. */
const char   *dyno_arm_phase_name    (DynoArmPhase        phase);
/* TRUE while a run is open or being saved. */
gboolean      dyno_arm_state_is_busy (const DynoArmState *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoArmState, dyno_arm_state_unref)

G_END_DECLS
