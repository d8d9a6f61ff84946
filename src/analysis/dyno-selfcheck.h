/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-drum.h"
#include "dyno-samples.h"

G_BEGIN_DECLS

/* Does this dyno still weigh what it weighed? Force, acceleration and speed of a
 * run give its mass and losses back (analysis.md 2.6). */

typedef enum
{
  DYNO_SELFCHECK_NOT_AVAILABLE, /* a channel is absent, or too little of it */
  DYNO_SELFCHECK_NO_MODEL,      /* the file's force holds no loss polynomial */
  DYNO_SELFCHECK_REFERENCE,     /* nothing to compare with yet */
  DYNO_SELFCHECK_OK,
  DYNO_SELFCHECK_DRIFT,
  DYNO_SELFCHECK_CHANGED,       /* another drum file, brake drag, bearing, another dyno */
} DynoSelfcheckVerdict;

typedef struct
{
  gsize    n;         /* samples used */
  DynoDrum drum;
  DynoDrum std_error; /* of each of its numbers */
  double   rms_n;     /* of the residuals */
} DynoSelfcheck;

/* "no-model", "ok", …: the spelling of files and wire. */
const char          *dyno_selfcheck_verdict_name (DynoSelfcheckVerdict  verdict);

/* FALSE below 100 samples with all three channels, or over less than 50 km/h. */
gboolean             dyno_selfcheck_run          (const DynoSamples    *samples,
                                                  DynoSelfcheck        *check);
/* `reference` is the dyno's stored drum, or NULL. */
DynoSelfcheckVerdict dyno_selfcheck_judge        (const DynoSelfcheck  *check,
                                                  const DynoDrum       *reference);
/* TRUE for what must not pass unseen: drift and change. */
gboolean             dyno_selfcheck_is_alarm     (DynoSelfcheckVerdict  verdict);
/* An alarm as a sentence that says by how much and what to do; NULL for the other
 * verdicts. (transfer full) */
char                *dyno_selfcheck_alarm        (DynoSelfcheckVerdict  verdict,
                                                  const DynoSelfcheck  *check,
                                                  const DynoDrum       *reference);
/* Against the reference: the mass in percent of it, the losses at 160 km/h in kW. */
void                 dyno_selfcheck_difference   (const DynoSelfcheck  *check,
                                                  const DynoDrum       *reference,
                                                  double               *mass_pct,
                                                  double               *loss_kw);
/* Losses from a coast-down without load: rows with a < 0, loss = −m·a. The mass
 * is given; FALSE as above. */
gboolean             dyno_selfcheck_coast_down   (const DynoSamples    *samples,
                                                  double                m_eff_kg,
                                                  DynoSelfcheck        *check);

G_END_DECLS
