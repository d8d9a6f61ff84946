/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the program keeps about people, for these people to read. */

/* Rises when the text changes in meaning. */
#define DYNO_POLICY_VERSION 1

/* Paragraphs, each after an empty line. */
extern const char dyno_policy_text[];

G_END_DECLS
