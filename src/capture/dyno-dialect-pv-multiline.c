/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include "dyno-error.h"
#include "dyno-import-cell.h"

/* Power Vision: signals are declared above, one a line,
 *
 *   0,"driver","id","RPM","RPM","Engine Speed","red"
 *
 * and below "Time(ms)","Signal","Value" every line is one reading of one signal. Rows
 * are the sorted union of all stamps; a cell is filled where its signal was read, and
 * nothing is held. */

#define TIME_LINE "\"Time(ms)\""
#define FORMAT_LINE "\"Format:\""
#define N_DECLARED 7 /* cells of a declaration */

static guint
score (const DynoDialectHead *head)
{
  if (head->names != NULL)
    return 0;

  return 2 * (dyno_dialect_find_line (head->text, head->length, FORMAT_LINE) != NULL)
         + 2 * (dyno_dialect_find_line (head->text, head->length, TIME_LINE) != NULL
                && dyno_dialect_find_line (head->text, head->length, "\"Dynojet Power Vision"));
}

typedef struct
{
  GPtrArray *names; /* (owned) the stamps first */
  GPtrArray *units; /* (owned) of the same columns */
  GPtrArray *kinds; /* (owned) of the same columns: the index of the signal */
} Signals;

static void
declare (Signals    *self,
         const char *line)
{
  DynoImportCell cells[N_DECLARED] = { 0 };
  guint n = 0;

  for (const char *p = line; n < N_DECLARED; p++)
    {
      cells[n++] = dyno_import_cell_next (&p, ',');
      if (dyno_import_is_line_end (*p))
        break;
    }
  if (n < 5 || dyno_dialect_pv_parse_index (&cells[0]) < 0 || !cells[3].is_quoted)
    return;
  g_ptr_array_add (self->names, dyno_import_cell_dup (&cells[3]));
  g_ptr_array_add (self->units, dyno_import_cell_dup (&cells[4]));
  g_ptr_array_add (self->kinds, g_strdup_printf ("%d", dyno_dialect_pv_parse_index (&cells[0])));
}

static char **
steal_strings (GPtrArray *strings)
{
  g_ptr_array_add (strings, NULL);

  return (char **) g_ptr_array_steal (strings, NULL);
}

static gboolean
check (const Signals *signals,
       const char    *header,
       const char    *end,
       GError       **error)
{
  if (header == NULL || signals->names->len < 2)
    dyno_error_set (error, DYNO_ERROR_INVALID, "import_no_header",
                    "The Power Vision log declares %u signals and %s line " TIME_LINE
                    ",… within its first 1 MiB. Export it again from Power Core.",
                    signals->names->len - 1, header == NULL ? "has no" : "has a");
  else if (dyno_import_line_next (header) >= end)
    dyno_error_set (error, DYNO_ERROR_INVALID, "import_no_data",
                    "The Power Vision log declares %u signals but has no reading below the line "
                    TIME_LINE ",…. Export it again from Power Core.",
                    signals->names->len - 1);
  else
    return TRUE;

  return FALSE;
}

static DynoImportLayout *
make_layout (const char *text,
             gsize       length,
             GError    **error)
{
  g_autoptr(DynoImportLayout) layout = dyno_import_layout_new (',');
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) kinds = g_ptr_array_new_with_free_func (g_free);
  Signals signals = { names, units, kinds };
  const char *header = dyno_dialect_find_line (text, length, TIME_LINE);

  g_ptr_array_add (names, g_strdup ("Time(ms)"));
  g_ptr_array_add (units, g_strdup (""));
  g_ptr_array_add (kinds, g_strdup (""));
  for (const char *p = text; header != NULL && p < header; p = dyno_import_line_next (p))
    declare (&signals, p);
  if (!check (&signals, header, text + length, error))
    return NULL;

  layout->units = steal_strings (units);
  layout->kinds = steal_strings (kinds);
  if (!dyno_import_layout_take_names (layout, steal_strings (names), error))
    return NULL;
  dyno_import_layout_place (layout, text, header, NULL, dyno_import_line_next (header));

  return g_steal_pointer (&layout);
}

/* "VSS" is the speed of the wheel, where no drum has a better one. */
static void
take_names (DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      g_autofree char *folded = dyno_dialect_dup_folded (map, i);

      if (g_str_equal (folded, "vss"))
        map->bindings[i].alias
            = (DynoImportAlias){ .channel = DYNO_CHANNEL_SPEED, .is_last = TRUE };
    }
}

const DynoDialect dyno_dialect_pv_multiline = {
  .id = "pv-multiline",
  .title = "Power Vision log with a line a reading",
  .score = score,
  .time_unit = "ms",
  .make_layout = make_layout,
  .lines = &dyno_dialect_pv_readings,
  .take_names = take_names,
  .take_numbers = dyno_dialect_reject_absent,
};
