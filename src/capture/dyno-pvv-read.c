/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pvv-private.h"

#include <math.h>
#include <string.h>

#include "dyno-pvv-scan.h"

/* From the pieces of the text to items. */

#define THOUSANDS "RPMx1000"

/* An item on its way. */
typedef struct
{
  gsize     begin;
  char     *name;      /* (owned) */
  char     *unit;      /* (owned) */
  GArray   *columns;   /* (owned) of double */
  GArray   *rows;      /* (owned) of double */
  GArray   *cells;     /* (owned) of DynoTableCell, offsets in the file */
  double    column_factor;
  double    row_factor;
  guint     n_in_row;
  gboolean  has_text;  /* that is no number */
} Draft;

typedef struct
{
  DynoPvvScan scan;
  DynoPvv    *pvv;       /* (borrowed) what is made */
  GHashTable *seen;      /* (owned) name to how often */
  Draft      *draft;     /* (owned) (nullable) */
  gboolean    is_fragment;
} Reader;

static Draft *
draft_new (gsize begin)
{
  Draft *self = g_new0 (Draft, 1);

  self->begin = begin;
  self->columns = g_array_new (FALSE, FALSE, sizeof (double));
  self->rows = g_array_new (FALSE, FALSE, sizeof (double));
  self->cells = g_array_new (FALSE, FALSE, sizeof (DynoTableCell));
  self->column_factor = self->row_factor = 1;

  return self;
}

static void
draft_free (Draft *self)
{
  g_free (self->name);
  g_free (self->unit);
  g_array_unref (self->columns);
  g_array_unref (self->rows);
  g_array_unref (self->cells);
  g_free (self);
}

static void
item_free (gpointer data)
{
  DynoPvvItem *item = data;

  dyno_table_unref (item->table);
  g_free (item);
}

/* Meaning of names */

static gboolean
is_flag (const char *unit)
{
  static const char *const units[] = { "1=True", "Switch", "Option", NULL };

  return g_strv_contains (units, unit);
}

static DynoTableKind
kind_of (const char *name)
{
  if (g_str_has_prefix (name, "VE (MAP based/"))
    return DYNO_TABLE_VE_MAP;
  if (g_str_has_prefix (name, "VE (TPS based/"))
    return DYNO_TABLE_VE_TPS;
  if (g_str_has_prefix (name, "Spark Advance ("))
    return DYNO_TABLE_SPARK;

  return g_str_equal (name, "Air-Fuel Ratio") ? DYNO_TABLE_AFR : DYNO_TABLE_OTHER;
}

static DynoTableSide
side_of (const char *name)
{
  if (g_str_has_suffix (name, "Front Cyl)"))
    return DYNO_TABLE_FRONT;

  return g_str_has_suffix (name, "Rear Cyl)") ? DYNO_TABLE_REAR : DYNO_TABLE_BOTH;
}

/* C-syntax, finite, nothing before or behind. */
static gboolean
read_number (const char *text,
             double     *value)
{
  char *end = NULL;

  *value = NAN;
  if (*text == '\0' || text[strspn (text, "0123456789+-.eE")] != '\0')
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (*value))
    return TRUE;
  *value = NAN;

  return FALSE;
}

static guint
count_decimals (const char *text)
{
  const char *mark = strchr (text, '.');

  return mark != NULL ? (guint) strspn (mark + 1, "0123456789") : 0;
}

/* Items */

static DynoTable *
make_table (const Draft *draft,
            GBytes      *bytes)
{
  DynoTable *table = dyno_table_new (&dyno_pvv_form, bytes, draft->rows->len, draft->columns->len);

  g_free (table->name);
  table->name = g_strdup (draft->name);
  g_free (table->unit);
  table->unit = g_strdup (draft->unit);
  table->kind = kind_of (draft->name);
  table->side = side_of (draft->name);
  table->is_read_only = draft->has_text;
  for (guint i = 0; i < table->n_rows; i++)
    table->row_labels[i] = g_array_index (draft->rows, double, i) * draft->row_factor;
  for (guint i = 0; i < table->n_columns; i++)
    table->column_labels[i] = g_array_index (draft->columns, double, i) * draft->column_factor;
  for (guint i = 0; i < dyno_table_n_cells (table); i++)
    {
      table->cells[i] = g_array_index (draft->cells, DynoTableCell, i);
      table->cells[i].offset -= draft->begin;
    }
  dyno_table_settle (table);

  return table;
}

static gboolean
finish_item (Reader  *self,
             GError **error)
{
  Draft *draft = self->draft;
  DynoPvvItem *item;
  g_autoptr(GBytes) bytes = NULL;

  if (self->pvv->items->len == DYNO_PVV_MAX_ITEMS)
    return dyno_pvv_scan_fail (&self->scan, draft->begin, "pvv_too_large", error,
                               "more than %d items.", DYNO_PVV_MAX_ITEMS);
  if ((guint64) draft->rows->len * draft->columns->len != draft->cells->len)
    return dyno_pvv_scan_fail (&self->scan, draft->begin, "pvv_ragged", error,
                               "“%s” has %u cells in %u rows and %u columns.", draft->name,
                               draft->cells->len, draft->rows->len, draft->columns->len);
  item = g_new0 (DynoPvvItem, 1);
  item->begin = draft->begin;
  item->end = self->scan.at;
  bytes = g_bytes_new_from_bytes (self->pvv->bytes, item->begin, item->end - item->begin);
  item->table = make_table (draft, bytes);
  item->occurrence = GPOINTER_TO_UINT (g_hash_table_lookup (self->seen, draft->name));
  g_hash_table_insert (self->seen, g_strdup (draft->name), GUINT_TO_POINTER (item->occurrence + 1));
  if (dyno_table_n_cells (item->table) > 1)
    item->kind = DYNO_PVV_TABLE;
  else
    item->kind = is_flag (draft->unit) ? DYNO_PVV_FLAG : DYNO_PVV_SCALAR;
  g_ptr_array_add (self->pvv->items, item);
  g_clear_pointer (&self->draft, draft_free);

  return TRUE;
}

/* Elements */

/* The value of an attribute that must be there. */
static const DynoPvvAttribute *
want (Reader     *self,
      const char *name,
      GError    **error)
{
  const DynoPvvAttribute *attribute = dyno_pvv_scan_attribute (&self->scan, name);

  if (attribute == NULL)
    dyno_pvv_scan_fail (&self->scan, self->scan.begin, "pvv_malformed", error,
                        "<%s> lacks “%s”.", self->scan.name, name);

  return attribute;
}

static const char *
units_of (Reader *self)
{
  const DynoPvvAttribute *units = dyno_pvv_scan_attribute (&self->scan, "units");

  return units != NULL ? units->value : "";
}

static gboolean
add_label (Reader  *self,
           GArray  *labels,
           GError **error)
{
  const DynoPvvAttribute *label = want (self, "label", error);
  double value;

  if (label == NULL)
    return FALSE;
  if (labels->len == DYNO_PVV_MAX_CELLS)
    return dyno_pvv_scan_fail (&self->scan, self->scan.begin, "pvv_too_large", error,
                               "more than %d labels.", DYNO_PVV_MAX_CELLS);
  if (!read_number (label->value, &value))
    self->draft->has_text = TRUE;
  g_array_append_val (labels, value);

  return TRUE;
}

static gboolean
add_cell (Reader  *self,
          GError **error)
{
  const DynoPvvAttribute *attribute = want (self, "value", error);
  Draft *draft = self->draft;
  DynoTableCell cell = { .value = NAN };

  if (attribute == NULL)
    return FALSE;
  if (draft->cells->len == DYNO_PVV_MAX_CELLS)
    return dyno_pvv_scan_fail (&self->scan, self->scan.begin, "pvv_too_large", error,
                               "more than %d cells in an item.", DYNO_PVV_MAX_CELLS);
  cell.offset = attribute->offset;
  cell.length = (guint) attribute->length;
  cell.decimals = count_decimals (attribute->value);
  /* A number that is written with references could not be replaced as it stands. */
  if (cell.length > 0
      && (!read_number (attribute->value, &cell.value) || strlen (attribute->value) != cell.length))
    draft->has_text = TRUE;
  draft->n_in_row++;
  g_array_append_val (draft->cells, cell);

  return TRUE;
}

static gboolean
begin_item (Reader  *self,
            GError **error)
{
  const DynoPvvAttribute *name = want (self, "name", error);

  if (name == NULL)
    return FALSE;
  self->draft = draft_new (self->scan.begin);
  self->draft->name = g_strdup (name->value);
  self->draft->unit = g_strdup (units_of (self));

  return !self->scan.is_empty || finish_item (self, error);
}

/* How many elements the one that begins lies in, the tune itself included. */
static guint
depth_of (const Reader *self)
{
  return self->scan.depth - (self->scan.is_empty ? 0 : 1) + (self->is_fragment ? 1 : 0);
}

/* Does the element that begins lie in these two, in an item? */
static gboolean
stands_in (const Reader *self,
           const char   *outer,
           const char   *inner)
{
  guint first = self->is_fragment ? 1 : 2; /* behind the item */
  guint depth = 2 + (outer != NULL) + (inner != NULL);

  return depth_of (self) == depth
         && (outer == NULL || g_str_equal (self->scan.open[first], outer))
         && (inner == NULL || g_str_equal (self->scan.open[first + 1], inner));
}

static gboolean
check_row (Reader  *self,
           GError **error)
{
  if (self->draft->n_in_row == self->draft->columns->len)
    return TRUE;

  return dyno_pvv_scan_fail (&self->scan, self->scan.begin, "pvv_ragged", error,
                             "a row of “%s” has %u cells, the item has %u columns.",
                             self->draft->name, self->draft->n_in_row, self->draft->columns->len);
}

static gboolean
begin_row (Reader  *self,
           GError **error)
{
  self->draft->n_in_row = 0;

  return add_label (self, self->draft->rows, error)
         && (!self->scan.is_empty || check_row (self, error));
}

/* What a tune does not have is not looked at. */
static gboolean
read_open (Reader  *self,
           GError **error)
{
  const char *name = self->scan.name;

  if (self->draft == NULL)
    return !g_str_equal (name, "Item") || depth_of (self) != 1 || begin_item (self, error);
  if (g_str_equal (name, "Cell") && stands_in (self, "Rows", "Row"))
    return add_cell (self, error);
  if (g_str_equal (name, "Row") && stands_in (self, "Rows", NULL))
    return begin_row (self, error);
  if (g_str_equal (name, "Col") && stands_in (self, "Columns", NULL))
    return add_label (self, self->draft->columns, error);
  if (g_str_equal (name, "Columns") && stands_in (self, NULL, NULL))
    self->draft->column_factor = g_str_equal (units_of (self), THOUSANDS) ? 1000 : 1;
  if (g_str_equal (name, "Rows") && stands_in (self, NULL, NULL))
    self->draft->row_factor = g_str_equal (units_of (self), THOUSANDS) ? 1000 : 1;

  return TRUE;
}

/* `depth` is what is open without the element that ended. */
static gboolean
read_close (Reader  *self,
            GError **error)
{
  guint item_depth = self->is_fragment ? 0 : 1;

  if (self->draft == NULL)
    return TRUE;
  if (self->scan.depth == item_depth)
    return finish_item (self, error);
  if (self->scan.depth == item_depth + 2 && g_str_equal (self->scan.name, "Row")
      && g_str_equal (self->scan.open[item_depth + 1], "Rows"))
    return check_row (self, error);

  return TRUE;
}

static gboolean
check_root (Reader      *self,
            DynoPvvPiece piece,
            guint       *n_roots,
            GError     **error)
{
  const char *wanted = self->is_fragment ? "Item" : "PVV";
  guint depth = self->scan.depth - (self->scan.is_empty ? 0 : 1);

  if (piece == DYNO_PVV_END)
    return *n_roots == 1 || dyno_pvv_scan_fail (&self->scan, 0, "pvv_not_pvv", error,
                                                "there is no <%s> in it.", wanted);
  if (piece == DYNO_PVV_CLOSE || depth > 0)
    return TRUE;
  if ((*n_roots)++ == 0 && g_str_equal (self->scan.name, wanted))
    return TRUE;

  return dyno_pvv_scan_fail (&self->scan, self->scan.begin, "pvv_not_pvv", error,
                             "<%s> stands where <%s> is wanted.", self->scan.name, wanted);
}

static gboolean
read_all (Reader  *self,
          GError **error)
{
  DynoPvvPiece piece = DYNO_PVV_OPEN;
  guint n_roots = 0;

  while (piece != DYNO_PVV_END)
    {
      if (!dyno_pvv_scan_next (&self->scan, &piece, error))
        return FALSE;
      if (piece != DYNO_PVV_OPEN)
        self->scan.is_empty = FALSE;
      if (!check_root (self, piece, &n_roots, error)
          || (piece == DYNO_PVV_OPEN && !read_open (self, error))
          || (piece == DYNO_PVV_CLOSE && !read_close (self, error)))
        return FALSE;
    }

  return TRUE;
}

DynoPvv *
dyno_pvv_read (GBytes   *bytes,
               gboolean  is_fragment,
               GError  **error)
{
  DynoPvv *pvv = g_new0 (DynoPvv, 1);
  Reader reader = { .pvv = pvv, .is_fragment = is_fragment };
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  gboolean is_read;

  pvv->bytes = g_bytes_ref (bytes);
  pvv->items = g_ptr_array_new_with_free_func (item_free);
  reader.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  is_read = dyno_pvv_scan_begin (&reader.scan, text != NULL ? text : "", size, is_fragment, error)
            && read_all (&reader, error);
  pvv->n_comments = reader.scan.n_comments;
  dyno_pvv_scan_clear (&reader.scan);
  g_hash_table_unref (reader.seen);
  g_clear_pointer (&reader.draft, draft_free);
  if (!is_read)
    g_clear_pointer (&pvv, dyno_pvv_free);

  return pvv;
}
