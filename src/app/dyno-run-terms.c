/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-terms.h"

#include <glib/gi18n.h>
#include <string.h>

static const struct
{
  const char *key; /* with its colon */
  const char *takes;
} helps[] = {
  { "tag:", N_ ("“tag:” takes a tag, as in tag:stage2.") },
  { "customer:", N_ ("“customer:” takes the beginning of a name, as in customer:anna.") },
  { "vehicle:", N_ ("“vehicle:” takes the beginning of a name, as in vehicle:fxdls.") },
  { "source:", N_ ("“source:” takes capture, upload, simulator, jetstream or watch.") },
  { "state:", N_ ("“state:” takes complete, incomplete, processing, pending or error.") },
  { "after:", N_ ("“after:” takes a date: 2026-03-14, 2026-03 or 2026.") },
  { "before:", N_ ("“before:” takes a date: 2026-03-14, 2026-03 or 2026.") },
  { "is:", N_ ("“is:” takes star or incomplete.") },
};

char *
dyno_run_terms_help (const char *term)
{
  const char *colon = strchr (term, ':');
  g_autofree char *key = NULL;

  if (*term == '<' || *term == '>')
    return g_strdup_printf (_ ("“%s” is no limit: write a number with kW, hp, PS or afr, as in "
                               ">80kW or <13.0afr."),
                            term);
  if (colon == NULL)
    return g_strdup_printf (_ ("“%s” is not understood."), term);

  key = g_ascii_strdown (term, colon - term + 1);
  for (gsize i = 0; i < G_N_ELEMENTS (helps); i++)
    {
      if (g_str_equal (key, helps[i].key))
        return g_strdup (_ (helps[i].takes));
    }

  return g_strdup_printf (_ ("Nothing is called “%s”. There are tag: customer: vehicle: source: "
                             "state: after: before: is: and limits as in >80kW."),
                          key);
}

/* "after:" of "after:2026", else the term itself. */
static char *
key_of (const char *term)
{
  const char *colon = strchr (term, ':');

  return colon != NULL ? g_strndup (term, (gsize) (colon - term) + 1) : g_strdup (term);
}

static gboolean
is_one_of_a_kind (const char *term)
{
  return g_str_has_prefix (term, "after:") || g_str_has_prefix (term, "before:");
}

gboolean
dyno_run_terms_has (const char *text,
                    const char *term)
{
  g_auto(GStrv) pieces = g_strsplit (text, " ", -1);

  return g_strv_contains ((const char *const *) pieces, term);
}

char *
dyno_run_terms_toggle (const char *text,
                       const char *term)
{
  g_auto(GStrv) pieces = g_strsplit (text, " ", -1);
  g_autofree char *key = key_of (term);
  gboolean was_there = dyno_run_terms_has (text, term);
  GString *all = g_string_new (NULL);

  for (guint i = 0; pieces[i] != NULL; i++)
    {
      gboolean gives_way = is_one_of_a_kind (term) && g_str_has_prefix (pieces[i], key);

      if (*pieces[i] != '\0' && !g_str_equal (pieces[i], term) && !gives_way)
        g_string_append_printf (all, "%s%s", all->len > 0 ? " " : "", pieces[i]);
    }
  if (!was_there)
    g_string_append_printf (all, "%s%s", all->len > 0 ? " " : "", term);

  return g_string_free (all, FALSE);
}

char *
dyno_run_terms_since (gint64 now_ms,
                      int    days)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local (now_ms / 1000);
  g_autoptr(GDateTime) then = now != NULL ? g_date_time_add_days (now, -days) : NULL;

  return then != NULL ? g_date_time_format (then, "after:%Y-%m-%d") : g_strdup ("after:1970");
}

PangoAttrList *
dyno_run_terms_underline (const char *text,
                          GPtrArray  *unknown)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  for (guint i = 0; i < unknown->len; i++)
    {
      const char *term = g_ptr_array_index (unknown, i);
      const char *at = strstr (text, term);
      PangoAttribute *attribute;

      if (at == NULL)
        continue;
      attribute = pango_attr_underline_new (PANGO_UNDERLINE_ERROR);
      attribute->start_index = (guint) (at - text);
      attribute->end_index = attribute->start_index + (guint) strlen (term);
      pango_attr_list_insert (attributes, attribute);
    }

  return attributes;
}
