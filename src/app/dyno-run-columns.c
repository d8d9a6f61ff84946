/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-columns.h"

#include "dyno-access.h"
#include "dyno-run-words.h"
#include "dyno-status.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>

typedef enum
{
  COLUMN_STAR,
  COLUMN_NUMBER,
  COLUMN_WHEN,
  COLUMN_SUBJECT,
  COLUMN_POWER,
  COLUMN_TORQUE,
  COLUMN_FACTOR,
  COLUMN_TAGS,
  N_COLUMNS
} Column;

/* What a factory knows. */
typedef struct
{
  DynoRunColumns *columns; /* (borrowed) */
  Column          column;
} Kind;

struct _DynoRunColumns
{
  GtkColumnViewColumn *columns[N_COLUMNS]; /* (owned) */
  Kind                 kinds[N_COLUMNS];
  DynoClock           *clock;              /* (borrowed) */
  DynoUnitSet          units;
  void               (*star) (DynoRunItem *item,
                              gpointer     user_data);
  gpointer             user_data;
};

static const struct
{
  const char  *title;
  DynoRunRoom  from; /* the least room in which it is shown */
  int          width;
  gboolean     is_number;
} infos[N_COLUMNS] = {
  [COLUMN_STAR] = { "", DYNO_RUN_ROOM_MEDIUM, 34, FALSE },
  [COLUMN_NUMBER] = { N_ ("#"), DYNO_RUN_ROOM_NARROW, 0, TRUE },
  [COLUMN_WHEN] = { N_ ("When"), DYNO_RUN_ROOM_NARROW, 0, FALSE },
  [COLUMN_SUBJECT] = { N_ ("Vehicle"), DYNO_RUN_ROOM_NARROW, 0, FALSE },
  [COLUMN_POWER] = { NULL, DYNO_RUN_ROOM_NARROW, 0, TRUE },
  [COLUMN_TORQUE] = { NULL, DYNO_RUN_ROOM_MEDIUM, 0, TRUE },
  [COLUMN_FACTOR] = { N_ ("CF"), DYNO_RUN_ROOM_WIDE, 0, TRUE },
  [COLUMN_TAGS] = { N_ ("Tags"), DYNO_RUN_ROOM_WIDE, 72, FALSE },
};

/* Cells. */

static void
star_pressed_cb (GtkGestureClick *gesture,
                 int              n_press,
                 double           x,
                 double           y,
                 Kind            *kind)
{
  GtkWidget *child = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  GtkListItem *item = g_object_get_data (G_OBJECT (gtk_widget_get_parent (child)),
                                         "dyno-list-item");

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (item != NULL && gtk_list_item_get_item (item) != NULL)
    kind->columns->star (gtk_list_item_get_item (item), kind->columns->user_data);
}

static GtkWidget *
make_star (Kind *kind)
{
  GtkWidget *image = gtk_image_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect (click, "pressed", G_CALLBACK (star_pressed_cb), kind);
  gtk_widget_add_controller (image, GTK_EVENT_CONTROLLER (click));

  return image;
}

static GtkWidget *
make_label (gboolean is_number)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), is_number ? 1 : 0);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "numeric");

  return label;
}

/* Two lines: the vehicle, and what sets the run apart with its icon. */
static GtkWidget *
make_subject (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *name = make_label (FALSE);
  GtkWidget *caption = make_label (FALSE);

  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (caption), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), caption);
  gtk_box_append (GTK_BOX (box), line);

  return box;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          Kind                     *kind)
{
  GtkWidget *child;

  if (kind->column == COLUMN_STAR)
    child = make_star (kind);
  else if (kind->column == COLUMN_SUBJECT)
    child = make_subject ();
  else
    child = make_label (infos[kind->column].is_number);
  if (kind->column == COLUMN_TAGS)
    gtk_label_set_ellipsize (GTK_LABEL (child), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, child);
}

static void
show_star (GtkWidget     *image,
           const DynoRun *run)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (image), run->is_starred ? "dyno-star-symbolic"
                                                                   : "dyno-star-outline-symbolic");
  dyno_access_name (image, run->is_starred ? _ ("starred") : _ ("not starred"));
}

static void
show_subject (GtkWidget     *box,
              const DynoRun *run)
{
  GtkWidget *line = gtk_widget_get_last_child (box);
  GtkWidget *icon = gtk_widget_get_first_child (line);
  GtkWidget *caption = gtk_widget_get_last_child (line);
  g_autofree char *text = dyno_run_words_caption (run);
  DynoRunBadge badges[DYNO_RUN_MAX_BADGES];
  gboolean is_marked = dyno_run_words_badges (run, badges) > 0
                       && badges[0].status != DYNO_STATUS_OFF;

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (box)),
                       run->vehicle_label != NULL ? run->vehicle_label
                                                  : dyno_run_words_subject (run));
  gtk_label_set_label (GTK_LABEL (caption), text);
  gtk_widget_set_tooltip_text (box, text);
  gtk_widget_set_visible (icon, is_marked);
  if (is_marked)
    gtk_image_set_from_icon_name (GTK_IMAGE (icon), dyno_status_icon (badges[0].status));
}

/* (transfer full) */
static char *
text_of (DynoRunColumns *self,
         Column          column,
         const DynoRun  *run)
{
  switch (column)
    {
    case COLUMN_NUMBER:
      return g_strdup_printf ("%" G_GINT64_FORMAT, run->number);
    case COLUMN_WHEN:
      return dyno_wording_when (run->started_ms, dyno_clock_real_us (self->clock) / 1000);
    case COLUMN_POWER:
      return dyno_wording_number (self->units, DYNO_QUANTITY_POWER, run->peaks.power_kw);
    case COLUMN_TORQUE:
      return dyno_wording_number (self->units, DYNO_QUANTITY_TORQUE, run->peaks.torque_nm);
    case COLUMN_FACTOR:
      return dyno_run_words_factor (run->peaks.factor, 2);
    case COLUMN_TAGS:
      return dyno_run_words_tags (run);
    case COLUMN_STAR:
    case COLUMN_SUBJECT:
    case N_COLUMNS:
    default:
      return g_strdup ("");
    }
}

/* A row is named by all it says. */
static void
name_row (DynoRunColumns *self,
          GtkWidget      *cell,
          const DynoRun  *run)
{
  g_autofree char *text =
      dyno_run_words_row (run, self->units, dyno_clock_real_us (self->clock) / 1000);

  if (gtk_widget_get_parent (cell) != NULL)
    dyno_access_name (gtk_widget_get_parent (cell), text);
}

static void
show_cell (Kind        *kind,
           GtkListItem *item)
{
  DynoRunItem *shown = gtk_list_item_get_item (item);
  GtkWidget *child = gtk_list_item_get_child (item);
  GtkWidget *cell = gtk_widget_get_parent (child);
  const DynoRun *run = dyno_run_item_get_run (shown);

  if (kind->column == COLUMN_STAR)
    show_star (child, run);
  else if (kind->column == COLUMN_SUBJECT)
    show_subject (child, run);
  else
    {
      g_autofree char *text = text_of (kind->columns, kind->column, run);

      gtk_label_set_label (GTK_LABEL (child), text);
    }
  if (cell == NULL)
    return;

  g_object_set_data (G_OBJECT (cell), "dyno-list-item", item);
  if (dyno_run_item_get_begins_day (shown))
    gtk_widget_add_css_class (cell, "dyno-day");
  else
    gtk_widget_remove_css_class (cell, "dyno-day");
  if (kind->column == COLUMN_NUMBER)
    name_row (kind->columns, cell, run);
}

static void
changed_cb (DynoRunItem *shown,
            GtkListItem *item)
{
  show_cell (g_object_get_data (G_OBJECT (item), "dyno-kind"), item);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         Kind                     *kind)
{
  g_object_set_data (G_OBJECT (item), "dyno-kind", kind);
  g_signal_connect (gtk_list_item_get_item (item), "changed", G_CALLBACK (changed_cb), item);
  show_cell (kind, item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           Kind                     *kind)
{
  GtkWidget *child = gtk_list_item_get_child (item);
  GtkWidget *cell = child != NULL ? gtk_widget_get_parent (child) : NULL;

  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), changed_cb, item);
  if (cell != NULL)
    g_object_set_data (G_OBJECT (cell), "dyno-list-item", NULL);
}

guint
dyno_run_columns_position (GtkWidget *widget)
{
  for (; widget != NULL && !GTK_IS_COLUMN_VIEW (widget); widget = gtk_widget_get_parent (widget))
    {
      GtkListItem *item = g_object_get_data (G_OBJECT (widget), "dyno-list-item");

      /* A row knows by its first cell. */
      if (item == NULL && gtk_widget_get_first_child (widget) != NULL)
        item = g_object_get_data (G_OBJECT (gtk_widget_get_first_child (widget)),
                                  "dyno-list-item");
      if (item != NULL)
        return gtk_list_item_get_position (item);
    }

  return GTK_INVALID_LIST_POSITION;
}

/* Columns. */

static void
title_column (DynoRunColumns *self,
              Column          column,
              DynoQuantity    quantity)
{
  gtk_column_view_column_set_title (self->columns[column],
                                    dyno_unit_shown (self->units, quantity)->symbol);
}

void
dyno_run_columns_set_units (DynoRunColumns *self,
                            DynoUnitSet     units)
{
  self->units = units;
  title_column (self, COLUMN_POWER, DYNO_QUANTITY_POWER);
  title_column (self, COLUMN_TORQUE, DYNO_QUANTITY_TORQUE);
}

void
dyno_run_columns_set_room (DynoRunColumns *self,
                           DynoRunRoom     room)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      gboolean is_visible = infos[i].from <= room;

      gtk_column_view_column_set_visible (self->columns[i], is_visible);
      /* GTK 4.8 keeps room for the fixed width of a column that is not seen. */
      if (infos[i].width > 0)
        gtk_column_view_column_set_fixed_width (self->columns[i], is_visible ? infos[i].width : -1);
    }
}

static void
add_column (DynoRunColumns *self,
            GtkColumnView  *view,
            Column          column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  Kind *kind = &self->kinds[column];

  kind->columns = self;
  kind->column = column;
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), kind);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), kind);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), kind);
  self->columns[column] = gtk_column_view_column_new (
      infos[column].title != NULL && *infos[column].title != '\0' ? _ (infos[column].title) : "",
      factory);
  gtk_column_view_column_set_expand (self->columns[column], column == COLUMN_SUBJECT);
  if (infos[column].width > 0)
    gtk_column_view_column_set_fixed_width (self->columns[column], infos[column].width);
  gtk_column_view_append_column (view, self->columns[column]);
}

void
dyno_run_columns_free (DynoRunColumns *self)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    g_clear_object (&self->columns[i]);
  g_free (self);
}

DynoRunColumns *
dyno_run_columns_new (GtkColumnView *view,
                      DynoClock     *clock,
                      void         (*star) (DynoRunItem *item,
                                            gpointer     user_data),
                      gpointer       user_data)
{
  DynoRunColumns *self = g_new0 (DynoRunColumns, 1);

  self->clock = clock;
  self->star = star;
  self->user_data = user_data;
  for (guint i = 0; i < N_COLUMNS; i++)
    add_column (self, view, i);
  dyno_run_columns_set_units (self, DYNO_UNITS_METRIC);

  return self;
}
