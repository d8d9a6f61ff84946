/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mapping.h"

#include "dyno-error.h"
#include "dyno-mapping-private.h"
#include "dyno-shop-private.h"

/* {"pins":[{"channel","unit","occurrence","canonical"}]} under the provider's name. */

static DynoPin *
read_pin (const char     *provider,
          const DynoJson *row)
{
  const char *channel = dyno_json_get_string (row, "channel");
  gint64 unit = dyno_json_get_integer (row, "unit", -1);
  gint64 occurrence = dyno_json_get_integer (row, "occurrence", 0);

  if (channel == NULL || unit < 0 || unit > 255 || occurrence < 1 || occurrence > 65535)
    return NULL;

  return dyno_pin_new (provider, channel, (guint8) unit, (guint) occurrence,
                       dyno_channel_find (dyno_json_get_string (row, "canonical")));
}

static void
read_record (const DynoMappingRecord *record,
             GPtrArray               *pins)
{
  g_autoptr(DynoJson) json = dyno_json_parse (record->data, -1, NULL);
  const DynoJson *rows = dyno_json_member (json, "pins");

  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    {
      DynoPin *pin = read_pin (record->signature, dyno_json_element (rows, i));

      if (pin != NULL)
        g_ptr_array_add (pins, pin);
    }
}

GPtrArray *
dyno_mapping_load (DynoStore   *store,
                   DynoAwait   *await,
                   const char  *provider,
                   GError     **error)
{
  g_autoptr(GPtrArray) records = NULL;
  GPtrArray *pins;

  dyno_store_list_mappings_async (store, DYNO_MAPPING_RECORD_LIVE, NULL, dyno_await_cb, await);
  records = dyno_store_list_mappings_finish (store, dyno_await_wait (await), error);
  if (records == NULL)
    return NULL;

  pins = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_pin_free);
  for (guint i = 0; i < records->len; i++)
    {
      const DynoMappingRecord *record = g_ptr_array_index (records, i);

      if (provider == NULL || g_str_equal (record->signature, provider))
        read_record (record, pins);
    }

  return pins;
}

char *
dyno_mapping_pins_json (GPtrArray *pins)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "pins");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < pins->len; i++)
    {
      const DynoPin *pin = g_ptr_array_index (pins, i);
      gboolean is_bound = pin->canonical != DYNO_CHANNEL_NONE;

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "channel", pin->channel);
      dyno_json_writer_add_integer (w, "unit", pin->unit_code);
      dyno_json_writer_add_integer (w, "occurrence", pin->occurrence);
      dyno_json_writer_add_string (w, "canonical",
                                   is_bound ? dyno_channel_info (pin->canonical)->name : NULL);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static gboolean
is_same_channel (const DynoPin *a,
                 const DynoPin *b)
{
  return g_str_equal (a->channel, b->channel) && a->unit_code == b->unit_code
         && a->occurrence == b->occurrence;
}

/* Takes out what speaks of the same channel, or pins another one to the same. */
static void
take_out (GPtrArray     *pins,
          const DynoPin *pin)
{
  for (guint i = pins->len; i > 0; i--)
    {
      const DynoPin *other = g_ptr_array_index (pins, i - 1);

      if (is_same_channel (other, pin)
          || (pin->canonical != DYNO_CHANNEL_NONE && other->canonical == pin->canonical))
        g_ptr_array_remove_index (pins, i - 1);
    }
}

static DynoPin *
copy_pin (const DynoPin *pin)
{
  return dyno_pin_new (pin->provider, pin->channel, pin->unit_code, pin->occurrence,
                       pin->canonical);
}

gboolean
dyno_mapping_keep (const DynoErrand *errand,
                   const char       *provider,
                   GPtrArray        *pins,
                   GError          **error)
{
  g_autofree char *data = pins->len > 0 ? dyno_mapping_pins_json (pins) : NULL;

  dyno_store_set_mapping_async (errand->shop->store, DYNO_MAPPING_RECORD_LIVE, provider, data, NULL,
                                dyno_await_cb, errand->await);

  return dyno_store_set_mapping_finish (errand->shop->store, dyno_await_wait (errand->await),
                                        error);
}

/* Units, as far as anybody gave one: what is without unit may be what its name says. */
static gboolean
unit_fits (guint8                unit_code,
           const DynoBindingRow *row)
{
  if (unit_code == DYNO_KLHDV_UNIT_NONE || row->codes[0] < 0)
    return TRUE;
  for (guint i = 0; i < DYNO_BINDING_MOST_CODES && row->codes[i] >= 0; i++)
    {
      if (row->codes[i] == unit_code || row->codes[i] == DYNO_KLHDV_UNIT_NONE)
        return TRUE;
    }

  return FALSE;
}

gboolean
dyno_mapping_check (guint8        unit_code,
                    DynoChannel   canonical,
                    GError      **error)
{
  const DynoBindingRow *row = dyno_binding_find_row (canonical);

  if (canonical == DYNO_CHANNEL_NONE || row == NULL || unit_fits (unit_code, row))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "mapping_unit",
                  "A channel of this unit cannot be “%s”. Choose a channel that measures it.",
                  dyno_channel_info (canonical)->title);

  return FALSE;
}

static gpointer
pin (const DynoErrand *errand,
     gpointer          data,
     GError          **error)
{
  const DynoPin *wanted = data;
  DynoShop *shop = errand->shop;
  g_autoptr(GPtrArray) pins = NULL;

  if (!dyno_mapping_check (wanted->unit_code, wanted->canonical, error))
    return NULL;
  pins = dyno_mapping_load (shop->store, errand->await, wanted->provider, error);
  if (pins == NULL)
    return NULL;

  take_out (pins, wanted);
  g_ptr_array_add (pins, copy_pin (wanted));
  if (!dyno_mapping_keep (errand, wanted->provider, pins, error))
    return NULL;
  if (shop->capture != NULL)
    dyno_capture_pin (shop->capture, wanted);
  dyno_bus_publish (shop->bus, DYNO_TOPIC_CAPTURE, "mapping", NULL);

  return DYNO_OPERATION_DONE;
}

static const DynoOperation pin_operation = { "mapping-pin", pin, NULL, TRUE };

void
dyno_mapping_pin_async (DynoShop            *shop,
                        const DynoPin       *wanted,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  dyno_operation_start (shop, &pin_operation, copy_pin (wanted), (GDestroyNotify) dyno_pin_free,
                        cancellable, callback, user_data);
}

gboolean
dyno_mapping_pin_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &pin_operation, error) != NULL;
}

static gpointer
unpin (const DynoErrand *errand,
       gpointer          data,
       GError          **error)
{
  DynoPin *wanted = data;
  DynoShop *shop = errand->shop;
  g_autoptr(GPtrArray) pins
    = dyno_mapping_load (shop->store, errand->await, wanted->provider, error);

  if (pins == NULL)
    return NULL;

  wanted->canonical = DYNO_CHANNEL_NONE;
  take_out (pins, wanted);
  if (!dyno_mapping_keep (errand, wanted->provider, pins, error))
    return NULL;
  if (shop->capture != NULL)
    dyno_capture_unpin (shop->capture, wanted);
  dyno_bus_publish (shop->bus, DYNO_TOPIC_CAPTURE, "mapping", NULL);

  return DYNO_OPERATION_DONE;
}

static const DynoOperation unpin_operation = { "mapping-unpin", unpin, NULL, TRUE };

void
dyno_mapping_unpin_async (DynoShop            *shop,
                          const DynoPin       *wanted,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &unpin_operation, copy_pin (wanted), (GDestroyNotify) dyno_pin_free,
                        cancellable, callback, user_data);
}

gboolean
dyno_mapping_unpin_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &unpin_operation, error) != NULL;
}

static gpointer
list (const DynoErrand *errand,
      gpointer          provider,
      GError          **error)
{
  return dyno_mapping_load (errand->shop->store, errand->await, provider, error);
}

static const DynoOperation list_operation = { "mapping-list", list,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_mapping_list_async (DynoShop            *shop,
                         const char          *provider,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  dyno_operation_start (shop, &list_operation, g_strdup (provider), g_free, cancellable, callback,
                        user_data);
}

GPtrArray *
dyno_mapping_list_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}
