/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Student's t (analysis.md 1.5): probabilities by the continued fraction of the
 * incomplete beta function, quantiles by bisection on them. Any ν > 0, whole or
 * not. NaN in, NaN out. */

/* Two-sided: how often |T| is at least |t|. */
double dyno_student_p        (double t,
                              double nu);
/* The t that T stays below with probability q, 0 < q < 1: 2.2281 for 0.975 and ν 10. */
double dyno_student_quantile (double q,
                              double nu);

G_END_DECLS
