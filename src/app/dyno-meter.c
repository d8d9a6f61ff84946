/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-meter.h"

#include <glib/gi18n.h>
#include <math.h>

#define TONE_EVERY_US (5 * G_USEC_PER_SEC)
#define SPEAK_EVERY_US G_USEC_PER_SEC

typedef struct
{
  double low;  /* NaN: none */
  double high;
} Limits;

struct _DynoMeter
{
  GObject         parent_instance;

  DynoClock      *clock;   /* (borrowed) */
  char           *title;   /* (owned) */
  DynoQuantity    quantity;
  const DynoUnit *unit;    /* (borrowed) static */
  Limits          range;
  Limits          amber;
  Limits          red;
  double          target;  /* NaN: none */
  double          target_range;
  gboolean        holds_max;
  char           *reason;  /* (owned) (nullable) */

  double          value;
  DynoLiveState   state;
  gint64          age_us;
  double          max;     /* NaN: nothing held */

  DynoMeterForm   form;    /* from here on: what is shown */
  DynoAlarm       alarm;
  char           *digits;  /* (owned) */
  char           *word;    /* (owned) */
  char           *max_text; /* (owned) */
  char           *widest;  /* (owned) */
  char           *spoken;  /* (owned) */
  gint64          spoken_us; /* when that was last said */
  gint64          tone_us;   /* when the alarm last sounded */
};

enum
{
  PROP_TITLE = 1,
  PROP_QUANTITY,
  PROP_HOLD_MAX,
  PROP_REASON,
  PROP_SPOKEN,
  N_PROPS
};

enum
{
  CHANGED,
  MOVED,
  FACE_CHANGED,
  ALARM,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoMeter, dyno_meter, G_TYPE_OBJECT)

/* TRUE when the text is another. */
static gboolean
replace_text (char       **text,
              const char  *with)
{
  if (g_strcmp0 (*text, with) == 0)
    return FALSE;

  g_free (*text);
  *text = g_strdup (with);

  return TRUE;
}

static gboolean
has_value (DynoMeter *self)
{
  return isfinite (self->value)
         && (self->state <= DYNO_LIVE_FROZEN || self->state == DYNO_LIVE_STALE);
}

static DynoMeterForm
form_of (DynoMeter *self)
{
  if (!has_value (self))
    return DYNO_METER_DASH;
  if (self->state == DYNO_LIVE_STALE)
    return DYNO_METER_STALE;

  return self->state == DYNO_LIVE_PEGGED || self->state == DYNO_LIVE_FROZEN ? DYNO_METER_STRUCK
                                                                            : DYNO_METER_VALUE;
}

/* −1 below, 1 above, 0 within. */
static int
side_of_limits (const Limits *limits,
                double        value)
{
  if (value > limits->high)
    return 1;

  return value < limits->low ? -1 : 0;
}

/* Only a value that can be believed alarms: not a standing drum, not an old
 * number. */
static DynoAlarm
alarm_of (DynoMeter *self,
          int       *side)
{
  *side = 0;
  if (!has_value (self) || (self->state != DYNO_LIVE_OK && self->state != DYNO_LIVE_SLOW))
    return DYNO_ALARM_NONE;

  *side = side_of_limits (&self->red, self->value);
  if (*side != 0)
    return DYNO_ALARM_RED;
  *side = side_of_limits (&self->amber, self->value);

  return *side != 0 ? DYNO_ALARM_AMBER : DYNO_ALARM_NONE;
}

/* "2.4 s", "14 s", "1:40" */
static char *
format_age (gint64 age_us)
{
  double age = (double) age_us / G_USEC_PER_SEC;

  if (age < 10)
    return g_strdup_printf (_ ("%.1f s"), age);
  if (age < 60)
    return g_strdup_printf (_ ("%.0f s"), floor (age));

  return g_strdup_printf ("%d:%02d", (int) age / 60, (int) age % 60);
}

/* (transfer full) */
static char *
word_of (DynoMeter *self,
         int        side)
{
  static const char *const words[DYNO_N_LIVE_STATES] = {
    [DYNO_LIVE_OK] = "",
    [DYNO_LIVE_IDLE] = N_ ("idle"),
    [DYNO_LIVE_SLOW] = N_ ("slow"),
    [DYNO_LIVE_PEGGED] = N_ ("pegged"),
    [DYNO_LIVE_FROZEN] = N_ ("frozen"),
    [DYNO_LIVE_INVALID] = N_ ("out of range"),
    [DYNO_LIVE_STALE] = "",
    [DYNO_LIVE_LOST] = N_ ("lost"),
    [DYNO_LIVE_NO_SIGNAL] = N_ ("no signal"),
    [DYNO_LIVE_UNMAPPED] = N_ ("not mapped"),
  };
  const char *word = words[self->state];

  if (self->state == DYNO_LIVE_STALE && has_value (self))
    return format_age (self->age_us);
  if (side != 0)
    return g_strdup (side > 0 ? _ ("high") : _ ("low"));
  if (self->reason != NULL && (!has_value (self) || self->state == DYNO_LIVE_PEGGED))
    return g_strdup (self->reason);
  if (!has_value (self) && *word == '\0')
    return g_strdup (_ ("no value"));

  return g_strdup (*word != '\0' ? _ (word) : "");
}

static void
update_max (DynoMeter *self,
            gboolean  *has_changed)
{
  g_autofree char *number = NULL;
  g_autofree char *text = NULL;

  if (self->holds_max && self->form == DYNO_METER_VALUE)
    self->max = fmax (self->max, self->value);
  if (self->holds_max && !isnan (self->max))
    {
      number = dyno_unit_format (self->unit, self->max, TRUE);
      /* Translators: the highest value so far. */
      text = g_strdup_printf (_ ("max %s"), number);
    }
  *has_changed |= replace_text (&self->max_text, text != NULL ? text : "");
}

static void
speak (DynoMeter *self,
       gboolean   is_state_new)
{
  gint64 now_us = dyno_clock_monotonic_us (self->clock);
  const char *joint = *self->word != '\0' ? ", " : "";
  g_autofree char *text = NULL;

  if (!is_state_new && now_us - self->spoken_us < SPEAK_EVERY_US)
    return;

  if (self->form == DYNO_METER_DASH)
    text = g_strdup_printf (_ ("no value%s%s"), joint, self->word);
  else
    text = g_strdup_printf ("%s %s%s%s", self->digits, self->unit->symbol, joint, self->word);
  self->spoken_us = now_us;
  if (replace_text (&self->spoken, text))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SPOKEN]);
}

static void
sound (DynoMeter *self,
       DynoAlarm  before)
{
  gint64 now_us = dyno_clock_monotonic_us (self->clock);
  gboolean is_new = self->alarm > before;
  gboolean is_again = self->alarm == DYNO_ALARM_RED && now_us - self->tone_us >= TONE_EVERY_US;

  if (self->alarm == DYNO_ALARM_NONE || !(is_new || is_again))
    return;

  self->tone_us = now_us;
  g_signal_emit (self, signals[ALARM], 0, self->alarm == DYNO_ALARM_RED);
}

/* Works out what is shown and tells when it is different. */
static void
update (DynoMeter *self,
        gboolean   has_changed)
{
  DynoMeterForm form = self->form;
  DynoAlarm alarm = self->alarm;
  g_autofree char *digits = NULL;
  g_autofree char *word = NULL;
  gboolean is_state_new;
  int side;

  self->form = form_of (self);
  self->alarm = alarm_of (self, &side);
  digits = dyno_unit_format (self->unit, has_value (self) ? self->value : NAN, TRUE);
  word = word_of (self, side);
  is_state_new = form != self->form || alarm != self->alarm;
  if (self->form != DYNO_METER_STALE)
    is_state_new |= g_strcmp0 (self->word, word) != 0;
  has_changed |= replace_text (&self->digits, digits);
  has_changed |= replace_text (&self->word, word);
  update_max (self, &has_changed);
  if (has_changed || is_state_new)
    g_signal_emit (self, signals[CHANGED], 0);
  speak (self, is_state_new);
  sound (self, alarm);
}

/* Of both ends, that whose text is longer; a minus counts. */
static void
update_widest (DynoMeter *self)
{
  g_autofree char *low = dyno_unit_format (self->unit, self->range.low, TRUE);
  g_autofree char *high = dyno_unit_format (self->unit, self->range.high, TRUE);
  const char *longer = g_utf8_strlen (low, -1) > g_utf8_strlen (high, -1) ? low : high;
  gboolean has_range = isfinite (self->range.low) && isfinite (self->range.high);

  replace_text (&self->widest, has_range ? longer : "88888");
  /* Any digit could stand there: take the widest. */
  for (char *p = self->widest; *p != '\0'; p++)
    {
      if (g_ascii_isdigit (*p))
        *p = '8';
    }
}

void
dyno_meter_set_reading (DynoMeter     *self,
                        double         value,
                        DynoLiveState  state,
                        gint64         age_us)
{
  gboolean has_moved;

  g_return_if_fail (DYNO_IS_METER (self));
  g_return_if_fail (state < DYNO_N_LIVE_STATES);

  has_moved = self->value != value && !(isnan (self->value) && isnan (value));
  self->value = value;
  self->state = state;
  self->age_us = age_us;
  update (self, FALSE);
  if (has_moved)
    g_signal_emit (self, signals[MOVED], 0);
}

/* Of the dial or the bar. */
static void
update_face (DynoMeter *self)
{
  update_widest (self);
  update (self, TRUE);
  g_signal_emit (self, signals[FACE_CHANGED], 0);
}

void
dyno_meter_read (DynoMeter *self,
                 DynoLive  *live,
                 int        channel)
{
  DynoLiveReading reading;

  dyno_live_get (live, channel, &reading);
  dyno_meter_set_reading (self, reading.value, reading.state, reading.age_us);
}

double
dyno_meter_get_value (DynoMeter *self)
{
  return has_value (self) ? self->value : NAN;
}

DynoMeterForm
dyno_meter_get_form (DynoMeter *self)
{
  return self->form;
}

DynoAlarm
dyno_meter_get_alarm (DynoMeter *self)
{
  return self->alarm;
}

const char *
dyno_meter_get_digits (DynoMeter *self)
{
  return self->digits;
}

const char *
dyno_meter_get_word (DynoMeter *self)
{
  return self->word;
}

const char *
dyno_meter_get_max (DynoMeter *self)
{
  return self->max_text;
}

const char *
dyno_meter_get_widest (DynoMeter *self)
{
  return self->widest;
}

const char *
dyno_meter_get_spoken (DynoMeter *self)
{
  return self->spoken;
}

const char *
dyno_meter_get_title (DynoMeter *self)
{
  return self->title;
}

void
dyno_meter_set_title (DynoMeter  *self,
                      const char *title)
{
  if (!replace_text (&self->title, title != NULL ? title : ""))
    return;

  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
  g_signal_emit (self, signals[CHANGED], 0);
}

const DynoUnit *
dyno_meter_get_unit (DynoMeter *self)
{
  return self->unit;
}

static void
set_unit (DynoMeter      *self,
          const DynoUnit *unit)
{
  self->unit = unit;
  update_face (self);
}

void
dyno_meter_set_units (DynoMeter   *self,
                      DynoUnitSet  units)
{
  g_return_if_fail (units < DYNO_N_UNIT_SETS);

  set_unit (self, dyno_unit_shown (units, self->quantity));
}

void
dyno_meter_set_range (DynoMeter *self,
                      double     low,
                      double     high)
{
  self->range = (Limits) { low, high };
  update_face (self);
}

gboolean
dyno_meter_get_range (DynoMeter *self,
                      double    *low,
                      double    *high)
{
  *low = self->range.low;
  *high = self->range.high;

  return isfinite (*low) && isfinite (*high) && *low < *high;
}

void
dyno_meter_set_amber (DynoMeter *self,
                      double     low,
                      double     high)
{
  self->amber = (Limits) { low, high };
  update_face (self);
}

void
dyno_meter_set_red (DynoMeter *self,
                    double     low,
                    double     high)
{
  self->red = (Limits) { low, high };
  update_face (self);
}

void
dyno_meter_get_limits (DynoMeter *self,
                       double     amber[2],
                       double     red[2])
{
  amber[0] = self->amber.low;
  amber[1] = self->amber.high;
  red[0] = self->red.low;
  red[1] = self->red.high;
}

void
dyno_meter_set_target (DynoMeter *self,
                       double     target,
                       double     range)
{
  g_return_if_fail (isnan (target) || range > 0);

  self->target = target;
  self->target_range = range;
  update_face (self);
}

gboolean
dyno_meter_get_target (DynoMeter *self,
                       double    *target,
                       double    *range)
{
  *target = self->target;
  *range = self->target_range;

  return !isnan (self->target);
}

void
dyno_meter_set_hold_max (DynoMeter *self,
                         gboolean   holds)
{
  if (self->holds_max == !!holds)
    return;

  self->holds_max = !!holds;
  self->max = NAN;
  update (self, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HOLD_MAX]);
}

void
dyno_meter_reset_max (DynoMeter *self)
{
  self->max = NAN;
  update (self, FALSE);
}

void
dyno_meter_set_reason (DynoMeter  *self,
                       const char *reason)
{
  if (!replace_text (&self->reason, reason))
    return;

  update (self, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REASON]);
}

void
dyno_meter_set_clock (DynoMeter *self,
                      DynoClock *clock)
{
  self->clock = clock;
}

/* Object. */

static void
dyno_meter_finalize (GObject *object)
{
  DynoMeter *self = DYNO_METER (object);

  g_free (self->title);
  g_free (self->reason);
  g_free (self->digits);
  g_free (self->word);
  g_free (self->max_text);
  g_free (self->widest);
  g_free (self->spoken);

  G_OBJECT_CLASS (dyno_meter_parent_class)->finalize (object);
}

static void
dyno_meter_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  DynoMeter *self = DYNO_METER (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_QUANTITY:
      g_value_set_uint (value, self->quantity);
      break;
    case PROP_HOLD_MAX:
      g_value_set_boolean (value, self->holds_max);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    case PROP_SPOKEN:
      g_value_set_string (value, self->spoken);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_meter_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  DynoMeter *self = DYNO_METER (object);

  switch (id)
    {
    case PROP_TITLE:
      dyno_meter_set_title (self, g_value_get_string (value));
      break;
    case PROP_QUANTITY:
      self->quantity = g_value_get_uint (value);
      set_unit (self, dyno_unit_si (self->quantity));
      break;
    case PROP_HOLD_MAX:
      dyno_meter_set_hold_max (self, g_value_get_boolean (value));
      break;
    case PROP_REASON:
      dyno_meter_set_reason (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_meter_class_init (DynoMeterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = dyno_meter_finalize;
  object_class->get_property = dyno_meter_get_property;
  object_class->set_property = dyno_meter_set_property;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  props[PROP_QUANTITY] =
      g_param_spec_uint ("quantity", NULL, NULL, 0, DYNO_N_QUANTITIES - 1, 0,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_HOLD_MAX] = g_param_spec_boolean ("hold-max", NULL, NULL, FALSE, flags);
  props[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
  props[PROP_SPOKEN] = g_param_spec_string ("spoken", NULL, NULL, "",
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[CHANGED] = g_signal_new ("changed", DYNO_TYPE_METER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[MOVED] = g_signal_new ("moved", DYNO_TYPE_METER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  signals[FACE_CHANGED] = g_signal_new ("face-changed", DYNO_TYPE_METER, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[ALARM] = g_signal_new ("alarm", DYNO_TYPE_METER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
dyno_meter_init (DynoMeter *self)
{
  self->clock = dyno_clock_get_system ();
  self->title = g_strdup ("");
  self->digits = g_strdup ("—");
  self->word = g_strdup ("");
  self->max_text = g_strdup ("");
  self->spoken = g_strdup ("");
  self->unit = dyno_unit_none ();
  self->range = self->amber = self->red = (Limits) { NAN, NAN };
  self->target = self->target_range = NAN;
  self->value = self->max = NAN;
  self->state = DYNO_LIVE_NO_SIGNAL;
  self->form = DYNO_METER_DASH;
  self->spoken_us = self->tone_us = G_MININT64 / 2;
}

DynoMeter *
dyno_meter_new (const char   *title,
                DynoQuantity  quantity)
{
  return g_object_new (DYNO_TYPE_METER, "title", title, "quantity", quantity, NULL);
}

DynoMeter *
dyno_meter_new_channel (DynoChannel channel)
{
  const DynoChannelInfo *info = dyno_channel_info (channel);
  const DynoUnit *unit = dyno_unit_find (info->unit);
  DynoMeter *self =
      dyno_meter_new (_ (info->title), unit != NULL ? unit->quantity : DYNO_QUANTITY_NONE);

  if (isfinite (info->low) && isfinite (info->high))
    dyno_meter_set_range (self, info->low, info->high);
  dyno_meter_set_amber (self, info->warn_low, info->warn_high);

  return self;
}
