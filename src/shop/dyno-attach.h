/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Files inside a PDF (formats.md C.7; ISO 32000-1, 7.11.4; ISO 32000-2, 7.11.4.2):
 * one incremental update behind what cairo wrote. Pure, any thread. */

/* What the file is to the document. */
#define DYNO_ATTACH_SOURCE "Source"
#define DYNO_ATTACH_DATA "Data"

typedef struct
{
  const char *name;         /* "run_….dynorun" */
  const char *description;  /* for people */
  const char *relationship; /* DYNO_ATTACH_… */
  GBytes     *bytes;
} DynoAttachment;

/* The document with its language and, for n > 0, the files; `time_ms` (UTC) is their
 * date. The bytes of `pdf` stay as they are, in front. INTERNAL for a document that
 * is not of cairo's making. (transfer full) */
GBytes *dyno_attach_add  (GBytes                *pdf,
                          const char            *language, /* "en" */
                          const DynoAttachment  *files,
                          guint                  n,
                          gint64                 time_ms,
                          GError               **error);

/* The first file of that relationship, unpacked. INVALID "import_format_unsupported"
 * without one, CORRUPT "archive_corrupt" where its sum is not right, TOO_LARGE beyond
 * `max_size`. (transfer full) */
GBytes *dyno_attach_take (GBytes                *pdf,
                          const char            *relationship,
                          gsize                  max_size,
                          GError               **error);

/* Every byte is as it was written: the trailer holds the SHA-256 of the file in which
 * that sum itself is noughts. It finds damage and careless hands, not forgers. CORRUPT
 * "pdf_changed"; INVALID "import_format_unsupported" for a PDF without a sum. */
gboolean dyno_attach_verify (GBytes                *pdf,
                             GError               **error);

G_END_DECLS
