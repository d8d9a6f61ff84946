/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "dyno-error.h"
#include "dyno-log.h"
#include "dyno-metrics.h"
#include "dyno-test-secrets.h"
#include "dyno-test.h"

#define NOON_US (G_GINT64_CONSTANT (1763640000) * G_USEC_PER_SEC) /* 2025-11-20 12:00 UTC */
#define DAY_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  char      *folder; /* (owned) of the log; not there yet */
  char      *above;  /* (owned) */
  DynoClock *clock;  /* (owned) */
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer unused)
{
  f->above = dyno_test_make_folder ();
  f->folder = g_build_filename (f->above, "log", NULL);
  f->clock = dyno_clock_new_fake (0, NOON_US);
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  dyno_log_end_file ();
  dyno_test_remove_folder (f->above);
  g_free (f->folder);
  g_free (f->above);
  dyno_clock_free (f->clock);
}

static void
begin (Fixture    *f,
       DynoLogFile file)
{
  g_autoptr(GError) error = NULL;

  file.folder = f->folder;
  file.clock = f->clock;
  file.is_alone = TRUE;
  if (file.level == 0)
    file.level = G_LOG_LEVEL_DEBUG;
  g_assert_true (dyno_log_begin_file (&file, &error));
  g_assert_no_error (error);
}

static void
say (const char *message)
{
  dyno_log_write (G_LOG_LEVEL_INFO, &(DynoLogLine){ .room = "test", .message = message });
}

static GPtrArray *
read_back (Fixture      *f,
           DynoLogQuery  query)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *found;

  dyno_log_flush ();
  found = dyno_log_read (f->folder, &query, &error);
  g_assert_no_error (error);

  return found;
}

static guint
count_packed (Fixture *f)
{
  g_autoptr(GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_suffix (name, ".log.gz");

  return n;
}

static void
test_members (void)
{
  const char *const fields[] = { "run", "run_4kP9", "msg", "twice", "run", "again", NULL };
  DynoLogLine line = { .room = "dyno-server", .event = "http.request", .message = "done",
                       .correlation_id = "c1", .trace_id = "t1", .span_id = "s1",
                       .principal = "usr_1", .ip = "127.0.0.1", .method = "GET",
                       .route = "/api/v1/runs/{id}", .status = 404, .duration_us = 1500,
                       .bytes_in = 10, .bytes_out = 20, .error_code = "NOT_FOUND",
                       .fields = fields };
  g_autofree char *json = dyno_log_print (DYNO_LOG_JSON, NOON_US, G_LOG_LEVEL_INFO, &line);
  g_autofree char *text = dyno_log_print (DYNO_LOG_TEXT, NOON_US, G_LOG_LEVEL_INFO, &line);

  g_assert_cmpstr (json, ==,
                   "{\"ts\":\"2025-11-20T12:00:00.000Z\",\"level\":\"INFO\","
                   "\"room\":\"dyno-server\",\"event\":\"http.request\",\"msg\":\"done\","
                   "\"correlation_id\":\"c1\",\"trace_id\":\"t1\",\"span_id\":\"s1\","
                   "\"principal\":\"usr_1\",\"ip\":\"127.0.0.1\",\"method\":\"GET\","
                   "\"route\":\"/api/v1/runs/{id}\",\"status\":404,\"dur_us\":1500,"
                   "\"bytes_in\":10,\"bytes_out\":20,\"error_code\":\"NOT_FOUND\","
                   "\"run\":\"run_4kP9\"}");
  g_assert_cmpstr (text, ==, "12:00:00.000 INFO    dyno-server: done GET /api/v1/runs/{id} 404 "
                             "1.5 ms NOT_FOUND");
}

/* What is no secret stays readable. */
static void
test_plain_words_stay (void)
{
  static const char *const texts[] = {
    "The run run_4kP9sD2fG7hJ1lZ6xC3v was kept.",
    "The keyring is locked; unlock it.",
    "key_8hT2mN4pQ6rS8tV0wX2y was revoked",
    "exit status 3 of dynoctl",
    "https://shop.example:5443/api/v1/runs?limit=5",
    "Dynojet 424x: 12.5 % lost",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *clean = dyno_log_redact (texts[i]);

      g_assert_cmpstr (clean, ==, texts[i]);
    }
  g_assert_false (dyno_log_is_secret_name ("key_id"));
  g_assert_false (dyno_log_is_secret_name ("monkey"));
  g_assert_true (dyno_log_is_secret_name ("Refresh_Token"));
  g_assert_true (dyno_log_is_secret_name ("X-API-Key"));
}

static void
log_everywhere (const char *text)
{
  const char *const fields[] = { "detail", text, "password", "plain-value-by-name", text, "name",
                                 NULL };

  dyno_log_write (G_LOG_LEVEL_WARNING,
                  &(DynoLogLine){ .room = text, .event = text, .message = text,
                                  .correlation_id = text, .trace_id = text, .span_id = text,
                                  .principal = text, .ip = text, .method = text, .route = text,
                                  .error_code = text, .fields = fields });
  dyno_log_write (G_LOG_LEVEL_WARNING, &(DynoLogLine){ .message = text });
}

/* Standard error of a child that logs every secret everywhere. */
static void
test_secrets_on_stderr (gconstpointer format)
{
  if (g_test_subprocess ())
    {
      dyno_log_install (G_LOG_LEVEL_DEBUG, GPOINTER_TO_INT (format));
      for (guint i = 0; i < G_N_ELEMENTS (dyno_test_secrets); i++)
        {
          log_everywhere (dyno_test_secrets[i].text);
          g_message ("%s", dyno_test_secrets[i].text);
        }
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*[secret]*");
  for (guint i = 0; i < G_N_ELEMENTS (dyno_test_secrets); i++)
    {
      g_autofree char *pattern = g_strdup_printf ("*%s*", dyno_test_secrets[i].secret);

      g_test_trap_assert_stderr_unmatched (pattern);
    }
  g_test_trap_assert_stderr_unmatched ("*plain-value-by-name*");
}

static void
test_secrets_in_file (Fixture      *f,
                      gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.log", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GPtrArray) found = NULL;

  begin (f, (DynoLogFile){ 0 });
  for (guint i = 0; i < G_N_ELEMENTS (dyno_test_secrets); i++)
    log_everywhere (dyno_test_secrets[i].text);
  found = read_back (f, (DynoLogQuery){ 0 });
  g_assert_cmpuint (found->len, ==, 80);

  text = dyno_test_read (path, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (dyno_test_secrets); i++)
    {
      if (strstr (text, dyno_test_secrets[i].secret) != NULL)
        g_error ("%s was told", dyno_test_secrets[i].secret);
    }
  g_assert_null (strstr (text, "plain-value-by-name"));
  g_assert_nonnull (strstr (text, "[secret]"));
}

/* Neither a second line nor an escape code comes from what somebody else wrote. */
static void
test_controls (void)
{
  DynoLogLine line = { .room = "r", .message = "a\nb\x1b[31mc\x7f\xc2\x9b\xe2\x80\xae" "d\xff" };
  g_autofree char *json = dyno_log_print (DYNO_LOG_JSON, NOON_US, G_LOG_LEVEL_INFO, &line);
  g_autofree char *text = dyno_log_print (DYNO_LOG_TEXT, NOON_US, G_LOG_LEVEL_INFO, &line);

  for (guint i = 0; text[i] != '\0'; i++)
    g_assert_cmpint ((guchar) text[i], >=, 0x20);
  g_assert_null (strchr (json, '\n'));
  g_assert_null (strchr (json, 0x1b));
  g_assert_null (strstr (text, "\xe2\x80\xae"));
  g_assert_nonnull (strstr (text, "a\\u000ab\\u001b[31mc\\u007f\\u009b\\u202ed"));
}

static void
test_huge (void)
{
  g_autofree char *huge = g_strnfill (1 << 20, 'a');
  g_autofree char *clean = dyno_log_redact (huge);
  g_autofree char *names = NULL;
  GString *many = g_string_new (NULL);

  g_assert_cmpuint (strlen (clean), ==, DYNO_LOG_MAX_TEXT);
  for (guint i = 0; i < 2000; i++)
    g_string_append (many, "password=\"");
  names = dyno_log_redact (many->str);
  g_assert_nonnull (names);
  g_string_free (many, TRUE);
}

static void
test_file (Fixture      *f,
           gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.log", NULL);
  struct stat found;

  begin (f, (DynoLogFile){ .level = G_LOG_LEVEL_INFO });
  say ("first");
  dyno_log_write (G_LOG_LEVEL_DEBUG, &(DynoLogLine){ .message = "not wanted" });
  dyno_log_flush ();
  g_assert_cmpint (g_stat (path, &found), ==, 0);
  g_assert_cmpint (found.st_mode & 07777, ==, 0600);
  g_assert_cmpint (g_stat (f->folder, &found), ==, 0);
  g_assert_cmpint (found.st_mode & 07777, ==, 0700);
  dyno_log_end_file ();
  say ("to nobody");

  begin (f, (DynoLogFile){ 0 });
  say ("second");
  {
    g_autoptr(GPtrArray) lines = read_back (f, (DynoLogQuery){ 0 });

    g_assert_cmpuint (lines->len, ==, 2);
    g_assert_cmpstr (((DynoLogRecord *) lines->pdata[0])->message, ==, "second");
    g_assert_cmpstr (((DynoLogRecord *) lines->pdata[1])->message, ==, "first");
    g_assert_cmpint (((DynoLogRecord *) lines->pdata[0])->real_us, ==, NOON_US);
  }
}

static void
test_no_folder (Fixture      *f,
                gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) missing = NULL;
  DynoLogFile file = { .folder = f->folder };
  DynoLogQuery all = { 0 };

  g_assert_null (dyno_log_read (f->folder, &all, &missing));
  g_assert_error (missing, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_true (g_file_set_contents (f->folder, "a file", -1, NULL));
  g_assert_false (dyno_log_begin_file (&file, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  dyno_log_flush ();
}

static void
test_rotation_by_day (Fixture      *f,
                      gconstpointer unused)
{
  g_autoptr(GPtrArray) lines = NULL;

  begin (f, (DynoLogFile){ .keep = 3 });
  for (guint day = 0; day < 6; day++)
    {
      g_autofree char *message = g_strdup_printf ("day %u", day);

      say (message);
      dyno_log_flush ();
      dyno_clock_advance (f->clock, DAY_US);
    }
  g_assert_cmpuint (count_packed (f), ==, 3);
  lines = read_back (f, (DynoLogQuery){ 0 });
  g_assert_cmpuint (lines->len, ==, 4);
  g_assert_cmpstr (((DynoLogRecord *) lines->pdata[0])->message, ==, "day 5");
  g_assert_cmpstr (((DynoLogRecord *) lines->pdata[3])->message, ==, "day 2");
}

static void
test_rotation_by_size (Fixture      *f,
                       gconstpointer unused)
{
  g_autoptr(GPtrArray) lines = NULL;

  begin (f, (DynoLogFile){ .keep = 50, .max_bytes = 1000 });
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *message = g_strdup_printf ("line %u", i);

      say (message);
    }
  lines = read_back (f, (DynoLogQuery){ .max = 1000 });
  g_assert_cmpuint (count_packed (f), >, 5);
  g_assert_cmpuint (lines->len, ==, 100);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *message = g_strdup_printf ("line %u", 99 - i);

      g_assert_cmpstr (((DynoLogRecord *) lines->pdata[i])->message, ==, message);
    }
}

/* A program that died while it packed: the next one finishes the work. */
static void
test_left_aside (Fixture      *f,
                 gconstpointer unused)
{
  g_autofree char *aside = g_build_filename (f->folder, "dynoai-20251119T000000Z-000.log", NULL);
  g_autoptr(GPtrArray) lines = NULL;

  g_assert_cmpint (g_mkdir (f->folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (aside, "{\"ts\":\"2025-11-19T00:00:00.000Z\",\"level\":"
                                             "\"INFO\",\"room\":\"r\",\"msg\":\"left\"}\nhalf a",
                                      -1, NULL));
  begin (f, (DynoLogFile){ 0 });
  g_assert_false (g_file_test (aside, G_FILE_TEST_EXISTS));
  lines = read_back (f, (DynoLogQuery){ 0 });
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_cmpstr (((DynoLogRecord *) lines->pdata[0])->message, ==, "left");
}

static void
test_query (Fixture      *f,
            gconstpointer unused)
{
  static const struct
  {
    DynoLogQuery query;
    guint        n;
  } rows[] = {
    { { 0 }, 4 },
    { { .max = 2 }, 2 },
    { { .level = G_LOG_LEVEL_WARNING }, 2 },
    { { .level = G_LOG_LEVEL_CRITICAL }, 1 },
    { { .room = "dyno-shop" }, 2 },
    { { .text = "STRASSE" }, 1 },
    { { .correlation_id = "c-7" }, 2 },
    { { .correlation_id = "c-7", .level = G_LOG_LEVEL_WARNING, .room = "dyno-server" }, 1 },
    { { .text = "nothing" }, 0 },
  };

  begin (f, (DynoLogFile){ 0 });
  dyno_log_write (G_LOG_LEVEL_CRITICAL, &(DynoLogLine){ .room = "dyno-server", .message = "a",
                                                        .correlation_id = "c-7" });
  dyno_log_write (G_LOG_LEVEL_WARNING, &(DynoLogLine){ .room = "dyno-shop", .message = "b",
                                                       .event = "shop.b" });
  dyno_log_write (G_LOG_LEVEL_MESSAGE, &(DynoLogLine){ .room = "dyno-shop", .message = "c",
                                                       .correlation_id = "c-7" });
  dyno_log_write (G_LOG_LEVEL_DEBUG, &(DynoLogLine){ .room = "x", .message = "straße" });
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GPtrArray) found = read_back (f, rows[i].query);

      g_assert_cmpuint (found->len, ==, rows[i].n);
    }
}

#define N_THREADS 4
#define N_LINES 5000

static gpointer
log_thread (gpointer data)
{
  for (guint i = 0; i < N_LINES; i++)
    say ("many");

  return NULL;
}

static guint64
read_dropped (void)
{
  g_autoptr(GPtrArray) samples = dyno_metrics_snapshot ();

  for (guint i = 0; i < samples->len; i++)
    {
      const DynoMetricSample *sample = g_ptr_array_index (samples, i);

      if (sample->metric == DYNO_METRIC_LOG_DROPPED)
        return (guint64) sample->value;
    }
  g_assert_not_reached ();
}

/* Each line is in the file or counted as dropped, and none waits for the disk. */
static void
test_full_queue (Fixture      *f,
                 gconstpointer unused)
{
  GThread *threads[N_THREADS];
  guint64 before = read_dropped ();
  g_autoptr(GPtrArray) lines = NULL;

  begin (f, (DynoLogFile){ .max_queue = 2 });
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("log", log_thread, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  lines = read_back (f, (DynoLogQuery){ .max = 2 * N_THREADS * N_LINES, .text = "many" });
  g_assert_cmpuint (lines->len, >, 0);
  g_assert_cmpuint (lines->len + read_dropped () - before, ==, N_THREADS * N_LINES);
}

/* With room for all none is lost. */
static void
test_threads (Fixture      *f,
              gconstpointer unused)
{
  GThread *threads[N_THREADS];
  g_autoptr(GPtrArray) lines = NULL;

  begin (f, (DynoLogFile){ .max_queue = N_THREADS * N_LINES });
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("log", log_thread, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  lines = read_back (f, (DynoLogQuery){ .max = 2 * N_THREADS * N_LINES });
  g_assert_cmpuint (lines->len, ==, N_THREADS * N_LINES);
}

#define ADD(path, function) \
  g_test_add ("/base/log/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/log/members", test_members);
  g_test_add_func ("/base/log/plain-words-stay", test_plain_words_stay);
  g_test_add_data_func ("/base/log/secrets-on-stderr/json", GINT_TO_POINTER (DYNO_LOG_JSON),
                        test_secrets_on_stderr);
  g_test_add_data_func ("/base/log/secrets-on-stderr/text", GINT_TO_POINTER (DYNO_LOG_TEXT),
                        test_secrets_on_stderr);
  g_test_add_func ("/base/log/controls", test_controls);
  g_test_add_func ("/base/log/huge", test_huge);
  ADD ("secrets-in-file", test_secrets_in_file);
  ADD ("file", test_file);
  ADD ("no-folder", test_no_folder);
  ADD ("rotation-by-day", test_rotation_by_day);
  ADD ("rotation-by-size", test_rotation_by_size);
  ADD ("left-aside", test_left_aside);
  ADD ("query", test_query);
  ADD ("full-queue", test_full_queue);
  ADD ("threads", test_threads);

  return g_test_run ();
}
