/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Texts of steps that stand in a file of their own. */

extern const char dyno_migration_access[];

G_END_DECLS
