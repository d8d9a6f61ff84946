/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-chain.h"

#include <string.h>

#include "dyno-crypt.h"

void
dyno_chain_link_free (DynoChainLink *self)
{
  if (self == NULL)
    return;

  g_free (self->run_id);
  g_free (self->path);
  g_free (self->sha256);
  g_free (self->hash);
  g_free (self);
}

static gboolean
append_hash (GByteArray *bytes,
             const char *hex)
{
  if (hex == NULL || strlen (hex) != 2 * DYNO_SHA256_SIZE)
    return FALSE;

  for (guint i = 0; i < DYNO_SHA256_SIZE; i++)
    {
      int high = g_ascii_xdigit_value (hex[2 * i]);
      int low = g_ascii_xdigit_value (hex[2 * i + 1]);
      guint8 byte = (guint8) (high << 4 | low);

      if (high < 0 || low < 0)
        return FALSE;
      g_byte_array_append (bytes, &byte, 1);
    }

  return TRUE;
}

char *
dyno_chain_hash (const char *previous,
                 const char *run_id,
                 const char *sha256)
{
  static const guint8 nothing[DYNO_SHA256_SIZE] = { 0 };
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  if (previous == NULL)
    g_byte_array_append (bytes, nothing, sizeof nothing);
  else if (!append_hash (bytes, previous))
    return NULL;
  g_byte_array_append (bytes, (const guint8 *) run_id, (guint) strlen (run_id));
  if (!append_hash (bytes, sha256))
    return NULL;

  return dyno_crypt_sha256_hex (bytes->data, bytes->len);
}

int
dyno_chain_find_bad (GPtrArray *links)
{
  const char *previous = NULL;

  for (guint i = 0; i < links->len; i++)
    {
      const DynoChainLink *link = g_ptr_array_index (links, i);
      g_autofree char *expected = dyno_chain_hash (previous, link->run_id, link->sha256);

      if (link->position != (gint64) i + 1 || expected == NULL
          || g_ascii_strcasecmp (expected, link->hash) != 0)
        return (int) i;
      previous = link->hash;
    }

  return -1;
}
