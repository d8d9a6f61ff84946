/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The datagrams of a packet journal as a classic pcap (jetdrive.md §13): nanoseconds,
 * link type 228 (IPv4), headers of IP and UDP rebuilt, so that any analyser of packets
 * opens it. Wall clock by the journal's own pair of clocks. Pure, any thread. */

/* INVALID "journal" for bytes that are none. (transfer full) */
GBytes *dyno_export_pcap (GBytes  *journal,
                          GError **error);

G_END_DECLS
