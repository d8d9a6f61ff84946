/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-refusal.h"

static const DynoRefusal refusals[DYNO_N_REFUSALS] = {
  [DYNO_REFUSAL_REQUEST_LINE] = {
    "request_line", 400, "BAD_REQUEST",
    "The first line is not a request: it must be a method, a path and HTTP/1.1 with one "
    "blank between them.", NULL,
  },
  [DYNO_REFUSAL_VERSION] = {
    "version", 505, "HTTP_VERSION_NOT_SUPPORTED",
    "This service speaks HTTP/1.1 only.", NULL,
  },
  [DYNO_REFUSAL_METHOD] = {
    "method", 405, "METHOD_NOT_ALLOWED",
    "This method is not served. The header Allow names those that are.",
    "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
  },
  [DYNO_REFUSAL_TARGET] = {
    "target", 400, "BAD_REQUEST",
    "The path is not well formed: it must begin with a slash and hold visible ASCII only, "
    "without #.", NULL,
  },
  [DYNO_REFUSAL_TARGET_LENGTH] = {
    "target_length", 414, "URI_TOO_LONG",
    "The path and query are longer than 4096 bytes. Send long values in the body.", NULL,
  },
  [DYNO_REFUSAL_HEADER] = {
    "header", 400, "BAD_REQUEST",
    "A header line is not well formed.", NULL,
  },
  [DYNO_REFUSAL_DUPLICATE] = {
    "duplicate", 400, "BAD_REQUEST",
    "A header that may be there once is there twice. Send it once.", NULL,
  },
  [DYNO_REFUSAL_HEAD_SIZE] = {
    "head_size", 431, "HEADERS_TOO_LARGE",
    "The headers are more than 64, or longer than 16 KiB. Send fewer.", NULL,
  },
  [DYNO_REFUSAL_HOST] = {
    "host", 400, "BAD_REQUEST",
    "The request must have one header Host with the name or address of this service.", NULL,
  },
  [DYNO_REFUSAL_EXPECTATION] = {
    "expectation", 417, "EXPECTATION_FAILED",
    "The only expectation that is met is 100-continue.", NULL,
  },
  [DYNO_REFUSAL_FRAMING] = {
    "framing", 400, "BAD_REQUEST",
    "The length of the body is not clear: send one Content-Length in digits, or the one "
    "Transfer-Encoding chunked, not both.", NULL,
  },
  [DYNO_REFUSAL_CHUNK] = {
    "chunk", 400, "BAD_REQUEST",
    "A chunk of the body is not well formed. Extensions and trailers are not taken.", NULL,
  },
  [DYNO_REFUSAL_BODY_SIZE] = {
    "body_size", 413, "REQUEST_TOO_LARGE",
    "The body is larger than this route takes. Send a smaller one.", NULL,
  },
  [DYNO_REFUSAL_TIMEOUT] = {
    "timeout", 408, "REQUEST_TIMEOUT",
    "The request came too slowly. Send it again.", NULL,
  },
};

const DynoRefusal *
dyno_refusal_of (DynoRefusalReason reason)
{
  g_return_val_if_fail (reason < DYNO_N_REFUSALS, &refusals[DYNO_REFUSAL_REQUEST_LINE]);

  return &refusals[reason];
}

DynoRefusalReason
dyno_refusal_get_reason (const DynoRefusal *refusal)
{
  return (DynoRefusalReason) (refusal - refusals);
}
