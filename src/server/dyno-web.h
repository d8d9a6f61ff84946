/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-request.h"

G_BEGIN_DECLS

/* The two pages that the service serves, out of the program itself (ui/web): the one of
 * the API, and the one for telephones on the LAN. Thread dyno-server. */

typedef enum
{
  DYNO_WEB_DOCS,
  DYNO_WEB_LAN,
} DynoWebPage;

/* Answers with a file of the page, "" for the page itself, or with 404. With an ETag, and
 * with a policy that lets it ask this service and nobody else. */
void dyno_web_reply (DynoRequest *request,
                     DynoWebPage  page,
                     const char  *name);

G_END_DECLS
