/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-source.h"

#include <string.h>

static gssize
read_memory (gpointer data,
             void    *buffer,
             gsize    size,
             GError **error)
{
  DynoTestSource *self = data;
  gsize n = MIN (size, self->left);

  memcpy (buffer, self->bytes, n);
  self->bytes += n;
  self->left -= n;

  return (gssize) n;
}

void
dyno_test_source_init (DynoTestSource *self,
                       const char     *bytes,
                       gsize           n,
                       gsize           told)
{
  *self = (DynoTestSource){ { "memory", told, read_memory, self }, bytes, n };
}
