/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The sheet from head to foot. It is laid out twice: the first time to count the
 * pages and to see how tall the chart may be, the second time on paper. */

#include "config.h"

#include "dyno-sheet-private.h"

#include "dyno-error.h"
#include "dyno-plot.h"
#include "dyno-qrcode.h"

#include <string.h>

#define LOGO_WIDTH (60 * DYNO_PT_PER_MM)
#define LOGO_HEIGHT (20 * DYNO_PT_PER_MM)
#define CHART_HEIGHT (135 * DYNO_PT_PER_MM)
#define LEAST_CHART (85 * DYNO_PT_PER_MM)
#define STEP (4 * DYNO_PT_PER_MM)
#define CHART_EM 8.5
#define FOOT_HEIGHT 46.0
#define QR_SIDE 40.0
#define SIGNED_HEIGHT 100 /* of the head of the changes and the signatures */
#define SIGNED_LINE 16    /* of a change */
#define MOST_SIGNED_LINES 20

typedef struct
{
  const DynoSheet *sheet;
  guint            n_pages; /* 0: not counted yet */
  DynoQrcode      *qr;      /* (owned) (nullable) */
  double           chart_height;
} Drawing;

static const DynoSheetRun *
main_run (const DynoSheet *self)
{
  return g_ptr_array_index (self->runs, 0);
}

/* Foot. */

static gboolean
has_simulated (const DynoSheet *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    {
      const DynoSheetRun *run = g_ptr_array_index (self->runs, i);

      if (run->is_simulated)
        return TRUE;
    }

  return FALSE;
}

static void
put_simulated (DynoPaper *paper)
{
  DynoColour faint = dyno_palette_fade (dyno_palette_status (DYNO_LOOK_LIGHT, DYNO_STATUS_FAULT),
                                        0.13f);

  cairo_save (paper->cr);
  cairo_select_font_face (paper->cr, "Cantarell", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (paper->cr, 92);
  cairo_move_to (paper->cr, paper->left + 20, paper->bottom - 60);
  cairo_rotate (paper->cr, -0.9);
  dyno_plot_set_colour (paper->cr, faint);
  cairo_show_text (paper->cr, "SIMULATOR");
  cairo_restore (paper->cr);
}

static void
put_foot (DynoPaper *paper,
          guint      page,
          double     y,
          gpointer   user_data)
{
  const Drawing *drawing = user_data;
  const DynoSheetRun *run = main_run (drawing->sheet);
  g_autofree char *pages = g_strdup_printf ("Page %u of %u", page, drawing->n_pages);
  g_autofree char *what = g_strdup_printf (
      "Run %s\nSHA-256 of its source %.16s\n%s", run->id,
      run->sha256 != NULL ? run->sha256 : "not kept", drawing->sheet->program);

  dyno_plot_set_colour (paper->cr, dyno_palette_grid (DYNO_LOOK_LIGHT));
  cairo_rectangle (paper->cr, paper->left, y + 3, dyno_paper_width (paper), 0.75);
  cairo_fill (paper->cr);
  if (drawing->qr != NULL)
    {
      dyno_plot_set_colour (paper->cr, dyno_palette_ink (DYNO_LOOK_LIGHT));
      dyno_qrcode_draw (drawing->qr, paper->cr, paper->left, y + 7, QR_SIDE);
    }
  dyno_paper_put (paper, DYNO_FACE_SMALL, what, paper->left + QR_SIDE + 10, y + 9, -1, 0);
  dyno_paper_put (paper, DYNO_FACE_SMALL, pages, paper->right, y + 9, -1, 1);
  if (has_simulated (drawing->sheet))
    put_simulated (paper);
}

/* Head. */

static void
put_logo (DynoPaper       *paper,
          cairo_surface_t *logo,
          double          *height)
{
  double sx;
  double sy;

  cairo_surface_get_device_scale (logo, &sx, &sy);
  *height = MIN (cairo_image_surface_get_height (logo) / sy, LOGO_HEIGHT);
  cairo_set_source_surface (paper->cr, logo, paper->left, paper->y);
  cairo_paint (paper->cr);
}

static void
put_head (DynoPaper       *paper,
          const DynoSheet *self)
{
  double logo = 0;
  double words;
  double x = paper->left;
  double width = dyno_paper_width (paper);
  gboolean has_name = self->shop != NULL && *self->shop != '\0';

  if (self->logo != NULL)
    {
      put_logo (paper, self->logo, &logo);
      x += LOGO_WIDTH + 10;
      width -= LOGO_WIDTH + 10;
    }
  words = dyno_paper_put (paper, DYNO_FACE_TITLE, has_name ? self->shop : "Dyno sheet", x, paper->y,
                          width, self->logo != NULL ? 1 : 0);
  if (self->address != NULL && *self->address != '\0')
    words += dyno_paper_put (paper, DYNO_FACE_SMALL, self->address, x, paper->y + words, width,
                             self->logo != NULL ? 1 : 0);
  paper->y += MAX (words, logo) + 4;
  dyno_paper_rule (paper, self->has_colour ? self->colour : dyno_palette_ink (DYNO_LOOK_LIGHT), 2);
  paper->y += 3;
}

static void
add_line (GString    *text,
          const char *name,
          const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "", name, value);
}

/* The two figures that people come for. */
static double
put_peaks (DynoPaper       *paper,
           const DynoSheet *self,
           double           x,
           double           width)
{
  const DynoPower *power = main_run (self)->power->power;
  g_autofree char *power_text = dyno_sheet_quantity (self, DYNO_QUANTITY_POWER,
                                                     power->peak_power.value);
  g_autofree char *torque_text = dyno_sheet_quantity (self, DYNO_QUANTITY_TORQUE,
                                                      power->peak_torque.value);
  g_autofree char *small = g_strdup_printf ("Highest power and torque, %s",
                                            dyno_standard_info (power->correction.standard)->title);
  double height;

  height = dyno_paper_put (paper, DYNO_FACE_TITLE, power_text, x, paper->y, width, 1);
  height += dyno_paper_put (paper, DYNO_FACE_TITLE, torque_text, x, paper->y + height, width, 1);

  return height + dyno_paper_put (paper, DYNO_FACE_SMALL, small, x, paper->y + height, width, 1);
}

static void
put_subject (DynoPaper       *paper,
             const DynoSheet *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  double half = dyno_paper_width (paper) / 2;
  double left;
  double right;

  add_line (text, "Vehicle", self->vehicle);
  add_line (text, "Plate", self->plate);
  add_line (text, "VIN", self->vin);
  add_line (text, "Customer", self->customer);
  add_line (text, "Run", main_run (self)->name);
  add_line (text, "Date", main_run (self)->date);
  add_line (text, "Log", main_run (self)->rows);
  left = dyno_paper_put (paper, DYNO_FACE_BODY, text->str, paper->left, paper->y, half - 8, 0);
  right = put_peaks (paper, self, paper->left + half, half);
  paper->y += MAX (left, right) + 4;
}

/* Body. */

static void
put_chart (DynoPaper       *paper,
           const DynoSheet *self,
           double           height)
{
  g_autoptr(DynoPicture) chart = NULL;

  if (main_run (self)->power->power->curve->n == 0)
    return;
  chart = dyno_sheet_chart (self);
  dyno_paper_need (paper, height);
  cairo_save (paper->cr);
  cairo_translate (paper->cr, paper->left, paper->y);
  dyno_picture_draw_sized (chart, paper->cr, dyno_paper_width (paper), height, CHART_EM);
  cairo_restore (paper->cr);
  paper->y += height + 2;
}

static void
put_figures (DynoPaper       *paper,
             const DynoSheet *self)
{
  static const char *const columns[DYNO_SHEET_FIGURE_COLUMNS]
    = { "", "Run", "Power", "Torque", "Mean of the window", "AFR, mean and range" };
  static const double widths[DYNO_SHEET_FIGURE_COLUMNS] = { 0.04, 0.27, 0.16, 0.16, 0.18, 0.19 };
  g_autoptr(GPtrArray) cells = dyno_sheet_figures (self);
  g_autofree char *gain = dyno_sheet_gain (self);
  g_autofree char *verdict = dyno_sheet_verdict (self);

  dyno_paper_bookmark (paper, "Figures");
  dyno_paper_table (paper, columns, widths, DYNO_SHEET_FIGURE_COLUMNS, cells);
  if (gain != NULL)
    dyno_paper_text (paper, DYNO_FACE_BOLD, gain);
  if (verdict != NULL)
    dyno_paper_text (paper, DYNO_FACE_BODY, verdict);
}

static void
put_passport (DynoPaper       *paper,
              const DynoSheet *self)
{
  g_autoptr(GPtrArray) lines = dyno_sheet_passport (self);
  g_autoptr(GPtrArray) warnings = dyno_sheet_all_warnings (self);
  g_autofree char *method = dyno_sheet_method (self);

  g_ptr_array_add (lines, g_steal_pointer (&method));
  dyno_paper_bookmark (paper, "Correction");
  dyno_paper_box (paper, dyno_palette_trace (DYNO_LOOK_LIGHT, 0), "How these figures were made",
                  lines);
  if (warnings->len > 0)
    dyno_paper_box (paper, dyno_palette_status (DYNO_LOOK_LIGHT, DYNO_STATUS_WARN), "Please note",
                    warnings);
}

static void
put_paragraph (DynoPaper  *paper,
               const char *head,
               const char *text)
{
  if (text == NULL || *text == '\0')
    return;

  dyno_paper_head (paper, head);
  dyno_paper_text (paper, DYNO_FACE_BODY, text);
}

static void
put_list (DynoPaper  *paper,
          const char *head,
          GPtrArray  *lines)
{
  if (lines->len == 0)
    return;

  dyno_paper_head (paper, head);
  for (guint i = 0; i < lines->len; i++)
    dyno_paper_text (paper, DYNO_FACE_BODY, g_ptr_array_index (lines, i));
}

static void
put_signatures (DynoPaper *paper)
{
  double third = dyno_paper_width (paper) / 3;

  dyno_paper_need (paper, 50);
  paper->y += 32;
  dyno_plot_set_colour (paper->cr, dyno_palette_dim (DYNO_LOOK_LIGHT));
  cairo_rectangle (paper->cr, paper->left, paper->y, third, 0.5);
  cairo_rectangle (paper->cr, paper->right - third, paper->y, third, 0.5);
  cairo_fill (paper->cr);
  dyno_paper_put (paper, DYNO_FACE_SMALL, "Operator, date", paper->left, paper->y + 2, -1, 0);
  dyno_paper_put (paper, DYNO_FACE_SMALL, "Customer, date", paper->right - third, paper->y + 2, -1,
                  0);
  paper->y += 16;
}

static void
put_full (DynoPaper       *paper,
          const DynoSheet *self)
{
  if (self->grids->len > 0)
    dyno_paper_bookmark (paper, "Tables");
  for (guint i = 0; i < self->grids->len; i++)
    dyno_sheet_put_grid (paper, g_ptr_array_index (self->grids, i));
  put_list (paper, "What the analysis found", self->findings);
  /* Nobody signs an empty page: what is signed for stands above it. */
  if (self->changes->len <= MOST_SIGNED_LINES)
    dyno_paper_need (paper, SIGNED_HEIGHT + self->changes->len * SIGNED_LINE);
  put_list (paper, "Changes to the tune", self->changes);
}

static void
put_sheet (DynoPaper     *paper,
           const Drawing *drawing)
{
  const DynoSheet *self = drawing->sheet;

  put_head (paper, self);
  put_subject (paper, self);
  dyno_paper_bookmark (paper, "Power and torque");
  put_chart (paper, self, drawing->chart_height);
  put_figures (paper, self);
  put_passport (paper, self);
  put_paragraph (paper, "Notes", self->notes);
  if (self->form == DYNO_SHEET_FULL)
    put_full (paper, self);
  put_paragraph (paper, "", self->terms);
  if (self->form == DYNO_SHEET_FULL)
    put_signatures (paper);
}

/* How many pages it takes. */
static void
measure (Drawing *drawing)
{
  DynoPaper *paper = dyno_paper_new (drawing->sheet->size, NULL, NULL, 0);

  dyno_paper_set_foot (paper, FOOT_HEIGHT, NULL, NULL);
  put_sheet (paper, drawing);
  drawing->n_pages = paper->page;
  dyno_paper_finish (paper);
}

/* A sheet of one page gives its chart what the words leave; one of many runs has more
 * pages. */
static void
fit (Drawing *drawing)
{
  drawing->chart_height = CHART_HEIGHT;
  measure (drawing);
  if (drawing->sheet->form != DYNO_SHEET_PAGE || drawing->n_pages == 1)
    return;
  for (double height = CHART_HEIGHT - STEP; height >= LEAST_CHART && drawing->n_pages > 1; height -= STEP)
    {
      drawing->chart_height = height;
      measure (drawing);
    }
  if (drawing->n_pages > 1)
    {
      drawing->chart_height = CHART_HEIGHT;
      measure (drawing);
    }
}

static char *
qr_text (const DynoSheet *self)
{
  const DynoSheetRun *run = main_run (self);

  return g_strdup_printf ("dynoai:%s?sha256=%s", run->id, run->sha256 != NULL ? run->sha256 : "");
}

static char *
title_text (const DynoSheet *self)
{
  return g_strdup_printf ("%s%s%s, %s", self->vehicle != NULL ? self->vehicle : "",
                          self->vehicle != NULL ? ", " : "", main_run (self)->name,
                          main_run (self)->date);
}

GBytes *
dyno_sheet_draw (const DynoSheet  *self,
                 guint            *n_pages,
                 GError          **error)
{
  g_autofree char *qr = NULL;
  g_autofree char *title = NULL;
  Drawing drawing = { .sheet = self };
  DynoPaper *paper;
  GBytes *bytes;

  g_return_val_if_fail (self->runs->len > 0, NULL);

  qr = qr_text (self);
  title = title_text (self);
  drawing.qr = dyno_qrcode_new (qr);
  fit (&drawing);
  paper = dyno_paper_new (self->size, title, "Power and torque on the dyno", self->time_ms);
  dyno_paper_set_foot (paper, FOOT_HEIGHT, put_foot, &drawing);
  put_sheet (paper, &drawing);
  bytes = dyno_paper_finish (paper);
  g_clear_pointer (&drawing.qr, dyno_qrcode_free);
  if (n_pages != NULL)
    *n_pages = drawing.n_pages;
  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      g_clear_pointer (&bytes, g_bytes_unref);
      dyno_error_set (error, DYNO_ERROR_INTERNAL, NULL, "The sheet could not be drawn.");
    }

  return bytes;
}
