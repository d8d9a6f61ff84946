/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

#include <string.h>

#include "dyno-interfaces.h"

#define MOST_PINS 1024
#define MOST_INTERFACES 64
#define MOST_NAME 32

gboolean
dyno_intake_is_clean (const char *text,
                      gsize       room)
{
  gsize length = text != NULL ? strlen (text) : room;

  for (gsize i = 0; i < length && length < room; i++)
    {
      if ((guint8) text[i] < 0x20 || text[i] == 0x7f)
        return FALSE;
    }

  return length < room;
}

static gboolean
same_pin (const DynoPin *a,
          const DynoPin *b)
{
  return a->unit_code == b->unit_code && a->occurrence == b->occurrence
         && g_str_equal (a->provider, b->provider) && g_str_equal (a->channel, b->channel);
}

static DynoPin *
read_pin (const DynoJson *input)
{
  const char *provider = dyno_json_get_string (input, "provider");
  const char *channel = dyno_json_get_string (input, "channel");
  const char *canonical = dyno_json_get_string (input, "canonical");
  gint64 unit = dyno_json_get_integer (input, "unit", DYNO_KLHDV_UNIT_NONE);
  gint64 occurrence = dyno_json_get_integer (input, "occurrence", 1);

  if (!dyno_intake_is_clean (provider, DYNO_KLHDV_PROVIDER_TEXT)
      || !dyno_intake_is_clean (channel, DYNO_KLHDV_NAME_TEXT))
    return NULL;

  return dyno_pin_new (provider, channel, (guint8) CLAMP (unit, 0, 255),
                       (guint) CLAMP (occurrence, 1, DYNO_HOST_CHANNELS_MOST),
                       dyno_channel_find (canonical));
}

/* A channel has one pin and a canonical channel of a provider one channel: an
 * older pin that says otherwise goes. */
static void
remove_pins (DynoIntake    *self,
             const DynoPin *pin)
{
  for (guint i = self->pins->len; i > 0; i--)
    {
      const DynoPin *old = g_ptr_array_index (self->pins, i - 1);
      gboolean rivals = pin->canonical != DYNO_CHANNEL_NONE && old->canonical == pin->canonical
                        && g_str_equal (old->provider, pin->provider);

      if (rivals || same_pin (old, pin))
        g_ptr_array_remove_index (self->pins, i - 1);
    }
}

void
dyno_intake_add_pin (DynoIntake     *self,
                     const DynoJson *input)
{
  DynoPin *pin = read_pin (input);

  if (pin == NULL)
    return;
  remove_pins (self, pin);
  if (self->pins->len < MOST_PINS)
    g_ptr_array_add (self->pins, pin);
  else
    dyno_pin_free (pin);
}

static void
drop_pin (DynoIntake     *self,
          const DynoJson *input)
{
  g_autoptr(DynoPin) pin = read_pin (input);

  if (pin == NULL)
    return;
  pin->canonical = DYNO_CHANNEL_NONE;
  remove_pins (self, pin);
}

static void
bind_all (DynoIntake *self)
{
  for (guint i = 0; i < self->hosts.hosts->len; i++)
    {
      DynoHost *host = g_ptr_array_index (self->hosts.hosts, i);

      dyno_intake_pin_host (self, host);
      dyno_intake_bind (self, host);
    }
}

static void
want_provider (DynoIntake *self,
               const char *name)
{
  g_free (self->wanted);
  self->wanted = dyno_intake_is_clean (name, DYNO_KLHDV_PROVIDER_TEXT) && name[0] != '\0'
                   ? g_strdup (name)
                   : NULL;
  self->chosen_us = 0;
  dyno_intake_choose (self);
}

static void
set_passive (DynoIntake *self,
             gboolean    is_passive)
{
  if (self->is_passive == is_passive)
    return;

  self->is_passive = is_passive;
  if (self->is_on)
    dyno_intake_start_talk (self);
}

static guint64
read_seed (const DynoJson *input)
{
  const char *text = dyno_json_get_string (input, "seed");

  return text != NULL ? g_ascii_strtoull (text, NULL, 16) : 0;
}

/* A capture begins; what an earlier one knew is gone, but for the indices. */
static void
start (DynoIntake     *self,
       const DynoJson *input)
{
  const DynoJson *pins = dyno_json_member (input, "pins");
  gint64 first = dyno_json_get_integer (input, "first_index", 0);

  self->chosen = NULL;
  first = CLAMP (first, (gint64) self->hosts.next_index, G_MAXUINT32 / 2);
  dyno_hosts_clear (&self->hosts);
  dyno_hosts_init (&self->hosts, (guint32) first);
  g_ptr_array_set_size (self->pins, 0);
  for (guint i = 0; i < dyno_json_n_elements (pins); i++)
    dyno_intake_add_pin (self, dyno_json_element (pins, i));

  self->is_on = TRUE;
  self->on_since_us = self->now_us;
  self->last_foreign_us = 0;
  self->last_own_us = 0;
  self->seed = read_seed (input);
  self->is_passive = dyno_json_get_boolean (input, "passive", FALSE);
  dyno_address_parse (dyno_json_get_string (input, "expected"), &self->expected);
  want_provider (self, dyno_json_get_string (input, "provider"));
  dyno_intake_start_talk (self);
  dyno_intake_judge_link (self);
}

static void
stop (DynoIntake *self)
{
  self->is_on = FALSE;
  dyno_node_stop (&self->node);
  g_queue_clear_full (&self->outgoing, g_free);
  dyno_intake_judge_link (self);
}

static DynoInterfaceState
read_interface (const DynoJson *row)
{
  const char *name = dyno_json_get_string (row, "name");
  const char *mac = dyno_json_get_string (row, "mac");
  DynoInterfaceState interface = { .name = g_strndup (name != NULL ? name : "", MOST_NAME),
                                   .mac = g_strndup (mac != NULL ? mac : "", MOST_NAME) };

  interface.index = (guint32) CLAMP (dyno_json_get_integer (row, "index", 0), 0, G_MAXINT32);
  dyno_address_parse (dyno_json_get_string (row, "address"), &interface.address);
  interface.is_up = dyno_json_get_boolean (row, "up", FALSE);
  interface.is_joined = dyno_json_get_boolean (row, "joined", FALSE);
  interface.is_loopback = dyno_json_get_boolean (row, "loopback", FALSE);

  return interface;
}

static const DynoInterfaceState *
find_interface (const GArray             *interfaces,
                const DynoInterfaceState *wanted)
{
  for (guint i = 0; i < interfaces->len; i++)
    {
      const DynoInterfaceState *interface = &g_array_index (interfaces, DynoInterfaceState, i);

      if (g_str_equal (interface->name, wanted->name) && g_str_equal (interface->mac, wanted->mac))
        return interface;
    }

  return NULL;
}

/* For each interface that is joined in `joined` and cannot be used in `other`: a
 * gap in time begins or ends there. */
static void
tell_gaps (DynoIntake   *self,
           const GArray *joined,
           const GArray *other,
           const char   *what)
{
  for (guint i = 0; i < joined->len; i++)
    {
      const DynoInterfaceState *interface = &g_array_index (joined, DynoInterfaceState, i);
      const DynoInterfaceState *there = find_interface (other, interface);

      if (!interface->is_joined || (there != NULL && there->is_up))
        continue;
      dyno_intake_event (self, DYNO_EVENT_LOSS_OF_INPUT, NULL)->text
        = g_strdup_printf ("%s %s", interface->name, what);
    }
}

void
dyno_intake_set_interfaces (DynoIntake     *self,
                            const DynoJson *rows)
{
  GArray *interfaces = g_array_new (FALSE, TRUE, sizeof (DynoInterfaceState));
  gboolean had_any = self->interfaces->len > 0;

  for (guint i = 0; i < MIN (dyno_json_n_elements (rows), MOST_INTERFACES); i++)
    {
      DynoInterfaceState interface = read_interface (dyno_json_element (rows, i));
      const DynoInterfaceState *old = find_interface (self->interfaces, &interface);

      if (old != NULL)
        interface.datagrams = old->datagrams;
      g_array_append_val (interfaces, interface);
    }
  if (had_any)
    {
      tell_gaps (self, self->interfaces, interfaces, "went away");
      tell_gaps (self, interfaces, self->interfaces, "is there again");
    }

  g_array_set_clear_func (interfaces, NULL);
  g_array_set_size (self->interfaces, 0);
  g_array_append_vals (self->interfaces, interfaces->data, interfaces->len);
  g_array_unref (interfaces);
}

static DynoLinkReason
read_trouble (const DynoJson *input)
{
  const char *text = dyno_json_get_string (input, "trouble");

  if (g_strcmp0 (text, "port_busy") == 0)
    return DYNO_LINK_REASON_PORT_BUSY;
  if (g_strcmp0 (text, "no_interface") == 0)
    return DYNO_LINK_REASON_NO_INTERFACE;

  return DYNO_LINK_REASON_NONE;
}

static void
take_interfaces (DynoIntake     *self,
                 const DynoJson *input)
{
  gint64 buffer = dyno_json_get_integer (input, "buffer", 0);
  gint64 port = dyno_json_get_integer (input, "tx_port", 0);
  gboolean is_news = buffer != (gint64) self->receive_buffer;

  dyno_intake_set_interfaces (self, dyno_json_member (input, "interfaces"));
  self->trouble = read_trouble (input);
  self->tx_port = (guint16) CLAMP (port, 0, G_MAXUINT16);
  self->receive_buffer = (guint) CLAMP (buffer, 0, G_MAXINT32);
  if (is_news && self->receive_buffer > 0 && self->receive_buffer < DYNO_WIRE_SMALL_BUFFER)
    {
      DynoEvent *event = dyno_intake_event (self, DYNO_EVENT_SMALL_BUFFER, NULL);

      event->count = self->receive_buffer;
      event->text = g_strdup ("The system grants only a small receive buffer; bursts may be lost. "
                              "Set net.core.rmem_max to 8388608 or more (sysctl -w "
                              "net.core.rmem_max=8388608).");
    }
  dyno_intake_judge_link (self);
}

void
dyno_intake_apply (DynoIntake     *self,
                   const DynoJson *input)
{
  const char *event = dyno_json_get_string (input, "event");

  if (g_str_equal (event, "capture"))
    {
      if (g_strcmp0 (dyno_json_get_string (input, "state"), "start") == 0)
        start (self, input);
      else if (self->is_on)
        stop (self);
    }
  else if (g_str_equal (event, "interfaces"))
    take_interfaces (self, input);
  else if (g_str_equal (event, "provider"))
    want_provider (self, dyno_json_get_string (input, "name"));
  else if (g_str_equal (event, "passive"))
    set_passive (self, dyno_json_get_boolean (input, "on", FALSE));
  else if (g_str_equal (event, "pin") || g_str_equal (event, "unpin"))
    {
      if (event[0] == 'p')
        dyno_intake_add_pin (self, input);
      else
        drop_pin (self, input);
      bind_all (self);
    }
}
