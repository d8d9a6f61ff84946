/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-palette.h"

G_BEGIN_DECLS

/* The icon and the style class that stand beside the word of a status (ui.md 1.3):
 * never a colour alone. */

const char *dyno_status_icon  (DynoStatus status);
const char *dyno_status_class (DynoStatus status);

G_END_DECLS
