/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-capture-state.h"
#include "dyno-mapping.h"

G_BEGIN_DECLS

/* All of a dyno's mapping at once, as the API shows it: what each canonical channel is bound
 * to, by names or by pins. Its signature stands for the provider's name in a path. */

typedef struct
{
  DynoChannel     canonical;
  int             source_id;   /* on the wire now; −1: not heard */
  char           *source_name; /* (owned) made unique within the dyno */
  const DynoUnit *unit;        /* of the wire */
  gboolean        is_pinned;
  double          confidence;  /* 0…1 */
  const char     *reason;      /* static: "pinned", "name", "prefix", "pattern" */
} DynoMappingLine;

typedef struct
{
  char      *signature; /* (owned) 16 hexadecimal digits */
  char      *provider;  /* (owned) */
  gboolean   is_heard;
  gint64     version;   /* of the pins: what they say; 1 or more */
  GPtrArray *lines;     /* (owned) of DynoMappingLine */
} DynoMappingCard;

/* What somebody wants: this source is that, or (not enabled) it is nothing. */
typedef struct
{
  DynoChannel  canonical;
  int          source_id;   /* −1: by name */
  char        *source_name; /* (owned) (nullable) as in a line, or as on the wire */
  gboolean     is_enabled;
} DynoMappingWish;

void             dyno_mapping_card_free    (DynoMappingCard     *self);
void             dyno_mapping_wish_free    (DynoMappingWish     *self);

/* Of a dyno that is heard, with no pins: what the names alone say. */
DynoMappingCard *dyno_mapping_card_new     (const DynoCaptureState *state,
                                            guint                   provider);

/* Of every dyno that is heard or was pinned. (element-type DynoMappingCard) */
void             dyno_mapping_cards_async  (DynoShop            *shop,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
GPtrArray       *dyno_mapping_cards_finish (GAsyncResult        *result,
                                            GError             **error);

/* NOT_FOUND. */
void             dyno_mapping_card_async   (DynoShop            *shop,
                                            const char          *signature,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
DynoMappingCard *dyno_mapping_card_finish  (GAsyncResult        *result,
                                            GError             **error);

/* These pins (taken over; element-type DynoMappingWish) and no others; none: back to the
 * names. In force at once. NOT_FOUND, CONFLICT "stale"; INVALID for a source that is not
 * there, or cannot be that. */
void             dyno_mapping_put_async    (DynoShop            *shop,
                                            const char          *signature,
                                            gint64               version,
                                            GPtrArray           *wishes,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
DynoMappingCard *dyno_mapping_put_finish   (GAsyncResult        *result,
                                            GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMappingCard, dyno_mapping_card_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMappingWish, dyno_mapping_wish_free)

G_END_DECLS
