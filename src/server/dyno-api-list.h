/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-reply.h"

G_BEGIN_DECLS

/* A page of what came as a whole list, in its order. Where the client is, is the id of
 * the last item it saw, and its place for the case that this item is gone.
 *
 * `items` are pointers to structs whose id `id_of` gives. Thread dyno-server. */
void dyno_api_list_reply (DynoRequest  *request,
                          GPtrArray    *items,
                          const char *(*id_of) (gconstpointer item),
                          void        (*shape) (DynoJsonWriter *w,
                                                gconstpointer   item));

/* A thing that was found, changed or made: after a POST as created. */
void dyno_api_reply_kept (DynoRequest    *request,
                          const char     *id,
                          DynoJsonWriter *writer);

G_END_DECLS
