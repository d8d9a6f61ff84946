/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pages.h"

#include "dyno-live-page.h"
#include "dyno-runs-page.h"
#include "dyno-settings-page.h"

#include <glib/gi18n.h>

static const DynoPageInfo pages[] = {
  { "live", N_ ("Live"), "dyno-live-symbolic", dyno_live_page_new },
  { "runs", N_ ("Runs"), "dyno-runs-symbolic", dyno_runs_page_new },
  { "settings", N_ ("Settings"), "dyno-settings-symbolic", dyno_settings_page_new },
};

const DynoPageInfo *
dyno_pages_list (guint *n_pages)
{
  *n_pages = G_N_ELEMENTS (pages);

  return pages;
}

const DynoPageInfo *
dyno_pages_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      if (g_strcmp0 (pages[i].name, name) == 0)
        return &pages[i];
    }

  return NULL;
}
