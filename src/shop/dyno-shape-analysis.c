/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-analysis.h"

#include "dyno-shape-private.h"

/* (transfer full) (nullable) */
static DynoJson *
parse (const DynoAnalysisRecord *record)
{
  return record->result != NULL
           ? dyno_json_parse_limited (record->result, -1, &dyno_json_limits_own, NULL) : NULL;
}

/* The member as it is kept, null where it is not. */
static void
copy_member (DynoJsonWriter *w,
             const DynoJson *json,
             const char     *name)
{
  const DynoJson *value = dyno_json_member (json, name);

  dyno_json_writer_name (w, name);
  if (value != NULL)
    dyno_json_writer_value (w, value);
  else
    dyno_json_writer_null (w);
}

static void
write_cylinder (DynoJsonWriter *w,
                const DynoJson *json,
                const char     *name)
{
  static const char *const members[] = { "correction", "afr_error", "hits", "confidence", "zone" };
  const DynoJson *cylinder = dyno_json_member (json, name);

  dyno_json_writer_name (w, name);
  if (!dyno_json_get_boolean (cylinder, "has_sensor", FALSE))
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    copy_member (w, cylinder, members[i]);
  dyno_json_writer_end_object (w);
}

gboolean
dyno_shape_analysis (DynoJsonWriter           *w,
                     const DynoAnalysisRecord *record)
{
  static const char *const head[] = { "run_ids", "math_version", "fingerprint", "options", "grid" };
  static const char *const tail[] = { "rejected", "delay_ms" };
  g_autoptr(DynoJson) json = parse (record);

  if (json == NULL)
    return FALSE;
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", record->id);
  for (guint i = 0; i < G_N_ELEMENTS (head); i++)
    copy_member (w, json, head[i]);
  write_cylinder (w, json, "front");
  write_cylinder (w, json, "rear");
  for (guint i = 0; i < G_N_ELEMENTS (tail); i++)
    copy_member (w, json, tail[i]);
  copy_member (w, dyno_json_member (json, "confidence"), "grade");
  copy_member (w, json, "anomalies");
  copy_member (w, json, "warnings");
  dyno_shape_add_time_ms (w, "created_at", record->created_ms);
  dyno_json_writer_end_object (w);

  return TRUE;
}

/* What an adviser said; a section has its name, but for one. */
static const DynoJson *
find_advice (const DynoJson *json,
             const char     *section)
{
  const char *adviser = g_str_equal (section, "heat-soak") ? "heat" : section;
  const DynoJson *all = dyno_json_member (json, "advice");

  for (guint i = 0; i < dyno_json_n_elements (all); i++)
    {
      const DynoJson *advice = dyno_json_element (all, i);

      if (g_strcmp0 (dyno_json_get_string (advice, "adviser"), adviser) == 0)
        return advice;
    }

  return NULL;
}

static void
copy_list (DynoJsonWriter *w,
           const DynoJson *json,
           const char     *name)
{
  const DynoJson *list = dyno_json_member (json, name);

  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < dyno_json_n_elements (list); i++)
    dyno_json_writer_value (w, dyno_json_element (list, i));
  dyno_json_writer_end_array (w);
}

gboolean
dyno_shape_analysis_section (DynoJsonWriter           *w,
                             const DynoAnalysisRecord *record,
                             const char               *section)
{
  g_autoptr(DynoJson) json = parse (record);
  const DynoJson *advice = find_advice (json, section);

  if (json == NULL)
    return FALSE;
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "analysis_id", record->id);
  dyno_json_writer_add_string (w, "section", section);
  dyno_json_writer_add_boolean (w, "available",
                                dyno_json_get_boolean (advice, "available", FALSE));
  copy_list (w, advice, "findings");
  copy_list (w, advice, "missing");
  copy_member (w, g_str_equal (section, "spark") ? json : NULL, "spark");
  dyno_json_writer_end_object (w);

  return TRUE;
}
