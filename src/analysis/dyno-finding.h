/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What an adviser has to say (analysis.md 4). Advisers read samples and the VE
 * result and never change a table. One that misses a channel says so by name in
 * place of findings. Not shared while it is filled; immutable afterwards. */

typedef enum
{
  DYNO_EVIDENCE_MEASURED,
  DYNO_EVIDENCE_INFERRED, /* from a rule of thumb or from other channels */
} DynoEvidence;

/* Rows first…last of the sample set, both included. */
typedef struct
{
  guint64 first;
  guint64 last;
} DynoRowRange;

typedef struct
{
  char  *name;  /* (owned) with its unit: "imbalance_pct" */
  double value; /* NaN: no value */
} DynoFindingNumber;

typedef struct
{
  const char  *kind;        /* (borrowed) static: "spatial", "knock-cluster" */
  double       score;       /* the larger, the graver; of its kind */
  DynoEvidence evidence;
  GArray      *cells;       /* (owned) of guint, row-major on the grid of the result */
  GArray      *samples;     /* (owned) of DynoRowRange, ascending */
  GArray      *numbers;     /* (owned) of DynoFindingNumber, in the order they were added */
  char        *text;        /* (owned) one sentence for a tuner */
  GPtrArray   *next_checks; /* (owned) of char *: what to do or look at next */
} DynoFinding;

typedef struct
{
  const char *adviser;  /* (borrowed) static: "anomalies", "decel" */
  GPtrArray  *missing;  /* (owned) of char *: channels it lacks; empty: it could work */
  GPtrArray  *findings; /* (owned) of DynoFinding */
} DynoAdvice;

/* printf with a decimal point whatever the locale: texts are part of artefacts.
 * (transfer full) */
char        *dyno_finding_text        (const char   *format,
                                       ...) G_GNUC_PRINTF (1, 2);
/* `kind` must be static. `text` by format, as above. (transfer full) */
DynoFinding *dyno_finding_new         (const char   *kind,
                                       double        score,
                                       DynoEvidence  evidence,
                                       const char   *format,
                                       ...) G_GNUC_PRINTF (4, 5);
void         dyno_finding_free        (DynoFinding  *self);
void         dyno_finding_add_cell    (DynoFinding  *self,
                                       guint         cell);
/* A row next to the last range makes that range longer. Rows must ascend. */
void         dyno_finding_add_row     (DynoFinding  *self,
                                       guint64       row);
void         dyno_finding_add_number  (DynoFinding  *self,
                                       const char   *name,
                                       double        value);
void         dyno_finding_add_check   (DynoFinding  *self,
                                       const char   *check);
/* NaN without such a number. */
double       dyno_finding_get_number  (const DynoFinding *self,
                                       const char        *name);
const char  *dyno_evidence_name       (DynoEvidence  evidence);

/* `adviser` must be static. (transfer full) */
DynoAdvice  *dyno_advice_new          (const char   *adviser);
void         dyno_advice_free         (DynoAdvice   *self);
/* The adviser has no say without this channel. */
void         dyno_advice_lacks        (DynoAdvice   *self,
                                       const char   *channel);
gboolean     dyno_advice_is_available (const DynoAdvice *self);
/* `finding` is taken over. */
void         dyno_advice_take         (DynoAdvice   *self,
                                       DynoFinding  *finding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoFinding, dyno_finding_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAdvice, dyno_advice_free)

G_END_DECLS
