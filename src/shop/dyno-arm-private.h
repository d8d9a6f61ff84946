/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-arm.h"
#include "dyno-operation.h"

G_BEGIN_DECLS

/* {"event":NAME} and one text (nullable), as a command. (transfer full) */
char     *dyno_arm_command (const char       *event,
                            const char       *name,
                            const char       *text);
/* Gives a command into the stream and waits for its answer. */
gboolean  dyno_arm_tell    (const DynoErrand *errand,
                            const char       *json,
                            GError          **error);

G_END_DECLS
