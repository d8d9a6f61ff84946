/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-capture-state.h"

G_BEGIN_DECLS

/* Is all as it must be before a pull? The thirteen checks of jetdrive.md §8, each
 * with what was found and the one action that mends it. They run beside the
 * capture and touch nothing. */

typedef struct _DynoShop DynoShop;

typedef enum
{
  DYNO_PREFLIGHT_LINK,
  DYNO_PREFLIGHT_PROVIDER,
  DYNO_PREFLIGHT_REQUIRED,
  DYNO_PREFLIGHT_RECOMMENDED,
  DYNO_PREFLIGHT_HEALTH,
  DYNO_PREFLIGHT_RPM,
  DYNO_PREFLIGHT_MIXTURE,
  DYNO_PREFLIGHT_THROTTLE,
  DYNO_PREFLIGHT_POWER,
  DYNO_PREFLIGHT_TORQUE,
  DYNO_PREFLIGHT_GEAR,
  DYNO_PREFLIGHT_ATMOSPHERE,
  DYNO_PREFLIGHT_DISK,
  DYNO_N_PREFLIGHT_CHECKS
} DynoPreflightKind;

typedef enum
{
  DYNO_PREFLIGHT_PASS,
  DYNO_PREFLIGHT_WARN,
  DYNO_PREFLIGHT_FAIL,
  DYNO_PREFLIGHT_SKIP, /* nothing to judge: "engine off", "drum at rest" */
} DynoPreflightStatus;

typedef struct
{
  DynoPreflightStatus  status;
  char                *message; /* (owned) what was found, a sentence */
  char                *fix;     /* (owned) (nullable) the one action */
  char                *details; /* (owned) (nullable) JSON object of the numbers behind it */
} DynoPreflightCheck;

/* Immutable, reference counted, any thread. The last one is kept:
 * dyno_live_ref_preflight (). */
typedef struct
{
  gint64             time_us;     /* UTC, when it ended */
  double             sample_s;
  gboolean           is_blocking;
  gboolean           has_passed;  /* no check failed */
  gboolean           si_verified; /* check POWER passed: the badge */
  DynoPreflightCheck checks[DYNO_N_PREFLIGHT_CHECKS];
  gatomicrefcount    n_refs;
} DynoPreflight;

typedef struct
{
  double   sample_s;    /* 5…60; 0: 15 */
  gboolean is_blocking; /* a fail refuses dyno_arm_arm_async (is_blocking) */
} DynoPreflightOptions;

/* `done` of DYNO_N_PREFLIGHT_CHECKS checks can be judged by now; `left_s` of
 * sampling are left. In the caller's context. */
typedef void (*DynoPreflightProgress) (guint    done,
                                       double   left_s,
                                       gpointer user_data);

DynoPreflight *dyno_preflight_ref         (DynoPreflight         *self);
void           dyno_preflight_unref       (DynoPreflight         *self);

/* "link", "provider", …; "pass", "warn", "fail", "skip". */
const char    *dyno_preflight_kind_name   (DynoPreflightKind      kind);
const char    *dyno_preflight_status_name (DynoPreflightStatus    status);

/* Watches for `sample_s`, then judges. Needs the caller's context to run.
 * `options` and `progress` may be NULL. UNAVAILABLE "no_capture". */
void           dyno_preflight_async       (DynoShop                   *shop,
                                           const DynoPreflightOptions *options,
                                           DynoPreflightProgress       progress,
                                           gpointer                    progress_data,
                                           GCancellable               *cancellable,
                                           GAsyncReadyCallback         callback,
                                           gpointer                    user_data);
DynoPreflight *dyno_preflight_finish      (GAsyncResult               *result,
                                           GError                    **error);

/* The judging alone, pure: what was seen of the provider in use. */
typedef struct
{
  gint64 t_us;
  double value; /* finite; kW, N, km/h, N·m, … as on the wire */
} DynoPreflightReading;

typedef struct
{
  DynoCaptureState *state;       /* (owned) (nullable) the last */
  double            watched_s;
  double            loss_percent; /* over the watching; NaN unknown */
  DynoOverall       overall;     /* the worst that lasted, or the last */
  gboolean          had_jitter;  /* gaps of 0.25…1 s, or kernel drops */
  const char       *wanted;      /* (borrowed) (nullable) the provider that was chosen by name */
  guint64           disk_free;   /* bytes where journals go; G_MAXUINT64 unknown */
  double            journal_bytes_s; /* at the present rate */
  GArray           *readings[DYNO_N_CHANNELS]; /* (owned) (nullable) every good one, by channel */
  GArray           *looks[DYNO_N_CHANNELS];    /* (owned) (nullable) the last at each tick, also
                                                  those out of range */
} DynoPreflightView;

void           dyno_preflight_view_clear  (DynoPreflightView           *view);
DynoPreflight *dyno_preflight_judge       (const DynoPreflightView     *view,
                                           const DynoPreflightOptions  *options,
                                           gint64                       now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPreflight, dyno_preflight_unref)

G_END_DECLS
