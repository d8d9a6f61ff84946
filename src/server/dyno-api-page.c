/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api-page.h"

guint
dyno_api_page_wanted (DynoRequest *request)
{
  return dyno_request_get_limit (request) + 1;
}

void
dyno_api_page_reply (DynoRequest *request,
                     GPtrArray   *items,
                     void       (*shape) (DynoJsonWriter *w,
                                          gconstpointer   item),
                     char      *(*place_of) (gconstpointer item))
{
  DynoJsonWriter *w = dyno_reply_page_begin (request);
  guint n = MIN (items->len, dyno_request_get_limit (request));
  g_autofree char *next = NULL;

  for (guint i = 0; i < n; i++)
    shape (w, g_ptr_array_index (items, i));
  if (n < items->len)
    next = place_of (g_ptr_array_index (items, n - 1));
  dyno_reply_page_end (request, w, next);
}
