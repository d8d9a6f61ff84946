/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-chart.h"
#include "dyno-cursor.h"
#include "dyno-fold.h"
#include "dyno-ruler.h"

G_BEGIN_DECLS

/* What the files of the chart share. The chart owns panes and cursors; a pane
 * owns its layers and stacks child widgets over each other, so that what changes
 * often is drawn apart from what does not:
 *
 *   grid    lines and texts of the axes     when an axis changes
 *   gaps    grey bands                      when a fold has gaps or had some
 *   lines   all curves, one cairo node      when a pixel column changed
 *   letters at the ends of the curves       with the lines
 *
 * and over all panes: axis (texts of x), hover, two cursors. */

typedef struct
{
  guint          id;
  DynoLayerKind  kind;
  DynoSide       side;
  DynoSeries    *series; /* (owned) */
  DynoFold      *fold;   /* (owned) */
  DynoFold      *upper;  /* (owned) (nullable) of a band */
  double        *phases; /* (owned) (nullable) of a dashed line: px of curve before */
  guint          n_phases; /* the first point of a column, NaN where not known */
} DynoChartLayer;

typedef enum
{
  DYNO_QUALITY_FULL,   /* at rest */
  DYNO_QUALITY_MOVING, /* scrolling, panned or zoomed a moment ago */
} DynoQuality;

/* Pane. */

#define DYNO_TYPE_CHART_PANE (dyno_chart_pane_get_type ())
G_DECLARE_FINAL_TYPE (DynoChartPane, dyno_chart_pane, DYNO, CHART_PANE, GtkWidget)

struct _DynoChartPane
{
  GtkWidget      parent_instance;

  char          *title;                /* (owned) */
  double         weight;
  DynoUnitSet    units;
  DynoRuler     *x;                    /* (owned) the chart's */
  DynoRuler     *y[DYNO_N_SIDES];      /* (owned) */
  gboolean       has_side[DYNO_N_SIDES];
  gboolean       is_auto[DYNO_N_SIDES]; /* follows what is in view */
  gboolean       is_linked;
  GPtrArray     *layers;               /* (owned) of DynoChartLayer */
  DynoQuality    quality;
  double         left;                 /* margins of the plot, set by the chart */
  double         right;
  double         head;                 /* height of the titles */

  GtkWidget     *grid;                 /* (owned) children */
  GtkWidget     *gaps;
  GtkWidget     *lines;
  GtkWidget     *letters;
};

GtkWidget *dyno_chart_pane_new         (DynoRuler         *x,
                                        const char        *title,
                                        DynoQuantity       quantity,
                                        double             weight);
void       dyno_chart_pane_set_units   (DynoChartPane     *self,
                                        DynoUnitSet        units);
/* FALSE: no axis is left for that quantity. */
gboolean   dyno_chart_pane_add_layer   (DynoChartPane     *self,
                                        guint              id,
                                        DynoLayerKind      kind,
                                        DynoSeries        *series);
gboolean   dyno_chart_pane_remove_layer (DynoChartPane    *self,
                                        guint             id);
/* Puts the children where the margins say; GTK does it when the size changes. */
void       dyno_chart_pane_lay_out     (DynoChartPane     *self);
/* The plot within the pane. */
void       dyno_chart_pane_get_plot    (DynoChartPane     *self,
                                        graphene_rect_t   *plot);
/* How wide the texts of a side are, in px; 0 without that axis. */
double     dyno_chart_pane_text_width  (DynoChartPane     *self,
                                        DynoSide           side);
/* Folds what is in view and lets the axes follow; queues what must be drawn.
 * TRUE when an axis changed. */
gboolean   dyno_chart_pane_update      (DynoChartPane     *self);
void       dyno_chart_pane_redraw      (DynoChartPane     *self);
void       dyno_chart_pane_set_quality (DynoChartPane     *self,
                                        DynoQuality        quality);
/* Least and greatest of all that the axis of `side` shows, in view or at all. */
void       dyno_chart_pane_extent      (DynoChartPane     *self,
                                        DynoSide           side,
                                        gboolean           in_view,
                                        double            *min,
                                        double            *max);
void       dyno_chart_pane_fit_y       (DynoChartPane     *self);
guint      dyno_chart_pane_n_lines     (DynoChartPane     *self);

/* Child widgets of a pane. They draw what the pane holds. */
GtkWidget *dyno_chart_grid_new         (DynoChartPane     *pane);
GtkWidget *dyno_chart_gaps_new         (DynoChartPane     *pane);
/* Looks for gaps in the folds; queues a draw when there are or were any. */
void       dyno_chart_gaps_update      (GtkWidget         *gaps);
guint      dyno_chart_gaps_count       (GtkWidget         *gaps);
GtkWidget *dyno_chart_lines_new        (DynoChartPane     *pane);
void       dyno_chart_lines_get_counts (GtkWidget         *lines,
                                        guint64           *n_drawn,
                                        guint64           *n_whole,
                                        guint             *n_lines,
                                        guint             *n_points);
GtkWidget *dyno_chart_letters_new      (DynoChartPane     *pane);

/* Children of the chart. */
GtkWidget *dyno_chart_axis_new         (DynoRuler         *x);
double     dyno_chart_axis_get_height  (GtkWidget         *axis);
GtkWidget *dyno_chart_hover_new        (DynoChart         *chart);
/* In px of the plots; NaN hides it. */
void       dyno_chart_hover_set_place  (GtkWidget         *hover,
                                        double             place);
/* A box that is being drawn with the pointer, in the hover's px; NULL: none. */
void       dyno_chart_hover_set_box    (GtkWidget         *hover,
                                        const graphene_rect_t *box);

/* Chart. */

typedef struct
{
  double   x[2];
  gboolean is_x_auto;
  gboolean is_following;
  GArray  *y; /* (owned) of DynoChartYView, two a pane */
} DynoChartView;

typedef struct
{
  double   min;
  double   max;
  gboolean is_auto;
} DynoChartYView;

struct _DynoChart
{
  GtkWidget     parent_instance;

  char         *title;        /* (owned) */
  char         *caption;      /* (owned) (nullable) */
  DynoUnitSet   units;
  GPtrArray    *panes;        /* (borrowed) of DynoChartPane, children */
  GListStore   *series;       /* (owned) each once */
  GListStore   *listed;       /* (owned) of them those for a legend */
  DynoSeries   *active;       /* (owned) (nullable) */
  guint         last_layer;
  DynoRuler    *x;            /* (owned) */
  gboolean      is_x_auto;    /* follows the extent of the data */

  DynoLive     *live;         /* (owned) (nullable) */
  double        span;         /* s, of the live view */
  gboolean      is_following;
  guint         tick;         /* callback; 0: none */
  gboolean      is_dirty;     /* all must be looked at again */
  guint         rest_timer;   /* source; 0: none */

  GtkWidget    *axis;         /* children */
  GtkWidget    *hover;
  GtkWidget    *cursors[2];   /* DynoCursor */
  double        cursor_x[2];  /* NaN: off */
  guint         active_cursor;
  GtkWidget    *menu;         /* (nullable) popover, made when asked for */

  double        left;         /* margins of all plots */
  double        right;
  GQueue       *undo;         /* (owned) of DynoChartView, newest first */
  gint64        last_zoom_us; /* steps of the wheel that belong together */

  double        box_mark;     /* M was pressed once here; NaN: not */
  double        drag_x;       /* of a pan in hand: how far it went */
  double        drag_y;
  int           drag_cursor;  /* −1: the drag pans */
  gboolean      is_drag_begun;
  DynoChartPane *drag_pane;   /* (borrowed) (nullable) where it began */
  double        pinch;        /* scale when last looked at */
  double        pointer_x;    /* px of the chart */
  double        pointer_y;
  guint         told_timer;   /* source; 0: none; description for a screen reader */

  DynoChartStats stats;
};

DynoChartPane *dyno_chart_get_pane      (DynoChart     *self,
                                         guint          index);
/* (transfer none) the list keeps it. */
DynoSeries    *dyno_chart_series_at     (DynoChart     *self,
                                         guint          index);
guint          dyno_chart_n_series      (DynoChart     *self);
/* x of the data of all visible series; FALSE without any. */
gboolean       dyno_chart_data_extent   (DynoChart     *self,
                                         double        *min,
                                         double        *max);
/* Where the plots begin, in px of the chart, and how wide they are. */
double         dyno_chart_plot_left     (DynoChart     *self);
double         dyno_chart_plot_width    (DynoChart     *self);
DynoChartPane *dyno_chart_pane_at       (DynoChart     *self,
                                         double         y);
/* The ruler on which that series stands; NULL when it is in no pane. */
DynoRuler     *dyno_chart_ruler_of      (DynoChart     *self,
                                         DynoSeries    *series);
void           dyno_chart_emit_range    (DynoChart     *self);

/* dyno-chart-frame.c. _queue_update () looks at everything again in the next
 * frame. _note_motion () says that the view was moved by hand: less quality for
 * a moment. _queue_tell () renews the description for a screen reader. */
void           dyno_chart_queue_update  (DynoChart     *self);
void           dyno_chart_note_motion   (DynoChart     *self);
void           dyno_chart_queue_tell    (DynoChart     *self);
void           dyno_chart_set_quality   (DynoChart     *self,
                                         DynoQuality    quality);
gboolean       dyno_chart_is_scrolling  (DynoChart     *self);
/* TRUE when the plots must be laid out anew. */
gboolean       dyno_chart_update_margins (DynoChart    *self);
void           dyno_chart_update_x      (DynoChart     *self);

/* dyno-chart-cursors.c */
void           dyno_chart_place_cursors (DynoChart     *self);
void           dyno_chart_name_cursor   (DynoChart     *self,
                                         guint          which);
/* A key whose action can do nothing goes on to whoever wants it. */
void           dyno_chart_enable_actions (DynoChart    *self);

/* dyno-chart-undo.c */
void           dyno_chart_push_undo     (DynoChart     *self);
void           dyno_chart_undo_zoom     (DynoChart     *self);
void           dyno_chart_clear_undo    (DynoChart     *self);

/* dyno-chart-actions.c. factor > 1 shows less, around place `at` of the plots;
 * NaN: around the cursor. */
void           dyno_chart_class_install_actions (GtkWidgetClass *widget_class);
void           dyno_chart_zoom_x        (DynoChart     *self,
                                         double         factor,
                                         double         at);
void           dyno_chart_zoom_y        (DynoChart     *self,
                                         DynoChartPane *pane,
                                         double         factor,
                                         double         at);
void           dyno_chart_pan           (DynoChart     *self,
                                         DynoChartPane *pane,
                                         double         right,
                                         double         up);
/* `box` in px of the plots; a flat one zooms x alone. FALSE: too small, a slip. */
gboolean       dyno_chart_zoom_to_box   (DynoChart     *self,
                                         DynoChartPane *pane,
                                         const graphene_rect_t *box);
/* The active cursor, kept within the data. */
void           dyno_chart_put_cursor    (DynoChart     *self,
                                         double         x);
void           dyno_chart_show_menu     (DynoChart     *self,
                                         double         x,
                                         double         y);

/* dyno-chart-pointer.c */
void           dyno_chart_add_pointer   (DynoChart     *self);

G_END_DECLS
