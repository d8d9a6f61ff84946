/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "dyno-path.h"
#include "dyno-query.h"

/* The target of a request: path and query. What was read is text without a way out. */

static const DynoField fields[] = {
  { "q", DYNO_TEXT (0, 20), 0, "Words" },
  { "n", DYNO_INTEGER (1, 9), 0, "A number" },
  { "x", DYNO_NUMBER (-1, 1), 0, "A number" },
  { "all", DYNO_BOOLEAN, 0, "Truth" },
  { "id", DYNO_ID ("run"), 0, "Id" },
  { "at", DYNO_TIME, 0, "Time" },
  { "mail", DYNO_EMAIL, 0, "Mail" },
  { "list", DYNO_ARRAY (4, DYNO_WORD ("a|b")), 0, "List" },
  { NULL }
};

static void
check_query (const char *query)
{
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();
  g_autoptr(GHashTable) values = dyno_query_parse (query, fields, NULL, flaws);
  GHashTableIter iter;
  gpointer name, text;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &name, &text))
    {
      g_assert (dyno_fields_find (fields, name) != NULL);
      g_assert (g_utf8_validate (text, -1, NULL));
    }
}

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *target = g_strndup ((const char *) data, size);
  g_autoptr(DynoPath) path = dyno_path_new (target, NULL);

  if (path == NULL)
    return 0;

  for (guint i = 0; i < path->n_segments; i++)
    {
      const char *segment = path->segments[i];

      g_assert (g_utf8_validate (segment, -1, NULL) && strpbrk (segment, "/\\\r\n") == NULL);
      g_assert (!g_str_equal (segment, ".") && !g_str_equal (segment, ".."));
      g_assert (segment[0] != '\0' || i + 1 == path->n_segments);
    }
  check_query (path->query);

  return 0;
}
