/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-test-ctl.h"
#include "dyno-test-keyring.h"

/* dynoctl key, user and audit, on a data folder that nobody else holds. */

#define PASSWORD "seven wet cats at the gate"

static DynoTestCtl *
new_shop (void)
{
  DynoTestCtl *ctl = dyno_test_ctl_new ();

  dyno_test_ctl_add_master_key (ctl);

  return ctl;
}

/* A key with that much, of that name. (transfer full) */
static DynoJson *
make_key (DynoTestCtl *ctl,
          const char  *name)
{
  g_autoptr(DynoTestEnd) end
    = dyno_test_ctl_run (ctl, "--json", "key", "create", "--name", name, "--scope",
                         "runs:read,metrics:read", "--cidr", "10.0.0.0/8", "--cidr", "::1/128",
                         "--per-minute", "7", "--per-day", "70", "--expires", "2", NULL);

  dyno_test_end_assert (end, 0);
  g_assert_cmpstr (end->err, ==, "");

  return dyno_test_end_json (end);
}

static void
assert_key_text (const char *text)
{
  g_assert_true (g_regex_match_simple ("^dynoai_[0-9A-Za-z]{49}$", text, 0, 0));
}

/* Nothing below the folder of the shop has that text in it. */
static void
assert_nowhere (const char *folder,
                const char *text)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize size;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        assert_nowhere (path, text);
      else if (g_file_get_contents (path, &bytes, &size, NULL))
        g_assert_null (memmem (bytes, size, text, strlen (text)));
    }
}

static void
test_key_create (void)
{
  g_autoptr(DynoTestCtl) ctl = new_shop ();
  g_autoptr(DynoJson) made = make_key (ctl, "Grafana");
  g_autoptr(DynoTestEnd) shown = NULL;
  g_autoptr(DynoJson) key = NULL;
  const char *text = dyno_json_get_string (made, "key");

  assert_key_text (text);
  g_assert_cmpuint (dyno_json_n_elements (dyno_test_member (made, "scopes", DYNO_JSON_ARRAY)), ==, 2);
  g_assert_cmpuint (dyno_json_n_elements (dyno_test_member (made, "cidrs", DYNO_JSON_ARRAY)), ==, 2);
  dyno_test_member (made, "expires_at", DYNO_JSON_STRING);
  g_assert_cmpint (dyno_json_get_integer (made, "rate_limit_per_minute", 0), ==, 7);
  g_assert_cmpint (dyno_json_get_integer (made, "rate_limit_per_day", 0), ==, 70);

  shown = dyno_test_ctl_run (ctl, "--json", "key", "show", dyno_json_get_string (made, "id"), NULL);
  dyno_test_end_assert (shown, 0);
  key = dyno_test_end_json (shown);
  g_assert_null (dyno_json_member (key, "key"));
  g_assert_cmpstr (dyno_json_get_string (key, "name"), ==, "Grafana");
  assert_nowhere (ctl->folder, text);
}

/* For people: the key alone on standard output, so that it can go into a pipe; with -v
 * the log does not tell it either. */
static void
test_key_text (void)
{
  g_autoptr(DynoTestCtl) ctl = new_shop ();
  g_autoptr(DynoTestEnd) end
    = dyno_test_ctl_run (ctl, "-v", "key", "create", "--name", "Tablet", "--role", "viewer", NULL);
  g_autoptr(DynoTestEnd) list = dyno_test_ctl_run (ctl, "key", "list", NULL);

  dyno_test_end_assert (end, 0);
  g_assert_true (g_str_has_suffix (end->out, "\n"));
  g_strchomp (end->out);
  assert_key_text (end->out);
  g_assert_null (strstr (end->err, end->out));
  dyno_test_end_assert (list, 0);
  g_assert_nonnull (strstr (list->out, "Tablet"));
  g_assert_nonnull (strstr (list->out, "runs:read"));
  g_assert_null (strstr (list->out, end->out));
}

static guint
count_keys (DynoTestCtl *ctl,
            const char  *state)
{
  g_autoptr(DynoTestEnd) end
    = dyno_test_ctl_run (ctl, "--json", "key", "list", "--state", state, NULL);
  g_autoptr(DynoJson) list = NULL;

  dyno_test_end_assert (end, 0);
  list = dyno_test_end_json (end);

  return dyno_json_n_elements (dyno_test_member (list, "keys", DYNO_JSON_ARRAY));
}

static void
test_key_life (void)
{
  g_autoptr(DynoTestCtl) ctl = new_shop ();
  g_autoptr(DynoJson) made = make_key (ctl, "Old");
  const char *id = dyno_json_get_string (made, "id");
  g_autoptr(DynoTestEnd) rotated
    = dyno_test_ctl_run (ctl, "--json", "key", "rotate", id, "--overlap", "0", NULL);
  g_autoptr(DynoTestEnd) revoked = NULL;
  g_autoptr(DynoTestEnd) again = NULL;
  g_autoptr(DynoJson) next = NULL;

  dyno_test_end_assert (rotated, 0);
  next = dyno_test_end_json (rotated);
  assert_key_text (dyno_json_get_string (next, "key"));
  g_assert_cmpstr (dyno_json_get_string (next, "key"), !=, dyno_json_get_string (made, "key"));
  g_assert_cmpstr (dyno_json_get_string (next, "id"), !=, id);
  g_assert_cmpuint (count_keys (ctl, "active"), ==, 1);

  revoked = dyno_test_ctl_run (ctl, "--json", "key", "revoke", dyno_json_get_string (next, "id"),
                               NULL);
  dyno_test_end_assert (revoked, 0);
  g_assert_cmpuint (count_keys (ctl, "active"), ==, 0);
  again = dyno_test_ctl_run (ctl, "key", "rotate", dyno_json_get_string (next, "id"), NULL);
  dyno_test_end_assert (again, 4);
}

/* Whose it is: an account by its address, else a service user of that label. */
static void
test_key_owner (void)
{
  g_autoptr(DynoTestCtl) ctl = new_shop ();
  g_autoptr(DynoTestEnd) user
    = dyno_test_ctl_feed (ctl, PASSWORD "\n", "--json", "user", "create", "--role", "tuner",
                          "--email", "ana@shop.example", "--password-stdin", NULL);
  g_autoptr(DynoTestEnd) hers
    = dyno_test_ctl_run (ctl, "--json", "key", "create", "--name", "a", "--role", "tuner",
                         "--owner", "ana@shop.example", NULL);
  g_autoptr(DynoTestEnd) label
    = dyno_test_ctl_run (ctl, "--json", "key", "create", "--name", "b", "--role", "viewer",
                         "--owner", "Bay 2", NULL);
  g_autoptr(DynoTestEnd) people = NULL;
  g_autoptr(DynoJson) ana = NULL;
  g_autoptr(DynoJson) key = NULL;

  dyno_test_end_assert (user, 0);
  dyno_test_end_assert (hers, 0);
  dyno_test_end_assert (label, 0);
  ana = dyno_test_end_json (user);
  key = dyno_test_end_json (hers);
  g_assert_cmpstr (dyno_json_get_string (key, "user_id"), ==, dyno_json_get_string (ana, "id"));
  people = dyno_test_ctl_run (ctl, "user", "list", NULL);
  g_assert_nonnull (strstr (people->out, "Bay 2"));
  g_assert_nonnull (strstr (people->out, "service"));
}

/* Wrong words: 2 for the command line, 3 for what the shop refuses, 4 for what is not
 * there. */
static void
test_key_refused (void)
{
  static const struct
  {
    const char *words[9];
    int         status;
  } rows[] = {
    { { "key", "create", "--role", "viewer", NULL }, 2 },
    { { "key", "create", "--name", "a", NULL }, 2 },
    { { "key", "create", "--name", "a", "--role", "king", NULL }, 2 },
    { { "key", "create", "--name", "a", "--scope", "runs:eat", NULL }, 2 },
    { { "key", "create", "--name", "a", "--role", "viewer", "--expires", "soon", NULL }, 2 },
    { { "key", "create", "--name", "a", "--role", "viewer", "--expires", "367", NULL }, 3 },
    { { "key", "create", "--name", "a", "--role", "viewer", "--cidr", "10.0.0.0/99", NULL }, 3 },
    { { "key", "create", "--name", "a", "--role", "viewer", "--per-minute", "9999", NULL }, 3 },
    { { "key", "list", "--state", "lost", NULL }, 2 },
    { { "key", "rotate", "key_00000000000000000000", "--overlap", "90000", NULL }, 2 },
    { { "key", "show", "key_00000000000000000000", NULL }, 4 },
    { { "key", "revoke", "nonsense", NULL }, 4 },
    { { "key", "show", NULL }, 2 },
    { { "key", "melt", NULL }, 2 },
  };
  g_autoptr(DynoTestCtl) ctl = new_shop ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(DynoTestEnd) end = dyno_test_ctl_run_v (ctl, rows[i].words);

      dyno_test_end_assert (end, rows[i].status);
      g_assert_cmpstr (end->out, ==, "");
      g_assert_true (g_str_has_prefix (end->err, "dynoctl: "));
    }
  g_assert_cmpuint (count_keys (ctl, "active"), ==, 0);
}

/* Without a master key nothing of it goes: the advice is told. */
static void
test_no_master_key (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) key
    = dyno_test_ctl_run (ctl, "key", "create", "--name", "a", "--role", "viewer", NULL);
  g_autoptr(DynoTestEnd) user = dyno_test_ctl_run (ctl, "--json", "user", "list", NULL);
  g_autoptr(DynoTestEnd) verify = dyno_test_ctl_run (ctl, "audit", "verify", NULL);
  g_autoptr(DynoTestEnd) list = dyno_test_ctl_run (ctl, "audit", "list", NULL);

  dyno_test_end_assert (key, 6);
  g_assert_nonnull (strstr (key->err, "DYNOAI_MASTER_KEY_FILE"));
  dyno_test_end_assert (user, 6);
  dyno_test_end_assert_body (user, "keyring_no_service");
  dyno_test_end_assert (verify, 6);
  dyno_test_end_assert (list, 0);
}

static DynoJson *
user_of (DynoTestEnd *end)
{
  dyno_test_end_assert (end, 0);

  return dyno_test_end_json (end);
}

static void
test_first_admin (void)
{
  g_autoptr(DynoTestCtl) ctl = new_shop ();
  g_autoptr(DynoTestEnd) made
    = dyno_test_ctl_feed (ctl, PASSWORD "\n", "--json", "user", "create", "--role", "admin",
                          "--email", "ana@shop.example", "--password-stdin", NULL);
  g_autoptr(DynoTestEnd) last = dyno_test_ctl_run (ctl, "user", "disable", "ANA@shop.example", NULL);
  g_autoptr(DynoTestEnd) twice
    = dyno_test_ctl_run (ctl, "user", "create", "--role", "viewer", "--email", "Ana@shop.example",
                         NULL);
  g_autoptr(DynoJson) user = user_of (made);

  g_assert_cmpstr (dyno_json_get_string (user, "role"), ==, "admin");
  g_assert_cmpstr (dyno_json_get_string (user, "status"), ==, "active");
  dyno_test_member (user, "one_time_code", DYNO_JSON_NULL);
  g_assert_null (strstr (made->out, PASSWORD));
  dyno_test_end_assert (last, 5);
  dyno_test_end_assert (twice, 5);
  assert_nowhere (ctl->folder, PASSWORD);
}

static void
test_user_life (void)
{
  g_autoptr(DynoTestCtl) ctl = new_shop ();
  g_autoptr(DynoTestEnd) made
    = dyno_test_ctl_run (ctl, "--json", "user", "create", "--role", "viewer", "--email",
                         "ben@shop.example", "--name", "Ben", NULL);
  g_autoptr(DynoJson) user = user_of (made);
  const char *id = dyno_json_get_string (user, "id");
  g_autoptr(DynoTestEnd) role
    = dyno_test_ctl_run (ctl, "--json", "user", "role", id, "operator", NULL);
  g_autoptr(DynoTestEnd) reset
    = dyno_test_ctl_run (ctl, "--json", "user", "reset-password", "ben@shop.example", NULL);
  g_autoptr(DynoTestEnd) off
    = dyno_test_ctl_run (ctl, "--json", "user", "disable", "ben@shop.example", NULL);
  g_autoptr(DynoJson) changed = user_of (role);
  g_autoptr(DynoJson) coded = user_of (reset);
  g_autoptr(DynoJson) disabled = user_of (off);

  g_assert_cmpstr (dyno_json_get_string (user, "status"), ==, "invited");
  g_assert_cmpuint (strlen (dyno_json_get_string (user, "one_time_code")), ==, 13);
  g_assert_cmpstr (dyno_json_get_string (changed, "role"), ==, "operator");
  g_assert_cmpuint (strlen (dyno_json_get_string (coded, "one_time_code")), ==, 13);
  g_assert_cmpstr (dyno_json_get_string (disabled, "status"), ==, "disabled");
}

static void
test_user_refused (void)
{
  static const struct
  {
    const char *words[8];
    int         status;
  } rows[] = {
    { { "user", "create", "--role", "admin", NULL }, 2 },
    { { "user", "create", "--email", "a@shop.example", NULL }, 2 },
    { { "user", "create", "--email", "a@shop.example", "--role", "service", NULL }, 2 },
    { { "user", "create", "--email", "nobody", "--role", "viewer", NULL }, 3 },
    { { "user", "create", "--email", "a@b.example", "--role", "admin", "--password-stdin", NULL },
      2 },
    { { "user", "role", "usr_00000000000000000000", "viewer", NULL }, 4 },
    { { "user", "disable", "nobody@shop.example", NULL }, 4 },
    { { "user", "invite", "--role", "viewer", "--hours", "0", NULL }, 2 },
  };
  g_autoptr(DynoTestCtl) ctl = new_shop ();
  g_autoptr(DynoTestEnd) weak
    = dyno_test_ctl_feed (ctl, "short\n", "user", "create", "--role", "admin", "--email",
                          "a@shop.example", "--password-stdin", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(DynoTestEnd) end = dyno_test_ctl_run_v (ctl, rows[i].words);

      dyno_test_end_assert (end, rows[i].status);
    }
  dyno_test_end_assert (weak, 3);
}

static void
test_audit (void)
{
  g_autoptr(DynoTestCtl) ctl = new_shop ();
  g_autoptr(DynoJson) made = make_key (ctl, "Grafana");
  g_autoptr(DynoTestEnd) list
    = dyno_test_ctl_run (ctl, "--json", "audit", "list", "--event", "key.created", NULL);
  g_autoptr(DynoTestEnd) none
    = dyno_test_ctl_run (ctl, "--json", "audit", "list", "--until", "2020-01-01", NULL);
  g_autoptr(DynoTestEnd) verify = dyno_test_ctl_run (ctl, "--json", "audit", "verify", NULL);
  g_autoptr(DynoJson) events = user_of (list);
  g_autoptr(DynoJson) nothing = user_of (none);
  g_autoptr(DynoJson) verdict = user_of (verify);
  const DynoJson *row = dyno_json_element (dyno_json_member (events, "events"), 0);

  g_assert_cmpstr (dyno_json_get_string (row, "resource_id"), ==, dyno_json_get_string (made, "id"));
  g_assert_cmpstr (dyno_json_get_string (row, "actor"), ==, "local:owner");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (nothing, "events")), ==, 0);
  g_assert_true (dyno_json_get_boolean (verdict, "ok", FALSE));
  g_assert_cmpint (dyno_json_get_integer (verdict, "rows", 0), >=, 1);
  dyno_test_member (verdict, "first_bad", DYNO_JSON_NULL);
}

/* Another master key than the audit was chained with is no damage; it is refused. */
static void
test_other_master_key (void)
{
  g_autoptr(DynoTestCtl) ctl = new_shop ();
  g_autoptr(DynoJson) made = make_key (ctl, "Grafana");
  g_autofree char *path = g_build_filename (ctl->folder, "master", NULL);
  g_autofree char *digits = g_strnfill (64, '8');
  g_autoptr(DynoTestEnd) verify = NULL;

  g_assert_true (g_file_set_contents_full (path, digits, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  verify = dyno_test_ctl_run (ctl, "audit", "verify", NULL);
  g_assert_cmpint (verify->status, !=, 0);
}

/* With a keyring as a desktop has it: it makes a master key, and locked it says so. */
static void
test_keyring (DynoTestKeyring *f,
              gconstpointer    unused)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) made = NULL;
  g_autoptr(DynoTestEnd) verify = NULL;

  if (!dyno_test_keyring_start (f, "secret\n"))
    return;
  dyno_test_keyring_await ();
  dyno_test_ctl_set (ctl, "DBUS_SESSION_BUS_ADDRESS", g_getenv ("DBUS_SESSION_BUS_ADDRESS"));
  made = dyno_test_ctl_run (ctl, "key", "create", "--name", "a", "--role", "viewer", NULL);
  dyno_test_end_assert (made, 0);
  verify = dyno_test_ctl_run (ctl, "audit", "verify", NULL);
  dyno_test_end_assert (verify, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/people/key/create", test_key_create);
  g_test_add_func ("/ctl/people/key/text", test_key_text);
  g_test_add_func ("/ctl/people/key/life", test_key_life);
  g_test_add_func ("/ctl/people/key/owner", test_key_owner);
  g_test_add_func ("/ctl/people/key/refused", test_key_refused);
  g_test_add_func ("/ctl/people/no-master-key", test_no_master_key);
  g_test_add_func ("/ctl/people/user/first-admin", test_first_admin);
  g_test_add_func ("/ctl/people/user/life", test_user_life);
  g_test_add_func ("/ctl/people/user/refused", test_user_refused);
  g_test_add_func ("/ctl/people/audit", test_audit);
  g_test_add_func ("/ctl/people/other-master-key", test_other_master_key);
  g_test_add ("/ctl/people/keyring", DynoTestKeyring, NULL, dyno_test_keyring_set_up, test_keyring,
              dyno_test_keyring_tear_down);

  return g_test_run ();
}
