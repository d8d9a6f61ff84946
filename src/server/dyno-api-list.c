/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api-list.h"

#include <string.h>

/* "<place> <id>" of the last item that was seen. */
static char *
cursor_after (guint       place,
              const char *id)
{
  return g_strdup_printf ("%u %s", place, id);
}

static guint
first_after (GPtrArray  *items,
             const char *cursor,
             const char *(*id_of) (gconstpointer item))
{
  const char *id = cursor != NULL ? strchr (cursor, ' ') : NULL;
  guint place;

  if (id == NULL)
    return 0;

  for (guint i = 0; i < items->len; i++)
    {
      if (g_str_equal (id_of (g_ptr_array_index (items, i)), id + 1))
        return i + 1;
    }
  place = (guint) g_ascii_strtoull (cursor, NULL, 10);

  return MIN (place, items->len);
}

void
dyno_api_list_reply (DynoRequest *request,
                     GPtrArray   *items,
                     const char *(*id_of) (gconstpointer item),
                     void       (*shape) (DynoJsonWriter *w,
                                          gconstpointer   item))
{
  DynoJsonWriter *w = dyno_reply_page_begin (request);
  guint first = first_after (items, dyno_request_get_cursor (request), id_of);
  guint end = first + MIN (items->len - first, dyno_request_get_limit (request));
  g_autofree char *next = NULL;

  for (guint i = first; i < end; i++)
    shape (w, g_ptr_array_index (items, i));
  if (end < items->len)
    next = cursor_after (end - 1, id_of (g_ptr_array_index (items, end - 1)));
  dyno_reply_page_end (request, w, next);
}

void
dyno_api_reply_kept (DynoRequest    *request,
                     const char     *id,
                     DynoJsonWriter *writer)
{
  if (dyno_request_get_route (request)->method == DYNO_POST)
    dyno_reply_created (request, id, writer);
  else
    dyno_reply_json (request, writer);
}
