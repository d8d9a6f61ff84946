/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Meter, readout, gauge and the group of digits, by a fake clock. */

#include "config.h"

#include "dyno-digit-group.h"
#include "dyno-gauge.h"
#include "dyno-look.h"
#include "dyno-readout.h"
#include "dyno-test-ui.h"

#include <math.h>

#define SECOND G_GINT64_CONSTANT (1000000)

typedef struct
{
  DynoClock *clock;
  DynoMeter *meter;
  guint      n_changed;
  guint      n_red;
  guint      n_amber;
} Fixture;

static void
changed_cb (Fixture *f)
{
  f->n_changed++;
}

static void
alarm_cb (DynoMeter *meter,
          gboolean   is_red,
          Fixture   *f)
{
  if (is_red)
    f->n_red++;
  else
    f->n_amber++;
}

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  f->clock = dyno_clock_new_fake (100 * SECOND, 0);
  f->meter = dyno_meter_new ("Power", DYNO_QUANTITY_POWER);
  dyno_meter_set_clock (f->meter, f->clock);
  dyno_meter_set_range (f->meter, 0, 150);
  g_signal_connect_swapped (f->meter, "changed", G_CALLBACK (changed_cb), f);
  g_signal_connect (f->meter, "alarm", G_CALLBACK (alarm_cb), f);
  f->n_changed = 0;
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  g_assert_finalize_object (f->meter);
  dyno_clock_free (f->clock);
}

static void
assert_shown (DynoMeter     *meter,
              DynoMeterForm  form,
              const char    *digits,
              const char    *word)
{
  g_assert_cmpint (dyno_meter_get_form (meter), ==, form);
  g_assert_cmpstr (dyno_meter_get_digits (meter), ==, digits);
  g_assert_cmpstr (dyno_meter_get_word (meter), ==, word);
}

static void
test_states (Fixture       *f,
             gconstpointer  unused)
{
  static const struct
  {
    double         value;
    DynoLiveState  state;
    gint64         age_us;
    DynoMeterForm  form;
    const char    *digits;
    const char    *word;
  } cases[] = {
    { 86.44, DYNO_LIVE_OK, 0, DYNO_METER_VALUE, "86.4", "" },
    { 0, DYNO_LIVE_OK, 0, DYNO_METER_VALUE, "0.0", "" },
    { -0.01, DYNO_LIVE_OK, 0, DYNO_METER_VALUE, "0.0", "" },
    { -3.25, DYNO_LIVE_SLOW, 0, DYNO_METER_VALUE, "−3.2", "slow" },
    { 0, DYNO_LIVE_IDLE, 900 * SECOND, DYNO_METER_VALUE, "0.0", "idle" },
    { 86.4, DYNO_LIVE_STALE, 2400000, DYNO_METER_STALE, "86.4", "2.4 s" },
    { 86.4, DYNO_LIVE_STALE, 14 * SECOND, DYNO_METER_STALE, "86.4", "14 s" },
    { 86.4, DYNO_LIVE_STALE, 100 * SECOND, DYNO_METER_STALE, "86.4", "1:40" },
    { 86.4, DYNO_LIVE_LOST, 12 * SECOND, DYNO_METER_DASH, "—", "lost" },
    { 22.4, DYNO_LIVE_PEGGED, 0, DYNO_METER_STRUCK, "22.4", "pegged" },
    { 80, DYNO_LIVE_FROZEN, 0, DYNO_METER_STRUCK, "80.0", "frozen" },
    { 900, DYNO_LIVE_INVALID, 0, DYNO_METER_DASH, "—", "out of range" },
    { NAN, DYNO_LIVE_OK, 0, DYNO_METER_DASH, "—", "no value" },
    { NAN, DYNO_LIVE_STALE, 2 * SECOND, DYNO_METER_DASH, "—", "no value" },
    { NAN, DYNO_LIVE_NO_SIGNAL, 0, DYNO_METER_DASH, "—", "no signal" },
    { NAN, DYNO_LIVE_UNMAPPED, 0, DYNO_METER_DASH, "—", "not mapped" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      dyno_meter_set_reading (f->meter, cases[i].value, cases[i].state, cases[i].age_us);
      assert_shown (f->meter, cases[i].form, cases[i].digits, cases[i].word);
      g_assert_true (isnan (dyno_meter_get_value (f->meter)) == (cases[i].form == DYNO_METER_DASH));
    }

  /* Why, where the owner knows better; never over a value. */
  dyno_meter_set_reason (f->meter, "no sensor");
  assert_shown (f->meter, DYNO_METER_DASH, "—", "no sensor");
  dyno_meter_set_reading (f->meter, 7, DYNO_LIVE_OK, 0);
  assert_shown (f->meter, DYNO_METER_VALUE, "7.0", "");
}

/* From the ring, with its clock: live, stale, lost. */
static void
test_ages (Fixture       *f,
           gconstpointer  unused)
{
  g_autoptr(DynoLive) live = dyno_live_new (f->clock);
  gint64 t_us = 0;
  double value = 50;

  dyno_meter_read (f->meter, live, -1);
  assert_shown (f->meter, DYNO_METER_DASH, "—", "not mapped");
  dyno_live_add (live, "power", DYNO_QUANTITY_POWER);
  dyno_meter_read (f->meter, live, 0);
  assert_shown (f->meter, DYNO_METER_DASH, "—", "no signal");
  dyno_live_append (live, 0, 1, &t_us, &value);
  dyno_meter_read (f->meter, live, 0);
  assert_shown (f->meter, DYNO_METER_VALUE, "50.0", "");
  dyno_clock_advance (f->clock, 1100000);
  dyno_meter_read (f->meter, live, 0);
  assert_shown (f->meter, DYNO_METER_STALE, "50.0", "1.1 s");
  dyno_clock_advance (f->clock, 4 * SECOND);
  dyno_meter_read (f->meter, live, 0);
  assert_shown (f->meter, DYNO_METER_DASH, "—", "lost");
  dyno_live_set_state (live, 0, DYNO_LIVE_IDLE);
  dyno_meter_read (f->meter, live, 0);
  assert_shown (f->meter, DYNO_METER_VALUE, "50.0", "idle");
}

static void
test_alarms (Fixture       *f,
             gconstpointer  unused)
{
  dyno_meter_set_amber (f->meter, 10, 100);
  dyno_meter_set_red (f->meter, NAN, 120);
  dyno_meter_set_reading (f->meter, 100, DYNO_LIVE_OK, 0);
  g_assert_cmpint (dyno_meter_get_alarm (f->meter), ==, DYNO_ALARM_NONE);
  dyno_meter_set_reading (f->meter, 100.1, DYNO_LIVE_OK, 0);
  g_assert_cmpint (dyno_meter_get_alarm (f->meter), ==, DYNO_ALARM_AMBER);
  assert_shown (f->meter, DYNO_METER_VALUE, "100.1", "high");
  g_assert_cmpuint (f->n_amber, ==, 1);
  dyno_meter_set_reading (f->meter, 9, DYNO_LIVE_OK, 0);
  assert_shown (f->meter, DYNO_METER_VALUE, "9.0", "low");
  dyno_clock_advance (f->clock, 60 * SECOND);
  dyno_meter_set_reading (f->meter, 9, DYNO_LIVE_OK, 0);
  g_assert_cmpuint (f->n_amber, ==, 1); /* amber sounds once */

  /* Red sounds at once and each five seconds. */
  for (int i = 0; i < 121; i++)
    {
      dyno_meter_set_reading (f->meter, 130, DYNO_LIVE_OK, 0);
      dyno_clock_advance (f->clock, SECOND / 10);
    }
  g_assert_cmpuint (f->n_red, ==, 3);

  /* Neither a standing drum nor an old number alarms. */
  dyno_meter_set_reading (f->meter, 0, DYNO_LIVE_IDLE, 0);
  g_assert_cmpint (dyno_meter_get_alarm (f->meter), ==, DYNO_ALARM_NONE);
  dyno_meter_set_reading (f->meter, 130, DYNO_LIVE_STALE, 2 * SECOND);
  g_assert_cmpint (dyno_meter_get_alarm (f->meter), ==, DYNO_ALARM_NONE);
  dyno_meter_set_reading (f->meter, 130, DYNO_LIVE_PEGGED, 0);
  g_assert_cmpint (dyno_meter_get_alarm (f->meter), ==, DYNO_ALARM_NONE);
  g_assert_cmpuint (f->n_red, ==, 3);
}

static void
test_hold_max (Fixture       *f,
               gconstpointer  unused)
{
  dyno_meter_set_reading (f->meter, 99, DYNO_LIVE_OK, 0);
  g_assert_cmpstr (dyno_meter_get_max (f->meter), ==, "");
  dyno_meter_set_hold_max (f->meter, TRUE);
  g_assert_cmpstr (dyno_meter_get_max (f->meter), ==, "max 99.0");
  dyno_meter_set_reading (f->meter, 86.4, DYNO_LIVE_OK, 0);
  dyno_meter_set_reading (f->meter, 120, DYNO_LIVE_PEGGED, 0); /* not to be believed */
  dyno_meter_set_reading (f->meter, NAN, DYNO_LIVE_OK, 0);
  g_assert_cmpstr (dyno_meter_get_max (f->meter), ==, "max 99.0");
  dyno_meter_reset_max (f->meter);
  dyno_meter_set_reading (f->meter, 50, DYNO_LIVE_OK, 0);
  g_assert_cmpstr (dyno_meter_get_max (f->meter), ==, "max 50.0");
}

static void
test_spoken_once_a_second (Fixture       *f,
                           gconstpointer  unused)
{
  dyno_meter_set_reading (f->meter, 86.4, DYNO_LIVE_OK, 0);
  g_assert_cmpstr (dyno_meter_get_spoken (f->meter), ==, "86.4 kW");
  dyno_meter_set_reading (f->meter, 87, DYNO_LIVE_OK, 0);
  g_assert_cmpstr (dyno_meter_get_spoken (f->meter), ==, "86.4 kW");
  dyno_clock_advance (f->clock, SECOND);
  dyno_meter_set_reading (f->meter, 88, DYNO_LIVE_OK, 0);
  g_assert_cmpstr (dyno_meter_get_spoken (f->meter), ==, "88.0 kW");
  dyno_meter_set_reading (f->meter, 88, DYNO_LIVE_LOST, 6 * SECOND); /* a state: at once */
  g_assert_cmpstr (dyno_meter_get_spoken (f->meter), ==, "no value, lost");
}

static void
test_units (Fixture       *f,
            gconstpointer  unused)
{
  g_assert_cmpstr (dyno_meter_get_widest (f->meter), ==, "888.8");
  dyno_meter_set_reading (f->meter, 86.4, DYNO_LIVE_OK, 0);
  dyno_meter_set_units (f->meter, DYNO_UNITS_US);
  assert_shown (f->meter, DYNO_METER_VALUE, "115.9", "");
  g_assert_cmpstr (dyno_meter_get_unit (f->meter)->symbol, ==, "hp");
  dyno_meter_set_range (f->meter, -20, 5);
  g_assert_cmpstr (dyno_meter_get_widest (f->meter), ==, "−88.8");

  /* The same digits tell nobody. */
  f->n_changed = 0;
  dyno_meter_set_reading (f->meter, 86.4001, DYNO_LIVE_OK, 0);
  g_assert_cmpuint (f->n_changed, ==, 0);
  dyno_meter_set_reading (f->meter, 90, DYNO_LIVE_OK, 0);
  g_assert_cmpuint (f->n_changed, ==, 1);
}

/* Widgets. */

static void
assert_colour (GtkWidget  *widget,
               DynoColour  colour,
               guint       least)
{
  g_autoptr(GdkTexture) shot = NULL;
  GdkRGBA rgba = dyno_look_rgba (colour);

  dyno_test_ui_frames (widget, 2);
  shot = dyno_test_ui_shot (widget);
  g_assert_cmpuint (dyno_test_ui_count (shot, &rgba), >=, least);
}

static void
test_readout (Fixture       *f,
              gconstpointer  unused)
{
  GtkWidget *readout = dyno_readout_new (f->meter);
  GtkWidget *window = dyno_test_ui_show (readout, 400, 240);
  double size = dyno_readout_get_digit_size (DYNO_READOUT (readout));

  g_assert_cmpfloat (size, >, 60);
  gtk_test_accessible_assert_role (readout, GTK_ACCESSIBLE_ROLE_METER);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (readout), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Power");
  dyno_meter_set_reading (f->meter, 86.4, DYNO_LIVE_OK, 0);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (readout),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "86.4 kW");
  dyno_test_ui_frames (readout, 2);

  /* Whatever the value, the digits keep their size. */
  for (int i = 0; i < 10; i++)
    {
      dyno_meter_set_reading (f->meter, pow (10, i - 3), i % 3 == 0 ? DYNO_LIVE_LOST : DYNO_LIVE_OK,
                              0);
      dyno_test_ui_frames (readout, 1);
      g_assert_cmpfloat (dyno_readout_get_digit_size (DYNO_READOUT (readout)), ==, size);
    }

  dyno_meter_set_reading (f->meter, 86.4, DYNO_LIVE_STALE, 2 * SECOND);
  assert_colour (readout, dyno_palette_status (DYNO_LOOK_LIGHT, DYNO_STATUS_OFF), 300);
  dyno_meter_set_red (f->meter, NAN, 80);
  dyno_meter_set_reading (f->meter, 86.4, DYNO_LIVE_OK, 0);
  g_assert_true (gtk_widget_has_css_class (readout, "dyno-red"));
  assert_colour (window, dyno_palette_status (DYNO_LOOK_LIGHT, DYNO_STATUS_FAULT), 20000);
  dyno_meter_set_reading (f->meter, 50, DYNO_LIVE_OK, 0);
  g_assert_false (gtk_widget_has_css_class (readout, "dyno-red"));

  g_object_ref (readout);
  dyno_test_ui_close (window);
  g_assert_finalize_object (readout);
}

static void
test_group (Fixture       *f,
            gconstpointer  unused)
{
  DynoDigitGroup *group = dyno_digit_group_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  DynoMeter *wide = dyno_meter_new ("Wide", DYNO_QUANTITY_POWER);
  GtkWidget *first = dyno_readout_new (f->meter);
  GtkWidget *second = dyno_readout_new (wide);
  GtkWidget *window;
  double alone;

  dyno_meter_set_range (wide, -100000, 100000);
  gtk_widget_set_hexpand (first, TRUE);
  gtk_widget_set_hexpand (second, TRUE);
  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), second);
  window = dyno_test_ui_show (box, 600, 200);
  alone = dyno_readout_get_digit_size (DYNO_READOUT (first));
  g_assert_cmpfloat (dyno_readout_get_digit_size (DYNO_READOUT (second)), <, alone);

  dyno_readout_set_group (DYNO_READOUT (first), group);
  dyno_readout_set_group (DYNO_READOUT (second), group);
  g_assert_cmpfloat (dyno_readout_get_digit_size (DYNO_READOUT (first)), ==,
                     dyno_readout_get_digit_size (DYNO_READOUT (second)));
  g_assert_cmpfloat (dyno_readout_get_digit_size (DYNO_READOUT (first)), <, alone);
  gtk_box_remove (GTK_BOX (box), second); /* leaves the group */
  dyno_test_ui_frames (first, 2);
  g_assert_cmpfloat (dyno_readout_get_digit_size (DYNO_READOUT (first)), >=, alone);
  dyno_test_ui_close (window);
  g_assert_finalize_object (group);
  g_assert_finalize_object (wide);
}

static void
test_gauge (Fixture       *f,
            gconstpointer  unused)
{
  GtkWidget *gauge = dyno_gauge_new (f->meter);
  GtkWidget *window = dyno_test_ui_show (gauge, 300, 260);
  guint64 n_drawn;
  guint64 n_faces;
  guint64 before;

  g_assert_true (isnan (dyno_gauge_get_angle (DYNO_GAUGE (gauge))));
  dyno_meter_set_reading (f->meter, 75, DYNO_LIVE_OK, 0);
  g_assert_cmpfloat (dyno_gauge_get_angle (DYNO_GAUGE (gauge)), ==, 0);
  dyno_meter_set_reading (f->meter, 0, DYNO_LIVE_OK, 0);
  g_assert_cmpfloat (dyno_gauge_get_angle (DYNO_GAUGE (gauge)), ==, -120);
  dyno_meter_set_reading (f->meter, 1000, DYNO_LIVE_OK, 0); /* stays at the stop */
  g_assert_cmpfloat (dyno_gauge_get_angle (DYNO_GAUGE (gauge)), ==, 120);
  dyno_meter_set_reading (f->meter, 75, DYNO_LIVE_LOST, 0);
  g_assert_true (isnan (dyno_gauge_get_angle (DYNO_GAUGE (gauge))));

  /* Half a pixel at the tip is about 0.2 kW here: less draws nothing, and the face
   * is kept. */
  dyno_meter_set_reading (f->meter, 75.01, DYNO_LIVE_OK, 0);
  dyno_test_ui_frames (gauge, 2);
  dyno_gauge_get_counts (DYNO_GAUGE (gauge), &before, &n_faces);
  g_assert_cmpuint (n_faces, ==, 1);
  dyno_meter_set_reading (f->meter, 75.02, DYNO_LIVE_OK, 0);
  dyno_test_ui_frames (gauge, 2);
  dyno_gauge_get_counts (DYNO_GAUGE (gauge), &n_drawn, &n_faces);
  g_assert_cmpuint (n_drawn, ==, before);
  dyno_meter_set_reading (f->meter, 80, DYNO_LIVE_OK, 0);
  dyno_test_ui_frames (gauge, 2);
  dyno_gauge_get_counts (DYNO_GAUGE (gauge), &n_drawn, &n_faces);
  g_assert_cmpuint (n_drawn, ==, before + 1);
  g_assert_cmpuint (n_faces, ==, 1);
  dyno_meter_set_amber (f->meter, NAN, 100);
  dyno_test_ui_frames (gauge, 2);
  dyno_gauge_get_counts (DYNO_GAUGE (gauge), &n_drawn, &n_faces);
  g_assert_cmpuint (n_faces, ==, 2);

  g_object_ref (gauge);
  dyno_test_ui_close (window);
  g_assert_finalize_object (gauge);
}

/* Round a target, rich is left and blue, lean is right and orange. */
static void
test_mixture_gauge (Fixture       *f,
                    gconstpointer  unused)
{
  DynoMeter *meter = dyno_meter_new ("AFR", DYNO_QUANTITY_AFR);
  GtkWidget *gauge = dyno_gauge_new (meter);
  GtkWidget *window = dyno_test_ui_show (gauge, 300, 260);

  dyno_meter_set_target (meter, 13, 2);
  dyno_meter_set_reading (meter, 13, DYNO_LIVE_OK, 0);
  g_assert_cmpfloat (dyno_gauge_get_angle (DYNO_GAUGE (gauge)), ==, 0);
  dyno_meter_set_reading (meter, 14, DYNO_LIVE_OK, 0);
  g_assert_cmpfloat (dyno_gauge_get_angle (DYNO_GAUGE (gauge)), >, 0);
  for (int k = -5; k <= 5; k++)
    assert_colour (gauge, dyno_palette_diverging (DYNO_LOOK_LIGHT, k), 50);
  dyno_test_ui_close (window);
  g_assert_finalize_object (meter);
}

int
main (int    argc,
      char **argv)
{
  dyno_test_ui_init (&argc, &argv);
#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/meter/states", test_states);
  ADD ("/meter/ages", test_ages);
  ADD ("/meter/alarms", test_alarms);
  ADD ("/meter/hold-max", test_hold_max);
  ADD ("/meter/spoken-once-a-second", test_spoken_once_a_second);
  ADD ("/meter/units", test_units);
  ADD ("/readout/digits", test_readout);
  ADD ("/readout/group", test_group);
  ADD ("/gauge/needle", test_gauge);
  ADD ("/gauge/mixture", test_mixture_gauge);
#undef ADD

  return g_test_run ();
}
