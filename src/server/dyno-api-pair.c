/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A tablet brings the code that it read from the screen, and waits until the person at
 * the window has said yes. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-people.h"
#include "dyno-keys.h"
#include "dyno-pairing.h"

#define DATA_GRANT "pairing-grant"

static void
write_scopes (DynoJsonWriter *w,
              DynoScopes      scopes)
{
  g_auto(GStrv) names = dyno_scopes_names (scopes);

  dyno_json_writer_name (w, "scopes");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; names[i] != NULL; i++)
    dyno_json_writer_string (w, names[i]);
  dyno_json_writer_end_array (w);
}

static void
reply_key (DynoRequest *request,
           DynoKeyMade *made)
{
  const DynoPairingGrant *grant = dyno_request_get_data (request, DATA_GRANT);
  g_autofree char *time = made->record->expires_ms != 0
                          ? dyno_clock_format_utc (made->record->expires_ms * 1000) : NULL;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "key", made->text);
  dyno_json_writer_add_string (w, "key_id", made->record->id);
  dyno_json_writer_add_string (w, "role", dyno_role_name (grant->role));
  write_scopes (w, dyno_key_record_scopes (made->record));
  dyno_json_writer_add_string (w, "expires_at", time);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (key_made, DynoKeyMade, dyno_keys_create_finish, reply_key)

/* What the person at the window has granted is made in his name. */
static void
make_key (DynoRequest            *request,
          const DynoPairingGrant *grant)
{
  const DynoKeyRequest terms = { .name = grant->name, .scopes = grant->scopes,
                                 .expires_ms = grant->expires_ms, .owner = grant->user_id,
                                 .origin = DYNO_KEY_PAIRED };
  g_autoptr(DynoPrincipal) owner = dyno_principal_new_owner ();
  g_autofree char *ip = dyno_api_dup_ip (request);
  g_autoptr(DynoAsker) asker
    = dyno_asker_new (owner, ip, dyno_request_get_correlation (request));

  dyno_asker_push (asker);
  DYNO_API_ASK (request, key_made, dyno_keys_create_async, &terms);
  dyno_asker_pop (asker);
}

static void
redeemed (GObject      *unused,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  DynoPairingGrant *grant = dyno_pairing_redeem_finish (result, &error);

  dyno_api_count_attempt ("pair", grant != NULL);
  if (grant == NULL)
    {
      dyno_reply_error (request, error);
      return;
    }

  dyno_request_set_data (request, DATA_GRANT, grant, (GDestroyNotify) dyno_pairing_grant_free);
  make_key (request, grant);
}

static void
pair (DynoRequest *request)
{
  g_autofree char *ip = dyno_api_dup_ip (request);
  DynoAsker *nobody = dyno_api_push_nobody (request);

  DYNO_API_ASK (request, redeemed, dyno_pairing_redeem_async, dyno_request_text (request, "code"),
                dyno_request_text (request, "name"), ip != NULL ? ip : "local");
  dyno_api_pop_nobody (nobody);
}

static const DynoField pair_body[] = {
  { "code", DYNO_SECRET (1, 64), DYNO_REQUIRED, "Code from the screen" },
  { "name", DYNO_NAME, DYNO_REQUIRED, "What the device calls itself" },
  { NULL }
};
static const DynoField paired_fields[] = {
  { "key", DYNO_SECRET (1, 128), 0, "The key of the device; told once" },
  { "key_id", DYNO_ID ("key"), 0, "Its id" },
  { "role", DYNO_WORD (DYNO_ROLE_WORDS), 0, "The role that was chosen" },
  { "scopes", DYNO_LIST (DYNO_ANY_TEXT), 0, "Permissions" },
  { "expires_at", DYNO_TIME, DYNO_NULLABLE, "Ends; null: never" },
  { NULL }
};
static const DynoSchema paired_schema = { "Pairing", "The key of a device", paired_fields };

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/v1/pair", DYNO_OPEN, pair,
              .flags = DYNO_ROUTE_NO_KEY | DYNO_ROUTE_SMALL_BODY | DYNO_ROUTE_SECRET_REPLY,
              .limit = DYNO_CLASS (LOGIN), .deadline_s = 62, .body = pair_body, .status = 201,
              .reply = &paired_schema, .summary = "A key for a device",
              .description = "Answers when the person at the window has said yes or no, within "
                             "60 seconds."),
};

const DynoRouteTable dyno_api_pair = {
  "Pairing", "A device gets a key by a code on the screen.", rows, G_N_ELEMENTS (rows)
};
