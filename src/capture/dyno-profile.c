/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-profile.h"

/* Update rates in Hz. */
#define DRUM 20
#define ANALOG 10
#define ATMO 0.77
#define LINK 5
#define SLOW 4
#define SAMPLING 13
#define NEVER 0

/* A channel whose name somebody lost; real ones have it. */
#define UNNAMED "????????????????????????????????????????????????????????????????"

struct _DynoProfile
{
  const char               *name;
  const char               *title;
  const char               *engine;
  guint                     flush_ms;
  const DynoProfileChannel *lists[2]; /* one after the other */
  guint                     sizes[2];
  double                    load_hz;  /* 0: a machine; else `sizes` made-up channels at that rate */
};

static const DynoProfileChannel demo[] = {
  { "Engine RPM", 8, ANALOG },
  { "Air/Fuel Ratio 1", 11, ANALOG },
};

static const DynoProfileChannel rt150[] = {
  { UNNAMED, 255, NEVER },
  { "Acceleration", 10, DRUM },
  { "Correction Factor", 255, DRUM },
  { "Distance", 1, DRUM },
  { "Distance 1", 1, DRUM },
  { "Engine RPM", 8, DRUM },
  { "Force", 3, DRUM },
  { "Force 1", 3, DRUM },
  { "Force Drum 1", 3, DRUM },
  { "Gear Ratio", 9, DRUM },
  { "Inductive 1 Signal Strength", 255, SLOW },
  { "Internal Temp 1", 6, SLOW },
  { "Internal Temp 2", 6, SLOW },
  { "LC1 Volts Petrol AFR", 11, ANALOG },
  { "LC2 Volts Petrol AFR2", 11, ANALOG },
  { "Link 0 Status", 255, LINK },
  { "Link 1 Status", 255, LINK },
  { "Power", 4, DRUM },
  { "Power (uncorrected)", 4, DRUM },
  { "Power Drum 1", 4, DRUM },
  { "Power Drum 1 (uncorrected)", 4, DRUM },
  { "Sampling", 255, SAMPLING },
  { "Speed", 2, DRUM },
  { "Speed 1", 2, DRUM },
  { "TCP RX kB/s", 255, LINK },
  { "TCP TX kB/s", 255, LINK },
  { "Torque", 5, DRUM },
  { "Torque (uncorrected)", 5, DRUM },
  { "Torque Drum 1", 5, DRUM },
  { "Torque Drum 1 (uncorrected)", 5, DRUM },
  { "UDP RX kB/s", 255, LINK },
  { "User Analog 1", 11, ANALOG },
  { "User Analog 2", 11, ANALOG },
  { "User Analog 3", 14, ANALOG },
  { "User Analog 4", 14, ANALOG },
  { "Humidity", 16, ATMO },
  { "Pressure", 7, ATMO },
  { "Temperature 1", 6, ATMO },
  { "Temperature 2", 6, ATMO },
  { "Sampling", 255, SAMPLING },
  { "Sampling Duration", 0, SAMPLING },
};

static const DynoProfileChannel power_vision[] = {
  { "Accel Enrichment", 255, SLOW },
  { "Decel Enleanment", 255, SLOW },
  { "Desired Air/Fuel", 11, SLOW },
  { "Engine Speed", 8, SLOW },
  { "Engine Temperature", 6, SLOW },
  { "Front Adaptive Fuel Factor", 16, SLOW },
  { "Front Closed Loop Integrator", 16, SLOW },
  { "Front Spark Knock Retard", 255, SLOW },
  { "Idle Air Control Motor Position", 255, SLOW },
  { "Injector Time Front", 255, SLOW },
  { "Injector Time Rear", 255, SLOW },
  { "Intake Air Temperature", 6, SLOW },
  { "Manifold Absolute Pressure", 7, SLOW },
  { "Rear Adaptive Fuel Factor", 16, SLOW },
  { "Rear Closed Loop Integrator", 16, SLOW },
  { "Rear Spark Knock Retard", 255, SLOW },
  { "Spark Advance Front", 255, SLOW },
  { "Spark Advance Rear", 255, SLOW },
  { "Throttle Position", 16, SLOW },
  { "Throttle Position Sensor Voltage", 14, SLOW },
  { "VE Front", 16, SLOW },
  { "VE New Front", 16, SLOW },
  { "VE New Rear", 16, SLOW },
  { "VE Rear", 16, SLOW },
  { "Vehicle Speed", 2, SLOW },
  { "WBO2 AFR Front", 11, SLOW },
  { "WBO2 AFR Rear", 11, SLOW },
  { "Accel Enrichment", 255, SLOW },
  { "AT Lambda 1", 13, SLOW },
  { "AT Lambda 2", 13, SLOW },
  { "Battery Voltage", 14, SLOW },
  { "Decel Enleanment", 255, SLOW },
  { "Desired Air/Fuel", 11, SLOW },
  { "Desired Lambda", 13, SLOW },
  { "Engine Speed", 8, SLOW },
  { "Engine Temperature", 6, SLOW },
  { "Front Adaptive Fuel Factor", 16, SLOW },
  { "Front Closed Loop Integrator", 16, SLOW },
  { "Front Spark Knock Retard", 255, SLOW },
  { "Idle Air Control Motor Position", 255, SLOW },
  { "Idle Set Speed", 8, SLOW },
  { "Injector Time Front", 0, SLOW },
  { "Injector Time Rear", 0, SLOW },
  { "Intake Air Temperature", 6, SLOW },
  { "Manifold Absolute Pressure", 7, SLOW },
  { "Rear Adaptive Fuel Factor", 16, SLOW },
  { "Rear Closed Loop Integrator", 16, SLOW },
  { "Rear Spark Knock Retard", 255, SLOW },
  { "Software Level", 255, SLOW },
  { "Spark Advance Front", 255, SLOW },
  { "Spark Advance Rear", 255, SLOW },
  { "Throttle Position", 16, SLOW },
  { "Throttle Position Sensor", 14, SLOW },
  { "Twistgrip Position", 16, SLOW },
  { "VE Front", 16, SLOW },
  { "VE New Front", 16, SLOW },
  { "VE New Rear", 16, SLOW },
  { "VE Rear", 16, SLOW },
  { "Vehicle Speed", 2, SLOW },
  { "Warm-up Fuel AFR (Lambda)", 13, SLOW },
  { "Warm-up Fuel AFR (Ratio)", 11, SLOW },
  { "WBO2 AFR Front", 11, SLOW },
  { "WBO2 AFR Rear", 11, SLOW },
};

static const DynoProfileChannel car_33[] = {
  { "Humidity", 16, ATMO },
  { "Pressure", 7, ATMO },
  { "Temperature 1", 6, ATMO },
  { "Temperature 2", 6, ATMO },
  { "Acceleration", 10, DRUM },
  { "Correction Factor", 255, DRUM },
  { "Distance", 1, DRUM },
  { "Distance 1", 1, DRUM },
  { "Distance 2", 1, DRUM },
  { "Engine RPM", 8, DRUM },
  { "Force", 3, DRUM },
  { "Force 1", 3, DRUM },
  { "Force Drum 1", 3, DRUM },
  { "Gear Ratio", 9, DRUM },
  { "Link 0 Status", 255, LINK },
  { "Link 1 Status", 255, LINK },
  { "Power", 4, DRUM },
  { "Power (uncorrected)", 4, DRUM },
  { "Power Drum 1", 4, DRUM },
  { "Power Drum 1 (uncorrected)", 4, DRUM },
  { "Speed", 2, DRUM },
  { "Speed 1", 2, DRUM },
  { "TCP RX kB/s", 255, LINK },
  { "TCP TX kB/s", 255, LINK },
  { "Torque", 5, DRUM },
  { "Torque (uncorrected)", 5, DRUM },
  { "Torque Drum 1", 5, DRUM },
  { "Torque Drum 1 (uncorrected)", 5, DRUM },
  { "UDP RX kB/s", 255, LINK },
  { "User Analog 1", 11, ANALOG },
  { "WB Volts Petrol AFR", 11, ANALOG },
  { "Sampling", 255, SAMPLING },
  { "Sampling Duration", 0, SAMPLING },
};

static const DynoProfileChannel car_38[] = {
  { "Air Pump ON", 255, SLOW },
  { "Air/Fuel Ratio 1", 11, DRUM },
  { "Air/Fuel Ratio 2", 11, DRUM },
  { "Sensor Heater ON 1", 255, SLOW },
  { "Sensor Heater ON 2", 255, SLOW },
  { "Sensor Ready 1", 255, SLOW },
  { "Sensor Ready 2", 255, SLOW },
  { "Humidity", 16, ATMO },
  { "Pressure", 7, ATMO },
  { "Temperature 1", 6, ATMO },
  { "Temperature 2", 6, ATMO },
  { "Acceleration", 10, DRUM },
  { "Ashcroft -14.7-45psi (Relative)", 7, ANALOG },
  { "Correction Factor", 255, DRUM },
  { "Distance", 1, DRUM },
  { "Distance 1", 1, DRUM },
  { "Engine RPM", 8, DRUM },
  { "Force", 3, DRUM },
  { "Force 1", 3, DRUM },
  { "Force Drum 1", 3, DRUM },
  { "Gear Ratio", 9, DRUM },
  { "Link 0 Status", 255, LINK },
  { "Link 1 Status", 255, LINK },
  { "Power", 4, DRUM },
  { "Power (uncorrected)", 4, DRUM },
  { "Power Drum 1", 4, DRUM },
  { "Power Drum 1 (uncorrected)", 4, DRUM },
  { "Speed", 2, DRUM },
  { "Speed 1", 2, DRUM },
  { "TCP RX kB/s", 255, LINK },
  { "TCP TX kB/s", 255, LINK },
  { "Torque", 5, DRUM },
  { "Torque (uncorrected)", 5, DRUM },
  { "Torque Drum 1", 5, DRUM },
  { "Torque Drum 1 (uncorrected)", 5, DRUM },
  { "UDP RX kB/s", 255, LINK },
  { "User Analog 1", 7, ANALOG },
  { "Sampling", 255, SAMPLING },
};

#define LIST(list) { list }, { G_N_ELEMENTS (list) }, 0

static const DynoProfile profiles[] = {
  { "rt150-104", "104 channels of an RT-150 with ECU and Power Vision", "twin114", 50,
    { rt150, power_vision }, { G_N_ELEMENTS (rt150), G_N_ELEMENTS (power_vision) }, 0 },
  { "rt150-41", "41 channels of an RT-150", "twin114", 50, LIST (rt150) },
  { "car-33", "33 channels of a car dyno", "four20", 50, LIST (car_33) },
  { "car-38", "38 channels of a car dyno with AFR module", "four20", 50, LIST (car_38) },
  { "demo-2", "engine speed and mixture, nothing else", "twin114", 50, LIST (demo) },
  { "stress-a", "105 channels at 50 Hz", "twin114", 20, { NULL }, { 105 }, 50 },
  { "stress-b", "39 channels at 100 Hz", "twin114", 20, { NULL }, { 39 }, 100 },
  { "torture", "1000 channels at 100 Hz", "twin114", 50, { NULL }, { 1000 }, 100 },
};

static const char *const names[] = { "rt150-104", "rt150-41", "car-33",  "car-38", "demo-2",
                                     "stress-a",  "stress-b", "torture", NULL };

const DynoProfile *
dyno_profile_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      if (g_strcmp0 (profiles[i].name, name) == 0)
        return &profiles[i];
    }

  return NULL;
}

const char *const *
dyno_profile_names (void)
{
  return names;
}

const char *
dyno_profile_title (const DynoProfile *self)
{
  return self->title;
}

const char *
dyno_profile_engine (const DynoProfile *self)
{
  return self->engine;
}

guint
dyno_profile_n_channels (const DynoProfile *self)
{
  return self->sizes[0] + self->sizes[1];
}

DynoProfileChannel
dyno_profile_channel (const DynoProfile *self,
                      guint              index,
                      char              *name)
{
  g_assert (index < dyno_profile_n_channels (self));

  if (self->load_hz > 0)
    {
      g_snprintf (name, 64, "Load %04u", index + 1);
      return (DynoProfileChannel){ name, 255, self->load_hz };
    }

  return index < self->sizes[0] ? self->lists[0][index] : self->lists[1][index - self->sizes[0]];
}

guint
dyno_profile_flush_ms (const DynoProfile *self)
{
  return self->flush_ms;
}

gboolean
dyno_profile_is_load (const DynoProfile *self)
{
  return self->load_hz > 0;
}
