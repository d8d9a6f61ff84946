/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Settings of the shop and what was once decided about channels. */

typedef struct _DynoStore DynoStore;

typedef struct
{
  char  *key;
  char  *value;      /* JSON */
  gint64 updated_ms;
} DynoSetting;

typedef enum
{
  DYNO_MAPPING_RECORD_IMPORT, /* signature: dialect and hash of the header */
  DYNO_MAPPING_RECORD_LIVE,   /* signature: provider and hash of its channel set */
  DYNO_N_MAPPING_RECORD_KINDS
} DynoMappingRecordKind;

typedef struct
{
  DynoMappingRecordKind kind;
  char                 *signature;
  char                 *data;       /* JSON */
  gint64                updated_ms;
} DynoMappingRecord;

void       dyno_setting_free               (DynoSetting          *self);
void       dyno_mapping_record_free        (DynoMappingRecord    *self);

/* All settings by key. (element-type DynoSetting) */
void       dyno_store_list_settings_async  (DynoStore            *self,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
GPtrArray *dyno_store_list_settings_finish (DynoStore            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

/* Sets `n` keys, all or none; a NULL value removes the key. */
void       dyno_store_set_settings_async   (DynoStore            *self,
                                            gsize                 n,
                                            const char *const    *keys,
                                            const char *const    *values,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean   dyno_store_set_settings_finish  (DynoStore            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

/* The mappings of a kind, newest first. (element-type DynoMappingRecord) */
void       dyno_store_list_mappings_async  (DynoStore            *self,
                                            DynoMappingRecordKind kind,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
GPtrArray *dyno_store_list_mappings_finish (DynoStore            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

/* The mapping of a signature. NOT_FOUND where none is remembered. */
void       dyno_store_get_mapping_async    (DynoStore            *self,
                                            DynoMappingRecordKind kind,
                                            const char           *signature,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
DynoMappingRecord *
           dyno_store_get_mapping_finish      (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Remembers, or with `data` NULL forgets (forgetting nothing is no error). */
void       dyno_store_set_mapping_async    (DynoStore            *self,
                                            DynoMappingRecordKind kind,
                                            const char           *signature,
                                            const char           *data,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean   dyno_store_set_mapping_finish   (DynoStore            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSetting, dyno_setting_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMappingRecord, dyno_mapping_record_free)

G_END_DECLS
