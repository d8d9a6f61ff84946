/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-power.h"
#include "dyno-selfcheck.h"
#include "dyno-store-runs.h"

G_BEGIN_DECLS

/* What the run book says of a run at a glance: its peaks with the shop's
 * correction, at the level that lists use. Pure. */

#define DYNO_SUMMARY_LEVEL 2

/* Fills peaks and results (JSON: peaks, passport, pull, self-check) of `run` from
 * its samples; `options` as dyno_power_new () takes them, its level is not looked
 * at. A run without a pull gets no peaks and the reason. */
void dyno_summary_fill     (DynoRun                 *run,
                            const DynoSamples       *samples,
                            const DynoPowerOptions  *options);

/* Cuts the options to the trim that was set by hand, if there is one. */
void dyno_summary_trim     (DynoPowerOptions        *options,
                            const DynoSamples       *samples,
                            const DynoRun           *run);

/* The stoichiometric ratio that a vehicle's data names; petrol without one.
 * `data` (nullable) is its JSON. */
double dyno_summary_stoich (const char              *data);

/* The JSON object of the figures: {"peak_power_kw","peak_power_rpm", …}, null for
 * what is missing. */
void dyno_summary_write_peaks (DynoJsonWriter       *w,
                               const DynoRunPeaks   *peaks);

G_END_DECLS
