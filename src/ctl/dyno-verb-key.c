/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The text of a key goes to standard output once, and nowhere else: no log line, no
 * file. */

#include "config.h"

#include "dyno-verb-people.h"

#include "dyno-clock.h"
#include "dyno-document.h"
#include "dyno-failure.h"
#include "dyno-key-desk.h"
#include "dyno-listing.h"
#include "dyno-moment.h"
#include "dyno-print.h"

#define MOST_KEYS 200

static char  *name;
static char  *owner;
static char  *role;
static char  *scopes;
static char  *expires;
static char  *state;
static char **cidrs;
static int    per_minute;
static int    per_day;
static int    overlap_s;

const GOptionEntry dyno_verb_key_entries[] = {
  { "name", 0, 0, G_OPTION_ARG_STRING, &name, "create: what it is for", "TEXT" },
  { "owner", 0, 0, G_OPTION_ARG_STRING, &owner, "create: for whom it acts; a new label makes a "
    "service user (the key's name). list: of this user, by the id", "ID|EMAIL|LABEL" },
  { "role", 0, 0, G_OPTION_ARG_STRING, &role, "create: all that this role may",
    "viewer|operator|tuner|admin|service" },
  { "scope", 0, 0, G_OPTION_ARG_STRING, &scopes, "create: what it may, a comma between",
    "NAMES" },
  { "expires", 0, 0, G_OPTION_ARG_STRING, &expires, "create: after so many days, or then (90; at "
    "most 366)", "DAYS|DATE" },
  { "per-minute", 0, 0, G_OPTION_ARG_INT, &per_minute, "create: requests a minute (60)", "N" },
  { "per-day", 0, 0, G_OPTION_ARG_INT, &per_day, "create: requests a day (10000)", "N" },
  { "cidr", 0, 0, G_OPTION_ARG_STRING_ARRAY, &cidrs, "create: only from these addresses; may be "
    "given several times", "NETWORK" },
  { "overlap", 0, 0, G_OPTION_ARG_INT, &overlap_s, "rotate: the old one is good for so long yet "
    "(0)", "S" },
  { "state", 0, 0, G_OPTION_ARG_STRING, &state, "list: only these", "active|expired|revoked" },
  { NULL },
};

/* What it may: the role's, and the scopes beside. */
static gboolean
find_scopes (DynoScopes *found,
             GError    **error)
{
  DynoRole its_role;
  DynoScopes more = 0;

  if (role == NULL && scopes == NULL)
    {
      dyno_failure_set_usage (error, "dynoctl key create needs --role or --scope.");
      return FALSE;
    }
  if (role != NULL && !dyno_role_find (role, &its_role))
    {
      dyno_failure_set_usage (error, "--role takes viewer, operator, tuner, admin or service.");
      return FALSE;
    }
  if (scopes != NULL && !dyno_scopes_parse (scopes, &more, error))
    {
      dyno_failure_make_usage (error);
      return FALSE;
    }
  *found = more | (role != NULL ? dyno_role_scopes (its_role) : 0);

  return TRUE;
}

static gboolean
make_request (DynoKeyRequest *request,
              GError        **error)
{
  if (name == NULL || *name == '\0')
    {
      dyno_failure_set_usage (error, "dynoctl key create needs --name.");
      return FALSE;
    }
  *request = (DynoKeyRequest){
    .name = name,
    .cidrs = (const char *const *) cidrs,
    .per_minute = per_minute,
    .per_day = per_day,
    .owner = owner,
    .origin = DYNO_KEY_MADE,
  };

  return find_scopes (&request->scopes, error)
         && dyno_moment_parse_end ("--expires", expires, &request->expires_ms, error);
}

/* Printing */

/* The only time that a key is told. */
static void
print_made (DynoCtl        *ctl,
            const DynoJson *made)
{
  const DynoJson *info = dyno_json_member (made, "key_info");
  g_autofree char *until = dyno_document_time (info, "expires_at");
  DynoJsonWriter *w;

  if (!ctl->is_json)
    {
      dyno_print_line ("%s", dyno_json_get_string (made, "key"));
      dyno_print_note (ctl, "%s, good until %s. Store the key securely: it is not shown again.",
                       dyno_json_get_string (info, "id"), until);
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", dyno_json_get_string (info, "id"));
  dyno_json_writer_add_string (w, "key", dyno_json_get_string (made, "key"));
  dyno_document_add_members (w, info, "id");
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

/* "active", "expired" or "revoked", as it is now. */
static const char *
state_of (const DynoJson *key)
{
  const char *until = dyno_json_get_string (key, "expires_at");
  gint64 us;

  if (dyno_json_get_string (key, "revoked_at") != NULL)
    return "revoked";
  if (until != NULL && dyno_clock_parse_utc (until, &us)
      && us <= dyno_clock_real_us (dyno_clock_get_system ()))
    return "expired";

  return "active";
}

static void
print_list (DynoCtl   *ctl,
            GPtrArray *keys)
{
  static const char *const columns[] = { "key", "name", "begins", "state", "until", "used",
                                         ">requests", "may", NULL };
  g_autoptr(DynoListing) listing = NULL;

  if (ctl->is_json)
    {
      dyno_document_print_list ("keys", keys);
      return;
    }
  if (keys->len == 0)
    {
      dyno_print_line ("There are no such keys.");
      return;
    }

  listing = dyno_listing_new (columns);
  for (guint i = 0; i < keys->len; i++)
    {
      const DynoJson *key = keys->pdata[i];

      dyno_listing_add (listing, dyno_json_get_string (key, "id"));
      dyno_listing_add (listing, dyno_json_get_string (key, "name"));
      dyno_listing_add (listing, dyno_json_get_string (key, "display"));
      dyno_listing_add (listing, state_of (key));
      dyno_listing_take (listing, dyno_document_time (key, "expires_at"));
      dyno_listing_take (listing, dyno_document_time (key, "last_used_at"));
      dyno_listing_add_f (listing, "%" G_GINT64_FORMAT,
                          dyno_json_get_integer (key, "total_requests", 0));
      dyno_listing_take (listing, dyno_document_words (key, "scopes", " "));
    }
  dyno_listing_print (listing);
}

/* How much it was used, and may be. (transfer full) */
static char *
requests_of (const DynoJson *key)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " (at most %" G_GINT64_FORMAT " a minute, %"
                          G_GINT64_FORMAT " a day)",
                          dyno_json_get_integer (key, "total_requests", 0),
                          dyno_json_get_integer (key, "rate_limit_per_minute", 0),
                          dyno_json_get_integer (key, "rate_limit_per_day", 0));
}

static void
print_row (DynoListing *listing,
           const char  *head,
           char        *text)
{
  dyno_listing_add (listing, head);
  dyno_listing_take (listing, text);
}

static void
print_key (DynoCtl        *ctl,
           const DynoJson *key)
{
  static const char *const columns[] = { "", "", NULL };
  g_autoptr(DynoListing) listing = NULL;

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_json_writer_value (w, key);
      dyno_print_json (w);
      return;
    }

  listing = dyno_listing_new (columns);
  print_row (listing, "Key", g_strdup (dyno_json_get_string (key, "id")));
  print_row (listing, "Name", g_strdup (dyno_json_get_string (key, "name")));
  print_row (listing, "State", g_strdup (state_of (key)));
  print_row (listing, "Owner", g_strdup (dyno_json_get_string (key, "user_id")));
  print_row (listing, "May", dyno_document_words (key, "scopes", " "));
  print_row (listing, "From", dyno_document_words (key, "cidrs", " "));
  print_row (listing, "Requests", requests_of (key));
  print_row (listing, "Made", dyno_document_time (key, "created_at"));
  print_row (listing, "Until", dyno_document_time (key, "expires_at"));
  print_row (listing, "Used", dyno_document_time (key, "last_used_at"));
  dyno_listing_print (listing);
}

/* The words after the verb */

static gboolean
create_key (DynoCtl  *ctl,
            GError  **error)
{
  DynoKeyRequest request;
  g_autoptr(DynoJson) made = NULL;

  if (!dyno_ctl_want (ctl, 0, 0, "", error) || !make_request (&request, error))
    return FALSE;
  made = dyno_key_desk_create (ctl, &request, error);
  if (made != NULL)
    print_made (ctl, made);

  return made != NULL;
}

static gboolean
check_state (GError **error)
{
  static const char *const states[] = { "active", "expired", "revoked", NULL };

  if (state == NULL || g_strv_contains (states, state))
    return TRUE;
  dyno_failure_set_usage (error, "--state takes active, expired or revoked.");

  return FALSE;
}

static gboolean
list_keys (DynoCtl  *ctl,
           GError  **error)
{
  g_autoptr(GPtrArray) keys
    = dyno_ctl_want (ctl, 0, 0, "", error) && check_state (error)
        ? dyno_key_desk_list (ctl, state, owner, MOST_KEYS, error) : NULL;

  if (keys != NULL)
    print_list (ctl, keys);

  return keys != NULL;
}

static gboolean
show_key (DynoCtl  *ctl,
          GError  **error)
{
  g_autoptr(DynoJson) key = dyno_ctl_want (ctl, 1, 1, "the id of a key", error)
                              ? dyno_key_desk_get (ctl, ctl->arguments[0], error) : NULL;

  if (key != NULL)
    print_key (ctl, key);

  return key != NULL;
}

static gboolean
rotate_key (DynoCtl  *ctl,
            GError  **error)
{
  g_autoptr(DynoJson) made = NULL;

  if (!dyno_ctl_want (ctl, 1, 1, "the id of a key", error)
      || !dyno_ctl_check_number ("--overlap", overlap_s, 0, DYNO_KEY_LONGEST_OVERLAP_S, error))
    return FALSE;
  made = dyno_key_desk_rotate (ctl, ctl->arguments[0], (guint) overlap_s, error);
  if (made != NULL)
    print_made (ctl, made);

  return made != NULL;
}

static gboolean
revoke_key (DynoCtl  *ctl,
            GError  **error)
{
  g_autoptr(DynoJson) key = dyno_ctl_want (ctl, 1, 1, "the id of a key", error)
                              ? dyno_key_desk_revoke (ctl, ctl->arguments[0], error) : NULL;

  if (key != NULL && ctl->is_json)
    print_key (ctl, key);
  else if (key != NULL)
    dyno_print_note (ctl, "Revoked: %s.", dyno_json_get_string (key, "name"));

  return key != NULL;
}

gboolean
dyno_verb_key (DynoCtl  *ctl,
               int      *status,
               GError  **error)
{
  if (g_str_equal (ctl->sub, "create"))
    return create_key (ctl, error);
  if (g_str_equal (ctl->sub, "list"))
    return list_keys (ctl, error);
  if (g_str_equal (ctl->sub, "show"))
    return show_key (ctl, error);

  return g_str_equal (ctl->sub, "rotate") ? rotate_key (ctl, error) : revoke_key (ctl, error);
}
