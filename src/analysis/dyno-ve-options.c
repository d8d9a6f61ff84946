/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ve-options.h"

#include <math.h>
#include <string.h>

#include "dyno-grid-json.h"
#include "dyno-units.h"

/* One table, sorted by name: how each option is read, checked and written. */

typedef struct _Option Option;

struct _Option
{
  const char *name;
  gsize       offset;
  double      low;     /* of a number, or of each number of a pair */
  double      high;
  const char *allowed; /* for the error */
  gboolean  (*read)  (DynoVeOptions *self, const Option *option, const DynoJson *value);
  void      (*write) (const DynoVeOptions *self, const Option *option, DynoJsonWriter *writer);
  const char *const *words; /* of one that is a word */
};

static const char *const grid_words[] = { "auto", "11x9", "11x5", NULL };
static const char *const target_words[] = { "auto", "commanded", "table", NULL };
static const char *const delay_words[] = { "auto", "none", "fixed", "flow", "table", NULL };
static const char *const weight_words[] = { "torque", "hp", NULL };
static const char *const severity_words[] = { "low", "medium", "high", NULL };
static const char *const balance_words[] = { "equalize", "match_front", "match_rear", NULL };
static const char *const limit_words[] = { "high", "medium", "low", NULL };

static double *
number_of (DynoVeOptions *self,
           const Option  *option)
{
  return (double *) (gpointer) ((char *) self + option->offset);
}

static const double *
const_number_of (const DynoVeOptions *self,
                 const Option        *option)
{
  return (const double *) (gconstpointer) ((const char *) self + option->offset);
}

static gboolean
word_index (const char *const *words,
            const DynoJson    *value,
            guint             *index)
{
  const char *word = dyno_json_string (value);

  for (*index = 0; words[*index] != NULL; (*index)++)
    {
      if (g_strcmp0 (words[*index], word) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_in_range (const Option   *option,
             const DynoJson *value)
{
  double number = dyno_json_number (value, NAN);

  return number >= option->low && number <= option->high;
}

static gboolean
read_number (DynoVeOptions  *self,
             const Option   *option,
             const DynoJson *value)
{
  if (dyno_json_type (value) != DYNO_JSON_NUMBER || !is_in_range (option, value))
    return FALSE;

  *number_of (self, option) = dyno_json_number (value, NAN);

  return TRUE;
}

static gboolean
read_integer (DynoVeOptions  *self,
              const Option   *option,
              const DynoJson *value)
{
  double number = dyno_json_number (value, NAN);

  return number == floor (number) && read_number (self, option, value);
}

/* The number 0, or one of the range. */
static gboolean
read_number_or_zero (DynoVeOptions  *self,
                     const Option   *option,
                     const DynoJson *value)
{
  if (dyno_json_number (value, NAN) != 0)
    return read_number (self, option, value);

  *number_of (self, option) = 0;

  return TRUE;
}

static void
write_number (const DynoVeOptions *self,
              const Option        *option,
              DynoJsonWriter      *writer)
{
  dyno_json_writer_number (writer, *const_number_of (self, option));
}

static gboolean
read_pair (DynoVeOptions  *self,
           const Option   *option,
           const DynoJson *value)
{
  const DynoJson *low = dyno_json_element (value, 0);
  const DynoJson *high = dyno_json_element (value, 1);

  if (dyno_json_type (value) != DYNO_JSON_ARRAY || dyno_json_n_elements (value) != 2
      || !is_in_range (option, low) || !is_in_range (option, high)
      || !(dyno_json_number (low, NAN) < dyno_json_number (high, NAN)))
    return FALSE;

  number_of (self, option)[0] = dyno_json_number (low, NAN);
  number_of (self, option)[1] = dyno_json_number (high, NAN);

  return TRUE;
}

static void
write_pair (const DynoVeOptions *self,
            const Option        *option,
            DynoJsonWriter      *writer)
{
  dyno_json_writer_begin_array (writer);
  dyno_json_writer_number (writer, const_number_of (self, option)[0]);
  dyno_json_writer_number (writer, const_number_of (self, option)[1]);
  dyno_json_writer_end_array (writer);
}

static gboolean
read_boolean (DynoVeOptions  *self,
              const Option   *option,
              const DynoJson *value)
{
  if (dyno_json_type (value) != DYNO_JSON_BOOLEAN)
    return FALSE;

  *(gboolean *) (gpointer) ((char *) self + option->offset) = dyno_json_boolean (value, FALSE);

  return TRUE;
}

static void
write_boolean (const DynoVeOptions *self,
               const Option        *option,
               DynoJsonWriter      *writer)
{
  const char *at = (const char *) self + option->offset;

  dyno_json_writer_boolean (writer, *(const gboolean *) (gconstpointer) at);
}

static gboolean
read_math_version (DynoVeOptions  *self,
                   const Option   *option,
                   const DynoJson *value)
{
  return dyno_math_version_find (dyno_json_string (value), &self->math_version, NULL);
}

static void
write_math_version (const DynoVeOptions *self,
                    const Option        *option,
                    DynoJsonWriter      *writer)
{
  dyno_json_writer_string (writer, dyno_math_version_name (self->math_version));
}

/* An option that is one of some words is an enumeration in their order. */

static gboolean
read_word (DynoVeOptions  *self,
           const Option   *option,
           const DynoJson *value)
{
  guint index;

  if (!word_index (option->words, value, &index))
    return FALSE;
  memcpy ((char *) self + option->offset, &index, sizeof index);

  return TRUE;
}

static void
write_word (const DynoVeOptions *self,
            const Option        *option,
            DynoJsonWriter      *writer)
{
  guint index;

  memcpy (&index, (const char *) self + option->offset, sizeof index);
  dyno_json_writer_string (writer, option->words[index]);
}

static gboolean
read_grid (DynoVeOptions  *self,
           const Option   *option,
           const DynoJson *value)
{
  DynoGridShape shape;
  guint index;

  if (word_index (grid_words, value, &index))
    {
      self->grid_choice = (DynoGridChoice) index;
      return TRUE;
    }
  if (dyno_json_type (value) != DYNO_JSON_OBJECT || dyno_json_n_elements (value) != 2
      || !dyno_grid_shape_read (value, &shape))
    return FALSE;

  self->grid_choice = DYNO_GRID_GIVEN;
  self->grid = shape;

  return TRUE;
}

static void
write_grid (const DynoVeOptions *self,
            const Option        *option,
            DynoJsonWriter      *writer)
{
  if (self->grid_choice != DYNO_GRID_GIVEN)
    {
      dyno_json_writer_string (writer, grid_words[self->grid_choice]);
      return;
    }

  dyno_grid_shape_write (&self->grid, writer);
}

static gboolean
read_target_table (DynoVeOptions  *self,
                   const Option   *option,
                   const DynoJson *value)
{
  DynoTarget *table = NULL;

  if (dyno_json_type (value) != DYNO_JSON_NULL)
    {
      table = dyno_target_read (value);
      if (table == NULL)
        return FALSE;
    }
  dyno_target_free (self->target_table);
  self->target_table = table;

  return TRUE;
}

static void
write_target_table (const DynoVeOptions *self,
                    const Option        *option,
                    DynoJsonWriter      *writer)
{
  if (self->target_table != NULL)
    dyno_target_write (self->target_table, writer);
  else
    dyno_json_writer_null (writer);
}

static gboolean
is_delay_table (const DynoGrid *grid)
{
  for (guint i = 0; i < dyno_grid_shape_cells (&grid->shape); i++)
    {
      if (!(grid->values[i] >= 0 && grid->values[i] <= 1500))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_delay_table (DynoVeOptions  *self,
                  const Option   *option,
                  const DynoJson *value)
{
  g_autoptr(DynoGrid) table = NULL;

  if (dyno_json_type (value) != DYNO_JSON_NULL)
    {
      table = dyno_grid_read (value, "ms");
      if (table == NULL || !is_delay_table (table))
        return FALSE;
    }
  dyno_grid_free (self->delay_table);
  self->delay_table = g_steal_pointer (&table);

  return TRUE;
}

static void
write_delay_table (const DynoVeOptions *self,
                   const Option        *option,
                   DynoJsonWriter      *writer)
{
  if (self->delay_table != NULL)
    dyno_grid_write (self->delay_table, "ms", writer);
  else
    dyno_json_writer_null (writer);
}

static gboolean
read_limits (DynoVeOptions  *self,
             const Option   *option,
             const DynoJson *value)
{
  double limits[DYNO_N_LIMITS];

  if (dyno_json_type (value) != DYNO_JSON_OBJECT || dyno_json_n_elements (value) != DYNO_N_LIMITS)
    return FALSE;
  for (guint i = 0; i < DYNO_N_LIMITS; i++)
    {
      if (!is_in_range (option, dyno_json_member (value, limit_words[i])))
        return FALSE;
      limits[i] = dyno_json_get_number (value, limit_words[i], NAN);
    }
  if (limits[DYNO_LIMIT_HIGH] < limits[DYNO_LIMIT_MEDIUM]
      || limits[DYNO_LIMIT_MEDIUM] < limits[DYNO_LIMIT_LOW])
    return FALSE;

  memcpy (self->limits, limits, sizeof limits);

  return TRUE;
}

static void
write_limits (const DynoVeOptions *self,
              const Option        *option,
              DynoJsonWriter      *writer)
{
  dyno_json_writer_begin_object (writer);
  dyno_json_writer_add_number (writer, "high", self->limits[DYNO_LIMIT_HIGH]);
  dyno_json_writer_add_number (writer, "low", self->limits[DYNO_LIMIT_LOW]);
  dyno_json_writer_add_number (writer, "medium", self->limits[DYNO_LIMIT_MEDIUM]);
  dyno_json_writer_end_object (writer);
}

static gboolean
read_gates_off (DynoVeOptions  *self,
                const Option   *option,
                const DynoJson *value)
{
  guint32 off = 0;

  if (dyno_json_type (value) != DYNO_JSON_ARRAY)
    return FALSE;
  for (guint i = 0; i < dyno_json_n_elements (value); i++)
    {
      DynoGate gate;

      if (!dyno_gate_find (dyno_json_string (dyno_json_element (value, i)), &gate)
          || !dyno_gate_is_optional (gate))
        return FALSE;
      off |= (guint32) 1 << gate;
    }
  self->gates_off = off;

  return TRUE;
}

static void
write_gates_off (const DynoVeOptions *self,
                 const Option        *option,
                 DynoJsonWriter      *writer)
{
  dyno_json_writer_begin_array (writer);
  for (guint gate = 0; gate < DYNO_N_GATES; gate++)
    {
      if ((self->gates_off >> gate & 1) != 0)
        dyno_json_writer_string (writer, dyno_gate_name ((DynoGate) gate));
    }
  dyno_json_writer_end_array (writer);
}

#define AT(field) G_STRUCT_OFFSET (DynoVeOptions, field)
#define NUMBER(field, low, high, text) \
  { #field, AT (field), low, high, text, read_number, write_number }
#define INTEGER(field, low, high, text) \
  { #field, AT (field), low, high, text, read_integer, write_number }
#define BOOLEAN(field) \
  { #field, AT (field), 0, 0, "true or false", read_boolean, write_boolean }
#define WORD(field, words, text) \
  { #field, AT (field), 0, 0, text, read_word, write_word, words }
#define PAIR(field, low, high, text) \
  { #field, AT (field), low, high, text, read_pair, write_pair }

static const Option options[] = {
  NUMBER (afr_stoich, 1, 20, "1 to 20"),
  NUMBER (balance_max_pct, 0, 5, "0 to 5"),
  WORD (balance_mode, balance_words, "equalize, match_front or match_rear"),
  NUMBER (clamp_pct, 1, 15, "1 to 15"),
  WORD (decel_severity, severity_words, "low, medium or high"),
  WORD (delay, delay_words, "auto, none, fixed, flow or table"),
  NUMBER (delay_flow_base_ms, 0, 600, "0 to 600"),
  NUMBER (delay_flow_ref_ms, 0, 1500, "0 to 1500"),
  NUMBER (delay_ms, 0, 1500, "0 to 1500"),
  { "delay_table", 0, 0, 0, "null or {rpm[], kpa[], ms[][]} with 0 to 1500 ms", read_delay_table,
    write_delay_table },
  PAIR (edge_rpm, 0, 20000, "two ascending engine speeds, 0 to 20000"),
  NUMBER (gain, 0.25, 1, "0.25 to 1"),
  { "gates_off", 0, 0, 0, "a list of gates that can be switched off", read_gates_off,
    write_gates_off },
  { "grid", 0, 0, 0, "auto, 11x9, 11x5 or {rpm[], kpa[]}", read_grid, write_grid },
  NUMBER (hot_extra_deg, -4, 0, "−4 to 0"),
  PAIR (iat_range, -40, 150, "two ascending temperatures, −40 to 150 °C"),
  WORD (legacy_weight, weight_words, "torque or hp"),
  { "limits", 0, 0.1, 15, "{high, medium, low}, 0.1 to 15 each, none above the one before",
    read_limits, write_limits },
  { "mad_limit", AT (mad_limit), 2, 10, "0 (off) or 2 to 10", read_number_or_zero, write_number },
  PAIR (map_range, 0, 400, "two ascending pressures, 0 to 400 kPa"),
  { "math_version", 0, 0, 0, "2.0.0, 1.0.0 or legacy-cli-1.2", read_math_version, write_math_version },
  INTEGER (min_hits, 1, 1000, "a whole number, 1 to 1000"),
  NUMBER (mix_neighbour_ms, 0, 5000, "0 to 5000"),
  PAIR (mix_window, 6, 35, "two ascending AFR, 6 to 35"),
  BOOLEAN (one_sensor_for_both),
  NUMBER (rate_map, 1, 10000, "1 to 10000 kPa/s"),
  NUMBER (rate_rpm, 1, 100000, "1 to 100000 rpm a second"),
  NUMBER (rate_tps, 1, 10000, "1 to 10000 %/s"),
  NUMBER (rear_bias_pct, -5, 5, "−5 to 5"),
  NUMBER (rear_rule_deg, 0, 8, "0 to 8"),
  PAIR (rpm_range, 0, 20000, "two ascending engine speeds, 0 to 20000"),
  NUMBER (settle_ms, 0, 5000, "0 to 5000"),
  INTEGER (smooth_passes, 0, 5, "a whole number, 0 to 5"),
  NUMBER (smooth_threshold, 0.1, 10, "0.1 to 10"),
  BOOLEAN (spark_rear_rule),
  WORD (target, target_words, "auto, commanded or table"),
  { "target_table", 0, 0, 0, "null, {kpa[], afr[]} or {rpm[], kpa[], afr[][]} with 6 to 35 AFR",
    read_target_table, write_target_table },
  NUMBER (warm_c, -40, 150, "−40 to 150 °C"),
};

DynoVeOptions *
dyno_ve_options_new (void)
{
  const DynoVeOptions defaults = {
    .afr_stoich = DYNO_STOICH_PETROL,
    .gain = 1,
    .delay_flow_base_ms = 20,
    .delay_flow_ref_ms = 120,
    .min_hits = 5,
    .mad_limit = 3.5,
    .smooth_passes = 2,
    .smooth_threshold = 1,
    .clamp_pct = 7,
    .limits = { 7, 5, 3 },
    .edge_rpm = { 1200, 5500 },
    .rpm_range = { 400, 20000 },
    .map_range = { 10, 400 },
    .iat_range = { -1, 149 },
    .warm_c = 77,
    .mix_window = { 10, 18 },
    .mix_neighbour_ms = 50,
    .rate_map = 50,
    .rate_tps = 20,
    .rate_rpm = 1500,
    .settle_ms = 150,
    .rear_rule_deg = 2,
    .hot_extra_deg = -1,
    .decel_severity = DYNO_DECEL_MEDIUM,
    .balance_max_pct = 3,
  };

  return g_memdup2 (&defaults, sizeof defaults);
}

DynoVeOptions *
dyno_ve_options_copy (const DynoVeOptions *self)
{
  DynoVeOptions *copy = g_memdup2 (self, sizeof *self);

  if (self->target_table != NULL)
    copy->target_table = dyno_target_copy (self->target_table);
  if (self->delay_table != NULL)
    copy->delay_table = dyno_grid_copy (self->delay_table);

  return copy;
}

void
dyno_ve_options_free (DynoVeOptions *self)
{
  if (self == NULL)
    return;

  dyno_target_free (self->target_table);
  dyno_grid_free (self->delay_table);
  g_free (self);
}

static const Option *
find_option (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      if (g_strcmp0 (options[i].name, name) == 0)
        return &options[i];
    }

  return NULL;
}

gboolean
dyno_ve_options_set (DynoVeOptions      *self,
                     const char         *name,
                     const DynoJson     *value,
                     DynoAnalysisError **error)
{
  const Option *option = find_option (name);
  g_autoptr(DynoJsonWriter) writer = NULL;
  g_autofree char *text = NULL;

  if (option == NULL)
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION, "There is no option “%s”.",
                               name != NULL ? name : "");
      return FALSE;
    }
  if (value != NULL && option->read (self, option, value))
    return TRUE;

  writer = dyno_json_writer_new (FALSE);
  dyno_json_writer_value (writer, value);
  text = dyno_json_writer_finish (g_steal_pointer (&writer));
  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                           "The option %s cannot be %s; allowed: %s.", name, text,
                           option->allowed);

  return FALSE;
}

/* The text as JSON, else as a JSON string. (transfer full) */
static DynoJson *
parse_word (const char *text)
{
  DynoJson *value = dyno_json_parse (text, -1, NULL);
  g_autofree char *quoted = NULL;
  DynoJsonWriter *writer;

  if (value != NULL)
    return value;

  writer = dyno_json_writer_new (FALSE);
  dyno_json_writer_string (writer, text);
  quoted = dyno_json_writer_finish (writer);

  return dyno_json_parse (quoted, -1, NULL);
}

gboolean
dyno_ve_options_set_text (DynoVeOptions      *self,
                          const char         *name,
                          const char         *text,
                          DynoAnalysisError **error)
{
  g_autoptr(DynoJson) value = parse_word (text);

  return dyno_ve_options_set (self, name, value, error);
}

gboolean
dyno_ve_options_set_all (DynoVeOptions      *self,
                         const DynoJson     *object,
                         DynoAnalysisError **error)
{
  g_autoptr(GPtrArray) names = NULL;

  if (dyno_json_type (object) != DYNO_JSON_OBJECT)
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION, "The options must be an object.");
      return FALSE;
    }

  names = dyno_json_names (object);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      if (!dyno_ve_options_set (self, name, dyno_json_member (object, name), error))
        return FALSE;
    }

  return TRUE;
}

char *
dyno_ve_options_canonical (const DynoVeOptions *self)
{
  DynoJsonWriter *writer = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (writer);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      dyno_json_writer_name (writer, options[i].name);
      options[i].write (self, &options[i], writer);
    }
  dyno_json_writer_end_object (writer);

  return dyno_json_writer_finish (writer);
}

const char *const *
dyno_ve_options_names (void)
{
  static const char *names[G_N_ELEMENTS (options) + 1];
  static gsize is_ready = 0;

  if (g_once_init_enter (&is_ready))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
        names[i] = options[i].name;
      g_once_init_leave (&is_ready, 1);
    }

  return names;
}
