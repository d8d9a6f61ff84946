/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-user.h"

#include "dyno-shape-private.h"

static void
add_user (DynoJsonWriter *w,
          const DynoUser *user)
{
  dyno_json_writer_add_string (w, "id", user->id);
  dyno_shape_add_text (w, "email", user->email);
  dyno_json_writer_add_string (w, "display_name", user->display_name);
  dyno_json_writer_add_string (w, "role", user->role);
  dyno_json_writer_add_string (w, "status", dyno_user_status_name (user->status));
  dyno_json_writer_add_integer (w, "max_requests_per_day", user->per_day);
  dyno_shape_add_time_ms (w, "created_at", user->created_ms);
  dyno_shape_add_time_ms (w, "last_login_at", user->last_login_ms);
  dyno_json_writer_add_integer (w, "version", user->revision);
}

void
dyno_shape_user (DynoJsonWriter *w,
                 const DynoUser *user)
{
  dyno_json_writer_begin_object (w);
  add_user (w, user);
  dyno_json_writer_end_object (w);
}

static void
add_permissions (DynoJsonWriter *w,
                 DynoScopes      scopes)
{
  g_auto(GStrv) names = dyno_scopes_names (scopes);

  dyno_json_writer_name (w, "permissions");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; names[i] != NULL; i++)
    dyno_json_writer_string (w, names[i]);
  dyno_json_writer_end_array (w);
}

static void
add_auth (DynoJsonWriter      *w,
          const DynoPrincipal *principal)
{
  dyno_json_writer_name (w, "auth");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "kind", dyno_principal_kind_name (principal->kind));
  dyno_shape_add_time_ms (w, "expires_at", principal->expires_ms);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_me (DynoJsonWriter      *w,
               const DynoUser      *user,
               const DynoPrincipal *principal)
{
  dyno_json_writer_begin_object (w);
  add_user (w, user);
  dyno_shape_add_text (w, "locale", user->locale);
  dyno_shape_add_text (w, "timezone", user->timezone);
  dyno_shape_add_text (w, "units", user->units);
  add_permissions (w, principal->scopes);
  add_auth (w, principal);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_login (DynoJsonWriter         *w,
                  const DynoLoginSession *session,
                  const char             *sid)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", session->id);
  dyno_shape_add_text (w, "client_label", session->client_label);
  dyno_shape_add_text (w, "ip", session->ip);
  dyno_shape_add_text (w, "user_agent", session->user_agent);
  dyno_shape_add_time_ms (w, "created_at", session->created_ms);
  dyno_shape_add_time_ms (w, "last_seen_at", session->last_seen_ms);
  dyno_shape_add_time_ms (w, "expires_at", session->expires_ms);
  dyno_json_writer_add_boolean (w, "current", g_strcmp0 (session->id, sid) == 0);
  dyno_json_writer_end_object (w);
}
