/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-grid.h"
#include "dyno-paper.h"
#include "dyno-pull-power.h"

G_BEGIN_DECLS

/* The customer's sheet (formats.md C.7, ui.md 6): what stands on it, and the drawing of
 * it. All runs are computed alike; the first is what the sheet is about. Filled by its
 * maker, then only read. Pure, any thread. */

typedef enum
{
  DYNO_SHEET_PAGE, /* one page */
  DYNO_SHEET_FULL, /* and what the analysis found, table by table */
  DYNO_N_SHEET_FORMS
} DynoSheetForm;

typedef struct
{
  char          *name;          /* (owned) "Run 14", or a file's name */
  char          *id;            /* (owned) run_… */
  char          *sha256;        /* (owned) (nullable) of the log, or of the packets */
  char          *date;          /* (owned) as people read it */
  char          *stored_as;     /* (owned) (nullable) id of another standard that it was kept with */
  char          *rows;          /* (owned) (nullable) rows and channels of the log */
  gboolean       is_simulated;  /* said across every page */
  DynoPullPower *power;         /* (owned) */
} DynoSheetRun;

/* A grid of the full form. Blank cells are NaN. */
typedef enum
{
  DYNO_SHEET_GRID_PLAIN,
  DYNO_SHEET_GRID_CHANGE, /* coloured: more fuel, less fuel */
  DYNO_SHEET_GRID_HITS,   /* coloured by their number */
} DynoSheetGridKind;

typedef struct
{
  char              *title;    /* (owned) */
  DynoSheetGridKind  kind;
  int                decimals;
  DynoGridShape      shape;
  double            *values;   /* (owned) row-major */
} DynoSheetGrid;

typedef struct
{
  DynoSheetForm    form;
  DynoPaperSize    size;
  DynoUnitSet      units;
  gint64           time_ms;      /* of the first run: nothing here comes from a clock */
  char            *program;      /* (owned) "DynoAI 0.2.0" */

  char            *shop;         /* (owned) name; may be "" */
  char            *address;      /* (owned) may be "" */
  char            *terms;        /* (owned) the shop's own words at the end; may be "" */
  char            *dyno;         /* (owned) its model; may be "" */
  cairo_surface_t *logo;         /* (owned) (nullable) */
  gboolean         has_colour;   /* of the line below the head */
  DynoColour       colour;

  char            *customer;     /* (owned) (nullable) */
  char            *vehicle;      /* (owned) (nullable) */
  char            *plate;        /* (owned) (nullable) */
  char            *vin;          /* (owned) (nullable) */
  char            *notes;        /* (owned) (nullable) */
  gboolean         without_log;  /* the log was too large to be attached */

  GPtrArray       *runs;         /* (owned) of DynoSheetRun */
  int              baseline;     /* index of the first that the others are compared with; all
                                  * from there on are; −1: none */
  GPtrArray       *warnings;     /* (owned) of char * */
  GPtrArray       *grids;        /* (owned) of DynoSheetGrid */
  GPtrArray       *findings;     /* (owned) of char *, for the full form */
  GPtrArray       *changes;      /* (owned) of char *, for the full form */
} DynoSheet;

DynoSheet     *dyno_sheet_new      (void);
void           dyno_sheet_free     (DynoSheet         *self);
/* Strings are copied. The answer is the sheet's. */
DynoSheetRun  *dyno_sheet_add_run  (DynoSheet         *self,
                                    const char        *name,
                                    const char        *id,
                                    DynoPullPower     *power);
/* `values` is taken over. */
void           dyno_sheet_add_grid (DynoSheet         *self,
                                    const char        *title,
                                    DynoSheetGridKind  kind,
                                    int                decimals,
                                    const DynoGridShape *shape,
                                    double            *values);

/* The document, without what is attached. `n_pages` may be NULL. INTERNAL for want of
 * memory. (transfer full) */
GBytes        *dyno_sheet_draw     (const DynoSheet   *self,
                                    guint             *n_pages,
                                    GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSheet, dyno_sheet_free)

G_END_DECLS
