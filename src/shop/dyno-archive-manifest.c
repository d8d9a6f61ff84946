/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* manifest.json, both ways; part of dyno-archive.h. */

#include "config.h"

#include "dyno-archive-private.h"

#include <string.h>

#include "dyno-clock.h"
#include "dyno-crypt.h"
#include "dyno-json.h"

static const char schema_family[] = "org.dynoai.archive/";

/* What a member is, by its place. */
static const char *
type_of (const char *name)
{
  static const struct
  {
    const char *folder;
    const char *type;
  } places[] = {
    { DYNO_ARCHIVE_SAMPLES, "samples" },
    { DYNO_ARCHIVE_SOURCE_FOLDER, "source" },
    { DYNO_ARCHIVE_JOURNAL_FOLDER, "journal" },
    { DYNO_ARCHIVE_TUNE_FOLDER, "pvv" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      if (g_str_has_prefix (name, places[i].folder))
        return places[i].type;
    }

  return "json";
}

static void
write_members (DynoJsonWriter  *w,
               const GPtrArray *members)
{
  dyno_json_writer_name (w, "members");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < members->len; i++)
    {
      const DynoArchiveMember *member = g_ptr_array_index (members, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "name", member->name);
      dyno_json_writer_add_integer (w, "bytes", (gint64) g_bytes_get_size (member->bytes));
      dyno_json_writer_add_string (w, "sha256", member->sha256);
      dyno_json_writer_add_string (w, "type", type_of (member->name));
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

char *
dyno_archive_manifest_text (const DynoArchive *self)
{
  g_autofree char *created
    = self->created_ms > 0 ? dyno_clock_format_utc (self->created_ms * 1000) : NULL;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "schema", DYNO_ARCHIVE_SCHEMA);
  dyno_json_writer_add_string (w, "created_at", created);
  dyno_json_writer_add_string (w, "program", self->program);
  dyno_json_writer_add_string (w, "run_id", self->run_id);
  dyno_json_writer_add_string (w, "shop_id", self->shop_id);
  dyno_json_writer_add_boolean (w, "redacted", self->is_redacted);
  write_members (w, self->members);
  dyno_json_writer_add_string (w, "chain_head", self->chain_head);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

/* Reading */

static gboolean
fail_member (char       **bad,
             GError     **error,
             const char  *reason,
             const char  *name,
             const char  *what)
{
  if (bad != NULL)
    *bad = g_strdup (name);

  return dyno_archive_fail (error, reason,
                            "The part %s of this archive %s. Ask for the file once more.", name,
                            what);
}

static gboolean
check_member (const DynoJson          *entry,
              const DynoArchiveMember *member,
              char                   **bad,
              GError                 **error)
{
  const char *sha256 = dyno_json_get_string (entry, "sha256");
  gint64 bytes = dyno_json_get_integer (entry, "bytes", -1);

  if (bytes != (gint64) g_bytes_get_size (member->bytes)
      || g_strcmp0 (sha256, member->sha256) != 0)
    return fail_member (bad, error, "archive_corrupt", member->name,
                        "is not what its list says");

  return TRUE;
}

/* Every entry has its member, every member its entry. */
static gboolean
check_members (const DynoArchive *self,
               const DynoJson    *list,
               char             **bad,
               GError           **error)
{
  g_autoptr(GHashTable) listed = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < dyno_json_n_elements (list); i++)
    {
      const DynoJson *entry = dyno_json_element (list, i);
      const char *name = dyno_json_get_string (entry, "name");
      const DynoArchiveMember *member = NULL;

      if (name == NULL || !dyno_archive_name_is_safe (name)
          || !g_hash_table_add (listed, (gpointer) name))
        return fail_member (bad, error, "archive_unsafe", DYNO_ARCHIVE_MANIFEST,
                            "names a part that it must not");
      member = dyno_archive_find (self, name);
      if (member == NULL)
        return fail_member (bad, error, "archive_incomplete", name, "is missing");
      if (!check_member (entry, member, bad, error))
        return FALSE;
    }
  for (guint i = 0; i < self->members->len; i++)
    {
      const DynoArchiveMember *member = g_ptr_array_index (self->members, i);

      if (!g_hash_table_contains (listed, member->name))
        return fail_member (bad, error, "archive_corrupt", member->name, "is not in its list");
    }

  return TRUE;
}

static gboolean
check_needed (const DynoArchive *self,
              char             **bad,
              GError           **error)
{
  static const char *const needed[] = { DYNO_ARCHIVE_RUN, DYNO_ARCHIVE_SAMPLES };

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    {
      if (dyno_archive_find (self, needed[i]) == NULL)
        return fail_member (bad, error, "archive_incomplete", needed[i], "is missing");
    }

  return TRUE;
}

static gboolean
check_schema (const DynoJson  *json,
              char           **bad,
              GError         **error)
{
  const char *schema = dyno_json_get_string (json, "schema");

  if (g_strcmp0 (schema, DYNO_ARCHIVE_SCHEMA) == 0)
    return TRUE;
  if (schema != NULL && g_str_has_prefix (schema, schema_family))
    return dyno_archive_fail (error, "archive_version",
                              "This archive was written by a newer DynoAI (%s). Update this one "
                              "and import it again.", schema);

  return fail_member (bad, error, "archive_corrupt", DYNO_ARCHIVE_MANIFEST,
                      "is no list of a run archive");
}

static gint64
read_time_ms (const char *text)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) moment = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return moment != NULL ? g_date_time_to_unix (moment) * 1000
                            + g_date_time_get_microsecond (moment) / 1000 : 0;
}

static void
take_facts (DynoArchive    *self,
            const DynoJson *json)
{
  g_free (self->program);
  self->program = g_strdup (dyno_json_get_string (json, "program"));
  self->run_id = g_strdup (dyno_json_get_string (json, "run_id"));
  self->shop_id = g_strdup (dyno_json_get_string (json, "shop_id"));
  self->chain_head = g_strdup (dyno_json_get_string (json, "chain_head"));
  self->is_redacted = dyno_json_get_boolean (json, "redacted", FALSE);
  self->created_ms = read_time_ms (dyno_json_get_string (json, "created_at"));
}

gboolean
dyno_archive_manifest_take (DynoArchive  *self,
                            GBytes       *manifest,
                            char        **bad,
                            GError      **error)
{
  gsize size;
  const char *text = g_bytes_get_data (manifest, &size);
  g_autoptr(DynoJson) json = size > 0 ? dyno_json_parse (text, (gssize) size, NULL) : NULL;

  if (json == NULL)
    return fail_member (bad, error, "archive_corrupt", DYNO_ARCHIVE_MANIFEST, "is no JSON");
  if (!check_schema (json, bad, error)
      || !check_members (self, dyno_json_member (json, "members"), bad, error)
      || !check_needed (self, bad, error))
    return FALSE;

  take_facts (self, json);
  if (self->run_id == NULL || !dyno_crypt_is_id (self->run_id, "run"))
    return fail_member (bad, error, "archive_corrupt", DYNO_ARCHIVE_MANIFEST, "names no run");

  return TRUE;
}
