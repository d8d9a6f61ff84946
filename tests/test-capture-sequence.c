/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-node.h"
#include "dyno-sequence.h"
#include "dyno-test.h"
#include "dyno-test-wire.h"

static void
name_verdict (DynoSequenceVerdict verdict,
              guint               gap,
              char                text[16])
{
  static const char *const names[] = { "first", "ok", "gap", "late", "resync", "duplicate",
                                       "copy" };

  if (verdict == DYNO_SEQUENCE_GAP)
    g_snprintf (text, 16, "gap%u", gap);
  else
    g_strlcpy (text, names[verdict], 16);
}

static void
check_case (const DynoJson *row)
{
  const DynoJson *seqs = dyno_json_member (row, "seqs");
  const DynoJson *verdicts = dyno_json_member (row, "verdicts");
  DynoSequence sequence = { 0 };

  for (guint i = 0; i < dyno_json_n_elements (seqs); i++)
    {
      guint8 seq = (guint8) dyno_json_integer (dyno_json_element (seqs, i), 0);
      /* A repeat of a number is a repeat of its message. */
      DynoSequenceStep step = { seq, 1000u + seq, 1, 1000 * i };
      DynoSequenceVerdict verdict;
      char text[16];
      guint gap;

      verdict = dyno_sequence_track (&sequence, &step, &gap);
      name_verdict (verdict, gap, text);
      g_assert_cmpstr (text, ==, dyno_json_string (dyno_json_element (verdicts, i)));
    }
  g_assert_cmpuint (sequence.lost, ==, dyno_json_get_integer (row, "lost", -1));
  g_assert_cmpuint (sequence.late, ==, dyno_json_get_integer (row, "late", -1));
  g_assert_cmpuint (sequence.duplicates, ==, dyno_json_get_integer (row, "duplicates", -1));
  g_assert_cmpuint (sequence.last, ==, dyno_json_get_integer (row, "last", -1));
}

static void
test_vectors (void)
{
  g_autoptr(DynoJson) vectors = dyno_test_wire_vectors ();
  const DynoJson *rows = dyno_json_member (vectors, "sequence");

  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    check_case (dyno_json_element (rows, i));
}

static gboolean
is_chance (guint64 *state,
           guint    per_mille)
{
  return dyno_node_chance (state) % 1000 < per_mille;
}

/* A sender of a million messages over a wire that loses, doubles and reorders,
 * up to five places: every message is either received or lost. The last ones
 * get through, so that no loss stays unseen at the end. */
static void
test_random_mixes (void)
{
  enum { N = 1000000, DEPTH = 5 };
  guint64 chance = 7;
  DynoSequence sequence = { 0 };
  guint held[DEPTH];
  guint n_held = 0;
  guint64 n_doubled = 0, n_dropped = 0;

  for (guint i = 0; i < N + DEPTH; i++)
    {
      guint due[DEPTH + 2];
      guint n_due = 0;

      if (i < N && i > 0 && i < N - 10 && is_chance (&chance, 50))
        n_dropped++;
      else if (i < N && i > 0 && n_held < DEPTH && i < N - 2 * DEPTH && is_chance (&chance, 50))
        held[n_held++] = i;
      else
        due[n_due++] = i;
      if (n_held > 0 && (is_chance (&chance, 400) || i - held[0] >= DEPTH))
        {
          due[n_due++] = held[0];
          memmove (held, held + 1, --n_held * sizeof *held);
        }

      for (guint d = 0; d < n_due && due[d] < N; d++)
        {
          guint copies = 1 + (is_chance (&chance, 30) ? 1 : 0);

          n_doubled += copies - 1;
          for (guint c = 0; c < copies; c++)
            {
              DynoSequenceStep step = { (guint8) due[d], due[d], 1, (gint64) i * 1000 };
              guint gap;

              dyno_sequence_track (&sequence, &step, &gap);
            }
        }
    }

  g_assert_cmpuint (sequence.received + sequence.lost, ==, N);
  g_assert_cmpuint (sequence.lost, ==, n_dropped);
  g_assert_cmpuint (sequence.duplicates, ==, n_doubled);
  g_assert_cmpuint (sequence.resyncs, ==, 0);
}

static DynoSequenceVerdict
track (DynoSequence *sequence,
       guint8        seq,
       guint32       sum,
       guint32       ifindex,
       gint64        arrival_us)
{
  DynoSequenceStep step = { seq, sum, ifindex, arrival_us };
  guint gap;

  return dyno_sequence_track (sequence, &step, &gap);
}

static void
test_copies_over_two_interfaces (void)
{
  DynoSequence sequence = { 0 };

  g_assert_cmpint (track (&sequence, 5, 50, 1, 0), ==, DYNO_SEQUENCE_FIRST);
  g_assert_cmpint (track (&sequence, 5, 50, 2, 1000), ==, DYNO_SEQUENCE_COPY);
  g_assert_cmpint (track (&sequence, 6, 60, 2, 2000), ==, DYNO_SEQUENCE_NEXT);
  g_assert_cmpint (track (&sequence, 6, 60, 1, 3000), ==, DYNO_SEQUENCE_COPY);
  /* Much later it is a repeat, whatever the interface. */
  g_assert_cmpint (track (&sequence, 6, 60, 1, 3000 + 51000), ==, DYNO_SEQUENCE_DUPLICATE);
  g_assert_cmpuint (sequence.received, ==, 2);
  g_assert_cmpuint (sequence.copies, ==, 2);
  g_assert_cmpuint (sequence.duplicates, ==, 1);
}

/* A sender that never counts is heard all the same. */
static void
test_same_number_other_content (void)
{
  DynoSequence sequence = { 0 };

  for (guint32 i = 0; i < 100; i++)
    g_assert_cmpint (track (&sequence, 0, i, 1, i * 50000), !=, DYNO_SEQUENCE_DUPLICATE);
  g_assert_cmpuint (sequence.received, ==, 100);
}

static void
test_late_by_time (void)
{
  DynoSequence sequence = { 0 };

  track (&sequence, 100, 1, 1, 0);
  g_assert_cmpint (track (&sequence, 40, 2, 1, 1000000), ==, DYNO_SEQUENCE_LATE);
  g_assert_cmpint (track (&sequence, 41, 3, 1, 2000001), ==, DYNO_SEQUENCE_RESYNC);
  g_assert_cmpint (track (&sequence, 42, 4, 1, 2000002), ==, DYNO_SEQUENCE_NEXT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/sequence/vectors", test_vectors);
  g_test_add_func ("/capture/sequence/random-mixes", test_random_mixes);
  g_test_add_func ("/capture/sequence/copies-over-two-interfaces",
                   test_copies_over_two_interfaces);
  g_test_add_func ("/capture/sequence/same-number-other-content", test_same_number_other_content);
  g_test_add_func ("/capture/sequence/late-by-time", test_late_by_time);

  return g_test_run ();
}
