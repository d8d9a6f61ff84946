/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-openapi.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-openapi-private.h"

struct _DynoOpenapi
{
  GBytes *document; /* (owned) */
  char   *hash;     /* (owned) */
};

/* Paths in the order of the tables, each with all its operations. */
typedef struct
{
  GPtrArray  *paths;      /* (owned) text, static */
  GHashTable *operations; /* (owned) path to array of DynoOperationId */
} PathBook;

static void
path_book_add (PathBook        *self,
               DynoOperationId  operation)
{
  GArray *all = g_hash_table_lookup (self->operations, operation.path);

  if (all == NULL)
    {
      all = g_array_new (FALSE, FALSE, sizeof (DynoOperationId));
      g_hash_table_insert (self->operations, (gpointer) operation.path, all);
      g_ptr_array_add (self->paths, (gpointer) operation.path);
    }
  g_array_append_val (all, operation);
}

static void
path_book_add_route (PathBook             *self,
                     const DynoRouteTable *table,
                     const DynoRoute      *route)
{
  path_book_add (self, (DynoOperationId) { table, route, route->path, 0 });
  for (guint n = 0; route->aliases != NULL && route->aliases[n] != NULL; n++)
    path_book_add (self, (DynoOperationId) { table, route, route->aliases[n], n + 1 });
}

static void
path_book_fill (PathBook                    *self,
                const DynoRouteTable *const *tables)
{
  for (; *tables != NULL; tables++)
    {
      for (gsize i = 0; i < (*tables)->n_rows; i++)
        {
          if (!((*tables)->rows[i].flags & DYNO_ROUTE_UNLISTED))
            path_book_add_route (self, *tables, &(*tables)->rows[i]);
        }
    }
}

static void
write_path (DynoJsonWriter *w,
            GArray         *operations,
            GHashTable     *used)
{
  dyno_json_writer_name (w, g_array_index (operations, DynoOperationId, 0).path);
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < operations->len; i++)
    dyno_openapi_write_operation (w, &g_array_index (operations, DynoOperationId, i), used);
  dyno_json_writer_end_object (w);
}

static void
write_paths (DynoJsonWriter              *w,
             const DynoRouteTable *const *tables,
             GHashTable                  *used)
{
  PathBook book = { g_ptr_array_new (), g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                               (GDestroyNotify) g_array_unref) };

  path_book_fill (&book, tables);
  dyno_json_writer_name (w, "paths");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < book.paths->len; i++)
    write_path (w, g_hash_table_lookup (book.operations, book.paths->pdata[i]), used);
  dyno_json_writer_end_object (w);
  g_ptr_array_unref (book.paths);
  g_hash_table_unref (book.operations);
}

static void
write_info (DynoJsonWriter *w)
{
  dyno_json_writer_name (w, "info");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "title", "DynoAI");
  dyno_json_writer_add_string (w, "version", DYNO_VERSION);
  dyno_json_writer_add_string (w, "description",
    "Runs of a chassis dynamometer, what they say of the tune, and the tables that follow. "
    "Times are RFC 3339 in UTC, quantities SI with the unit in the name, and what does not "
    "exist is null.");
  dyno_json_writer_name (w, "contact");
  dyno_json_writer_raw (w, "{\"name\":\"The DynoAI authors\"}");
  dyno_json_writer_name (w, "license");
  dyno_json_writer_raw (w, "{\"name\":\"GPL-3.0-or-later\",\"identifier\":\"GPL-3.0-or-later\"}");
  dyno_json_writer_end_object (w);
  dyno_json_writer_name (w, "servers");
  dyno_json_writer_raw (w, "[{\"url\":\"http://127.0.0.1:5001\",\"description\":"
                           "\"The service on this machine\"}]");
}

static gboolean
is_first_of_tag (const DynoRouteTable *const *tables,
                 guint                        n)
{
  for (guint i = 0; i < n; i++)
    {
      if (g_str_equal (tables[i]->tag, tables[n]->tag))
        return FALSE;
    }

  return TRUE;
}

static void
write_tags (DynoJsonWriter              *w,
            const DynoRouteTable *const *tables)
{
  dyno_json_writer_name (w, "tags");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; tables[i] != NULL; i++)
    {
      if (!is_first_of_tag (tables, i))
        continue;
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "name", tables[i]->tag);
      dyno_json_writer_add_string (w, "description", tables[i]->description);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
scan_route (DynoSchemaBook  *book,
            const DynoRoute *route)
{
  if (route->flags & DYNO_ROUTE_UNLISTED)
    return;

  if (route->reply != NULL)
    dyno_schema_book_add (book, DYNO_GOING_OUT, route->reply);
  dyno_schema_book_scan (book, DYNO_COMING_IN, route->body);
}

static void
write_components (DynoJsonWriter              *w,
                  const DynoRouteTable *const *tables,
                  GHashTable                  *used)
{
  DynoSchemaBook book;

  dyno_schema_book_init (&book);
  dyno_schema_book_add (&book, DYNO_GOING_OUT, &dyno_problem_schema);
  for (; *tables != NULL; tables++)
    {
      for (gsize i = 0; i < (*tables)->n_rows; i++)
        scan_route (&book, &(*tables)->rows[i]);
    }

  dyno_json_writer_name (w, "components");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "schemas");
  dyno_json_writer_begin_object (w);
  dyno_schema_book_write (&book, w);
  dyno_json_writer_end_object (w);
  dyno_openapi_write_shared (w, used);
  dyno_json_writer_end_object (w);
  dyno_schema_book_clear (&book);
}

DynoOpenapi *
dyno_openapi_new (const DynoRouteTable *const *tables)
{
  DynoOpenapi *self = g_new0 (DynoOpenapi, 1);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autoptr(GHashTable) used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  char *text;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "openapi", "3.1.0");
  write_info (w);
  write_tags (w, tables);
  write_paths (w, tables, used);
  write_components (w, tables, used);
  dyno_json_writer_end_object (w);

  text = dyno_json_writer_finish (w);
  self->hash = dyno_crypt_sha256_hex (text, strlen (text));
  self->document = g_bytes_new_take (text, strlen (text));

  return self;
}

void
dyno_openapi_free (DynoOpenapi *self)
{
  g_clear_pointer (&self->document, g_bytes_unref);
  g_clear_pointer (&self->hash, g_free);
  g_free (self);
}

GBytes *
dyno_openapi_get (DynoOpenapi *self)
{
  return self->document;
}

const char *
dyno_openapi_get_hash (DynoOpenapi *self)
{
  return self->hash;
}
