/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first line of standard input, without its end: a password that stands in no
 * command line. NULL with a usage error where there is none, or it is longer than a
 * password can be. Overwritten by dyno_password_input_free (). */
char *dyno_password_input_read (GError **error);
void  dyno_password_input_free (char    *password);

G_END_DECLS
