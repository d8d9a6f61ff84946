/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-key-desk.h"

#include "dyno-clock.h"
#include "dyno-document.h"
#include "dyno-remote.h"
#include "dyno-shape-key.h"

static void
shape_key (DynoJsonWriter *w,
           gconstpointer   record)
{
  dyno_shape_key (w, record);
}

/* Frees what was made; its text lives on in the document alone. */
static DynoJson *
document_of_made (DynoKeyMade *made)
{
  DynoJsonWriter *w;

  if (made == NULL)
    return NULL;
  w = dyno_json_writer_new (FALSE);
  dyno_shape_key_made (w, made);
  dyno_key_made_free (made);

  return dyno_document_finish (w);
}

/* Create */

static void
add_words (DynoJsonWriter    *w,
           const char        *name,
           const char *const *words)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (; words != NULL && *words != NULL; words++)
    dyno_json_writer_string (w, *words);
  dyno_json_writer_end_array (w);
}

static DynoJsonWriter *
write_request (const DynoKeyRequest *request)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_auto(GStrv) scopes = dyno_scopes_names (request->scopes);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", request->name);
  add_words (w, "scopes", (const char *const *) scopes);
  add_words (w, "cidrs", request->cidrs);
  if (request->owner != NULL)
    dyno_json_writer_add_string (w, "user_id", request->owner);
  if (request->expires_ms != 0)
    {
      g_autofree char *at = dyno_clock_format_utc (request->expires_ms * 1000);

      dyno_json_writer_add_string (w, "expires_at", at);
    }
  if (request->per_minute != 0)
    dyno_json_writer_add_integer (w, "rate_limit_per_minute", request->per_minute);
  if (request->per_day != 0)
    dyno_json_writer_add_integer (w, "rate_limit_per_day", request->per_day);
  dyno_json_writer_end_object (w);

  return w;
}

DynoJson *
dyno_key_desk_create (DynoCtl               *ctl,
                      const DynoKeyRequest  *request,
                      GError               **error)
{
  DynoShop *shop;

  if (dyno_remote_is_on (ctl))
    return dyno_remote_tell (ctl, "POST", "/keys", NULL, write_request (request), error);
  shop = dyno_ctl_open_vault (ctl, error);
  if (shop == NULL)
    return NULL;
  dyno_keys_create_async (shop, request, ctl->cancellable, dyno_await_cb, ctl->await);

  return document_of_made (dyno_keys_create_finish (dyno_await_wait (ctl->await), error));
}

/* Look */

static GPtrArray *
list_there (DynoCtl     *ctl,
            const char  *state,
            const char  *owner,
            guint        limit,
            GError     **error)
{
  g_autoptr(GString) path = g_string_new ("/keys");

  dyno_remote_add (path, "state", state);
  dyno_remote_add (path, "user_id", owner);

  return dyno_remote_list (ctl, path->str, limit, error);
}

GPtrArray *
dyno_key_desk_list (DynoCtl     *ctl,
                    const char  *state,
                    const char  *owner,
                    guint        limit,
                    GError     **error)
{
  g_autoptr(GPtrArray) records = NULL;
  DynoKeyQuery *query;
  DynoShop *shop;

  if (dyno_remote_is_on (ctl))
    return list_there (ctl, state, owner, limit, error);
  shop = dyno_ctl_open_vault (ctl, error);
  if (shop == NULL)
    return NULL;

  query = g_new0 (DynoKeyQuery, 1);
  query->state = g_strdup (state);
  query->user_id = g_strdup (owner);
  query->limit = limit;
  dyno_keys_list_async (shop, query, ctl->cancellable, dyno_await_cb, ctl->await);
  records = dyno_keys_list_finish (dyno_await_wait (ctl->await), error);

  return records != NULL ? dyno_document_all (records, shape_key) : NULL;
}

DynoJson *
dyno_key_desk_get (DynoCtl     *ctl,
                   const char  *key_id,
                   GError     **error)
{
  g_autofree char *path = dyno_remote_path ("/keys", key_id, NULL);
  g_autoptr(DynoKeyRecord) record = NULL;
  DynoShop *shop;

  if (dyno_remote_is_on (ctl))
    return dyno_remote_get (ctl, path, error);
  shop = dyno_ctl_open_vault (ctl, error);
  if (shop == NULL)
    return NULL;
  dyno_keys_get_async (shop, key_id, ctl->cancellable, dyno_await_cb, ctl->await);
  record = dyno_keys_get_finish (dyno_await_wait (ctl->await), error);

  return record != NULL ? dyno_document_of (record, shape_key) : NULL;
}

/* Rotate and revoke */

static DynoJson *
rotate_there (DynoCtl     *ctl,
              const char  *key_id,
              guint        overlap_s,
              GError     **error)
{
  g_autofree char *path = dyno_remote_path ("/keys", key_id, "/rotate");
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "overlap_seconds", overlap_s);
  dyno_json_writer_end_object (w);

  return dyno_remote_tell (ctl, "POST", path, NULL, w, error);
}

DynoJson *
dyno_key_desk_rotate (DynoCtl     *ctl,
                      const char  *key_id,
                      guint        overlap_s,
                      GError     **error)
{
  DynoShop *shop;

  if (dyno_remote_is_on (ctl))
    return rotate_there (ctl, key_id, overlap_s, error);
  shop = dyno_ctl_open_vault (ctl, error);
  if (shop == NULL)
    return NULL;
  dyno_keys_rotate_async (shop, key_id, overlap_s, ctl->cancellable, dyno_await_cb, ctl->await);

  return document_of_made (dyno_keys_rotate_finish (dyno_await_wait (ctl->await), error));
}

static gboolean
revoke_there (DynoCtl     *ctl,
              const char  *key_id,
              GError     **error)
{
  g_autofree char *path = dyno_remote_path ("/keys", key_id, NULL);
  g_autoptr(DynoJson) seen = dyno_remote_get (ctl, path, error);
  g_autoptr(DynoJson) gone
    = seen != NULL ? dyno_remote_tell (ctl, "DELETE", path, seen, NULL, error) : NULL;

  return gone != NULL;
}

static gboolean
revoke_here (DynoCtl     *ctl,
             const char  *key_id,
             GError     **error)
{
  DynoShop *shop = dyno_ctl_open_vault (ctl, error);

  if (shop == NULL)
    return FALSE;
  dyno_keys_revoke_async (shop, key_id, ctl->cancellable, dyno_await_cb, ctl->await);

  return dyno_keys_revoke_finish (dyno_await_wait (ctl->await), error);
}

DynoJson *
dyno_key_desk_revoke (DynoCtl     *ctl,
                      const char  *key_id,
                      GError     **error)
{
  gboolean is_revoked = dyno_remote_is_on (ctl) ? revoke_there (ctl, key_id, error)
                                                : revoke_here (ctl, key_id, error);

  return is_revoked ? dyno_key_desk_get (ctl, key_id, error) : NULL;
}
