/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-transmit.h"

#define ANNOUNCE_US (30 * G_USEC_PER_SEC)
#define ANSWER_US 250000 /* between two lists that were asked for */
#define PONG_US 10000    /* between two answers to pings */
#define MOST_IN_MESSAGE 146

struct _DynoTransmit
{
  char             *name;        /* (owned) */
  gsize             size_limit;
  guint16           fixed_id;    /* 0: negotiated */
  DynoTransmitFunc  send;
  gpointer          user_data;   /* (borrowed) */

  DynoNode          node;
  guint32           clock_ms;
  gboolean          is_announced; /* under the present id */
  GArray           *entries;     /* (owned) of DynoKlhdvEntry */
  gint64            announce_us; /* next time by itself */
  gint64            answer_us;   /* no earlier answer to a request */
  gboolean          is_asked;
  gint64            pong_us;
  guint8            pinged[8192]; /* a bit a host id: it was asked for its time */

  DynoKlhdvRecord  *queue;       /* (owned) a ring */
  guint             first;
  guint             n_queued;
  guint64           n_dropped;

  gboolean          info_is_off;
  gboolean          is_reversed;
  guint             n_pages_to_drop;
  guint8            version;
};

DynoTransmit *
dyno_transmit_new (const DynoTransmitConfig *config,
                   DynoTransmitFunc          send,
                   gpointer                  user_data)
{
  DynoTransmit *self = g_new0 (DynoTransmit, 1);

  self->name = g_strdup (config->name);
  self->size_limit = config->size_limit != 0 ? config->size_limit : DYNO_KLHDV_VALUE_LIMIT;
  self->fixed_id = config->host_id;
  self->node.chance = config->seed;
  self->node.phase = DYNO_NODE_OFF;
  self->send = send;
  self->user_data = user_data;
  self->entries = g_array_new (FALSE, FALSE, sizeof (DynoKlhdvEntry));
  self->queue = g_new (DynoKlhdvRecord, DYNO_TRANSMIT_QUEUE);
  self->version = DYNO_KLHDV_VERSION;

  return self;
}

void
dyno_transmit_free (DynoTransmit *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->entries);
  g_free (self->queue);
  g_free (self->name);
  g_free (self);
}

void
dyno_transmit_start (DynoTransmit *self,
                     gint64        now_us)
{
  dyno_node_start (&self->node, self->node.chance, FALSE, now_us);
  if (self->fixed_id == 0)
    return;

  self->node.id = self->fixed_id;
  self->node.phase = DYNO_NODE_READY;
}

gboolean
dyno_transmit_is_ready (const DynoTransmit *self)
{
  return self->node.phase == DYNO_NODE_READY && self->is_announced;
}

guint16
dyno_transmit_host_id (const DynoTransmit *self)
{
  return self->node.id;
}

const char *
dyno_transmit_name (const DynoTransmit *self)
{
  return self->name;
}

void
dyno_transmit_set_clock (DynoTransmit *self,
                         guint32       clock_ms)
{
  self->clock_ms = clock_ms;
}

static void
send_empty (DynoTransmit *self,
            DynoKlhdvKey  key)
{
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  DynoKlhdvHeader header;

  dyno_node_header (&self->node, DYNO_KLHDV_ALL_HOSTS, &header);
  self->send (data, dyno_klhdv_write_empty (data, &header, key), self->user_data);
}

static void
send_page (DynoTransmit *self,
           guint         first,
           guint         n)
{
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  DynoKlhdvHeader header;
  const DynoKlhdvEntry *entries = (const DynoKlhdvEntry *) (gpointer) self->entries->data;

  dyno_node_header (&self->node, DYNO_KLHDV_ALL_HOSTS, &header);
  if (self->n_pages_to_drop > 0)
    {
      self->n_pages_to_drop--;
      return;
    }
  self->send (data, dyno_klhdv_write_info (data, &header, self->name, entries + first, n),
              self->user_data);
}

void
dyno_transmit_announce (DynoTransmit *self)
{
  guint fit = dyno_klhdv_entries_fit (self->size_limit);
  guint n_pages = MAX ((self->entries->len + fit - 1) / fit, 1);

  if (self->info_is_off)
    return;
  for (guint i = 0; i < n_pages; i++)
    {
      guint page = self->is_reversed ? n_pages - 1 - i : i;
      guint first = page * fit;

      send_page (self, first, MIN (fit, self->entries->len - first));
    }
}

void
dyno_transmit_set_channels (DynoTransmit         *self,
                            const DynoKlhdvEntry *entries,
                            guint                 n_entries,
                            gboolean              is_silent)
{
  g_array_set_size (self->entries, 0);
  g_array_append_vals (self->entries, entries, n_entries);
  if (!dyno_transmit_is_ready (self))
    return;

  if (!is_silent)
    send_empty (self, DYNO_KLHDV_CLEAR);
  dyno_transmit_announce (self);
}

const DynoKlhdvEntry *
dyno_transmit_channels (const DynoTransmit *self,
                        guint              *n_entries)
{
  *n_entries = self->entries->len;

  return (const DynoKlhdvEntry *) (gpointer) self->entries->data;
}

void
dyno_transmit_queue (DynoTransmit *self,
                     guint16       id,
                     guint32       time_ms,
                     float         value)
{
  if (self->n_queued == DYNO_TRANSMIT_QUEUE)
    {
      self->first = (self->first + 1) % DYNO_TRANSMIT_QUEUE;
      self->n_queued--;
      self->n_dropped++;
    }
  self->queue[(self->first + self->n_queued++) % DYNO_TRANSMIT_QUEUE]
    = (DynoKlhdvRecord){ id, time_ms, value };
}

guint64
dyno_transmit_n_dropped (const DynoTransmit *self)
{
  return self->n_dropped;
}

/* The Ping that negotiation asks for, and the one that asks a node its time. */
static void
send_ping (DynoTransmit *self,
           guint16       destination)
{
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  DynoKlhdvHeader header;
  DynoKlhdvPing ping = { .version = self->version, .clock_ms = self->clock_ms };

  dyno_node_header (&self->node, destination, &header);
  self->send (data, dyno_klhdv_write_ping (data, &header, &ping), self->user_data);
}

static void
ask_once (DynoTransmit *self,
          guint16       host)
{
  guint8 bit = (guint8) (1 << (host % 8));

  if (host == DYNO_KLHDV_NO_HOST || (self->pinged[host / 8] & bit) != 0)
    return;
  self->pinged[host / 8] |= bit;
  send_ping (self, host);
}

/* Only with an id, and not to everything that a storm asks. */
static void
answer_ping (DynoTransmit         *self,
             const DynoKlhdvFrame *frame,
             gint64                now_us)
{
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  DynoKlhdvHeader header;
  DynoKlhdvPing ping, pong;
  guint16 to = frame->header.destination;

  if (self->node.phase != DYNO_NODE_READY || now_us < self->pong_us
      || (to != self->node.id && to != DYNO_KLHDV_ALL_HOSTS)
      || !dyno_klhdv_read_ping (frame, &ping) || !dyno_klhdv_is_compatible (ping.version))
    return;

  self->pong_us = now_us + PONG_US;
  pong = (DynoKlhdvPing){ .version = self->version,
                          .host_ms = ping.clock_ms,
                          .remote_ms = self->clock_ms,
                          .data = ping.data,
                          .size = ping.size };
  dyno_node_header (&self->node, frame->header.host, &header);
  self->send (data, dyno_klhdv_write_pong (data, &header, &pong), self->user_data);
  ask_once (self, frame->header.host);
}

void
dyno_transmit_hear (DynoTransmit *self,
                    const guint8 *data,
                    gsize         size,
                    gint64        now_us)
{
  DynoKlhdvFrame frame;
  guint16 to;

  dyno_klhdv_decode (data, size, &frame);
  if (frame.verdict == DYNO_KLHDV_MALFORMED || (frame.counts & DYNO_KLHDV_COUNT_BAD_HOST) != 0)
    return;
  if (dyno_node_hear (&self->node, frame.header.host, now_us))
    self->is_announced = FALSE;
  if (frame.verdict != DYNO_KLHDV_ACCEPTED)
    return;

  to = frame.header.destination;
  if (frame.key == DYNO_KLHDV_PING)
    answer_ping (self, &frame, now_us);
  if (frame.key == DYNO_KLHDV_REQUEST_INFO && (to == DYNO_KLHDV_ALL_HOSTS || to == self->node.id))
    self->is_asked = TRUE;
}

static void
take_id (DynoTransmit *self,
         gint64        now_us)
{
  self->is_announced = TRUE;
  self->announce_us = now_us + ANNOUNCE_US;
  self->answer_us = now_us + ANSWER_US;
  self->is_asked = FALSE;
  send_empty (self, DYNO_KLHDV_CLEAR);
  dyno_transmit_announce (self);
}

static void
send_due_lists (DynoTransmit *self,
                gint64        now_us)
{
  gboolean may_answer = self->is_asked && now_us >= self->answer_us;

  if (!may_answer && now_us < self->announce_us)
    return;

  self->is_asked = FALSE;
  self->answer_us = now_us + ANSWER_US;
  self->announce_us = now_us + ANNOUNCE_US;
  dyno_transmit_announce (self);
}

void
dyno_transmit_step (DynoTransmit *self,
                    gint64        now_us)
{
  if (dyno_node_step (&self->node, now_us) == DYNO_NODE_SEND_PING)
    send_ping (self, DYNO_KLHDV_ALL_HOSTS);
  if (self->node.phase != DYNO_NODE_READY)
    return;

  if (self->is_announced)
    send_due_lists (self, now_us);
  else
    take_id (self, now_us);
}

static guint
take_records (DynoTransmit    *self,
              DynoKlhdvRecord *records,
              guint            most)
{
  guint n = MIN (self->n_queued, most);

  for (guint i = 0; i < n; i++)
    records[i] = self->queue[(self->first + i) % DYNO_TRANSMIT_QUEUE];
  self->first = (self->first + n) % DYNO_TRANSMIT_QUEUE;
  self->n_queued -= n;

  return n;
}

void
dyno_transmit_flush (DynoTransmit *self)
{
  guint fit = dyno_klhdv_records_fit (self->size_limit);
  DynoKlhdvRecord records[MOST_IN_MESSAGE];
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  DynoKlhdvHeader header;

  if (!dyno_transmit_is_ready (self))
    return;

  while (self->n_queued > 0)
    {
      guint n = take_records (self, records, fit);

      dyno_node_header (&self->node, DYNO_KLHDV_ALL_HOSTS, &header);
      self->send (data, dyno_klhdv_write_values (data, &header, records, n), self->user_data);
    }
}

void
dyno_transmit_clear (DynoTransmit *self)
{
  if (self->node.phase == DYNO_NODE_READY)
    send_empty (self, DYNO_KLHDV_CLEAR);
}

void
dyno_transmit_restart (DynoTransmit *self,
                       guint64       seed,
                       gboolean      keeps_id,
                       gint64        now_us)
{
  guint16 id = self->node.id;

  self->n_queued = 0;
  self->is_announced = FALSE;
  self->node.chance = seed;
  dyno_node_start (&self->node, seed, FALSE, now_us);
  if (!keeps_id || id == DYNO_KLHDV_NO_HOST)
    return;

  self->node.id = id;
  self->node.phase = DYNO_NODE_READY;
}

void
dyno_transmit_set_info (DynoTransmit *self,
                        gboolean      is_on)
{
  self->info_is_off = !is_on;
}

void
dyno_transmit_set_reversed (DynoTransmit *self,
                            gboolean      is_reversed)
{
  self->is_reversed = is_reversed;
}

void
dyno_transmit_drop_pages (DynoTransmit *self,
                          guint         n)
{
  self->n_pages_to_drop = n;
}

void
dyno_transmit_set_version (DynoTransmit *self,
                           guint8        version)
{
  self->version = version;
}

void
dyno_transmit_set_seq (DynoTransmit *self,
                       guint8        seq)
{
  self->node.seq = seq;
}

void
dyno_transmit_ping_all (DynoTransmit *self)
{
  if (self->node.phase == DYNO_NODE_READY)
    send_ping (self, DYNO_KLHDV_ALL_HOSTS);
}
