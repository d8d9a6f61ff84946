/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-table.h"

G_BEGIN_DECLS

/* Power Vision tunes (formats.md B): XML of items, each a table with labels. Reading
 * notes where in the bytes each value stands, and writing replaces those values and
 * nothing else: read and written without a change, the file is the same to the byte.
 *
 * Refused are, all with line and column: pvv_not_pvv, pvv_malformed, pvv_ragged (a row
 * with more or fewer cells than columns), pvv_forbidden (DTD, processing instructions,
 * entities beyond the five) as INVALID; pvv_too_large as TOO_LARGE. Any thread. */

#define DYNO_PVV_MAX_BYTES (16 * 1024 * 1024)
#define DYNO_PVV_MAX_DEPTH 8
#define DYNO_PVV_MAX_ITEMS 4096
#define DYNO_PVV_MAX_CELLS 65536

typedef enum
{
  DYNO_PVV_TABLE,
  DYNO_PVV_SCALAR, /* one number, or nothing */
  DYNO_PVV_FLAG,   /* one number of unit 1=True, Switch or Option */
} DynoPvvKind;

/* Items of one name are told apart by their order. */
typedef struct
{
  guint       occurrence; /* 0: the first of its name */
  DynoPvvKind kind;
  gsize       begin;      /* of “<Item” in the file */
  gsize       end;        /* behind “</Item>” */
  DynoTable  *table;      /* (owned) name, unit, cells; its bytes are those of the item */
} DynoPvvItem;

typedef struct
{
  GBytes    *bytes; /* (owned) the whole file */
  GPtrArray *items; /* (owned) of DynoPvvItem, in their order */
  guint      n_comments;
} DynoPvv;

/* One item by itself, as the store keeps it. Speeds of RPMx1000 are in 1/min; kind and
 * side follow from the name. Texts of changed cells have the decimals that are most
 * found in the item (1…5), rounded half to even, trailing zeros cut. */
extern const DynoTableForm dyno_pvv_form;

/* Does it begin as a tune does? Blanks, an XML declaration and comments may stand
 * before <PVV. */
gboolean     dyno_pvv_is_pvv  (GBytes        *bytes);

/* (transfer full) */
DynoPvv     *dyno_pvv_parse   (GBytes        *bytes,
                               GError       **error);
void         dyno_pvv_free    (DynoPvv       *self);

/* By name; `occurrence` −1: there must be only one, else INVALID "pvv_ambiguous".
 * NOT_FOUND "pvv_item". (transfer none) */
DynoPvvItem *dyno_pvv_find    (const DynoPvv *self,
                               const char    *name,
                               int            occurrence,
                               GError       **error);

/* The file with other bytes for some items: `items` is one an item of the file, NULL as
 * it was. (transfer full) */
GBytes      *dyno_pvv_replace (const DynoPvv *self,
                               GBytes *const *items);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPvv, dyno_pvv_free)

G_END_DECLS
