/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-spark.h"

#include <math.h>

#define DECIMALS 6

typedef void (*CellWriter) (DynoJsonWriter      *w,
                            const DynoSparkCell *cell);

static void
write_pull (DynoJsonWriter      *w,
            const DynoSparkCell *cell)
{
  dyno_json_writer_rounded (w, cell->pull_deg, DECIMALS);
}

static void
write_knock (DynoJsonWriter      *w,
             const DynoSparkCell *cell)
{
  dyno_json_writer_rounded (w, cell->knock, DECIMALS);
}

static void
write_severity (DynoJsonWriter      *w,
                const DynoSparkCell *cell)
{
  dyno_json_writer_number (w, cell->n_rows > 0 ? cell->severity : NAN);
}

static void
write_single_event (DynoJsonWriter      *w,
                    const DynoSparkCell *cell)
{
  dyno_json_writer_boolean (w, cell->is_single_event);
}

static void
write_cells (DynoJsonWriter          *w,
             const char              *name,
             const DynoGridShape     *shape,
             const DynoSparkCylinder *cylinder,
             CellWriter               write)
{
  dyno_json_writer_name (w, name);
  if (cylinder->cells == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_array (w);
  for (guint r = 0; r < shape->rpm.n; r++)
    {
      dyno_json_writer_begin_array (w);
      for (guint c = 0; c < shape->load.n; c++)
        write (w, &cylinder->cells[r * shape->load.n + c]);
      dyno_json_writer_end_array (w);
    }
  dyno_json_writer_end_array (w);
}

void
dyno_shape_spark (DynoJsonWriter      *w,
                  const DynoGridShape *shape,
                  const DynoSpark     *spark)
{
  static const char *const sides[DYNO_VE_CYLINDERS] = { "front", "rear" };

  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      const DynoSparkCylinder *cylinder = &spark->cylinders[i];

      dyno_json_writer_name (w, sides[i]);
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "state", dyno_spark_state_name (cylinder->state));
      dyno_json_writer_add_boolean (w, "shared", cylinder->is_shared);
      dyno_json_writer_add_boolean (w, "degree_unknown", cylinder->is_degree_unknown);
      write_cells (w, "pull_deg", shape, cylinder, write_pull);
      write_cells (w, "knock", shape, cylinder, write_knock);
      write_cells (w, "severity", shape, cylinder, write_severity);
      write_cells (w, "single_event", shape, cylinder, write_single_event);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_object (w);
}
