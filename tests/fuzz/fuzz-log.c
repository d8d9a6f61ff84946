/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "dyno-json.h"
#include "dyno-log.h"

/* Whatever is logged is one line of JSON without a key of ours in it. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const char key[] = " dynoai_0aZ9bY8cX7dW6eV5fU4g";
  g_autofree char *input = g_strndup ((const char *) data, MIN (size, 6000));
  g_autofree char *text = g_strconcat (input, key, NULL);
  const char *const fields[] = { input, text, NULL };
  DynoLogLine line = { .message = text, .event = input, .fields = fields };
  g_autofree char *json = dyno_log_print (DYNO_LOG_JSON, 0, G_LOG_LEVEL_INFO, &line);
  g_autofree char *plain = dyno_log_print (DYNO_LOG_TEXT, 0, G_LOG_LEVEL_INFO, &line);
  g_autoptr(DynoJson) parsed = dyno_json_parse (json, -1, NULL);

  if (strstr (input, "0aZ9bY8c") != NULL)
    return 0;
  g_assert_nonnull (parsed);
  g_assert_null (strchr (json, '\n'));
  g_assert_null (strchr (plain, '\n'));
  g_assert_null (strstr (json, "0aZ9bY8c"));
  g_assert_null (strstr (plain, "0aZ9bY8c"));

  return 0;
}
