/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api-keys.h"

static const DynoField key_fields[] = {
  { "id", DYNO_ID ("key"), 0, "Id" },
  { "name", DYNO_ANY_TEXT, 0, "Name" },
  { "display", DYNO_ANY_TEXT, 0, "The first and the last four characters of it" },
  { "user_id", DYNO_ANY_TEXT, 0, "For whom it acts" },
  { "scopes", DYNO_LIST (DYNO_ANY_TEXT), 0, "Permissions" },
  { "cidrs", DYNO_LIST (DYNO_ANY_TEXT), 0, "Where it may come from; empty: anywhere" },
  { "rate_limit_per_minute", DYNO_COUNT, 0, "Requests a minute" },
  { "rate_limit_per_day", DYNO_COUNT, 0, "Requests a day" },
  { "created_at", DYNO_TIME, 0, "Made" },
  { "expires_at", DYNO_TIME, DYNO_NULLABLE, "Ends; null: never" },
  { "revoked_at", DYNO_TIME, DYNO_NULLABLE, "Revoked" },
  { "last_used_at", DYNO_TIME, DYNO_NULLABLE, "Used last" },
  { "total_requests", DYNO_COUNT, 0, "Requests made with it" },
  { "denied_requests", DYNO_COUNT, 0, "Those of them that were refused" },
  { "version", DYNO_COUNT, 0, "For If-Match" },
  { NULL }
};

const DynoSchema dyno_key_schema = { "Key", "A key for a program; never its text", key_fields };

static const DynoField made_fields[] = {
  { "key", DYNO_SECRET (1, 128), 0, "The key; told once" },
  { "message", DYNO_ANY_TEXT, 0, "What to do with it" },
  { "key_info", DYNO_OBJECT (&dyno_key_schema), 0, "What it may" },
  { NULL }
};

const DynoSchema dyno_key_made_schema = { "KeyMade", "A new key", made_fields };

static const DynoField revoked_fields[] = {
  { "revoked", DYNO_BOOLEAN, 0, "It serves no more" },
  { NULL }
};

const DynoSchema dyno_key_revoked_schema = { "KeyRevoked", "A key has ended", revoked_fields };
