/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-http-face.h"
#include "dyno-test-service.h"

/* Settings with which nobody may be served: the start is refused, and why is said without
 * what must not be shown (28). */

typedef struct
{
  const char *settings[4]; /* name and value, up to two */
  const char *secret;      /* (nullable) */
} Row;

static const Row rows[] = {
  { { "API_AUTH_ENABLED", "false", "DYNOAI_HOST", "127.0.0.1,0.0.0.0" }, NULL },
  { { "API_KEYS", "tooshort-for-a-key" }, "tooshort-for-a-key" },
  { { "DYNOAI_CORS_ORIGINS", "*" }, NULL },
  { { "DYNOAI_REGISTRATION", "open", "DYNOAI_HOST", "127.0.0.1,0.0.0.0" }, NULL },
  { { "RATE_LIMIT_ENABLED", "false", "DYNOAI_HOST", "127.0.0.1,0.0.0.0" }, NULL },
};

/* The shop says no, or the service. */
static void
start (DynoTestShop *shop,
       GError      **error)
{
  const DynoShopOptions options = { .data_dir = shop->folder,
                                    .environment = (const char *const *) shop->environment,
                                    .flags = DYNO_SHOP_NO_CAPTURE,
                                    .clock = shop->clock };
  const DynoFaceOptions free_port = { .port = 0 };
  gpointer face;

  dyno_shop_open_async (&options, NULL, dyno_await_cb, shop->await);
  shop->shop = dyno_shop_open_finish (dyno_await_wait (shop->await), error);
  if (shop->shop == NULL)
    return;

  face = dyno_http_face.make (shop->shop, &free_port);
  dyno_http_face.start_async (face, dyno_await_cb, shop->await);
  g_assert_false (dyno_http_face.start_finish (face, dyno_await_wait (shop->await), error));
  dyno_http_face.free (face);
  dyno_test_shop_close (shop);
}

static void
test_refused (DynoTestService *f,
              gconstpointer    data)
{
  const Row *row = data;
  g_autoptr(GError) error = NULL;

  dyno_test_service_stop (f);
  for (guint i = 0; i < G_N_ELEMENTS (row->settings) && row->settings[i] != NULL; i += 2)
    dyno_test_shop_set (&f->shop, row->settings[i], row->settings[i + 1]);
  start (&f->shop, &error);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  if (row->secret != NULL)
    g_assert_null (strstr (error->message, row->secret));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/server/api-start/%u-%s", i, rows[i].settings[0]);

      g_test_add (path, DynoTestService, &rows[i], dyno_test_service_set_up, test_refused,
                  dyno_test_service_tear_down);
    }

  return g_test_run ();
}
