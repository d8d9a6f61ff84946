/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-limit-count.h"

G_BEGIN_DECLS

/* The class of a route (service.md 4.2) and the policies that a call of it is judged by.
 * The class comes from the matched row of the route table, never from the path's text.
 * The window and the admin socket are exempt: nobody asks for them. */

typedef enum
{
  DYNO_LIMIT_OPEN, /* the address alone */
  DYNO_LIMIT_LOGIN,
  DYNO_LIMIT_REGISTER,
  DYNO_LIMIT_REFRESH,
  DYNO_LIMIT_DEFAULT,
  DYNO_LIMIT_READ,
  DYNO_LIMIT_LIVE,
  DYNO_LIMIT_STREAM,
  DYNO_LIMIT_ANALYZE,
  DYNO_LIMIT_UPLOAD,
  DYNO_LIMIT_HEAVY,
  DYNO_LIMIT_VSESSION,
  DYNO_LIMIT_VTOKEN,
  DYNO_LIMIT_RELAY,
  DYNO_LIMIT_BEFORE_AUTH, /* no route's: asked of the address before its credential is read */
  DYNO_LIMIT_FAILED_AUTH, /* no route's: taken when a credential proved bad, with the address */
  DYNO_N_LIMIT_CLASSES
} DynoLimitClass;

#define DYNO_LIMIT_MAX_TAKES 8

/* One policy asked for one subject. */
typedef struct
{
  DynoLimitPolicyId  policy;
  const char        *subject; /* (borrowed) */
  gint64             limit;   /* L of this subject, 1 or more */
  gint64             cost;    /* 1 or more */
} DynoLimitTake;

/* Who calls. */
typedef struct
{
  const char *address;    /* as dyno_limit_name_address () writes it */
  const char *principal;  /* id of the key or user; NULL without a credential: the address */
  gint64      per_minute; /* the key's own number instead of the default; 0 where it has none */
  gint64      per_day;    /* the key's or user's own; 0 where it has none */
} DynoLimitCaller;

/* Fills `takes` and answers how many. Every class has the address first. */
gsize       dyno_limit_plan         (const DynoLimitRules  *rules,
                                     DynoLimitClass         class_,
                                     const DynoLimitCaller *caller,
                                     DynoLimitTake          takes[DYNO_LIMIT_MAX_TAKES]);

/* "default", as the route table and OpenAPI write it. */
const char *dyno_limit_class_name   (DynoLimitClass         class_);

/* An address as a subject: "192.0.2.7"; of IPv6 the network of 64 bits, "2001:db8:0:7::/64". */
void        dyno_limit_name_address (GInetAddress          *address,
                                     char                   name[DYNO_LIMIT_SUBJECT_SIZE]);

G_END_DECLS
