/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-limit.h"

G_BEGIN_DECLS

/* The values of both families of headers (service.md 4.3;
 * draft-ietf-httpapi-ratelimit-headers), as text. */
typedef struct
{
  char limit[24];     /* X-RateLimit-Limit: of the tightest policy, as the next two */
  char remaining[24]; /* X-RateLimit-Remaining */
  char reset[24];     /* X-RateLimit-Reset: seconds since 1970 */
  char policies[512]; /* RateLimit-Policy: "default-minute";q=60;w=60, … */
  char tightest[96];  /* RateLimit: "default-minute";r=45;t=12 */
  char retry[24];     /* Retry-After; empty when admitted */
} DynoLimitHeaders;

void  dyno_limit_write_headers  (const DynoLimitVerdict *verdict,
                                 DynoLimitHeaders       *headers);

/* "Policy default-minute allows 60 requests per 60 s.": the detail of a refusal, of its
 * tightest policy. (transfer full) */
char *dyno_limit_write_sentence (const DynoLimitVerdict *verdict);

G_END_DECLS
