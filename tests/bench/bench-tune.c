/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A whole tune of 41 tables read, and a correction of a VE pair of 27 × 17 cells looked
 * at, applied with all its checks, and taken back. */

#include "config.h"

#include <math.h>

#include "dyno-bench.h"
#include "dyno-change.h"
#include "dyno-pvv.h"

#define ROUNDS 200
#define ITEMS 40

static void
append_table (GString    *text,
              const char *name)
{
  g_string_append_printf (text, "  <Item name=\"%s\" units=\"%%\">\n    <Columns "
                          "units=\"Kilopascals\">\n", name);
  for (guint c = 0; c < 17; c++)
    g_string_append_printf (text, "      <Col label=\"%u\" />\n", 10 + 6 * c);
  g_string_append (text, "    </Columns>\n    <Rows units=\"RPMx1000\">\n");
  for (guint r = 0; r < 27; r++)
    {
      g_string_append_printf (text, "      <Row label=\"%g\">\n", 0.75 + 0.25 * r);
      for (guint c = 0; c < 17; c++)
        g_string_append_printf (text, "        <Cell value=\"%g\" />\n",
                                60 + 0.5 * ((r * 17 + c) % 90));
      g_string_append (text, "      </Row>\n");
    }
  g_string_append (text, "    </Rows>\n  </Item>\n");
}

static GBytes *
make_tune (void)
{
  GString *text = g_string_new ("<PVV>\n");

  append_table (text, "VE (MAP based/Front Cyl)");
  append_table (text, "VE (MAP based/Rear Cyl)");
  for (guint i = 2; i < ITEMS; i++)
    append_table (text, "Other");
  g_string_append (text, "</PVV>\n");

  return g_string_free_to_bytes (text);
}

static DynoCorrections *
make_corrections (DynoTable *table)
{
  DynoGridShape shape;
  DynoCorrections *corrections;

  dyno_table_shape (table, &shape, NULL);
  corrections = dyno_corrections_new (&shape);
  for (guint side = DYNO_TABLE_FRONT; side <= DYNO_TABLE_REAR; side++)
    {
      DynoVeCell *cells = dyno_corrections_side (corrections, (DynoTableSide) side);

      for (guint i = 0; i < dyno_grid_shape_cells (&shape); i++)
        {
          cells[i].raw = cells[i].smoothed = cells[i].limited = (double) (i % 13) - 6;
          cells[i].hits = 100;
          cells[i].confidence = DYNO_CONFIDENCE_HIGH;
          cells[i].reason = DYNO_CELL_OK;
        }
    }

  return corrections;
}

static void
print_median (const char *figure,
              double     *times_ms)
{
  dyno_bench_figure (figure, dyno_bench_quantile (times_ms, ROUNDS, 0.5), "ms");
}

int
main (void)
{
  g_autoptr(GBytes) bytes = make_tune ();
  g_autoptr(DynoPvv) pvv = NULL;
  g_autoptr(DynoCorrections) corrections = NULL;
  g_autoptr(DynoChangeOptions) options = dyno_change_options_new ();
  DynoTable *pair[2];
  double read_ms[ROUNDS];
  double preview_ms[ROUNDS];

  dyno_bench_begin ("tune");
  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 begin = dyno_bench_now_us ();

      g_clear_pointer (&pvv, dyno_pvv_free);
      pvv = dyno_pvv_parse (bytes, NULL);
      read_ms[i] = (double) (dyno_bench_now_us () - begin) / 1000;
    }
  pair[0] = ((DynoPvvItem *) pvv->items->pdata[0])->table;
  pair[1] = ((DynoPvvItem *) pvv->items->pdata[1])->table;
  corrections = make_corrections (pair[0]);
  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 begin = dyno_bench_now_us ();
      g_autoptr(DynoChange) change = dyno_change_prepare (pair, 2, corrections, options, NULL);

      g_assert (change != NULL && change->tables[1]->after != NULL);
      preview_ms[i] = (double) (dyno_bench_now_us () - begin) / 1000;
    }
  dyno_bench_figure ("file_size", (double) g_bytes_get_size (bytes) / 1e6, "MB");
  print_median ("read_tune", read_ms);
  print_median ("preview_and_apply_pair_27x17", preview_ms);

  return 0;
}
