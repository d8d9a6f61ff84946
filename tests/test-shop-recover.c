/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test-vfs.h"
#include "dyno-test.h"

/* After the program or the disk ended in the middle of a run, the packet journal
 * is the truth. One run is recorded, then its folder is made to look as a crash
 * would have left it. */

/* What was recorded, and what a crash may leave of it. */
typedef struct
{
  DynoRun   *run;     /* (owned) */
  GPtrArray *seconds; /* (owned) of DynoSecond, as stored */
  char      *journal; /* (owned) its bytes */
  gsize      length;
} Recorded;

static void
recorded_free (Recorded *self)
{
  dyno_run_free (self->run);
  g_ptr_array_unref (self->seconds);
  g_free (self->journal);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Recorded, recorded_free)

static char *
journal_path (DynoTestShop *f,
              const char   *run_id)
{
  g_autofree char *name = g_strconcat (run_id, ".jdj", NULL);

  return g_build_filename (f->folder, "journal", name, NULL);
}

static GPtrArray *
load_seconds (DynoTestShop *f,
              DynoStore    *store,
              const char   *run_id)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *seconds;

  dyno_store_load_seconds_async (store, run_id, 0, G_MAXINT64, NULL, dyno_await_cb, f->await);
  seconds = dyno_store_load_seconds_finish (store, dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  return seconds;
}

/* Records a pull and takes it away: the folder is new, the shop closed. */
static Recorded *
record (DynoTestShop *f)
{
  Recorded *self = g_new0 (Recorded, 1);
  g_autoptr(GPtrArray) runs = dyno_test_shop_record (f, 1);
  g_autofree char *path = NULL;
  DynoStore *store;

  g_assert_cmpuint (runs->len, ==, 1);
  self->run = g_ptr_array_steal_index (runs, 0);
  dyno_test_shop_close (f);
  store = dyno_test_shop_open_store (f);
  self->seconds = load_seconds (f, store, self->run->id);
  dyno_test_shop_close_store (f, store);
  path = journal_path (f, self->run->id);
  self->journal = dyno_test_read (path, &self->length);
  dyno_test_remove_folder (f->folder);
  g_mkdir_with_parents (f->folder, 0700);

  return self;
}

static void
put_journal (DynoTestShop   *f,
             const Recorded *recorded,
             gsize           length)
{
  g_autofree char *path = journal_path (f, recorded->run->id);
  g_autofree char *folder = g_path_get_dirname (path);

  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (path, recorded->journal, (gssize) length, NULL));
}

/* The store as it stands in the middle of a recording: the run is begun, some of
 * its seconds are there. */
static void
begin_run (DynoTestShop *f,
           Recorded     *recorded,
           guint         n_seconds)
{
  DynoStore *store = dyno_test_shop_open_store (f);
  DynoRun *run = dyno_run_new ();
  g_autoptr(DynoRun) begun = NULL;
  g_autoptr(GError) error = NULL;

  run->id = g_strdup (recorded->run->id);
  run->source = DYNO_SOURCE_SIMULATOR;
  run->is_simulator = TRUE;
  run->provider = g_strdup (recorded->run->provider);
  run->started_ms = recorded->run->started_ms;
  run->origin_us = recorded->run->origin_us;
  run->run_start_us = recorded->run->run_start_us;
  dyno_store_begin_run_async (store, run, NULL, NULL, dyno_await_cb, f->await);
  begun = dyno_store_begin_run_finish (store, dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n_seconds; i++)
    {
      const DynoSecond *from = g_ptr_array_index (recorded->seconds, i);
      DynoSecond *second = dyno_second_new (dyno_second_number (from));

      for (guint k = 0; k < dyno_second_n_blocks (from); k++)
        {
          DynoSampleBlock block = dyno_second_block (from, k);
          g_autofree char *name = g_strdup_printf ("channel %u", block.channel);

          dyno_second_add (second, block.channel, block.n, block.t_us, block.raw, block.flags);
          dyno_second_add_channel (second, dyno_run_channel_new (block.channel, name));
        }
      dyno_store_append_second_async (store, recorded->run->id, second, NULL, dyno_await_cb,
                                      f->await);
      dyno_store_append_second_finish (store, dyno_await_wait (f->await), &error);
      g_assert_no_error (error);
    }
  dyno_test_shop_close_store (f, store);
}

static DynoRun *
the_run (DynoTestShop *f)
{
  g_autoptr(GPtrArray) runs = dyno_test_shop_runs (f);

  g_assert_cmpuint (runs->len, ==, 1);

  return g_ptr_array_steal_index (runs, 0);
}

/* So many of the first seconds are what was recorded, to the bit. */
static guint
count_equal (DynoTestShop   *f,
             const Recorded *recorded)
{
  g_autoptr(GPtrArray) found = NULL;
  DynoStore *store;
  guint n = 0;

  dyno_test_shop_close (f);
  store = dyno_test_shop_open_store (f);
  found = load_seconds (f, store, recorded->run->id);
  dyno_test_shop_close_store (f, store);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  while (n < found->len && n < recorded->seconds->len
         && dyno_second_equal (found->pdata[n], recorded->seconds->pdata[n]))
    n++;
  g_test_message ("%u of %u seconds, %u of them equal", found->len, recorded->seconds->len, n);
  g_assert_cmpuint (found->len, <=, n + 1);

  return n;
}

/* The store has never heard of it. */
static void
test_only_the_journal (DynoTestShop *f,
                       gconstpointer unused)
{
  g_autoptr(Recorded) recorded = NULL;
  g_autoptr(DynoRun) run = NULL;
  g_autoptr(DynoRun) again = NULL;

  if (!dyno_test_shop_has_wire ())
    return;
  recorded = record (f);
  put_journal (f, recorded, recorded->length);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);

  run = the_run (f);
  g_assert_cmpstr (run->id, ==, recorded->run->id);
  g_assert_cmpint (run->status, ==, DYNO_RUN_INTERRUPTED);
  g_assert_cmpint (run->source, ==, DYNO_SOURCE_SIMULATOR);
  g_assert_cmpint (run->started_ms, ==, recorded->run->started_ms);
  g_assert_cmpint (run->run_start_us, ==, recorded->run->run_start_us);
  g_assert_cmpint (run->run_end_us, ==, recorded->run->run_end_us);
  dyno_assert_near (run->peaks.power_kw, recorded->run->peaks.power_kw, 1e-9);
  g_assert_cmpuint (count_equal (f, recorded), ==, recorded->seconds->len);
  dyno_test_shop_assert_verified (f);

  /* A second start finds nothing to do. */
  dyno_test_shop_close (f);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  again = the_run (f);
  g_assert_cmpint (again->number, ==, run->number);
  g_assert_cmpint (again->revision, ==, run->revision);
}

/* A run that was ended for ever does not come back from what is left of its files. */
static void
test_purged (DynoTestShop *f,
             gconstpointer unused)
{
  g_autoptr(Recorded) recorded = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  const char *ids[] = { NULL, NULL };

  if (!dyno_test_shop_has_wire ())
    return;
  recorded = record (f);
  path = journal_path (f, recorded->run->id);
  put_journal (f, recorded, recorded->length);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  ids[0] = recorded->run->id;
  g_assert_true (dyno_test_ask (f, dyno_runbook_purge, &error, ids));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  dyno_test_shop_close (f);
  put_journal (f, recorded, recorded->length);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  runs = dyno_test_shop_runs (f);
  g_assert_cmpuint (runs->len, ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  dyno_test_shop_assert_verified (f);
}

static void
test_cut_anywhere (DynoTestShop *f,
                   gconstpointer unused)
{
  g_autoptr(Recorded) recorded = NULL;
  guint last = 2; /* the store's own are never given away */

  if (!dyno_test_shop_has_wire ())
    return;
  recorded = record (f);
  for (guint i = 2; i <= 4; i++)
    {
      g_autoptr(DynoRun) run = NULL;
      guint n;

      begin_run (f, recorded, i == 4 ? 0 : 2);
      put_journal (f, recorded, recorded->length * i / 5 + 17);
      dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
      run = the_run (f);
      g_assert_cmpint (run->status, ==, DYNO_RUN_INTERRUPTED);
      g_assert_nonnull (run->error);
      n = count_equal (f, recorded);
      g_assert_cmpuint (n, >=, last);
      last = n;
      dyno_test_shop_assert_verified (f);
      dyno_test_shop_close (f);
      dyno_test_remove_folder (f->folder);
      g_mkdir_with_parents (f->folder, 0700);
    }
  g_assert_cmpuint (last, >=, recorded->seconds->len / 2);
}

/* Nothing but what the store has. */
static void
test_no_journal (DynoTestShop *f,
                 gconstpointer unused)
{
  g_autoptr(Recorded) recorded = NULL;
  g_autoptr(DynoRun) run = NULL;

  if (!dyno_test_shop_has_wire ())
    return;
  recorded = record (f);
  begin_run (f, recorded, 2);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  run = the_run (f);
  g_assert_cmpint (run->status, ==, DYNO_RUN_INTERRUPTED);
  g_assert_cmpint (run->roll_end_us, >=, run->origin_us + 19 * G_USEC_PER_SEC / 10);
  g_assert_cmpint (run->roll_end_us, <, run->origin_us + 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (count_equal (f, recorded), ==, 2);
  dyno_test_shop_assert_verified (f);
}

/* Files that are no journals of a run make none. */
static void
test_strays (DynoTestShop *f,
             gconstpointer unused)
{
  g_autofree char *empty = journal_path (f, "run_0123456789abcdefghij");
  g_autofree char *other = journal_path (f, "run_bcdefghijklmnopqrstu");
  g_autofree char *alien = journal_path (f, "notes");
  g_autoptr(GPtrArray) runs = NULL;

  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_assert_true (g_file_set_contents (other, "no journal at all", -1, NULL));
  g_assert_true (g_file_set_contents (alien, "mine", -1, NULL));
  dyno_test_shop_close (f);
  g_test_expect_message ("dyno-shop", G_LOG_LEVEL_WARNING, "*run_bcdefghijklmnopqrstu*left alone*");
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  g_test_assert_expected_messages ();
  runs = dyno_test_shop_runs (f);
  g_assert_cmpuint (runs->len, ==, 0);
  g_assert_false (g_file_test (empty, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (alien, G_FILE_TEST_EXISTS));
}

static gboolean
has_complaint (const DynoArmState *state,
               gpointer            data)
{
  return state->complaint != NULL || state->message != NULL;
}

/* The database's disk is full from the middle of a run on: the packets go on into
 * the journal, and the next start has all of it. */
static void
test_full_disk (DynoTestShop *f,
                gconstpointer unused)
{
  g_autofree char *run_id = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  DynoTestDyno *dyno;

  if (!dyno_test_shop_has_wire ())
    return;
  config.cycle = "idle";
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 20);
  run_id = dyno_test_ask (f, dyno_arm_start, &error, "Full");
  g_assert_no_error (error);
  g_usleep (2 * G_USEC_PER_SEC);
  dyno_test_vfs_set_full (TRUE);
  dyno_test_shop_wait (f, has_complaint, NULL, 20);
  g_usleep (2 * G_USEC_PER_SEC);
  g_free (dyno_test_ask0 (f, dyno_arm_stop, &error));
  g_assert_no_error (error);
  dyno_test_shop_wait_phase (f, DYNO_ARM_ERROR, 20);
  dyno_test_vfs_set_full (FALSE);
  dyno_test_dyno_free (dyno);
  dyno_test_shop_close (f);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);

  run = the_run (f);
  g_assert_cmpstr (run->id, ==, run_id);
  g_assert_cmpint (run->status, ==, DYNO_RUN_INTERRUPTED);
  samples = dyno_test_ask (f, dyno_runbook_load, &error, run_id, NULL);
  g_assert_no_error (error);
  g_assert_cmpfloat (dyno_samples_time (samples)[dyno_samples_n_rows (samples) - 1], >, 4);
  dyno_test_shop_assert_verified (f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dyno_test_vfs_install ();
  DYNO_TEST_SHOP_ADD ("/shop/recover/only-the-journal", test_only_the_journal);
  DYNO_TEST_SHOP_ADD ("/shop/recover/purged", test_purged);
  DYNO_TEST_SHOP_ADD ("/shop/recover/cut-anywhere", test_cut_anywhere);
  DYNO_TEST_SHOP_ADD ("/shop/recover/no-journal", test_no_journal);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/recover/strays", test_strays);
  DYNO_TEST_SHOP_ADD ("/shop/recover/full-disk", test_full_disk);

  return g_test_run ();
}
