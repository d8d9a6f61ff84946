/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-live.h"

G_BEGIN_DECLS

/* What a readout and a gauge show of one channel, and how it is said: value,
 * unit, state, age, range, limits, the highest so far. Several widgets may show
 * one meter. Main thread; values in SI.
 *
 * Nothing is invented (ui.md 1): a value that is missing is a dash with its
 * reason, a stale one is grey with its age, a lost one is a dash, a pegged or
 * frozen one is struck through, a standing drum is a value and the word.
 *
 * Properties: title, quantity (set once), hold-max, reason, spoken (read). Signals:
 *   changed                     digits, word, form or alarm are different
 *   moved                       the value is, whatever the digits say
 *   face-changed                unit, range, limits or target are
 *   alarm (gboolean is_red)     when a limit is passed, and each 5 s while red */

#define DYNO_TYPE_METER (dyno_meter_get_type ())
G_DECLARE_FINAL_TYPE (DynoMeter, dyno_meter, DYNO, METER, GObject)

typedef enum
{
  DYNO_METER_VALUE,   /* digits as they are */
  DYNO_METER_DASH,    /* no value: a dash and a word */
  DYNO_METER_STALE,   /* digits grey, age as the word */
  DYNO_METER_STRUCK,  /* digits struck through, with a word */
} DynoMeterForm;

typedef enum
{
  DYNO_ALARM_NONE,
  DYNO_ALARM_AMBER,
  DYNO_ALARM_RED,
} DynoAlarm;

DynoMeter      *dyno_meter_new          (const char      *title,
                                         DynoQuantity     quantity);
/* Title, unit and range of the canonical channel, its warning range as amber. */
DynoMeter      *dyno_meter_new_channel  (DynoChannel      channel);
/* For tests; else the machine's clock. */
void            dyno_meter_set_clock    (DynoMeter       *self,
                                         DynoClock       *clock);

const char     *dyno_meter_get_title    (DynoMeter       *self);
void            dyno_meter_set_title    (DynoMeter       *self,
                                         const char      *title);
const DynoUnit *dyno_meter_get_unit     (DynoMeter       *self);
void            dyno_meter_set_units    (DynoMeter       *self,
                                         DynoUnitSet      units);
void            dyno_meter_set_range    (DynoMeter       *self,
                                         double           low,
                                         double           high);
/* FALSE without a range: no bar, no needle. */
gboolean        dyno_meter_get_range    (DynoMeter       *self,
                                         double          *low,
                                         double          *high);
/* A value beyond one of them alarms; NaN: no such limit. */
void            dyno_meter_set_amber    (DynoMeter       *self,
                                         double           low,
                                         double           high);
void            dyno_meter_set_red      (DynoMeter       *self,
                                         double           low,
                                         double           high);
void            dyno_meter_get_limits   (DynoMeter       *self,
                                         double           amber[2],
                                         double           red[2]);
/* Round a target, lean to the right: the colours of ui.md 1.2. NaN: none. */
void            dyno_meter_set_target   (DynoMeter       *self,
                                         double           target,
                                         double           range);
gboolean        dyno_meter_get_target   (DynoMeter       *self,
                                         double          *target,
                                         double          *range);
void            dyno_meter_set_hold_max (DynoMeter       *self,
                                         gboolean         holds);
void            dyno_meter_reset_max    (DynoMeter       *self);
/* Why there is no value, "no sensor"; NULL: what the state says. */
void            dyno_meter_set_reason   (DynoMeter       *self,
                                         const char      *reason);

/* Ten times a second is enough. */
void            dyno_meter_set_reading  (DynoMeter       *self,
                                         double           value,
                                         DynoLiveState    state,
                                         gint64           age_us);
/* The same from the ring; `channel` −1: not mapped. */
void            dyno_meter_read         (DynoMeter       *self,
                                         DynoLive        *live,
                                         int              channel);

/* What is shown. Texts live until the next change. */
double          dyno_meter_get_value    (DynoMeter       *self); /* NaN: a dash */
DynoMeterForm   dyno_meter_get_form     (DynoMeter       *self);
DynoAlarm       dyno_meter_get_alarm    (DynoMeter       *self);
const char     *dyno_meter_get_digits   (DynoMeter       *self);
/* "idle", "2.4 s", "lost", "high"; "" for a plain value. */
const char     *dyno_meter_get_word     (DynoMeter       *self);
/* "max 86.4", "" without one. */
const char     *dyno_meter_get_max      (DynoMeter       *self);
/* The widest digits of the range: sizes are chosen by it, never by the value. */
const char     *dyno_meter_get_widest   (DynoMeter       *self);
/* "86.4 kW, high": at most once a second, at once when the state is another
 * (property `spoken`, notified). */
const char     *dyno_meter_get_spoken   (DynoMeter       *self);

G_END_DECLS
