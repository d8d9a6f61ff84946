/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-klhdv.h"

G_BEGIN_DECLS

/* Faults on demand (jetdrive.md §12.3): the words of a scenario, and a network
 * that loses, doubles, delays and reorders what is given to it. What a word does
 * to the provider is the simulator's business. Pure. */

typedef enum
{
  /* Driving. */
  DYNO_FAULT_PULL,
  DYNO_FAULT_CELLS,
  DYNO_FAULT_IDLE,
  DYNO_FAULT_THROTTLE,    /* per cent */
  DYNO_FAULT_GEAR,
  DYNO_FAULT_BRAKE,       /* N */
  /* Network. */
  DYNO_FAULT_DROP,        /* per cent */
  DYNO_FAULT_BURST_DROP,  /* messages */
  DYNO_FAULT_REORDER,     /* per cent, depth in messages */
  DYNO_FAULT_DUPLICATE,   /* per cent */
  DYNO_FAULT_DELAY,       /* ms, jitter ms */
  /* Lists. */
  DYNO_FAULT_PAGE_DROP,   /* pages */
  DYNO_FAULT_PAGE_ORDER,  /* text: reverse, normal */
  DYNO_FAULT_INFO_OFF,
  DYNO_FAULT_INFO_ON,
  DYNO_FAULT_RENUMBER,    /* text: clear, silent */
  DYNO_FAULT_RENAME,      /* channel, text */
  DYNO_FAULT_UNIT,        /* channel, code */
  DYNO_FAULT_ADD,         /* text */
  DYNO_FAULT_REMOVE,      /* channel */
  /* Life cycle. */
  DYNO_FAULT_CLEAR,
  DYNO_FAULT_RESTART,
  DYNO_FAULT_RESTART_SAME_ID,
  DYNO_FAULT_VANISH,
  DYNO_FAULT_STALL,       /* s */
  /* Clock and counter. */
  DYNO_FAULT_WRAP,        /* s from now */
  DYNO_FAULT_CLOCK_JUMP,  /* ms */
  DYNO_FAULT_DRIFT,       /* ppm */
  DYNO_FAULT_SEQ_RESTART,
  /* Values; a last number of seconds may follow, else for ever. */
  DYNO_FAULT_MUTE,        /* channel */
  DYNO_FAULT_FREEZE,      /* channel, s */
  DYNO_FAULT_SET,         /* channel, value */
  DYNO_FAULT_NAN,         /* channel */
  DYNO_FAULT_INF,         /* channel */
  DYNO_FAULT_PEG,         /* channel */
  /* Other nodes. */
  DYNO_FAULT_SECOND,      /* text: its name */
  DYNO_FAULT_COLLIDE,
  DYNO_FAULT_VERSION,     /* version */
  DYNO_FAULT_STORM,       /* requests */
  /* Private group only. */
  DYNO_FAULT_MALFORMED,   /* text: N1 … N15 */
  DYNO_FAULT_FUZZ,        /* datagrams */
  DYNO_N_FAULTS
} DynoFaultVerb;

typedef struct
{
  double        t_s;       /* when, simulated time */
  DynoFaultVerb verb;
  char         *channel;   /* (owned) (nullable) id or name */
  char         *text;      /* (owned) (nullable) */
  double        numbers[3]; /* as the verb has them; NaN where left out */
  char         *line;      /* (owned) as it was written, without the time */
} DynoFault;

/* One line, "2.5 drop 10" or without the time "drop 10" (`needs_time` FALSE: then
 * t_s is 0). DYNO_ERROR_INVALID, reason "scenario". */
DynoFault  *dyno_fault_parse       (const char   *line,
                                    gboolean      needs_time,
                                    GError      **error);
void        dyno_fault_free        (DynoFault    *fault);
/* A scenario: lines, `#` begins a comment, empty lines are skipped. In order of
 * time. The message names the line. (transfer full) of DynoFault. */
GPtrArray  *dyno_faults_parse      (const char   *text,
                                    GError      **error);
/* `--fault KIND[=RATE]` as a line of a scenario at time 0. (transfer full) */
char       *dyno_fault_from_option (const char   *option,
                                    GError      **error);
/* "burst-drop"; NULL for none. */
const char *dyno_fault_verb_name   (DynoFaultVerb verb);
/* Must not leave the private test group. */
gboolean    dyno_fault_is_private  (const DynoFault *fault);

/* A malformed datagram of the vectors, "N1" … "N15"; 0 and no size for a name
 * that is none (N8 has size 0, too). `data` holds 256 bytes. */
gboolean    dyno_fault_malformed   (const char   *name,
                                    guint8       *data,
                                    gsize        *size);

/* The bad network. */
typedef struct _DynoFaultNet DynoFaultNet;

/* What became of a message: `is_dropped`, or it goes out now. */
typedef void (*DynoFaultNetFunc) (const guint8 *data,
                                  gsize         size,
                                  gboolean      is_dropped,
                                  gpointer      user_data);

DynoFaultNet *dyno_fault_net_new   (guint64           seed,
                                    DynoFaultNetFunc  func,
                                    gpointer          user_data);
void          dyno_fault_net_free  (DynoFaultNet     *self);
void          dyno_fault_net_set   (DynoFaultNet     *self,
                                    const DynoFault  *fault);
void          dyno_fault_net_push  (DynoFaultNet     *self,
                                    const guint8     *data,
                                    gsize             size,
                                    gint64            now_us);
/* Lets out what is due. */
void          dyno_fault_net_step  (DynoFaultNet     *self,
                                    gint64            now_us);
/* Lets out all that is held back. */
void          dyno_fault_net_drain (DynoFaultNet     *self);
/* When the next one is due; G_MAXINT64 without. */
gint64        dyno_fault_net_due   (const DynoFaultNet *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoFault, dyno_fault_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoFaultNet, dyno_fault_net_free)

G_END_DECLS
