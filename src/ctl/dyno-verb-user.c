/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-people.h"

#include "dyno-document.h"
#include "dyno-failure.h"
#include "dyno-listing.h"
#include "dyno-password-input.h"
#include "dyno-print.h"
#include "dyno-user-desk.h"

static char     *email;
static char     *name;
static char     *role;
static int       hours = 72;
static gboolean  has_password;

const GOptionEntry dyno_verb_user_entries[] = {
  { "email", 0, 0, G_OPTION_ARG_STRING, &email, "create, invite: the address that is logged in "
    "with", "ADDRESS" },
  { "name", 0, 0, G_OPTION_ARG_STRING, &name, "create: as others see it (the address before the "
    "@)", "TEXT" },
  { "role", 0, 0, G_OPTION_ARG_STRING, &role, "create, role, invite: what may be done",
    "viewer|operator|tuner|admin" },
  { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &has_password, "create, reset-password: the "
    "password is the first line of standard input", NULL },
  { "hours", 0, 0, G_OPTION_ARG_INT, &hours, "invite: the code is good for so long (72)", "N" },
  { NULL },
};

static gboolean
find_role (const char *word,
           DynoRole   *found,
           GError    **error)
{
  if (word != NULL && dyno_role_find (word, found) && *found != DYNO_ROLE_SERVICE)
    return TRUE;
  dyno_failure_set_usage (error, "A person is viewer, operator, tuner or admin; say so with "
                                 "--role.");

  return FALSE;
}

/* Printing */

static void
print_user_json (const DynoJson *user)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_document_add_members (w, user, "code");
  dyno_json_writer_add_string (w, "one_time_code", dyno_json_get_string (user, "code"));
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

/* The code alone on standard output; what it is for beside it. */
static void
print_code (DynoCtl        *ctl,
            const DynoJson *user,
            const char     *use)
{
  const char *until_text = dyno_json_get_string (user, "code_expires_at");
  g_autofree char *until = dyno_document_time (user, "code_expires_at");

  dyno_print_line ("%s", dyno_json_get_string (user, "code"));
  dyno_print_note (ctl, "%s%s%s. It is not shown again.", use,
                   until_text != NULL ? ", until " : "", until_text != NULL ? until : "");
}

static void
print_user (DynoCtl        *ctl,
            const DynoJson *user,
            const char     *done)
{
  const char *address = dyno_json_get_string (user, "email");

  if (ctl->is_json)
    print_user_json (user);
  else if (dyno_json_get_string (user, "code") != NULL)
    print_code (ctl, user, "With this code the password is set");
  else
    dyno_print_note (ctl, "%s: %s (%s, %s).", done,
                     address != NULL ? address : dyno_json_get_string (user, "display_name"),
                     dyno_json_get_string (user, "role"), dyno_json_get_string (user, "status"));
}

static void
print_list (DynoCtl   *ctl,
            GPtrArray *users)
{
  static const char *const columns[] = { "user", "email", "name", "role", "status", "logged in",
                                         NULL };
  g_autoptr(DynoListing) listing = NULL;

  if (ctl->is_json)
    {
      dyno_document_print_list ("users", users);
      return;
    }
  if (users->len == 0)
    dyno_print_line ("There is nobody yet. The first one: dynoctl user create --role admin.");

  listing = dyno_listing_new (columns);
  for (guint i = 0; i < users->len; i++)
    {
      const DynoJson *user = users->pdata[i];

      dyno_listing_add (listing, dyno_json_get_string (user, "id"));
      dyno_listing_add (listing, dyno_json_get_string (user, "email"));
      dyno_listing_add (listing, dyno_json_get_string (user, "display_name"));
      dyno_listing_add (listing, dyno_json_get_string (user, "role"));
      dyno_listing_add (listing, dyno_json_get_string (user, "status"));
      dyno_listing_take (listing, dyno_document_time (user, "last_login_at"));
    }
  if (users->len > 0)
    dyno_listing_print (listing);
}

/* The words after the verb */

/* (transfer full) */
static char *
usual_name (void)
{
  g_auto(GStrv) parts = g_strsplit (email, "@", 2);

  return g_strdup (name != NULL ? name : parts[0]);
}

static gboolean
create_user (DynoCtl  *ctl,
             GError  **error)
{
  DynoUserWish wish = { .email = email };
  g_autofree char *its_name = NULL;
  g_autoptr(DynoJson) user = NULL;
  char *password = NULL;

  if (!dyno_ctl_want (ctl, 0, 0, "", error) || !find_role (role, &wish.role, error))
    return FALSE;
  if (email == NULL)
    {
      dyno_failure_set_usage (error, "dynoctl user create needs --email.");
      return FALSE;
    }
  if (has_password && (password = dyno_password_input_read (error)) == NULL)
    return FALSE;

  its_name = usual_name ();
  wish.name = its_name;
  wish.password = password;
  user = dyno_user_desk_create (ctl, &wish, error);
  dyno_password_input_free (password);
  if (user != NULL)
    print_user (ctl, user, "Made");

  return user != NULL;
}

static gboolean
list_users (DynoCtl  *ctl,
            GError  **error)
{
  g_autoptr(GPtrArray) users = dyno_ctl_want (ctl, 0, 0, "", error)
                                 ? dyno_user_desk_list (ctl, error) : NULL;

  if (users != NULL)
    print_list (ctl, users);

  return users != NULL;
}

static gboolean
edit_user (DynoCtl             *ctl,
           const DynoUserEdit  *edit,
           GError             **error)
{
  g_autoptr(DynoJson) found = dyno_user_desk_find (ctl, ctl->arguments[0], error);
  g_autoptr(DynoJson) user = found != NULL ? dyno_user_desk_edit (ctl, found, edit, error) : NULL;

  if (user != NULL)
    print_user (ctl, user, "Changed");

  return user != NULL;
}

/* "role WHO ROLE", or with --role. */
static gboolean
change_role (DynoCtl  *ctl,
             GError  **error)
{
  DynoUserEdit edit = DYNO_USER_EDIT_NOTHING;
  DynoRole its_role;

  if (!dyno_ctl_want (ctl, 1, role != NULL ? 1 : 2, "a user and a role", error)
      || !find_role (role != NULL ? role : ctl->arguments[1], &its_role, error))
    return FALSE;
  edit.role = (int) its_role;

  return edit_user (ctl, &edit, error);
}

static gboolean
disable_user (DynoCtl  *ctl,
              GError  **error)
{
  DynoUserEdit edit = DYNO_USER_EDIT_NOTHING;

  edit.status = DYNO_USER_DISABLED;

  return dyno_ctl_want (ctl, 1, 1, "a user", error) && edit_user (ctl, &edit, error);
}

static gboolean
reset_password (DynoCtl  *ctl,
                GError  **error)
{
  g_autoptr(DynoJson) found = NULL;
  g_autoptr(DynoJson) user = NULL;
  char *password = NULL;

  if (!dyno_ctl_want (ctl, 1, 1, "a user", error)
      || (has_password && (password = dyno_password_input_read (error)) == NULL))
    return FALSE;
  found = dyno_user_desk_find (ctl, ctl->arguments[0], error);
  user = found != NULL ? dyno_user_desk_reset (ctl, found, password, error) : NULL;
  dyno_password_input_free (password);
  if (user != NULL)
    print_user (ctl, user, "Password set");

  return user != NULL;
}

static gboolean
invite_user (DynoCtl  *ctl,
             GError  **error)
{
  DynoRole its_role;
  g_autoptr(DynoJson) told = NULL;

  if (!dyno_ctl_want (ctl, 0, 0, "", error) || !find_role (role, &its_role, error)
      || !dyno_ctl_check_number ("--hours", hours, 1, 720, error))
    return FALSE;
  told = dyno_user_desk_invite (ctl, its_role, email, (guint) hours, error);
  if (told != NULL && ctl->is_json)
    print_user_json (told);
  else if (told != NULL)
    print_code (ctl, told, "With this code somebody registers");

  return told != NULL;
}

gboolean
dyno_verb_user (DynoCtl  *ctl,
                int      *status,
                GError  **error)
{
  if (g_str_equal (ctl->sub, "create"))
    return create_user (ctl, error);
  if (g_str_equal (ctl->sub, "list"))
    return list_users (ctl, error);
  if (g_str_equal (ctl->sub, "role"))
    return change_role (ctl, error);
  if (g_str_equal (ctl->sub, "disable"))
    return disable_user (ctl, error);

  return g_str_equal (ctl->sub, "invite") ? invite_user (ctl, error) : reset_password (ctl, error);
}
