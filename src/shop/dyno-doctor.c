/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-health.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "dyno-shop-private.h"

/* What is wrong with this machine; part of dyno-health.h. */

static void
add (GPtrArray      *checks,
     const char     *name,
     DynoCheckStatus status,
     const char     *fix,
     char           *detail)
{
  DynoCheck *check = g_new0 (DynoCheck, 1);

  check->name = g_strdup (name);
  check->status = status;
  check->detail = detail;
  check->fix = g_strdup (fix != NULL ? fix : "");
  g_ptr_array_add (checks, check);
}

/* The first folder above that is there. (transfer full) */
static char *
existing_parent (const char *path)
{
  char *folder = g_strdup (path);

  while (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      char *parent = g_path_get_dirname (folder);

      g_free (folder);
      folder = parent;
    }

  return folder;
}

static void
check_keyring (const DynoErrand *errand,
               GPtrArray        *checks)
{
  DynoSecretState state;
  DynoCheckStatus status;

  dyno_secret_probe_async (errand->shop->folders->data, errand->cancellable, dyno_await_cb,
                           errand->await);
  state = dyno_secret_probe_finish (dyno_await_wait (errand->await));
  status = state == DYNO_SECRET_LOCKED       ? DYNO_CHECK_FAIL
           : state == DYNO_SECRET_NO_SERVICE ? DYNO_CHECK_WARN
                                             : DYNO_CHECK_OK;
  add (checks, "keyring", status, dyno_secret_state_fix (state),
       g_strdup (dyno_secret_state_advice (state)));
}

static void
check_disk (const DynoErrand *errand,
            GPtrArray        *checks)
{
  g_autofree char *folder = existing_parent (errand->shop->folders->data);
  struct statvfs disk;
  double free_gb;

  if (statvfs (folder, &disk) != 0)
    {
      add (checks, "disk", DYNO_CHECK_FAIL, "Choose a data folder on a disk that can be read.",
           g_strdup_printf ("The disk of %s cannot be looked at.", folder));
      return;
    }
  free_gb = (double) disk.f_bavail * (double) disk.f_frsize / 1e9;
  add (checks, "disk",
       free_gb < 0.5 ? DYNO_CHECK_FAIL : free_gb < 2 ? DYNO_CHECK_WARN : DYNO_CHECK_OK,
       free_gb < 2 ? "Make room on this disk before the next run." : NULL,
       g_strdup_printf ("%.1f GB are free for %s.", free_gb, errand->shop->folders->data));
}

static void
check_clock (GPtrArray *checks)
{
  struct timex now = { 0 };
  int state = adjtimex (&now);
  gboolean is_set = state >= 0 && state != TIME_ERROR && (now.status & STA_UNSYNC) == 0;

  if (g_get_real_time () < G_GINT64_CONSTANT (1735689600000000))
    add (checks, "clock", DYNO_CHECK_FAIL, "Set date and time of this machine.",
         g_strdup ("The clock stands before 2025: runs would carry a wrong date."));
  else
    add (checks, "clock", is_set ? DYNO_CHECK_OK : DYNO_CHECK_WARN,
         is_set ? NULL
                : "Let the system set its clock from the network (timedatectl set-ntp true).",
         g_strdup (is_set ? "The clock is set from the network."
                          : "The clock is not set from the network, as far as the system says."));
}

static void
check_permissions (const DynoErrand *errand,
                   GPtrArray        *checks)
{
  const char *folder = errand->shop->folders->data;
  g_autofree char *parent = existing_parent (folder);
  struct stat about;

  if (!g_str_equal (parent, folder))
    add (checks, "permissions", access (parent, W_OK | X_OK) == 0 ? DYNO_CHECK_OK : DYNO_CHECK_FAIL,
         access (parent, W_OK | X_OK) == 0 ? NULL : "Choose another data folder, or its owner.",
         g_strdup_printf ("The data folder %s is not made yet.", folder));
  else if (access (folder, R_OK | W_OK | X_OK) != 0)
    add (checks, "permissions", DYNO_CHECK_FAIL,
         "Give the folder back to the user who runs the program (chown, chmod 700).",
         g_strdup_printf ("%s cannot be written to.", folder));
  else if (stat (folder, &about) == 0 && (about.st_mode & 077) != 0)
    add (checks, "permissions", DYNO_CHECK_WARN, "Close it to others: chmod 700 on the folder.",
         g_strdup_printf ("Other users of this machine can look into %s.", folder));
  else
    add (checks, "permissions", DYNO_CHECK_OK, NULL,
         g_strdup_printf ("%s is open to its owner alone.", folder));
}

/* Trouble with the folder is no reason not to look at the rest. */
static void
check_database (const DynoErrand *errand,
                GPtrArray        *checks)
{
  const GError *trouble = errand->shop->trouble;

  if ((errand->shop->flags & DYNO_SHOP_NO_STORE) != 0)
    return;
  if (trouble != NULL)
    add (checks, "database", DYNO_CHECK_FAIL,
         "Follow what the message says; the data is untouched.",
         g_strdup (trouble->message));
  else
    add (checks, "database", DYNO_CHECK_OK, NULL, g_strdup ("The database is open."));
}

static gpointer
examine (const DynoErrand *errand,
         gpointer          interface,
         GError          **error)
{
  g_autofree char *group = dyno_shop_group (errand->shop);
  g_autofree char *usual = dyno_shop_interface (errand->shop);
  DynoNetcheckConfig config = { .group = group,
                                .port = dyno_shop_port (errand->shop),
                                .interface = interface != NULL ? interface : usual };
  g_autoptr(GPtrArray) checks = dyno_netcheck_run (&config, errand->cancellable);

  if (g_cancellable_set_error_if_cancelled (errand->cancellable, error))
    return NULL;
  check_database (errand, checks);
  check_keyring (errand, checks);
  check_disk (errand, checks);
  check_clock (checks);
  check_permissions (errand, checks);

  return g_steal_pointer (&checks);
}

static const DynoOperation operation = { "doctor", examine, (GDestroyNotify) g_ptr_array_unref,
                                         FALSE };

void
dyno_health_doctor_async (DynoShop            *shop,
                          const char          *interface,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  DynoJobOffer offer = { .kind = "doctor", .title = "Network doctor", .unit = "checks" };

  dyno_operation_start_job (shop, &operation, &offer, g_strdup (interface), g_free, cancellable,
                            callback, user_data);
}

GPtrArray *
dyno_health_doctor_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &operation, error);
}
