/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-signal.h"

#include <math.h>

#define ANY (-1)
#define STOICH_PETROL 14.7

typedef double (*Value) (const DynoSignalInput *input);

#define READING(field) \
  static double read_##field (const DynoSignalInput *input) \
  { \
    return input->reading->field; \
  }

READING (rpm)
READING (ecu_rpm)
READING (speed_kmh)
READING (accel_kmh_s)
READING (distance_m)
READING (force_n)
READING (power_kw)
READING (torque_nm)
READING (power_corr_kw)
READING (torque_corr_nm)
READING (gear_ratio)
READING (tps_pct)
READING (map_kpa)
READING (target_afr)
READING (baro_kpa)
READING (ambient_c)
READING (humidity_pct)
READING (iat_c)
READING (engine_c)

/* The drum's computer says nothing while the drum stands. */
static double
read_correction (const DynoSignalInput *input)
{
  return isnan (input->reading->speed_kmh) ? NAN : input->reading->correction;
}

static double
read_afr_front (const DynoSignalInput *input)
{
  return input->reading->afr[0];
}

static double
read_afr_rear (const DynoSignalInput *input)
{
  return input->reading->afr[1];
}

static double
read_lambda_front (const DynoSignalInput *input)
{
  return input->reading->afr[0] / STOICH_PETROL;
}

static double
read_lambda_rear (const DynoSignalInput *input)
{
  return input->reading->afr[1] / STOICH_PETROL;
}

static double
read_target_lambda (const DynoSignalInput *input)
{
  return input->reading->target_afr / STOICH_PETROL;
}

static double
read_ve_front (const DynoSignalInput *input)
{
  return input->reading->ve_pct[0];
}

static double
read_ve_rear (const DynoSignalInput *input)
{
  return input->reading->ve_pct[1];
}

static double
read_sampling (const DynoSignalInput *input)
{
  if (!input->drum_has_moved)
    return NAN;

  return input->is_sampling ? 1 : 0;
}

static double
read_sampling_duration (const DynoSignalInput *input)
{
  return input->drum_has_moved ? input->sampling_s : NAN;
}

/* About 9 ms at full load, 1.2 ms of them until the valve opens. */
static double
read_pulse_ms (const DynoSignalInput *input)
{
  return 1.2 + 0.08 * input->reading->map_kpa;
}

static double
read_pulse_s (const DynoSignalInput *input)
{
  return read_pulse_ms (input) / 1000;
}

static double
read_spark (const DynoSignalInput *input)
{
  return 34 - 0.16 * (input->reading->map_kpa - 30) + input->reading->ecu_rpm / 1000;
}

static double
read_tps_volts (const DynoSignalInput *input)
{
  return 0.5 + 0.04 * input->reading->tps_pct;
}

static double
read_boost (const DynoSignalInput *input)
{
  return input->reading->map_kpa - input->reading->baro_kpa;
}

static double
read_second_probe (const DynoSignalInput *input)
{
  return input->reading->ambient_c + 0.4;
}

static double
read_inside_temperature (const DynoSignalInput *input)
{
  return 38 + 4 * (1 - exp (-input->t_s / 300));
}

/* Counters of the link wander a little, as they do. */
static double
read_traffic (const DynoSignalInput *input)
{
  return 9.2 + 0.3 * sin (input->t_s);
}

static double
read_battery (const DynoSignalInput *input)
{
  return 13.9 + 0.05 * sin (input->t_s / 3);
}

static double
read_zero (const DynoSignalInput *input)
{
  return 0;
}

static double
read_one (const DynoSignalInput *input)
{
  return 1;
}

static double
read_hundred (const DynoSignalInput *input)
{
  return 100;
}

static double
read_idle_steps (const DynoSignalInput *input)
{
  return 42;
}

static double
read_idle_speed (const DynoSignalInput *input)
{
  return 950;
}

static double
read_level (const DynoSignalInput *input)
{
  return 176;
}

static double
read_signal_strength (const DynoSignalInput *input)
{
  return 82;
}

static double
read_unused_volts (const DynoSignalInput *input)
{
  return 0.02;
}

static const struct
{
  const char *name;
  int         unit; /* ANY, or the code it must have */
  Value       value;
} signals[] = {
  { "", ANY, NULL }, /* 0 is none */
  { "AT Lambda 1", ANY, read_lambda_front },
  { "AT Lambda 2", ANY, read_lambda_rear },
  { "Accel Enrichment", ANY, read_zero },
  { "Acceleration", ANY, read_accel_kmh_s },
  { "Air Pump ON", ANY, read_one },
  { "Air/Fuel Ratio 1", ANY, read_afr_front },
  { "Air/Fuel Ratio 2", ANY, read_afr_rear },
  { "Ashcroft -14.7-45psi (Relative)", ANY, read_boost },
  { "Battery Voltage", ANY, read_battery },
  { "Correction Factor", ANY, read_correction },
  { "Decel Enleanment", ANY, read_zero },
  { "Desired Air/Fuel", ANY, read_target_afr },
  { "Desired Lambda", ANY, read_target_lambda },
  { "Distance", ANY, read_distance_m },
  { "Distance 1", ANY, read_distance_m },
  { "Distance 2", ANY, read_distance_m },
  { "Engine RPM", ANY, read_rpm },
  { "Engine Speed", ANY, read_ecu_rpm },
  { "Engine Temperature", ANY, read_engine_c },
  { "Force", ANY, read_force_n },
  { "Force 1", ANY, read_force_n },
  { "Force Drum 1", ANY, read_force_n },
  { "Front Adaptive Fuel Factor", ANY, read_hundred },
  { "Front Closed Loop Integrator", ANY, read_hundred },
  { "Front Spark Knock Retard", ANY, read_zero },
  { "Gear Ratio", ANY, read_gear_ratio },
  { "Humidity", ANY, read_humidity_pct },
  { "Idle Air Control Motor Position", ANY, read_idle_steps },
  { "Idle Set Speed", ANY, read_idle_speed },
  { "Inductive 1 Signal Strength", ANY, read_signal_strength },
  { "Injector Time Front", 0, read_pulse_s },
  { "Injector Time Front", ANY, read_pulse_ms },
  { "Injector Time Rear", 0, read_pulse_s },
  { "Injector Time Rear", ANY, read_pulse_ms },
  { "Intake Air Temperature", ANY, read_iat_c },
  { "Internal Temp 1", ANY, read_inside_temperature },
  { "Internal Temp 2", ANY, read_inside_temperature },
  { "LC1 Volts Petrol AFR", ANY, read_afr_front },
  { "LC2 Volts Petrol AFR2", ANY, read_afr_rear },
  { "Link 0 Status", ANY, read_one },
  { "Link 1 Status", ANY, read_one },
  { "Manifold Absolute Pressure", ANY, read_map_kpa },
  { "Power", ANY, read_power_corr_kw },
  { "Power (uncorrected)", ANY, read_power_kw },
  { "Power Drum 1", ANY, read_power_corr_kw },
  { "Power Drum 1 (uncorrected)", ANY, read_power_kw },
  { "Pressure", ANY, read_baro_kpa },
  { "Rear Adaptive Fuel Factor", ANY, read_hundred },
  { "Rear Closed Loop Integrator", ANY, read_hundred },
  { "Rear Spark Knock Retard", ANY, read_zero },
  { "Sampling", ANY, read_sampling },
  { "Sampling Duration", ANY, read_sampling_duration },
  { "Sensor Heater ON 1", ANY, read_one },
  { "Sensor Heater ON 2", ANY, read_one },
  { "Sensor Ready 1", ANY, read_one },
  { "Sensor Ready 2", ANY, read_one },
  { "Software Level", ANY, read_level },
  { "Spark Advance Front", ANY, read_spark },
  { "Spark Advance Rear", ANY, read_spark },
  { "Speed", ANY, read_speed_kmh },
  { "Speed 1", ANY, read_speed_kmh },
  { "TCP RX kB/s", ANY, read_traffic },
  { "TCP TX kB/s", ANY, read_traffic },
  { "Temperature 1", ANY, read_ambient_c },
  { "Temperature 2", ANY, read_second_probe },
  { "Throttle Position", ANY, read_tps_pct },
  { "Throttle Position Sensor", ANY, read_tps_volts },
  { "Throttle Position Sensor Voltage", ANY, read_tps_volts },
  { "Torque", ANY, read_torque_corr_nm },
  { "Torque (uncorrected)", ANY, read_torque_nm },
  { "Torque Drum 1", ANY, read_torque_corr_nm },
  { "Torque Drum 1 (uncorrected)", ANY, read_torque_nm },
  { "Twistgrip Position", ANY, read_tps_pct },
  { "UDP RX kB/s", ANY, read_traffic },
  { "User Analog 1", 7, read_boost },
  { "User Analog 1", 11, read_afr_front },
  { "User Analog 2", 11, read_afr_rear },
  { "User Analog 3", ANY, read_unused_volts },
  { "User Analog 4", ANY, read_unused_volts },
  { "VE Front", ANY, read_ve_front },
  { "VE New Front", ANY, read_ve_front },
  { "VE New Rear", ANY, read_ve_rear },
  { "VE Rear", ANY, read_ve_rear },
  { "Vehicle Speed", ANY, read_speed_kmh },
  { "WB Volts Petrol AFR", ANY, read_afr_front },
  { "WBO2 AFR Front", ANY, read_afr_front },
  { "WBO2 AFR Rear", ANY, read_afr_rear },
  { "Warm-up Fuel AFR (Lambda)", ANY, read_target_lambda },
  { "Warm-up Fuel AFR (Ratio)", ANY, read_target_afr },
};

DynoSignal
dyno_signal_find (const char *name,
                  guint8      unit)
{
  for (DynoSignal i = 1; i < G_N_ELEMENTS (signals); i++)
    {
      if (g_str_equal (signals[i].name, name)
          && (signals[i].unit == ANY || signals[i].unit == unit))
        return i;
    }

  return 0;
}

double
dyno_signal_value (DynoSignal             signal,
                   const DynoSignalInput *input)
{
  g_return_val_if_fail (signal < G_N_ELEMENTS (signals), NAN);

  return signal != 0 ? signals[signal].value (input) : NAN;
}
