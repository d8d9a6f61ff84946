/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-command-line.h"
#include "dyno-http-face.h"
#include "dyno-tls.h"

/* DynoAI without a window. */
int
main (int    argc,
      char **argv)
{
  dyno_tls_set_floor ();

  return dyno_command_line_run (argc, argv, &dyno_http_face);
}
