/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-problem.h"
#include "dyno-request.h"

G_BEGIN_DECLS

/* Answers a request, once. Status, headers, conditions, compression and the error body
 * are made here and nowhere else; a handler says what it has.
 *
 *   DynoJsonWriter *w = dyno_json_writer_new (FALSE);
 *
 *   dyno_shape_vehicle (w, vehicle);
 *   dyno_reply_tag (request, vehicle->id, vehicle->version);
 *   dyno_reply_json (request, w);
 *
 * The status is the row's. `writer` is (transfer full) everywhere. Thread dyno-server. */

/* Before the answer: the ETag "<id>-<version>". A GET whose If-None-Match has it is then
 * answered 304. */
void            dyno_reply_tag        (DynoRequest        *request,
                                       const char         *id,
                                       gint64              version);
/* Before the answer: any tag, of static things ("<hash>"). */
void            dyno_reply_tag_text   (DynoRequest        *request,
                                       const char         *tag);
/* Before the answer, instead of the row's. */
void            dyno_reply_status     (DynoRequest        *request,
                                       guint               status);
void            dyno_reply_header     (DynoRequest        *request,
                                       const char         *name,
                                       const char         *value);

void            dyno_reply_json       (DynoRequest        *request,
                                       DynoJsonWriter     *writer);
/* 204, or the row's status without a body. */
void            dyno_reply_empty      (DynoRequest        *request);
/* 201 with Location: the path asked for and `id`. */
void            dyno_reply_created    (DynoRequest        *request,
                                       const char         *id,
                                       DynoJsonWriter     *writer);
/* 202 with Location: the job. Without a writer {"job_id","status":"queued"}. */
void            dyno_reply_job        (DynoRequest        *request,
                                       const char         *job_id,
                                       DynoJsonWriter     *writer); /* (nullable) */

/* A page: the items are written between the two, each one value. `next` is where the
 * next page begins, in words of whoever reads it (dyno_request_get_cursor ()); NULL after
 * the last. It travels sealed, so no client can make one. */
DynoJsonWriter *dyno_reply_page_begin (DynoRequest        *request);
void            dyno_reply_page_end   (DynoRequest        *request,
                                       DynoJsonWriter     *writer,
                                       const char         *next);

/* Other bytes. With a name they are an attachment of that name; a name is data, any
 * text. The stream is read piece by piece, as the client takes them. */
void            dyno_reply_bytes      (DynoRequest        *request,
                                       const char         *media,
                                       const char         *name,   /* (nullable) */
                                       GBytes             *bytes);
void            dyno_reply_stream     (DynoRequest        *request,
                                       const char         *media,
                                       const char         *name,   /* (nullable) */
                                       GInputStream       *stream);

/* The head alone, of a body that the caller sends himself through the message's body
 * (server-sent events); FALSE where nobody waits for it. It ends with
 * soup_message_body_complete () or with the client. */
gboolean        dyno_reply_open       (DynoRequest        *request,
                                       const char         *media);

/* What an operation failed with; a cancelled one too. */
void            dyno_reply_error      (DynoRequest        *request,
                                       const GError       *error);
/* What a handler or a step of the pipeline refuses. */
void            dyno_reply_problem    (DynoRequest        *request,
                                       const DynoProblem  *problem);
/* A code alone: "NOT_FOUND". */
void            dyno_reply_refuse     (DynoRequest        *request,
                                       const char         *code);

G_END_DECLS
