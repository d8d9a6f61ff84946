/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"

G_BEGIN_DECLS

/* The parts of the verb db that make backups and put them back. */

/* A name that ends in ".db" gets a plain copy of the database; another one (nullable)
 * a copy of the sealed file that goes where backups go. A shop that has no recovery
 * code yet gets one, and `is_new_code` asks for another: it is printed this once. */
gboolean dyno_verb_back_up (DynoCtl     *ctl,
                            DynoShop    *shop,
                            const char  *output,
                            gboolean     is_new_code,
                            GError     **error);

/* `has_code`: the recovery code is asked for, or read from standard input where that is
 * no terminal. */
gboolean dyno_verb_restore (DynoCtl     *ctl,
                            const char  *backup,
                            gboolean     has_code,
                            GError     **error);

G_END_DECLS
