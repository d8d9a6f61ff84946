/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-password-input.h"

#include "dyno-failure.h"

#include <string.h>
#include <unistd.h>

#define MOST_BYTES 1024 /* 256 code points of UTF-8 */

/* Unbuffered, so that no copy stays behind; the answer is the bytes before the end. */
static gsize
read_line (char  *line,
           gsize  size)
{
  gsize n = 0;

  while (n < size && read (STDIN_FILENO, line + n, 1) == 1 && line[n] != '\n')
    n++;

  return n;
}

char *
dyno_password_input_read (GError **error)
{
  g_autofree char *line = g_malloc0 (MOST_BYTES + 2);
  gsize n = read_line (line, MOST_BYTES + 1);

  line[n] = '\0';
  if (n > 0 && line[n - 1] == '\r')
    line[--n] = '\0';
  if (n > 0 && n <= MOST_BYTES && g_utf8_validate (line, (gssize) n, NULL))
    return g_steal_pointer (&line);
  explicit_bzero (line, MOST_BYTES + 2);
  dyno_failure_set_usage (error, "--password-stdin reads a line with the password, of at most "
                                 "256 letters, from standard input.");

  return NULL;
}

void
dyno_password_input_free (char *password)
{
  if (password != NULL)
    explicit_bzero (password, strlen (password));
  g_free (password);
}
