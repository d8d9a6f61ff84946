/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

/* What we say: the negotiation of our id, a Ping to each host every 10 s, Pongs,
 * requests for lists. A client sends nothing else; there is no way from here to
 * the control set. */

#define PING_US (10 * G_USEC_PER_SEC)
#define PONG_US 100000     /* between two answers to one host */
#define ANSWER_US 50000    /* between two answers to nodes without an id */
#define REQUEST_US G_USEC_PER_SEC
#define REQUEST_LATER_US (30 * G_USEC_PER_SEC)
#define REQUEST_TRIES 5
#define MOST_OUTGOING 256

/* One record an interface that it goes out over. */
static void
record_sent (DynoIntake         *self,
             const DynoOutgoing *outgoing)
{
  for (guint i = 0; i < self->interfaces->len; i++)
    {
      const DynoInterfaceState *interface
        = &g_array_index (self->interfaces, DynoInterfaceState, i);
      DynoJournalRecord record = { .type = DYNO_JOURNAL_SENT,
                                   .flags = DYNO_JOURNAL_OWN,
                                   .port = self->tx_port,
                                   .address = interface->address,
                                   .ifindex = interface->index,
                                   .arrival_us = self->now_us,
                                   .kernel_us = DYNO_JOURNAL_KERNEL_UNKNOWN,
                                   .payload = outgoing->data,
                                   .size = outgoing->size };

      if (interface->is_joined
          && (outgoing->ifindex == 0 || outgoing->ifindex == interface->index))
        dyno_intake_append (self, &record);
    }
}

static void
send (DynoIntake   *self,
      DynoOutgoing *outgoing)
{
  if (g_queue_get_length (&self->outgoing) >= MOST_OUTGOING)
    return;

  record_sent (self, outgoing);
  g_queue_push_tail (&self->outgoing, g_memdup2 (outgoing, sizeof *outgoing));
}

static void
send_request (DynoIntake *self,
              guint16     destination,
              guint32     ifindex)
{
  DynoOutgoing outgoing = { .ifindex = ifindex };
  DynoKlhdvHeader header;

  if (!dyno_node_speaks (&self->node))
    return;

  dyno_node_header (&self->node, destination, &header);
  outgoing.size = dyno_klhdv_write_empty (outgoing.data, &header, DYNO_KLHDV_REQUEST_INFO);
  send (self, &outgoing);
}

static void
send_ping (DynoIntake *self,
           guint16     destination,
           guint32     ifindex)
{
  DynoOutgoing outgoing = { .ifindex = ifindex };
  DynoKlhdvPing ping = { .version = DYNO_KLHDV_VERSION,
                         .clock_ms = dyno_node_clock (&self->node, self->now_us) };
  DynoKlhdvHeader header;

  dyno_node_header (&self->node, destination, &header);
  outgoing.size = dyno_klhdv_write_ping (outgoing.data, &header, &ping);
  send (self, &outgoing);
}

static void
send_pong (DynoIntake          *self,
           guint16              destination,
           guint32              ifindex,
           const DynoKlhdvPing *ping)
{
  DynoOutgoing outgoing = { .ifindex = ifindex };
  DynoKlhdvPing pong = { .version = DYNO_KLHDV_VERSION,
                         .host_ms = ping->clock_ms,
                         .remote_ms = dyno_node_clock (&self->node, self->now_us),
                         .data = ping->data,
                         .size = ping->size };
  DynoKlhdvHeader header;

  dyno_node_header (&self->node, destination, &header);
  outgoing.size = dyno_klhdv_write_pong (outgoing.data, &header, &pong);
  send (self, &outgoing);
}

/* At once a request, so that a provider is found before our id is drawn. */
void
dyno_intake_start_talk (DynoIntake *self)
{
  dyno_node_start (&self->node, self->seed, self->is_passive, self->now_us);
  send_request (self, DYNO_KLHDV_ALL_HOSTS, 0);
}

/* A version we do not speak: the peer is ignored, with one warning. */
static gboolean
check_version (DynoIntake          *self,
               DynoHost            *host,
               const DynoKlhdvPing *ping)
{
  gboolean is_compatible = dyno_klhdv_is_compatible (ping->version);

  if (host != NULL && !is_compatible && !host->is_incompatible)
    {
      DynoEvent *event = dyno_intake_event (self, DYNO_EVENT_PROVIDER_VERSION, host);

      event->count = ping->version;
      event->text = g_strdup (host->name);
    }
  if (host != NULL)
    host->is_incompatible = !is_compatible;

  return is_compatible;
}

/* Only a node with an id answers, and nobody too often. */
static gboolean
may_answer (DynoIntake *self,
            DynoHost   *host)
{
  gint64 *next_us = host != NULL ? &host->next_pong_us : &self->next_answer_us;

  if (self->node.phase != DYNO_NODE_READY || self->now_us < *next_us)
    return FALSE;
  *next_us = self->now_us + (host != NULL ? PONG_US : ANSWER_US);

  return TRUE;
}

void
dyno_intake_take_ping (DynoIntake           *self,
                       DynoHost             *host,
                       const DynoKlhdvFrame *frame)
{
  DynoKlhdvPing ping;
  guint16 from = host != NULL ? host->id : DYNO_KLHDV_NO_HOST;
  guint32 ifindex = host != NULL ? host->ifindex : 0;

  if (!dyno_klhdv_read_ping (frame, &ping) || !check_version (self, host, &ping)
      || !may_answer (self, host))
    return;

  send_pong (self, from, ifindex, &ping);
  if (host != NULL && host->clock.n_pongs == 0)
    host->next_ping_us = MIN (host->next_ping_us, self->now_us);
}

void
dyno_intake_take_pong (DynoIntake           *self,
                       DynoHost             *host,
                       const DynoKlhdvFrame *frame)
{
  DynoKlhdvPing pong;

  if (host == NULL || !dyno_klhdv_read_ping (frame, &pong) || !check_version (self, host, &pong))
    return;
  if (self->node.phase != DYNO_NODE_READY || frame->header.destination != self->node.id)
    return;

  /* Our wire clock began with the node; the stamps are matched on it. */
  dyno_host_clock_pong (&host->clock,
                        pong.host_ms + (guint32) (self->node.origin_us / 1000),
                        pong.remote_ms, self->now_us);
}

static void
step_node (DynoIntake *self)
{
  DynoNodeStep step = dyno_node_step (&self->node, self->now_us);

  if (step == DYNO_NODE_SEND_PING)
    send_ping (self, DYNO_KLHDV_ALL_HOSTS, 0);
  if (step == DYNO_NODE_HAS_ID && self->chosen == NULL)
    send_request (self, DYNO_KLHDV_ALL_HOSTS, 0);
}

static gboolean
misses_list (const DynoHost *host)
{
  return host->is_provider && !host->is_incompatible && host->presence == DYNO_HOST_ALIVE
         && (host->n_pending > 0 || (host->has_spoken && host->slots->len == 0));
}

static void
ask_for_list (DynoIntake *self,
              DynoHost   *host)
{
  if (!misses_list (host) || self->now_us < host->next_request_us)
    return;

  /* A provider may answer only what is for all: every other request is. */
  send_request (self, host->n_requests % 2 == 0 ? host->id : DYNO_KLHDV_ALL_HOSTS, host->ifindex);
  host->n_requests++;
  host->next_request_us
    = self->now_us + (host->n_requests < REQUEST_TRIES ? REQUEST_US : REQUEST_LATER_US);
}

static void
ask_for_time (DynoIntake *self,
              DynoHost   *host)
{
  if (self->node.phase != DYNO_NODE_READY || host->is_incompatible
      || host->presence != DYNO_HOST_ALIVE || self->now_us < host->next_ping_us)
    return;

  host->next_ping_us = self->now_us + PING_US;
  send_ping (self, host->id, host->ifindex);
}

void
dyno_intake_talk (DynoIntake *self)
{
  if (!self->is_on)
    return;

  step_node (self);
  for (guint i = 0; i < self->hosts.hosts->len; i++)
    {
      DynoHost *host = g_ptr_array_index (self->hosts.hosts, i);

      ask_for_list (self, host);
      ask_for_time (self, host);
    }
}
