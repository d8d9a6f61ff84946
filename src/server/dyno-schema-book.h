/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-field.h"

G_BEGIN_DECLS

/* Types, fields and schemas in the words of JSON Schema 2020-12, for dyno-openapi.c. */

/* The schemas that were met, by the name of their component. */
typedef struct
{
  GPtrArray  *names;   /* (owned) text, in the order they were met */
  GHashTable *schemas; /* (owned) name to DynoSchema */
} DynoSchemaBook;

void  dyno_schema_book_init  (DynoSchemaBook   *self);
void  dyno_schema_book_clear (DynoSchemaBook   *self);

/* A schema that comes in asks for less and refuses more than the same one going out: it
 * is a component of its own, "VehicleInput". Adds those inside it, too. */
void  dyno_schema_book_add   (DynoSchemaBook   *self,
                              DynoDirection     direction,
                              const DynoSchema *schema);
/* Those that stand in a table of fields (nullable). */
void  dyno_schema_book_scan  (DynoSchemaBook   *self,
                              DynoDirection     direction,
                              const DynoField  *fields);
/* All of them, as members of components.schemas. */
void  dyno_schema_book_write (DynoSchemaBook   *self,
                              DynoJsonWriter   *w);

/* {"type":"object", …} of a table. */
void  dyno_schema_write_fields (DynoJsonWriter   *w,
                                DynoDirection     direction,
                                const DynoField  *fields,
                                const char       *meaning); /* (nullable) */
/* {"$ref":"#/components/schemas/…"} */
void  dyno_schema_write_ref    (DynoJsonWriter   *w,
                                DynoDirection     direction,
                                const DynoSchema *schema);
/* One value with its meaning and default. */
void  dyno_schema_write_field  (DynoJsonWriter   *w,
                                DynoDirection     direction,
                                const DynoField  *field);

G_END_DECLS
