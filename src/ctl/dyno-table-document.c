/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-table-document.h"

#include "dyno-document.h"
#include "dyno-listing.h"
#include "dyno-print.h"

#include <math.h>

static void
add_words (DynoListing       *listing,
           const DynoJson    *object,
           const char *const *names)
{
  for (; *names != NULL; names++)
    {
      const char *text = dyno_json_get_string (object, *names);

      dyno_listing_take (listing, text != NULL ? dyno_print_clean (text) : NULL);
    }
}

static void
add_integer (DynoListing    *listing,
             const DynoJson *object,
             const char     *name)
{
  dyno_listing_add_f (listing, "%" G_GINT64_FORMAT, dyno_json_get_integer (object, name, 0));
}

/* As short as it can be; NULL where there is no number. (transfer full) */
static char *
number_text (const DynoJson *value)
{
  double number = dyno_json_number (value, NAN);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (number))
    return NULL;
  dyno_json_format_number (number, text);

  return g_strdup (text);
}

static void
add_number (DynoListing    *listing,
            const DynoJson *value)
{
  dyno_listing_take (listing, number_text (value));
}

char *
dyno_table_document_list (GPtrArray *tables)
{
  static const char *const columns[] = { "table", "kind", "cylinder", ">version", "tune", "name",
                                         NULL };
  static const char *const first[] = { "id", "kind", "cylinder", NULL };
  static const char *const last[] = { "tune_id", "name", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);

  for (guint i = 0; i < tables->len; i++)
    {
      add_words (listing, tables->pdata[i], first);
      add_integer (listing, tables->pdata[i], "version");
      add_words (listing, tables->pdata[i], last);
    }

  return dyno_listing_format (listing, 0);
}

char *
dyno_table_document_history (GPtrArray *changes)
{
  static const char *const columns[] = { ">version", "when", "what", ">cells", "by", "change",
                                         "undoes", "comment", NULL };
  static const char *const last[] = { "by", "id", "undoes", "comment", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);

  for (guint i = 0; i < changes->len; i++)
    {
      const DynoJson *change = changes->pdata[i];

      add_integer (listing, change, "version_after");
      dyno_listing_take (listing, dyno_document_time (change, "at"));
      dyno_listing_add (listing, dyno_json_get_string (change, "kind"));
      add_integer (listing, change, "cells_changed");
      add_words (listing, change, last);
    }

  return dyno_listing_format (listing, 0);
}

/* The columns of a grid: a blank one for the engine speed, then the pressures. */
static DynoListing *
new_grid (const DynoJson *loads)
{
  g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (columns, g_strdup (">rpm"));
  for (guint i = 0; i < dyno_json_n_elements (loads); i++)
    {
      g_autofree char *label = number_text (dyno_json_element (loads, i));

      g_ptr_array_add (columns, g_strconcat (">", label, NULL));
    }
  g_ptr_array_add (columns, NULL);

  return dyno_listing_new ((const char *const *) columns->pdata);
}

char *
dyno_table_document_cells (const DynoJson *table)
{
  const DynoJson *axes = dyno_json_member (table, "axes");
  const DynoJson *speeds = dyno_json_member (axes, "rpm");
  const DynoJson *loads = dyno_json_member (axes, "map_kpa");
  const DynoJson *cells = dyno_json_member (table, "cells");
  g_autoptr(DynoListing) listing = new_grid (loads);

  for (guint r = 0; r < dyno_json_n_elements (speeds); r++)
    {
      const DynoJson *row = dyno_json_element (cells, r);

      add_number (listing, dyno_json_element (speeds, r));
      for (guint c = 0; c < dyno_json_n_elements (loads); c++)
        add_number (listing, dyno_json_element (row, c));
    }

  return dyno_listing_format (listing, 0);
}

char *
dyno_table_document_diff (const DynoJson *diff)
{
  static const char *const columns[] = { ">rpm", ">kPa", ">from", ">to", ">change", NULL };
  static const char *const members[] = { "rpm", "map_kpa", "from", "to", "delta", NULL };
  const DynoJson *top = dyno_json_member (diff, "top");
  gint64 n = dyno_json_get_integer (diff, "changed", 0);
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autofree char *lines = NULL;

  if (n == 0)
    return g_strdup ("No cell is different.\n");
  for (guint i = 0; i < dyno_json_n_elements (top); i++)
    {
      for (const char *const *member = members; *member != NULL; member++)
        add_number (listing, dyno_json_member (dyno_json_element (top, i), *member));
    }
  lines = dyno_listing_format (listing, 0);

  return g_strdup_printf ("%" G_GINT64_FORMAT " cells are different\n%s", n, lines);
}
