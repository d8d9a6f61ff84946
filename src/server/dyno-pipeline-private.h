/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-request-private.h"

G_BEGIN_DECLS

/* The steps of our own, each in the file of its subject. FALSE: answered. */

/* dyno-pipeline-origin.c */
gboolean dyno_pipeline_check_refusal (DynoRequest *request); /* of the wire */
gboolean dyno_pipeline_check_host    (DynoRequest *request);
gboolean dyno_pipeline_check_origin  (DynoRequest *request);
gboolean dyno_pipeline_check_reader  (DynoRequest *request); /* the origin of a stream */

/* dyno-pipeline-route.c */
gboolean dyno_pipeline_read_path     (DynoRequest *request);
gboolean dyno_pipeline_find_route    (DynoRequest *request);
gboolean dyno_pipeline_check_access  (DynoRequest *request);

/* dyno-pipeline-headers.c */
gboolean dyno_pipeline_check_accept  (DynoRequest *request);
gboolean dyno_pipeline_check_type    (DynoRequest *request);
gboolean dyno_pipeline_check_version (DynoRequest *request); /* If-Match */
gboolean dyno_pipeline_check_key     (DynoRequest *request); /* Idempotency-Key */
gboolean dyno_pipeline_set_deadline  (DynoRequest *request);

/* dyno-pipeline-body.c */
gboolean dyno_pipeline_read_query    (DynoRequest *request);
gboolean dyno_pipeline_open_body     (DynoRequest *request); /* cap, file of an upload */
gboolean dyno_pipeline_read_body     (DynoRequest *request); /* when it has come */

G_END_DECLS
