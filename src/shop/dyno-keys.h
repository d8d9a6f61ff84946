/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-key-set.h"
#include "dyno-scope.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* API keys: made, changed, rotated, revoked, and what is learnt of their use. A key
 * (DynoKeyRecord, the store's) acts for its owner and holds what it was given, as far
 * as its owner holds it too. Its text is told once, when it is made.
 *
 * Each operation is the thread's asker's (dyno-asker.h): who has keys:manage may do
 * all of it, another person with keys:self what concerns his own keys; those of
 * others are NOT_FOUND. DENIED "authorization" where a permission is missing. */

typedef struct _DynoShop DynoShop;

#define DYNO_KEY_LONGEST_DAYS       366
#define DYNO_KEY_USUAL_PER_MINUTE   60
#define DYNO_KEY_USUAL_PER_DAY      10000
#define DYNO_KEY_LONGEST_OVERLAP_S  86400

/* All zero: a key that may do nothing. Copied. */
typedef struct
{
  const char        *name;
  DynoScopes         scopes;     /* none that the asker does not have */
  const char *const *cidrs;      /* (nullable) from where; NULL or empty: from anywhere */
  gint64             expires_ms; /* 0: after auth.key_days; at most 366 days from now */
  gboolean           is_endless; /* only the owner of the machine may say so */
  int                per_minute; /* 0: 60; 1 to 6 000 */
  int                per_day;    /* 0: 10 000; 1 to 1 000 000 */
  const char        *owner;      /* (nullable) id or e-mail of an account, or the name of a
                                  * service user, who is made; NULL: the asker, and for the
                                  * owner of the machine a service user of the key's name */
  DynoKeyOrigin      origin;     /* MADE or PAIRED */
} DynoKeyRequest;

/* What is to be different; a member counts where its bit is set. Copied. */
typedef enum
{
  DYNO_KEY_SET_NAME       = 1 << 0,
  DYNO_KEY_SET_SCOPES     = 1 << 1,
  DYNO_KEY_SET_CIDRS      = 1 << 2,
  DYNO_KEY_SET_EXPIRES    = 1 << 3,
  DYNO_KEY_SET_PER_MINUTE = 1 << 4,
  DYNO_KEY_SET_PER_DAY    = 1 << 5,
} DynoKeyMember;

typedef struct
{
  guint          members;
  int            revision; /* that was seen; another one now is CONFLICT "stale" */
  DynoKeyRequest to;
} DynoKeyChange;

typedef struct
{
  char          *text;   /* (owned) overwritten when it is freed */
  DynoKeyRecord *record; /* (owned) */
} DynoKeyMade;

void           dyno_key_made_free      (DynoKeyMade          *self);

/* The permissions that a key was given. */
DynoScopes     dyno_key_record_scopes  (const DynoKeyRecord  *record);

/* Reads the keys, takes those of API_KEYS and API_KEYS_FILE, watches the file, and
 * begins to count; to be called once, by who serves. The caller's context then sees
 * to the file, and every 30 s to the counts. INVALID "api_keys" names by its place an
 * entry that is too short, too long or has other characters than [!-~]. */
void           dyno_keys_start_async   (DynoShop             *shop,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean       dyno_keys_start_finish  (GAsyncResult         *result,
                                        GError              **error);

/* The keys as they are now (transfer full); before the start: none. An operation
 * below has replaced it before it answers, and tells DYNO_TOPIC_KEY. Any thread. */
DynoKeySet    *dyno_keys_ref_set       (DynoShop             *shop);

/* A request on a key, by the template of its route. Any thread, never blocks. */
void           dyno_keys_count         (DynoShop             *shop,
                                        const DynoPrincipal  *principal,
                                        const char           *route,
                                        GInetAddress         *address,
                                        gboolean              is_denied);

/* INVALID "validation" names what is wrong. */
void           dyno_keys_create_async  (DynoShop             *shop,
                                        const DynoKeyRequest *request,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
DynoKeyMade   *dyno_keys_create_finish (GAsyncResult         *result,
                                        GError              **error);

/* Newest first; `query` is taken over (limit 0: 50, most 201). Whoever may not
 * manage sees his own. (element-type DynoKeyRecord) */
void           dyno_keys_list_async    (DynoShop             *shop,
                                        DynoKeyQuery         *query,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GPtrArray     *dyno_keys_list_finish   (GAsyncResult         *result,
                                        GError              **error);

void           dyno_keys_get_async     (DynoShop             *shop,
                                        const char           *key_id,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
DynoKeyRecord *dyno_keys_get_finish    (GAsyncResult         *result,
                                        GError              **error);

/* Less is in force at once; more is never more than the asker has himself. */
void           dyno_keys_change_async  (DynoShop             *shop,
                                        const char           *key_id,
                                        const DynoKeyChange  *change,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
DynoKeyRecord *dyno_keys_change_finish (GAsyncResult         *result,
                                        GError              **error);

/* A new text on the same terms; the old one is good for so many seconds yet. */
void           dyno_keys_rotate_async  (DynoShop             *shop,
                                        const char           *key_id,
                                        guint                 overlap_s,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
DynoKeyMade   *dyno_keys_rotate_finish (GAsyncResult         *result,
                                        GError              **error);

void           dyno_keys_revoke_async  (DynoShop             *shop,
                                        const char           *key_id,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean       dyno_keys_revoke_finish (GAsyncResult         *result,
                                        GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoKeyMade, dyno_key_made_free)

G_END_DECLS
