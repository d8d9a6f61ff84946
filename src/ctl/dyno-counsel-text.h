/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-counsel.h"

G_BEGIN_DECLS

/* What the advisers say, for people: the grade, what was found and what to do about it,
 * the next tests. Empty where nobody has anything to say. (transfer full) */
char *dyno_counsel_text (const DynoCounsel *counsel);

G_END_DECLS
