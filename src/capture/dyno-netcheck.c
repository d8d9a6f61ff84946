/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-netcheck.h"

#include <poll.h>
#include <string.h>

#include "dyno-capture-state.h"
#include "dyno-error.h"
#include "dyno-interfaces.h"
#include "dyno-klhdv.h"
#include "dyno-wire.h"

#define LISTEN_US (3 * G_USEC_PER_SEC)
#define DEFAULT_GROUP_HINT "239.255.60.60"

/* What one interface heard while the probe listened. */
typedef struct
{
  DynoInterface interface;
  gboolean      is_joined;
  guint         n_own;
  guint         n_others;
} Probe;

typedef struct
{
  const char   *group;
  guint16       port;
  const char   *wish;
  gint64        listen_us;
  GCancellable *cancellable; /* (borrowed) (nullable) */
  GArray       *interfaces;  /* (owned) of DynoInterface */
  GArray       *probes;      /* (owned) of Probe */
  DynoWire     *wire;        /* (owned) (nullable) */
  GPtrArray    *checks;      /* (owned) of DynoCheck */
} Netcheck;

void
dyno_check_free (DynoCheck *check)
{
  if (check == NULL)
    return;

  g_free (check->name);
  g_free (check->detail);
  g_free (check->fix);
  g_free (check);
}

const char *
dyno_check_status_name (DynoCheckStatus status)
{
  static const char *const names[] = { "ok", "warn", "fail" };

  return status < G_N_ELEMENTS (names) ? names[status] : "";
}

/* Takes name and detail over. */
static void
add (Netcheck        *self,
     char            *name,
     DynoCheckStatus  status,
     char            *detail,
     const char      *fix)
{
  DynoCheck *check = g_new0 (DynoCheck, 1);

  check->name = name;
  check->status = status;
  check->detail = detail;
  check->fix = g_strdup (fix);
  g_ptr_array_add (self->checks, check);
}

static void
check_interface (Netcheck            *self,
                 const DynoInterface *interface,
                 gboolean             is_chosen)
{
  g_autofree char *address = dyno_address_text (interface->address);
  char *name = g_strdup_printf ("interface %s", interface->name);
  char *detail
    = g_strdup_printf ("%s%s, %s, %s%s", interface->mac[0] != '\0' ? interface->mac : "no MAC",
                       is_chosen ? ", used" : "", interface->is_up ? "up" : "down",
                       interface->address != 0 ? address : "no IPv4 address",
                       interface->has_multicast || interface->is_loopback ? "" : ", no multicast");

  if (!is_chosen)
    add (self, name, DYNO_CHECK_OK, detail, "");
  else if (!interface->is_up || interface->address == 0)
    add (self, name, DYNO_CHECK_FAIL, detail,
         "Plug in the cable, or give the interface an IPv4 address (169.254.x.x will do).");
  else if (!interface->has_multicast && !interface->is_loopback)
    add (self, name, DYNO_CHECK_FAIL, detail, "This interface cannot multicast: use another one.");
  else
    add (self, name, DYNO_CHECK_OK, detail, "");
}

static gboolean
is_probed (const Netcheck      *self,
           const DynoInterface *interface)
{
  for (guint i = 0; i < self->probes->len; i++)
    {
      if (g_array_index (self->probes, Probe, i).interface.index == interface->index)
        return TRUE;
    }

  return FALSE;
}

static void
check_interfaces (Netcheck *self)
{
  gboolean has_real = FALSE;

  for (guint i = 0; i < self->interfaces->len; i++)
    {
      const DynoInterface *interface = &g_array_index (self->interfaces, DynoInterface, i);
      gboolean is_chosen = is_probed (self, interface);

      has_real |= is_chosen && !interface->is_loopback;
      check_interface (self, interface, is_chosen);
    }
  if (self->probes->len == 0)
    add (self, g_strdup ("interfaces"), DYNO_CHECK_FAIL,
         g_strdup_printf ("“%s” matches no interface that could hear a dyno.", self->wish),
         "Plug in the cable to the dyno, or name an interface that is up.");
  else if (!has_real)
    add (self, g_strdup ("interfaces"), DYNO_CHECK_WARN,
         g_strdup ("Only loopback is used: no dyno on the network can be heard."),
         "Plug in the cable to the dyno, or name its interface.");
}

static void
check_port (Netcheck *self)
{
  DynoWireConfig config = { .group = self->group, .port = self->port, .ttl = 1 };
  g_autoptr(GError) error = NULL;

  self->wire = dyno_wire_open (&config, &error);
  if (self->wire != NULL)
    add (self, g_strdup ("port"), DYNO_CHECK_OK,
         g_strdup_printf ("UDP port %u can be shared.", self->port), "");
  else
    add (self, g_strdup ("port"), DYNO_CHECK_FAIL, g_strdup (error->message),
         "Close the program that holds the port.");
}

static void
check_buffer (Netcheck *self)
{
  guint granted = self->wire != NULL ? dyno_wire_buffer (self->wire) : 0;

  if (self->wire == NULL)
    return;
  add (self, g_strdup ("receive buffer"),
       granted < DYNO_WIRE_SMALL_BUFFER ? DYNO_CHECK_WARN : DYNO_CHECK_OK,
       g_strdup_printf ("The system grants %u KiB.", granted / 1024),
       granted < DYNO_WIRE_SMALL_BUFFER
         ? "Bursts may be lost: sysctl -w net.core.rmem_max=8388608 (and in /etc/sysctl.d)."
         : "");
}

static void
check_group (Netcheck *self)
{
  if (g_str_equal (self->group, DYNO_KLHDV_GROUP) && self->port == DYNO_KLHDV_PORT)
    return;

  add (self, g_strdup ("group"), DYNO_CHECK_WARN,
       g_strdup_printf ("The group is set to %s:%u; JETDRIVE uses %s:%u.", self->group, self->port,
                        DYNO_KLHDV_GROUP, DYNO_KLHDV_PORT),
       g_str_equal (self->group, DEFAULT_GROUP_HINT)
         ? "A guide names this group, but Power Core does not use it: set the default again."
         : "Set the default again unless you know why it was changed.");
}

static void
join_and_ask (Netcheck *self)
{
  DynoKlhdvHeader header = { DYNO_KLHDV_NO_HOST, 0, DYNO_KLHDV_ALL_HOSTS };
  DynoKlhdvPing ping = { .version = DYNO_KLHDV_VERSION };
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  gsize size = dyno_klhdv_write_ping (data, &header, &ping);

  for (guint i = 0; i < self->probes->len; i++)
    {
      Probe *probe = &g_array_index (self->probes, Probe, i);

      probe->is_joined = dyno_wire_join (self->wire, probe->interface.index, NULL);
      if (probe->is_joined)
        dyno_wire_send (self->wire, probe->interface.index, data, size);
    }
}

static void
count (Netcheck           *self,
       const DynoDatagram *datagram)
{
  for (guint i = 0; i < self->probes->len; i++)
    {
      Probe *probe = &g_array_index (self->probes, Probe, i);

      if (probe->interface.index != datagram->ifindex)
        continue;
      if (datagram->port == dyno_wire_tx_port (self->wire))
        probe->n_own++;
      else
        probe->n_others++;
    }
}

static void
listen_to_all (Netcheck *self)
{
  gint64 end_us = g_get_monotonic_time () + self->listen_us;
  DynoDatagram datagrams[DYNO_WIRE_MOST_AT_ONCE];
  gint64 left_us;

  while ((left_us = end_us - g_get_monotonic_time ()) > 0
         && !g_cancellable_is_cancelled (self->cancellable))
    {
      struct pollfd fd = { .fd = dyno_wire_fd (self->wire), .events = POLLIN };
      guint n;

      poll (&fd, 1, (int) CLAMP (left_us / 1000 + 1, 1, 100));
      while ((n = dyno_wire_receive (self->wire, datagrams)) > 0)
        {
          for (guint i = 0; i < n; i++)
            count (self, &datagrams[i]);
        }
    }
}

static void
judge_probe (Netcheck    *self,
             const Probe *probe)
{
  char *name = g_strdup_printf ("probe %s", probe->interface.name);
  double seconds = (double) self->listen_us * 1e-6;

  if (!probe->is_joined)
    add (self, name, DYNO_CHECK_FAIL, g_strdup ("The group cannot be joined here."),
         "Look whether the interface is up and has an IPv4 address.");
  else if (probe->n_others > 0)
    add (self, name, DYNO_CHECK_OK,
         g_strdup_printf ("%u datagrams in %.1f s.", probe->n_others, seconds), "");
  else if (probe->n_own > 0)
    add (self, name, DYNO_CHECK_WARN,
         g_strdup_printf ("Only our own echo in %.1f s.", seconds),
         "Start Power Core (Options → JETDRIVE), or look for a firewall (inbound UDP 22344) or a "
         "switch with IGMP snooping and no querier.");
  else
    add (self, name, DYNO_CHECK_WARN,
         g_strdup_printf ("Nothing in %.1f s, not even our own echo.", seconds),
         "A firewall of this machine drops it: allow inbound UDP port 22344 (ufw allow 22344/udp, "
         "or firewall-cmd --add-port=22344/udp).");
}

static void
probe_interfaces (Netcheck *self)
{
  if (self->wire == NULL)
    return;

  join_and_ask (self);
  listen_to_all (self);
  for (guint i = 0; i < self->probes->len; i++)
    judge_probe (self, &g_array_index (self->probes, Probe, i));
}

static char *
read_line (const char *path)
{
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;

  return g_strchomp (text);
}

/* Which version of IGMP this side speaks, and whether a querier was heard, as
 * /proc/net/igmp shows it: "1\tlo        :     1      V3". */
static void
check_igmp (Netcheck *self)
{
  g_autofree char *text = read_line ("/proc/net/igmp");
  g_auto(GStrv) lines = text != NULL ? g_strsplit (text, "\n", -1) : NULL;

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit_set (g_strchug (lines[i]), " \t:", -1);

      for (guint p = 0; p < self->probes->len && words[0] != NULL && words[1] != NULL; p++)
        {
          const Probe *probe = &g_array_index (self->probes, Probe, p);
          const char *version = strrchr (lines[i], 'V');

          if (!g_str_equal (words[1], probe->interface.name) || version == NULL
              || probe->interface.is_loopback)
            continue;
          add (self, g_strdup_printf ("igmp %s", probe->interface.name), DYNO_CHECK_OK,
               g_strdup_printf ("IGMP %s. Without a querier a snooping switch forgets us after "
                                "about 260 s; memberships are renewed every 120 s.", version), "");
        }
    }
}

/* A container's bridge passes no multicast. */
static void
check_container (Netcheck *self)
{
  g_autofree char *kind = read_line ("/run/systemd/container");
  g_autofree char *groups = read_line ("/proc/1/cgroup");
  gboolean is_inside = kind != NULL || g_file_test ("/.dockerenv", G_FILE_TEST_EXISTS)
                       || g_file_test ("/run/.containerenv", G_FILE_TEST_EXISTS)
                       || (groups != NULL
                           && (strstr (groups, "docker") != NULL || strstr (groups, "lxc") != NULL
                               || strstr (groups, "kubepods") != NULL));

  if (is_inside)
    add (self, g_strdup ("container"), DYNO_CHECK_WARN,
         g_strdup_printf ("This runs in a container%s%s.", kind != NULL ? ": " : "",
                          kind != NULL ? kind : ""),
         "Bridge networks pass no multicast: run it with the host's network (--network host).");
  else
    add (self, g_strdup ("container"), DYNO_CHECK_OK, g_strdup ("Not in a container."), "");
}

static void
choose_probes (Netcheck *self)
{
  g_autoptr(GArray) chosen = dyno_interfaces_choose (self->interfaces, self->wish);

  for (guint i = 0; i < chosen->len; i++)
    {
      Probe probe = { .interface = g_array_index (chosen, DynoInterface, i) };

      g_array_append_val (self->probes, probe);
    }
}

GPtrArray *
dyno_netcheck_run (const DynoNetcheckConfig *config,
                   GCancellable             *cancellable)
{
  Netcheck self = { .group = config->group != NULL ? config->group : DYNO_KLHDV_GROUP,
                    .port = config->port != 0 ? config->port : DYNO_KLHDV_PORT,
                    .wish = config->interface != NULL ? config->interface : "auto",
                    .listen_us = config->listen_us > 0 ? config->listen_us : LISTEN_US,
                    .cancellable = cancellable };

  self.checks = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_check_free);
  self.interfaces = dyno_interfaces_list ();
  self.probes = g_array_new (FALSE, TRUE, sizeof (Probe));
  choose_probes (&self);

  check_interfaces (&self);
  check_group (&self);
  check_port (&self);
  check_buffer (&self);
  probe_interfaces (&self);
  check_igmp (&self);
  check_container (&self);

  dyno_wire_free (self.wire);
  g_array_unref (self.probes);
  g_array_unref (self.interfaces);

  return self.checks;
}
