/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-ctl.h"

#include <glib/gstdio.h>
#include <string.h>

#define PRIVATE_GROUP "239.255.77.10"
#define FIRST_PORT 22345

DynoTestCtl *
dyno_test_ctl_new (void)
{
  static const char *const folders[][2] = { { "XDG_DATA_HOME", "share" },
                                            { "XDG_CONFIG_HOME", "config" },
                                            { "XDG_STATE_HOME", "state" },
                                            { "XDG_RUNTIME_DIR", "run" } };
  DynoTestCtl *self = g_new0 (DynoTestCtl, 1);
  g_autofree char *port = g_strdup_printf ("%d", FIRST_PORT + g_random_int_range (1, 20000));

  self->folder = dyno_test_make_folder ();
  self->data = g_build_filename (self->folder, "share", "dynoai", NULL);
  self->env = g_get_environ ();
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, folders[i][1], NULL);

      g_mkdir (path, 0700);
      dyno_test_ctl_set (self, folders[i][0], path);
    }
  dyno_test_ctl_set (self, "JETDRIVE_MCAST_GROUP", PRIVATE_GROUP);
  dyno_test_ctl_set (self, "JETDRIVE_PORT", port);
  /* A keyring of the developer is none of the test's. */
  dyno_test_ctl_set (self, "DBUS_SESSION_BUS_ADDRESS", "disabled:");

  return self;
}

void
dyno_test_ctl_free (DynoTestCtl *self)
{
  if (self == NULL)
    return;

  dyno_test_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->data);
  g_strfreev (self->env);
  g_free (self);
}

void
dyno_test_ctl_set (DynoTestCtl *self,
                   const char  *name,
                   const char  *value)
{
  self->env = g_environ_setenv (self->env, name, value, TRUE);
}

void
dyno_test_ctl_add_master_key (DynoTestCtl *self)
{
  g_autofree char *path = g_build_filename (self->folder, "master", NULL);
  g_autofree char *digits = g_strnfill (64, '7');

  g_assert_true (g_file_set_contents_full (path, digits, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  dyno_test_ctl_set (self, "DYNOAI_MASTER_KEY_FILE", path);
}

static GSubprocess *
start_with (DynoTestCtl       *self,
            const char *const *words,
            GSubprocessFlags   more)
{
  g_autoptr(GSubprocessLauncher) launcher
    = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE
                                 | more);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (argv, (char *) g_getenv ("DYNO_DYNOCTL"));
  for (; *words != NULL; words++)
    g_ptr_array_add (argv, (char *) *words);
  g_ptr_array_add (argv, NULL);

  g_subprocess_launcher_set_environ (launcher, self->env);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);

  return process;
}

GSubprocess *
dyno_test_ctl_start_v (DynoTestCtl       *self,
                       const char *const *words)
{
  return start_with (self, words, G_SUBPROCESS_FLAGS_NONE);
}

/* Empty bytes have no data. */
static char *
text_of (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return size > 0 ? g_strndup (data, size) : g_strdup ("");
}

static DynoTestEnd *
wait_with (GSubprocess *process,
           GBytes      *input)
{
  g_autoptr(GSubprocess) taken = process;
  g_autoptr(GBytes) out = NULL;
  g_autoptr(GBytes) err = NULL;
  g_autoptr(GError) error = NULL;
  DynoTestEnd *end = g_new0 (DynoTestEnd, 1);

  g_subprocess_communicate (taken, input, NULL, &out, &err, &error);
  g_assert_no_error (error);
  end->status = g_subprocess_get_if_exited (taken) ? g_subprocess_get_exit_status (taken) : -1;
  end->out = text_of (out);
  end->err = text_of (err);

  return end;
}

DynoTestEnd *
dyno_test_ctl_wait (GSubprocess *process)
{
  return wait_with (process, NULL);
}

static GPtrArray *
collect (const char *first,
         va_list     args)
{
  GPtrArray *words = g_ptr_array_new ();

  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (words, (char *) word);
  g_ptr_array_add (words, NULL);

  return words;
}

GSubprocess *
dyno_test_ctl_start (DynoTestCtl *self,
                     const char  *first,
                     ...)
{
  g_autoptr(GPtrArray) words = NULL;
  va_list args;

  va_start (args, first);
  words = collect (first, args);
  va_end (args);

  return dyno_test_ctl_start_v (self, (const char *const *) words->pdata);
}

DynoTestEnd *
dyno_test_ctl_run (DynoTestCtl *self,
                   const char  *first,
                   ...)
{
  g_autoptr(GPtrArray) words = NULL;
  va_list args;

  va_start (args, first);
  words = collect (first, args);
  va_end (args);

  return dyno_test_ctl_run_v (self, (const char *const *) words->pdata);
}

DynoTestEnd *
dyno_test_ctl_feed (DynoTestCtl *self,
                    const char  *input,
                    const char  *first,
                    ...)
{
  g_autoptr(GBytes) bytes = g_bytes_new (input, strlen (input));
  g_autoptr(GPtrArray) words = NULL;
  va_list args;

  va_start (args, first);
  words = collect (first, args);
  va_end (args);

  return wait_with (start_with (self, (const char *const *) words->pdata,
                                G_SUBPROCESS_FLAGS_STDIN_PIPE),
                    bytes);
}

DynoTestEnd *
dyno_test_ctl_run_v (DynoTestCtl       *self,
                     const char *const *words)
{
  return dyno_test_ctl_wait (dyno_test_ctl_start_v (self, words));
}

gboolean
dyno_test_ctl_has_wire (DynoTestCtl *self)
{
  g_autoptr(DynoTestEnd) end
    = dyno_test_ctl_run (self, "simulate", "--profile", "demo-2", "--seconds", "0.1", "--json",
                         NULL);

  if (end->status == 0)
    return TRUE;
  g_test_message ("%s", end->err);
  g_test_skip ("Loopback does no multicast here.");

  return FALSE;
}

char *
dyno_test_ctl_import (DynoTestCtl *self,
                      const char  *shared)
{
  g_autofree char *path = dyno_test_shared_file (shared);
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(DynoJson) report = NULL;

  if (path == NULL)
    return NULL;
  end = dyno_test_ctl_run (self, "import", path, "--json", NULL);
  dyno_test_end_assert (end, 0);
  report = dyno_test_end_json (end);

  return g_strdup (dyno_json_get_string (report, "run_id"));
}

void
dyno_test_end_free (DynoTestEnd *self)
{
  if (self == NULL)
    return;

  g_free (self->out);
  g_free (self->err);
  g_free (self);
}

char *
dyno_test_ctl_write_log (DynoTestCtl *self,
                         const char  *name,
                         double       measured,
                         guint        n)
{
  g_autoptr(GString) text
    = g_string_new ("Time (s),Engine RPM,MAP kPa,AFR Front,AFR Rear,AFR CMD\n");
  char *path = g_build_filename (self->folder, name, NULL);

  for (guint i = 0; i < n; i++)
    {
      double swing = i % 2 == 0 ? 0.1 : -0.1;

      g_string_append_printf (text, "%.2f,%d,80,%.1f,%.1f,13.0\n", i * 0.05,
                              i % 2 == 0 ? 3005 : 2995, measured + swing, measured + swing);
    }
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));

  return path;
}

char *
dyno_test_ctl_line (GDataInputStream *stream)
{
  g_autoptr(GError) error = NULL;
  char *line = g_data_input_stream_read_line (stream, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);

  return line;
}

static DynoJson *
parse (const char *text,
       gssize      length)
{
  g_autoptr(GError) error = NULL;
  DynoJson *json = dyno_json_parse (text, length, &error);

  if (json == NULL)
    g_test_message ("%.*s", (int) (length < 0 ? (gssize) strlen (text) : length), text);
  g_assert_no_error (error);

  return json;
}

DynoJson *
dyno_test_ctl_run_json (DynoTestCtl *self,
                        int          status,
                        const char  *first,
                        ...)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new ();
  g_autoptr(DynoTestEnd) end = NULL;
  va_list args;

  g_ptr_array_add (words, (char *) "--json");
  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (words, (char *) word);
  va_end (args);
  g_ptr_array_add (words, NULL);
  end = dyno_test_ctl_run_v (self, (const char *const *) words->pdata);
  dyno_test_end_assert (end, status);

  return dyno_test_end_json (end);
}

DynoJson *
dyno_test_end_json (const DynoTestEnd *self)
{
  g_assert_true (g_str_has_suffix (self->out, "\n"));
  g_assert_cmpint (strchr (self->out, '\n') - self->out, ==, (gssize) strlen (self->out) - 1);

  return parse (self->out, (gssize) strlen (self->out) - 1);
}

GPtrArray *
dyno_test_end_lines (const DynoTestEnd *self)
{
  GPtrArray *documents = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_json_free);
  g_auto(GStrv) lines = g_strsplit (self->out, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      if (**line != '\0')
        g_ptr_array_add (documents, parse (*line, -1));
    }

  return documents;
}

void
dyno_test_end_assert_body (const DynoTestEnd *self,
                           const char        *reason)
{
  g_autoptr(DynoJson) body = parse (self->err, -1);
  const DynoJson *error = dyno_test_member (body, "error", DYNO_JSON_OBJECT);
  const DynoJson *details = dyno_test_member (error, "details", DYNO_JSON_OBJECT);

  dyno_test_member (error, "code", DYNO_JSON_STRING);
  dyno_test_member (error, "message", DYNO_JSON_STRING);
  dyno_test_member (error, "timestamp", DYNO_JSON_STRING);
  if (reason != NULL)
    g_assert_cmpstr (dyno_json_get_string (details, "reason"), ==, reason);
}

const DynoJson *
dyno_test_member (const DynoJson *object,
                  const char     *name,
                  DynoJsonType    type)
{
  const DynoJson *member = dyno_json_member (object, name);

  if (member == NULL)
    g_test_message ("no member %s", name);
  g_assert_nonnull (member);
  if (dyno_json_type (member) != type)
    g_test_message ("member %s", name);
  g_assert_cmpint (dyno_json_type (member), ==, type);

  return member;
}

void
dyno_test_member_or_null (const DynoJson *object,
                          const char     *name,
                          DynoJsonType    type)
{
  const DynoJson *member = dyno_json_member (object, name);

  if (member == NULL)
    g_test_message ("no member %s", name);
  g_assert_nonnull (member);
  if (dyno_json_type (member) != DYNO_JSON_NULL)
    dyno_test_member (object, name, type);
}

void
dyno_test_end_assert_status (const char        *file,
                             int                line,
                             const char        *function,
                             const DynoTestEnd *end,
                             int                wanted)
{
  g_autofree char *message = NULL;

  if (end->status == wanted)
    return;

  message = g_strdup_printf ("status %d, not %d; stdout: %s; stderr: %s", end->status, wanted,
                             end->out, end->err);
  g_assertion_message (G_LOG_DOMAIN, file, line, function, message);
}
