/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-fingerprint.h"
#include "dyno-test.h"
#include "dyno-ve-options.h"

#include <locale.h>
#include <string.h>

static void
assert_refused (const char *name,
                const char *text)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autofree char *before = dyno_ve_options_canonical (options);
  g_autofree char *after = NULL;
  g_autoptr(DynoAnalysisError) error = NULL;

  g_assert_false (dyno_ve_options_set_text (options, name, text, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_BAD_OPTION);
  g_assert_nonnull (strstr (error->message, name));
  after = dyno_ve_options_canonical (options);
  g_assert_cmpstr (before, ==, after);
}

static void
test_refused (void)
{
  static const char *const rows[][2] = {
    { "min_hits", "0" }, { "min_hits", "1001" }, { "min_hits", "2.5" }, { "min_hits", "many" },
    { "min_hits", "null" }, { "gain", "0.2" }, { "gain", "1.1" }, { "mad_limit", "1.9" },
    { "mad_limit", "-0.1" }, { "clamp_pct", "16" }, { "clamp_pct", "0.9" },
    { "delay", "sometimes" }, { "delay", "150" }, { "delay_ms", "1501" }, { "delay_ms", "-1" },
    { "grid", "9x9" }, { "grid", "{\"rpm\":[1,2]}" }, { "grid", "{\"rpm\":[2,1],\"kpa\":[1,2]}" },
    { "grid", "{\"rpm\":[1,2],\"kpa\":[1,2],\"x\":1}" }, { "grid", "[1,2]" },
    { "target", "guess" }, { "target_table", "{\"kpa\":[20,30],\"afr\":[14]}" },
    { "target_table", "{\"kpa\":[20,30],\"afr\":[14,60]}" },
    { "delay_table", "{\"rpm\":[1,2],\"kpa\":[1,2],\"ms\":[[1,2],[3,2000]]}" },
    { "edge_rpm", "[5500,1200]" }, { "edge_rpm", "[1200]" }, { "edge_rpm", "1200" },
    { "mix_window", "[5,18]" }, { "limits", "{\"high\":5,\"medium\":7,\"low\":3}" },
    { "limits", "{\"high\":7,\"medium\":5}" }, { "limits", "{\"high\":20,\"medium\":5,\"low\":3}" },
    { "gates_off", "[\"no-rpm\"]" }, { "gates_off", "[\"accepted\"]" },
    { "gates_off", "[\"transients\"]" }, { "gates_off", "transient" },
    { "math_version", "legacy-cli" }, { "math_version", "2" },
    { "one_sensor_for_both", "1" }, { "one_sensor_for_both", "yes" },
    { "rear_bias_pct", "5.1" }, { "afr_stoich", "0" }, { "smooth_passes", "6" },
    { "balance_mode", "match" }, { "balance_max_pct", "5.1" }, { "decel_severity", "1" },
    { "smooth_threshold", "0" }, { "no_such_option", "1" }, { "", "1" },
    { "spark_rear_rule", "1" }, { "rear_rule_deg", "8.5" }, { "rear_rule_deg", "-1" },
    { "hot_extra_deg", "0.5" }, { "hot_extra_deg", "-4.5" }, { "legacy_weight", "power" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_refused (rows[i][0], rows[i][1]);
}

static void
test_accepted (void)
{
  g_autoptr(DynoVeOptions) o = dyno_ve_options_new ();
  static const char *const rows[][2] = {
    { "min_hits", "3" }, { "delay", "flow" }, { "delay_ms", "150" }, { "mad_limit", "0" },
    { "grid", "{\"kpa\":[30,60,90],\"rpm\":[1000,2000]}" }, { "gates_off", "[\"transient\"]" },
    { "math_version", "1.0.0" }, { "math_version", "\"1.0.0\"" }, { "edge_rpm", "[1000, 6000]" },
    { "one_sensor_for_both", "true" }, { "target_table", "{\"kpa\":[20,30],\"afr\":[14,13]}" },
    { "delay_table", "{\"rpm\":[1,2],\"kpa\":[1,2],\"ms\":[[1,2],[3,4]]}" },
    { "limits", "{\"high\":6,\"medium\":5,\"low\":2}" }, { "rear_bias_pct", "-1.5" },
    { "math_version", "legacy-cli-1.2" }, { "spark_rear_rule", "true" },
    { "rear_rule_deg", "3" }, { "hot_extra_deg", "-2" }, { "legacy_weight", "hp" },
    { "balance_mode", "match_rear" }, { "balance_max_pct", "2.5" }, { "decel_severity", "high" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(DynoAnalysisError) error = NULL;

      dyno_ve_options_set_text (o, rows[i][0], rows[i][1], &error);
      g_assert_null (error);
    }
  g_assert_cmpfloat (o->min_hits, ==, 3);
  g_assert_cmpint (o->delay, ==, DYNO_DELAY_FLOW);
  g_assert_cmpint (o->balance_mode, ==, DYNO_BALANCE_MATCH_REAR);
  g_assert_cmpint (o->decel_severity, ==, DYNO_DECEL_HIGH);
  g_assert_cmpint (o->grid_choice, ==, DYNO_GRID_GIVEN);
  g_assert_cmpuint (o->grid.load.n, ==, 3);
  g_assert_false (dyno_ve_options_has_gate (o, DYNO_GATE_TRANSIENT));
  g_assert_true (dyno_ve_options_has_gate (o, DYNO_GATE_SETTLING));
  g_assert_cmpfloat (dyno_target_afr (o->target_table, 0, 25), ==, 13.5);
  g_assert_cmpfloat (o->delay_table->values[3], ==, 4);
  g_assert_cmpint (o->math_version, ==, DYNO_MATH_LEGACY_CLI_1_2);
  g_assert_true (o->spark_rear_rule && o->one_sensor_for_both);
  g_assert_cmpfloat (o->rear_rule_deg, ==, 3);
  g_assert_cmpfloat (o->hot_extra_deg, ==, -2);
  g_assert_cmpint (o->legacy_weight, ==, DYNO_LEGACY_WEIGHT_HP);
}

/* Every option stands in the canonical text, sorted, and the text sets the same
 * options again. */
static void
test_canonical (void)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeOptions) again = dyno_ve_options_new ();
  g_autoptr(DynoVeOptions) copy = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_autoptr(DynoJson) json = NULL;
  const char *const *names = dyno_ve_options_names ();

  g_assert_true (dyno_ve_options_set_text (options, "grid", "{\"rpm\":[1000.5,2000],\"kpa\":[30,60]}",
                                           NULL));
  g_assert_true (dyno_ve_options_set_text (
      options, "target_table", "{\"rpm\":[1,2],\"kpa\":[1,2],\"afr\":[[14,13],[12.25,12]]}", NULL));
  g_assert_true (dyno_ve_options_set_text (options, "gates_off", "[\"settling\",\"fuel-cut\"]",
                                           NULL));
  text = dyno_ve_options_canonical (options);
  json = dyno_json_parse (text, -1, NULL);
  g_assert_nonnull (json);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_assert_nonnull (dyno_json_member (json, names[i]));
      g_assert_true (i == 0 || strcmp (names[i - 1], names[i]) < 0);
    }
  g_assert_null (strpbrk (text, " \n\t"));
  g_assert_nonnull (strstr (text, "\"gates_off\":[\"fuel-cut\",\"settling\"]"));
  g_assert_nonnull (strstr (text, "\"grid\":{\"kpa\":[30,60],\"rpm\":[1000.5,2000]}"));

  g_assert_true (dyno_ve_options_set_all (again, json, NULL));
  second = dyno_ve_options_canonical (again);
  g_assert_cmpstr (text, ==, second);
  copy = dyno_ve_options_copy (again);
  third = dyno_ve_options_canonical (copy);
  g_assert_cmpstr (text, ==, third);
}

static void
test_defaults (void)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autofree char *text = dyno_ve_options_canonical (options);

  g_assert_cmpstr (
      text, ==,
      "{\"afr_stoich\":14.7,\"balance_max_pct\":3,\"balance_mode\":\"equalize\",\"clamp_pct\":7,"
      "\"decel_severity\":\"medium\",\"delay\":\"auto\",\"delay_flow_base_ms\":20,"
      "\"delay_flow_ref_ms\":120,\"delay_ms\":0,\"delay_table\":null,\"edge_rpm\":[1200,5500],"
      "\"gain\":1,\"gates_off\":[],\"grid\":\"auto\",\"hot_extra_deg\":-1,"
      "\"iat_range\":[-1,149],\"legacy_weight\":\"torque\","
      "\"limits\":{\"high\":7,\"low\":3,\"medium\":5},\"mad_limit\":3.5,\"map_range\":[10,400],"
      "\"math_version\":\"2.0.0\",\"min_hits\":5,\"mix_neighbour_ms\":50,\"mix_window\":[10,18],"
      "\"one_sensor_for_both\":false,\"rate_map\":50,\"rate_rpm\":1500,\"rate_tps\":20,"
      "\"rear_bias_pct\":0,\"rear_rule_deg\":2,\"rpm_range\":[400,20000],\"settle_ms\":150,"
      "\"smooth_passes\":2,\"smooth_threshold\":1,\"spark_rear_rule\":false,"
      "\"target\":\"auto\",\"target_table\":null,\"warm_c\":77}");
}

static void
test_set_all_stops (void)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoJson) bad = dyno_json_parse ("{\"min_hits\":3,\"gian\":1}", -1, NULL);
  g_autoptr(DynoJson) list = dyno_json_parse ("[]", -1, NULL);
  g_autoptr(DynoAnalysisError) error = NULL;

  g_assert_false (dyno_ve_options_set_all (options, bad, &error));
  g_assert_nonnull (strstr (error->message, "gian"));
  g_assert_false (dyno_ve_options_set_all (options, list, NULL));
}

static void
test_gate_names (void)
{
  for (guint i = 0; i < DYNO_N_GATES; i++)
    {
      DynoGate gate = DYNO_N_GATES;

      g_assert_true (dyno_gate_find (dyno_gate_name ((DynoGate) i), &gate));
      g_assert_cmpint (gate, ==, i);
      g_assert_nonnull (dyno_gate_explanation ((DynoGate) i));
    }
  g_assert_cmpint (DYNO_GATE_LOW_WEIGHT, ==, 24);
  g_assert_cmpstr (dyno_gate_name (DYNO_GATE_NO_PARTNER), ==, "no-partner");
  g_assert_false (dyno_gate_is_optional (DYNO_GATE_NO_MIXTURE));
  g_assert_false (dyno_gate_is_optional (DYNO_N_GATES));
}

/* analysis.md 7.3, worked out by hand with sha256sum. */
static void
test_fingerprint (void)
{
  static const char *const inputs[] = { "aa" };
  static const DynoFingerprintOutput outputs[] = { { "b.csv", "22" }, { "a.csv", "11" } };
  static const DynoFingerprintOutput swapped[] = { { "a.csv", "11" }, { "b.csv", "22" } };
  g_autofree char *print = dyno_fingerprint ("2.0.0", "{}", inputs, 1, NULL, outputs, 2);
  g_autofree char *again = dyno_fingerprint ("2.0.0", "{}", inputs, 1, NULL, swapped, 2);
  g_autofree char *other = dyno_fingerprint ("2.0.0", "{}", inputs, 1, "cc", outputs, 2);
  g_autofree char *wanted = g_compute_checksum_for_string (
      G_CHECKSUM_SHA256, "dynoai-analysis-1\n2.0.0\n{}\naa\n-\na.csv\t11\nb.csv\t22\n", -1);

  g_assert_true (g_str_has_prefix (print, "sha256:"));
  g_assert_cmpstr (print + 7, ==, wanted);
  g_assert_cmpstr (print, ==, again);
  g_assert_cmpstr (print, !=, other);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/ve-options/refused", test_refused);
  g_test_add_func ("/analysis/ve-options/accepted", test_accepted);
  g_test_add_func ("/analysis/ve-options/canonical", test_canonical);
  g_test_add_func ("/analysis/ve-options/defaults", test_defaults);
  g_test_add_func ("/analysis/ve-options/set-all", test_set_all_stops);
  g_test_add_func ("/analysis/ve-options/gate-names", test_gate_names);
  g_test_add_func ("/analysis/ve-options/fingerprint", test_fingerprint);

  return g_test_run ();
}
