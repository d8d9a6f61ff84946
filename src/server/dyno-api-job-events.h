/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-job-book.h"
#include "dyno-request.h"

G_BEGIN_DECLS

/* Answers with the server-sent events of one job: what it is now, each step, its end,
 * and then nothing more. Who reads slowly gets the newest step in place of those that he
 * missed. Thread dyno-server. */
void dyno_api_job_events_open (DynoRequest *request,
                               DynoJobCard *job);

G_END_DECLS
