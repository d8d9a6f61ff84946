/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The two text forms of Prometheus: 0.0.4, and OpenMetrics 1.0.0, where a family
 * of counters is named without "_total", numbers of `le` are floating, the unit
 * stands in a line of its own and "# EOF" ends the whole. */

#include "config.h"

#include "dyno-metrics.h"

#include <math.h>
#include <string.h>

typedef struct
{
  GString          *text;
  DynoMetricsFormat format;
} Page;

static gboolean
is_open (const Page *page)
{
  return page->format == DYNO_METRICS_OPENMETRICS;
}

static const char *
type_name (const Page    *page,
           DynoMetricType type)
{
  static const char *const names[] = { "counter", "gauge", "histogram", "info" };

  return type == DYNO_METRIC_INFO && !is_open (page) ? "gauge" : names[type];
}

/* The name of the samples, without the suffixes of a histogram. */
static char *
sample_name (const DynoMetricFamily *family)
{
  return g_strconcat (family->name, family->type == DYNO_METRIC_INFO ? "_info" : "", NULL);
}

static char *
family_name (const Page             *page,
             const DynoMetricFamily *family)
{
  if (!is_open (page))
    return sample_name (family);
  if (family->type == DYNO_METRIC_COUNTER)
    return g_strndup (family->name, strlen (family->name) - strlen ("_total"));

  return g_strdup (family->name);
}

static void
print_head (Page                   *page,
            const DynoMetricFamily *family)
{
  static const char *const units[] = { "seconds", "bytes", "percent" };
  g_autofree char *name = family_name (page, family);
  const char *last = strrchr (name, '_') + 1;

  g_string_append_printf (page->text, "# HELP %s %s\n# TYPE %s %s\n", name, family->help, name,
                          type_name (page, family->type));
  for (guint i = 0; is_open (page) && i < G_N_ELEMENTS (units); i++)
    {
      if (g_str_equal (last, units[i]))
        g_string_append_printf (page->text, "# UNIT %s %s\n", name, units[i]);
    }
}

static void
print_value (GString *text,
             double   value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (isinf (value))
    g_string_append (text, value > 0 ? "+Inf" : "-Inf");
  else
    g_string_append (text, g_ascii_dtostr (number, sizeof number, value));
}

static void
print_escaped (GString    *text,
               const char *value)
{
  for (; *value != '\0'; value++)
    {
      if (*value == '\\' || *value == '"')
        g_string_append_c (text, '\\');
      if (*value == '\n')
        g_string_append (text, "\\n");
      else
        g_string_append_c (text, *value);
    }
}

static void
print_bound (Page   *page,
             double  bound)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%.10g", bound);
  g_string_append (page->text, number);
  if (is_open (page) && strpbrk (number, ".e") == NULL)
    g_string_append (page->text, ".0");
}

/* The labels of a sample; `bound` (nullable) is that of a bucket. */
static void
print_labels (Page                   *page,
              const DynoMetricSample *sample,
              const double           *bound)
{
  const DynoMetricFamily *family = dyno_metrics_family (sample->metric);
  const char *before = "{";

  for (guint i = 0; sample->labels[i] != NULL; i++)
    {
      g_string_append_printf (page->text, "%s%s=\"", before, family->labels[i]);
      print_escaped (page->text, sample->labels[i]);
      g_string_append_c (page->text, '"');
      before = ",";
    }
  if (bound != NULL)
    {
      g_string_append_printf (page->text, "%sle=\"", before);
      if (isinf (*bound))
        g_string_append (page->text, "+Inf");
      else
        print_bound (page, *bound);
      g_string_append_c (page->text, '"');
      before = ",";
    }
  if (*before == ',')
    g_string_append_c (page->text, '}');
  g_string_append_c (page->text, ' ');
}

static void
print_histogram (Page                   *page,
                 const char             *name,
                 const DynoMetricSample *sample)
{
  const DynoMetricFamily *family = dyno_metrics_family (sample->metric);
  guint64 n = 0;

  for (guint i = 0; i <= family->n_bounds; i++)
    {
      double bound = i < family->n_bounds ? family->bounds[i] : INFINITY;

      n += sample->buckets[i];
      g_string_append_printf (page->text, "%s_bucket", name);
      print_labels (page, sample, &bound);
      g_string_append_printf (page->text, "%" G_GUINT64_FORMAT "\n", n);
    }
  g_string_append_printf (page->text, "%s_sum", name);
  print_labels (page, sample, NULL);
  print_value (page->text, sample->value);
  g_string_append_printf (page->text, "\n%s_count", name);
  print_labels (page, sample, NULL);
  g_string_append_printf (page->text, "%" G_GUINT64_FORMAT "\n", n);
}

static void
print_sample (Page                   *page,
              const DynoMetricSample *sample)
{
  const DynoMetricFamily *family = dyno_metrics_family (sample->metric);
  g_autofree char *name = sample_name (family);

  if (isnan (sample->value))
    return;
  if (family->type == DYNO_METRIC_HISTOGRAM)
    {
      print_histogram (page, name, sample);
      return;
    }

  g_string_append (page->text, name);
  print_labels (page, sample, NULL);
  print_value (page->text, sample->value);
  g_string_append_c (page->text, '\n');
}

char *
dyno_metrics_print (DynoMetricsFormat format)
{
  g_autoptr(GPtrArray) samples = dyno_metrics_snapshot ();
  Page page = { g_string_new (NULL), format };
  guint next = 0;

  for (int metric = 0; metric < DYNO_N_METRICS; metric++)
    {
      print_head (&page, dyno_metrics_family (metric));
      for (; next < samples->len; next++)
        {
          const DynoMetricSample *sample = g_ptr_array_index (samples, next);

          if (sample->metric != (DynoMetric) metric)
            break;
          print_sample (&page, sample);
        }
    }
  if (is_open (&page))
    g_string_append (page.text, "# EOF\n");

  return g_string_free (page.text, FALSE);
}

/* "…;q=0" is a refusal. */
static gboolean
is_refused (char **parameters)
{
  for (guint i = 1; parameters[i] != NULL; i++)
    {
      const char *parameter = g_strstrip (parameters[i]);

      if (g_ascii_strncasecmp (parameter, "q=", 2) == 0)
        return g_ascii_strtod (parameter + 2, NULL) <= 0;
    }

  return FALSE;
}

DynoMetricsFormat
dyno_metrics_choose_format (const char *accept)
{
  g_auto(GStrv) ranges = g_strsplit (accept != NULL ? accept : "", ",", 32);

  for (guint i = 0; ranges[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (ranges[i], ";", 16);

      if (parts[0] != NULL && !is_refused (parts)
          && g_ascii_strcasecmp (g_strstrip (parts[0]), "application/openmetrics-text") == 0)
        return DYNO_METRICS_OPENMETRICS;
    }

  return DYNO_METRICS_TEXT;
}

const char *
dyno_metrics_content_type (DynoMetricsFormat format)
{
  return format == DYNO_METRICS_OPENMETRICS
           ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
           : "text/plain; version=0.0.4; charset=utf-8";
}
