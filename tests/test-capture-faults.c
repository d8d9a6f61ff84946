/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-faults.h"
#include "dyno-test.h"
#include "dyno-test-wire.h"

static void
test_scenario (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) faults
    = dyno_faults_parse ("# a scenario\n"
                         "\n"
                         "3.5 drop 10   # per cent\n"
                         "1 rename 5 \"Digital RPM 1 # not a comment\"\n"
                         "2 set \"Engine RPM\" -12.5 3\n"
                         "2 pull\r\n"
                         "0 reorder 5 3",
                         &error);
  const DynoFault *fault;

  g_assert_no_error (error);
  g_assert_cmpuint (faults->len, ==, 5);
  fault = g_ptr_array_index (faults, 0);
  g_assert_cmpint (fault->verb, ==, DYNO_FAULT_REORDER);
  g_assert_cmpfloat (fault->numbers[1], ==, 3);
  fault = g_ptr_array_index (faults, 1);
  g_assert_cmpint (fault->verb, ==, DYNO_FAULT_RENAME);
  g_assert_cmpstr (fault->channel, ==, "5");
  g_assert_cmpstr (fault->text, ==, "Digital RPM 1 # not a comment");
  fault = g_ptr_array_index (faults, 2);
  g_assert_cmpint (fault->verb, ==, DYNO_FAULT_SET);
  g_assert_cmpfloat (fault->numbers[0], ==, -12.5);
  g_assert_cmpfloat (fault->numbers[1], ==, 3);
  fault = g_ptr_array_index (faults, 3);
  g_assert_cmpint (fault->verb, ==, DYNO_FAULT_PULL);
  fault = g_ptr_array_index (faults, 4);
  g_assert_cmpfloat (fault->t_s, ==, 3.5);
  g_assert_cmpstr (fault->line, ==, "drop 10");
}

static void
test_refused_lines (void)
{
  static const char *const lines[] = {
    "drop 1",           "1 drop",         "1 drop x",       "1 drop 101",     "1 drop -1",
    "1 drop 1 2",       "1 explode",      "-1 pull",        "1e99 pull",      "nan pull",
    "1 renumber maybe", "1 page-order up", "1 malformed N0", "1 malformed N16", "1 malformed x",
    "1 rename 5",       "1 set 5 inf",    "1 reorder 5",    "1 reorder 5 0",  "1 \"unclosed",
    "1 wrap 1e12",      "1 rename 5 two words", "1",        "1 drop nan",     "\xff",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *text = g_strdup_printf ("0 pull\n%s\n", lines[i]);
      g_autoptr(GPtrArray) faults = dyno_faults_parse (text, &error);

      g_test_message ("line %u", (guint) i);
      g_assert_null (faults);
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_assert_true (g_str_has_prefix (error->message, "Line 2:"));
    }
}

static void
test_every_verb_has_a_name (void)
{
  for (guint i = 0; i < DYNO_N_FAULTS; i++)
    g_assert_nonnull (dyno_fault_verb_name ((DynoFaultVerb) i));
  g_assert_null (dyno_fault_verb_name (DYNO_N_FAULTS));
}

static void
check_option (const char *option,
              const char *line)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *got = dyno_fault_from_option (option, &error);

  g_assert_cmpstr (got, ==, line);
  g_assert_cmpint (error == NULL, ==, line != NULL);
}

static void
test_options (void)
{
  check_option ("loss", "0 drop 2");
  check_option ("loss=5", "0 drop 5");
  check_option ("reorder=10", "0 reorder 10 3");
  check_option ("clear", "0 clear ");
  check_option ("clockwrap=20", "0 wrap 20");
  check_option ("malformed=N7", "0 malformed N7");
  check_option ("loss=lots", NULL);
  check_option ("gremlins", NULL);
  check_option ("loss=\n2", NULL);
  check_option ("", NULL);
}

/* They are the vectors, byte for byte. */
static void
test_malformed (void)
{
  g_autoptr(DynoJson) vectors = dyno_test_wire_vectors ();
  const DynoJson *rows = dyno_json_member (vectors, "datagrams");
  guint n_checked = 0;

  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    {
      const DynoJson *row = dyno_json_element (rows, i);
      const char *name = dyno_json_get_string (row, "name");
      guint8 data[256];
      gsize size, expected_size;
      g_autofree guint8 *expected
        = dyno_test_wire_from_hex (dyno_json_get_string (row, "hex"), &expected_size);

      if (name[0] != 'N')
        continue;
      g_test_message ("%s", name);
      g_assert_true (dyno_fault_malformed (name, data, &size));
      g_assert_cmpmem (data, size, expected, expected_size);
      n_checked++;
    }
  if (vectors != NULL)
    g_assert_cmpuint (n_checked, ==, 15);
}

/* What came out of a bad network, in its order; 1000 + n for a drop. */
static void
out_cb (const guint8 *data,
        gsize         size,
        gboolean      is_dropped,
        gpointer      user_data)
{
  guint number = (is_dropped ? 1000u : 0) + data[0];

  g_array_append_val ((GArray *) user_data, number);
}

static void
set (DynoFaultNet *net,
     const char   *line)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoFault) fault = dyno_fault_parse (line, FALSE, &error);

  g_assert_no_error (error);
  dyno_fault_net_set (net, fault);
}

static void
push_many (DynoFaultNet *net,
           guint         n)
{
  for (guint i = 0; i < n; i++)
    {
      guint8 byte = (guint8) i;

      dyno_fault_net_push (net, &byte, 1, (gint64) i * 1000);
      dyno_fault_net_step (net, (gint64) i * 1000);
    }
  dyno_fault_net_drain (net);
}

static void
test_good_network (void)
{
  g_autoptr(GArray) out = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(DynoFaultNet) net = dyno_fault_net_new (1, out_cb, out);

  push_many (net, 200);
  g_assert_cmpuint (out->len, ==, 200);
  for (guint i = 0; i < out->len; i++)
    g_assert_cmpuint (g_array_index (out, guint, i), ==, i);
}

static void
test_bad_network (void)
{
  g_autoptr(GArray) out = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(DynoFaultNet) net = dyno_fault_net_new (1, out_cb, out);
  guint n_seen[256] = { 0 };
  guint n_dropped = 0, n_doubled = 0, n_backwards = 0, last = 0;

  set (net, "drop 10");
  set (net, "duplicate 10");
  set (net, "reorder 10 4");
  set (net, "delay 3 3");
  push_many (net, 200);
  for (guint i = 0; i < out->len; i++)
    {
      guint number = g_array_index (out, guint, i);

      n_seen[number % 1000]++;
      n_dropped += number >= 1000 ? 1 : 0;
      n_backwards += number < last ? 1 : 0;
      last = number % 1000;
    }
  for (guint i = 0; i < 200; i++)
    {
      g_assert_cmpuint (n_seen[i], >=, 1); /* nothing goes without a word */
      n_doubled += n_seen[i] - 1;
    }
  g_assert_cmpuint (n_dropped, >, 5);
  g_assert_cmpuint (n_dropped, <, 50);
  g_assert_cmpuint (n_doubled, >, 5);
  g_assert_cmpuint (n_backwards, >, 5);
}

static void
test_burst (void)
{
  g_autoptr(GArray) out = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(DynoFaultNet) net = dyno_fault_net_new (1, out_cb, out);

  set (net, "burst-drop 3");
  push_many (net, 5);
  g_assert_cmpuint (out->len, ==, 5);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (g_array_index (out, guint, i), ==, i < 3 ? 1000 + i : i);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/faults/scenario", test_scenario);
  g_test_add_func ("/capture/faults/refused-lines", test_refused_lines);
  g_test_add_func ("/capture/faults/every-verb-has-a-name", test_every_verb_has_a_name);
  g_test_add_func ("/capture/faults/options", test_options);
  g_test_add_func ("/capture/faults/malformed", test_malformed);
  g_test_add_func ("/capture/faults/good-network", test_good_network);
  g_test_add_func ("/capture/faults/bad-network", test_bad_network);
  g_test_add_func ("/capture/faults/burst", test_burst);

  return g_test_run ();
}
