/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-grid.h"

G_BEGIN_DECLS

/* A dyno that is not there: a real JETDRIVE provider on the wire, with channels
 * of real machines (profiles), driven by the physics of DynoBike, making pulls
 * or mapping sessions, with faults on demand. The application's demonstration
 * and `dynoctl simulate` are this; the client knows no other way in.
 *
 * It runs on a thread of its own (dyno-simulator). On any interface but lo it
 * needs `is_lan`; malformed datagrams go to a private group on lo alone. */

typedef struct _DynoSimulator DynoSimulator;

typedef enum
{
  DYNO_VE_ERROR_DEMO, /* the map of jetdrive.md §12.2; rear 1.5 % more */
  DYNO_VE_ERROR_NONE,
  DYNO_VE_ERROR_GRID, /* `ve_error`, the same for both cylinders */
} DynoVeError;

typedef struct
{
  const char     *group;       /* NULL: 224.0.2.10 */
  guint16         port;        /* 0: 22344 */
  const char     *interface;   /* NULL: lo */
  gboolean        is_lan;      /* needed for anything but lo */
  int             ttl;         /* −1: 0 on lo, 1 elsewhere */
  gsize           size_limit;  /* bytes of value a message; 0: 1400 */
  const char     *name;        /* NULL: "DynoAI Simulator" */

  const char     *profile;     /* NULL: "rt150-104"; dyno_simulator_profiles () */
  const char     *engine;      /* NULL: "twin114", "four20" with car-* */
  const char     *cycle;       /* NULL: "pulls"; "pull", "cells", "idle" */
  int             gear;        /* 4, 5, 6 of twin114; 0: 4 */
  guint           n_pulls;     /* 0: endless */
  double          period_s;    /* between pulls; 0: 12, four20 30 */
  double          speed;       /* simulated time over real time; 0: 1 */
  double          rate_scale;  /* of the channels' rates; 0: 1 */
  guint64         seed;        /* of the noise, and of host id and counter; 0: these are chance */
  double          noise;       /* 1 as measured; 0 exact. Negative: 1 */
  DynoVeError     ve_error_kind;
  const DynoGrid *ve_error;    /* (nullable) percent, positive is lean */
  const DynoGrid *table;       /* (nullable) correction factor applied so far, front */
  const DynoGrid *table_rear;  /* (nullable) as `table` where NULL */
  double          seconds;     /* real time to run; 0: until the cycle ends */

  const char     *scenario;    /* (nullable) text of jetdrive.md §12.3 */
  const char     *truth_path;  /* (nullable) JSON lines of what was done */
  guint16         host_id;     /* 0: negotiated; fixed for reproducible tests */
  guint32         clock_ms;    /* where the wire clock begins */
} DynoSimulatorConfig;

typedef enum
{
  DYNO_SIMULATOR_READY,      /* the id is drawn, the list is out */
  DYNO_SIMULATOR_PULL_START,
  DYNO_SIMULATOR_PULL_END,
  DYNO_SIMULATOR_CELL,       /* a cell of the cycle `cells` begins to be held */
  DYNO_SIMULATOR_FAULT,      /* a verb of the scenario was done; text */
  DYNO_SIMULATOR_DONE,       /* the cycle or the time is over, Clear is out */
} DynoSimulatorEventKind;

typedef struct
{
  DynoSimulatorEventKind kind;
  double                 t_s;            /* simulated time since the first values */
  /* PULL_END: without noise, corrected by sae-1990. */
  double                 duration_s;
  double                 peak_power_kw;
  double                 peak_power_rpm;
  double                 peak_torque_nm;
  double                 peak_torque_rpm;
  /* CELL */
  double                 rpm;
  double                 map_kpa;
  const char            *text;           /* (nullable) FAULT */
} DynoSimulatorEvent;

/* Called on the thread dyno-simulator. */
typedef void (*DynoSimulatorFunc) (const DynoSimulatorEvent *event,
                                   gpointer                  user_data);

typedef struct
{
  guint64 datagrams;  /* given to the network, faults taken off */
  guint64 samples;    /* in them */
  guint64 dropped;    /* datagrams kept back by faults */
  guint64 queue_drops; /* samples that the queue let go */
} DynoSimulatorCounts;

/* Copies the configuration. DYNO_ERROR_INVALID for an unknown profile, engine
 * or cycle, a scenario line (named), and where the rules forbid it. */
DynoSimulator      *dyno_simulator_new      (const DynoSimulatorConfig *config,
                                             DynoSimulatorFunc          func,
                                             gpointer                   user_data,
                                             GError                   **error);
/* Stops first. */
void                dyno_simulator_free     (DynoSimulator             *self);

/* Opens the sockets (errors as dyno_wire_open ()) and starts. Once. */
gboolean            dyno_simulator_start    (DynoSimulator             *self,
                                             GError                   **error);
/* Sends Clear, joins the thread. May be called twice; any thread but its own. */
void                dyno_simulator_stop     (DynoSimulator             *self);
/* FALSE before the start and after the end. Any thread. */
gboolean            dyno_simulator_is_running (DynoSimulator           *self);
/* A line of a scenario, "drop 2" (without a time: now). Any thread. Answers at
 * once for what the line says; what it does happens on the simulator's thread. */
gboolean            dyno_simulator_command  (DynoSimulator             *self,
                                             const char                *line,
                                             GError                   **error);
/* Any thread. */
void                dyno_simulator_counts   (DynoSimulator             *self,
                                             DynoSimulatorCounts       *counts);

/* NULL-terminated. */
const char *const  *dyno_simulator_profiles (void);
const char *const  *dyno_simulator_engines  (void);
const char *const  *dyno_simulator_cycles   (void);
/* "104 channels of an RT-150 with Power Vision and ECU"; NULL for no profile. */
const char         *dyno_simulator_describe (const char                *profile);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSimulator, dyno_simulator_free)

G_END_DECLS
