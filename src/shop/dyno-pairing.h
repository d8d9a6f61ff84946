/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-principal.h"

G_BEGIN_DECLS

/* A tablet reads a code from the screen and gets a key, once somebody at the window has
 * said yes.
 *
 *   window  dyno_pairing_offer ()      a code, shown as QR: 5 min, one use, 5 tries
 *   server  dyno_pairing_redeem_async ()   the device brings the code and its name
 *   bus     DYNO_TOPIC_ACCESS, subject the request's id, detail "asked"
 *   window  dyno_pairing_list (), dyno_pairing_answer ()   within 60 s
 *   server  the answer: for whom a key is to be made
 *
 * Codes and requests are in memory alone: nothing of them outlives the program. Any
 * thread. */

typedef struct _DynoShop DynoShop;

#define DYNO_PAIRING_CODE_S    300
#define DYNO_PAIRING_TRIES     5
#define DYNO_PAIRING_CONFIRM_S 60

/* What the device will be allowed, chosen with the code; the window may choose again
 * when it answers. */
typedef struct
{
  DynoRole role;       /* viewer to admin: whose permissions the key gets, as far as keys may */
  gboolean is_page;    /* for the LAN page: live:read and runs:read only */
  gint64   expires_ms; /* of the key; 0: what a new key gets */
} DynoPairingTerms;

typedef struct
{
  char             *id;         /* pair_…: of the request */
  char             *name;       /* what the device calls itself */
  char             *address;    /* where it asks from */
  DynoPairingTerms  terms;      /* of its code */
  gint64            asked_ms;
} DynoPairingRequest;

void          dyno_pairing_request_free  (DynoPairingRequest     *self);

/* A new code, which takes the place of one that was not used. Only for the owner of
 * this machine: DENIED "CONSOLE_ONLY". INVALID "role". (transfer full) */
char         *dyno_pairing_offer         (DynoShop               *shop,
                                          DynoPrincipal          *asker,
                                          const DynoPairingTerms *terms,
                                          gint64                 *expires_ms,
                                          GError                **error);
/* The code serves no more; nothing where there is none. */
void          dyno_pairing_withdraw      (DynoShop               *shop);

/* "dynoai://pair?h=…&p=…&pin=…&c=…" and "https://…:…/m/#c=…" for QR codes. IPv6
 * addresses are put between brackets. (transfer full) */
char         *dyno_pairing_text          (const char             *host,
                                          guint16                 port,
                                          const char             *pin,
                                          const char             *code);
char         *dyno_pairing_page_text     (const char             *host,
                                          guint16                 port,
                                          const char             *code);

/* What wait for an answer, the oldest first. (element-type DynoPairingRequest) */
GPtrArray    *dyno_pairing_list          (DynoShop               *shop);
/* Yes, on these terms (NULL: no). NOT_FOUND: it has been answered, or is over. */
gboolean      dyno_pairing_answer        (DynoShop               *shop,
                                          DynoPrincipal          *asker,
                                          const char             *request_id,
                                          const DynoPairingTerms *terms,
                                          GError                **error);

/* What is to be made of it: a key of that service user. */
typedef struct
{
  char       *user_id;    /* usr_… with the device's name */
  char       *name;
  DynoRole    role;
  DynoScopes  scopes;
  gint64      expires_ms; /* 0: what a new key gets */
} DynoPairingGrant;

void              dyno_pairing_grant_free    (DynoPairingGrant    *self);

/* Waits for the person at the window. DENIED "code": wrong or over; DENIED
 * "pairing_refused": he said no; TIMED_OUT "pairing": nobody said anything. INVALID
 * "display_name". */
void              dyno_pairing_redeem_async  (DynoShop            *shop,
                                              const char          *code,
                                              const char          *name,
                                              const char          *address,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
DynoPairingGrant *dyno_pairing_redeem_finish (GAsyncResult        *result,
                                              GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPairingGrant, dyno_pairing_grant_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPairingRequest, dyno_pairing_request_free)

G_END_DECLS
