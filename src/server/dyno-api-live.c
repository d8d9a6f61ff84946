/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is on the wire now: values, dynos, channels, and the stream of all of it. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-shape-wire.h"
#include "dyno-stream.h"

/* Values */

static const DynoField live_fields[] = {
  { "seq", DYNO_COUNT, 0, "Number of this moment in the stream" },
  { "t", DYNO_TIME, 0, "Now, by the clock of the service" },
  { "state", DYNO_WORD ("no_dyno|connecting|live|armed|recording|saving|saved|link_lost|error"), 0,
    "Where recording stands" },
  { "simulated", DYNO_BOOLEAN, 0, "The dyno in use is the simulator" },
  { "provider_id", DYNO_TEXT (6, 6), DYNO_NULLABLE, "The dyno in use, as 0x1A2B" },
  { "age_ms", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Since its newest value" },
  { "v", DYNO_MAP (100, DYNO_ANY), 0, "Newest value of each canonical channel, SI; null: see s" },
  { "s", DYNO_MAP (100, DYNO_ANY_TEXT), 0, "Why a channel shows no value" },
  { NULL }
};
static const DynoSchema live_schema = { "Live", "The newest values", live_fields };

static void
get_live (DynoRequest *request)
{
  const DynoService *service = dyno_request_get_service (request);
  DynoLive *live = dyno_shop_get_live (dyno_request_get_shop (request));
  guint64 seq = service->streams != NULL ? dyno_streams_get_seq (service->streams) : 0;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_live (w, live, seq, dyno_clock_real_us (service->clock));
  dyno_reply_json (request, w);
}

/* Dynos and channels */

static const DynoField source_fields[] = {
  { "id", DYNO_COUNT, 0, "Number on the wire; may change when the dyno restarts" },
  { "name", DYNO_ANY_TEXT, 0, "Name on the wire, made unique" },
  { "unit", DYNO_ANY_TEXT, 0, "Unit on the wire" },
  { NULL }
};
static const DynoSchema source_schema = { "WireChannel", "A channel of a dyno", source_fields };

static const DynoField provider_fields[] = {
  { "id", DYNO_TEXT (6, 6), DYNO_NULLABLE, "As 0x1A2B" },
  { "name", DYNO_ANY_TEXT, 0, "Name of the dyno" },
  { "address", DYNO_ANY_TEXT, 0, "Of its computer" },
  { "chosen", DYNO_BOOLEAN, 0, "It is the one in use" },
  { "simulated", DYNO_BOOLEAN, 0, "It is the simulator" },
  { "silent", DYNO_BOOLEAN, 0, "Nothing was heard of it for some seconds" },
  { "last_seen_at", DYNO_TIME, DYNO_NULLABLE, "Its last datagram" },
  { "datagrams", DYNO_COUNT, 0, "Messages received" },
  { "lost", DYNO_COUNT, 0, "Messages that did not come" },
  { "malformed", DYNO_COUNT, 0, "Messages that could not be read" },
  { "channels", DYNO_LIST (DYNO_OBJECT (&source_schema)), 0, "What it measures" },
  { NULL }
};
static const DynoSchema provider_schema = { "Provider", "A dyno on the network", provider_fields };

static const DynoField interface_fields[] = {
  { "name", DYNO_ANY_TEXT, 0, "Like eth0" },
  { "address", DYNO_ANY_TEXT, DYNO_NULLABLE, "IPv4" },
  { "up", DYNO_BOOLEAN, 0, "It is up" },
  { "joined", DYNO_BOOLEAN, 0, "The group is listened to on it" },
  { "loopback", DYNO_BOOLEAN, 0, "It is this machine alone" },
  { "datagrams", DYNO_COUNT, 0, "Heard on it from others" },
  { NULL }
};
static const DynoSchema interface_schema = { "Interface", "A network interface",
                                             interface_fields };

static const DynoField providers_fields[] = {
  { "link", DYNO_WORD ("off|joining|listening|connected|capturing|silent|gone"), 0,
    "How the link to the dyno is" },
  { "message", DYNO_ANY_TEXT, DYNO_NULLABLE, "What is wrong with it and what to do" },
  { "providers", DYNO_LIST (DYNO_OBJECT (&provider_schema)), 0, "In the order they were heard" },
  { "interfaces", DYNO_LIST (DYNO_OBJECT (&interface_schema)), 0, "Of this machine" },
  { NULL }
};
static const DynoSchema providers_schema = { "Providers", "Dynos and interfaces",
                                             providers_fields };

static void
get_providers (DynoRequest *request)
{
  DynoClock *clock = dyno_request_get_service (request)->clock;
  g_autoptr(DynoCaptureState) state
    = dyno_live_ref_capture (dyno_shop_get_live (dyno_request_get_shop (request)));
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_wire_providers (w, state,
                             dyno_clock_real_us (clock) - dyno_clock_monotonic_us (clock));
  dyno_reply_json (request, w);
}

static const DynoField channel_fields[] = {
  { "canonical", DYNO_ANY_TEXT, DYNO_NULLABLE, "What it is here; null: an extra channel" },
  { "source_id", DYNO_COUNT, DYNO_NULLABLE, "Its number on the wire; null: there is none" },
  { "name", DYNO_ANY_TEXT, DYNO_NULLABLE, "Its name on the wire" },
  { "unit", DYNO_ANY_TEXT, DYNO_NULLABLE, "Unit of `value`, as on the wire" },
  { "health",
    DYNO_WORD ("ok|slow|frozen|invalid|pegged|stale|idle|no_signal|unmapped"), 0, "How it is" },
  { "reason", DYNO_ANY_TEXT, DYNO_NULLABLE, "A word more" },
  { "value", DYNO_ANY_NUMBER, DYNO_NULLABLE, "The newest that can be believed" },
  { "age_s", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Since the newest came" },
  { "rate_hz", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Values a second" },
  { "invalid", DYNO_COUNT, 0, "Values that could not be believed" },
  { NULL }
};
static const DynoSchema channel_schema = { "ChannelHealth", "How a channel is", channel_fields };

static const DynoField channels_fields[] = {
  { "overall", DYNO_WORD ("ok|warning|idle|critical|stale"), 0, "All of them together" },
  { "channels", DYNO_LIST (DYNO_OBJECT (&channel_schema)), 0, "Of the dyno in use" },
  { NULL }
};
static const DynoSchema channels_schema = { "Channels", "The channels of the dyno in use",
                                            channels_fields };

static void
get_channels (DynoRequest *request)
{
  g_autoptr(DynoCaptureState) state
    = dyno_live_ref_capture (dyno_shop_get_live (dyno_request_get_shop (request)));
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_wire_channels (w, state);
  dyno_reply_json (request, w);
}

/* The stream */

static guint
read_topics (DynoRequest *request)
{
  g_auto(GStrv) words = dyno_request_texts (request, "topics");
  guint topics = 0;

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    topics |= dyno_stream_topic_find (words[i]);

  return topics;
}

/* FALSE: answered. */
static gboolean
read_channels (DynoRequest *request,
               guint64     *channels)
{
  g_auto(GStrv) names = dyno_request_texts (request, "channels");
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();

  *channels = names != NULL ? 0 : DYNO_CHANNELS_ALL;
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      DynoChannel channel = dyno_channel_find (names[i]);

      if (channel == DYNO_CHANNEL_NONE)
        dyno_flaws_add (flaws, "?channels", "choice", "There is no channel “%s”.", names[i]);
      *channels |= G_GUINT64_CONSTANT (1) << channel;
    }
  if (dyno_flaws_count (flaws) == 0)
    return TRUE;

  dyno_reply_problem (request, &(DynoProblem) { .code = "VALIDATION_ERROR", .flaws = flaws });

  return FALSE;
}

static void
refuse_topics (DynoRequest *request,
               DynoScopes   scopes)
{
  g_auto(GStrv) names = dyno_scopes_names (scopes);
  g_autofree char *list = g_strjoinv ("\",\"", names);
  g_autofree char *details = g_strdup_printf ("{\"required\":[\"%s\"]}", list);

  dyno_reply_problem (request, &(DynoProblem) { .code = "AUTHORIZATION_ERROR",
                                                .details = details });
}

static void
get_events (DynoRequest *request)
{
  DynoStreams *streams = dyno_request_get_service (request)->streams;
  DynoStreamWish wish = { .topics = read_topics (request),
                          .hz = (guint) dyno_request_integer (request, "hz"),
                          .is_all = g_str_equal (dyno_request_text (request, "mode"), "all") };
  DynoScopes scopes = dyno_stream_scopes (wish.topics);

  if ((dyno_request_get_principal (request)->scopes & scopes) != scopes)
    refuse_topics (request, scopes);
  else if (streams == NULL)
    dyno_reply_problem (request, &(DynoProblem) { .code = "SERVICE_UNAVAILABLE",
                                                  .reason = "PART_ABSENT" });
  else if (read_channels (request, &wish.channels))
    dyno_streams_open (streams, request, &wish);
}

static const DynoField events_query[] = {
  { "topics", DYNO_ARRAY_OF (1, 5, DYNO_WORD (DYNO_STREAM_TOPIC_WORDS)), 0,
    "What is told; live, capture, alert need live:read, health needs health:read; one's own jobs",
    "live" },
  { "hz", DYNO_INTEGER (1, DYNO_STREAM_MAX_HZ), 0, "Live events a second", "20" },
  { "mode", DYNO_WORD ("latest|all"), 0, "The newest values, or every sample", "latest" },
  { "channels", DYNO_ARRAY_OF (1, 64, DYNO_TEXT (1, 40)), 0, "Only these canonical channels" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/channels", DYNO_MAY (LIVE_READ), get_channels,
              .limit = DYNO_CLASS (LIVE), .reply = &channels_schema,
              .summary = "Health of every channel"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/events", DYNO_AUTH, get_events,
              .aliases = DYNO_PATHS ("/api/v1/live/stream"), .flags = DYNO_ROUTE_STREAM,
              .query = events_query, .reply_media = "text/event-stream",
              .summary = "Live values and news as server-sent events",
              .description = "Sent back as Last-Event-ID, an `id` brings what was missed since, or "
                             "an event `gap`."),
  DYNO_ROUTE (DYNO_GET, "/api/v1/live", DYNO_MAY (LIVE_READ), get_live,
              .limit = DYNO_CLASS (LIVE), .reply = &live_schema, .summary = "The newest values"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/providers", DYNO_MAY (LIVE_READ), get_providers,
              .limit = DYNO_CLASS (LIVE), .reply = &providers_schema,
              .summary = "Dynos on the network"),
};

const DynoRouteTable dyno_api_live = {
  "Live", "What is on the wire now.", rows, G_N_ELEMENTS (rows)
};
