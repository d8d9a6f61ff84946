/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tile-meter.h"

#include <math.h>

#define LAMBDA_BELOW 4.0   /* no AFR is so small, no λ so great */
#define TARGET_STEP 0.005  /* of the target: a smaller change does not draw the face anew */
#define TARGET_RANGE 2.0   /* AFR to each side, ui.md 1.2 */

int
dyno_tile_meter_find (DynoLive   *live,
                      const char *source)
{
  DynoChannel channel = dyno_channel_find (source);

  return channel != DYNO_CHANNEL_NONE ? dyno_live_find (live, channel)
                                      : dyno_live_find_name (live, source);
}

static DynoChannel
channel_of (DynoTile *tile)
{
  return dyno_channel_find (dyno_tile_get_source (tile));
}

static DynoQuantity
quantity_of (DynoMeter *meter)
{
  DynoQuantity quantity;

  g_object_get (meter, "quantity", &quantity, NULL);

  return quantity;
}

/* A mixture is shown in the unit that the dyno has it in; an extra channel in that of
 * its quantity. */
static DynoMeter *
make_meter (DynoTile *tile,
            DynoLive *live)
{
  const char *source = dyno_tile_get_source (tile);
  DynoChannel channel = channel_of (tile);
  int index = live != NULL ? dyno_tile_meter_find (live, source) : -1;
  DynoQuantity quantity =
      index >= 0 ? dyno_live_quantity (live, (guint) index) : DYNO_QUANTITY_NONE;

  if (channel == DYNO_CHANNEL_NONE
      || (dyno_channel_is_mixture (channel) && quantity == DYNO_QUANTITY_LAMBDA))
    return dyno_meter_new (dyno_tile_source_title (source), quantity);

  return dyno_meter_new_channel (channel);
}

/* Limits. */

/* Power is negative whenever the drum drives the engine: no alarm. */
static gboolean
has_no_alarm (DynoChannel channel)
{
  return channel == DYNO_CHANNEL_POWER || channel == DYNO_CHANNEL_POWER_CORR
         || channel == DYNO_CHANNEL_TORQUE || channel == DYNO_CHANNEL_TORQUE_CORR;
}

/* Limits of a mixture are AFR; a dyno that sends λ is read in λ. */
static void
convert_limits (DynoMeter      *meter,
                DynoTile       *tile,
                DynoTileLimits *limits)
{
  double *numbers[] = { &limits->low,       &limits->high,    &limits->amber_low,
                        &limits->amber_high, &limits->red_low, &limits->red_high };

  if (quantity_of (meter) != DYNO_QUANTITY_LAMBDA || !dyno_channel_is_mixture (channel_of (tile)))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    *numbers[i] /= DYNO_STOICH_PETROL;
}

static void
set_limits (DynoMeter *meter,
            DynoTile  *tile)
{
  DynoTileLimits limits = dyno_tile_get_limits (tile);

  convert_limits (meter, tile, &limits);
  if (has_no_alarm (channel_of (tile)))
    dyno_meter_set_amber (meter, NAN, NAN);
  if (isfinite (limits.low) && isfinite (limits.high) && limits.low < limits.high)
    dyno_meter_set_range (meter, limits.low, limits.high);
  if (isfinite (limits.amber_low) || isfinite (limits.amber_high))
    dyno_meter_set_amber (meter, limits.amber_low, limits.amber_high);
  if (isfinite (limits.red_low) || isfinite (limits.red_high))
    dyno_meter_set_red (meter, limits.red_low, limits.red_high);
}

DynoMeter *
dyno_tile_meter_new (DynoTile    *tile,
                     DynoLive    *live,
                     DynoUnitSet  units)
{
  DynoMeter *meter = make_meter (tile, live);

  if (dyno_tile_get_size (tile) == DYNO_TILE_SMALL)
    dyno_meter_set_title (meter, dyno_tile_source_short (dyno_tile_get_source (tile)));
  set_limits (meter, tile);
  dyno_meter_set_units (meter, units);
  dyno_meter_set_hold_max (meter, dyno_tile_get_hold_max (tile));

  return meter;
}

/* Target. */

/* A target may be commanded in λ where the sensor is read in AFR, and the reverse. */
static double
as_shown (DynoMeter *meter,
          double     target)
{
  if (quantity_of (meter) == DYNO_QUANTITY_AFR && target < LAMBDA_BELOW)
    return target * DYNO_STOICH_PETROL;
  if (quantity_of (meter) == DYNO_QUANTITY_LAMBDA && target > LAMBDA_BELOW)
    return target / DYNO_STOICH_PETROL;

  return target;
}

/* What the engine is told to run at on that cylinder; NaN where nobody says. */
static double
read_target (DynoLive    *live,
             DynoChannel  mixture)
{
  DynoChannel own = mixture == DYNO_CHANNEL_MIX_F ? DYNO_CHANNEL_TARGET_F : DYNO_CHANNEL_TARGET_R;
  int index = mixture != DYNO_CHANNEL_MIX ? dyno_live_find (live, own) : -1;
  DynoLiveReading reading;

  if (index < 0)
    index = dyno_live_find (live, DYNO_CHANNEL_TARGET);

  return index >= 0 && dyno_live_get (live, index, &reading) ? reading.value : NAN;
}

static void
update_target (DynoMeter   *meter,
               DynoChannel  mixture,
               DynoLive    *live)
{
  double target = as_shown (meter, read_target (live, mixture));
  double before;
  double range;
  gboolean had_one = dyno_meter_get_target (meter, &before, &range);

  if (isnan (target) ? !had_one
                     : had_one && fabs (target - before) < TARGET_STEP * target)
    return;

  dyno_meter_set_target (meter, target,
                         target > LAMBDA_BELOW ? TARGET_RANGE : TARGET_RANGE / DYNO_STOICH_PETROL);
}

/* Value. */

static gboolean
fits (DynoMeter    *meter,
      DynoTile     *tile,
      DynoQuantity  theirs)
{
  DynoQuantity ours = quantity_of (meter);

  return ours == theirs
         || (channel_of (tile) != DYNO_CHANNEL_NONE && theirs != DYNO_QUANTITY_LAMBDA
             && ours != DYNO_QUANTITY_LAMBDA);
}

gboolean
dyno_tile_meter_update (DynoMeter *meter,
                        DynoTile  *tile,
                        DynoLive  *live)
{
  DynoChannel channel = channel_of (tile);
  int index = dyno_tile_meter_find (live, dyno_tile_get_source (tile));

  dyno_meter_read (meter, live, index);
  if (channel == DYNO_CHANNEL_MIX_F || channel == DYNO_CHANNEL_MIX_R
      || channel == DYNO_CHANNEL_MIX)
    update_target (meter, channel, live);

  return index < 0 || fits (meter, tile, dyno_live_quantity (live, (guint) index));
}
