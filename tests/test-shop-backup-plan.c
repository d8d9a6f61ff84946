/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-backup-plan.h"

#define HOUR_MS (3600 * G_GINT64_CONSTANT (1000))
#define DAY_MS (24 * HOUR_MS)
#define MOST 500

static const DynoBackupKeep usual = { 7, 4, 12 };

static gint64
ms_of (GTimeZone  *zone,
       const char *text)
{
  g_autoptr(GDateTime) at = g_date_time_new_from_iso8601 (text, zone);

  g_assert_nonnull (at);

  return g_date_time_to_unix (at) * 1000;
}

static guint
count (const gboolean *kept,
       guint           n)
{
  guint total = 0;

  for (guint i = 0; i < n; i++)
    total += kept[i] ? 1 : 0;

  return total;
}

/* A year and more of one a day: seven days, four weeks (the newest two of which are
 * among the days) and twelve months. */
static void
test_years_of_days (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  gint64 last = ms_of (zone, "2026-03-18T03:00:00"); /* a Wednesday */
  DynoBackupAge ages[MOST];
  g_autofree gboolean *kept = NULL;

  for (guint i = 0; i < MOST; i++)
    ages[i] = (DynoBackupAge){ last - i * DAY_MS, TRUE };
  kept = dyno_backup_plan_keep (ages, MOST, &usual, zone);

  for (guint i = 0; i < 7; i++)
    g_assert_true (kept[i]);
  g_assert_false (kept[7]);
  g_assert_true (kept[10]);  /* Sunday 8 March */
  g_assert_true (kept[17]);  /* Sunday 1 March */
  g_assert_true (kept[18]);  /* 28 February */
  g_assert_true (kept[46]);  /* 31 January */
  g_assert_cmpuint (count (kept, MOST), ==, 7 + 2 + 11);
}

/* What has gone never comes back: pruning each day ends where pruning once does. */
static void
test_day_by_day (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  gint64 first = ms_of (zone, "2024-12-20T03:00:00");
  DynoBackupAge ages[MOST];
  guint n = 0;

  for (guint day = 0; day < 460; day++)
    {
      g_autofree gboolean *kept = NULL;
      guint n_kept = 0;

      for (guint i = n; i > 0; i--)
        ages[i] = ages[i - 1];
      ages[0] = (DynoBackupAge){ first + day * DAY_MS, TRUE };
      kept = dyno_backup_plan_keep (ages, ++n, &usual, zone);
      g_assert_true (kept[0]);
      for (guint i = 0; i < n; i++)
        {
          if (kept[i])
            ages[n_kept++] = ages[i];
        }
      n = n_kept;
      g_assert_cmpuint (n, <=, 7 + 4 + 12);
      g_assert_cmpuint (n, >=, MIN (day + 1, 7));
    }
  /* The oldest is that of eleven months ago. */
  g_assert_cmpint (ages[0].created_ms - ages[n - 1].created_ms, >, 320 * DAY_MS);
}

/* Several of one day count as one; a bad one is none. */
static void
test_bad_ones_do_not_count (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  gint64 noon = ms_of (zone, "2026-03-18T12:00:00");
  const DynoBackupAge ages[] = {
    { noon, FALSE }, { noon - HOUR_MS, TRUE }, { noon - 2 * HOUR_MS, TRUE },
    { noon - DAY_MS, FALSE }, { noon - 2 * DAY_MS, TRUE },
  };
  const gboolean wanted[] = { FALSE, TRUE, FALSE, FALSE, TRUE };
  g_autofree gboolean *kept
    = dyno_backup_plan_keep (ages, G_N_ELEMENTS (ages), &usual, zone);

  for (guint i = 0; i < G_N_ELEMENTS (ages); i++)
    g_assert_cmpint (kept[i], ==, wanted[i]);
}

static void
test_the_last_one_stays (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  static const DynoBackupKeep none = { 0, 0, 0 };
  const DynoBackupAge good[] = { { 5 * DAY_MS, FALSE }, { 4 * DAY_MS, TRUE }, { DAY_MS, TRUE } };
  const DynoBackupAge bad[] = { { 5 * DAY_MS, FALSE }, { 4 * DAY_MS, FALSE } };
  g_autofree gboolean *one = dyno_backup_plan_keep (good, 3, &none, zone);
  g_autofree gboolean *all = dyno_backup_plan_keep (bad, 2, &none, zone);
  g_autofree gboolean *nothing = dyno_backup_plan_keep (NULL, 0, &usual, zone);

  g_assert_cmpuint (count (one, 3), ==, 1);
  g_assert_true (one[1]);
  g_assert_cmpuint (count (all, 2), ==, 2);
  g_assert_nonnull (nothing);
}

/* A week that lies in two years is one week. */
static void
test_week_over_new_year (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  static const DynoBackupKeep weeks = { 1, 2, 0 };
  const DynoBackupAge ages[] = {
    { ms_of (zone, "2026-01-04T03:00:00"), TRUE },
    { ms_of (zone, "2025-12-30T03:00:00"), TRUE },
    { ms_of (zone, "2025-12-28T03:00:00"), TRUE },
  };
  g_autofree gboolean *kept = dyno_backup_plan_keep (ages, 3, &weeks, zone);

  g_assert_true (kept[0]);
  g_assert_false (kept[1]);
  g_assert_true (kept[2]);
}

static void
test_due (void)
{
  static const struct
  {
    const char *now;
    const char *last; /* NULL: none */
    int         hour;
    gboolean    is_due;
  } rows[] = {
    { "2026-03-18T02:59:59", "2026-03-17T03:00:05", 3, FALSE },
    { "2026-03-18T03:00:00", "2026-03-17T03:00:05", 3, TRUE },
    { "2026-03-18T03:05:00", "2026-03-18T03:00:05", 3, FALSE },
    { "2026-03-18T01:00:00", "2026-03-16T03:00:05", 3, TRUE }, /* yesterday's was missed */
    { "2026-03-18T12:00:00", NULL, 3, TRUE },
    { "2026-03-18T12:00:00", NULL, -1, FALSE },
    { "2026-03-18T12:00:00", "2020-01-01T00:00:00", -1, FALSE },
    { "2026-03-18T00:00:30", "2026-03-17T23:59:00", 0, TRUE },
    /* The hour that the change to summer time leaves out, and the one that comes twice. */
    { "2026-03-29T12:00:00", "2026-03-28T12:00:00", 2, TRUE },
    { "2026-10-25T12:00:00", "2026-10-25T03:30:00", 2, FALSE },
  };
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 last = rows[i].last != NULL ? ms_of (zone, rows[i].last) : 0;

      g_test_message ("%s after %s", rows[i].now, rows[i].last);
      g_assert_cmpint (dyno_backup_plan_is_due (ms_of (zone, rows[i].now), last, rows[i].hour, zone),
                       ==, rows[i].is_due);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shop/backup-plan/years-of-days", test_years_of_days);
  g_test_add_func ("/shop/backup-plan/day-by-day", test_day_by_day);
  g_test_add_func ("/shop/backup-plan/bad-ones", test_bad_ones_do_not_count);
  g_test_add_func ("/shop/backup-plan/last-one", test_the_last_one_stays);
  g_test_add_func ("/shop/backup-plan/new-year", test_week_over_new_year);
  g_test_add_func ("/shop/backup-plan/due", test_due);

  return g_test_run ();
}
