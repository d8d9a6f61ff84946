/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Which passwords are good enough. Length does the work; the word list of cracklib,
 * which libpwquality asks, takes out what is long and yet guessed first. None of
 * pwquality's rules of composition is on, and the machine's own file of them is not
 * read. */

#include "config.h"

#include "dyno-crypt-password.h"

#include <pwquality.h>
#include <string.h>

#include "dyno-error.h"

#define MIN_WORD 4 /* code points: a shorter name is in half of all passwords */

static const char *const product_words[] = { "dynoai", "dynojet", "jetdrive", "powervision", NULL };

static pwquality_settings_t *
new_settings (void)
{
  pwquality_settings_t *settings = pwquality_default_settings ();
  static const int off[] = { PWQ_SETTING_DIG_CREDIT, PWQ_SETTING_UP_CREDIT, PWQ_SETTING_LOW_CREDIT,
                             PWQ_SETTING_OTH_CREDIT, PWQ_SETTING_MIN_CLASS };

  for (guint i = 0; i < G_N_ELEMENTS (off); i++)
    pwquality_set_int_value (settings, off[i], 0);
  pwquality_set_int_value (settings, PWQ_SETTING_MIN_LENGTH, DYNO_PASSWORD_MIN_LENGTH);

  return settings;
}

/* FALSE, with the words of the library where there are some. cracklib keeps its place
 * in static memory, so that one thread asks at a time. */
static gboolean
ask_library (const char *password,
             char      **why)
{
  static GMutex lock;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  pwquality_settings_t *settings = new_settings ();
  char text[PWQ_MAX_ERROR_MESSAGE_LEN];
  void *detail = NULL;
  int answer = pwquality_check (settings, password, NULL, NULL, &detail);

  if (answer < 0 && why != NULL)
    *why = g_strdup (pwquality_strerror (text, sizeof text, answer, detail));
  else if (answer < 0)
    pwquality_strerror (text, sizeof text, answer, detail);
  pwquality_free_settings (settings);

  return answer >= 0;
}

/* A text that no list holds is refused only where there is no list. */
gboolean
dyno_crypt_password_has_dictionary (void)
{
  static gsize answer = 0;

  if (g_once_init_enter (&answer))
    g_once_init_leave (&answer, ask_library ("q7Vx!mK2 zR9pTw4 hLs8", NULL) ? 2 : 1);

  return answer == 2;
}

static gboolean
refuse (GError    **error,
        const char *why)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, "password", "%s", why);

  return FALSE;
}

static gboolean
holds (const char *folded,
       const char *word)
{
  g_autofree char *normal = word != NULL ? g_utf8_normalize (word, -1, G_NORMALIZE_NFC) : NULL;
  g_autofree char *small = normal != NULL ? g_utf8_casefold (normal, -1) : NULL;

  return small != NULL && g_utf8_strlen (small, -1) >= MIN_WORD && strstr (folded, small) != NULL;
}

static gboolean
holds_own_words (const char *normal,
                 const char *email,
                 const char *name)
{
  g_autofree char *folded = g_utf8_casefold (normal, -1);
  const char *at = email != NULL ? strrchr (email, '@') : NULL;
  g_autofree char *mailbox = at != NULL ? g_strndup (email, (gsize) (at - email)) : NULL;

  if (holds (folded, email) || holds (folded, mailbox) || holds (folded, name))
    return TRUE;
  for (guint i = 0; product_words[i] != NULL; i++)
    {
      if (holds (folded, product_words[i]))
        return TRUE;
    }

  return FALSE;
}

gboolean
dyno_crypt_password_judge (const char *password,
                           const char *email,
                           const char *name,
                           GError    **error)
{
  g_autofree char *normal = g_utf8_normalize (password, -1, G_NORMALIZE_NFC);
  glong length = normal != NULL ? g_utf8_strlen (normal, -1) : 0;
  g_autofree char *why = NULL;
  g_autofree char *sentence = NULL;

  if (normal == NULL)
    return refuse (error, "The password is not proper text. Type it again.");
  if (length < DYNO_PASSWORD_MIN_LENGTH)
    return refuse (error, "The password is too short. Take at least 12 characters; a few words "
                          "that do not belong together are good.");
  if (length > DYNO_PASSWORD_MAX_LENGTH)
    return refuse (error, "The password is too long. Take at most 256 characters.");
  if (holds_own_words (normal, email, name))
    return refuse (error, "The password holds your name, your address or the name of a product. "
                          "Take other words.");
  if (!dyno_crypt_password_has_dictionary () || ask_library (normal, &why))
    return TRUE;

  sentence = g_strdup_printf ("This password is guessed too easily: %s", why);

  return refuse (error, sentence);
}
