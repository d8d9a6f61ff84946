/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is kept about people. */

#include "config.h"

#include "dyno-api.h"
#include "dyno-policy.h"
#include "dyno-reply.h"

static const DynoField policy_fields[] = {
  { "version", DYNO_COUNT, 0, "Rises when the text changes in meaning" },
  { "text", DYNO_ANY_TEXT, 0, "Paragraphs, an empty line between them" },
  { NULL }
};
static const DynoSchema policy_schema = { "PrivacyPolicy", "What is kept about people", policy_fields };

static void
get_policy (DynoRequest *request)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "version", DYNO_POLICY_VERSION);
  dyno_json_writer_add_string (w, "text", dyno_policy_text);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/privacy/policy", DYNO_OPEN, get_policy, .reply = &policy_schema,
              .summary = "What is kept about people"),
};

const DynoRouteTable dyno_api_privacy = {
  "Privacy", "What is kept about people, and their rights.", rows, G_N_ELEMENTS (rows)
};
