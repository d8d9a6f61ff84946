/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What a key may be, and what is noted of it; part of dyno-keys.h. */

#include "config.h"

#include "dyno-error.h"
#include "dyno-json.h"
#include "dyno-keys-private.h"
#include "dyno-shop-private.h"

#define LONGEST_NAME 100
#define DAY_MS (24 * G_GINT64_CONSTANT (3600000))

void
dyno_key_wish_free (gpointer data)
{
  DynoKeyWish *wish = data;

  g_free (wish->name);
  g_strfreev (wish->cidrs);
  g_free (wish->owner);
  g_free (wish->key_id);
  g_free (wish);
}

DynoKeyWish *
dyno_key_wish_new (const char           *key_id,
                   const DynoKeyRequest *request)
{
  DynoKeyWish *wish = g_new0 (DynoKeyWish, 1);

  wish->key_id = g_strdup (key_id);
  if (request == NULL)
    return wish;
  wish->request = *request;
  wish->name = g_strdup (request->name);
  wish->cidrs = g_strdupv ((char **) request->cidrs);
  wish->owner = g_strdup (request->owner);

  return wish;
}

gboolean
dyno_keys_invalid (GError     **error,
                   const char  *sentence)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, "validation", "%s", sentence);

  return FALSE;
}

gboolean
dyno_keys_check_name (const char  *name,
                      GError     **error)
{
  if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL)
      || g_utf8_strlen (name, -1) > LONGEST_NAME)
    return dyno_keys_invalid (error, "A key needs a name of 1 to 100 characters.");

  return TRUE;
}

gboolean
dyno_keys_check_numbers (int      per_minute,
                         int      per_day,
                         GError **error)
{
  if (per_minute < 1 || per_minute > 6000)
    return dyno_keys_invalid (error, "A key may make 1 to 6000 requests a minute.");
  if (per_day < 1 || per_day > 1000000)
    return dyno_keys_invalid (error, "A key may make 1 to 1000000 requests a day.");

  return TRUE;
}

gboolean
dyno_keys_find_expiry (const DynoErrand      *errand,
                       const DynoKeyRequest  *request,
                       gint64                *expires_ms,
                       GError               **error)
{
  gint64 now_ms = dyno_clock_real_us (errand->shop->clock) / 1000;
  gint64 days = dyno_config_get_integer (errand->shop->config, "auth.key_days");

  *expires_ms = request->is_endless        ? 0
                : request->expires_ms == 0 ? now_ms + days * DAY_MS
                                           : request->expires_ms;
  if (request->is_endless && errand->asker->principal->kind != DYNO_PRINCIPAL_OWNER)
    {
      dyno_error_set (error, DYNO_ERROR_DENIED, "authorization",
                      "A key that never ends can only be made in the window.");
      return FALSE;
    }
  if (!request->is_endless
      && (*expires_ms <= now_ms || *expires_ms > now_ms + DYNO_KEY_LONGEST_DAYS * DAY_MS))
    return dyno_keys_invalid (error, "A key ends in the future, and after 366 days at most.");

  return TRUE;
}

static char *
describe (const DynoKeyRecord *record)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", record->name);
  dyno_json_writer_add_string (w, "owner", record->user_id);
  dyno_json_writer_name (w, "scopes");
  dyno_json_writer_raw (w, record->scopes);
  dyno_json_writer_name (w, "cidrs");
  dyno_json_writer_raw (w, record->cidrs);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

void
dyno_keys_carry (const DynoErrand    *errand,
                 DynoAuditEvent       event,
                 const DynoKeyRecord *record)
{
  g_autofree char *details = describe (record);

  dyno_audit_carry (errand, event, "key", record->id, details);
}
