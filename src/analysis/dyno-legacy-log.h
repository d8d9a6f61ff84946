/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analysis-error.h"

G_BEGIN_DECLS

/* A log as the legacy engine reads it (analysis-legacy.md A.1): one header line,
 * `,`, TAB or `;` between columns, RFC 4180 quotes, a column found by words in its
 * name. A row at a time; nothing is copied. */

typedef enum
{
  DYNO_LEGACY_RPM,
  DYNO_LEGACY_MAP,
  DYNO_LEGACY_TORQUE,
  DYNO_LEGACY_HP,
  DYNO_LEGACY_TARGET_F,
  DYNO_LEGACY_TARGET_R,
  DYNO_LEGACY_MIX_F,
  DYNO_LEGACY_MIX_R,
  DYNO_LEGACY_KNOCK_F,
  DYNO_LEGACY_KNOCK_R,
  DYNO_LEGACY_IAT,
  DYNO_LEGACY_TPS,
  DYNO_LEGACY_N_ROLES
} DynoLegacyRole;

/* A column that is read, for one role. */
typedef struct
{
  guint          column;
  DynoLegacyRole role;
} DynoLegacySlot;

typedef struct
{
  const char    *at;      /* (borrowed) the next row */
  const char    *end;
  char           delimiter;
  DynoLegacySlot slots[DYNO_LEGACY_N_ROLES]; /* by column */
  guint          n_slots;
} DynoLegacyLog;

/* The index of the header for these candidates, or −1: first the one that equals a
 * candidate, candidates in their order, then the first header that contains one.
 * Case, outer blanks and "_" for a blank do not matter. Both lists end with NULL;
 * candidates are written in small letters. */
int      dyno_legacy_match     (const char *const   *headers,
                                const char *const   *candidates);

/* Reads the header. `text` is borrowed. NO_ROWS without one; MISSING_CHANNEL naming
 * the roles when engine speed, MAP or torque has no column. */
gboolean dyno_legacy_log_init  (DynoLegacyLog       *self,
                                const char          *text,
                                gsize                length,
                                DynoAnalysisError  **error);
gboolean dyno_legacy_log_has   (const DynoLegacyLog *self,
                                DynoLegacyRole       role);
/* The name of the column that a role is read from; NULL for a role without one.
 * (transfer full) */
char    *dyno_legacy_log_column (const char         *text,
                                 gsize               length,
                                 DynoLegacyRole      role);
/* The next row that has engine speed, MAP and torque; a role without column or
 * number is NaN. FALSE behind the last. */
gboolean dyno_legacy_log_next  (DynoLegacyLog       *self,
                                double               row[DYNO_LEGACY_N_ROLES]);

G_END_DECLS
