/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-key-set.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char good[] = "dynoai_000000000000000000000000000000000000000000015DhIR";

static DynoKeySet *
make_set (const char *text)
{
  g_autoptr(GPtrArray) records
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_key_record_free);
  DynoKeyRecord *record = g_new0 (DynoKeyRecord, 1);

  dyno_crypt_sha256 (text, strlen (text), record->sha256);
  record->id = g_strdup ("key_1");
  record->user_id = g_strdup ("usr_1");
  record->owner_role = g_strdup ("tuner");
  record->scopes = g_strdup ("[\"runs:read\"]");
  record->cidrs = g_strdup ("[]");
  g_ptr_array_add (records, record);

  return dyno_key_set_new (records);
}

/* Whatever comes, only the one text lets in; codes and base64url that are taken are
 * written again as they were. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static DynoKeySet *set = NULL;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr(DynoPrincipal) principal = NULL;
  g_autoptr(GBytes) bytes = dyno_crypt_from_base64url ((const char *) data, size);
  g_autofree char *code = dyno_crypt_normal_code (text, DYNO_CODE_SHORT);

  if (set == NULL)
    {
      set = make_set (good);
      g_assert_true (dyno_crypt_is_token (good, DYNO_KEY_PREFIX));
    }
  principal = dyno_key_set_check (set, text, NULL, 0);
  g_assert_true (principal == NULL || g_str_equal (text, good));
  if (bytes != NULL)
    {
      g_autofree char *again = dyno_crypt_base64url (g_bytes_get_data (bytes, NULL),
                                                     g_bytes_get_size (bytes));

      g_assert_true (strlen (again) == size && memcmp (again, data, size) == 0);
    }
  if (code != NULL)
    {
      g_autofree char *same = dyno_crypt_normal_code (code, DYNO_CODE_SHORT);

      g_assert_cmpstr (same, ==, code);
    }

  return 0;
}
