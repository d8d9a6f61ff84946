/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects.h"

#include "dyno-import-alias.h"
#include "dyno-import-cell.h"
#include "dyno-import-map.h"

#include <string.h>

/* jetdrive-capture: channels of the wire, with its names and SI units. */

static gboolean
is_jetdrive_name (const char *cell)
{
  static const char *const names[] = {
    "digital rpm 1", "force drum 1", "front adaptive fuel factor", "front closed loop integrator",
    "front spark knock retard", "idle air control motor positio", "injector time front",
    "spark advance front", "throttle position sensor volta", "twistgrip position", "ve new front",
    NULL,
  };
  g_autofree char *folded = dyno_import_name_fold (cell);
  gsize n = strlen ("chan ");

  if (strncmp (folded, "chan ", n) == 0)
    return folded[n] != '\0' && strspn (folded + n, "0123456789") == strlen (folded + n);

  return g_strv_contains (names, folded);
}

static gboolean
is_folded (const char *cell,
           const char *wanted)
{
  g_autofree char *folded = dyno_import_name_fold (cell);

  return g_str_equal (folded, wanted);
}

static guint
score_jetdrive (const DynoDialectHead *head)
{
  gboolean has_stamp = FALSE;
  guint n = 0;

  if (head->names == NULL || head->names[0] == NULL)
    return 0;
  if (is_folded (head->names[0], "timestamp ms")
      && is_folded (head->names[1] != NULL ? head->names[1] : "", "rpm"))
    return 2;
  for (guint i = 0; head->names[i] != NULL; i++)
    {
      has_stamp |= is_folded (head->names[i], "timestamp");
      n += (guint) is_jetdrive_name (head->names[i]);
    }

  return has_stamp && n > 0 ? n + 1 : 0;
}

/* "Horsepower" in a capture: somebody converted, the torque is to be looked at. */
static gboolean
has_named_power (const DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      if (map->bindings[i].alias.channel == DYNO_CHANNEL_POWER_CORR
          && map->bindings[i].unit != NULL)
        return TRUE;
    }

  return FALSE;
}

/* The wire has one unit a quantity; mixture alone is told by its numbers. */
static void
assign_si_units (DynoImportMap *map)
{
  gboolean is_torque_open = has_named_power (map);

  for (guint i = 0; i < map->table->n_columns; i++)
    {
      DynoChannel channel = map->bindings[i].alias.channel;
      gboolean is_torque = channel == DYNO_CHANNEL_TORQUE || channel == DYNO_CHANNEL_TORQUE_CORR;

      if (channel != DYNO_CHANNEL_NONE && channel != DYNO_CHANNEL_RPM
          && !dyno_channel_is_mixture (channel) && !(is_torque && is_torque_open))
        dyno_import_map_set_unit (map, i, dyno_channel_info (channel)->unit, "dialect",
                                  DYNO_IMPORT_BY_DIALECT);
    }
}

/* Kinds that would be read wrongly as a plain table. */

static gboolean
begins_with (const DynoDialectHead *head,
             const char            *text)
{
  return head->length >= strlen (text)
         && g_ascii_strncasecmp (head->text, text, strlen (text)) == 0;
}

static gboolean
has_word (const DynoDialectHead *head,
          const char            *word)
{
  return memmem (head->text, head->length, word, strlen (word)) != NULL;
}

static guint
score_pv_multiline (const DynoDialectHead *head)
{
  guint n = (guint) begins_with (head, "\"Format:\"");

  n += has_word (head, "\n\"Time(ms)\"") && has_word (head, "\"Driver\"");

  return head->names == NULL ? n : 0;
}

static guint
score_haltech (const DynoDialectHead *head)
{
  return head->names == NULL && begins_with (head, "%DataLog%");
}

/* Cells of a line that head the stamps of a group. */
static guint
count_stamp_cells (const char *line,
                   char        delimiter)
{
  static const char *const words[] = { "time", "zeit", "stamp", "zeit stempel" };
  guint n = 0;

  for (const char *p = line;; p++)
    {
      DynoImportCell cell = dyno_import_cell_next (&p, delimiter);

      for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        n += cell.length == strlen (words[i])
             && g_ascii_strncasecmp (cell.text, words[i], cell.length) == 0;
      if (dyno_import_is_line_end (*p))
        return n;
    }
}

/* VCDS: every group of channels with stamps of its own. */
static guint
score_vcds (const DynoDialectHead *head)
{
  const char *end = head->text + head->length;

  if (head->names != NULL
      || !(has_word (head, "VCDS") || has_word (head, "Group A") || has_word (head, "Gruppe")
           || has_word (head, "Block")))
    return 0;
  for (const char *p = head->text; p < end; p = dyno_import_line_next (p))
    {
      if (count_stamp_cells (p, ',') >= 2 || count_stamp_cells (p, ';') >= 2
          || count_stamp_cells (p, '\t') >= 2)
        return 2;
    }

  return 0;
}

static const DynoDialect dialects[] = {
  { .id = "winpep",
    .title = "WinPEP 8 / Power Core time export",
    .score = dyno_dialect_winpep_score,
    .time_unit = "s",
    .assign_units = dyno_dialect_winpep_assign_units },
  { .id = "jetdrive-capture",
    .title = "JETDRIVE capture",
    .score = score_jetdrive,
    .assign_units = assign_si_units },
  { .id = "pv-multiline",
    .title = "a Power Vision log with a line a signal",
    .score = score_pv_multiline,
    .refusal = "import_format_unsupported",
    .way = "In the Power Vision software export the log as a CSV table." },
  { .id = "haltech-nsp",
    .title = "a Haltech NSP log",
    .score = score_haltech,
    .refusal = "import_format_unsupported",
    .way = "Open it in MegaLogViewer or Haltech Data Log Viewer and export a CSV table." },
  { .id = "vcds",
    .title = "a VCDS log with stamps of its own for every group",
    .score = score_vcds,
    .refusal = "import_layout_unsupported",
    .way = "Log one group alone, or put the groups on one time column, and export again." },
  { .id = "plain", .title = "table of numbers" },
};

const DynoDialect *
dyno_dialect_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      if (g_strcmp0 (dialects[i].id, id) == 0)
        return &dialects[i];
    }

  return NULL;
}

const DynoDialect *
dyno_dialect_detect (const DynoDialectHead *head)
{
  const DynoDialect *best = &dialects[G_N_ELEMENTS (dialects) - 1];
  guint best_score = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      guint score = dialects[i].score != NULL ? dialects[i].score (head) : 0;

      if (score > best_score)
        {
          best = &dialects[i];
          best_score = score;
        }
    }

  return best;
}

char *
dyno_dialect_list (void)
{
  GString *list = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      if (dialects[i].refusal == NULL)
        g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", dialects[i].id);
    }

  return g_string_free (list, FALSE);
}
