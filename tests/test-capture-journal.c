/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "dyno-await.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-journal-file.h"
#include "dyno-journal.h"
#include "dyno-packet-ring.h"
#include "dyno-test.h"
#include "dyno-test-wire.h"

static GBytes *
golden_file (void)
{
  g_autoptr(DynoJson) vectors = dyno_test_wire_vectors ();
  const DynoJson *journal = dyno_json_member (vectors, "journal");
  guint8 *data;
  gsize size;

  if (vectors == NULL)
    return NULL;
  data = dyno_test_wire_from_hex (dyno_json_get_string (journal, "hex"), &size);
  g_assert_cmpuint (size, ==, 476);
  g_assert_cmphex (dyno_crypt_crc32 (0, data, size), ==, 0x5fc58d6e);

  return g_bytes_new_take (data, size);
}

static void
test_golden_file (void)
{
  g_autoptr(GBytes) file = golden_file ();
  g_autoptr(DynoJournalReader) reader = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GByteArray) again = g_byte_array_new ();
  const DynoJournalRecord *record;
  static const guint8 types[] = { 3, 1, 1, 2 };
  guint n = 0;

  if (file == NULL)
    return;
  reader = dyno_journal_reader_new (file, &error);
  g_assert_no_error (error);
  g_assert_cmphex (dyno_journal_reader_header (reader)->group, ==, 0xE000020A);
  g_assert_cmpuint (dyno_journal_reader_header (reader)->port, ==, 22344);
  g_byte_array_set_size (again, DYNO_JOURNAL_HEADER_SIZE);
  dyno_journal_write_header (again->data, dyno_journal_reader_header (reader));

  while ((record = dyno_journal_reader_next (reader)) != NULL)
    {
      g_assert_cmpuint (record->type, ==, types[n++]);
      if (n == 2)
        {
          g_assert_cmphex (record->address, ==, 0xC0A80151);
          g_assert_cmpuint (record->port, ==, 22344);
          g_assert_cmpuint (record->ifindex, ==, 2);
          g_assert_cmpint (record->arrival_us, ==, 1050000);
          g_assert_cmpuint (record->kernel_us, ==, 37);
          g_assert_cmpuint (record->size, ==, 160);
        }
      dyno_journal_append (again, record);
    }
  g_assert_cmpuint (n, ==, 4);
  g_assert_true (dyno_journal_reader_is_complete (reader));
  g_assert_cmpstr (dyno_journal_reader_complaint (reader), ==, "");
  g_assert_cmpuint (dyno_journal_reader_position (reader), ==, 476);
  /* Written again, byte for byte, but for the end record. */
  g_assert_cmpmem (again->data, again->len, g_bytes_get_data (file, NULL), 476 - 40);
}

/* Records that can be read of the first `size` bytes. */
static guint
count_whole (GBytes *file,
             gsize   size)
{
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (file, NULL), MAX (size, 1));
  g_autoptr(GBytes) bytes = g_bytes_new_static (copy, size);
  g_autoptr(DynoJournalReader) reader = dyno_journal_reader_new (bytes, NULL);
  guint n = 0;

  if (reader == NULL)
    return 0;
  while (dyno_journal_reader_next (reader) != NULL)
    n++;
  g_assert_cmpint (dyno_journal_reader_is_complete (reader), ==,
                   size == g_bytes_get_size (file));

  return n;
}

static void
test_every_prefix (void)
{
  g_autoptr(GBytes) file = golden_file ();
  guint last = 0;

  for (gsize size = 0; file != NULL && size <= g_bytes_get_size (file); size++)
    {
      guint n = count_whole (file, size);

      g_assert_cmpuint (n, >=, last);
      g_assert_cmpuint (n, <=, last + 1);
      last = n;
    }
  if (file != NULL)
    g_assert_cmpuint (last, ==, 4);
}

/* One flipped bit anywhere behind the header ends reading at its record. */
static void
test_every_bit (void)
{
  g_autoptr(GBytes) file = golden_file ();
  gsize size = file != NULL ? g_bytes_get_size (file) : 0;

  for (gsize bit = 0; bit < 8 * size; bit++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (file, NULL), size);
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(DynoJournalReader) reader = NULL;
      guint64 before = 0;

      copy[bit / 8] ^= (guint8) (1 << (bit % 8));
      bytes = g_bytes_new_static (copy, size);
      reader = dyno_journal_reader_new (bytes, NULL);
      if (bit / 8 < DYNO_JOURNAL_HEADER_SIZE)
        {
          g_assert_null (reader);
          continue;
        }
      while (dyno_journal_reader_next (reader) != NULL)
        before = dyno_journal_reader_position (reader);
      g_assert_cmpuint (before, <=, bit / 8);
      g_assert_false (dyno_journal_reader_is_complete (reader));
      g_assert_cmpstr (dyno_journal_reader_complaint (reader), !=, "");
    }
}

static GBytes *
make_records (guint  n,
              gint64 arrival_us,
              gsize  size)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autofree guint8 *payload = g_malloc0 (size);

  for (guint i = 0; i < n; i++)
    {
      DynoJournalRecord record = { .type = DYNO_JOURNAL_RECEIVED,
                                   .arrival_us = arrival_us,
                                   .payload = payload,
                                   .size = size };

      dyno_journal_append (bytes, &record);
    }

  return g_byte_array_free_to_bytes (bytes);
}

static DynoJournalResult *
finish (DynoJournalFile *file,
        gint64           end_us)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GError) error = NULL;
  DynoJournalResult *result;

  dyno_journal_file_finish_async (file, end_us, dyno_await_cb, await);
  result = dyno_journal_file_finish (dyno_await_wait (await), &error);
  g_assert_no_error (error);

  return result;
}

static void
test_file (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "run_a.jdj", NULL);
  g_autoptr(DynoJournal) journal = dyno_journal_new (dyno_clock_get_system ());
  g_autoptr(GPtrArray) pre = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(DynoJournalResult) result = NULL;
  g_autoptr(DynoJournalReport) report = NULL;
  g_autoptr(GError) error = NULL;
  DynoJournalFile *file;

  g_ptr_array_add (pre, make_records (3, 1000000, 100));
  file = dyno_journal_begin (journal, path, "run_a", "239.255.77.10", 22345, pre, 1000000);
  for (gint64 now_us = 2000000; now_us < 4000000; now_us += 50000)
    {
      g_autoptr(GBytes) records = make_records (5, now_us, 200);

      dyno_journal_file_append (file, records, now_us);
    }
  g_assert_cmpint (dyno_journal_file_status (file), ==, DYNO_JOURNAL_FILE_WRITING);
  result = finish (file, 4000000);
  g_assert_cmpint (result->status, ==, DYNO_JOURNAL_FILE_WRITING);
  g_assert_null (result->complaint);
  g_assert_cmpuint (result->n_dropped, ==, 0);
  g_assert_cmpuint (result->n_records, ==, 1 + 3 + 200);

  report = dyno_journal_verify (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (report->is_complete);
  g_assert_cmpstr (report->run_id, ==, "run_a");
  g_assert_cmpuint (report->length, ==, result->length);
  g_assert_cmpuint (report->good_length, ==, result->length);
  g_assert_cmpstr (report->sha256, ==, result->sha256);
  g_assert_cmpuint (report->n_records, ==, result->n_records);
  g_assert_cmpuint (report->n_received, ==, 203);
  g_assert_cmpint (report->first_us, ==, 1000000);
  g_assert_cmpint (report->last_us, ==, 3950000);
  dyno_test_remove_folder (folder);
}

/* What stands there already is not touched, and the run is not disturbed. */
static void
test_file_that_cannot_be (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "run_a.jdj", NULL);
  g_autoptr(DynoJournal) journal = dyno_journal_new (dyno_clock_get_system ());
  g_autoptr(DynoJournalResult) result = NULL;
  g_autoptr(GBytes) records = make_records (5, 1, 10);
  g_autofree char *text = NULL;
  DynoJournalFile *file;

  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  file = dyno_journal_begin (journal, path, "run_a", "224.0.2.10", 22344, NULL, 0);
  dyno_journal_file_append (file, records, 0);
  result = finish (file, 1);
  g_assert_cmpint (result->status, ==, DYNO_JOURNAL_FILE_FAILED);
  g_assert_cmpuint (result->n_dropped, ==, 5);
  g_assert_nonnull (strstr (result->complaint, "run_a.jdj"));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
  dyno_test_remove_folder (folder);
}

/* Files of this process may not grow beyond that; 0: as far as they like. Stands
 * in for a full disk. */
static gboolean
limit_file_size (rlim_t bytes)
{
  struct rlimit limit;

  signal (SIGXFSZ, SIG_IGN);
  if (getrlimit (RLIMIT_FSIZE, &limit) != 0)
    return FALSE;
  limit.rlim_cur = bytes > 0 ? bytes : limit.rlim_max;

  return setrlimit (RLIMIT_FSIZE, &limit) == 0;
}

/* A full disk ends the journal between two records. */
static void
test_full_disk (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "limited.jdj", NULL);
  g_autoptr(DynoJournal) journal = NULL;
  g_autoptr(DynoJournalResult) result = NULL;
  g_autoptr(DynoJournalReport) report = NULL;
  g_autoptr(GError) error = NULL;
  DynoJournalFile *file;

  if (!limit_file_size (20000))
    {
      g_test_skip ("the size of files cannot be limited here");
      dyno_test_remove_folder (folder);
      return;
    }
  journal = dyno_journal_new (dyno_clock_get_system ());
  file = dyno_journal_begin (journal, path, "run_a", "224.0.2.10", 22344, NULL, 0);
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr(GBytes) records = make_records (20, i * 300000, 100);

      dyno_journal_file_append (file, records, i * 300000);
    }
  result = finish (file, 3000000);
  limit_file_size (0);

  g_assert_cmpint (result->status, ==, DYNO_JOURNAL_FILE_FULL);
  g_assert_cmpuint (result->n_records, >, 100);
  g_assert_cmpuint (result->n_records - 1 + result->n_dropped, ==, 200);
  report = dyno_journal_verify (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (report->is_complete);
  g_assert_cmpuint (report->n_records, ==, result->n_records);
  g_assert_cmpuint (report->length, ==, result->length);
  g_assert_cmpstr (report->sha256, ==, result->sha256);
  dyno_test_remove_folder (folder);
}

static void
test_no_journal (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "other.jdj", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_journal_verify (path, NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "hello", -1, NULL));
  g_assert_null (dyno_journal_verify (path, NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  dyno_test_remove_folder (folder);
}

static DynoBatch *
make_batch (gint64 end_us,
            gsize  size,
            gssize key_at)
{
  DynoBatch *batch = dyno_batch_new (NULL, 0, NULL, 0);

  batch->records = make_records (2, end_us, size);
  batch->n_records = 2;
  batch->begin_us = end_us;
  batch->end_us = end_us;
  batch->key_at = key_at;

  return batch;
}

static gsize
total_size (GPtrArray *pieces)
{
  gsize total = 0;

  for (guint i = 0; i < pieces->len; i++)
    total += g_bytes_get_size (g_ptr_array_index (pieces, i));

  return total;
}

static void
test_ring (void)
{
  g_autoptr(DynoPacketRing) ring = dyno_packet_ring_new (10 * G_USEC_PER_SEC, 100000);
  g_autoptr(GPtrArray) some = NULL;
  g_autoptr(GPtrArray) all = NULL;
  gint64 begin_us = 0;

  /* A batch a second, a key frame in the middle of every fourth. */
  for (gint64 s = 1; s <= 30; s++)
    {
      g_autoptr(DynoBatch) batch
        = make_batch (s * G_USEC_PER_SEC, 68, s % 4 == 0 ? 100 : -1);

      dyno_packet_ring_push (ring, batch);
    }
  g_assert_cmpuint (dyno_packet_ring_n_dropped (ring), ==, 0);
  g_assert_cmpuint (dyno_packet_ring_n_bytes (ring), ==, 11 * 200);

  some = dyno_packet_ring_copy_since (ring, 26 * G_USEC_PER_SEC, &begin_us);
  g_assert_cmpint (begin_us, ==, 24 * G_USEC_PER_SEC);
  g_assert_cmpuint (total_size (some), ==, 100 + 6 * 200);
  /* Further back than the ring reaches: from its first key frame. */
  all = dyno_packet_ring_copy_since (ring, 0, &begin_us);
  g_assert_cmpint (begin_us, ==, 20 * G_USEC_PER_SEC);
  g_assert_cmpuint (total_size (all), ==, 100 + 10 * 200);
}

static void
test_ring_limit (void)
{
  g_autoptr(DynoPacketRing) ring = dyno_packet_ring_new (10 * G_USEC_PER_SEC, 1000);
  g_autoptr(GPtrArray) none = NULL;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(DynoBatch) batch = make_batch (i, 68, -1);

      dyno_packet_ring_push (ring, batch);
    }
  g_assert_cmpuint (dyno_packet_ring_n_bytes (ring), ==, 1000);
  g_assert_cmpuint (dyno_packet_ring_n_dropped (ring), ==, 2 * 15);
  none = dyno_packet_ring_copy_since (ring, 100, NULL);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/journal/golden-file", test_golden_file);
  g_test_add_func ("/capture/journal/every-prefix", test_every_prefix);
  g_test_add_func ("/capture/journal/every-bit", test_every_bit);
  g_test_add_func ("/capture/journal/file", test_file);
  g_test_add_func ("/capture/journal/file-that-cannot-be", test_file_that_cannot_be);
  g_test_add_func ("/capture/journal/full-disk", test_full_disk);
  g_test_add_func ("/capture/journal/no-journal", test_no_journal);
  g_test_add_func ("/capture/journal/ring", test_ring);
  g_test_add_func ("/capture/journal/ring-limit", test_ring_limit);

  return g_test_run ();
}
