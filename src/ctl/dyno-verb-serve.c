/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-serve.h"

#include "dyno-demo.h"
#include "dyno-error.h"
#include "dyno-face.h"
#include "dyno-print.h"
#include "dyno-standing.h"

#include <unistd.h>

static int       port = -1;
static gboolean  is_lan;
static gboolean  simulates;
static char     *profile;

static gboolean
simulate_cb (const char  *option,
             const char  *value,
             gpointer     data,
             GError     **error)
{
  simulates = TRUE;
  g_free (profile);
  profile = g_strdup (value);

  return TRUE;
}

const GOptionEntry dyno_verb_serve_entries[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &port, "Port for programs on this machine; 0: a free one", "N" },
  { "lan", 0, 0, G_OPTION_ARG_NONE, &is_lan, "Listen on the LAN, too (HTTPS)", NULL },
  { "simulate", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, (gpointer) simulate_cb,
    "With a simulated dyno", "PROFILE" },
  { NULL },
};

static void
print_ready (DynoCtl             *ctl,
             const DynoFaceState *state)
{
  DynoJsonWriter *w;

  if (!ctl->is_json)
    {
      dyno_print_line ("Listening on %s.", state->url != NULL ? state->url : state->socket);
      if (state->lan_url != NULL)
        dyno_print_line ("On the LAN: %s\nCertificate: %s", state->lan_url, state->pin_words);
      dyno_print_flush (NULL);
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", "ready");
  dyno_json_writer_add_string (w, "url", state->url);
  dyno_json_writer_add_string (w, "lan_url", state->lan_url);
  dyno_json_writer_add_string (w, "socket", state->socket);
  dyno_json_writer_add_string (w, "pin", state->pin);
  dyno_json_writer_add_integer (w, "pid", getpid ());
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
  dyno_print_flush (NULL);
}

static gboolean
start_simulator (DynoCtl  *ctl,
                 GError  **error)
{
  const DynoDemoOptions options = { .profile = profile };

  if (!simulates)
    return TRUE;

  dyno_demo_start_async (ctl->shop, &options, ctl->cancellable, dyno_await_cb, ctl->await);

  return dyno_demo_start_finish (dyno_await_wait (ctl->await), error);
}

/* Nothing ends it but a signal. */
static gboolean
is_never_done (gpointer unused)
{
  return FALSE;
}

/* The end of the service: it has the time of the settings to finish what is in hand, until
 * a second signal. */
typedef struct
{
  const DynoFace *face;     /* (borrowed) */
  gpointer        service;  /* (borrowed) */
  guint           n_waited; /* answers that have not come */
  gboolean        is_hurried;
} Ending;

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  Ending *ending = data;
  g_autoptr(GError) error = NULL;

  ending->n_waited--;
  if (!ending->face->stop_finish (ending->service, result, &error))
    g_warning ("The service did not end well: %s", error->message);
}

static void
ask_to_stop (Ending *ending,
             guint   drain_ms)
{
  ending->n_waited++;
  ending->face->stop_async (ending->service, drain_ms, stopped_cb, ending);
}

static void
stop (DynoCtl        *ctl,
      const DynoFace *face,
      gpointer        service)
{
  gint64 seconds = dyno_config_get_integer (dyno_shop_get_config (ctl->shop), "server.drain_seconds");
  Ending ending = { face, service, 0, FALSE };

  ask_to_stop (&ending, (guint) seconds * 1000);
  while (ending.n_waited > 0)
    {
      g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
      if (ctl->n_interrupts < 2 || ending.is_hurried)
        continue;
      ending.is_hurried = TRUE;
      ask_to_stop (&ending, 0);
    }
}

static gboolean
serve (DynoCtl         *ctl,
       const DynoFace  *face,
       gpointer         service,
       GError         **error)
{
  g_auto(DynoFaceState) state = { NULL };
  gboolean is_started;

  face->start_async (service, dyno_await_cb, ctl->await);
  is_started = face->start_finish (service, dyno_await_wait (ctl->await), error);
  if (!is_started)
    return FALSE;

  face->describe (service, &state);
  is_started = start_simulator (ctl, error);
  if (is_started)
    {
      print_ready (ctl, &state);
      dyno_ctl_wait (ctl, is_never_done, NULL, -1);
    }
  stop (ctl, face, service);

  return is_started;
}

gboolean
dyno_verb_serve (DynoCtl  *ctl,
                 int      *status,
                 GError  **error)
{
  const DynoFaceOptions options = { .port = port, .is_lan = is_lan };
  gpointer service;
  gboolean is_served;

  if (!dyno_ctl_want (ctl, 0, 0, "", error)
      || dyno_ctl_open_shop (ctl, DYNO_SHOP_DEFAULT, error) == NULL)
    return FALSE;

  dyno_standing_begin (ctl->shop, FALSE);
  service = ctl->face->make (ctl->shop, &options);
  is_served = serve (ctl, ctl->face, service, error);
  ctl->face->free (service);
  dyno_standing_end (ctl->shop);
  /* Being told to end is how it ends. */
  if (is_served)
    g_cancellable_reset (ctl->cancellable);

  return is_served;
}
