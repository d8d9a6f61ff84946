/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-cidr.h"

#include <string.h>

#include "dyno-error.h"

struct _DynoCidrList
{
  GPtrArray *masks; /* (owned) of GInetAddressMask */
};

/* GLib warns of a length over 128 instead of refusing it. */
static gboolean
has_sane_length (const char *entry)
{
  const char *slash = strchr (entry, '/');
  gint64 length;

  return slash == NULL
         || (g_ascii_string_to_signed (slash + 1, 10, 0, 128, &length, NULL) && slash[1] != '+');
}

static gboolean
add_entry (DynoCidrList  *self,
           const char    *entry,
           GError       **error)
{
  GInetAddressMask *mask;

  if (self->masks->len >= DYNO_CIDR_MAX)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL, "More than %d networks are listed.",
                      DYNO_CIDR_MAX);
      return FALSE;
    }

  mask = has_sane_length (entry) ? g_inet_address_mask_new_from_string (entry, NULL) : NULL;
  if (mask == NULL)
    {
      g_autofree char *shown = dyno_error_excerpt (entry);

      dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                      "“%s” is no network. Write an address and a length with nothing set "
                      "behind it, such as 192.168.1.0/24.",
                      shown);
      return FALSE;
    }

  g_ptr_array_add (self->masks, mask);
  return TRUE;
}

DynoCidrList *
dyno_cidr_list_parse (const char  *text,
                      GError     **error)
{
  g_autoptr(DynoCidrList) self = g_new0 (DynoCidrList, 1);
  g_auto(GStrv) entries = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self->masks = g_ptr_array_new_with_free_func (g_object_unref);
  entries = g_strsplit_set (text, ", \t\n", -1);
  for (gsize i = 0; entries[i] != NULL; i++)
    if (*entries[i] != '\0' && !add_entry (self, entries[i], error))
      return NULL;

  return g_steal_pointer (&self);
}

void
dyno_cidr_list_free (DynoCidrList *self)
{
  g_ptr_array_unref (self->masks);
  g_free (self);
}

guint
dyno_cidr_list_length (const DynoCidrList *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->masks->len;
}

gboolean
dyno_cidr_list_contains (const DynoCidrList *self,
                         GInetAddress       *address)
{
  g_autoptr(GInetAddress) plain = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  plain = dyno_cidr_plain_address (address);
  for (guint i = 0; i < self->masks->len; i++)
    if (g_inet_address_mask_matches (self->masks->pdata[i], plain))
      return TRUE;

  return FALSE;
}

char *
dyno_cidr_list_format (const DynoCidrList *self)
{
  g_autoptr(GString) text = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < self->masks->len; i++)
    {
      g_autofree char *mask = g_inet_address_mask_to_string (self->masks->pdata[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", mask);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

GInetAddress *
dyno_cidr_plain_address (GInetAddress *address)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  const guint8 *bytes;

  g_return_val_if_fail (G_IS_INET_ADDRESS (address), NULL);

  bytes = g_inet_address_to_bytes (address);
  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6
      || memcmp (bytes, mapped, sizeof mapped) != 0)
    return g_object_ref (address);

  return g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);
}
