/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dyno-await.h"
#include "dyno-bench.h"
#include "dyno-server.h"

/* A bare answer through socket, guard and libsoup: 64 connections that are kept, each
 * with one request under way, from a thread of this program. The first argument is the
 * number of seconds (5). */

#define N_CONNECTIONS 64
#define MAX_LATENCIES (1 << 22)

static const char request[] = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n"
                              "User-Agent: bench\r\nAccept: */*\r\n\r\n";
static const char body[] = "{\"status\":\"alive\",\"timestamp\":\"2026-11-20T07:30:00.123Z\"}";

static void
head_cb (SoupServerMessage *message,
         DynoConnection    *connection,
         gpointer           data)
{
}

static void
body_cb (SoupServerMessage *message,
         DynoConnection    *connection,
         gpointer           data)
{
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, body,
                                    strlen (body));
}

typedef struct
{
  int     fd;
  gint64  sent_us;
  char    text[1024]; /* of the reply */
  gsize   length;
} Client;

typedef struct
{
  guint16  port;
  gint64   end_us;
  gint64   thread_us;
  guint64  n_replies;
  double  *latencies; /* ms */
  Client   clients[N_CONNECTIONS];
  int      epoll;
} Load;

static void
open_client (Load   *load,
             Client *client)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (load->port) };
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = client };
  int one = 1;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  client->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect (client->fd, (struct sockaddr *) &address, sizeof address) != 0)
    g_error ("connect: %s", g_strerror (errno));
  setsockopt (client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  epoll_ctl (load->epoll, EPOLL_CTL_ADD, client->fd, &event);
}

static void
ask (Client *client)
{
  client->length = 0;
  client->sent_us = dyno_bench_now_us ();
  if (send (client->fd, request, strlen (request), MSG_NOSIGNAL) != (gssize) strlen (request))
    g_error ("send: %s", g_strerror (errno));
}

static gboolean
is_whole (Client *client)
{
  const char *end;

  client->text[client->length] = '\0';
  end = strstr (client->text, "\r\n\r\n");

  return end != NULL && strlen (end + 4) == strlen (body);
}

static void
hear (Load   *load,
      Client *client)
{
  gssize n = recv (client->fd, client->text + client->length,
                   sizeof client->text - 1 - client->length, 0);

  if (n <= 0)
    g_error ("The server closed: %s", g_strerror (errno));
  client->length += n;
  if (!is_whole (client))
    return;

  if (!g_str_has_prefix (client->text, "HTTP/1.1 200"))
    g_error ("%s", client->text);
  if (load->n_replies < MAX_LATENCIES)
    load->latencies[load->n_replies] = (dyno_bench_now_us () - client->sent_us) / 1000.0;
  load->n_replies++;
  if (strstr (client->text, "\r\nConnection: close") != NULL)
    {
      close (client->fd);
      open_client (load, client);
    }
  ask (client);
}

static gpointer
load_thread (gpointer data)
{
  Load *load = data;
  gint64 begin_us = dyno_bench_thread_us ();

  load->epoll = epoll_create1 (EPOLL_CLOEXEC);
  for (guint i = 0; i < N_CONNECTIONS; i++)
    {
      open_client (load, &load->clients[i]);
      ask (&load->clients[i]);
    }
  while (dyno_bench_now_us () < load->end_us)
    {
      struct epoll_event events[N_CONNECTIONS];
      int n = epoll_wait (load->epoll, events, N_CONNECTIONS, 100);

      for (int i = 0; i < n; i++)
        hear (load, events[i].data.ptr);
    }
  for (guint i = 0; i < N_CONNECTIONS; i++)
    close (load->clients[i].fd);
  close (load->epoll);
  load->thread_us = dyno_bench_thread_us () - begin_us;

  return NULL;
}

static DynoServer *
start (void)
{
  static const char *const addresses[] = { "127.0.0.1", NULL };
  static const DynoServerCallbacks callbacks = { head_cb, body_cb, head_cb, NULL };
  DynoServerOptions options = { .addresses = addresses, .runtime_folder = g_get_tmp_dir () };
  DynoServer *server = dyno_server_new (&options, &callbacks, NULL);
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GError) error = NULL;

  dyno_server_start_async (server, dyno_await_cb, await);
  if (!dyno_server_start_finish (server, dyno_await_wait (await), &error))
    g_error ("%s", error->message);

  return server;
}

static void
stop (DynoServer *server)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();

  dyno_server_stop_async (server, 0, dyno_await_cb, await);
  dyno_server_stop_finish (server, dyno_await_wait (await), NULL);
}

int
main (int   argc,
      char *argv[])
{
  guint seconds = argc > 1 ? atoi (argv[1]) : 5;
  g_autoptr(DynoServer) server = start ();
  g_autofree Load *load = g_new0 (Load, 1);
  g_autofree double *latencies = g_new (double, MAX_LATENCIES);
  gint64 begin_us = dyno_bench_now_us ();
  gint64 process_us = dyno_bench_process_us ();
  gint64 elapsed_us;
  gsize n_kept;

  dyno_bench_begin ("server-wire");
  load->port = dyno_server_get_port (server, DYNO_LISTENER_LOOPBACK);
  load->end_us = begin_us + (gint64) seconds * G_USEC_PER_SEC;
  load->latencies = latencies;
  g_thread_join (g_thread_new ("load", load_thread, load));
  elapsed_us = dyno_bench_now_us () - begin_us;
  process_us = dyno_bench_process_us () - process_us - load->thread_us;

  n_kept = MIN (load->n_replies, MAX_LATENCIES);
  dyno_bench_figure ("requests", load->n_replies * 1e6 / elapsed_us, "1/s");
  dyno_bench_figure ("server_cpu", (double) process_us / load->n_replies, "us");
  dyno_bench_figure ("p50", dyno_bench_quantile (latencies, n_kept, 0.5), "ms");
  dyno_bench_figure ("p99", dyno_bench_quantile (latencies, n_kept, 0.99), "ms");
  dyno_bench_figure ("rss", dyno_bench_rss_mib (), "MiB");
  stop (server);

  return 0;
}
