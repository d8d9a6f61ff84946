/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-router.h"

#include <string.h>

/* What one method does at the end of a template, and how that template calls what
 * stands in its places. */
typedef struct
{
  const DynoRoute  *route;    /* (nullable) */
  char            **template; /* (owned) its segments */
} End;

/* A tree of segments. */
typedef struct _Node Node;

struct _Node
{
  GHashTable *named;               /* (owned) segment to Node */
  Node       *any;                 /* (owned) (nullable) a {name} */
  End         ends[DYNO_N_METHODS];
};

struct _DynoRouter
{
  const DynoRouteTable *const *tables; /* (borrowed) */
  Node                        *root;   /* (owned) */
};

static void
node_free (gpointer data)
{
  Node *node = data;

  if (node == NULL)
    return;

  g_hash_table_unref (node->named);
  node_free (node->any);
  for (guint i = 0; i < DYNO_N_METHODS; i++)
    g_strfreev (node->ends[i].template);
  g_free (node);
}

static Node *
node_new (void)
{
  Node *node = g_new0 (Node, 1);

  node->named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, node_free);

  return node;
}

static gboolean
is_place (const char *segment)
{
  return segment[0] == '{';
}

static Node *
node_grow (Node       *node,
           const char *segment)
{
  Node *child = is_place (segment) ? node->any : g_hash_table_lookup (node->named, segment);

  if (child != NULL)
    return child;

  child = node_new ();
  if (is_place (segment))
    node->any = child;
  else
    g_hash_table_insert (node->named, g_strdup (segment), child);

  return child;
}

static void
add_path (DynoRouter      *self,
          const DynoRoute *route,
          const char      *path)
{
  g_auto(GStrv) segments = g_strsplit (path + 1, "/", -1);
  Node *node = self->root;
  End *end;

  for (guint i = 0; segments[i] != NULL; i++)
    node = node_grow (node, segments[i]);
  end = &node->ends[route->method];
  if (end->route != NULL)
    g_error ("%s %s is a route twice", dyno_method_name (route->method), path);
  end->route = route;
  end->template = g_steal_pointer (&segments);
}

static void
add_route (DynoRouter      *self,
           const DynoRoute *route)
{
  g_autofree char *mistake = dyno_route_find_mistake (route);

  if (mistake != NULL)
    g_error ("The route %s", mistake);

  add_path (self, route, route->path);
  for (guint i = 0; route->aliases != NULL && route->aliases[i] != NULL; i++)
    add_path (self, route, route->aliases[i]);
}

DynoRouter *
dyno_router_new (const DynoRouteTable *const *tables)
{
  DynoRouter *self = g_new0 (DynoRouter, 1);

  self->tables = tables;
  self->root = node_new ();
  for (; *tables != NULL; tables++)
    {
      for (gsize i = 0; i < (*tables)->n_rows; i++)
        add_route (self, &(*tables)->rows[i]);
    }

  return self;
}

void
dyno_router_free (DynoRouter *self)
{
  node_free (self->root);
  g_free (self);
}

const DynoRouteTable *const *
dyno_router_get_tables (DynoRouter *self)
{
  return self->tables;
}

static Node *
node_find (Node           *node,
           const DynoPath *path)
{
  for (guint i = 0; node != NULL && i < path->n_segments; i++)
    {
      const char *segment = path->segments[i];
      Node *named = g_hash_table_lookup (node->named, segment);

      if (named == NULL && segment[0] == '\0')
        return NULL;
      node = named != NULL ? named : node->any;
    }

  return node;
}

static gboolean
node_is_end (const Node *node)
{
  for (guint i = 0; node != NULL && i < DYNO_N_METHODS; i++)
    {
      if (node->ends[i].route != NULL)
        return TRUE;
    }

  return FALSE;
}

static char *
list_methods (const Node *node)
{
  GString *allow = g_string_new (NULL);

  for (guint i = 0; i < DYNO_N_METHODS; i++)
    {
      if (node->ends[i].route == NULL)
        continue;
      g_string_append_printf (allow, "%s, ", dyno_method_name ((DynoMethod) i));
      if (i == DYNO_GET)
        g_string_append (allow, "HEAD, ");
    }
  g_string_append (allow, "OPTIONS");

  return g_string_free (allow, FALSE);
}

/* FALSE where a segment is not what its row of `args` wants. */
static gboolean
take_args (const End      *end,
           const DynoPath *path,
           GHashTable     *args)
{
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();

  for (guint i = 0; i < path->n_segments; i++)
    {
      const char *place = end->template[i];
      g_autofree char *name = NULL;

      if (!is_place (place))
        continue;
      name = g_strndup (place + 1, strlen (place) - 2);
      dyno_type_check_text (&dyno_fields_find (end->route->args, name)->type, path->segments[i],
                            name, flaws);
      g_hash_table_insert (args, g_steal_pointer (&name), g_strdup (path->segments[i]));
    }

  return dyno_flaws_count (flaws) == 0;
}

DynoMatch *
dyno_router_match (DynoRouter     *self,
                   const char     *method,
                   const DynoPath *path)
{
  Node *node = node_find (self->root, path);
  g_autoptr(DynoMatch) match = NULL;
  DynoMethod known;

  if (!node_is_end (node))
    return NULL;

  match = g_new0 (DynoMatch, 1);
  match->args = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  match->allow = list_methods (node);
  if (!dyno_method_find (g_str_equal (method, "HEAD") ? "GET" : method, &known))
    return g_steal_pointer (&match);

  match->route = node->ends[known].route;
  if (match->route != NULL && !take_args (&node->ends[known], path, match->args))
    return NULL;

  return g_steal_pointer (&match);
}

void
dyno_match_free (DynoMatch *self)
{
  g_clear_pointer (&self->args, g_hash_table_unref);
  g_clear_pointer (&self->allow, g_free);
  g_free (self);
}
