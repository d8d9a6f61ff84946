/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <stdatomic.h>

#include "dyno-faults.h"
#include "dyno-interfaces.h"
#include "dyno-machine.h"
#include "dyno-simulator.h"
#include "dyno-transmit.h"
#include "dyno-truth.h"
#include "dyno-wire.h"
#include "dyno-worker.h"

G_BEGIN_DECLS

/* What the files of the simulator share:
 *
 *   dyno-simulator.c        configuration and the public functions
 *   dyno-simulator-run.c    thread, schedule, channels
 *   dyno-simulator-news.c   events and truth
 *   dyno-simulator-fault.c  what the words of a scenario do
 */

typedef enum
{
  DYNO_OVERRIDE_NONE,
  DYNO_OVERRIDE_MUTE,
  DYNO_OVERRIDE_FREEZE,
  DYNO_OVERRIDE_SET,
} DynoOverride;

/* A channel of the provider: a place of the profile, or one that was added. */
typedef struct
{
  guint16      id;         /* on the wire, now */
  guint8       unit;
  char        *name;       /* (owned) */
  gboolean     is_removed;
  DynoOverride override;
  gint64       until_ms;   /* simulated; G_MAXINT64 for ever */
  float        value;      /* of SET */
  float        last;       /* as it was sent */
  guint64      n_sent;
  guint64      n_dropped;
} DynoSimulatorChannel;

struct _DynoSimulator
{
  char              *group;       /* (owned) */
  guint16            port;
  DynoInterface      interface;
  int                ttl;
  gsize              size_limit;
  char              *name;        /* (owned) */
  double             speed;
  double             seconds;
  guint64            chance;      /* state of SplitMix64 */
  guint16            host_id;
  DynoSimulatorFunc  func;
  gpointer           user_data;   /* (borrowed) */

  DynoMachine       *machine;     /* (owned) (thread dyno-simulator once it runs) from here */
  DynoTransmit      *transmit;    /* (owned) */
  DynoFaultNet      *net;         /* (owned) */
  DynoTruth         *truth;       /* (owned) (nullable) */
  DynoWire          *wire;        /* (owned) (nullable) */
  DynoWire          *others;      /* (owned) (nullable) other nodes speak here */
  DynoTransmit      *second;      /* (owned) (nullable) a second provider */
  GArray            *addresses;   /* (owned) of guint32: of this machine */
  GPtrArray         *channels;    /* (owned) of DynoSimulatorChannel; first those of the profile */
  GPtrArray         *scenario;    /* (owned) of DynoFault, in order of time */
  guint              next_fault;
  gboolean           was_ready;
  gboolean           is_over;     /* the cycle is */
  double             target_ms;   /* simulated time to reach */
  gint64             flushed_us;  /* the machine ran on; 0: never */
  double             clock_base_ms; /* the wire clock was this */
  gint64             clock_since_ms; /* at this simulated time, */
  double             clock_rate;  /* and runs so fast */
  gboolean           is_vanished;
  gint64             stall_until_us;
  gint64             now_us;
  guint16            last_heard;  /* host id of the latest other node; 0 none */
  guint64            n_messages[256]; /* by key */

  DynoWorker        *worker;      /* (owned) (nullable) */
  GAsyncQueue       *commands;    /* (owned) of DynoFault; carries its own lock */
  int                wake;        /* eventfd */
  atomic_bool        is_stopping; /* (atomic) */
  atomic_bool        is_running;  /* (atomic) */
  _Atomic guint64    n_datagrams; /* (atomic) */
  _Atomic guint64    n_samples;   /* (atomic) */
  _Atomic guint64    n_dropped;   /* (atomic) */
  _Atomic guint64    n_queue_drops; /* (atomic) */
};

/* dyno-simulator-run.c */
double   dyno_simulator_time_s     (const DynoSimulator *self);
guint32  dyno_simulator_clock      (const DynoSimulator *self);
/* Gives the list of channels to the provider half. */
void     dyno_simulator_list       (DynoSimulator       *self,
                                    gboolean             is_silent);
void     dyno_simulator_sample_cb  (guint                index,
                                    gint64               t_ms,
                                    float                value,
                                    gpointer             user_data);
void     dyno_simulator_net_cb     (const guint8        *data,
                                    gsize                size,
                                    gboolean             is_dropped,
                                    gpointer             user_data);
void     dyno_simulator_send_cb    (const guint8        *data,
                                    gsize                size,
                                    gpointer             user_data);
void     dyno_simulator_run_cb     (GTask               *task,
                                    gpointer             owner);

/* dyno-simulator-news.c */
DynoSimulatorEvent
         dyno_simulator_event      (const DynoSimulator *self,
                                    DynoSimulatorEventKind kind);
void     dyno_simulator_tell       (DynoSimulator       *self,
                                    const DynoSimulatorEvent *event);
void     dyno_simulator_tell_ready (DynoSimulator       *self);
void     dyno_simulator_take_news  (DynoSimulator       *self,
                                    DynoCycleNews        news);
void     dyno_simulator_tell_dropped (DynoSimulator     *self,
                                    const guint8        *data,
                                    gsize                size);
void     dyno_simulator_tell_totals (DynoSimulator      *self);

/* dyno-simulator-fault.c */
void     dyno_simulator_apply      (DynoSimulator       *self,
                                    const DynoFault     *fault);
/* Steps the second provider. */
void     dyno_simulator_step_others (DynoSimulator      *self);
/* Before the list goes out for the first time. */
gboolean dyno_fault_is_early       (const DynoFault     *fault);

G_END_DECLS
