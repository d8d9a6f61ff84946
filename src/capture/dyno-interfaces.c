/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-interfaces.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#define MAC_BYTES 6

/* Names that container and virtual-machine software gives to its inner side. */
static const char *const bridge_prefixes[] = { "docker", "br-", "veth", "virbr", "vmnet", "vboxnet",
                                               "cni", "flannel", "lxcbr", "podman" };

static gboolean
is_bridge_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bridge_prefixes); i++)
    {
      if (g_str_has_prefix (name, bridge_prefixes[i]))
        return TRUE;
    }

  return FALSE;
}

static DynoInterface *
find_or_add (GArray               *interfaces,
             const struct ifaddrs *row)
{
  DynoInterface fresh = { 0 };

  for (guint i = 0; i < interfaces->len; i++)
    {
      DynoInterface *interface = &g_array_index (interfaces, DynoInterface, i);

      if (g_str_equal (interface->name, row->ifa_name))
        return interface;
    }

  g_strlcpy (fresh.name, row->ifa_name, sizeof fresh.name);
  fresh.index = if_nametoindex (row->ifa_name);
  fresh.is_up = (row->ifa_flags & IFF_UP) != 0 && (row->ifa_flags & IFF_RUNNING) != 0;
  fresh.is_loopback = (row->ifa_flags & IFF_LOOPBACK) != 0;
  fresh.has_multicast = (row->ifa_flags & IFF_MULTICAST) != 0;
  fresh.is_point_to_point = (row->ifa_flags & IFF_POINTOPOINT) != 0;
  fresh.is_bridge = is_bridge_name (row->ifa_name);
  g_array_append_val (interfaces, fresh);

  return &g_array_index (interfaces, DynoInterface, interfaces->len - 1);
}

static guint32
inet_of (const struct ifaddrs *row)
{
  struct sockaddr_in address;

  memcpy (&address, row->ifa_addr, sizeof address);

  return ntohl (address.sin_addr.s_addr);
}

static void
take_mac (DynoInterface        *interface,
          const struct ifaddrs *row)
{
  struct sockaddr_ll link;
  static const guint8 nothing[MAC_BYTES];

  memcpy (&link, row->ifa_addr, sizeof link);
  if (link.sll_halen != MAC_BYTES || memcmp (link.sll_addr, nothing, MAC_BYTES) == 0)
    return;

  g_snprintf (interface->mac, sizeof interface->mac, "%02x:%02x:%02x:%02x:%02x:%02x",
              link.sll_addr[0], link.sll_addr[1], link.sll_addr[2], link.sll_addr[3],
              link.sll_addr[4], link.sll_addr[5]);
}

GArray *
dyno_interfaces_list (void)
{
  GArray *interfaces = g_array_new (FALSE, FALSE, sizeof (DynoInterface));
  struct ifaddrs *rows = NULL;

  if (getifaddrs (&rows) != 0)
    return interfaces;

  for (const struct ifaddrs *row = rows; row != NULL; row = row->ifa_next)
    {
      DynoInterface *interface = find_or_add (interfaces, row);

      if (row->ifa_addr == NULL)
        continue;
      if (row->ifa_addr->sa_family == AF_PACKET)
        take_mac (interface, row);
      if (row->ifa_addr->sa_family == AF_INET && interface->address == 0)
        interface->address = inet_of (row);
    }
  freeifaddrs (rows);

  return interfaces;
}

GArray *
dyno_interfaces_list_addresses (void)
{
  GArray *addresses = g_array_new (FALSE, FALSE, sizeof (guint32));
  struct ifaddrs *rows = NULL;

  if (getifaddrs (&rows) != 0)
    return addresses;

  for (const struct ifaddrs *row = rows; row != NULL; row = row->ifa_next)
    {
      if (row->ifa_addr != NULL && row->ifa_addr->sa_family == AF_INET)
        {
          guint32 address = inet_of (row);

          g_array_append_val (addresses, address);
        }
    }
  freeifaddrs (rows);

  return addresses;
}

static gboolean
is_wished (const DynoInterface *interface,
           const char          *wish)
{
  gboolean is_usable = interface->is_up && interface->address != 0
                       && (interface->has_multicast || interface->is_loopback);
  guint32 address;

  if (g_str_equal (wish, "auto"))
    return is_usable && !interface->is_bridge;
  if (g_str_equal (wish, "all"))
    return is_usable;
  if (dyno_address_parse (wish, &address))
    return is_usable && interface->address == address;

  return interface->is_up
         && (g_str_equal (interface->name, wish)
             || g_ascii_strcasecmp (interface->mac, wish) == 0);
}

GArray *
dyno_interfaces_choose (const GArray *interfaces,
                        const char   *wish)
{
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (DynoInterface));

  for (guint i = 0; i < interfaces->len; i++)
    {
      const DynoInterface *interface = &g_array_index (interfaces, DynoInterface, i);

      if (is_wished (interface, wish))
        g_array_append_vals (chosen, interface, 1);
    }

  return chosen;
}

gboolean
dyno_address_parse (const char *text,
                    guint32    *address)
{
  struct in_addr parsed;

  *address = 0;
  if (text == NULL || inet_pton (AF_INET, text, &parsed) != 1)
    return FALSE;
  *address = ntohl (parsed.s_addr);

  return TRUE;
}
