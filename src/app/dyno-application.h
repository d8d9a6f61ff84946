/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-face.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* The program with a window: opens the shop, shows the window, closes the shop.
 * One instance; a second start brings the window of the first to the front.
 *
 * Here stands the one table of keys. What begins with "app." or "win." is an
 * accelerator of GTK; an action of a page ("live.arm", "runs.import", "page.search")
 * goes through the window to its page. */

#define DYNO_TYPE_APPLICATION (dyno_application_get_type ())
G_DECLARE_FINAL_TYPE (DynoApplication, dyno_application, DYNO, APPLICATION, AdwApplication)

typedef struct
{
  const char *action; /* detailed name, "win.page::runs" */
  const char *keys;   /* '|' between: "F1|<Control>question" */
  const char *group;  /* of the shortcuts window; N_ */
  const char *title;  /* what it does; N_ */
} DynoKey;

/* `options` is copied but for what DynoShopOptions says it borrows. `face` (nullable) is
 * the service that runs beside the window while the settings say so. */
DynoApplication *dyno_application_new       (const DynoShopOptions *options,
                                             const DynoFace        *face);

/* The shop, NULL until it is open. (transfer none) */
DynoShop        *dyno_application_get_shop  (DynoApplication       *self);

/* The table, and its rows. */
const DynoKey   *dyno_application_keys      (guint                 *n_keys);
const DynoKey   *dyno_application_find_key  (const char            *action); /* (nullable) */
const char      *dyno_application_key_title (const DynoKey         *key);
/* "Arm (F5)". (transfer full) */
char            *dyno_application_key_tip   (const DynoKey         *key,
                                             const char            *label);
/* "Ctrl+Shift+B" of "<Control><Shift>b". (transfer full) */
char            *dyno_application_key_label (const char            *accelerator);

G_END_DECLS
