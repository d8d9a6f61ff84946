/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-snapshot.h"

#include "dyno-json.h"

static void
add_list (DynoJsonWriter *w,
          const char     *name,
          char          **texts)
{
  if (texts == NULL || texts[0] == NULL)
    return;

  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (; *texts != NULL; texts++)
    dyno_json_writer_string (w, *texts);
  dyno_json_writer_end_array (w);
}

static void
add_text (DynoJsonWriter *w,
          const char     *name,
          const char     *text)
{
  if (text != NULL)
    dyno_json_writer_add_string (w, name, text);
}

static void
add_flag (DynoJsonWriter *w,
          const char     *name,
          gboolean        is_set)
{
  if (is_set)
    dyno_json_writer_add_boolean (w, name, TRUE);
}

static void
write_decisions (DynoJsonWriter          *w,
                 const DynoImportRequest *request)
{
  add_list (w, "map", request->map);
  add_list (w, "unit", request->unit);
  if (request->rate_hz > 0)
    dyno_json_writer_add_number (w, "rate_hz", request->rate_hz);
  add_flag (w, "row_index", request->row_index);
  add_text (w, "dialect", request->dialect);
  add_text (w, "header", request->header);
  add_text (w, "delimiter", request->delimiter);
  add_text (w, "decimal", request->decimal);
  add_flag (w, "force", request->force);
}

static gboolean
has_decisions (const DynoImportRequest *request)
{
  return (request->map != NULL && request->map[0] != NULL)
         || (request->unit != NULL && request->unit[0] != NULL) || request->rate_hz > 0
         || request->row_index || request->dialect != NULL || request->header != NULL
         || request->delimiter != NULL || request->decimal != NULL || request->force;
}

char *
dyno_import_snapshot (const DynoImportRequest *request,
                      const DynoAsker         *asker)
{
  const DynoPrincipal *principal = asker != NULL ? asker->principal : NULL;
  const char *operator = principal != NULL && principal->kind != DYNO_PRINCIPAL_OWNER
                           ? principal->name : NULL;
  DynoJsonWriter *w;

  if (operator == NULL && !has_decisions (request))
    return NULL;

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  add_text (w, "operator", operator);
  dyno_json_writer_name (w, "import");
  dyno_json_writer_begin_object (w);
  write_decisions (w, request);
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}
