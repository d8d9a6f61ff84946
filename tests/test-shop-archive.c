/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The form of a run archive (formats.md D, F.7): what is written is read, what was
 * changed is found, what is unsafe is refused. */

#include "config.h"

#include "dyno-archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "dyno-archive-samples.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test-log.h"
#include "dyno-test.h"

#define RUN_ID "run_0123456789abcdefghij"

/* Samples */

static double *
make_numbers (gsize  n,
              double from)
{
  double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    values[i] = i % 7 == 3 ? NAN : from + (double) i / 3;

  return values;
}

static DynoSamples *
make_samples (gsize n)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  double *time_s = g_new (double, n);
  guint8 *updates = g_malloc0 (n / 8 + 1);
  guint8 *reasons = g_malloc0 (n);
  guint8 *excluded = g_malloc0 (n / 8 + 1);
  guint column;

  for (gsize i = 0; i < n; i++)
    {
      time_s[i] = (double) (i / 2) / 20; /* each stamp twice */
      updates[i / 8] |= (guint8) ((i % 5 == 0) << (i % 8));
      reasons[i] = (guint8) (i % 7 == 3 ? DYNO_REJECT_SENTINEL : 0);
      excluded[i / 8] |= (guint8) ((i > 3 && i < 9) << (i % 8));
    }
  dyno_samples_builder_take_time (builder, time_s);
  column = dyno_samples_builder_take (builder, "Engine RPM", "DWRT CPU", DYNO_CHANNEL_RPM,
                                      dyno_unit_find ("rpm"), make_numbers (n, 2000));
  dyno_samples_builder_set_unit_text (builder, column, "U/min");
  dyno_samples_builder_take_updates (builder, column, updates);
  dyno_samples_builder_take_reasons (builder, column, reasons);
  dyno_samples_builder_take (builder, "Lüfter", "", DYNO_CHANNEL_NONE, dyno_unit_none (),
                             make_numbers (n, -1e-3));
  dyno_samples_builder_take_excluded (builder, excluded);

  return dyno_samples_builder_finish (builder);
}

static void
assert_same_bits (const void *a,
                  const void *b,
                  gsize       n)
{
  g_assert_cmpmem (a, n, b, n);
}

static void
assert_same_column (const DynoColumn *a,
                    const DynoColumn *b,
                    gsize             n)
{
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (a->module, ==, b->module);
  g_assert_cmpstr (a->unit->symbol, ==, b->unit->symbol);
  g_assert_cmpstr (a->unit_text, ==, b->unit_text);
  g_assert_cmpint (a->channel, ==, b->channel);
  assert_same_bits (&a->scale, &b->scale, sizeof a->scale);
  assert_same_bits (&a->offset, &b->offset, sizeof a->offset);
  dyno_test_assert_same_numbers (a, b);
  g_assert_cmpint (a->updates == NULL, ==, b->updates == NULL);
  if (a->updates != NULL)
    assert_same_bits (a->updates, b->updates, (n + 7) / 8);
  g_assert_cmpint (a->reasons == NULL, ==, b->reasons == NULL);
  if (a->reasons != NULL)
    assert_same_bits (a->reasons, b->reasons, n);
}

static void
test_samples_come_back (void)
{
  g_autoptr(DynoSamples) samples = make_samples (37);
  g_autoptr(DynoArchiveNotes) notes = dyno_archive_notes_of (samples);
  g_autoptr(GBytes) bytes = dyno_archive_samples_write (samples);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) back = dyno_archive_samples_read (bytes, notes, &error);
  g_autoptr(GBytes) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (dyno_samples_n_rows (back), ==, 37);
  assert_same_bits (dyno_samples_time (samples), dyno_samples_time (back), 37 * sizeof (double));
  for (guint i = 0; i < dyno_samples_n_columns (samples); i++)
    assert_same_column (dyno_samples_column (samples, i), dyno_samples_column (back, i), 37);
  assert_same_bits (dyno_samples_excluded (samples), dyno_samples_excluded (back), 5);
  again = dyno_archive_samples_write (back);
  g_assert_true (g_bytes_equal (bytes, again));
}

/* Two columns on axes of their own become rows at the union of the stamps. */
static void
test_axes_are_joined (void)
{
  static const double stamps[2][3] = { { 0, 0.1, 0.3 }, { 0.1, 0.2, 0.4 } };
  static const double wanted[5] = { 0, 0.1, 0.2, 0.3, 0.4 };
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autoptr(GBytes) file = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  guint32 head[3] = { GUINT32_TO_LE (1), GUINT32_TO_LE (2), GUINT32_TO_LE (2) };
  guint64 three = GUINT64_TO_LE (3);
  double line[2] = { 1, 0 };

  g_byte_array_append (bytes, (const guint8 *) "DYNS", 4);
  g_byte_array_append (bytes, (const guint8 *) head, sizeof head);
  for (guint i = 0; i < 2; i++)
    {
      g_byte_array_append (bytes, (const guint8 *) &three, sizeof three);
      g_byte_array_append (bytes, (const guint8 *) stamps[i], sizeof stamps[i]);
    }
  for (guint32 i = 0; i < 2; i++)
    {
      guint32 axis = GUINT32_TO_LE (i);

      g_byte_array_append (bytes, (const guint8 *) (i == 0 ? "\1\0a\0\0\0\0" : "\1\0b\0\0\0\0"), 7);
      g_byte_array_append (bytes, (const guint8 *) line, sizeof line);
      g_byte_array_append (bytes, (const guint8 *) &axis, sizeof axis);
      g_byte_array_append (bytes, (const guint8 *) "\0", 1);
      g_byte_array_append (bytes, (const guint8 *) stamps[i], sizeof stamps[i]);
    }
  file = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  samples = dyno_archive_samples_read (file, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_samples_n_rows (samples), ==, 5);
  for (guint i = 0; i < 5; i++)
    {
      double a = dyno_column_value (dyno_samples_column (samples, 0), i);
      double b = dyno_column_value (dyno_samples_column (samples, 1), i);

      g_assert_cmpfloat (dyno_samples_time (samples)[i], ==, wanted[i]);
      g_assert_true (isnan (a) ? b == wanted[i] : a == wanted[i]);
    }
}

/* No cut of the bytes and no wrong number is taken for samples. */
static void
test_broken_samples_are_refused (void)
{
  g_autoptr(DynoSamples) samples = make_samples (9);
  g_autoptr(GBytes) bytes = dyno_archive_samples_write (samples);
  gsize size = g_bytes_get_size (bytes);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
  g_autoptr(GBytes) wrong = NULL;
  g_autoptr(GError) error = NULL;

  for (gsize n = 0; n < size; n++)
    {
      g_autoptr(GBytes) cut = g_bytes_new_from_bytes (bytes, 0, n);
      g_autoptr(GError) reason = NULL;

      g_assert_null (dyno_archive_samples_read (cut, NULL, &reason));
      g_assert_cmpstr (dyno_error_get_reason (reason), ==, "archive_corrupt");
    }
  copy[4] = 2;
  wrong = g_bytes_new (copy, size);
  g_assert_null (dyno_archive_samples_read (wrong, NULL, &error));
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "archive_version");
}

/* The file */

static DynoArchive *
make_archive (void)
{
  DynoArchive *archive = dyno_archive_new (RUN_ID);
  g_autoptr(DynoSamples) samples = make_samples (5);
  g_autoptr(GBytes) bytes = dyno_archive_samples_write (samples);

  archive->created_ms = G_GINT64_CONSTANT (1789000000123);
  archive->shop_id = g_strdup ("shop_0123456789abcdefghij");
  dyno_archive_take_text (archive, "run.json", g_strdup ("{\"schema\":\"org.dynoai.run/1\"}"));
  dyno_archive_add (archive, "samples.bin", bytes);
  dyno_archive_take_text (archive, "source/Mein Log ü.csv",
                          g_strdup ("Time (s),rpm (rpm)\r\n0,1\r\n"));

  return archive;
}

static void
assert_same (const DynoArchive *a,
             const DynoArchive *b)
{
  g_autoptr(GPtrArray) names = dyno_archive_compare (a, b);

  g_assert_cmpuint (names->len, ==, 0);
}

/* What one of the two has alone, and what differs. */
static void
test_compare (void)
{
  g_autoptr(DynoArchive) a = dyno_archive_new (RUN_ID);
  g_autoptr(DynoArchive) b = dyno_archive_new (RUN_ID);
  g_autoptr(GPtrArray) names = NULL;
  const char *wanted[] = { "changes.json", "samples.bin", "tune/x.pvv" };

  dyno_archive_take_text (a, "run.json", g_strdup ("{}"));
  dyno_archive_take_text (b, "run.json", g_strdup ("{}"));
  dyno_archive_take_text (a, wanted[0], g_strdup ("1"));
  dyno_archive_take_text (a, wanted[1], g_strdup ("1"));
  dyno_archive_take_text (b, wanted[1], g_strdup ("2"));
  dyno_archive_take_text (b, wanted[2], g_strdup ("2"));
  names = dyno_archive_compare (a, b);
  g_assert_cmpuint (names->len, ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < names->len; i++)
    g_assert_cmpstr (names->pdata[i], ==, wanted[i]);
}

static void
test_archive_comes_back (void)
{
  g_autoptr(DynoArchive) archive = make_archive ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) file = dyno_archive_write (archive, &error);
  g_autoptr(GBytes) twice = dyno_archive_write (archive, &error);
  g_autoptr(DynoArchive) back = NULL;
  g_autoptr(GBytes) again = NULL;

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (file, twice));
  g_assert_true (dyno_archive_is_archive (file));
  back = dyno_archive_read (file, DYNO_ARCHIVE_MOST_BYTES, NULL, &error);
  g_assert_no_error (error);
  assert_same (archive, back);
  g_assert_cmpint (back->created_ms, ==, archive->created_ms);
  g_assert_cmpstr (back->run_id, ==, RUN_ID);
  g_assert_cmpstr (back->shop_id, ==, archive->shop_id);
  g_assert_null (back->chain_head);
  g_assert_cmpstr (dyno_archive_find (back, "source/")->name, ==, "source/Mein_Log___.csv");
  again = dyno_archive_write (back, &error);
  g_assert_true (g_bytes_equal (file, again));
}

/* The layout that other programs rely on: D names every field of it. */
static void
test_layout_is_the_specified_one (void)
{
  g_autoptr(DynoArchive) archive = make_archive ();
  g_autoptr(GBytes) file = dyno_archive_write (archive, NULL);
  g_autoptr(GString) names = g_string_new (NULL);
  struct archive *tar = archive_read_new ();
  struct archive_entry *entry;
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  g_assert_cmpmem (data, 10, "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  archive_read_support_format_tar (tar);
  archive_read_support_filter_gzip (tar);
  g_assert_cmpint (archive_read_open_memory (tar, data, size), ==, ARCHIVE_OK);
  while (archive_read_next_header (tar, &entry) == ARCHIVE_OK)
    {
      g_string_append_printf (names, "%s ", archive_entry_pathname (entry));
      g_assert_cmpint (archive_format (tar), ==, ARCHIVE_FORMAT_TAR_USTAR);
      g_assert_cmpint (archive_entry_mtime (entry), ==, 1789000000);
      g_assert_cmpint (archive_entry_perm (entry), ==, 0644);
      g_assert_cmpint (archive_entry_uid (entry) + archive_entry_gid (entry), ==, 0);
    }
  archive_read_free (tar);
  g_assert_cmpstr (names->str, ==,
                   "manifest.json run.json samples.bin source/Mein_Log___.csv manifest.sha256 ");
}

static void
assert_refused (const guint8 *data,
                gsize         size,
                const char   *what,
                gsize         at)
{
  g_autoptr(GBytes) file = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoArchive) archive = dyno_archive_read (file, DYNO_ARCHIVE_MOST_BYTES, NULL, &error);

  if (archive != NULL)
    g_error ("%s at byte %" G_GSIZE_FORMAT " was not found", what, at);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (dyno_error_get_reason (error), "archive_"));
}

/* Every bit of the file counts. */
static void
test_every_flip_is_found (void)
{
  g_autoptr(DynoArchive) archive = make_archive ();
  g_autoptr(GBytes) file = dyno_archive_write (archive, NULL);
  gsize size;
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (file, &size), g_bytes_get_size (file));

  for (gsize i = 0; i < size; i++)
    {
      for (guint bit = 0; bit < 8; bit++)
        {
          data[i] ^= (guint8) (1u << bit);
          assert_refused (data, size, "a flipped bit", i);
          data[i] ^= (guint8) (1u << bit);
        }
      data[i] ^= 0xff;
      assert_refused (data, size, "a changed byte", i);
      data[i] ^= 0xff;
    }
}

static void
test_every_cut_is_found (void)
{
  g_autoptr(DynoArchive) archive = make_archive ();
  g_autoptr(GBytes) file = dyno_archive_write (archive, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);
  g_autofree guint8 *longer = g_malloc0 (size + 1);

  for (gsize n = 0; n < size; n++)
    assert_refused (data, n, "a cut", n);
  memcpy (longer, data, size);
  assert_refused (longer, size + 1, "a byte behind the end", size);
}

/* Archives that no program of ours writes */

typedef struct
{
  struct archive *tar;
  GByteArray     *bytes;
} Forge;

static la_ssize_t
append_cb (struct archive *tar,
           void           *data,
           const void     *buffer,
           size_t          size)
{
  g_byte_array_append (data, buffer, (guint) size);

  return (la_ssize_t) size;
}

static void
forge_begin (Forge *self)
{
  self->bytes = g_byte_array_new ();
  self->tar = archive_write_new ();
  archive_write_set_format_ustar (self->tar);
  archive_write_add_filter_gzip (self->tar);
  archive_write_set_filter_option (self->tar, "gzip", "timestamp", NULL);
  archive_write_set_bytes_in_last_block (self->tar, 1);
  g_assert_cmpint (archive_write_open (self->tar, self->bytes, NULL, append_cb, NULL), ==,
                   ARCHIVE_OK);
}

static void
forge_add (Forge      *self,
           const char *name,
           guint       type,
           const char *link,
           const void *data,
           gsize       size)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, type);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, (la_int64_t) size);
  if (type == AE_IFLNK)
    archive_entry_set_symlink (entry, link);
  else if (link != NULL)
    archive_entry_set_hardlink (entry, link);
  g_assert_cmpint (archive_write_header (self->tar, entry), ==, ARCHIVE_OK);
  if (size > 0)
    g_assert_cmpint (archive_write_data (self->tar, data, size), ==, (la_ssize_t) size);
  archive_entry_free (entry);
}

static void
forge_end (Forge      *self,
           const char *reason)
{
  g_autoptr(GBytes) file = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *bad = NULL;

  archive_write_close (self->tar);
  archive_write_free (self->tar);
  file = g_byte_array_free_to_bytes (self->bytes);
  g_assert_null (dyno_archive_read (file, DYNO_ARCHIVE_MOST_BYTES, &bad, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
}

static void
forge_text (Forge      *self,
            const char *name,
            const char *text)
{
  forge_add (self, name, AE_IFREG, NULL, text, strlen (text));
}

static void
test_unsafe_names_are_refused (void)
{
  static const char *const names[] = { "../run.json", "/etc/passwd", "a/../../b", "a b", "x;y",
                                       "source/a\\b", "c:/x", "source//x" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      Forge forge;

      forge_begin (&forge);
      forge_text (&forge, "manifest.json", "{}");
      forge_text (&forge, names[i], "x");
      forge_end (&forge, "archive_unsafe");
    }
}

static void
test_links_and_folders_are_refused (void)
{
  static const guint types[] = { AE_IFLNK, AE_IFREG, AE_IFDIR, AE_IFIFO };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      Forge forge;

      forge_begin (&forge);
      forge_text (&forge, "manifest.json", "{}");
      forge_add (&forge, "run.json", types[i],
                 types[i] == AE_IFLNK || types[i] == AE_IFREG ? "/etc/passwd" : NULL, NULL, 0);
      forge_end (&forge, "archive_unsafe");
    }
}

static void
test_repeats_and_crowds_are_refused (void)
{
  Forge forge;

  forge_begin (&forge);
  forge_text (&forge, "manifest.json", "{}");
  forge_text (&forge, "run.json", "{}");
  forge_text (&forge, "RUN.json", "{}");
  forge_end (&forge, "archive_unsafe");

  forge_begin (&forge);
  forge_text (&forge, "manifest.json", "{}");
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *name = g_strdup_printf ("tune/%u.pvv", i);

      forge_text (&forge, name, "x");
    }
  forge_end (&forge, "archive_unsafe");
}

static void
test_bombs_are_refused (void)
{
  g_autofree char *zeros = g_malloc0 (8 << 20);
  Forge forge;

  forge_begin (&forge);
  forge_text (&forge, "manifest.json", "{}");
  forge_add (&forge, "samples.bin", AE_IFREG, NULL, zeros, 8 << 20);
  forge_end (&forge, "archive_unsafe");
}

/* List and members */

static void
forge_list (Forge      *self,
            const char *members)
{
  g_autofree char *list
    = g_strdup_printf ("{\"schema\":\"org.dynoai.archive/1\",\"created_at\":null,\"program\":\"x\","
                       "\"run_id\":\"" RUN_ID "\",\"shop_id\":null,\"redacted\":false,"
                       "\"members\":[%s],\"chain_head\":null}", members);
  g_autofree char *sum = dyno_crypt_sha256_hex (list, strlen (list));
  g_autofree char *line = g_strconcat (sum, "\n", NULL);

  forge_text (self, "manifest.json", list);
  forge_text (self, "run.json", "{}");
  forge_text (self, "samples.bin", "x");
  forge_text (self, "manifest.sha256", line);
}

#define RUN_ENTRY \
  "{\"name\":\"run.json\",\"bytes\":2,\"sha256\":" \
  "\"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\",\"type\":\"json\"}"
#define SAMPLES_ENTRY \
  "{\"name\":\"samples.bin\",\"bytes\":1,\"sha256\":" \
  "\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\",\"type\":\"samples\"}"

static void
test_list_and_members_agree (void)
{
  static const struct
  {
    const char *members;
    const char *reason;
  } cases[] = {
    { RUN_ENTRY, "archive_corrupt" },                              /* samples.bin is not listed */
    { RUN_ENTRY "," SAMPLES_ENTRY "," "{\"name\":\"changes.json\",\"bytes\":1,\"sha256\":\"0\"}",
      "archive_incomplete" },                                      /* changes.json is not there */
    { RUN_ENTRY "," RUN_ENTRY "," SAMPLES_ENTRY, "archive_unsafe" },
    { RUN_ENTRY ",{\"name\":\"samples.bin\",\"bytes\":1,\"sha256\":\"00\"}", "archive_corrupt" },
    { RUN_ENTRY ",{\"name\":\"../x\",\"bytes\":1,\"sha256\":\"00\"}", "archive_unsafe" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Forge forge;

      forge_begin (&forge);
      forge_list (&forge, cases[i].members);
      forge_end (&forge, cases[i].reason);
    }
}

static void
test_newer_and_cut_lists_are_named (void)
{
  static const char newer[] = "{\"schema\":\"org.dynoai.archive/2\"}";
  g_autofree char *sum = dyno_crypt_sha256_hex (newer, strlen (newer));
  g_autofree char *line = g_strconcat (sum, "\n", NULL);
  Forge forge;

  forge_begin (&forge);
  forge_text (&forge, "manifest.json", newer);
  forge_text (&forge, "run.json", "{}");
  forge_text (&forge, "manifest.sha256", line);
  forge_end (&forge, "archive_version");

  forge_begin (&forge);
  forge_text (&forge, "manifest.json", newer);
  forge_text (&forge, "run.json", "{}");
  forge_end (&forge, "archive_incomplete");
}

/* What packs too well would look like a bomb: it is stored as it is. */
static void
test_dull_run_is_no_bomb (void)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (1 << 18);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(DynoArchive) archive = dyno_archive_new (RUN_ID);
  g_autoptr(DynoArchive) back = NULL;
  g_autoptr(GBytes) file = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 8; i++)
    dyno_samples_builder_take (builder, "nothing", "", DYNO_CHANNEL_NONE, dyno_unit_none (),
                               g_new0 (double, 1 << 18));
  dyno_samples_builder_take_time (builder, g_new0 (double, 1 << 18));
  samples = dyno_samples_builder_finish (builder);
  bytes = dyno_archive_samples_write (samples);
  dyno_archive_take_text (archive, "run.json", g_strdup ("{}"));
  dyno_archive_add (archive, "samples.bin", bytes);
  file = dyno_archive_write (archive, &error);
  g_assert_no_error (error);
  back = dyno_archive_read (file, DYNO_ARCHIVE_MOST_BYTES, NULL, &error);
  g_assert_no_error (error);
  assert_same (archive, back);
}

static void
test_limit_is_the_callers (void)
{
  g_autoptr(DynoArchive) archive = make_archive ();
  g_autoptr(GBytes) file = dyno_archive_write (archive, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_archive_read (file, 1024, NULL, &error));
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "archive_unsafe");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shop/archive/samples-come-back", test_samples_come_back);
  g_test_add_func ("/shop/archive/axes-are-joined", test_axes_are_joined);
  g_test_add_func ("/shop/archive/broken-samples", test_broken_samples_are_refused);
  g_test_add_func ("/shop/archive/comes-back", test_archive_comes_back);
  g_test_add_func ("/shop/archive/compare", test_compare);
  g_test_add_func ("/shop/archive/layout", test_layout_is_the_specified_one);
  g_test_add_func ("/shop/archive/every-flip", test_every_flip_is_found);
  g_test_add_func ("/shop/archive/every-cut", test_every_cut_is_found);
  g_test_add_func ("/shop/archive/unsafe-names", test_unsafe_names_are_refused);
  g_test_add_func ("/shop/archive/links", test_links_and_folders_are_refused);
  g_test_add_func ("/shop/archive/repeats", test_repeats_and_crowds_are_refused);
  g_test_add_func ("/shop/archive/bombs", test_bombs_are_refused);
  g_test_add_func ("/shop/archive/list", test_list_and_members_agree);
  g_test_add_func ("/shop/archive/newer", test_newer_and_cut_lists_are_named);
  g_test_add_func ("/shop/archive/dull", test_dull_run_is_no_bomb);
  g_test_add_func ("/shop/archive/limit", test_limit_is_the_callers);

  return g_test_run ();
}
