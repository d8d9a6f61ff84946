/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The head of a MegaLogViewer binary log (formats.md A.9): what its fields are and
 * where its blocks begin. Pure; any thread. Numbers in the file are big-endian,
 * strings Windows-1252; here they are UTF-8. */

#define DYNO_MLG_MAGIC_SIZE 6
#define DYNO_MLG_MAX_HEAD (64 * 1024 * 1024) /* text and tunes between fields and blocks */

typedef enum
{
  DYNO_MLG_U8,
  DYNO_MLG_S8,
  DYNO_MLG_U16,
  DYNO_MLG_S16,
  DYNO_MLG_U32,
  DYNO_MLG_S32,
  DYNO_MLG_S64,
  DYNO_MLG_F32,
  DYNO_N_MLG_TYPES,
} DynoMlgType;

/* How MegaLogViewer shows the numbers; they are the same numbers. */
typedef enum
{
  DYNO_MLG_FLOAT,
  DYNO_MLG_HEX,
  DYNO_MLG_BITS,
  DYNO_MLG_DATE,
  DYNO_MLG_ON_OFF,
  DYNO_MLG_YES_NO,
  DYNO_MLG_HIGH_LOW,
  DYNO_MLG_ACTIVE_INACTIVE,
  DYNO_MLG_TRUE_FALSE,
  DYNO_N_MLG_STYLES,
} DynoMlgStyle;

/* value = (raw + transform) · scale */
typedef struct
{
  char        *name;      /* (owned) trimmed, perhaps "" */
  char        *unit;      /* (owned) trimmed, perhaps "" */
  char        *category;  /* (owned) "" in version 1 */
  DynoMlgType  type;
  guint        style;     /* a DynoMlgStyle, or an unknown number */
  double       scale;     /* of bit fields: 1 */
  double       transform; /* of bit fields: 0 */
  int          digits;
  guint        offset;    /* of the raw number in a record, bytes */
  guint        size;
  gboolean     is_bits;
  guint        bit_style; /* of each bit, like style */
  char       **bit_names; /* (owned) (nullable) from bit 0 on */
} DynoMlgField;

/* A file inside the log, a tune for instance. */
typedef struct
{
  char  *name;   /* (owned) */
  char  *type;   /* (owned) "msq"; "" where the log does not say */
  gsize  offset; /* in the log */
  gsize  size;   /* of what is there */
  gsize  wanted; /* size that the log names; larger: the attachment is cut */
} DynoMlgAttachment;

typedef struct
{
  guint         version;       /* 1 or 2 */
  guint32       unix_s;        /* when the log was begun; 0: not known */
  gsize         info_start;
  gsize         data_start;    /* of the first block */
  guint         record_length; /* bytes of numbers in a record */
  guint         n_fields;
  DynoMlgField *fields;        /* (owned) */
  char         *info;          /* (owned) lines of text, attachments apart */
  GArray       *attachments;   /* (owned) of DynoMlgAttachment */
} DynoMlg;

gboolean  dyno_mlg_is_magic (const guint8  *bytes,
                             gsize          n);

/* Bytes of the head, so that so many can be read; 0 when `n` bytes do not tell yet
 * (28 do). */
gsize     dyno_mlg_head_size (const guint8 *bytes,
                              gsize         n);

/* `bytes` is the whole head, or the whole file where that is shorter. NULL with
 * DYNO_ERROR_INVALID and the reason import_version, import_corrupt or import_limit. */
DynoMlg  *dyno_mlg_parse    (const guint8  *bytes,
                             gsize          n,
                             GError       **error);
void      dyno_mlg_free     (DynoMlg       *self);

/* "On/Off"; NULL for a style without words of its own. */
const char *dyno_mlg_style_words (guint     style);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMlg, dyno_mlg_free)

G_END_DECLS
