/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-wire.h"

#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-health.h"
#include "dyno-listing.h"
#include "dyno-netcheck.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-shape.h"

#include <math.h>

#define ANY_INTERFACE "0.0.0.0" /* how the settings say it */

static char *doctor_interface;

const GOptionEntry dyno_verb_doctor_entries[] = {
  { "interface", 0, 0, G_OPTION_ARG_STRING, &doctor_interface, "Look at this network interface",
    "IF" },
  { NULL },
};

/* FALSE for a text that is no IPv4 multicast address. */
static gboolean
is_group (const char *text)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (text);

  return address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4
         && g_inet_address_get_is_multicast (address);
}

static gboolean
names_one (const char *setting)
{
  return *setting != '\0' && !g_str_equal (setting, ANY_INTERFACE);
}

gboolean
dyno_place_init (DynoPlace   *self,
                 DynoCtl     *ctl,
                 const char  *group,
                 int          port,
                 const char  *interface,
                 GError     **error)
{
  g_autofree char *setting = NULL;

  *self = (DynoPlace) { 0 };
  if (!dyno_ctl_load_config (ctl, error))
    return FALSE;
  if (port < 0 || port > 65535)
    {
      dyno_failure_set_usage (error, "--port takes a number from 1 to 65535.");
      return FALSE;
    }

  setting = dyno_config_dup (ctl->config, "capture.interface");
  self->group = group != NULL ? g_strdup (group) : dyno_config_dup (ctl->config, "capture.group");
  self->port = port != 0 ? (guint16) port
                         : (guint16) dyno_config_get_integer (ctl->config, "capture.port");
  if (!is_group (self->group))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "config",
                      "%s is no multicast group. The group of JETDRIVE is 224.0.2.10.",
                      self->group);
      if (group != NULL)
        dyno_failure_make_usage (error);
      return FALSE;
    }
  if (interface != NULL)
    self->interface = g_strdup (interface);
  else
    self->interface = g_strdup (names_one (setting) ? setting : "auto");

  return TRUE;
}

void
dyno_place_clear (DynoPlace *self)
{
  g_clear_pointer (&self->group, g_free);
  g_clear_pointer (&self->interface, g_free);
}

static DynoLinkReason
find_reason (const DynoCaptureState *state)
{
  if (state == NULL)
    return DYNO_LINK_REASON_NO_INTERFACE;
  if (state->reason != DYNO_LINK_REASON_NONE)
    return state->reason;
  if (state->n_providers > 0)
    return DYNO_LINK_REASON_NO_CHANNEL_INFO;

  return state->counts.own > 0 ? DYNO_LINK_REASON_OWN_ECHO_ONLY : DYNO_LINK_REASON_NO_TRAFFIC;
}

void
dyno_place_set_silence (const DynoCaptureState  *state,
                        GError                 **error)
{
  DynoLinkReason reason = find_reason (state);

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, dyno_link_reason_name (reason),
                  "No dyno was heard. %s", dyno_link_reason_text (reason));
}

static void
print_checks (GPtrArray *checks)
{
  guint n[3] = { 0 };

  for (guint i = 0; i < checks->len; i++)
    {
      const DynoCheck *check = checks->pdata[i];

      n[check->status]++;
      dyno_print_line ("%-5s %s: %s", dyno_check_status_name (check->status), check->name,
                       check->detail);
      if (check->status != DYNO_CHECK_OK && check->fix != NULL && *check->fix != '\0')
        dyno_print_line ("      → %s", check->fix);
    }
  dyno_print_line ("\n%u good, %u to look at, %u wrong.", n[DYNO_CHECK_OK], n[DYNO_CHECK_WARN],
                   n[DYNO_CHECK_FAIL]);
}

/* Something wrong is what was asked for, not a failure of the asking. */
gboolean
dyno_verb_doctor (DynoCtl  *ctl,
                  int      *status,
                  GError  **error)
{
  g_autoptr(DynoProgressBar) bar = NULL;
  g_autoptr(GPtrArray) checks = NULL;
  DynoShop *shop;

  if (!dyno_ctl_want (ctl, 0, 0, "", error))
    return FALSE;
  shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error);
  if (shop == NULL)
    return FALSE;

  bar = dyno_progress_bar_new (ctl, "Looking at the network, this takes 3 s");
  dyno_progress_bar_set (bar, NAN, NULL);
  dyno_health_doctor_async (shop, doctor_interface, ctl->cancellable, dyno_await_cb, ctl->await);
  checks = dyno_health_doctor_finish (dyno_await_wait (ctl->await), error);
  dyno_progress_bar_hide (bar);
  if (checks == NULL)
    return FALSE;

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_doctor (w, checks);
      dyno_print_json (w);
    }
  else
    {
      print_checks (checks);
    }

  return TRUE;
}
