/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-admission.h"
#include "dyno-field.h"
#include "dyno-limit-class.h"
#include "dyno-scope.h"

G_BEGIN_DECLS

/* What the API can be asked: one row a method and path. The row drives dispatch,
 * permission, limits, the check of everything that comes in, and the OpenAPI
 * document, so nothing of a route stands anywhere else. Static and const.
 *
 *   static const DynoRoute rows[] = {
 *     DYNO_ROUTE (DYNO_GET, "/api/v1/vehicles/{id}", DYNO_MAY (SHOP_READ), get_vehicle,
 *                 .args = vehicle_args, .reply = &dyno_vehicle_schema,
 *                 .summary = "One vehicle"),
 *   };
 *
 *   const DynoRouteTable dyno_api_vehicles = {
 *     "Shop records", "Customers and their vehicles.", rows, G_N_ELEMENTS (rows)
 *   };
 */

typedef struct _DynoRequest DynoRequest;

/* On the server's thread, when everything the row asks for was found good. Answers
 * by one dyno_reply_…() now or later; the request is counted. */
typedef void (*DynoHandler) (DynoRequest *request);

typedef enum
{
  DYNO_GET, /* and HEAD */
  DYNO_POST,
  DYNO_PUT,
  DYNO_PATCH,
  DYNO_DELETE,
  DYNO_N_METHODS
} DynoMethod;

typedef enum
{
  DYNO_ACCESS_NONE,     /* never said: refused when the table is read */
  DYNO_ACCESS_OPEN,     /* anybody */
  DYNO_ACCESS_AUTH,     /* whoever has shown a credential */
  DYNO_ACCESS_SELF,     /* the same; the handler gives out the asker's own rows only */
  DYNO_ACCESS_SCOPES,   /* who holds all of `all`, and one of `any` where that says some */
  DYNO_ACCESS_LOOPBACK, /* anybody on this machine, and from outside as SCOPES */
} DynoAccessKind;

typedef struct
{
  DynoAccessKind kind;
  DynoScopes     all;
  DynoScopes     any;
} DynoRouteAccess;

/* Who may: the third argument of DYNO_ROUTE, which has no default. */
#define DYNO_OPEN { DYNO_ACCESS_OPEN }
#define DYNO_AUTH { DYNO_ACCESS_AUTH }
#define DYNO_SELF { DYNO_ACCESS_SELF }
#define DYNO_MAY(scope) { DYNO_ACCESS_SCOPES, DYNO_SCOPE_BIT (DYNO_SCOPE_##scope) }
#define DYNO_MAY_BOTH(a, b) \
  { DYNO_ACCESS_SCOPES, DYNO_SCOPE_BIT (DYNO_SCOPE_##a) | DYNO_SCOPE_BIT (DYNO_SCOPE_##b) }
#define DYNO_MAY_EITHER(a, b) \
  { DYNO_ACCESS_SCOPES, 0, DYNO_SCOPE_BIT (DYNO_SCOPE_##a) | DYNO_SCOPE_BIT (DYNO_SCOPE_##b) }
#define DYNO_LOOPBACK_OR(scope) { DYNO_ACCESS_LOOPBACK, DYNO_SCOPE_BIT (DYNO_SCOPE_##scope) }

/* .limit and .priority of a row, where the rule of dyno_route_get_limit () and
 * dyno_route_get_priority () is not meant: DYNO_CLASS (HEAVY), DYNO_RANK (VITAL). */
#define DYNO_CLASS(class) (DYNO_LIMIT_##class + 1)
#define DYNO_RANK(rank)   (DYNO_PRIORITY_##rank + 1)

typedef enum
{
  DYNO_ROUTE_RECENT        = 1 << 0,  /* R: a password in the last 15 minutes */
  DYNO_ROUTE_IDEMPOTENT    = 1 << 1,  /* I!: an Idempotency-Key must be there */
  DYNO_ROUTE_NO_KEY        = 1 << 2,  /* an Idempotency-Key is ignored */
  DYNO_ROUTE_STREAM        = 1 << 3,  /* S: server-sent events, no deadline */
  DYNO_ROUTE_NO_IF_MATCH   = 1 << 4,  /* ◦: a change that asks for no version */
  DYNO_ROUTE_IF_MATCH      = 1 << 5,  /* a POST that asks for one */
  DYNO_ROUTE_UPLOAD        = 1 << 6,  /* the body is bytes, kept in a temporary file */
  DYNO_ROUTE_MULTIPART     = 1 << 7,  /* an upload that may be multipart/form-data */
  DYNO_ROUTE_SMALL_BODY    = 1 << 8,  /* at most 16 KiB */
  DYNO_ROUTE_LARGE_BODY    = 1 << 9,  /* at most 4 MiB */
  DYNO_ROUTE_BODY_OPTIONAL = 1 << 10, /* no body is as good as {} */
  DYNO_ROUTE_PAGE          = 1 << 11, /* limit and cursor in; {items, next_cursor} of `reply` out */
  DYNO_ROUTE_LIST          = 1 << 12, /* an array of `reply` out */
  DYNO_ROUTE_SECRET_REPLY  = 1 << 13, /* its body is never kept for an Idempotency-Key */
  DYNO_ROUTE_WHILE_SETUP   = 1 << 14, /* answers before there is an admin or a key */
  DYNO_ROUTE_UNLISTED      = 1 << 15, /* not in the OpenAPI document: pages, not API */
  DYNO_ROUTE_PERSONAL      = 1 << 16, /* 404 may hide somebody else's: told to the audit */
} DynoRouteFlags;

typedef struct
{
  DynoMethod         method;
  const char        *path;        /* "/api/v1/runs/{id}" */
  DynoRouteAccess    access;
  DynoHandler        handler;

  const char *const *aliases;     /* (nullable) other paths, DYNO_PATHS; their {names} are a */
                                  /* subset of `args` */
  DynoRouteFlags     flags;
  guint              limit;       /* 0: by rule; DYNO_CLASS () */
  guint              priority;    /* 0: by rule; DYNO_RANK () */
  guint              deadline_s;  /* 0: 10 */

  const DynoField   *args;        /* (nullable) the {names} of the path; malformed is 404 */
  const DynoField   *query;       /* (nullable) */
  const DynoField   *body;        /* (nullable) members of a JSON object; NULL: no body */
  const char        *body_media;  /* (nullable) of an upload, between bars; NULL: any bytes */

  guint              status;      /* of success; 0: DELETE 204, others 200 */
  const DynoSchema  *reply;       /* (nullable) what JSON goes out */
  const char        *reply_media; /* (nullable) what goes out beside or instead, between bars */
  const guint16     *also;        /* (nullable) statuses beside the rule's, DYNO_STATUSES */

  const char        *summary;     /* some words, as a heading */
  const char        *description; /* (nullable) sentences */
} DynoRoute;

/* A row. The first four have no default: a route that nobody decided the access of
 * does not compile. What follows is named: .args = …, .body = …, .summary = …. */
#define DYNO_ROUTE(method_, path_, access_, handler_, ...) \
  { .method = (method_), .path = (path_), .access = access_, .handler = (handler_), __VA_ARGS__ }

#define DYNO_PATHS(...)    ((const char *const[]) { __VA_ARGS__, NULL })
#define DYNO_STATUSES(...) ((const guint16[]) { __VA_ARGS__, 0 })

/* The rows of a noun, as its dyno-api-<noun>.c exports them. */
typedef struct
{
  const char      *tag;         /* heading in the documentation */
  const char      *description;
  const DynoRoute *rows;
  gsize            n_rows;
} DynoRouteTable;

/* The row of a path's {id}. */
#define DYNO_ID_ARG(prefix, meaning) { "id", DYNO_ID (prefix), DYNO_REQUIRED, (meaning) }

/* "GET", …; for HEAD the row is GET's. */
const char     *dyno_method_name         (DynoMethod       method);
gboolean        dyno_method_find         (const char      *name,
                                          DynoMethod      *method);

/* What a call is counted under: streams `stream`, open routes `open`, GET `read`, the
 * others `default`. */
DynoLimitClass  dyno_route_get_limit     (const DynoRoute *route);
/* Who is let go first when the house is full: live, stream, login, refresh are PROMPT;
 * analyze, heavy, upload HEAVY; the others ORDINARY. */
DynoPriority    dyno_route_get_priority  (const DynoRoute *route);
guint           dyno_route_status        (const DynoRoute *route);
gint64          dyno_route_deadline_us   (const DynoRoute *route); /* 0: none */
gboolean        dyno_route_has_if_match  (const DynoRoute *route);
gboolean        dyno_route_takes_key     (const DynoRoute *route); /* an Idempotency-Key */
gboolean        dyno_route_has_body      (const DynoRoute *route);

/* "getRunsById", a name for programs made from the document. (transfer full) */
char           *dyno_route_operation_id  (const DynoRoute *route);

/* What is wrong with a row in one sentence, NULL where nothing is: for the router,
 * which refuses to start with it, and the tests. (transfer full) */
char           *dyno_route_find_mistake  (const DynoRoute *route);

/* Holds the JSON of a reply against its row. */
void            dyno_route_check_reply   (const DynoRoute *route,
                                          const DynoJson  *json,
                                          DynoFlaws       *flaws);

G_END_DECLS
