/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-api.h"
#include "dyno-reply.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* Asking the shop, and passing its answer on. A handler is then
 *
 *   static void
 *   reply_vehicle (DynoRequest *request, DynoVehicle *vehicle)
 *   { … }
 *   DYNO_API_ANSWER (vehicle_found, DynoVehicle, dyno_people_get_vehicle_finish, reply_vehicle)
 *
 *   static void
 *   get_vehicle (DynoRequest *request)
 *   {
 *     DYNO_API_ASK (request, vehicle_found, dyno_people_get_vehicle_async,
 *                   dyno_request_text (request, "id"));
 *   }
 */

/* Calls `begin`_async of the shop with what follows, to be answered by `callback`. */
#define DYNO_API_ASK(request, callback, begin, ...)                                            \
  begin (dyno_request_get_shop (request), ##__VA_ARGS__, dyno_request_get_cancellable (request), \
         callback, dyno_request_ref (request))

/* Around a call that begins another operation, in a callback. */
#define DYNO_API_ON_BEHALF(request, call)                                                      \
  G_STMT_START                                                                                 \
  {                                                                                            \
    DynoAsker *asker_ = dyno_request_get_asker (request);                                      \
                                                                                               \
    if (asker_ != NULL)                                                                        \
      dyno_asker_push (asker_);                                                                \
    call;                                                                                      \
    if (asker_ != NULL)                                                                        \
      dyno_asker_pop (asker_);                                                                 \
  }                                                                                            \
  G_STMT_END

/* A callback that gives what `finish` answered, a Type with g_autoptr, to `reply`, or
 * answers with its error. What `reply` asks the shop in its turn is again on behalf of
 * who asks. */
#define DYNO_API_ANSWER(callback, Type, finish, reply)                                         \
  static void                                                                                  \
  callback (GObject      *unused,                                                              \
            GAsyncResult *result,                                                              \
            gpointer      data)                                                                \
  {                                                                                            \
    g_autoptr(DynoRequest) request = data;                                                     \
    g_autoptr(GError) error = NULL;                                                            \
    g_autoptr(Type) answer = finish (result, &error);                                          \
                                                                                               \
    if (answer != NULL)                                                                        \
      DYNO_API_ON_BEHALF (request, reply (request, answer));                                   \
    else                                                                                       \
      dyno_reply_error (request, error);                                                       \
  }

/* The same for one that answers TRUE: the reply has no body. */
#define DYNO_API_DONE(callback, finish)                                                        \
  static void                                                                                  \
  callback (GObject      *unused,                                                              \
            GAsyncResult *result,                                                              \
            gpointer      data)                                                                \
  {                                                                                            \
    g_autoptr(DynoRequest) request = data;                                                     \
    g_autoptr(GError) error = NULL;                                                            \
                                                                                               \
    if (finish (result, &error))                                                               \
      dyno_reply_empty (request);                                                              \
    else                                                                                       \
      dyno_reply_error (request, error);                                                       \
  }

G_END_DECLS
