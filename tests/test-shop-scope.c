/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-principal.h"

/* The table of roles, written a second time: V viewer, O operator, T tuner, A admin,
 * S a service user's key. */
static const char *const matrix[][2] = {
  { "runs:read", "VOTAS" },          { "live:read", "VOTAS" },
  { "tune:read", "VOTAS" },          { "shop:read", "VOTAS" },
  { "health:read", "VOTAS" },        { "assistant:use", "VOTAS" },
  { "keys:self", "VOTA" },           { "runs:write", "OTAS" },
  { "live:control", "OTAS" },        { "analyze:run", "OTAS" },
  { "shop:write", "OTAS" },          { "voice:use", "OTAS" },
  { "tune:apply", "TAS" },           { "runs:delete", "TAS" },
  { "hardware:configure", "TAS" },   { "memory:shop", "TAS" },
  { "assistant:remote", "TAS" },     { "metrics:read", "AS" },
  { "settings:read", "AS" },         { "circuits:reset", "AS" },
  { "audit:read", "AS" },            { "users:read", "A" },
  { "users:write", "A" },            { "keys:manage", "A" },
  { "settings:write", "A" },         { "backup:run", "A" },
  { "privacy:manage", "A" },
};

static void
test_matrix (void)
{
  static const char letters[] = "VOTAS";

  g_assert_cmpuint (G_N_ELEMENTS (matrix), ==, DYNO_N_SCOPES);
  for (guint i = 0; i < G_N_ELEMENTS (matrix); i++)
    {
      DynoScope scope;

      g_assert_true (dyno_scope_find (matrix[i][0], &scope));
      g_assert_cmpstr (dyno_scope_name (scope), ==, matrix[i][0]);
      for (guint role = 0; role < DYNO_N_ROLES; role++)
        g_assert_cmpint ((dyno_role_scopes (role) & DYNO_SCOPE_BIT (scope)) != 0, ==,
                         strchr (matrix[i][1], letters[role]) != NULL);
    }
}

static void
test_words (void)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = NULL;
  DynoScopes scopes = 0;
  DynoRole role;

  g_assert_true (dyno_scopes_parse ("tune:read, runs:read runs:read", &scopes, &error));
  g_assert_no_error (error);
  names = dyno_scopes_names (scopes);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "runs:read");
  g_assert_cmpstr (names[1], ==, "tune:read");
  g_assert_false (dyno_scopes_parse ("runs:read,runs:*", &scopes, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "runs:*"));
  g_assert_false (dyno_role_find ("root", &role));
}

static void
test_principal (void)
{
  g_autoptr(DynoPrincipal) owner = dyno_principal_new_owner ();
  g_autoptr(DynoPrincipal) key = dyno_principal_new (DYNO_PRINCIPAL_KEY);

  key->user_id = g_strdup ("usr_00000000000000000000");
  key->key_id = g_strdup ("key_00000000000000000000");
  key->scopes = DYNO_SCOPE_BIT (DYNO_SCOPE_RUNS_READ);
  g_assert_cmpstr (dyno_principal_id (key), ==, key->key_id);
  g_assert_true (dyno_principal_may (key, DYNO_SCOPE_RUNS_READ));
  g_assert_false (dyno_principal_may (key, DYNO_SCOPE_RUNS_WRITE));
  for (guint i = 0; i < DYNO_N_SCOPES; i++)
    g_assert_true (dyno_principal_may (owner, i));
  g_assert_cmpuint (dyno_scopes_of_developer () & DYNO_SCOPE_BIT (DYNO_SCOPE_BACKUP_RUN), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shop/scope/matrix", test_matrix);
  g_test_add_func ("/shop/scope/words", test_words);
  g_test_add_func ("/shop/scope/principal", test_principal);

  return g_test_run ();
}
