/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-change-metadata.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"

/* The written form; part of dyno-change-metadata.h. */

#define SCHEMA "org.dynoai.change/1"
#define SELF_SUM "  \"self_sha256\": \""
#define BEHIND_SELF_SUM "  \"tables\": " /* the member that follows it by name */

static const char *const limit_names[DYNO_N_LIMITS] = { "high", "medium", "low" };

/* Writing */

static void
write_sums (DynoJsonWriter *w,
            const char     *name,
            const char     *bytes,
            const char     *content)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "bytes_sha256", bytes);
  dyno_json_writer_add_string (w, "content_sha256", content);
  dyno_json_writer_end_object (w);
}

static void
write_texts (DynoJsonWriter *w,
             const char     *name,
             GPtrArray      *texts)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < texts->len; i++)
    dyno_json_writer_string (w, texts->pdata[i]);
  dyno_json_writer_end_array (w);
}

static void
write_limits (DynoJsonWriter           *w,
              const DynoChangeMetadata *self)
{
  static const guint sorted[DYNO_N_LIMITS] = { DYNO_LIMIT_HIGH, DYNO_LIMIT_LOW,
                                               DYNO_LIMIT_MEDIUM };

  dyno_json_writer_name (w, "limits");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_N_LIMITS; i++)
    dyno_json_writer_add_number (w, limit_names[sorted[i]], self->limits[sorted[i]]);
  dyno_json_writer_end_object (w);
}

static void
write_overrides (DynoJsonWriter *w,
                 GPtrArray      *overrides)
{
  dyno_json_writer_name (w, "overrides");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < overrides->len; i++)
    {
      const DynoOverride *override = g_ptr_array_index (overrides, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "action",
                                   override->action == DYNO_OVERRIDE_SKIP ? "skip" : "allow");
      dyno_json_writer_name (w, "cell");
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_number (w, "map_kpa", override->load);
      dyno_json_writer_add_number (w, "rpm", override->rpm);
      dyno_json_writer_end_object (w);
      dyno_json_writer_add_string (w, "cylinder", dyno_table_side_name (override->side));
      dyno_json_writer_add_string (w, "reason", override->reason);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_edits (DynoJsonWriter        *w,
             const DynoChangeEdits *edits)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "cells");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < edits->edits->len; i++)
    {
      const DynoEdit *edit = &g_array_index (edits->edits, DynoEdit, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "after", edit->after);
      dyno_json_writer_add_string (w, "before", edit->before);
      dyno_json_writer_add_integer (w, "cell", edit->cell);
      dyno_json_writer_add_boolean (w, "padding", edit->is_padding);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_string (w, "cylinder", dyno_table_side_name (edits->side));
  dyno_json_writer_add_string (w, "name", edits->name);
  dyno_json_writer_add_integer (w, "occurrence", edits->occurrence);
  dyno_json_writer_end_object (w);
}

static void
write_base (DynoJsonWriter *w,
            GBytes         *base)
{
  g_autofree char *text = NULL;

  if (base == NULL)
    return;
  text = g_base64_encode (g_bytes_get_data (base, NULL), g_bytes_get_size (base));
  dyno_json_writer_add_string (w, "base_base64", text);
}

/* Members by name. */
static void
write_members (DynoJsonWriter           *w,
               const DynoChangeMetadata *self)
{
  dyno_json_writer_begin_object (w);
  write_sums (w, "after", self->bytes_after, self->content_after);
  dyno_json_writer_add_string (w, "applied_at", self->applied_at);
  write_base (w, self->base);
  write_sums (w, "before", self->bytes_before, self->content_before);
  dyno_json_writer_add_integer (w, "cells_changed", self->cells_changed);
  dyno_json_writer_add_integer (w, "cells_clamped", self->cells_clamped);
  dyno_json_writer_add_string (w, "change_id", self->change_id);
  dyno_json_writer_add_string (w, "comment", self->comment);
  dyno_json_writer_add_string (w, "cylinder", self->side == DYNO_TABLE_BOTH
                                                ? "both" : dyno_table_side_name (self->side));
  dyno_json_writer_add_string (w, "fingerprint", self->fingerprint);
  dyno_json_writer_add_string (w, "form", self->form);
  dyno_json_writer_add_string (w, "group", self->group);
  write_limits (w, self);
  dyno_json_writer_add_string (w, "math_version", self->math_version);
  dyno_json_writer_add_number (w, "max_abs_delta_pct", self->max_abs_delta_pct);
  dyno_json_writer_add_string (w, "operation", self->is_rollback ? "rollback" : "apply");
  write_overrides (w, self->overrides);
  dyno_json_writer_add_string (w, "preview_sha256", self->preview_sha256);
  dyno_json_writer_add_string (w, "result_id", self->result_id);
  if (self->rolled_back_at != NULL)
    dyno_json_writer_add_string (w, "rolled_back_at", self->rolled_back_at);
  dyno_json_writer_add_string (w, "schema", SCHEMA);
  write_texts (w, "table_ids", self->table_ids);
  dyno_json_writer_name (w, "tables");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->tables->len; i++)
    write_edits (w, self->tables->pdata[i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_string (w, "tool_version", self->tool_version);
  dyno_json_writer_add_string (w, "user", self->user);
  write_texts (w, "warnings", self->warnings);
  dyno_json_writer_end_object (w);
}

char *
dyno_change_metadata_to_json (const DynoChangeMetadata *self)
{
  DynoJsonWriter *w = dyno_json_writer_new (self->base != NULL);
  g_autofree char *text = NULL;
  g_autofree char *sum = NULL;
  GString *all;

  write_members (w, self);
  text = dyno_json_writer_finish (w);
  if (self->base == NULL)
    return g_steal_pointer (&text);

  all = g_string_new (text);
  if (all->str[all->len - 1] != '\n')
    g_string_append_c (all, '\n');
  sum = dyno_crypt_sha256_hex (all->str, all->len);
  {
    g_autofree char *line = g_strdup_printf (SELF_SUM "%s\",\n", sum);
    const char *behind = g_strstr_len (all->str, -1, "\n" BEHIND_SELF_SUM);

    g_string_insert (all, behind + 1 - all->str, line);
  }

  return g_string_free (all, FALSE);
}

/* Reading */

static gboolean
refuse (DynoAnalysisError **error,
        DynoAnalysisReason  reason,
        const char         *why)
{
  dyno_analysis_error_set (error, reason, "The file that describes the change %s.", why);

  return FALSE;
}

/* The sum that the text says of itself, and that of the text without that line. */
static gboolean
has_own_sum (const char         *text,
             gsize               length,
             DynoAnalysisError **error)
{
  const char *line = g_strstr_len (text, (gssize) length, "\n" SELF_SUM);
  const char *end
      = line != NULL ? memchr (line + 1, '\n', length - (gsize) (line + 1 - text)) : NULL;
  g_autoptr(DynoCryptSum) sum = NULL;
  g_autofree char *found = NULL;

  if (end == NULL)
    return refuse (error, DYNO_ANALYSIS_REFUSED, "lacks the sum of itself (self_sha256)");
  sum = dyno_crypt_sum_new ();
  dyno_crypt_sum_update (sum, text, (gsize) (line + 1 - text));
  dyno_crypt_sum_update (sum, end + 1, length - (gsize) (end + 1 - text));
  found = dyno_crypt_sum_hex (sum);
  line += 1 + strlen (SELF_SUM);
  if (end - line == DYNO_SHA256_SIZE * 2 + 2 && strncmp (line, found, DYNO_SHA256_SIZE * 2) == 0
      && strncmp (line + DYNO_SHA256_SIZE * 2, "\",", 2) == 0)
    return TRUE;

  return refuse (error, DYNO_ANALYSIS_REFUSED, "was changed: its SHA-256 is not the one it says");
}

static void
read_texts (const DynoJson *json,
            GPtrArray      *texts)
{
  for (guint i = 0; i < dyno_json_n_elements (json); i++)
    {
      const char *text = dyno_json_string (dyno_json_element (json, i));

      if (text != NULL)
        g_ptr_array_add (texts, g_strdup (text));
    }
}

static void
read_overrides (const DynoJson     *json,
                DynoChangeMetadata *self)
{
  for (guint i = 0; i < dyno_json_n_elements (json); i++)
    {
      const DynoJson *entry = dyno_json_element (json, i);
      const DynoJson *cell = dyno_json_member (entry, "cell");
      DynoOverride *override = g_new0 (DynoOverride, 1);

      override->rpm = dyno_json_get_number (cell, "rpm", NAN);
      override->load = dyno_json_get_number (cell, "map_kpa", NAN);
      override->action = g_strcmp0 (dyno_json_get_string (entry, "action"), "skip") == 0
                           ? DYNO_OVERRIDE_SKIP : DYNO_OVERRIDE_ALLOW;
      override->reason = g_strdup (dyno_json_get_string (entry, "reason"));
      dyno_table_side_find (dyno_json_get_string (entry, "cylinder"), &override->side);
      g_ptr_array_add (self->overrides, override);
    }
}

static void
read_edits (const DynoJson     *json,
            DynoChangeMetadata *self)
{
  const char *name = dyno_json_get_string (json, "name");
  const DynoJson *cells = dyno_json_member (json, "cells");
  DynoTableSide side = DYNO_TABLE_BOTH;
  DynoChangeEdits *edits;

  dyno_table_side_find (dyno_json_get_string (json, "cylinder"), &side);
  edits = dyno_change_metadata_add_table (
    self, name != NULL ? name : "", (guint) MAX (dyno_json_get_integer (json, "occurrence", 0), 0),
    side);
  for (guint i = 0; i < dyno_json_n_elements (cells); i++)
    {
      const DynoJson *cell = dyno_json_element (cells, i);
      DynoEdit edit = { .cell = (guint) CLAMP (dyno_json_get_integer (cell, "cell", G_MAXINT32), 0,
                                               G_MAXINT32),
                        .before = g_strdup (dyno_json_get_string (cell, "before")),
                        .after = g_strdup (dyno_json_get_string (cell, "after")),
                        .delta_pct = NAN,
                        .limit_pct = NAN,
                        .is_padding = dyno_json_get_boolean (cell, "padding", FALSE) };

      g_array_append_val (edits->edits, edit);
    }
}

static void
read_strings (const DynoJson     *json,
              DynoChangeMetadata *self)
{
  const DynoJson *before = dyno_json_member (json, "before");
  const DynoJson *after = dyno_json_member (json, "after");

  self->change_id = g_strdup (dyno_json_get_string (json, "change_id"));
  self->result_id = g_strdup (dyno_json_get_string (json, "result_id"));
  self->fingerprint = g_strdup (dyno_json_get_string (json, "fingerprint"));
  self->math_version = g_strdup (dyno_json_get_string (json, "math_version"));
  self->tool_version = g_strdup (dyno_json_get_string (json, "tool_version"));
  self->user = g_strdup (dyno_json_get_string (json, "user"));
  self->applied_at = g_strdup (dyno_json_get_string (json, "applied_at"));
  self->rolled_back_at = g_strdup (dyno_json_get_string (json, "rolled_back_at"));
  self->comment = g_strdup (dyno_json_get_string (json, "comment"));
  self->form = g_strdup (dyno_json_get_string (json, "form"));
  self->group = g_strdup (dyno_json_get_string (json, "group"));
  self->preview_sha256 = g_strdup (dyno_json_get_string (json, "preview_sha256"));
  self->bytes_before = g_strdup (dyno_json_get_string (before, "bytes_sha256"));
  self->content_before = g_strdup (dyno_json_get_string (before, "content_sha256"));
  self->bytes_after = g_strdup (dyno_json_get_string (after, "bytes_sha256"));
  self->content_after = g_strdup (dyno_json_get_string (after, "content_sha256"));
}

static void
read_members (const DynoJson     *json,
              DynoChangeMetadata *self)
{
  const DynoJson *limits = dyno_json_member (json, "limits");
  const DynoJson *tables = dyno_json_member (json, "tables");
  const char *base = dyno_json_get_string (json, "base_base64");

  read_strings (json, self);
  self->is_rollback = g_strcmp0 (dyno_json_get_string (json, "operation"), "rollback") == 0;
  self->cells_changed = (guint) dyno_json_get_integer (json, "cells_changed", 0);
  self->cells_clamped = (guint) dyno_json_get_integer (json, "cells_clamped", 0);
  self->max_abs_delta_pct = dyno_json_get_number (json, "max_abs_delta_pct", NAN);
  dyno_table_side_find (dyno_json_get_string (json, "cylinder"), &self->side);
  for (guint i = 0; i < DYNO_N_LIMITS; i++)
    self->limits[i] = dyno_json_get_number (limits, limit_names[i], NAN);
  read_overrides (dyno_json_member (json, "overrides"), self);
  read_texts (dyno_json_member (json, "warnings"), self->warnings);
  read_texts (dyno_json_member (json, "table_ids"), self->table_ids);
  for (guint i = 0; i < dyno_json_n_elements (tables); i++)
    read_edits (dyno_json_element (tables, i), self);
  if (base != NULL)
    {
      gsize size;
      guchar *data = g_base64_decode (base, &size);

      self->base = g_bytes_new_take (data, size);
    }
}

static gboolean
has_base_sum (const DynoChangeMetadata *self,
              DynoAnalysisError       **error)
{
  g_autofree char *sum = NULL;

  if (self->bytes_before == NULL || self->bytes_after == NULL)
    return refuse (error, DYNO_ANALYSIS_BAD_TABLE, "does not say what was before and after");
  if (self->base == NULL)
    return TRUE;
  sum = dyno_crypt_sha256_hex (g_bytes_get_data (self->base, NULL), g_bytes_get_size (self->base));
  if (g_str_equal (sum, self->bytes_before))
    return TRUE;

  return refuse (error, DYNO_ANALYSIS_REFUSED, "holds another base than it says");
}

/* Whatever holds a base must prove itself, also where a flipped bit made it no JSON. */
static gboolean
needs_own_sum (const char *text,
               gsize       length)
{
  return g_strstr_len (text, (gssize) length, "base_base64") != NULL
         || g_strstr_len (text, (gssize) length, "self_sha256") != NULL;
}

DynoChangeMetadata *
dyno_change_metadata_parse (GBytes             *bytes,
                            DynoAnalysisError **error)
{
  static const DynoJsonLimits limits = { 32, 4000000, 64 * 1024 * 1024 };
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr(DynoJson) json = NULL;
  g_autoptr(DynoChangeMetadata) self = NULL;

  if (length > 0 && needs_own_sum (text, length) && !has_own_sum (text, length, error))
    return NULL;
  if (length > 0)
    json = dyno_json_parse_limited (text, (gssize) length, &limits, NULL);
  if (g_strcmp0 (dyno_json_get_string (json, "schema"), SCHEMA) != 0)
    {
      refuse (error, DYNO_ANALYSIS_BAD_TABLE, "is no “" SCHEMA "”");
      return NULL;
    }
  self = dyno_change_metadata_new ();
  read_members (json, self);

  return has_base_sum (self, error) ? g_steal_pointer (&self) : NULL;
}
