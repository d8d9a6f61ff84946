/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Forty secrets in the forms in which one may slip into a log: `text` is what somebody
 * writes, `secret` the part of it that must never leave. */
typedef struct
{
  const char *text;
  const char *secret;
} DynoTestSecret;

static const DynoTestSecret dyno_test_secrets[] = {
  { "dynoai_0aZ9bY8cX7dW6eV5fU4gT3hS2iR1jQ0kP9lO8mN7nM6oL5pKq", "0aZ9bY8cX7dW6eV5" },
  { "dynoai_short123", "short123" },
  { "dynort_1aZ9bY8cX7dW6eV5fU4gT3hS2iR1jQ0kP9lO8mN7nM6oL5pKq", "1aZ9bY8cX7dW6eV5" },
  { "key dynoai_2aZ9bY8cX7dW6eV5 is bad", "2aZ9bY8cX7dW6eV5" },
  { "(dynort_3aZ9bY8cX7dW6eV5)", "3aZ9bY8cX7dW6eV5" },
  { "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1NCJ9.c2lnbmF0dXJlNA", "c2lnbmF0dXJlNA" },
  { "token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1NSJ9.c2lnbmF0dXJlNQ bad", "eyJzdWIiOiJ1NSJ9" },
  { "Authorization: Bearer abcdefgh00000006", "abcdefgh00000006" },
  { "authorization=ApiKey abcdefgh00000007", "abcdefgh00000007" },
  { "Authorization: Basic dXNlcjpwYXNzOA==", "dXNlcjpwYXNzOA" },
  { "Bearer abcdefgh00000009", "abcdefgh00000009" },
  { "bearer  abcdefgh00000010", "abcdefgh00000010" },
  { "Cookie: sid=abcdef11; theme=dark11", "dark11" },
  { "Set-Cookie: sid=abcdef12; Path=/", "abcdef12" },
  { "cookie=abcdef13", "abcdef13" },
  { "X-API-Key: hunter14", "hunter14" },
  { "x-api-key=hunter15", "hunter15" },
  { "{\"password\":\"hunter16\"}", "hunter16" },
  { "{\"password\" : \"hun\\\"ter17\"}", "ter17" },
  { "password=hunter18", "hunter18" },
  { "PASSWORD: hunter19", "hunter19" },
  { "current_password=hunter20&new_password=hunter21", "hunter20" },
  { "current_password=hunter20&new_password=hunter21", "hunter21" },
  { "'secret': 'two words 22'", "two words 22" },
  { "client_secret=hunter23", "hunter23" },
  { "token=hunter24", "hunter24" },
  { "refresh_token=\"hunter25\"", "hunter25" },
  { "access-token: hunter26", "hunter26" },
  { "reset_code=ABCDEFGHJKM27", "ABCDEFGHJKM27" },
  { "invite_code: ABCDEFGHJKM28", "ABCDEFGHJKM28" },
  { "code=ABCDEFGHJKM29", "ABCDEFGHJKM29" },
  { "pin=303030", "303030" },
  { "pin: \"313131\"", "313131" },
  { "master_key=00112233445566778899aabbccdd3232", "aabbccdd3232" },
  { "api_key: hunter33", "hunter33" },
  { "https://ana:hunter34@shop.example/runs", "hunter34" },
  { "dynoai://pair?h=10.0.0.7&p=5443&c=ABCDEFGHJKM35", "ABCDEFGHJKM35" },
  { "https://10.0.0.7:5443/m/#c=ABCDEFGHJKM36", "ABCDEFGHJKM36" },
  { "xai-abcdefghijklmnop37", "abcdefghijklmnop37" },
  { "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq38\n-----END PRIVATE KEY-----",
    "MIIEvQIBADANBgkq38" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (dyno_test_secrets) == 40);

G_END_DECLS
