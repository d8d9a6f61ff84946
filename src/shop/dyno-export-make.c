/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The bytes of every form; part of dyno-export.h. */

#include "config.h"

#include "dyno-export-private.h"

#include <string.h>

#include "dyno-analyse.h"
#include "dyno-dossier-pack.h"
#include "dyno-error.h"
#include "dyno-export-chart.h"
#include "dyno-export-heat.h"
#include "dyno-export-pcap.h"
#include "dyno-export-pvv.h"
#include "dyno-export-summary.h"
#include "dyno-picture-file.h"
#include "dyno-shape-export.h"
#include "dyno-shape.h"
#include "dyno-shop-private.h"

#define HEAT_RANGE_PCT 15

static GBytes *
take_text (char *text)
{
  return text != NULL ? g_bytes_new_take (text, strlen (text)) : NULL;
}

/* The fuel table */

/* The newest analysis that is kept; JSON. */
static const char *
kept_analysis (const DynoDossier *dossier)
{
  const DynoAnalysisRecord *newest = NULL;

  for (guint i = 0; i < dossier->analyses->len; i++)
    {
      const DynoAnalysisRecord *analysis = g_ptr_array_index (dossier->analyses, i);

      if (newest == NULL || analysis->created_ms > newest->created_ms)
        newest = analysis;
    }

  return newest != NULL ? newest->result : NULL;
}

/* (transfer full) JSON */
static char *
analyse (const DynoErrand   *errand,
         const DynoDossier  *dossier,
         GError            **error)
{
  DynoAnalyseRequest *request = dyno_analyse_request_new ();
  g_autoptr(DynoAnalyse) result = NULL;
  DynoJsonWriter *w;

  dyno_analyse_request_add_samples (request, dossier->samples,
                                    dossier->source_name != NULL ? dossier->source_name : "run",
                                    dossier->source_sha256 != NULL ? dossier->source_sha256 : "");
  dyno_analyse_async (errand->shop, request, NULL, errand->cancellable, dyno_await_cb,
                      errand->await);
  result = dyno_analyse_finish (dyno_await_wait (errand->await), error);
  if (result == NULL)
    return NULL;
  w = dyno_json_writer_new (FALSE);
  dyno_shape_analyse (w, result);

  return dyno_json_writer_finish (w);
}

static DynoExportTables *
make_tables (const DynoErrand   *errand,
             const DynoDossier  *dossier,
             GError            **error)
{
  const char *kept = kept_analysis (dossier);
  g_autofree char *fresh = kept == NULL ? analyse (errand, dossier, error) : NULL;
  g_autoptr(DynoExportTables) tables = NULL;
  DynoExportGrid grid;

  if (kept == NULL && fresh == NULL)
    return NULL;
  tables = dyno_export_tables_parse (kept != NULL ? kept : fresh);
  if (tables != NULL && dyno_export_tables_grid (tables, DYNO_EXPORT_COMBINED, &grid))
    return g_steal_pointer (&tables);
  dyno_error_set (error, DYNO_ERROR_INVALID, "export_no_table",
                  "No correction of the fuel table follows from this run: it has no mixture that "
                  "was measured. dynoctl analyze tells more.");

  return NULL;
}

static GBytes *
make_grid (const DynoErrand         *errand,
           const DynoExportRequest  *request,
           DynoDossier              *dossier,
           GError                  **error)
{
  g_autoptr(DynoExportTables) tables = make_tables (errand, dossier, error);
  gboolean has_comma = request->csv.is_decimal_comma;
  DynoExportGrid grid;

  if (tables == NULL)
    return NULL;
  dyno_export_tables_grid (tables, DYNO_EXPORT_COMBINED, &grid);
  if (request->csv.has_decimals)
    grid.decimals = request->csv.decimals;

  return take_text (request->format == DYNO_EXPORT_AS_CSV
                      ? dyno_export_grid_csv (&grid, has_comma ? ';' : ',', has_comma ? ',' : '.')
                      : dyno_export_grid_paste (&grid, NULL, request->may_have_holes, error));
}

static GBytes *
make_pvv (const DynoErrand         *errand,
          const DynoExportRequest  *request,
          const DynoDossier        *dossier,
          GError                  **error)
{
  g_autoptr(DynoExportTables) tables = make_tables (errand, dossier, error);

  return tables != NULL
           ? dyno_export_pvv (tables, dossier->run->id, dossier->source_sha256,
                              request->fills_holes, error)
           : NULL;
}

/* Table, JSON, summary */

static GPtrArray *
make_preamble (DynoDossier *dossier)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  const DynoCorrection *correction = &dyno_dossier_power (dossier)->power->correction;
  char factor[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (factor, sizeof factor, "%.6f", correction->factor);
  g_ptr_array_add (list, g_strdup ("run"));
  g_ptr_array_add (list, g_strdup (dossier->run->id));
  g_ptr_array_add (list, g_strdup ("source-sha256"));
  g_ptr_array_add (list, g_strdup (dossier->source_sha256 != NULL ? dossier->source_sha256 : ""));
  g_ptr_array_add (list, g_strdup ("correction"));
  g_ptr_array_add (list, g_strdup_printf ("%s %s", dyno_standard_info (correction->standard)->id,
                                          factor));
  g_ptr_array_add (list, g_strdup ("version"));
  g_ptr_array_add (list, g_strdup ("org.dynoai.csv/1 DynoAI " DYNO_VERSION));

  return list;
}

static GBytes *
make_csv (const DynoExportRequest *request,
          DynoDossier             *dossier)
{
  g_autoptr(GPtrArray) preamble = request->has_preamble ? make_preamble (dossier) : NULL;
  DynoExportCsv options = request->csv;

  options.preamble = preamble;

  return dyno_export_csv (dossier->samples, &options);
}

static GBytes *
make_json (DynoDossier *dossier)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_export_run (w, dossier);

  return take_text (dyno_json_writer_finish (w));
}

/* A run without a mixture has a summary all the same. */
static GBytes *
make_summary (const DynoErrand *errand,
              DynoDossier      *dossier)
{
  g_autoptr(DynoExportTables) tables = make_tables (errand, dossier, NULL);

  return take_text (dyno_export_summary (dossier, tables));
}

/* Pictures */

static void
draw_picture_cb (gconstpointer  data,
                 cairo_t       *cr,
                 double         width,
                 double         height)
{
  dyno_picture_draw (data, cr, width, height);
}

static void
draw_heat_cb (gconstpointer  data,
              cairo_t       *cr,
              double         width,
              double         height)
{
  dyno_export_heat_draw (data, cr, width, height);
}

static GBytes *
write_drawing (const DynoExportRequest  *request,
               const DynoDossier        *dossier,
               DynoPictureFile          *file,
               GError                  **error)
{
  DynoPictureKind kind = request->format == DYNO_EXPORT_AS_PNG   ? DYNO_PICTURE_PNG
                         : request->format == DYNO_EXPORT_AS_SVG ? DYNO_PICTURE_SVG
                                                                 : DYNO_PICTURE_PDF;

  file->run_id = dossier->run->id;
  file->scale = CLAMP (request->scale, 1, DYNO_PICTURE_MOST_SCALE);
  /* A run without a date has none of today: same input, same bytes. */
  file->date_ms = MAX (dossier->run->started_ms, 1);

  return dyno_picture_file_write (file, kind, error);
}

static GBytes *
make_heat (const DynoErrand         *errand,
           const DynoExportRequest  *request,
           DynoDossier              *dossier,
           GError                  **error)
{
  g_autoptr(DynoExportTables) tables = make_tables (errand, dossier, error);
  g_autofree char *name = dyno_export_chart_name (dossier);
  g_autofree char *title = g_strconcat ("Fuel table, ", name, NULL);
  g_autofree char *origin = dyno_export_chart_origin (dossier);
  g_autofree char *caption = NULL;
  g_autofree char *text = NULL;
  DynoExportHeat heat;
  DynoPictureFile file = { .title = title, .draw = draw_heat_cb, .data = &heat };

  if (tables == NULL)
    return NULL;
  caption = g_strdup_printf ("%s%s%s", tables->id != NULL ? tables->id : "",
                             tables->id != NULL ? " · " : "", origin);
  text = dyno_export_heat_text (tables);
  heat = (DynoExportHeat) { tables, title, caption, DYNO_LOOK_LIGHT, HEAT_RANGE_PCT };
  file.text = text;

  return write_drawing (request, dossier, &file, error);
}

static GBytes *
make_chart (const DynoExportRequest  *request,
            DynoDossier              *dossier,
            GError                  **error)
{
  gboolean is_power = request->chart == NULL || g_str_equal (request->chart, "power");
  DynoExportUnits units = request->csv.units;
  g_autoptr(DynoPicture) picture
    = is_power ? dyno_export_power_chart (dossier, units, error)
               : dyno_export_channel_chart (dossier, request->chart, units, error);
  DynoPictureFile file = { .draw = draw_picture_cb, .data = picture };

  if (picture == NULL)
    return NULL;
  file.title = dyno_picture_title (picture);
  file.text = dyno_picture_text (picture);

  return write_drawing (request, dossier, &file, error);
}

static GBytes *
make_pcap (const DynoDossier  *dossier,
           GError            **error)
{
  GBytes *journal = dossier->journal != NULL ? dossier->journal : dossier->source;
  g_autoptr(GError) cause = NULL;
  GBytes *bytes = journal != NULL ? dyno_export_pcap (journal, &cause) : NULL;

  if (bytes == NULL)
    dyno_error_set (error, DYNO_ERROR_INVALID, "export_no_journal",
                    "This run has no packets: it was not recorded here, or its journal was let go "
                    "by the rules. Export its samples (--format csv).");

  return bytes;
}

/* All of them */

static gboolean
is_of_the_table (const DynoExportRequest *request)
{
  return g_strcmp0 (request->chart, "ve") == 0;
}

GBytes *
dyno_export_make (const DynoErrand         *errand,
                  const DynoExportRequest  *request,
                  DynoDossier              *dossier,
                  GError                  **error)
{
  switch (request->format)
    {
    case DYNO_EXPORT_AS_CSV:
      return is_of_the_table (request) ? make_grid (errand, request, dossier, error)
                                       : make_csv (request, dossier);
    case DYNO_EXPORT_AS_JSON:
      return make_json (dossier);
    case DYNO_EXPORT_AS_TEXT:
      return is_of_the_table (request) ? make_grid (errand, request, dossier, error)
                                       : make_summary (errand, dossier);
    case DYNO_EXPORT_AS_PNG:
    case DYNO_EXPORT_AS_SVG:
    case DYNO_EXPORT_AS_PDF:
      return is_of_the_table (request) ? make_heat (errand, request, dossier, error)
                                       : make_chart (request, dossier, error);
    case DYNO_EXPORT_AS_ARCHIVE:
      return dyno_dossier_pack_file (dossier, NULL, error);
    case DYNO_EXPORT_AS_PCAP:
      return make_pcap (dossier, error);
    case DYNO_EXPORT_AS_PVV:
      return make_pvv (errand, request, dossier, error);
    case DYNO_N_EXPORT_FORMATS:
    default:
      g_return_val_if_reached (NULL);
    }
}
