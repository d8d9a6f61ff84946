/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-page.h"

G_BEGIN_DECLS

/* The pages of the window, in the order of the sidebar. A new page is a row of the
 * table in dyno-pages.c and nothing else: the window makes it when it is first
 * opened, gives it the shop, and drops it with the shop. */

typedef struct
{
  const char *name;      /* "runs": of actions, settings and win.page */
  const char *title;     /* N_ */
  const char *icon_name;
  GtkWidget *(*make) (DynoShop  *shop,
                      GSettings *settings); /* a DynoPage */
} DynoPageInfo;

const DynoPageInfo *dyno_pages_list (guint      *n_pages);
const DynoPageInfo *dyno_pages_find (const char *name); /* (nullable) */

G_END_DECLS
