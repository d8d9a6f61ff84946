/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-reject.h"

#include <math.h>

#define INT32_LEAST (-2147483648.0)
#define INT32_NO_DATA (-2147483600.0) /* and below */
#define NINES 99999.0
#define UINT16_LARGEST 65535.0
#define LAMBDA_LOW 0.4
#define LAMBDA_HIGH 2.4
#define TPS_LOW (-5.0) /* a little beyond 0…100 is clipped by those who use it */
#define TPS_HIGH 105.0

typedef struct
{
  double   low;  /* in the unit of the column, both ends included */
  double   high;
  gboolean is_mixture;
} Range;

static gboolean
is_sentinel (double value)
{
  return (value <= INT32_NO_DATA && value >= INT32_LEAST) || value == NINES || value == -NINES;
}

void
dyno_import_reject_sentinels (DynoImportTable  *table,
                              DynoImportColumn *column)
{
  gboolean is_all_ones
      = column->n > 0 && column->min == UINT16_LARGEST && column->max == UINT16_LARGEST;

  if (column->n == 0 || (!is_all_ones && column->max < NINES && column->min > -NINES))
    return;

  for (gsize row = 0; row < table->n_rows; row++)
    {
      double value = dyno_import_column_value (column, row);

      if (is_sentinel (value) || (is_all_ones && !isnan (value)))
        dyno_import_table_reject (table, column, row, DYNO_REJECT_SENTINEL);
    }
  if (column->rejected[DYNO_REJECT_SENTINEL] > 0)
    dyno_import_table_measure (table, column);
}

/* The limits of a channel in its own unit. */
static Range
get_limits (DynoChannel     channel,
            const DynoUnit *unit)
{
  const DynoChannelInfo *info = dyno_channel_info (channel);
  Range range = { info->low, info->high, dyno_channel_is_mixture (channel) };

  if (range.is_mixture && unit->quantity == DYNO_QUANTITY_LAMBDA)
    {
      range.low = LAMBDA_LOW;
      range.high = LAMBDA_HIGH;
    }
  if (channel == DYNO_CHANNEL_TPS)
    {
      range.low = TPS_LOW;
      range.high = TPS_HIGH;
    }

  return range;
}

static Range
get_range (DynoChannel     channel,
           const DynoUnit *unit)
{
  const DynoUnit *wanted = dyno_unit_find (dyno_channel_info (channel)->unit);
  Range range = get_limits (channel, unit);
  double scale;
  double offset;

  if (!dyno_unit_line (unit, wanted, &scale, &offset))
    return range;
  range.low = (range.low - offset) / scale;
  range.high = (range.high - offset) / scale;

  return range;
}

static DynoReject
judge (const Range *range,
       double       value)
{
  if (range->is_mixture && value == 0)
    return DYNO_REJECT_SENSOR_OFF;
  if (value >= range->low && value <= range->high)
    return DYNO_REJECT_NONE;

  return value == UINT16_LARGEST ? DYNO_REJECT_SENTINEL : DYNO_REJECT_OUT_OF_RANGE;
}

static gboolean
fits_anywhere (const DynoImportTable  *table,
               const DynoImportColumn *column,
               const Range            *range)
{
  for (gsize row = 0; row < table->n_rows; row++)
    {
      double value = dyno_import_column_value (column, row);

      if (!isnan (value) && judge (range, value) == DYNO_REJECT_NONE)
        return TRUE;
    }

  return FALSE;
}

gboolean
dyno_import_reject_range (DynoImportTable  *table,
                          DynoImportColumn *column,
                          DynoChannel       channel,
                          const DynoUnit   *unit)
{
  Range range = get_range (channel, unit);
  gboolean is_possible;

  if (column->n == 0
      || (judge (&range, column->min) == DYNO_REJECT_NONE
          && judge (&range, column->max) == DYNO_REJECT_NONE))
    return TRUE;
  is_possible = fits_anywhere (table, column, &range);
  if (!is_possible && !(range.is_mixture && column->min == 0 && column->max == 0))
    return FALSE;

  for (gsize row = 0; row < table->n_rows; row++)
    {
      double value = dyno_import_column_value (column, row);
      DynoReject reason = isnan (value) ? DYNO_REJECT_NONE : judge (&range, value);

      if (reason != DYNO_REJECT_NONE)
        dyno_import_table_reject (table, column, row, reason);
    }
  dyno_import_table_measure (table, column);

  return is_possible;
}
