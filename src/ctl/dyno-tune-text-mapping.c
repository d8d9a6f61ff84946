/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-text.h"

#include "dyno-listing.h"
#include "dyno-print.h"

/* From which cells of a foreign grid the values of a table were made; part of
 * dyno-tune-text.h. */

/* "1500, 35: 50 %; 1500, 65: 50 %" */
static char *
shares_text (const DynoGridShape *origin,
             const DynoGridShare *shares,
             guint                n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *rpm = dyno_print_number (origin->rpm.at[shares[i].cell / origin->load.n], 0);
      g_autofree char *load
        = dyno_print_number (origin->load.at[shares[i].cell % origin->load.n], 1);
      g_autofree char *share = dyno_print_number (100 * shares[i].weight, 1);

      g_string_append_printf (text, "%s%s, %s: %s %%", i > 0 ? "; " : "", rpm, load, share);
    }

  return g_string_free (text, FALSE);
}

static void
add_cell (DynoListing          *listing,
          const DynoChange     *change,
          const DynoChangeCell *cell)
{
  DynoGridShare shares[DYNO_GRID_SHARES];
  guint n = dyno_change_cell_shares (change, cell, shares);

  if (n == 0)
    return;
  dyno_listing_take (listing, dyno_print_number (cell->rpm, 0));
  dyno_listing_take (listing, dyno_print_number (cell->load, 1));
  dyno_listing_take (listing, dyno_print_number (cell->raw, 2));
  dyno_listing_take (listing, shares_text (change->origin, shares, n));
}

char *
dyno_tune_text_mapping (const DynoChange *change)
{
  static const char *const columns[] = { ">rpm", ">kPa", ">%", "from rpm, kPa: share", NULL };
  g_autoptr(DynoListing) listing = NULL;
  g_autofree char *lines = NULL;

  if (change->origin == NULL || change->n_tables == 0)
    return g_strdup ("");
  listing = dyno_listing_new (columns);
  for (guint i = 0; i < change->tables[0]->cells->len; i++)
    add_cell (listing, change, &g_array_index (change->tables[0]->cells, DynoChangeCell, i));
  lines = dyno_listing_format (listing, 0);

  return g_strconcat ("\nWhere the resampled values come from\n", lines, "\n", NULL);
}
