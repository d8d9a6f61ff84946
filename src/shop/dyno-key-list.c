/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* API_KEYS and API_KEYS_FILE: entries of other programs become rows of a service
 * user, by their hashes; part of dyno-keys.h. */

#include "config.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-error.h"
#include "dyno-key-terms.h"
#include "dyno-keys-private.h"
#include "dyno-private-file.h"
#include "dyno-shop-private.h"

#define MOST_FILE_BYTES (256 * 1024)
#define OWNER_LABEL "API_KEYS"

typedef struct
{
  DynoKeyOrigin  origin;
  const char    *source;   /* "API_KEYS" */
  const char    *what;     /* of which a place is counted: "Entry", "Line" */
  const char    *parting;  /* characters between entries */
} ListKind;

static const ListKind environment_kind = { DYNO_KEY_ENVIRONMENT, "API_KEYS", "Entry", "," };
static const ListKind file_kind = { DYNO_KEY_FILE, "API_KEYS_FILE", "Line", "\n" };

static DynoKeyRecord *
make_record (const char     *text,
             const ListKind *kind,
             guint           place,
             const char     *owner_id,
             const char     *scopes)
{
  DynoKeyRecord *record = g_new0 (DynoKeyRecord, 1);

  dyno_key_sum (text, record->sha256);
  record->display = g_strdup_printf ("%.4s…%s", text, text + strlen (text) - 4);
  record->name = g_strdup_printf ("%s %u", kind->source, place);
  record->user_id = g_strdup (owner_id);
  record->origin = kind->origin;
  record->scopes = g_strdup (scopes);
  record->cidrs = g_strdup ("[]");
  record->per_minute = DYNO_KEY_USUAL_PER_MINUTE;
  record->per_day = DYNO_KEY_USUAL_PER_DAY;
  record->created_by = g_strdup ("local:owner");

  return record;
}

/* Says where, never what. */
static gboolean
check_entry (const char      *text,
             const ListKind  *kind,
             guint            place,
             GError         **error)
{
  guint8 sum[DYNO_KEY_HASH_SIZE];

  if (dyno_key_sum (text, sum))
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_INVALID, "api_keys",
                  "%s %u of %s is no usable key: it needs %d to %d printable characters without "
                  "blanks.", kind->what, place, kind->source, DYNO_KEY_LEAST, DYNO_KEY_MOST);

  return FALSE;
}

static void
wipe_texts (char **texts)
{
  for (char **text = texts; *text != NULL; text++)
    dyno_crypt_wipe (*text, strlen (*text));
  g_strfreev (texts);
}

/* Of DynoKeyRecord; NULL: an entry is wrong. */
static GPtrArray *
parse (const char      *content,
       const ListKind  *kind,
       const char      *owner_id,
       const char      *scopes,
       GError         **error)
{
  char **texts = g_strsplit_set (content, kind->parting, -1);
  g_autoptr(GPtrArray) records
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_key_record_free);
  gboolean is_good = TRUE;

  for (guint i = 0; texts[i] != NULL && is_good; i++)
    {
      const char *text = g_strstrip (texts[i]);

      if (*text == '\0' || *text == '#')
        continue;
      is_good = check_entry (text, kind, i + 1, error);
      if (is_good)
        g_ptr_array_add (records, make_record (text, kind, i + 1, owner_id, scopes));
    }
  wipe_texts (texts);

  return is_good ? g_steal_pointer (&records) : NULL;
}

static char *
find_owner (const DynoErrand  *errand,
            GError           **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_find_key_owner_async (store, OWNER_LABEL, NULL, dyno_await_cb, errand->await);

  return dyno_store_find_key_owner_finish (store, dyno_await_wait (errand->await), error);
}

static char *
find_scopes (const DynoErrand  *errand,
             GError           **error)
{
  g_autofree char *names = dyno_config_dup (errand->shop->config, "auth.keys_scopes");
  DynoScopes scopes;

  if (!dyno_scopes_parse (names, &scopes, error)
      || !dyno_keys_insist (scopes, dyno_role_scopes (DYNO_ROLE_SERVICE), error))
    return NULL;

  return dyno_key_terms_put_scopes (scopes);
}

static gboolean
take (const DynoErrand  *errand,
      const char        *content,
      const ListKind    *kind,
      const char        *owner_id,
      const char        *scopes,
      GError           **error)
{
  DynoStore *store = errand->shop->store;
  GPtrArray *records = parse (content, kind, owner_id, scopes, error);

  if (records == NULL)
    return FALSE;
  dyno_store_set_listed_keys_async (store, kind->origin, records, NULL, dyno_await_cb,
                                    errand->await);

  return dyno_store_set_listed_keys_finish (store, dyno_await_wait (errand->await), error);
}

/* The content of the file; none where none is named. */
static char *
read_file (const DynoErrand  *errand,
           GError           **error)
{
  g_autofree char *path = dyno_config_dup (errand->shop->config, "auth.keys_file");
  g_autoptr(GBytes) content = NULL;

  if (*path == '\0')
    return g_strdup ("");
  content = dyno_private_file_read (path, MOST_FILE_BYTES, error);
  if (content == NULL)
    return NULL;

  return g_strndup (g_bytes_get_data (content, NULL), g_bytes_get_size (content));
}

gboolean
dyno_keys_take_listed (const DynoErrand  *errand,
                       GError           **error)
{
  g_autofree char *scopes = find_scopes (errand, error);
  g_autofree char *owner_id = scopes != NULL ? find_owner (errand, error) : NULL;
  g_autofree char *listed = dyno_config_dup (errand->shop->config, "auth.keys");
  g_autofree char *content = owner_id != NULL ? read_file (errand, error) : NULL;
  gboolean is_good = content != NULL
                     && take (errand, listed, &environment_kind, owner_id, scopes, error)
                     && take (errand, content, &file_kind, owner_id, scopes, error);

  dyno_crypt_wipe (listed, strlen (listed));
  if (content != NULL)
    dyno_crypt_wipe (content, strlen (content));

  return is_good;
}
