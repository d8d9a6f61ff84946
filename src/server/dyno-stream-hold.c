/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-stream-private.h"

/* The credential that opened a stream is asked for again when keys or logins change, and
 * once a second for its time. */

DynoScopes
dyno_stream_scopes (guint topics)
{
  DynoScopes scopes = 0;

  if ((topics & (DYNO_STREAM_LIVE | DYNO_STREAM_CAPTURE | DYNO_STREAM_ALERT)) != 0)
    scopes |= DYNO_SCOPE_BIT (DYNO_SCOPE_LIVE_READ);
  if ((topics & DYNO_STREAM_HEALTH) != 0)
    scopes |= DYNO_SCOPE_BIT (DYNO_SCOPE_HEALTH_READ);

  return scopes;
}

static gboolean
key_holds (DynoShop            *shop,
           const DynoPrincipal *principal,
           DynoScopes           wanted,
           gint64               now_ms)
{
  g_autoptr(DynoKeySet) set = dyno_keys_ref_set (shop);

  return set != NULL && dyno_key_set_has (set, principal->key_id, now_ms)
         && (dyno_key_set_scopes (set, principal->key_id, now_ms) & wanted) == wanted;
}

static gboolean
login_holds (DynoShop            *shop,
             const DynoPrincipal *principal,
             DynoScopes           wanted,
             gint64               now_ms)
{
  g_autoptr(DynoLoginSet) set = dyno_login_ref_set (shop);
  const DynoLoginUser *user
    = set != NULL ? dyno_login_set_get_session (set, principal->sid, now_ms) : NULL;

  return user != NULL && user->is_active && (dyno_role_scopes (user->role) & wanted) == wanted
         && (principal->jti == NULL || !dyno_login_set_is_revoked (set, principal->jti));
}

gboolean
dyno_stream_holds (DynoShop            *shop,
                   const DynoPrincipal *principal,
                   guint                topics)
{
  gint64 now_ms = dyno_clock_real_us (dyno_shop_get_clock (shop)) / 1000;
  DynoScopes wanted = dyno_stream_scopes (topics);

  if (principal->expires_ms != 0 && principal->expires_ms <= now_ms)
    return FALSE;
  if (principal->kind == DYNO_PRINCIPAL_KEY)
    return key_holds (shop, principal, wanted, now_ms);

  return principal->sid == NULL || login_holds (shop, principal, wanted, now_ms);
}

gboolean
dyno_stream_may_see (const DynoPrincipal   *principal,
                     const DynoStreamEvent *event)
{
  return event->owner == NULL || g_str_equal (event->owner, principal->user_id)
         || dyno_principal_may (principal, DYNO_SCOPE_AUDIT_READ);
}
