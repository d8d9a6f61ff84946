/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-key-terms.h"

#include "dyno-error.h"
#include "dyno-json.h"

gboolean
dyno_key_terms_scopes (const char *json,
                       DynoScopes *scopes)
{
  g_autoptr(DynoJson) array = dyno_json_parse (json, -1, NULL);

  if (dyno_json_type (array) != DYNO_JSON_ARRAY)
    return FALSE;
  *scopes = 0;
  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    {
      DynoScope scope;

      if (!dyno_scope_find (dyno_json_string (dyno_json_element (array, i)), &scope))
        return FALSE;
      *scopes |= DYNO_SCOPE_BIT (scope);
    }

  return TRUE;
}

static char *
put_texts (const char *const *texts)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_array (w);
  for (; texts != NULL && *texts != NULL; texts++)
    dyno_json_writer_string (w, *texts);
  dyno_json_writer_end_array (w);

  return dyno_json_writer_finish (w);
}

char *
dyno_key_terms_put_scopes (DynoScopes scopes)
{
  g_auto(GStrv) names = dyno_scopes_names (scopes);

  return put_texts ((const char *const *) names);
}

static GInetAddressMask *
parse_mask (const char  *text,
            GError     **error)
{
  GInetAddressMask *mask = text != NULL ? g_inet_address_mask_new_from_string (text, NULL) : NULL;

  if (mask == NULL)
    dyno_error_set (error, DYNO_ERROR_INVALID, "cidr",
                    "“%s” is no range of addresses. Write one like 192.168.1.0/24 or fd00::/8.",
                    text != NULL ? text : "");

  return mask;
}

GPtrArray *
dyno_key_terms_masks (const char  *json,
                      GError     **error)
{
  g_autoptr(DynoJson) array = dyno_json_parse (json, -1, NULL);
  g_autoptr(GPtrArray) masks = g_ptr_array_new_with_free_func (g_object_unref);

  if (dyno_json_type (array) != DYNO_JSON_ARRAY)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "cidr", "This is no list of address ranges.");
      return NULL;
    }
  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    {
      GInetAddressMask *mask = parse_mask (dyno_json_string (dyno_json_element (array, i)), error);

      if (mask == NULL)
        return NULL;
      g_ptr_array_add (masks, mask);
    }

  return g_steal_pointer (&masks);
}

char *
dyno_key_terms_put_cidrs (const char *const  *cidrs,
                          GError            **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) texts = NULL;

  if (cidrs != NULL && g_strv_length ((char **) cidrs) > DYNO_KEY_MOST_CIDRS)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "cidr",
                      "A key may name %d ranges of addresses at most.", DYNO_KEY_MOST_CIDRS);
      return NULL;
    }
  for (; cidrs != NULL && *cidrs != NULL; cidrs++)
    {
      g_autoptr(GInetAddressMask) mask = parse_mask (*cidrs, error);
      g_autofree char *text = mask != NULL ? g_inet_address_mask_to_string (mask) : NULL;

      if (text == NULL)
        return NULL;
      g_strv_builder_add (builder, text);
    }
  texts = g_strv_builder_end (builder);

  return put_texts ((const char *const *) texts);
}
