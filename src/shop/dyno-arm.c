/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-arm-private.h"

#include <string.h>
#include <sys/statvfs.h>

#include "dyno-error.h"
#include "dyno-shop-private.h"

#define LEAST_DISK (G_GUINT64_CONSTANT (500) * 1000 * 1000)
#define LEAST_OVERRIDE 8
#define MOST_TEXT 200

char *
dyno_arm_command (const char *event,
                  const char *name,
                  const char *text)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", event);
  if (name != NULL)
    dyno_json_writer_add_string (w, name, text);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

gboolean
dyno_arm_tell (const DynoErrand *errand,
               const char       *json,
               GError          **error)
{
  g_autofree char *answer = dyno_shop_ask_record (errand, json, error);

  return answer != NULL;
}

/* Arm */

typedef struct
{
  gboolean is_blocking;
  char    *override; /* (owned) (nullable) */
  guint    n_runs;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_free (wish->override);
  g_free (wish);
}

static gboolean
has_room (DynoShop *shop,
          GError  **error)
{
  struct statvfs disk;

  if (statvfs (shop->folders->data, &disk) != 0
      || (guint64) disk.f_bavail * disk.f_frsize >= LEAST_DISK)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "disk_full",
                  "The disk has less than 500 MB left: runs would be lost. Make room, then arm.");

  return FALSE;
}

static gboolean
is_reason (const Wish *wish,
           GError    **error)
{
  if (wish->override == NULL
      || g_utf8_strlen (wish->override, -1) >= LEAST_OVERRIDE)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "override_reason",
                  "Say in at least %d characters why you arm all the same.", LEAST_OVERRIDE);

  return FALSE;
}

static char *
arm_json (const Wish *wish)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", "arm");
  dyno_json_writer_add_boolean (w, "blocking", wish->is_blocking);
  dyno_json_writer_add_string (w, "override", wish->override);
  dyno_json_writer_add_integer (w, "runs", wish->n_runs);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static gpointer
arm (const DynoErrand *errand,
     gpointer          data,
     GError          **error)
{
  g_autofree char *json = arm_json (data);

  if (!is_reason (data, error) || !has_room (errand->shop, error))
    return NULL;

  return dyno_arm_tell (errand, json, error) ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation arm_operation = { "arm", arm, NULL, TRUE };

void
dyno_arm_arm_async (DynoShop             *shop,
                    const DynoArmOptions *options,
                    GCancellable         *cancellable,
                    GAsyncReadyCallback   callback,
                    gpointer              user_data)
{
  Wish *wish = g_new0 (Wish, 1);

  if (options != NULL)
    {
      wish->is_blocking = options->is_blocking;
      wish->override = g_strdup (options->override);
      wish->n_runs = options->n_runs;
    }
  dyno_operation_start (shop, &arm_operation, wish, wish_free, cancellable, callback, user_data);
}

gboolean
dyno_arm_arm_finish (GAsyncResult *result,
                     GError      **error)
{
  return dyno_operation_finish (result, &arm_operation, error) != NULL;
}

static gpointer
disarm (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  return dyno_arm_tell (errand, "{\"event\":\"disarm\"}", error) ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation disarm_operation = { "disarm", disarm, NULL, TRUE };

void
dyno_arm_disarm_async (DynoShop            *shop,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  dyno_operation_start (shop, &disarm_operation, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_arm_disarm_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &disarm_operation, error) != NULL;
}

/* By hand */

static gpointer
start (const DynoErrand *errand,
       gpointer          title,
       GError          **error)
{
  g_autofree char *json = dyno_arm_command ("run_start", "title", title);

  if (!has_room (errand->shop, error))
    return NULL;

  return dyno_shop_ask_record (errand, json, error);
}

static const DynoOperation start_operation = { "run-start", start, g_free, TRUE };

void
dyno_arm_start_async (DynoShop            *shop,
                      const char          *title,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  dyno_operation_start (shop, &start_operation, g_strdup (title), g_free, cancellable, callback,
                        user_data);
}

char *
dyno_arm_start_finish (GAsyncResult *result,
                       GError      **error)
{
  return dyno_operation_finish (result, &start_operation, error);
}

static gpointer
stop (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  return dyno_shop_ask_record (errand, "{\"event\":\"run_stop\"}", error);
}

static const DynoOperation stop_operation = { "run-stop", stop, g_free, TRUE };

void
dyno_arm_stop_async (DynoShop            *shop,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  dyno_operation_start (shop, &stop_operation, NULL, NULL, cancellable, callback, user_data);
}

char *
dyno_arm_stop_finish (GAsyncResult *result,
                      GError      **error)
{
  return dyno_operation_finish (result, &stop_operation, error);
}

/* Marks */

typedef struct
{
  int   n;
  char *text; /* (owned) (nullable) */
} MarkWish;

static void
mark_wish_free (gpointer data)
{
  MarkWish *wish = data;

  g_free (wish->text);
  g_free (wish);
}

void
dyno_arm_mark_free (DynoArmMark *mark)
{
  if (mark == NULL)
    return;

  g_free (mark->run_id);
  g_free (mark);
}

static gboolean
is_mark (const MarkWish *wish,
         GError        **error)
{
  if (wish->n >= 0 && wish->n <= 9
      && (wish->text == NULL
          || (strlen (wish->text) <= MOST_TEXT && g_utf8_validate (wish->text, -1, NULL))))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "mark",
                  "A mark has a number from 1 to 9, or none, and a text of at most %d bytes.",
                  MOST_TEXT);

  return FALSE;
}

static char *
mark_json (const MarkWish *wish)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", "mark");
  dyno_json_writer_add_integer (w, "n", wish->n);
  dyno_json_writer_add_string (w, "text", wish->text != NULL ? wish->text : "");
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static gpointer
mark (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  g_autofree char *json = mark_json (data);
  g_autofree char *answer = is_mark (data, error) ? dyno_shop_ask_record (errand, json, error)
                                                  : NULL;
  g_autoptr(DynoJson) parsed = answer != NULL ? dyno_json_parse (answer, -1, NULL) : NULL;
  DynoArmMark *made;

  if (parsed == NULL)
    return NULL;

  made = g_new0 (DynoArmMark, 1);
  made->run_id = g_strdup (dyno_json_get_string (parsed, "run"));
  made->n = (int) dyno_json_get_integer (parsed, "n", 0);
  made->t_s = dyno_json_get_number (parsed, "t_s", 0);

  return made;
}

static const DynoOperation mark_operation = { "mark", mark, (GDestroyNotify) dyno_arm_mark_free,
                                              TRUE };

void
dyno_arm_mark_async (DynoShop            *shop,
                     int                  n,
                     const char          *text,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  MarkWish *wish = g_new0 (MarkWish, 1);

  wish->n = n;
  wish->text = g_strdup (text);
  dyno_operation_start (shop, &mark_operation, wish, mark_wish_free, cancellable, callback,
                        user_data);
}

DynoArmMark *
dyno_arm_mark_finish (GAsyncResult *result,
                      GError      **error)
{
  return dyno_operation_finish (result, &mark_operation, error);
}
