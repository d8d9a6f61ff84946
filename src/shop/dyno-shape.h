/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-alert.h"
#include "dyno-analyse.h"
#include "dyno-arm.h"
#include "dyno-config.h"
#include "dyno-database.h"
#include "dyno-health.h"
#include "dyno-jobs.h"
#include "dyno-json.h"
#include "dyno-live.h"
#include "dyno-people.h"
#include "dyno-preflight.h"
#include "dyno-pull-power.h"
#include "dyno-runbook.h"
#include "dyno-verify.h"

G_BEGIN_DECLS

/* The JSON of every public result, as spec cli.md and service.md name its members:
 * for `dynoctl --json`, for the API and for the assistant's tools, all from here.
 * snake_case, SI units, null for what is missing, times RFC 3339 UTC with ms, and
 * always the same order of members. Each function writes one value; put names and
 * arrays around it as you need. Any thread.
 *
 *   DynoJsonWriter *w = dyno_json_writer_new (FALSE);
 *   dyno_shape_runs (w, page);
 *   g_autofree char *text = dyno_json_writer_finish (w);
 */

/* {"id","number","title","status", …}: a row of `runs list`. */
void dyno_shape_run        (DynoJsonWriter         *w,
                            const DynoRun          *run);
/* {"runs":[…],"next_cursor","found"} */
void dyno_shape_runs       (DynoJsonWriter         *w,
                            const DynoRunPage      *page);
/* A row and "channels", "markers", "files", "capture", "config_snapshot", …:
 * `runs show`, and a line of `capture`. */
void dyno_shape_run_detail (DynoJsonWriter         *w,
                            const DynoRunDetail    *detail);

/* {"curve","peaks","correction","dyno", …}. A point every `step_rpm` (0: 250) of
 * the curve's own kind, rpm or km/h. */
void dyno_shape_power      (DynoJsonWriter         *w,
                            const DynoPullPower    *power,
                            double                  step_rpm);
/* The passport alone. */
void dyno_shape_correction (DynoJsonWriter         *w,
                            const DynoCorrection   *correction);

/* {"fingerprint","math_version","grid","front","rear","rejected","delay_ms","files", …}:
 * `analyze`. Correction in percent of fuel, a row an engine speed. */
void dyno_shape_analyse    (DynoJsonWriter         *w,
                            const DynoAnalyse      *analyse);
/* {"cylinder","rpm","map_kpa","hits","correction","sentence","rejected","samples", …}:
 * how a cell came to its number. Finds the samples, so not for a busy thread. */
void dyno_shape_story      (DynoJsonWriter         *w,
                            DynoVeResult           *result,
                            const DynoVeStory      *story);

/* {"ok","first_bad","removed","findings", …} */
void dyno_shape_verify     (DynoJsonWriter         *w,
                            const DynoVerifyReport *report);
/* {"path","bytes","schema", …}; {"ok","findings", …} */
void dyno_shape_store_info  (DynoJsonWriter        *w,
                             const DynoStoreInfo   *info);
void dyno_shape_store_check (DynoJsonWriter        *w,
                             const DynoStoreCheck  *check);
/* {"checks":[{"name","status","detail","fix"}]}, element-type DynoCheck */
void dyno_shape_doctor     (DynoJsonWriter         *w,
                            GPtrArray              *checks);
/* {"status","version","timestamp","uptime_s","memory","components"} */
void dyno_shape_health     (DynoJsonWriter         *w,
                            const DynoHealthReport *report);
/* {"id","name","severity","state","message","at"}, as the webhook gets it; secrets are
 * struck out of the message. */
void dyno_shape_alert      (DynoJsonWriter         *w,
                            const DynoAlert        *alert);
/* {"passed","at","checks":[{"name","status","message","fix","details"}],"can_override"} */
void dyno_shape_preflight  (DynoJsonWriter         *w,
                            const DynoPreflight    *preflight);

/* {"providers":[…],"stats":{…}} of `listen`. */
void dyno_shape_providers  (DynoJsonWriter         *w,
                            const DynoCaptureState *state);
/* {"state","run_id","provider_id","since","samples","dropped","preflight"} of GET
 * /capture. `preflight` may be NULL. */
void dyno_shape_capture    (DynoJsonWriter         *w,
                            const DynoArmState     *state,
                            const DynoPreflight    *preflight,
                            gint64                  utc_minus_monotonic_us);
/* {"seq","t","state","simulated","provider_id","age_ms","v","s"} of GET /live; `seq` is
 * that of the stream at this moment. */
void dyno_shape_live       (DynoJsonWriter         *w,
                            DynoLive               *live,
                            guint64                 seq,
                            gint64                  now_utc_us);
/* The members "v" and "s" of it, of a set of canonical channels (bit: the channel). */
#define DYNO_CHANNELS_ALL G_MAXUINT64
void dyno_shape_live_values (DynoJsonWriter        *w,
                             DynoLive              *live,
                             guint64                channels);

void dyno_shape_vehicle    (DynoJsonWriter         *w,
                            const DynoVehicle      *vehicle);
void dyno_shape_customer   (DynoJsonWriter         *w,
                            const DynoCustomer     *customer);
void dyno_shape_job        (DynoJsonWriter         *w,
                            const DynoJobInfo      *job);
/* {"key","value","origin","default","meaning"} */
void dyno_shape_setting    (DynoJsonWriter         *w,
                            DynoConfig             *config,
                            const DynoConfigRow    *row);

/* The error body of service.md 5.1 without the members that only a request has:
 * {"type","title","status","detail","error":{…}}. */
void dyno_shape_error      (DynoJsonWriter         *w,
                            const GError           *error,
                            gint64                  now_utc_us);

G_END_DECLS
