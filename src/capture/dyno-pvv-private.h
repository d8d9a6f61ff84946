/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-pvv.h"

G_BEGIN_DECLS

/* A whole tune; as a fragment one item by itself. (transfer full) */
DynoPvv *dyno_pvv_read (GBytes   *bytes,
                        gboolean  is_fragment,
                        GError  **error);

G_END_DECLS
