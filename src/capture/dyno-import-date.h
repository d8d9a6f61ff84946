/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first date in a text, as "YYYY-MM-DD", or NULL. (transfer full) Written as
 *
 *   2025-07-18 · 20250718 02:15:46 · 18.07.2025 · Jul 18, 2025 · Jul 18 02:15:46 CET 2025
 *
 * and in no way that one half of the world reads differently (7/8/2025). */
char *dyno_import_find_date (const char *text);

G_END_DECLS
