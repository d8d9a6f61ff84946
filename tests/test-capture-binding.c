/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-binding.h"
#include "dyno-test.h"
#include "dyno-test-wire.h"

/* The keys of the vectors and ours (jetdrive.md §3.2). */
static const struct
{
  const char *key;
  DynoChannel canonical;
} keys[] = {
  { "engine_rpm", DYNO_CHANNEL_RPM },
  { "afr_front", DYNO_CHANNEL_MIX_F },
  { "afr_rear", DYNO_CHANNEL_MIX_R },
  { "map", DYNO_CHANNEL_MAP },
  { "baro", DYNO_CHANNEL_BARO },
  { "amb_temp", DYNO_CHANNEL_AMBIENT_TEMP },
  { "amb_temp_2", DYNO_CHANNEL_AMB_TEMP_2 },
  { "humidity", DYNO_CHANNEL_HUMIDITY },
  { "tps", DYNO_CHANNEL_TPS },
  { "torque", DYNO_CHANNEL_TORQUE_CORR },
  { "torque_unc", DYNO_CHANNEL_TORQUE },
  { "power", DYNO_CHANNEL_POWER_CORR },
  { "power_unc", DYNO_CHANNEL_POWER },
  { "force", DYNO_CHANNEL_FORCE },
  { "speed", DYNO_CHANNEL_SPEED },
  { "accel", DYNO_CHANNEL_ACCEL },
  { "distance", DYNO_CHANNEL_DISTANCE },
  { "cf", DYNO_CHANNEL_CORRECTION },
  { "gear_ratio", DYNO_CHANNEL_GEAR_RATIO },
  { "iat", DYNO_CHANNEL_IAT },
  { "ect", DYNO_CHANNEL_ENGINE_TEMP },
  { "vbatt", DYNO_CHANNEL_VBATT },
  { "knock_front", DYNO_CHANNEL_KNOCK_F },
  { "knock_rear", DYNO_CHANNEL_KNOCK_R },
  { "spark_front", DYNO_CHANNEL_SPARK_F },
  { "spark_rear", DYNO_CHANNEL_SPARK_R },
  { "ve_front", DYNO_CHANNEL_VE_F },
  { "ve_rear", DYNO_CHANNEL_VE_R },
  { "inj_front", DYNO_CHANNEL_PW_F },
  { "inj_rear", DYNO_CHANNEL_PW_R },
  { "lambda_cmd", DYNO_CHANNEL_TARGET },
  { "sampling", DYNO_CHANNEL_SAMPLING },
  { "sampling_duration", DYNO_CHANNEL_SAMPLING_DURATION },
};

/* A set of living slots. */
typedef struct
{
  gboolean lives[64];
} Living;

static gboolean
all_live (guint    slot,
          gpointer unused)
{
  return TRUE;
}

static gboolean
some_live (guint    slot,
           gpointer user_data)
{
  const Living *living = user_data;

  return living->lives[slot];
}

static const DynoBound *
bound_of (const DynoBinding *binding,
          DynoChannel        canonical)
{
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      if (dyno_binding_rows[i].canonical == canonical)
        return dyno_binding_bound (binding, i);
    }
  g_assert_not_reached ();
}

static void
check_profile (const DynoJson *channels,
               const DynoJson *expected)
{
  g_autoptr(DynoBinding) binding = dyno_binding_new ();

  for (guint i = 0; i < dyno_json_n_elements (channels); i++)
    {
      const DynoJson *row = dyno_json_element (channels, i);
      const char *name = dyno_json_get_string (row, "wire_name");

      if (dyno_json_get_number (row, "rate_hz", 0) <= 0)
        continue;
      dyno_binding_add (binding, i, (guint16) i, name,
                        (guint8) dyno_json_get_integer (row, "unit", 255), strlen (name) == 30);
    }
  dyno_binding_update (binding, 0, all_live, NULL);

  g_assert_cmpuint (dyno_json_n_elements (expected), ==, G_N_ELEMENTS (keys));
  g_assert_cmpuint (DYNO_BINDING_ROWS, ==, G_N_ELEMENTS (keys));
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const DynoJson *row = dyno_json_member (expected, keys[i].key);
      const DynoBound *bound = bound_of (binding, keys[i].canonical);

      g_test_message ("%s", keys[i].key);
      g_assert_cmpint (bound->is_bound, ==, dyno_json_type (row) == DYNO_JSON_OBJECT);
      if (bound->is_bound)
        g_assert_cmpint (bound->slot, ==, dyno_json_get_integer (row, "id", -1));
    }
}

static void
test_profiles (void)
{
  static const char *const names[] = { "car-33", "car-38", "rt150-41", "rt150-104" };
  g_autoptr(DynoJson) vectors = dyno_test_wire_vectors ();
  const DynoJson *profiles = dyno_json_member (vectors, "profiles");
  const DynoJson *expected = dyno_json_member (vectors, "resolver");

  for (gsize i = 0; vectors != NULL && i < G_N_ELEMENTS (names); i++)
    {
      g_test_message ("profile %s", names[i]);
      check_profile (dyno_json_member (profiles, names[i]), dyno_json_member (expected, names[i]));
    }
}

static void
test_names (void)
{
  g_autoptr(DynoJson) vectors = dyno_test_wire_vectors ();
  const DynoJson *rows = dyno_json_member (vectors, "resolver_names");

  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    {
      const DynoJson *row = dyno_json_element (rows, i);
      const char *wire = dyno_json_get_string (row, "wire");
      g_autofree char *pattern = dyno_binding_fold (dyno_json_get_string (row, "pattern"));
      g_autofree char *folded = dyno_binding_fold (wire);
      DynoBoundBy by = dyno_binding_match (pattern, folded, strlen (wire) == 30);

      g_test_message ("%s", wire);
      g_assert_cmpint (by != DYNO_BOUND_NOT, ==, dyno_json_get_boolean (row, "match", -1));
    }
}

static void
add (DynoBinding *binding,
     guint        slot,
     const char  *name,
     guint8       unit)
{
  dyno_binding_add (binding, slot, (guint16) slot, name, unit, strlen (name) == 30);
}

static void
check_slot (DynoBinding *binding,
            DynoChannel  canonical,
            int          slot)
{
  const DynoBound *bound = bound_of (binding, canonical);

  g_assert_cmpint (bound->is_bound ? (int) bound->slot : -1, ==, slot);
}

/* Barometric pressure is never MAP, and no unit alone makes a channel. */
static void
test_never_by_unit_alone (void)
{
  g_autoptr(DynoBinding) binding = dyno_binding_new ();

  add (binding, 0, "Pressure", 7);
  add (binding, 1, "Counter", 255);
  add (binding, 2, "Mystery", 8);
  add (binding, 3, "Fuel Pressure", 7);
  add (binding, 4, "Engine RPM", 7);        /* the name, but another unit */
  add (binding, 5, "LC1 Volts Petrol AFR", 255); /* by pattern only with its unit */
  add (binding, 6, "User Analog 1", 14);
  dyno_binding_update (binding, 0, all_live, NULL);

  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      const DynoBound *bound = dyno_binding_bound (binding, i);

      if (dyno_binding_rows[i].canonical == DYNO_CHANNEL_BARO)
        g_assert_cmpuint (bound->slot, ==, 0);
      else
        g_assert_false (bound->is_bound);
    }
}

static void
test_unit_255_by_exact_name (void)
{
  g_autoptr(DynoBinding) binding = dyno_binding_new ();

  add (binding, 0, "Manifold Absolute Pressure", 255);
  add (binding, 1, "Engine RPM", 200); /* unassigned codes count as none */
  add (binding, 2, "User Analog 1", 11);
  dyno_binding_update (binding, 0, all_live, NULL);
  check_slot (binding, DYNO_CHANNEL_MAP, 0);
  check_slot (binding, DYNO_CHANNEL_RPM, 1);
  check_slot (binding, DYNO_CHANNEL_MIX_F, 2);
}

/* Dead, alive, dead: who lives is bound, who was bound stays while it lives. */
static void
test_live_and_dead (void)
{
  g_autoptr(DynoBinding) binding = dyno_binding_new ();
  Living living = { 0 };
  gint64 s = G_USEC_PER_SEC;

  add (binding, 7, "Engine Speed", 8);
  add (binding, 3, "Engine RPM", 8);
  g_assert_true (dyno_binding_update (binding, 0, some_live, &living));
  check_slot (binding, DYNO_CHANNEL_RPM, 3);
  g_assert_true (bound_of (binding, DYNO_CHANNEL_RPM)->is_provisional);

  living.lives[7] = TRUE;
  g_assert_true (dyno_binding_update (binding, s, some_live, &living));
  check_slot (binding, DYNO_CHANNEL_RPM, 7);
  g_assert_false (bound_of (binding, DYNO_CHANNEL_RPM)->is_provisional);

  /* The better name begins to live a moment later: it is what was meant. */
  living.lives[3] = TRUE;
  g_assert_true (dyno_binding_update (binding, 2 * s, some_live, &living));
  check_slot (binding, DYNO_CHANNEL_RPM, 3);

  living.lives[3] = FALSE;
  dyno_binding_update (binding, 20 * s, some_live, &living);
  check_slot (binding, DYNO_CHANNEL_RPM, 7);

  /* It comes back when the other has long been in use: nothing changes. */
  dyno_binding_update (binding, 26 * s, some_live, &living);
  living.lives[3] = TRUE;
  g_assert_false (dyno_binding_update (binding, 27 * s, some_live, &living));
  check_slot (binding, DYNO_CHANNEL_RPM, 7);

  /* Nobody lives: it stays, to be called stale. */
  memset (&living, 0, sizeof living);
  g_assert_false (dyno_binding_update (binding, 40 * s, some_live, &living));
  check_slot (binding, DYNO_CHANNEL_RPM, 7);

  dyno_binding_remove (binding, 7);
  g_assert_true (dyno_binding_update (binding, 41 * s, some_live, &living));
  check_slot (binding, DYNO_CHANNEL_RPM, 3);
}

static void
test_pins (void)
{
  g_autoptr(DynoBinding) binding = dyno_binding_new ();

  add (binding, 0, "Engine RPM", 8);
  add (binding, 1, "Digital RPM 1", 8);
  add (binding, 2, "Spindle", 8);
  dyno_binding_update (binding, 0, all_live, NULL);
  check_slot (binding, DYNO_CHANNEL_RPM, 0);

  /* A pin needs neither name nor life. */
  dyno_binding_pin (binding, 2, DYNO_CHANNEL_RPM);
  g_assert_true (dyno_binding_update (binding, 1, all_live, NULL));
  check_slot (binding, DYNO_CHANNEL_RPM, 2);
  g_assert_true (bound_of (binding, DYNO_CHANNEL_RPM)->is_pinned);
  g_assert_cmpstr (dyno_bound_reason (bound_of (binding, DYNO_CHANNEL_RPM)), ==, "pinned");

  /* Pinned to nothing: the next one. */
  dyno_binding_clear_pins (binding);
  dyno_binding_pin (binding, 0, DYNO_CHANNEL_NONE);
  dyno_binding_update (binding, 2, all_live, NULL);
  check_slot (binding, DYNO_CHANNEL_RPM, 1);

  /* Pinned elsewhere, a channel serves nobody else. */
  dyno_binding_clear_pins (binding);
  dyno_binding_pin (binding, 1, DYNO_CHANNEL_TPS);
  dyno_binding_pin (binding, 0, DYNO_CHANNEL_MAP);
  dyno_binding_update (binding, 3, all_live, NULL);
  check_slot (binding, DYNO_CHANNEL_RPM, -1);
  check_slot (binding, DYNO_CHANNEL_TPS, 1);
  check_slot (binding, DYNO_CHANNEL_MAP, 0);

  dyno_binding_clear_pins (binding);
  dyno_binding_update (binding, 4, all_live, NULL);
  check_slot (binding, DYNO_CHANNEL_RPM, 0);
  check_slot (binding, DYNO_CHANNEL_TPS, -1);
}

static void
test_confidence (void)
{
  DynoBound pinned = { .is_bound = TRUE, .is_pinned = TRUE, .by = DYNO_BOUND_BY_PIN };
  DynoBound first = { .is_bound = TRUE, .by = DYNO_BOUND_BY_NAME };
  DynoBound third = { .is_bound = TRUE, .by = DYNO_BOUND_BY_NAME, .rank = 2 };
  DynoBound pattern = { .is_bound = TRUE, .by = DYNO_BOUND_BY_PATTERN };
  DynoBound nothing = { 0 };

  g_assert_cmpfloat (dyno_bound_confidence (&pinned), ==, 1);
  g_assert_cmpfloat (dyno_bound_confidence (&first), ==, 1);
  g_assert_cmpfloat (dyno_bound_confidence (&third), <, 1);
  g_assert_cmpfloat (dyno_bound_confidence (&pattern), <, dyno_bound_confidence (&third));
  g_assert_cmpfloat (dyno_bound_confidence (&nothing), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/binding/profiles", test_profiles);
  g_test_add_func ("/capture/binding/names", test_names);
  g_test_add_func ("/capture/binding/never-by-unit-alone", test_never_by_unit_alone);
  g_test_add_func ("/capture/binding/unit-255-by-exact-name", test_unit_255_by_exact_name);
  g_test_add_func ("/capture/binding/live-and-dead", test_live_and_dead);
  g_test_add_func ("/capture/binding/pins", test_pins);
  g_test_add_func ("/capture/binding/confidence", test_confidence);

  return g_test_run ();
}
