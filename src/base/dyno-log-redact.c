/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-log.h"

#include <string.h>

#define SECRET "[secret]"

/* The names of service.md 7.1, also as the end of a longer one. */
#define NAMES "authorization|cookie|x-api-key|password|token|secret|code|key|pin"

/* One alternative a form. Where \K stands, what is before it stays. */
#define FORMS \
  /* our keys and tokens, JWTs, keys of models */ \
  "dyno(?:ai|rt)_[0-9A-Za-z_-]{8,}" \
  "|eyJ[0-9A-Za-z_-]+\\.[0-9A-Za-z_.-]*" \
  "|\\b(?:xai|sk|gsk)-[0-9A-Za-z_-]{16,}" \
  "|-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*-----|.*)" \
  /* credentials of a head, with or without its name; a cookie to the end of the line */ \
  "|\\b(?i:bearer|basic|apikey)\\s+\\K[0-9A-Za-z._~+/=-]{8,}" \
  "|\\b(?i:authorization|cookie)[\"']?\\s*[:=]\\s*[\"']?(?i:(?:bearer|basic|apikey)\\s+)?" \
  "\\K[^\\r\\n\"']+" \
  /* name=value, name: value, "name":"value" */ \
  "|(?<![A-Za-z0-9])[A-Za-z0-9_-]{0,40}(?i:" NAMES ")[\"']?\\s*[:=]\\s*\\K" \
  "(?:\"(?:[^\"\\\\]|\\\\.)*\"?|'[^']*'?|[^\\s,;&}\"']+)" \
  /* in an address: the password, and the code of a pairing */ \
  "|://[^/\\s:@]{0,80}:\\K[^@\\s/]+(?=@)" \
  "|[?&#]c=\\K[^&\\s]+"

static GRegex *
get_forms (void)
{
  static GRegex *forms = NULL;

  if (g_once_init_enter (&forms))
    g_once_init_leave (&forms, g_regex_new (FORMS, G_REGEX_OPTIMIZE | G_REGEX_DOTALL, 0, NULL));

  return forms;
}

char *
dyno_log_redact (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) strnlen (text, DYNO_LOG_MAX_TEXT));
  char *clean = g_regex_replace_literal (get_forms (), valid, -1, 0, SECRET, 0, NULL);

  /* What the matcher gives up on is not told at all. */
  return clean != NULL ? clean : g_strdup (SECRET);
}

gboolean
dyno_log_is_secret_name (const char *name)
{
  static const char *const words[] = { "authorization", "cookie", "x-api-key", "password", "token",
                                       "secret", "code", "key", "pin" };
  gsize length = strlen (name);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize n = strlen (words[i]);

      if (length >= n && g_ascii_strcasecmp (name + length - n, words[i]) == 0
          && (length == n || !g_ascii_isalnum (name[length - n - 1])))
        return TRUE;
    }

  return FALSE;
}
