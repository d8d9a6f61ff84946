/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-multipart.h"
#include "dyno-request.h"

G_BEGIN_DECLS

/* The inside of a request, for the files of this room that make and answer it:
 * dyno-request*.c, dyno-reply*.c, dyno-pipeline*.c. */

struct _DynoRequest
{
  grefcount          ref_count;
  const DynoService *service;     /* (borrowed) */
  SoupServerMessage *message;     /* (owned) not to be touched once `is_over` */
  DynoConnection    *connection;  /* (owned) */
  const char        *method;      /* interned */
  DynoPath          *path;        /* (owned) (nullable) until it was read */
  DynoMatch         *match;       /* (owned) (nullable) until it was found */
  GHashTable        *query;       /* (owned) (nullable) name to text, decoded, NFC */
  DynoJson          *body;        /* (owned) (nullable) */
  GBytes            *bytes;       /* (owned) (nullable) the body as it came, no upload's */
  DynoUpload        *upload;      /* (owned) (nullable) */
  DynoMultipart     *multipart;   /* (owned) (nullable) the reader of an upload that is a form */
  GError            *upload_error; /* (owned) (nullable) why it could not be kept */
  char              *cursor;      /* (owned) (nullable) opened */
  gint64             version;     /* of If-Match */
  DynoPrincipal     *principal;   /* (owned) (nullable) */
  DynoAsker         *asker;       /* (owned) (nullable) until it is asked for */
  GInetAddress      *peer;        /* (owned) (nullable) where it is not the connection's */
  GCancellable      *cancellable; /* (owned) */
  char              *correlation; /* (owned) */
  gint64             started_us;
  gint64             deadline_us; /* 0: none */
  GSource           *deadline;    /* (owned) (nullable) */
  GHashTable        *data;        /* (owned) key to Datum */

  char              *tag;         /* (owned) (nullable) with its quotes */
  char              *media;       /* (owned) (nullable) of the reply */
  guint              wanted;      /* status that a handler set; 0: the row's */
  guint              status;      /* that was sent; 0: none yet */
  const char        *code;        /* (nullable) static, of the error body that was sent */
  gboolean           is_paused;
  gboolean           is_over;     /* the client is gone, or has its reply */
};

/* Under that name a message has its request, from its head to its end. */
#define DYNO_REQUEST_OF_MESSAGE "dyno-request"

DynoRequest *dyno_request_new         (const DynoService *service,
                                       SoupServerMessage *message,
                                       DynoConnection    *connection);

/* The fields that DYNO_ROUTE_PAGE adds to a query. */
extern const DynoField dyno_page_fields[];

/* What a cursor of this request is sealed with: the row and its filters. (transfer full) */
char        *dyno_request_filter      (DynoRequest       *self);

/* dyno-reply-send.c: the one way out. `body` (nullable), FALSE where it is answered
 * already. */
gboolean     dyno_reply_send          (DynoRequest       *self,
                                       guint              status,
                                       const char        *media,
                                       GBytes            *body);
/* The head alone, for a body that follows by itself. FALSE as above. */
gboolean     dyno_reply_send_head     (DynoRequest       *self,
                                       guint              status,
                                       const char        *media);
void         dyno_reply_go            (DynoRequest       *self);

/* Whether `name` is among the values of an Accept… header (quality above 0). */
gboolean     dyno_request_accepts     (DynoRequest       *self,
                                       const char        *header,
                                       const char        *name);

G_END_DECLS
