/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-command-line.h"

/* DynoAI without a window. */
int
main (int    argc,
      char **argv)
{
  return dyno_command_line_run (argc, argv);
}
