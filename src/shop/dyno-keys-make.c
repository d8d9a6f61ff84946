/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Making, changing and rotating keys; part of dyno-keys.h. */

#include "config.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-key-terms.h"
#include "dyno-keys-private.h"
#include "dyno-shop-private.h"

#define LONGEST_NAME 100
#define DAY_MS (24 * G_GINT64_CONSTANT (3600000))

/* What is asked for, copied. */
typedef struct
{
  DynoKeyRequest request;
  char          *name;      /* (owned) (nullable) */
  char         **cidrs;     /* (owned) (nullable) */
  char          *owner;     /* (owned) (nullable) */
  char          *key_id;    /* (owned) (nullable) */
  guint          members;
  int            revision;
  guint          overlap_s;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_free (wish->name);
  g_strfreev (wish->cidrs);
  g_free (wish->owner);
  g_free (wish->key_id);
  g_free (wish);
}

static Wish *
wish_new (const char           *key_id,
          const DynoKeyRequest *request)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->key_id = g_strdup (key_id);
  if (request == NULL)
    return wish;
  wish->request = *request;
  wish->name = g_strdup (request->name);
  wish->cidrs = g_strdupv ((char **) request->cidrs);
  wish->owner = g_strdup (request->owner);

  return wish;
}

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

/* Rules */

static gboolean
invalid (GError     **error,
         const char  *sentence)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, "validation", "%s", sentence);

  return FALSE;
}

static gboolean
check_name (const char  *name,
            GError     **error)
{
  if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL)
      || g_utf8_strlen (name, -1) > LONGEST_NAME)
    return invalid (error, "A key needs a name of 1 to 100 characters.");

  return TRUE;
}

static gboolean
check_numbers (int      per_minute,
               int      per_day,
               GError **error)
{
  if (per_minute < 1 || per_minute > 6000)
    return invalid (error, "A key may make 1 to 6000 requests a minute.");
  if (per_day < 1 || per_day > 1000000)
    return invalid (error, "A key may make 1 to 1000000 requests a day.");

  return TRUE;
}

static gboolean
find_expiry (const DynoErrand      *errand,
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
    return invalid (error, "A key ends in the future, and after 366 days at most.");

  return TRUE;
}

static gboolean
is_local (const DynoPrincipal *principal)
{
  return principal->kind == DYNO_PRINCIPAL_OWNER || principal->kind == DYNO_PRINCIPAL_DEVELOPER;
}

/* Whose it is to be: an id, an address or a label. NULL: DENIED. */
static const char *
choose_owner (const DynoErrand  *errand,
              const Wish        *wish,
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

/* Texts */

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

static void
carry (const DynoErrand    *errand,
       DynoAuditEvent       event,
       const DynoKeyRecord *record)
{
  g_autofree char *details = describe (record);

  dyno_audit_carry (errand, event, "key", record->id, details);
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
             const Wish        *wish,
             GError           **error)
{
  g_autoptr(DynoKeyRecord) record = g_new0 (DynoKeyRecord, 1);
  const DynoKeyRequest *request = &wish->request;

  record->per_minute = request->per_minute != 0 ? request->per_minute : DYNO_KEY_USUAL_PER_MINUTE;
  record->per_day = request->per_day != 0 ? request->per_day : DYNO_KEY_USUAL_PER_DAY;
  if (!check_name (wish->name, error)
      || !check_numbers (record->per_minute, record->per_day, error)
      || !find_expiry (errand, request, &record->expires_ms, error)
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
  const Wish *wish = data;
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
  carry (errand, DYNO_AUDIT_KEY_CREATED, record);

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
  dyno_operation_start (shop, &create_operation, wish_new (NULL, request), wish_free, cancellable,
                        callback, user_data);
}

DynoKeyMade *
dyno_keys_create_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &create_operation, error);
}

/* Change */

static gboolean
change_scopes (const DynoErrand  *errand,
               DynoScopes         wanted,
               DynoKeyRecord     *record,
               GError           **error)
{
  DynoScopes held = dyno_key_record_scopes (record) | errand->asker->principal->scopes;

  if (!dyno_keys_insist (wanted, held, error))
    return FALSE;
  g_free (record->scopes);
  record->scopes = dyno_key_terms_put_scopes (wanted);

  return TRUE;
}

static gboolean
change_cidrs (const char *const  *cidrs,
              DynoKeyRecord      *record,
              GError            **error)
{
  char *text = dyno_key_terms_put_cidrs (cidrs, error);

  if (text == NULL)
    return FALSE;
  g_free (record->cidrs);
  record->cidrs = text;

  return TRUE;
}

static gboolean
change_name (const char     *name,
             DynoKeyRecord  *record,
             GError        **error)
{
  if (!check_name (name, error))
    return FALSE;
  g_free (record->name);
  record->name = g_strdup (name);

  return TRUE;
}

static gboolean
apply (const DynoErrand  *errand,
       const Wish        *wish,
       DynoKeyRecord     *record,
       GError           **error)
{
  const DynoKeyRequest *to = &wish->request;

  if ((wish->members & DYNO_KEY_SET_PER_MINUTE) != 0)
    record->per_minute = to->per_minute;
  if ((wish->members & DYNO_KEY_SET_PER_DAY) != 0)
    record->per_day = to->per_day;

  return ((wish->members & DYNO_KEY_SET_NAME) == 0 || change_name (wish->name, record, error))
         && ((wish->members & DYNO_KEY_SET_SCOPES) == 0
             || change_scopes (errand, to->scopes, record, error))
         && ((wish->members & DYNO_KEY_SET_CIDRS) == 0
             || change_cidrs ((const char *const *) wish->cidrs, record, error))
         && ((wish->members & DYNO_KEY_SET_EXPIRES) == 0
             || find_expiry (errand, to, &record->expires_ms, error))
         && check_numbers (record->per_minute, record->per_day, error);
}

static gpointer
change (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  const Wish *wish = data;
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoKeyRecord) record = dyno_keys_find_own (errand, wish->key_id, error);
  g_autoptr(DynoKeyRecord) changed = NULL;

  if (record == NULL || !apply (errand, wish, record, error))
    return NULL;
  record->revision = wish->revision;
  carry (errand, DYNO_AUDIT_KEY_CHANGED, record);
  dyno_store_edit_key_async (store, g_steal_pointer (&record), NULL, dyno_await_cb,
                             errand->await);
  changed = dyno_store_edit_key_finish (store, dyno_await_wait (errand->await), error);
  if (changed == NULL || !dyno_keys_reload (errand, changed->id, "changed", error))
    return NULL;

  return g_steal_pointer (&changed);
}

static const DynoOperation change_operation = { "key-change", change,
                                                (GDestroyNotify) dyno_key_record_free, TRUE,
                                                TRUE };

void
dyno_keys_change_async (DynoShop            *shop,
                        const char          *key_id,
                        const DynoKeyChange *to,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Wish *wish = wish_new (key_id, &to->to);

  wish->members = to->members;
  wish->revision = to->revision;
  dyno_operation_start (shop, &change_operation, wish, wish_free, cancellable, callback,
                        user_data);
}

DynoKeyRecord *
dyno_keys_change_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &change_operation, error);
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
  const Wish *wish = data;
  DynoStore *store = errand->shop->store;
  gint64 now_ms = dyno_clock_real_us (errand->shop->clock) / 1000;
  g_autoptr(DynoKeyRecord) before = dyno_keys_find_own (errand, wish->key_id, error);
  DynoKeyRecord *next;
  char *text;

  if (before == NULL)
    return NULL;
  if (wish->overlap_s > DYNO_KEY_LONGEST_OVERLAP_S)
    {
      invalid (error, "The old key may be used for a day yet at most.");
      return NULL;
    }
  if (before->origin == DYNO_KEY_ENVIRONMENT || before->origin == DYNO_KEY_FILE)
    {
      invalid (error, "This key stands in API_KEYS or its file: write another one there.");
      return NULL;
    }
  next = make_successor (errand, before);
  text = make_text (next);
  carry (errand, DYNO_AUDIT_KEY_ROTATED, next);
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
  Wish *wish = wish_new (key_id, NULL);

  wish->overlap_s = overlap_s;
  dyno_operation_start (shop, &rotate_operation, wish, wish_free, cancellable, callback,
                        user_data);
}

DynoKeyMade *
dyno_keys_rotate_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &rotate_operation, error);
}
