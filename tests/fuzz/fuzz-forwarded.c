/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "dyno-cidr.h"
#include "dyno-forwarded.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A list that reads is written so that it reads to the same again. */
static void
try_list (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoCidrList) list = dyno_cidr_list_parse (text, &error);
  g_autoptr(DynoCidrList) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;

  if (list == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }

  written = dyno_cidr_list_format (list);
  again = dyno_cidr_list_parse (written, &error);
  g_assert_no_error (error);
  rewritten = dyno_cidr_list_format (again);
  g_assert_cmpstr (written, ==, rewritten);
}

/* First line: TRUST_PROXY or a list of networks; the rest: X-Forwarded-For. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  char *lines = strchr (text, '\n');
  g_autoptr(GInetAddress) peer = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(DynoForwarded) forwarded = NULL;
  g_autoptr(GInetAddress) client = NULL;
  g_autoptr(GError) error = NULL;
  DynoForwardedSource source;

  if (lines != NULL)
    *lines++ = '\0';
  try_list (text);

  forwarded = dyno_forwarded_new (text, NULL);
  if (forwarded == NULL)
    return 0;

  client = dyno_forwarded_resolve (forwarded, peer, lines, &source, &error);
  g_assert_true ((client == NULL) == (error != NULL));
  if (source != DYNO_FORWARDED_TAKEN)
    g_assert_true (g_inet_address_equal (client, peer));

  return 0;
}
