/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include <math.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-json.h"

/* Tables leave the program (formats.md C.4, B); part of dyno-tune.h. */

#define SHOWN_HOLES 10

typedef struct
{
  char          *table;   /* (owned) id of a table or tune */
  int            version;
  DynoTuneFormat format;
  gboolean       may_have_holes;
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->table);
  g_free (order);
}

/* One table as text */

static guint
paste_decimals (const DynoTable *table)
{
  switch (table->kind)
    {
    case DYNO_TABLE_VE_MAP:
    case DYNO_TABLE_VE_TPS:
      return 1;
    case DYNO_TABLE_SPARK:
      return 2;
    case DYNO_TABLE_AFR:
    case DYNO_TABLE_OTHER:
    case DYNO_N_TABLE_KINDS:
      break;
    }

  return table->decimals;
}

static gboolean
has_holes (const DynoTable *table,
           GError         **error)
{
  g_autoptr(GString) holes = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < dyno_table_n_cells (table); i++)
    {
      if (!isnan (table->cells[i].value) || n++ >= SHOWN_HOLES)
        continue;
      g_string_append_printf (holes, "%s%g, %g", n > 1 ? "; " : "",
                              table->row_labels[i / table->n_columns],
                              table->column_labels[i % table->n_columns]);
    }
  if (n > 0)
    dyno_error_set (error, DYNO_ERROR_CONFLICT, "INCOMPLETE_TABLE",
                    "%u cells of “%s” have no value: %s%s. Allow blank cells to export it so.", n,
                    table->name, holes->str, n > SHOWN_HOLES ? "; …" : "");

  return n > 0;
}

/* To be pasted: all rows and columns, padding too, as the other program has them. */
static GBytes *
write_text (const DynoTable *table,
            gboolean         may_have_holes,
            GError         **error)
{
  GString *text;
  char format[8];

  if (!may_have_holes && has_holes (table, error))
    return NULL;
  text = g_string_new (NULL);
  g_snprintf (format, sizeof format, "%%.%uf", paste_decimals (table));
  for (guint i = 0; i < dyno_table_n_cells (table); i++)
    {
      char number[512] = "";

      if (i > 0)
        g_string_append_c (text, i % table->n_columns == 0 ? '\n' : '\t');
      if (!isnan (table->cells[i].value))
        g_ascii_formatd (number, sizeof number, format, table->cells[i].value);
      g_string_append (text, number);
    }

  return g_string_free_to_bytes (text);
}

static void
append_number (GString *text,
               double   value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  dyno_json_format_number (value, number);
  g_string_append (text, number);
}

/* What came as CSV goes as it came. */
static GBytes *
write_csv (const DynoTable *table)
{
  GString *text;

  if (table->form == &dyno_table_csv_form)
    return g_bytes_ref (table->bytes);

  text = g_string_new ("RPM");
  for (guint c = 0; c < table->axis_columns; c++)
    {
      g_string_append_c (text, ',');
      append_number (text, table->column_labels[c]);
    }
  g_string_append (text, "\r\n");
  for (guint r = 0; r < table->axis_rows; r++)
    {
      append_number (text, table->row_labels[r]);
      for (guint c = 0; c < table->axis_columns; c++)
        {
          double value = table->cells[dyno_table_cell (table, r, c)].value;

          g_string_append_c (text, ',');
          if (!isnan (value))
            append_number (text, value);
        }
      g_string_append (text, "\r\n");
    }

  return g_string_free_to_bytes (text);
}

static GBytes *
export_table (const DynoErrand *errand,
              const Order      *order,
              GError          **error)
{
  g_autoptr(DynoTableRecord) record
    = dyno_tune_load_record (errand, order->table, order->version, error);
  g_autoptr(DynoTable) table = record != NULL ? dyno_tune_open_record (record, error) : NULL;

  if (table == NULL)
    return NULL;

  return order->format == DYNO_TUNE_CSV ? write_csv (table)
                                        : write_text (table, order->may_have_holes, error);
}

/* A whole tune */

static DynoTuneRecord *
load_tune (const DynoErrand *errand,
           const char       *tune_id,
           GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoTuneRecord) tune = NULL;

  dyno_store_get_tune_async (store, tune_id, errand->cancellable, dyno_await_cb, errand->await);
  tune = dyno_store_get_tune_finish (store, dyno_await_wait (errand->await), error);
  if (tune == NULL || g_str_equal (tune->format, "pvv"))
    return g_steal_pointer (&tune);

  dyno_error_set (error, DYNO_ERROR_INVALID, "format",
                  "“%s” was not imported as a .pvv tune: export its tables as csv or text.",
                  tune->name);

  return NULL;
}

/* The bytes of its tables by their place in the file, as they are now, or as the order
 * says. */
static gboolean
take_tables (const DynoErrand *errand,
             const Order      *order,
             const char       *tune_id,
             GBytes          **items,
             guint             n_items,
             GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) all = NULL;

  dyno_store_list_tables_async (store, NULL, NULL, NULL, errand->cancellable, dyno_await_cb,
                                errand->await);
  all = dyno_store_list_tables_finish (store, dyno_await_wait (errand->await), error);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const DynoTableRecord *listed = g_ptr_array_index (all, i);
      gboolean is_named = g_str_equal (listed->id, order->table);
      g_autoptr(DynoTableRecord) record = NULL;

      if (!g_str_equal (listed->tune_id, tune_id) || (guint) listed->item >= n_items)
        continue;
      if (listed->version == 1 && !is_named)
        continue;
      record = dyno_tune_load_record (errand, listed->id, is_named ? order->version : 0, error);
      if (record == NULL)
        return FALSE;
      items[listed->item] = g_bytes_ref (record->bytes);
    }

  return all != NULL;
}

static GBytes *
export_tune (const DynoErrand *errand,
             const Order      *order,
             const char       *tune_id,
             GError          **error)
{
  g_autoptr(DynoTuneRecord) tune = load_tune (errand, tune_id, error);
  g_autoptr(DynoPvv) pvv = tune != NULL ? dyno_pvv_parse (tune->file, error) : NULL;
  g_autofree GBytes **items = NULL;
  GBytes *bytes = NULL;

  if (pvv == NULL)
    return NULL;
  items = g_new0 (GBytes *, pvv->items->len);
  if (take_tables (errand, order, tune_id, items, pvv->items->len, error))
    bytes = dyno_pvv_replace (pvv, items);
  for (guint i = 0; i < pvv->items->len; i++)
    g_clear_pointer (&items[i], g_bytes_unref);

  return bytes;
}

GBytes *
dyno_tune_whole (const DynoErrand *errand,
                 const char       *tune_id,
                 GError          **error)
{
  g_autofree char *table = g_strdup (tune_id);
  const Order order = { .table = table, .format = DYNO_TUNE_PVV };

  return export_tune (errand, &order, tune_id, error);
}

static gpointer
export (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  const Order *order = data;
  g_autoptr(DynoTableRecord) record = NULL;

  if (dyno_crypt_is_id (order->table, "tune"))
    {
      if (order->format == DYNO_TUNE_PVV)
        return dyno_tune_whole (errand, order->table, error);
      dyno_error_set (error, DYNO_ERROR_INVALID, "format",
                      "A whole tune goes out as .pvv; name one of its tables for csv or text.");
      return NULL;
    }
  if (order->format != DYNO_TUNE_PVV)
    return export_table (errand, order, error);
  record = dyno_tune_load_record (errand, order->table, order->version, error);

  return record != NULL ? export_tune (errand, order, record->tune_id, error) : NULL;
}

static const DynoOperation export_operation = { "tune-export", export,
                                                (GDestroyNotify) g_bytes_unref, TRUE };

void
dyno_tune_export_async (DynoShop            *shop,
                        const char          *table,
                        int                  version,
                        DynoTuneFormat       format,
                        gboolean             holes,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Order *order = g_new0 (Order, 1);

  order->table = g_strdup (table);
  order->version = version;
  order->format = format;
  order->may_have_holes = holes;
  dyno_operation_start (shop, &export_operation, order, order_free, cancellable, callback,
                        user_data);
}

GBytes *
dyno_tune_export_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &export_operation, error);
}
