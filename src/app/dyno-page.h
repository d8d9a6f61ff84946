/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-palette.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* What all pages are to the window that hosts them: a widget with one child, a
 * title, one suggested action, a badge, news for a toast, and the shop, which it
 * has from its construction to its end. Main thread.
 *
 * A page knows its own width and fits any from 340 px on: below what its child
 * needs it asks for less and tells the child, by `narrow` (< 600 px) and `wide`
 * (≥ 1024 px), to be another.
 *
 * Properties: shop (construct), title, subtitle, child, narrow, wide, units.
 * Signals:
 *   primary-changed                       the suggested action is another
 *   badge-changed
 *   toast (AdwToast *toast, char *cause)  news; one of the same cause goes first */

#define DYNO_TYPE_PAGE (dyno_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (DynoPage, dyno_page, DYNO, PAGE, GtkWidget)

struct _DynoPageClass
{
  GtkWidgetClass parent_class;

  /* The reader's units or widths are others; chain up is not needed. */
  void (*units_changed) (DynoPage    *self);
  void (*width_changed) (DynoPage    *self);
  /* A setting, by its key. */
  void (*config_changed) (DynoPage   *self,
                          const char *key);
};

DynoShop     *dyno_page_get_shop        (DynoPage    *self); /* (transfer none) */
/* Cancelled when the page is disposed of. (transfer none) */
GCancellable *dyno_page_get_cancellable (DynoPage    *self);
DynoUnitSet   dyno_page_get_units       (DynoPage    *self);
gboolean      dyno_page_is_narrow       (DynoPage    *self);
gboolean      dyno_page_is_wide         (DynoPage    *self);

const char   *dyno_page_get_title       (DynoPage    *self);
const char   *dyno_page_get_subtitle    (DynoPage    *self);
void          dyno_page_set_subtitle    (DynoPage    *self,
                                         const char  *subtitle);

/* The one suggested action of the header: label and name of an action of the page;
 * both NULL: none. */
void          dyno_page_set_primary     (DynoPage    *self,
                                         const char  *label,
                                         const char  *action);
const char   *dyno_page_get_primary_label  (DynoPage *self); /* (nullable) */
const char   *dyno_page_get_primary_action (DynoPage *self); /* (nullable) */

/* A disc behind the page's name in the sidebar, with a word for it; NULL: none. */
void          dyno_page_set_badge       (DynoPage    *self,
                                         DynoStatus   status,
                                         const char  *word);
const char   *dyno_page_get_badge       (DynoPage    *self,
                                         DynoStatus  *status); /* (nullable) */

/* News that passes: 4 s, with a button 10 s. `cause` names what it is about: a later
 * toast of the same cause takes its place. The answer (transfer full) is for
 * connecting to `button-clicked` and `dismissed`. */
AdwToast     *dyno_page_toast           (DynoPage    *self,
                                         const char  *cause,
                                         const char  *text,
                                         const char  *button);
/* The sentence of an error with a button for its details. Nothing for a
 * cancelled call. */
void          dyno_page_toast_error     (DynoPage    *self,
                                         const GError *error);

G_END_DECLS
