/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-reply.h"

G_BEGIN_DECLS

/* A page that the shop cut: it is asked for one item more than the page has, which says
 * that there is a next one. Thread dyno-server. */

/* How many to ask for. */
guint dyno_api_page_wanted (DynoRequest  *request);

/* `place_of` (transfer full): where the page after that item begins, which
 * dyno_request_get_cursor () has then. */
void  dyno_api_page_reply  (DynoRequest  *request,
                            GPtrArray    *items,
                            void        (*shape) (DynoJsonWriter *w,
                                                  gconstpointer   item),
                            char       *(*place_of) (gconstpointer item));

G_END_DECLS
