/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* API keys: their hashes, whom they act for, and how they were used. What a key may
 * do is decided above. */

typedef struct _DynoStore DynoStore;

#define DYNO_KEY_HASH_SIZE 32

typedef enum
{
  DYNO_KEY_MADE,        /* by a person */
  DYNO_KEY_PAIRED,      /* of a device */
  DYNO_KEY_ENVIRONMENT, /* named in API_KEYS */
  DYNO_KEY_FILE,        /* named in API_KEYS_FILE */
  DYNO_N_KEY_ORIGINS
} DynoKeyOrigin;

typedef struct
{
  char         *id;            /* key_…; given by the store where it is NULL */
  guint8        sha256[DYNO_KEY_HASH_SIZE];
  char         *display;       /* first and last four characters */
  char         *name;
  char         *user_id;       /* whom it acts for */
  DynoKeyOrigin origin;
  char         *scopes;        /* a JSON array of names */
  char         *cidrs;         /* a JSON array */
  int           per_minute;
  int           per_day;
  gint64        created_ms;    /* given by the store */
  char         *created_by;
  gint64        updated_ms;    /* given by the store */
  gint64        expires_ms;    /* 0: never */
  gint64        revoked_ms;    /* 0: not */
  char         *revoked_by;    /* (nullable) */
  char         *replaced_by;   /* (nullable) id of the one that came by rotation */
  gint64        warned_ms;     /* 0: nobody was told yet that it ends soon */
  gint64        last_used_ms;  /* 0: never */
  char         *last_ip;       /* (nullable) */
  gint64        n_requests;
  gint64        n_denied;
  int           revision;      /* 1, 2, 3, … */
  char         *owner_role;    /* answered: of the user, now */
  char         *owner_status;  /* answered */
  char         *owner_name;    /* answered */
  char         *owner_email;   /* answered (nullable) */
} DynoKeyRecord;

typedef struct
{
  char  *user_id;    /* (nullable) */
  char  *state;      /* (nullable) "active", "expired", "revoked" */
  gint64 before_ms;  /* 0: from the newest; else the page after that moment and id */
  char  *before_id;  /* (nullable) */
  guint  limit;
} DynoKeyQuery;

/* What came in on a key since the last time. */
typedef struct
{
  char  *key_id;
  gint64 hour_ms;      /* begin of the hour */
  char  *route;
  gint64 n_requests;   /* the denied ones with them */
  gint64 n_denied;
  gint64 last_used_ms;
  char  *last_ip;      /* (nullable) */
} DynoKeyUsage;

/* A network (a /24 or /64) that a key has come from. */
typedef struct
{
  char *key_id;
  char *network;
} DynoKeyNetwork;

void           dyno_key_record_free              (DynoKeyRecord       *self);
void           dyno_key_query_free               (DynoKeyQuery        *self);
void           dyno_key_usage_free               (DynoKeyUsage        *self);
void           dyno_key_network_free             (DynoKeyNetwork      *self);
const char    *dyno_key_origin_name              (DynoKeyOrigin        origin);

/* The account of that id or e-mail address, else the service user of that name, who
 * is made where there is none; the answer is an id. CONFLICT "owner" for an account
 * that is not active. */
void           dyno_store_find_key_owner_async   (DynoStore           *self,
                                                  const char          *who,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
char          *dyno_store_find_key_owner_finish  (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* Keeps a key (taken over) and answers it as it stands. */
void           dyno_store_add_key_async          (DynoStore           *self,
                                                  DynoKeyRecord       *key,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoKeyRecord *dyno_store_add_key_finish         (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* NOT_FOUND. */
void           dyno_store_get_key_async          (DynoStore           *self,
                                                  const char          *key_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoKeyRecord *dyno_store_get_key_finish         (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* Newest first; `query` is taken over. (element-type DynoKeyRecord) */
void           dyno_store_list_keys_async        (DynoStore           *self,
                                                  DynoKeyQuery        *query,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray     *dyno_store_list_keys_finish       (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* All that would let somebody in now: not revoked, not expired, of an active user.
 * (element-type DynoKeyRecord) */
void           dyno_store_list_live_keys_async   (DynoStore           *self,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray     *dyno_store_list_live_keys_finish  (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* Sets name, scopes, cidrs, numbers and expiry of the key with that id, whose
 * revision must be the record's (taken over); answers it as it stands. NOT_FOUND,
 * also when it was revoked; CONFLICT "stale". */
void           dyno_store_edit_key_async         (DynoStore           *self,
                                                  DynoKeyRecord       *key,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoKeyRecord *dyno_store_edit_key_finish        (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* Keeps `next` (taken over) and ends the key before it: at `until_ms`, or at once
 * where that is not after now. Answers the new one. NOT_FOUND as above. */
void           dyno_store_rotate_key_async       (DynoStore           *self,
                                                  const char          *key_id,
                                                  DynoKeyRecord       *next,
                                                  gint64               until_ms,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoKeyRecord *dyno_store_rotate_key_finish      (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* NOT_FOUND; one that was revoked before stays as it was. */
void           dyno_store_revoke_key_async       (DynoStore           *self,
                                                  const char          *key_id,
                                                  const char          *revoked_by,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
gboolean       dyno_store_revoke_key_finish      (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* The keys of an origin are these (taken over; element-type DynoKeyRecord) and no
 * others: what is missing is revoked by `origin`, what was so revoked and is back
 * lives again. One that a person has revoked stays so. */
void           dyno_store_set_listed_keys_async  (DynoStore           *self,
                                                  DynoKeyOrigin        origin,
                                                  GPtrArray           *keys,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
gboolean       dyno_store_set_listed_keys_finish (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* Adds what came in (both taken over; element-type DynoKeyUsage, DynoKeyNetwork) and
 * forgets hours from before `oldest_ms`. Keys that are gone are skipped. */
void           dyno_store_add_key_usage_async    (DynoStore           *self,
                                                  GPtrArray           *usage,
                                                  GPtrArray           *networks,
                                                  gint64               oldest_ms,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
gboolean       dyno_store_add_key_usage_finish   (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* Everything that was kept of a key's hours, oldest first. (element-type
 * DynoKeyUsage) */
void           dyno_store_list_key_usage_async   (DynoStore           *self,
                                                  const char          *key_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray     *dyno_store_list_key_usage_finish  (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* (element-type DynoKeyNetwork) */
void           dyno_store_list_key_networks_async  (DynoStore           *self,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
GPtrArray     *dyno_store_list_key_networks_finish (DynoStore           *self,
                                                    GAsyncResult        *result,
                                                    GError             **error);

/* Keys that end before `before_ms` and of which nobody was told: from now on
 * somebody was. (element-type DynoKeyRecord) */
void           dyno_store_warn_keys_async        (DynoStore           *self,
                                                  gint64               before_ms,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray     *dyno_store_warn_keys_finish       (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoKeyRecord, dyno_key_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoKeyQuery, dyno_key_query_free)

G_END_DECLS
