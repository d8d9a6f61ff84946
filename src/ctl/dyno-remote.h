/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* The process that holds the data folder, asked through its admin socket as the owner
 * of the machine (service.md 1.2). Paths stand below /api/v1. A refusal is an error of
 * the kind that its status means (cli.md), with the sentence that came; where nobody
 * answers it is UNAVAILABLE. Main thread; each call waits, and Ctrl-C ends it. */

/* TRUE: another process holds the data folder and has a socket, which is asked from now
 * on. */
gboolean   dyno_remote_find     (DynoCtl        *ctl);
/* This call goes that way. */
gboolean   dyno_remote_is_on    (DynoCtl        *ctl);

/* One request; all but the first two may be NULL. */
typedef struct
{
  const char     *method;
  const char     *path;         /* "/runs?limit=5" */
  const DynoJson *seen;         /* what was read before, with its id and version: If-Match */
  const char     *tag;          /* the same as it came, of what has no id */
  const char     *content_type; /* of `body`; NULL: JSON */
  GBytes         *body;
  gboolean        is_once;      /* with an Idempotency-Key: it has its effect one time */
} DynoRemoteRequest;

/* The body of the answer. (transfer full) */
GBytes    *dyno_remote_send     (DynoCtl                 *ctl,
                                 const DynoRemoteRequest *request,
                                 GError                 **error);
/* The same as a document; null where the answer has no body. (transfer full) */
DynoJson  *dyno_remote_ask      (DynoCtl                 *ctl,
                                 const DynoRemoteRequest *request,
                                 GError                 **error);
DynoJson  *dyno_remote_get      (DynoCtl        *ctl,
                                 const char     *path,
                                 GError        **error);
/* With its ETag (transfer full) (nullable). */
DynoJson  *dyno_remote_get_tagged (DynoCtl      *ctl,
                                 const char     *path,
                                 char          **tag,
                                 GError        **error);
/* `body` (nullable) is finished and freed. `seen` (nullable) as above. */
DynoJson  *dyno_remote_tell     (DynoCtl        *ctl,
                                 const char     *method,
                                 const char     *path,
                                 const DynoJson *seen,
                                 DynoJsonWriter *body,
                                 GError        **error);

/* At most `limit` items of a list, page after page. (element-type DynoJson) */
GPtrArray *dyno_remote_list     (DynoCtl        *ctl,
                                 const char     *path,
                                 guint           limit,
                                 GError        **error);
/* The elements of an array of `object`, each as a document. (element-type DynoJson) */
GPtrArray *dyno_remote_elements (const DynoJson *object,
                                 const char     *name);
/* Waits for the job that `started` names as "job_id" and answers it as it ended; one
 * that failed is its error. Ctrl-C cancels the job. */
DynoJson  *dyno_remote_wait_job (DynoCtl        *ctl,
                                 const DynoJson *started,
                                 GError        **error);

/* "/runs?" and then a parameter at a time; NULL adds none. */
void       dyno_remote_add      (GString        *path,
                                 const char     *name,
                                 const char     *value);
void       dyno_remote_add_number (GString      *path,
                                 const char     *name,
                                 gint64          value);
/* "/runs/<id>", with the id escaped. (transfer full) */
char      *dyno_remote_path     (const char     *noun,
                                 const char     *id,
                                 const char     *rest);

G_END_DECLS
