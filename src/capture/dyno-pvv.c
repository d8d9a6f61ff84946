/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pvv-private.h"

#include <string.h>

#include "dyno-error.h"
#include "dyno-pvv-scan.h"

#define LEAST_DECIMALS 1
#define MOST_DECIMALS 5

void
dyno_pvv_free (DynoPvv *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->items);
  g_bytes_unref (self->bytes);
  g_free (self);
}

DynoPvv *
dyno_pvv_parse (GBytes  *bytes,
                GError **error)
{
  return dyno_pvv_read (bytes, FALSE, error);
}

gboolean
dyno_pvv_is_pvv (GBytes *bytes)
{
  DynoPvvScan scan = { 0 };
  DynoPvvPiece piece = DYNO_PVV_END;
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  gboolean is_pvv;

  is_pvv = text != NULL && dyno_pvv_scan_begin (&scan, text, size, TRUE, NULL)
           && dyno_pvv_scan_next (&scan, &piece, NULL) && piece == DYNO_PVV_OPEN
           && g_str_equal (scan.name, "PVV");
  dyno_pvv_scan_clear (&scan);

  return is_pvv;
}

/* Finding and writing */

DynoPvvItem *
dyno_pvv_find (const DynoPvv *self,
               const char    *name,
               int            occurrence,
               GError       **error)
{
  DynoPvvItem *found = NULL;
  guint n = 0;

  for (guint i = 0; i < self->items->len; i++)
    {
      DynoPvvItem *item = g_ptr_array_index (self->items, i);

      if (!g_str_equal (item->table->name, name))
        continue;
      n++;
      if (occurrence < 0 || item->occurrence == (guint) occurrence)
        found = item;
    }
  if (found == NULL)
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "pvv_item", "The tune has no item “%s”.", name);
  else if (occurrence < 0 && n > 1)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "pvv_ambiguous",
                      "The tune has %u items “%s”: say which.", n, name);
      found = NULL;
    }

  return found;
}

GBytes *
dyno_pvv_replace (const DynoPvv *self,
                  GBytes *const *items)
{
  gsize size;
  const guint8 *from = g_bytes_get_data (self->bytes, &size);
  g_autoptr(GByteArray) to = g_byte_array_sized_new ((guint) size + 64);
  gsize done = 0;

  for (guint i = 0; i < self->items->len; i++)
    {
      const DynoPvvItem *item = g_ptr_array_index (self->items, i);

      if (items[i] == NULL)
        continue;
      g_byte_array_append (to, from + done, (guint) (item->begin - done));
      g_byte_array_append (to, g_bytes_get_data (items[i], NULL),
                           (guint) g_bytes_get_size (items[i]));
      done = item->end;
    }
  g_byte_array_append (to, from + done, (guint) (size - done));

  return g_byte_array_free_to_bytes (g_steal_pointer (&to));
}

/* One item by itself */

static DynoTable *
parse_item (GBytes             *bytes,
            DynoAnalysisError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(DynoPvv) pvv = dyno_pvv_read (bytes, TRUE, &cause);

  if (pvv != NULL && pvv->items->len == 1)
    return dyno_table_ref (((DynoPvvItem *) pvv->items->pdata[0])->table);

  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_TABLE, "%s",
                           cause != NULL ? cause->message : "There is no item in it.");

  return NULL;
}

static char *
format_cell (const DynoTable *table,
             guint            cell,
             double           value)
{
  char format[8];
  char text[512]; /* the longest double has 309 digits before the mark */
  gsize length;

  (void) cell;
  g_snprintf (format, sizeof format, "%%.%uf",
              CLAMP (table->decimals, LEAST_DECIMALS, MOST_DECIMALS));
  g_ascii_formatd (text, sizeof text, format, value);
  for (length = strlen (text); text[length - 1] == '0'; length--)
    ;
  length -= text[length - 1] == '.';
  text[length] = '\0';

  return g_strdup (g_str_equal (text, "-0") ? "0" : text);
}

const DynoTableForm dyno_pvv_form = { "pvv", parse_item, format_cell };
