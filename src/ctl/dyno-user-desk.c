/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-user-desk.h"

#include "dyno-clock.h"
#include "dyno-document.h"
#include "dyno-error.h"
#include "dyno-login.h"
#include "dyno-remote.h"
#include "dyno-shape-user.h"

#define MOST_USERS 10000
#define PAGE 200

static void
shape_user (DynoJsonWriter *w,
            gconstpointer   user)
{
  dyno_shape_user (w, user);
}

/* Somebody with his code, of which both may be missing. */
static DynoJson *
document_with_code (const DynoJson *user,
                    const char     *code,
                    const char     *expires_at)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  if (dyno_json_type (user) == DYNO_JSON_OBJECT)
    dyno_document_add_members (w, user, "invite_code");
  dyno_json_writer_add_string (w, "code", code);
  dyno_json_writer_add_string (w, "code_expires_at", expires_at);
  dyno_json_writer_end_object (w);

  return dyno_document_finish (w);
}

/* Takes what the shop has made; NULL stays NULL. */
static DynoJson *
document_of_code (DynoUserCode *told)
{
  g_autoptr(DynoJson) user = NULL;
  g_autofree char *until = NULL;
  DynoJson *document;

  if (told == NULL)
    return NULL;
  user = told->user != NULL ? dyno_document_of (told->user, shape_user) : NULL;
  until = told->code != NULL ? dyno_clock_format_utc (told->expires_ms * 1000) : NULL;
  document = document_with_code (user, told->code, until);
  dyno_user_code_free (told);

  return document;
}

/* Create */

static DynoJson *
post_user (DynoCtl             *ctl,
           const DynoUserWish  *wish,
           GError             **error)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "email", wish->email);
  dyno_json_writer_add_string (w, "display_name", wish->name);
  dyno_json_writer_add_string (w, "role", dyno_role_name (wish->role));
  dyno_json_writer_end_object (w);

  return dyno_remote_tell (ctl, "POST", "/users", NULL, w, error);
}

/* Comes in at once, with the code of the invitation. */
static DynoJson *
post_registration (DynoCtl             *ctl,
                   const DynoUserWish  *wish,
                   const char          *code,
                   GError             **error)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "email", wish->email);
  dyno_json_writer_add_string (w, "password", wish->password);
  dyno_json_writer_add_string (w, "display_name", wish->name);
  dyno_json_writer_add_string (w, "invite_code", code);
  dyno_json_writer_end_object (w);

  return dyno_remote_tell (ctl, "POST", "/auth/register", NULL, w, error);
}

static DynoJson *
create_there (DynoCtl             *ctl,
              const DynoUserWish  *wish,
              GError             **error)
{
  g_autoptr(DynoJson) made = post_user (ctl, wish, error);
  g_autoptr(DynoJson) active = NULL;
  const char *code = dyno_json_get_string (made, "invite_code");

  if (made == NULL)
    return NULL;
  if (wish->password == NULL)
    return document_with_code (made, code, NULL);
  active = post_registration (ctl, wish, code, error);

  return active != NULL ? document_with_code (active, NULL, NULL) : NULL;
}

static DynoJson *
create_here (DynoCtl             *ctl,
             const DynoUserWish  *wish,
             GError             **error)
{
  g_autoptr(DynoPrincipal) owner = dyno_principal_new_owner ();
  DynoShop *shop = dyno_ctl_open_vault (ctl, error);
  DynoUser *user;

  if (shop == NULL)
    return NULL;
  user = g_new0 (DynoUser, 1);
  user->email = g_strdup (wish->email);
  user->display_name = g_strdup (wish->name);
  user->role = g_strdup (dyno_role_name (wish->role));
  dyno_users_create_async (shop, owner, user, wish->password, ctl->cancellable, dyno_await_cb,
                           ctl->await);

  return document_of_code (dyno_users_create_finish (dyno_await_wait (ctl->await), error));
}

DynoJson *
dyno_user_desk_create (DynoCtl             *ctl,
                       const DynoUserWish  *wish,
                       GError             **error)
{
  return dyno_remote_is_on (ctl) ? create_there (ctl, wish, error) : create_here (ctl, wish, error);
}

/* Look */

static GPtrArray *
list_here (DynoCtl  *ctl,
           GError  **error)
{
  g_autoptr(DynoPrincipal) owner = dyno_principal_new_owner ();
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_json_free);
  DynoShop *shop = dyno_ctl_open_vault (ctl, error);
  g_autofree char *after = NULL;
  guint n;

  if (shop == NULL)
    return NULL;
  do
    {
      g_autoptr(GPtrArray) page = NULL;

      dyno_users_list_async (shop, owner, after, PAGE, ctl->cancellable, dyno_await_cb, ctl->await);
      page = dyno_users_list_finish (dyno_await_wait (ctl->await), error);
      if (page == NULL)
        return NULL;
      n = page->len;
      for (guint i = 0; i < n; i++)
        g_ptr_array_add (all, dyno_document_of (page->pdata[i], shape_user));
      g_free (after);
      after = n > 0 ? g_strdup (((DynoUser *) page->pdata[n - 1])->id) : NULL;
    }
  while (n == PAGE);

  return g_steal_pointer (&all);
}

GPtrArray *
dyno_user_desk_list (DynoCtl  *ctl,
                     GError  **error)
{
  return dyno_remote_is_on (ctl) ? dyno_remote_list (ctl, "/users", MOST_USERS, error)
                                 : list_here (ctl, error);
}

static gboolean
is_called (const DynoJson *user,
           const char     *who)
{
  g_autofree char *wanted = g_utf8_casefold (who, -1);
  const char *email = dyno_json_get_string (user, "email");
  g_autofree char *has = email != NULL ? g_utf8_casefold (email, -1) : NULL;

  return g_strcmp0 (dyno_json_get_string (user, "id"), who) == 0 || g_strcmp0 (has, wanted) == 0
         || (email == NULL && g_strcmp0 (dyno_json_get_string (user, "display_name"), who) == 0);
}

DynoJson *
dyno_user_desk_find (DynoCtl     *ctl,
                     const char  *who,
                     GError     **error)
{
  g_autoptr(GPtrArray) users = dyno_user_desk_list (ctl, error);

  if (users == NULL)
    return NULL;
  for (guint i = 0; i < users->len; i++)
    {
      if (is_called (users->pdata[i], who))
        return g_ptr_array_steal_index (users, i);
    }
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL,
                  "There is no user “%s”; dynoctl user list names all.", who);

  return NULL;
}

/* Change */

static DynoJson *
edit_there (DynoCtl             *ctl,
            const DynoJson      *user,
            const DynoUserEdit  *edit,
            GError             **error)
{
  g_autofree char *path = dyno_remote_path ("/users", dyno_json_get_string (user, "id"), NULL);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  if (edit->role >= 0)
    dyno_json_writer_add_string (w, "role", dyno_role_name ((DynoRole) edit->role));
  if (edit->status >= 0)
    dyno_json_writer_add_string (w, "status",
                                 edit->status == DYNO_USER_DISABLED ? "disabled" : "active");
  dyno_json_writer_end_object (w);

  return dyno_remote_tell (ctl, "PATCH", path, user, w, error);
}

static DynoJson *
edit_here (DynoCtl             *ctl,
           const DynoJson      *user,
           const DynoUserEdit  *edit,
           GError             **error)
{
  g_autoptr(DynoPrincipal) owner = dyno_principal_new_owner ();
  g_autoptr(DynoUser) edited = NULL;

  dyno_users_edit_async (ctl->shop, owner, dyno_json_get_string (user, "id"),
                         dyno_json_get_integer (user, "version", 0), edit, ctl->cancellable,
                         dyno_await_cb, ctl->await);
  edited = dyno_users_edit_finish (dyno_await_wait (ctl->await), error);

  return edited != NULL ? dyno_document_of (edited, shape_user) : NULL;
}

DynoJson *
dyno_user_desk_edit (DynoCtl             *ctl,
                     const DynoJson      *user,
                     const DynoUserEdit  *edit,
                     GError             **error)
{
  return dyno_remote_is_on (ctl) ? edit_there (ctl, user, edit, error)
                                 : edit_here (ctl, user, edit, error);
}

/* Codes */

static DynoJson *
make_reset (DynoCtl         *ctl,
            const DynoJson  *user,
            GError         **error)
{
  g_autoptr(DynoPrincipal) owner = dyno_principal_new_owner ();
  const char *id = dyno_json_get_string (user, "id");
  g_autofree char *path = dyno_remote_path ("/users", id, "/reset-code");
  g_autoptr(DynoJson) told = NULL;

  if (dyno_remote_is_on (ctl))
    {
      told = dyno_remote_tell (ctl, "POST", path, NULL, NULL, error);
      return told != NULL ? document_with_code (user, dyno_json_get_string (told, "reset_code"),
                                                dyno_json_get_string (told, "expires_at"))
                          : NULL;
    }
  dyno_users_make_reset_async (ctl->shop, owner, id, ctl->cancellable, dyno_await_cb, ctl->await);

  return document_of_code (dyno_users_make_reset_finish (dyno_await_wait (ctl->await), error));
}

static gboolean
post_password (DynoCtl     *ctl,
               const char  *email,
               const char  *code,
               const char  *password,
               GError     **error)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autoptr(DynoJson) done = NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "email", email);
  dyno_json_writer_add_string (w, "reset_code", code);
  dyno_json_writer_add_string (w, "new_password", password);
  dyno_json_writer_end_object (w);
  done = dyno_remote_tell (ctl, "POST", "/auth/password", NULL, w, error);

  return done != NULL;
}

static gboolean
take_password (DynoCtl     *ctl,
               const char  *email,
               const char  *code,
               const char  *password,
               GError     **error)
{
  if (dyno_remote_is_on (ctl))
    return post_password (ctl, email, code, password, error);
  dyno_login_reset_password_async (ctl->shop, email, code, password, ctl->cancellable,
                                   dyno_await_cb, ctl->await);

  return dyno_login_reset_password_finish (dyno_await_wait (ctl->await), error);
}

DynoJson *
dyno_user_desk_reset (DynoCtl         *ctl,
                      const DynoJson  *user,
                      const char      *password,
                      GError         **error)
{
  const char *email = dyno_json_get_string (user, "email");
  g_autoptr(DynoJson) told = make_reset (ctl, user, error);

  if (told == NULL || password == NULL)
    return g_steal_pointer (&told);
  if (!take_password (ctl, email, dyno_json_get_string (told, "code"), password, error))
    return NULL;

  return dyno_user_desk_find (ctl, dyno_json_get_string (user, "id"), error);
}

static DynoJson *
invite_there (DynoCtl     *ctl,
              DynoRole     role,
              const char  *email,
              guint        hours,
              GError     **error)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autoptr(DynoJson) told = NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "role", dyno_role_name (role));
  if (email != NULL)
    dyno_json_writer_add_string (w, "email", email);
  dyno_json_writer_add_integer (w, "expires_hours", hours);
  dyno_json_writer_end_object (w);
  told = dyno_remote_tell (ctl, "POST", "/users/invitations", NULL, w, error);

  return told != NULL ? document_with_code (NULL, dyno_json_get_string (told, "invite_code"),
                                            dyno_json_get_string (told, "expires_at"))
                      : NULL;
}

DynoJson *
dyno_user_desk_invite (DynoCtl     *ctl,
                       DynoRole     role,
                       const char  *email,
                       guint        hours,
                       GError     **error)
{
  g_autoptr(DynoPrincipal) owner = dyno_principal_new_owner ();
  DynoShop *shop;

  if (dyno_remote_is_on (ctl))
    return invite_there (ctl, role, email, hours, error);
  shop = dyno_ctl_open_vault (ctl, error);
  if (shop == NULL)
    return NULL;
  dyno_users_invite_async (shop, owner, role, email, hours, ctl->cancellable, dyno_await_cb,
                           ctl->await);

  return document_of_code (dyno_users_invite_finish (dyno_await_wait (ctl->await), error));
}
