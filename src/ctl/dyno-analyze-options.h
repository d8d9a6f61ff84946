/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"

G_BEGIN_DECLS

/* The options of `analyze` that say what is computed: words and files of the
 * command line, as an order for the shop. */

extern const GOptionEntry dyno_analyze_option_entries[];

/* An order without inputs; NULL with a usage error for a word that cannot be, or
 * with what is wrong with a file. (transfer full) */
DynoAnalyseRequest *dyno_analyze_options_request (GError **error);
/* A base table of the request is one of the store. */
gboolean            dyno_analyze_options_want_store (const DynoAnalyseRequest *request);

G_END_DECLS
