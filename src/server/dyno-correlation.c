/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-correlation.h"

#include <string.h>

#include "dyno-crypt.h"

gboolean
dyno_correlation_is_valid (const char *text)
{
  gsize length = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

  return length >= 1 && length <= 64 && text[length] == '\0';
}

char *
dyno_correlation_take (const char *offered)
{
  if (offered != NULL && dyno_correlation_is_valid (offered))
    return g_strdup (offered);

  return dyno_crypt_new_uuid (g_get_real_time () / 1000);
}
