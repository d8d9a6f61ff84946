/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A list of networks, "10.0.0.0/8, 2001:db8::/32, 192.168.1.7". An address without
 * a length is that one address. Immutable, any thread. */

#define DYNO_CIDR_MAX 64

typedef struct _DynoCidrList DynoCidrList;

/* Networks stand apart by commas, blanks or both; an empty text is an empty list.
 * DYNO_ERROR_INVALID names the entry: no network, bits set behind the length, more
 * than DYNO_CIDR_MAX. */
DynoCidrList *dyno_cidr_list_parse    (const char          *text,
                                       GError             **error);
void          dyno_cidr_list_free     (DynoCidrList        *self);

guint         dyno_cidr_list_length   (const DynoCidrList  *self);
/* An IPv4 address that came as ::ffff:a.b.c.d is judged as IPv4. */
gboolean      dyno_cidr_list_contains (const DynoCidrList  *self,
                                       GInetAddress        *address);
/* As "10.0.0.0/8,2001:db8::/32". (transfer full) */
char         *dyno_cidr_list_format   (const DynoCidrList  *self);

/* The IPv4 address inside ::ffff:a.b.c.d; every other address itself. (transfer full) */
GInetAddress *dyno_cidr_plain_address (GInetAddress        *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCidrList, dyno_cidr_list_free)

G_END_DECLS
