/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Access tokens and the tokens of refreshing and of keys, as text from outside. Half of
 * the inputs stand behind the right header and before a signature that is made anew, so
 * that claims are read too. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "dyno-crypt-text.h"
#include "dyno-token.h"

#define ISSUER "urn:dynoai:fuzz"
#define NOW_MS G_GINT64_CONSTANT (1789000000000)

static DynoTokenKey *key;
static DynoTokenRing *ring;

static void
set_up (void)
{
  DynoTokenSlot slot = { .state = DYNO_TOKEN_KEY_ACTIVE };

  key = slot.key = dyno_token_key_generate ();
  ring = dyno_token_ring_new (&slot, 1);
}

static void
check (const char *token)
{
  g_autoptr(DynoTokenClaims) claims = NULL;
  DynoTokenVerdict verdict = dyno_token_check (ring, ISSUER, token, NOW_MS, &claims);

  if ((verdict == DYNO_TOKEN_GOOD) != (claims != NULL))
    abort ();
}

static void
check_claims (const char *claims,
              gsize       length)
{
  g_autofree char *body = dyno_crypt_base64url (claims, length);
  g_autofree char *text = g_strconcat (dyno_token_key_get_head (key), ".", body, NULL);
  g_autoptr(GBytes) sum = dyno_token_key_sign (key, text, strlen (text));
  g_autofree char *third =
      dyno_crypt_base64url (g_bytes_get_data (sum, NULL), g_bytes_get_size (sum));
  g_autofree char *token = g_strconcat (text, ".", third, NULL);

  check (token);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  if (ring == NULL)
    set_up ();
  if (size > 0 && (data[0] & 1) != 0)
    check_claims ((const char *) data + 1, size - 1);
  else
    check (text);
  if (dyno_crypt_is_token (text, "dynort_") && strlen (text) != 56)
    abort ();

  return 0;
}
