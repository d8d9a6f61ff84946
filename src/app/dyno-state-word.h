/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-arm-state.h"
#include "dyno-palette.h"

G_BEGIN_DECLS

/* Where recording stands, readable from the door: one word, one icon, one shape
 * (ui.md 1, 3.1), and a line of what belongs to it. */

#define DYNO_TYPE_STATE_WORD (dyno_state_word_get_type ())
G_DECLARE_FINAL_TYPE (DynoStateWord, dyno_state_word, DYNO, STATE_WORD, AdwBin)

/* `detail` may be NULL. */
void        dyno_state_word_set   (DynoStateWord *self,
                                   DynoArmPhase   phase,
                                   const char    *detail);

/* "NO DYNO", "ARMED", …: translated. */
const char *dyno_state_word_text  (DynoArmPhase   phase);
/* The status whose icon and colour it has. */
DynoStatus  dyno_state_word_status (DynoArmPhase  phase);
const char *dyno_state_word_get_detail (DynoStateWord *self);

G_END_DECLS
