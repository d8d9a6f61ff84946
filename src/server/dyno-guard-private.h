/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-guard.h"

G_BEGIN_DECLS

/* Of the files dyno-guard*.c. */

#define IN_SIZE  (DYNO_GUARD_MAX_HEAD + 64)
#define OUT_SIZE (DYNO_GUARD_MAX_HEAD + 256) /* a head and what is added to it, or a chunk */

/* Headers of which there may be one, as bits of what the head in hand had. */
typedef enum
{
  SEEN_HOST = 1 << 0,
  SEEN_LENGTH = 1 << 1,
  SEEN_ENCODING = 1 << 2,
  SEEN_ONCE = 1 << 3, /* and the bits above: the table of those that are passed on */
} SeenHeaders;

typedef enum
{
  LINE_EMPTY_ALLOWED, /* one empty line may stand before the request line */
  LINE_REQUEST,
  LINE_HEADER,
} LineKind;

typedef enum
{
  CHUNK_SIZE,      /* the first digit, then */
  CHUNK_SIZE_MORE, /* digits or CR */
  CHUNK_SIZE_LF,
  CHUNK_DATA,
  CHUNK_DATA_CR,
  CHUNK_DATA_LF,
  CHUNK_LAST_CR,
  CHUNK_LAST_LF,
  CHUNK_OVER,
} ChunkState;

struct _DynoGuard
{
  DynoGuardPhase     phase;
  const DynoRefusal *refusal; /* (nullable) */
  gboolean           is_body_open;
  gboolean           is_void;

  /* The head in hand. */
  const char *method;
  char        target[DYNO_GUARD_MAX_TARGET + 1];
  gsize       n_authority; /* of an absolute form: bytes at the start of `host` */
  char        authority[256];
  char        host[256];
  LineKind    line;
  gsize       line_start; /* offset in `in` */
  gsize       scanned;    /* offset in `in`: bytes before are lawful */
  guint       n_headers;
  guint       seen;
  gboolean    says_close;
  gboolean    expects_continue;

  /* The body in hand. */
  gint64      body_length; /* -1: chunks */
  guint64     cap;
  guint64     n_body;      /* bytes of it passed on */
  ChunkState  chunk;
  guint       n_digits;
  guint64     left;        /* of the chunk, or of the whole length */

  /* Read bytes: [in_start, in_end). A head begins at in_start. */
  gsize       in_start;
  gsize       in_end;
  gboolean    is_at_end; /* the client sends no more */
  gboolean    is_cut;    /* he left in the middle of a body */
  guint8      in[IN_SIZE];

  /* Staged bytes: [out_start, out_end), to be seen once `is_out_ready`. */
  gsize       out_start;
  gsize       out_end;
  gboolean    is_out_ready;
  guint8      out[OUT_SIZE];
};

/* dyno-guard.c */

void      dyno_guard_stage          (DynoGuard         *self,
                                     const void        *bytes,
                                     gsize              n);
void      dyno_guard_stage_text     (DynoGuard         *self,
                                     const char        *text);

/* dyno-guard-body.c */

/* Looks at what has come of the body, once it is open. */
void      dyno_guard_read_body      (DynoGuard         *self);
/* The last chunk: behind what is staged, whatever is missing. */
void      dyno_guard_end_body       (DynoGuard         *self);

/* dyno-guard-request.c, dyno-guard-head.c: a line without its CRLF; each byte of it is a
 * tab, or no control character. FALSE: `*reason` says why it is refused. */

gboolean  dyno_guard_judge_request  (DynoGuard         *self,
                                     const char        *line,
                                     gsize              length,
                                     DynoRefusalReason *reason);
gboolean  dyno_guard_judge_header   (DynoGuard         *self,
                                     const char        *line,
                                     gsize              length,
                                     DynoRefusalReason *reason);
/* The empty line: what must be there is, what must not be there together is not. Stages
 * the rest of the head. */
gboolean  dyno_guard_judge_head     (DynoGuard         *self,
                                     DynoRefusalReason *reason);

/* dyno-guard-piece.c: a piece of a line, not terminated. Letters count as alike. */

typedef struct
{
  const char *at;
  gsize       length;
} DynoPiece;

gboolean  dyno_piece_is             (DynoPiece          piece,
                                     const char        *text);
gboolean  dyno_piece_begins         (DynoPiece          piece,
                                     const char        *text);
/* RFC 9110, 5.6.2. */
gboolean  dyno_piece_is_token       (DynoPiece          piece);
/* Cuts `piece` before the first `separator`; what is behind it is the answer. Where there
 * is none nothing is cut, and `found` FALSE. */
DynoPiece dyno_piece_split          (DynoPiece         *piece,
                                     char               separator,
                                     gboolean          *found);
/* Without the blanks and tabs around it. */
DynoPiece dyno_piece_trim           (DynoPiece          piece);

G_END_DECLS
