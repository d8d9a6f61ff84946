/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-digit-group.h"

#include <math.h>

/* Text is measured at this size, px. */
#define MEASURED 100.0

typedef struct
{
  gpointer member; /* (borrowed) withdraws itself */
  double   size;
} Offer;

struct _DynoDigitGroup
{
  GObject  parent_instance;

  GArray  *offers; /* (owned) of Offer */
  double   size;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoDigitGroup, dyno_digit_group, G_TYPE_OBJECT)

static Offer *
offer_of (DynoDigitGroup *self,
          gpointer        member)
{
  for (guint i = 0; i < self->offers->len; i++)
    {
      Offer *offer = &g_array_index (self->offers, Offer, i);

      if (offer->member == member)
        return offer;
    }

  return NULL;
}

static void
update (DynoDigitGroup *self)
{
  double size = INFINITY;

  for (guint i = 0; i < self->offers->len; i++)
    size = fmin (size, g_array_index (self->offers, Offer, i).size);
  size = isfinite (size) ? size : 0;
  if (size == self->size)
    return;

  self->size = size;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
dyno_digit_group_offer (DynoDigitGroup *self,
                        gpointer        member,
                        double          size)
{
  Offer *offer = offer_of (self, member);

  if (offer == NULL)
    {
      g_array_append_val (self->offers, ((Offer) { member, size }));
      offer = offer_of (self, member);
    }
  offer->size = size;
  update (self);
}

void
dyno_digit_group_withdraw (DynoDigitGroup *self,
                           gpointer        member)
{
  Offer *offer = offer_of (self, member);

  if (offer == NULL)
    return;

  g_array_remove_index_fast (self->offers, (guint) (offer - (Offer *) self->offers->data));
  update (self);
}

double
dyno_digit_group_get_size (DynoDigitGroup *self)
{
  return self->size;
}

static void
dyno_digit_group_finalize (GObject *object)
{
  g_array_unref (DYNO_DIGIT_GROUP (object)->offers);

  G_OBJECT_CLASS (dyno_digit_group_parent_class)->finalize (object);
}

static void
dyno_digit_group_class_init (DynoDigitGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dyno_digit_group_finalize;
  signals[CHANGED] = g_signal_new ("changed", DYNO_TYPE_DIGIT_GROUP, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
dyno_digit_group_init (DynoDigitGroup *self)
{
  self->offers = g_array_new (FALSE, FALSE, sizeof (Offer));
}

DynoDigitGroup *
dyno_digit_group_new (void)
{
  return g_object_new (DYNO_TYPE_DIGIT_GROUP, NULL);
}

double
dyno_digit_size (GtkWidget  *widget,
                 const char *text,
                 double      width,
                 double      height)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  g_autoptr(PangoFontDescription) font =
      pango_font_description_copy (pango_context_get_font_description (
          pango_layout_get_context (layout)));
  int text_width;
  int text_height;

  pango_font_description_set_absolute_size (font, MEASURED * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  if (text_width <= 0 || text_height <= 0)
    return 1;

  return fmax (floor (MEASURED * fmin (width / text_width, height / text_height)), 1);
}
