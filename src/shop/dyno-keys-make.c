/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Making and rotating keys; part of dyno-keys.h. */

#include "config.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-key-terms.h"
#include "dyno-keys-private.h"
#include "dyno-shop-private.h"

#define DAY_MS (24 * G_GINT64_CONSTANT (3600000))

void
dyno_key_made_free (DynoKeyMade *self)
{
  if (self == NULL)
    return;

  if (self->text != NULL)
    dyno_crypt_wipe (self->text, strlen (self->text));
  g_free (self->text);
  dyno_key_record_free (self->record);
  g_free (self);
}

static gboolean
is_local (const DynoPrincipal *principal)
{
  return principal->kind == DYNO_PRINCIPAL_OWNER || principal->kind == DYNO_PRINCIPAL_DEVELOPER;
}

/* Whose it is to be: an id, an address or a label. NULL: DENIED. */
static const char *
choose_owner (const DynoErrand  *errand,
              const DynoKeyWish        *wish,
              GError           **error)
{
  const DynoPrincipal *principal = errand->asker->principal;

  if (wish->owner == NULL)
    return is_local (principal) ? wish->name : principal->user_id;
  if (dyno_keys_may_manage (errand) || g_str_equal (wish->owner, principal->user_id)
      || g_strcmp0 (wish->owner, principal->email) == 0)
    return wish->owner;
  dyno_keys_insist (DYNO_SCOPE_BIT (DYNO_SCOPE_KEYS_MANAGE), 0, error);

  return NULL;
}

static char *
find_owner (const DynoErrand  *errand,
            const char        *who,
            GError           **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_find_key_owner_async (store, who, NULL, dyno_await_cb, errand->await);

  return dyno_store_find_key_owner_finish (store, dyno_await_wait (errand->await), error);
}

/* The text of a new key; its sum and display go into the record. */
static char *
make_text (DynoKeyRecord *record)
{
  char *text = dyno_crypt_new_token (DYNO_KEY_PREFIX);
  const char *body = text + strlen (DYNO_KEY_PREFIX);

  dyno_key_sum (text, record->sha256);
  record->display = g_strdup_printf ("%.4s…%s", body, body + strlen (body) - 4);
  record->id = dyno_crypt_new_id ("key");

  return text;
}

/* Answers what was made, or NULL where the store has failed. Takes `text` over. */
static DynoKeyMade *
made (const DynoErrand *errand,
      char             *text,
      DynoKeyRecord    *record,
      const char       *what,
      GError          **error)
{
  DynoKeyMade *self = g_new0 (DynoKeyMade, 1);

  self->text = text;
  self->record = record;
  if (record != NULL && dyno_keys_reload (errand, record->id, what, error))
    return self;
  dyno_key_made_free (self);

  return NULL;
}

/* Create */

static DynoKeyRecord *
make_record (const DynoErrand  *errand,
             const DynoKeyWish        *wish,
             GError           **error)
{
  g_autoptr(DynoKeyRecord) record = g_new0 (DynoKeyRecord, 1);
  const DynoKeyRequest *request = &wish->request;

  record->per_minute = request->per_minute != 0 ? request->per_minute : DYNO_KEY_USUAL_PER_MINUTE;
  record->per_day = request->per_day != 0 ? request->per_day : DYNO_KEY_USUAL_PER_DAY;
  if (!dyno_keys_check_name (wish->name, error)
      || !dyno_keys_check_numbers (record->per_minute, record->per_day, error)
      || !dyno_keys_find_expiry (errand, request, &record->expires_ms, error)
      || !dyno_keys_insist (request->scopes, errand->asker->principal->scopes, error))
    return NULL;
  record->cidrs = dyno_key_terms_put_cidrs ((const char *const *) wish->cidrs, error);
  if (record->cidrs == NULL)
    return NULL;
  record->name = g_strdup (wish->name);
  record->scopes = dyno_key_terms_put_scopes (request->scopes);
  record->origin = request->origin;
  record->created_by = g_strdup (errand->asker->principal->user_id);

  return g_steal_pointer (&record);
}

static DynoKeyRecord *
add (const DynoErrand  *errand,
     DynoKeyRecord     *record,
     GError           **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_add_key_async (store, record, NULL, dyno_await_cb, errand->await);

  return dyno_store_add_key_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
create (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  const DynoKeyWish *wish = data;
  const char *who;
  g_autoptr(DynoKeyRecord) record = NULL;
  char *text;

  if (!dyno_keys_may_manage (errand)
      && !dyno_keys_insist (DYNO_SCOPE_BIT (DYNO_SCOPE_KEYS_SELF),
                            errand->asker->principal->scopes, error))
    return NULL;
  record = make_record (errand, wish, error);
  who = record != NULL ? choose_owner (errand, wish, error) : NULL;
  if (who == NULL)
    return NULL;
  record->user_id = find_owner (errand, who, error);
  if (record->user_id == NULL)
    return NULL;

  text = make_text (record);
  dyno_keys_carry (errand, DYNO_AUDIT_KEY_CREATED, record);

  return made (errand, text, add (errand, g_steal_pointer (&record), error), "created", error);
}

static const DynoOperation create_operation = { "key-create", create,
                                                (GDestroyNotify) dyno_key_made_free, TRUE, TRUE };

void
dyno_keys_create_async (DynoShop             *shop,
                        const DynoKeyRequest *request,
                        GCancellable         *cancellable,
                        GAsyncReadyCallback   callback,
                        gpointer              user_data)
{
  dyno_operation_start (shop, &create_operation, dyno_key_wish_new (NULL, request), dyno_key_wish_free, cancellable,
                        callback, user_data);
}

DynoKeyMade *
dyno_keys_create_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &create_operation, error);
}

/* Rotate */

/* The same terms for as long as the old one had. */
static DynoKeyRecord *
make_successor (const DynoErrand    *errand,
                const DynoKeyRecord *before)
{
  DynoKeyRecord *next = g_new0 (DynoKeyRecord, 1);
  gint64 now_ms = dyno_clock_real_us (errand->shop->clock) / 1000;

  next->name = g_strdup (before->name);
  next->user_id = g_strdup (before->user_id);
  next->origin = before->origin;
  next->scopes = g_strdup (before->scopes);
  next->cidrs = g_strdup (before->cidrs);
  next->per_minute = before->per_minute;
  next->per_day = before->per_day;
  next->created_by = g_strdup (errand->asker->principal->user_id);
  if (before->expires_ms != 0)
    next->expires_ms = now_ms + MAX (before->expires_ms - before->created_ms, DAY_MS);

  return next;
}

static gpointer
rotate (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  const DynoKeyWish *wish = data;
  DynoStore *store = errand->shop->store;
  gint64 now_ms = dyno_clock_real_us (errand->shop->clock) / 1000;
  g_autoptr(DynoKeyRecord) before = dyno_keys_find_own (errand, wish->key_id, error);
  DynoKeyRecord *next;
  char *text;

  if (before == NULL)
    return NULL;
  if (wish->overlap_s > DYNO_KEY_LONGEST_OVERLAP_S)
    {
      dyno_keys_invalid (error, "The old key may be used for a day yet at most.");
      return NULL;
    }
  if (before->origin == DYNO_KEY_ENVIRONMENT || before->origin == DYNO_KEY_FILE)
    {
      dyno_keys_invalid (error, "This key stands in API_KEYS or its file: write another one there.");
      return NULL;
    }
  next = make_successor (errand, before);
  text = make_text (next);
  dyno_keys_carry (errand, DYNO_AUDIT_KEY_ROTATED, next);
  dyno_store_rotate_key_async (store, before->id, next,
                               wish->overlap_s > 0 ? now_ms + 1000 * (gint64) wish->overlap_s : 0,
                               NULL, dyno_await_cb, errand->await);

  return made (errand, text,
               dyno_store_rotate_key_finish (store, dyno_await_wait (errand->await), error),
               "rotated", error);
}

static const DynoOperation rotate_operation = { "key-rotate", rotate,
                                                (GDestroyNotify) dyno_key_made_free, TRUE, TRUE };

void
dyno_keys_rotate_async (DynoShop            *shop,
                        const char          *key_id,
                        guint                overlap_s,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  DynoKeyWish *wish = dyno_key_wish_new (key_id, NULL);

  wish->overlap_s = overlap_s;
  dyno_operation_start (shop, &rotate_operation, wish, dyno_key_wish_free, cancellable, callback,
                        user_data);
}

DynoKeyMade *
dyno_keys_rotate_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &rotate_operation, error);
}
