/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-channel-item.h"

#include "dyno-status.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

typedef enum
{
  TEXT_STATE,
  TEXT_ICON,
  TEXT_NAME,
  TEXT_ROLE,
  TEXT_VALUE,
  TEXT_UNIT,
  TEXT_LOW,
  TEXT_HIGH,
  TEXT_RATE,
  TEXT_GAPS,
  TEXT_AGE,
  N_TEXTS
} Text;

struct _DynoChannelItem
{
  GObject          parent_instance;

  DynoWireChannel *wire;           /* (owned) */
  DynoChannel      canonical;
  char            *texts[N_TEXTS]; /* (owned) */
  double           history[DYNO_CHANNEL_HISTORY]; /* SI */
  guint            n_history;
  gint64           last_us;        /* when history was written last */
};

enum
{
  HISTORY,
  N_SIGNALS
};

static GParamSpec *props[N_TEXTS + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoChannelItem, dyno_channel_item, G_TYPE_OBJECT)

static const struct
{
  const char *word;
  DynoStatus  status;
} healths[DYNO_N_HEALTHS] = {
  [DYNO_HEALTH_OK] = { N_ ("good"), DYNO_STATUS_OK },
  [DYNO_HEALTH_SLOW] = { N_ ("slow"), DYNO_STATUS_WARN },
  [DYNO_HEALTH_FROZEN] = { N_ ("frozen"), DYNO_STATUS_FAULT },
  [DYNO_HEALTH_INVALID] = { N_ ("impossible"), DYNO_STATUS_FAULT },
  [DYNO_HEALTH_PEGGED] = { N_ ("pegged"), DYNO_STATUS_WARN },
  [DYNO_HEALTH_STALE] = { N_ ("lost"), DYNO_STATUS_FAULT },
  [DYNO_HEALTH_IDLE] = { N_ ("idle"), DYNO_STATUS_OFF },
  [DYNO_HEALTH_NO_SIGNAL] = { N_ ("no signal"), DYNO_STATUS_OFF },
  [DYNO_HEALTH_UNMAPPED] = { N_ ("not mapped"), DYNO_STATUS_OFF },
};

const char *
dyno_channel_health_word (DynoHealth health)
{
  return _ (healths[health].word);
}

DynoStatus
dyno_channel_health_status (DynoHealth health)
{
  return healths[health].status;
}

/* Takes over `text`. */
static void
set_text (DynoChannelItem *self,
          Text             which,
          char            *text)
{
  if (g_strcmp0 (self->texts[which], text) == 0)
    {
      g_free (text);
      return;
    }

  g_free (self->texts[which]);
  self->texts[which] = text;
  g_object_notify_by_pspec (G_OBJECT (self), props[which + 1]);
}

static char *
number_of (const DynoUnit *from,
           const DynoUnit *to,
           double          raw)
{
  return dyno_unit_format (to, dyno_unit_to_si (from, raw), TRUE);
}

static void
show_numbers (DynoChannelItem        *self,
              const DynoChannelState *state,
              DynoUnitSet             units)
{
  const DynoUnit *unit = state->unit->quantity != DYNO_QUANTITY_NONE
                             ? dyno_unit_shown (units, state->unit->quantity) : state->unit;

  set_text (self, TEXT_VALUE, number_of (state->unit, unit, (double) state->last));
  set_text (self, TEXT_LOW, number_of (state->unit, unit, (double) state->low));
  set_text (self, TEXT_HIGH, number_of (state->unit, unit, (double) state->high));
  set_text (self, TEXT_UNIT, g_strdup (unit->symbol));
}

/* A value a second, so that the curve is a minute long. */
static void
keep_history (DynoChannelItem        *self,
              const DynoChannelState *state)
{
  gint64 now_us = g_get_monotonic_time ();

  if (self->last_us != 0 && now_us - self->last_us < G_USEC_PER_SEC)
    return;

  self->last_us = now_us;
  if (self->n_history == DYNO_CHANNEL_HISTORY)
    {
      memmove (self->history, self->history + 1, sizeof self->history - sizeof *self->history);
      self->n_history--;
    }
  self->history[self->n_history++] =
      state->health == DYNO_HEALTH_STALE || state->health == DYNO_HEALTH_NO_SIGNAL
          ? NAN : dyno_unit_to_si (state->unit, (double) state->last);
  g_signal_emit (self, signals[HISTORY], 0);
}

void
dyno_channel_item_show (DynoChannelItem        *self,
                        const DynoChannelState *state,
                        DynoUnitSet             units)
{
  const char *role = state->canonical != DYNO_CHANNEL_NONE
                         ? dyno_channel_info (state->canonical)->title : "";

  if (self->wire != state->channel)
    {
      dyno_wire_channel_unref (self->wire);
      self->wire = dyno_wire_channel_ref (state->channel);
    }
  self->canonical = state->canonical;
  set_text (self, TEXT_STATE, g_strdup (dyno_channel_health_word (state->health)));
  set_text (self, TEXT_ICON,
            g_strdup (dyno_status_icon (dyno_channel_health_status (state->health))));
  set_text (self, TEXT_NAME, g_strdup (state->channel->display_name));
  set_text (self, TEXT_ROLE, g_strdup (*role != '\0' ? _ (role) : ""));
  show_numbers (self, state, units);
  set_text (self, TEXT_RATE, g_strdup_printf (state->rate_hz < 10 ? "%.1f" : "%.0f",
                                              state->rate_hz));
  set_text (self, TEXT_GAPS, dyno_wording_count (state->n_gaps));
  set_text (self, TEXT_AGE, dyno_wording_age (state->age_s));
  keep_history (self, state);
}

guint32
dyno_channel_item_get_index (DynoChannelItem *self)
{
  return self->wire->index;
}

const char *
dyno_channel_item_get_name (DynoChannelItem *self)
{
  return self->wire->display_name;
}

DynoChannel
dyno_channel_item_get_canonical (DynoChannelItem *self)
{
  return self->canonical;
}

const DynoWireChannel *
dyno_channel_item_get_wire (DynoChannelItem *self)
{
  return self->wire;
}

char *
dyno_channel_item_dup_reading (DynoChannelItem *self)
{
  const char *value = self->texts[TEXT_VALUE];

  if (g_strcmp0 (value, DYNO_DASH_TEXT) == 0 || *self->texts[TEXT_UNIT] == '\0')
    return g_strdup (value);

  return g_strdup_printf ("%s %s", value, self->texts[TEXT_UNIT]);
}

const double *
dyno_channel_item_get_history (DynoChannelItem *self,
                               guint           *n_values)
{
  *n_values = self->n_history;

  return self->history;
}

static void
dyno_channel_item_finalize (GObject *object)
{
  DynoChannelItem *self = DYNO_CHANNEL_ITEM (object);

  dyno_wire_channel_unref (self->wire);
  for (guint i = 0; i < N_TEXTS; i++)
    g_free (self->texts[i]);

  G_OBJECT_CLASS (dyno_channel_item_parent_class)->finalize (object);
}

static void
dyno_channel_item_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  g_value_set_string (value, DYNO_CHANNEL_ITEM (object)->texts[id - 1]);
}

static void
dyno_channel_item_class_init (DynoChannelItemClass *klass)
{
  static const char *const names[N_TEXTS] = {
    [TEXT_STATE] = "state", [TEXT_ICON] = "icon-name", [TEXT_NAME] = "name",
    [TEXT_ROLE] = "role",   [TEXT_VALUE] = "value",    [TEXT_UNIT] = "unit",
    [TEXT_LOW] = "low",     [TEXT_HIGH] = "high",      [TEXT_RATE] = "rate",
    [TEXT_GAPS] = "gaps",   [TEXT_AGE] = "age",
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dyno_channel_item_finalize;
  object_class->get_property = dyno_channel_item_get_property;
  for (guint i = 0; i < N_TEXTS; i++)
    props[i + 1] = g_param_spec_string (names[i], NULL, NULL, NULL,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_TEXTS + 1, props);
  signals[HISTORY] = g_signal_new ("history", DYNO_TYPE_CHANNEL_ITEM, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
dyno_channel_item_init (DynoChannelItem *self)
{
  for (guint i = 0; i < N_TEXTS; i++)
    self->texts[i] = g_strdup ("");
}

DynoChannelItem *
dyno_channel_item_new (const DynoChannelState *state)
{
  DynoChannelItem *self = g_object_new (DYNO_TYPE_CHANNEL_ITEM, NULL);

  self->wire = dyno_wire_channel_ref (state->channel);
  self->canonical = state->canonical;
  set_text (self, TEXT_NAME, g_strdup (state->channel->display_name));

  return self;
}
