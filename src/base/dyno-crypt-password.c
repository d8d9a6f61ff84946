/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt-password.h"

#include <crypt.h>
#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt.h"

#define COST     12
#define MAX_COST 14 /* of a hash from elsewhere: more would hold a thread for seconds */

static const char mark[] = "hmac";

/* Of nothing that anybody knows. */
static const char dummy[] = "$2b$12$wQ3vJmXy0cNfE8aZtLh1OeGq5RkUb7sVdI2xPnMzYjTo4lCgBa6rW";

static void
free_secret (char *text)
{
  if (text != NULL)
    dyno_crypt_wipe (text, strlen (text));
  g_free (text);
}

typedef char SecretText;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SecretText, free_secret)

/* The 44 characters that go into bcrypt. */
static char *
season (GBytes     *pepper,
        const char *password)
{
  g_autoptr(SecretText) normal = g_utf8_normalize (password, -1, G_NORMALIZE_NFC);
  guint8 mac[DYNO_HMAC_SIZE];
  char *text;

  if (normal == NULL)
    return NULL;
  dyno_crypt_hmac (pepper, normal, strlen (normal), mac);
  text = g_base64_encode (mac, sizeof mac);
  dyno_crypt_wipe (mac, sizeof mac);

  return text;
}

/* NULL where libxcrypt does not take the setting. (transfer full) */
static char *
run_bcrypt (const char *phrase,
            const char *setting)
{
  struct crypt_data *data = g_new0 (struct crypt_data, 1);
  char *hash = g_strdup (crypt_r (phrase, setting, data));

  dyno_crypt_wipe (data, sizeof *data);
  g_free (data);
  if (hash != NULL && hash[0] == '*')
    g_clear_pointer (&hash, g_free);

  return hash;
}

char *
dyno_crypt_password_hash (GBytes     *pepper,
                          const char *password)
{
  g_autoptr(SecretText) phrase = season (pepper, password);
  g_autofree char *hash = NULL;
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  char salt[16];

  if (phrase == NULL)
    return NULL;
  dyno_crypt_random (salt, sizeof salt);
  if (crypt_gensalt_rn ("$2b$", COST, salt, sizeof salt, setting, sizeof setting) == NULL)
    g_error ("libxcrypt does not know bcrypt");
  hash = run_bcrypt (phrase, setting);
  if (hash == NULL)
    g_error ("libxcrypt gives no bcrypt");

  return g_strconcat (mark, hash, NULL);
}

static gboolean
is_bcrypt (const char *hash)
{
  gint64 cost;

  if (strlen (hash) != strlen (dummy) || !g_str_has_prefix (hash, "$2b$") || hash[6] != '$'
      || !g_ascii_isdigit (hash[4]) || !g_ascii_isdigit (hash[5]))
    return FALSE;
  cost = 10 * (hash[4] - '0') + hash[5] - '0';

  return cost <= MAX_COST;
}

/* Equal, in a time that tells nothing of where they differ. */
static gboolean
matches (const char *phrase,
         const char *hash)
{
  g_autofree char *made = run_bcrypt (phrase, hash);

  return made != NULL && strlen (made) == strlen (hash)
         && dyno_crypt_equal (made, hash, strlen (hash));
}

DynoPasswordVerdict
dyno_crypt_password_verify (GBytes     *pepper,
                            const char *password,
                            const char *kept)
{
  g_autoptr(SecretText) phrase = season (pepper, password);
  gboolean is_ours = kept != NULL && g_str_has_prefix (kept, mark);
  const char *hash = is_ours ? kept + strlen (mark) : kept;
  gboolean is_known = hash != NULL && is_bcrypt (hash);

  if (phrase == NULL)
    return DYNO_PASSWORD_WRONG;
  if (is_known && !is_ours)
    return matches (password, hash) ? DYNO_PASSWORD_RIGHT_OLD : DYNO_PASSWORD_WRONG;

  return matches (phrase, is_known ? hash : dummy) && is_known ? DYNO_PASSWORD_RIGHT
                                                               : DYNO_PASSWORD_WRONG;
}
