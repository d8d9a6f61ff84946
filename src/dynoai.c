/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "dyno-application.h"
#include "dyno-http-face.h"
#include "dyno-lag.h"
#include "dyno-log.h"
#include "dyno-tls.h"

/* DynoAI with its window. */
int
main (int    argc,
      char **argv)
{
  g_autoptr(DynoApplication) application = NULL;
  g_autoptr(DynoLag) lag = NULL;

  dyno_tls_set_floor ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, DYNO_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("DynoAI");
  dyno_log_install (G_LOG_LEVEL_MESSAGE, DYNO_LOG_TEXT);

  lag = dyno_lag_new (NULL, "main");
  application = dyno_application_new (NULL, &dyno_http_face);

  return g_application_run (G_APPLICATION (application), argc, argv);
}
