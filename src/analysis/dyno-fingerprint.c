/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-fingerprint.h"

#include <string.h>

#include "dyno-crypt.h"

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const DynoFingerprintOutput *x = *(const DynoFingerprintOutput *const *) a;
  const DynoFingerprintOutput *y = *(const DynoFingerprintOutput *const *) b;

  return strcmp (x->name, y->name);
}

static void
append_outputs (GString                     *text,
                const DynoFingerprintOutput *outputs,
                guint                        n_outputs)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();

  for (guint i = 0; i < n_outputs; i++)
    g_ptr_array_add (sorted, (gpointer) &outputs[i]);
  g_ptr_array_sort (sorted, compare_names);
  for (guint i = 0; i < n_outputs; i++)
    {
      const DynoFingerprintOutput *output = g_ptr_array_index (sorted, i);

      g_string_append_printf (text, "%s\t%s\n", output->name, output->sha256);
    }
}

char *
dyno_fingerprint (const char                  *math_version,
                  const char                  *canonical_options,
                  const char *const           *inputs,
                  guint                        n_inputs,
                  const char                  *base,
                  const DynoFingerprintOutput *outputs,
                  guint                        n_outputs)
{
  g_autoptr(GString) text = g_string_new ("dynoai-analysis-1\n");
  g_autofree char *sum = NULL;

  g_string_append_printf (text, "%s\n%s\n", math_version, canonical_options);
  for (guint i = 0; i < n_inputs; i++)
    g_string_append_printf (text, "%s\n", inputs[i]);
  g_string_append_printf (text, "%s\n", base != NULL ? base : "-");
  append_outputs (text, outputs, n_outputs);
  sum = dyno_crypt_sha256_hex (text->str, text->len);

  return g_strconcat ("sha256:", sum, NULL);
}
