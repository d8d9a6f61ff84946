/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-document.h"

#include "dyno-clock.h"
#include "dyno-print.h"

DynoJson *
dyno_document_finish (DynoJsonWriter *w)
{
  g_autofree char *text = dyno_json_writer_finish (w);
  DynoJson *document = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);

  g_assert (document != NULL);

  return document;
}

DynoJson *
dyno_document_of (gconstpointer     record,
                  DynoDocumentShape shape)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  shape (w, record);

  return dyno_document_finish (w);
}

GPtrArray *
dyno_document_all (GPtrArray         *records,
                   DynoDocumentShape  shape)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_json_free);

  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (all, dyno_document_of (records->pdata[i], shape));

  return all;
}

void
dyno_document_add_members (DynoJsonWriter *w,
                           const DynoJson *object,
                           const char     *but)
{
  g_autoptr(GPtrArray) names = dyno_json_names (object);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];

      if (g_strcmp0 (name, but) == 0)
        continue;
      dyno_json_writer_name (w, name);
      dyno_json_writer_value (w, dyno_json_member (object, name));
    }
}

void
dyno_document_print_list (const char *name,
                          GPtrArray  *documents)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < documents->len; i++)
    dyno_json_writer_value (w, documents->pdata[i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

char *
dyno_document_time (const DynoJson *object,
                    const char     *name)
{
  const char *text = dyno_json_get_string (object, name);
  gint64 us = 0;

  return dyno_print_time (text != NULL && dyno_clock_parse_utc (text, &us) ? us / 1000 : 0);
}

char *
dyno_document_words (const DynoJson *object,
                     const char     *name,
                     const char     *between)
{
  const DynoJson *array = dyno_json_member (object, name);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    {
      const char *word = dyno_json_string (dyno_json_element (array, i));

      if (word != NULL)
        g_string_append_printf (text, "%s%s", i > 0 ? between : "", word);
    }

  return g_string_free (text, FALSE);
}
