/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "dyno-multipart.h"

/* A form that comes in pieces reads like one that comes at once. */

#define TYPE "multipart/form-data; boundary=x"

static gboolean
append_cb (const guint8  *bytes,
           gsize          size,
           gpointer       data,
           GError       **error)
{
  g_string_append_len (data, (const char *) bytes, (gssize) size);

  return TRUE;
}

/* The file; NULL where the form is refused. */
static char *
read_form (const uint8_t *data,
           size_t         size,
           size_t         step)
{
  g_autoptr(GString) file = g_string_new (NULL);
  g_autoptr(DynoMultipart) form = dyno_multipart_new (TYPE, append_cb, file, NULL);

  for (size_t at = 0; at < size; at += step)
    {
      if (!dyno_multipart_feed (form, data + at, MIN (step, size - at), NULL))
        return NULL;
    }

  return dyno_multipart_close (form, NULL)
           ? g_strdup_printf ("%u %s", g_hash_table_size (dyno_multipart_get_fields (form)),
                              file->str)
           : NULL;
}

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *at_once = read_form (data, size, size + 1);
  g_autofree char *in_pieces = read_form (data, size, 1 + size % 7);

  g_assert (g_strcmp0 (at_once, in_pieces) == 0);

  return 0;
}
