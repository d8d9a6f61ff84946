/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-capture.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "dyno-crypt.h"
#include "dyno-intake.h"
#include "dyno-json.h"
#include "dyno-membership.h"

/* One thread: wait for a datagram, a command or the next tick; give what came to
 * the intake; send what it wants said; hand on the batch. What the intake is
 * told by commands and by the sockets goes in as JSON, so that the journal holds
 * all that steers it. */

#define DRAIN_US 500000
#define PASS_US 50000         /* a batch waits no longer while datagrams keep coming */
#define CLOCK_PAIR_US (60 * G_USEC_PER_SEC)
#define PROBE_US (3 * G_USEC_PER_SEC)

struct _DynoCapture
{
  char          *group;       /* (owned) */
  guint16        port;
  char          *interface;   /* (owned) the wish */
  int            ttl;
  gboolean       is_passive;
  char          *provider;    /* (owned) (nullable) */
  char          *expected;    /* (owned) (nullable) */
  GPtrArray     *pins;        /* (owned) of char *, JSON objects */
  int            receive_buffer;
  DynoBatchSink  sink;
  gpointer       sink_data;   /* (borrowed) */

  GMutex         door;
  GThread       *thread;      /* (owned) (nullable) (lock door) */
  GAsyncQueue   *commands;    /* (owned) of char *, JSON; carries its own lock */
  int            wake;        /* eventfd */
  atomic_bool    is_stopping; /* (atomic) */
  _Atomic gint64 thread_us;   /* (atomic) */
  _Atomic guint64 ring_drops; /* (atomic) */
  _Atomic guint64 file_drops; /* (atomic) */
  guint32        next_index;  /* (thread dyno-capture); between two threads nobody's */

  DynoIntake     *intake;     /* (owned) (thread dyno-capture) from here */
  DynoMembership *membership; /* (owned) */
  char           *told;       /* (owned) (nullable) what the intake knows of the interfaces */
  gint64          started_us;
  gint64          pair_us;    /* of the next clock pair */
  guint64         drops[3];   /* as told: kernel, ring, file */
};

/* thread dyno-capture */

static char *
start_input (DynoCapture *self)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  char seed[20];
  guint64 chance;

  dyno_crypt_random (&chance, sizeof chance);
  g_snprintf (seed, sizeof seed, "%" G_GINT64_MODIFIER "x", chance);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", "capture");
  dyno_json_writer_add_string (w, "state", "start");
  dyno_json_writer_add_string (w, "version", DYNO_VERSION);
  dyno_json_writer_add_integer (w, "derivation", DYNO_DERIVATION_VERSION);
  dyno_json_writer_add_string (w, "seed", seed);
  dyno_json_writer_add_boolean (w, "passive", self->is_passive);
  dyno_json_writer_add_string (w, "interface", self->interface);
  dyno_json_writer_add_string (w, "provider", self->provider);
  dyno_json_writer_add_string (w, "expected", self->expected);
  dyno_json_writer_add_integer (w, "first_index", self->next_index);
  dyno_json_writer_name (w, "pins");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->pins->len; i++)
    dyno_json_writer_raw (w, g_ptr_array_index (self->pins, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static void
input (DynoCapture *self,
       const char  *json)
{
  dyno_intake_input (self->intake, json, -1, g_get_monotonic_time ());
}

static void
send_all (DynoCapture *self)
{
  DynoOutgoing outgoing;

  while (dyno_intake_next_outgoing (self->intake, &outgoing))
    dyno_membership_send (self->membership, &outgoing);
}

static gboolean
all_on_one_interface (const DynoCaptureState *state,
                      guint32                 ifindex)
{
  for (guint i = 0; i < state->n_providers; i++)
    {
      if (!state->providers[i].is_silent && state->providers[i].ifindex != ifindex)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_loopback (const DynoCaptureState *state,
             guint32                 ifindex)
{
  for (guint i = 0; i < state->n_interfaces; i++)
    {
      if (state->interfaces[i].index == ifindex)
        return state->interfaces[i].is_loopback;
    }

  return FALSE;
}

/* "auto": once the provider is known, the other interfaces are left; they are
 * joined again when it falls silent. A provider on lo is no reason to stop
 * listening for a dyno. */
static void
settle_interface (DynoCapture            *self,
                  const DynoCaptureState *state)
{
  const DynoProviderState *provider = state->chosen >= 0 ? &state->providers[state->chosen] : NULL;

  if (!g_str_equal (self->interface, "auto") || state->time_us - self->started_us < PROBE_US)
    return;

  if (provider == NULL || provider->is_silent)
    dyno_membership_narrow (self->membership, 0);
  else if (!is_loopback (state, provider->ifindex)
           && all_on_one_interface (state, provider->ifindex))
    dyno_membership_narrow (self->membership, provider->ifindex);
}

static void
hand_on (DynoCapture *self)
{
  DynoBatch *batch;

  send_all (self);
  while ((batch = dyno_intake_take_batch (self->intake, g_get_monotonic_time ())) != NULL)
    {
      if (batch->state != NULL)
        settle_interface (self, batch->state);
      self->sink (batch, self->sink_data);
      dyno_batch_unref (batch);
    }
}

/* Takes what is there. FALSE: nothing was. */
static gboolean
receive (DynoCapture *self)
{
  DynoWire *wire = dyno_membership_wire (self->membership);
  DynoDatagram datagrams[DYNO_WIRE_MOST_AT_ONCE];
  guint n = wire != NULL ? dyno_wire_receive (wire, datagrams) : 0;

  for (guint i = 0; i < n; i++)
    {
      gboolean is_own = dyno_membership_is_own (self->membership, &datagrams[i]);

      dyno_intake_datagram (self->intake, &datagrams[i], is_own);
      if (!is_own)
        dyno_membership_note (self->membership, datagrams[i].arrival_us);
    }

  return n > 0;
}

/* Hands on after each portion, so that the first of a burst need not wait for
 * the last; between bursts the rest of the pass follows. */
static void
receive_all (DynoCapture *self)
{
  gint64 deadline = g_get_monotonic_time () + PASS_US;

  while (receive (self) && g_get_monotonic_time () < deadline)
    hand_on (self);
}

static void
take_wish (DynoCapture *self,
           const char  *command)
{
  g_autoptr(DynoJson) json = dyno_json_parse (command, -1, NULL);
  const char *name = dyno_json_get_string (json, "name");

  if (g_strcmp0 (dyno_json_get_string (json, "event"), "interface") != 0 || name == NULL)
    return;

  g_free (self->interface);
  self->interface = g_strdup (name);
  self->started_us = g_get_monotonic_time ();
  dyno_membership_set_wish (self->membership, name);
}

static void
take_commands (DynoCapture *self)
{
  char *command;

  while ((command = g_async_queue_try_pop (self->commands)) != NULL)
    {
      input (self, command);
      take_wish (self, command);
      g_free (command);
    }
}

static void
keep_membership (DynoCapture *self)
{
  g_autofree char *now = NULL;
  gboolean renewed;
  gboolean changed
    = dyno_membership_keep (self->membership, g_get_monotonic_time (), &renewed);

  if (renewed)
    input (self, "{\"event\":\"rejoin\"}");
  if (!changed)
    return;

  now = dyno_membership_describe (self->membership);
  if (g_strcmp0 (now, self->told) == 0)
    return;
  input (self, now);
  g_free (self->told);
  self->told = g_steal_pointer (&now);
}

static void
tell_drops (DynoCapture *self)
{
  DynoWire *wire = dyno_membership_wire (self->membership);
  guint64 drops[3] = { wire != NULL ? dyno_wire_drops (wire) : 0, atomic_load (&self->ring_drops),
                       atomic_load (&self->file_drops) };

  if (memcmp (drops, self->drops, sizeof drops) == 0)
    return;
  memcpy (self->drops, drops, sizeof drops);
  dyno_intake_counters (self->intake, drops[0], drops[1], drops[2], g_get_monotonic_time ());
}

static void
tell_clocks (DynoCapture *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us < self->pair_us)
    return;
  self->pair_us = now_us + CLOCK_PAIR_US;
  dyno_intake_clock_pair (self->intake, g_get_real_time () * 1000, now_us);
}

static void
note_processor_time (DynoCapture *self)
{
  struct timespec used;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &used);
  atomic_store (&self->thread_us, (gint64) used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000);
}

static void
wait_for_something (DynoCapture *self)
{
  DynoWire *wire = dyno_membership_wire (self->membership);
  gint64 left_us = dyno_intake_next_tick (self->intake) - g_get_monotonic_time ();
  struct timespec timeout = { .tv_nsec = CLAMP (left_us, 0, DYNO_TICK_US) * 1000 };
  struct pollfd fds[] = { { .fd = self->wake, .events = POLLIN },
                          { .fd = dyno_membership_netlink_fd (self->membership), .events = POLLIN },
                          { .fd = wire != NULL ? dyno_wire_fd (wire) : -1, .events = POLLIN } };
  guint64 count;

  if (ppoll (fds, G_N_ELEMENTS (fds), &timeout, NULL) <= 0)
    return;
  if ((fds[0].revents & POLLIN) != 0 && read (self->wake, &count, sizeof count) < 0)
    g_debug ("The wake-up of the capture cannot be read: %s", g_strerror (errno));
}

static void
do_pass (DynoCapture *self)
{
  gint64 tick_us = dyno_intake_next_tick (self->intake);

  receive_all (self);
  take_commands (self);
  dyno_intake_advance (self->intake, g_get_monotonic_time ());
  if (dyno_intake_next_tick (self->intake) != tick_us)
    {
      tell_clocks (self);
      note_processor_time (self);
    }
  keep_membership (self);
  tell_drops (self);
  hand_on (self);
}

static void
drain (DynoCapture *self)
{
  gint64 deadline = g_get_monotonic_time () + DRAIN_US;

  while (receive (self) && g_get_monotonic_time () < deadline)
    hand_on (self);
  take_commands (self);
  tell_drops (self);
  input (self, "{\"event\":\"capture\",\"state\":\"stop\"}");
  hand_on (self);
}

static void
open_up (DynoCapture *self)
{
  DynoMembershipConfig config = { .wish = self->interface,
                                  .group = self->group,
                                  .port = self->port,
                                  .ttl = self->ttl,
                                  .receive_buffer = self->receive_buffer };
  g_autofree char *start = start_input (self);

  self->intake = dyno_intake_new (TRUE);
  self->membership = dyno_membership_new (&config);
  self->started_us = g_get_monotonic_time ();
  self->pair_us = 0;
  memset (self->drops, 0, sizeof self->drops);
  /* What is said at the start goes out over the interfaces that are joined. */
  keep_membership (self);
  input (self, start);
  hand_on (self);
}

static void
close_down (DynoCapture *self)
{
  drain (self);
  self->next_index = dyno_intake_next_index (self->intake);
  g_clear_pointer (&self->membership, dyno_membership_free);
  g_clear_pointer (&self->intake, dyno_intake_free);
  g_clear_pointer (&self->told, g_free);
}

static gpointer
capture_thread (gpointer data)
{
  DynoCapture *self = data;

  open_up (self);
  while (!atomic_load (&self->is_stopping))
    {
      do_pass (self);
      wait_for_something (self);
    }
  close_down (self);

  return NULL;
}

/* any thread */

static char *
pin_json (const DynoPin *pin,
          const char    *event)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  const char *canonical = dyno_channel_info (pin->canonical)->name;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", event);
  dyno_json_writer_add_string (w, "provider", pin->provider);
  dyno_json_writer_add_string (w, "channel", pin->channel);
  dyno_json_writer_add_integer (w, "unit", pin->unit_code);
  dyno_json_writer_add_integer (w, "occurrence", pin->occurrence);
  dyno_json_writer_add_string (w, "canonical",
                               pin->canonical != DYNO_CHANNEL_NONE ? canonical : NULL);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

DynoCapture *
dyno_capture_new (const DynoCaptureConfig *config,
                  DynoBatchSink            sink,
                  gpointer                 sink_data)
{
  DynoCapture *self = g_new0 (DynoCapture, 1);

  self->group = g_strdup (config->group != NULL ? config->group : DYNO_KLHDV_GROUP);
  self->port = config->port != 0 ? config->port : DYNO_KLHDV_PORT;
  self->interface = g_strdup (config->interface != NULL ? config->interface : "auto");
  self->ttl = config->ttl >= 0 ? config->ttl : 1;
  self->is_passive = config->is_passive;
  self->provider = g_strdup (config->provider);
  self->expected = g_strdup (config->expected);
  self->receive_buffer = config->receive_buffer;
  self->pins = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; config->pins != NULL && i < config->pins->len; i++)
    g_ptr_array_add (self->pins, pin_json (g_ptr_array_index (config->pins, i), "pin"));
  self->sink = sink;
  self->sink_data = sink_data;
  self->commands = g_async_queue_new_full (g_free);
  self->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  g_mutex_init (&self->door);

  return self;
}

void
dyno_capture_free (DynoCapture *self)
{
  if (self == NULL)
    return;

  dyno_capture_stop (self);
  close (self->wake);
  g_async_queue_unref (self->commands);
  g_ptr_array_unref (self->pins);
  g_mutex_clear (&self->door);
  g_free (self->group);
  g_free (self->interface);
  g_free (self->provider);
  g_free (self->expected);
  g_free (self);
}

static void
wake_up (DynoCapture *self)
{
  guint64 one = 1;

  if (write (self->wake, &one, sizeof one) < 0 && errno != EAGAIN)
    g_warning ("The capture cannot be woken: %s", g_strerror (errno));
}

void
dyno_capture_start (DynoCapture *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->door);
  if (self->thread != NULL)
    return;
  atomic_store (&self->is_stopping, FALSE);
  self->thread = g_thread_new ("dyno-capture", capture_thread, self);
}

void
dyno_capture_stop (DynoCapture *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->door);
  if (self->thread == NULL)
    return;
  g_return_if_fail (self->thread != g_thread_self ());

  atomic_store (&self->is_stopping, TRUE);
  wake_up (self);
  g_thread_join (g_steal_pointer (&self->thread));
}

gboolean
dyno_capture_is_running (DynoCapture *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->door);

  return self->thread != NULL;
}

/* Takes the text over. */
static void
command (DynoCapture *self,
         char        *json)
{
  g_async_queue_push (self->commands, json);
  wake_up (self);
}

static char *
text_command (const char *event,
              const char *text)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", event);
  dyno_json_writer_add_string (w, "name", text);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

void
dyno_capture_set_interface (DynoCapture *self,
                            const char  *interface)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (interface != NULL);

  command (self, text_command ("interface", interface));
}

void
dyno_capture_set_passive (DynoCapture *self,
                          gboolean     is_passive)
{
  g_return_if_fail (self != NULL);

  command (self, g_strdup (is_passive ? "{\"event\":\"passive\",\"on\":true}"
                                      : "{\"event\":\"passive\",\"on\":false}"));
}

void
dyno_capture_choose_provider (DynoCapture *self,
                              const char  *name)
{
  g_return_if_fail (self != NULL);

  command (self, text_command ("provider", name));
}

void
dyno_capture_pin (DynoCapture   *self,
                  const DynoPin *pin)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (pin != NULL);

  command (self, pin_json (pin, "pin"));
}

void
dyno_capture_unpin (DynoCapture   *self,
                    const DynoPin *pin)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (pin != NULL);

  command (self, pin_json (pin, "unpin"));
}

/* The names that mean something to the intake or to the journal. */
static gboolean
is_reserved (const char *event)
{
  static const char *const names[] = { "capture", "interface", "interfaces", "key", "passive",
                                       "pin", "provider", "rejoin", "start", "unpin", NULL };

  return g_strv_contains (names, event) || g_str_has_prefix (event, "key_");
}

void
dyno_capture_note (DynoCapture *self,
                   const char  *json)
{
  g_autoptr(DynoJson) parsed = NULL;
  const char *event;

  g_return_if_fail (self != NULL);
  g_return_if_fail (json != NULL);

  parsed = dyno_json_parse (json, -1, NULL);
  event = dyno_json_get_string (parsed, "event");
  g_return_if_fail (event != NULL && !is_reserved (event));
  g_return_if_fail (strlen (json) <= DYNO_JOURNAL_MOST_PAYLOAD);

  command (self, g_strdup (json));
}

void
dyno_capture_count_drops (DynoCapture *self,
                          guint64      ring_drops,
                          guint64      file_drops)
{
  g_return_if_fail (self != NULL);

  atomic_store (&self->ring_drops, ring_drops);
  atomic_store (&self->file_drops, file_drops);
}

gint64
dyno_capture_thread_us (DynoCapture *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return atomic_load (&self->thread_us);
}
