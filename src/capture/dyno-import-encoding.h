/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The encoding of a text log (formats.md A.3), and its bytes as UTF-8. Digits,
 * delimiters and line ends are ASCII in the result whatever the source is.
 *
 * Bytes that the encoding does not know become U+FFFD and are counted. UTF-8 is
 * passed on as it stands: a byte that breaks it far down in a log makes one cell
 * unreadable, not the log. */

typedef enum
{
  DYNO_IMPORT_UTF_8,
  DYNO_IMPORT_UTF_16LE,
  DYNO_IMPORT_UTF_16BE,
  DYNO_IMPORT_WINDOWS_1252,
} DynoImportEncoding;

typedef struct
{
  DynoImportEncoding encoding;
  guint              bom_length;  /* bytes to leave out at the beginning */
  guint8             pending;     /* first half of a 16-bit unit */
  gboolean           has_pending; /* at the end of the log: an odd byte, dropped */
  guint              high;        /* first surrogate of a pair, or 0 */
  guint64            n_replaced;
} DynoImportDecoder;

/* "utf-8", "utf-16le", "utf-16be", "windows-1252" */
const char        *dyno_import_encoding_name    (DynoImportEncoding  encoding);

/* By byte order mark, by NUL bytes, by strict UTF-8. `is_all`: these bytes are
 * the whole log, so that a sequence cut at their end is an error. */
DynoImportEncoding dyno_import_encoding_detect  (const guint8       *bytes,
                                                 gsize               n,
                                                 gboolean            is_all,
                                                 guint              *bom_length);

/* Appends the next bytes of the log as UTF-8. */
void               dyno_import_decoder_append   (DynoImportDecoder  *self,
                                                 const guint8       *bytes,
                                                 gsize               n,
                                                 GString            *text);

/* TRUE when decoded text holds NUL or more than 5 % control characters in its
 * first 64 KiB: then it is no text. */
gboolean           dyno_import_text_is_binary   (const char         *text,
                                                 gsize               length);

G_END_DECLS
