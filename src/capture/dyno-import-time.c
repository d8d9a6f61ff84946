/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-time.h"

#include "dyno-error.h"
#include "dyno-import-clock.h"
#include "dyno-import-date.h"
#include "dyno-import-repair.h"
#include "dyno-steps.h"

#include <math.h>

#define MAX_DECIMALS 9        /* a stamp has nanoseconds at most */
#define MAX_EXACT 2e15        /* integers of a double, with room for to_integer () */
#define LEAST_FRACTION_STEP 10 /* of ms that are no whole numbers */
#define LEAST_STEP 2          /* of stamps in ms: no logger is faster */
#define UNIX_S 1e9
#define LAST_UNIX_S 1e11      /* some thousand years from now */
#define UNIX_MS 1e12

/* rint () for |x| < 2^51, without a call: what is added leaves no bits for a
 * fraction. */
static double
to_integer (double x)
{
  const double magic = 6755399441055744.0; /* 1.5 · 2^52 */

  return (x + magic) - magic;
}

/* The fewest decimals that give every stamp back exactly; −1 when nine are not enough.
 * A stamp such as 0.05 is then known to mean 0.05 and not the double beside it. */
static int
count_decimals (const double *stamps,
                gsize         n)
{
  double power = 1;
  int decimals = 0;

  for (gsize i = 0; i < n && decimals <= MAX_DECIMALS;)
    {
      if (fabs (stamps[i]) * power < MAX_EXACT
          && to_integer (stamps[i] * power) / power == stamps[i])
        i++;
      else
        {
          decimals++;
          power *= 10;
        }
    }

  return decimals <= MAX_DECIMALS ? decimals : -1;
}

static gboolean
all_integers (const double *stamps,
              gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      if (stamps[i] != rint (stamps[i]))
        return FALSE;
    }

  return TRUE;
}

static void
set_unit (DynoImportStamps *self,
          const char       *form,
          double            per_second)
{
  self->report->time.form = form;
  self->per_second = per_second;
}

/* Numbers without a unit: by their size and by the step between them. */
static void
guess_unit (DynoImportStamps *self)
{
  double least = INFINITY;
  double step = dyno_steps_median (self->stamps, self->n);
  gboolean is_whole = all_integers (self->stamps, self->n);
  double confidence = 0.7;
  g_autofree char *change = NULL;

  for (gsize i = 0; i < self->n; i++)
    least = fmin (least, self->stamps[i]);

  if (least >= UNIX_MS)
    set_unit (self, "unix-milliseconds", 1000);
  else if (least >= UNIX_S)
    set_unit (self, "unix-seconds", 1);
  else if (step >= (is_whole ? 2 : LEAST_FRACTION_STEP) && step <= 5000)
    {
      set_unit (self, "milliseconds", 1000);
      confidence = is_whole ? 0.7 : 0.6;
    }
  else
    {
      set_unit (self, "seconds", 1);
      confidence = step > 5000 ? 0.5 : step >= 2 ? 0.6 : 0.7;
    }
  change = g_strdup_printf ("--unit \"%s=%s\"", self->column, self->per_second == 1 ? "ms" : "s");
  dyno_import_report_assume (self->report, "time_unit", self->column, confidence, change,
                             "“%s” names no unit; its numbers are read as %s", self->column,
                             self->report->time.form);
}

/* A dialect that counts ms does not step by less than two of them: then somebody has
 * converted the log. */
static gboolean
is_credible (const DynoImportStamps   *self,
             const DynoImportTimeUnit *unit)
{
  return !unit->is_assumed || unit->unit->scale != 1e-3
         || !(dyno_steps_median (self->stamps, self->n) < LEAST_STEP);
}

static void
take_unit (DynoImportStamps         *self,
           const DynoImportTimeUnit *unit)
{
  double scale = unit->unit->scale;

  set_unit (self, scale == 1e-3 ? "milliseconds" : scale == 1e-6 ? "microseconds" : "seconds",
            rint (1 / scale));
  if (unit->is_assumed)
    dyno_import_report_assume (self->report, "time_unit", self->column, 0.85, NULL,
                               "“%s” names no unit; this kind of log counts %s", self->column,
                               self->report->time.form);
}

/* Rows order[0 … n − 1] of `n_before` are kept: a marker stays before the first kept row
 * that followed it. */
static void
move_markers (DynoImportReport *report,
              const gsize      *order,
              gsize             n,
              gsize             n_before)
{
  g_autofree gsize *n_kept = NULL; /* rows kept above row i */

  if (report->markers->len == 0 || order == NULL)
    return;
  n_kept = g_new0 (gsize, n_before + 1);
  for (gsize i = 0; i < n; i++)
    n_kept[order[i] + 1]++;
  for (gsize i = 0; i < n_before; i++)
    n_kept[i + 1] += n_kept[i];
  for (guint i = 0; i < report->markers->len; i++)
    {
      DynoImportMarker *marker = &g_array_index (report->markers, DynoImportMarker, i);

      marker->before_row = n_kept[MIN (marker->before_row - 1, n_before)] + 1;
    }
}

/* Takes the stamps that could be read out of their column: it is no channel, and a
 * long log shall not have them twice. */
static void
collect_stamps (DynoImportStamps *self,
                DynoImportColumn *column)
{
  gsize n_rows = self->table->n_rows;

  self->stamps = dyno_numbers_steal_doubles (&column->numbers);
  if (self->stamps == NULL)
    return;
  if (column->n < n_rows)
    self->order = dyno_import_order_new (n_rows);

  for (gsize row = 0; row < n_rows; row++)
    {
      if (isnan (self->stamps[row]))
        continue;
      self->stamps[self->n] = self->stamps[row];
      if (self->order != NULL)
        self->order[self->n] = row;
      self->n++;
    }
  self->report->dropped_no_time = n_rows - self->n;
  move_markers (self->report, self->order, self->n, n_rows);
  dyno_import_table_measure (self->table, column); /* now empty */
}

/* Seconds from the first row, in place. With known decimals the difference is that
 * of the decimal numbers, rounded once. */
static void
turn_into_seconds (DynoImportStamps *self)
{
  const DynoImportTime *time = &self->report->time;
  double first = self->stamps[0];
  int decimals = self->decimals;
  double power = 1;

  /* Ranges of counters have six decimals of a second, a median may have one more. */
  if (decimals >= 0 && time->wraps > 0)
    decimals = MAX (decimals, 6);
  if (decimals >= 0 && time->restarts > 0)
    decimals = MIN (decimals + 1, MAX_DECIMALS);
  for (int i = 0; i < decimals; i++)
    power *= 10;

  for (gsize i = 0; i < self->n; i++)
    {
      double since = self->stamps[i] - first;

      if (decimals >= 0 && since * power < MAX_EXACT)
        self->stamps[i] = to_integer (since * power) / (power * self->per_second);
      else
        self->stamps[i] = since / self->per_second;
      /* What was added in a repair may have cost the last bit. */
      if (i > 0 && self->stamps[i] < self->stamps[i - 1])
        self->stamps[i] = self->stamps[i - 1];
    }
}

/* A row that repeats the row before with its stamp is no reading of its own. */
static void
drop_repeated (DynoImportStamps *self,
               gboolean          keeps_rows)
{
  double *time_s = self->stamps;
  g_autofree gsize *order = NULL;
  gsize n = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      gboolean is_equal = n > 0 && time_s[i] == time_s[n - 1];

      if (is_equal && !keeps_rows && !self->table->is_changed[i])
        {
          if (order == NULL)
            order = dyno_import_order_new (self->n);
          continue;
        }
      self->report->time.equal += is_equal;
      if (order != NULL)
        order[n] = i;
      time_s[n] = time_s[i];
      n++;
    }
  self->report->dropped_equal = self->n - n;
  move_markers (self->report, order, n, self->n);
  self->n = n;
  if (order != NULL)
    dyno_import_table_reorder (self->table, order, n);
}

static void
warn_of_repairs (DynoImportReport *report)
{
  const DynoImportTime *time = &report->time;

  if (report->dropped_no_time > 0)
    dyno_import_report_warn (report, "rows_without_time", time->column, report->dropped_no_time,
                             "%" G_GUINT64_FORMAT " rows have no readable stamp and were dropped",
                             report->dropped_no_time);
  if (report->dropped_equal > 0)
    dyno_import_report_warn (report, "repeated_rows", NULL, report->dropped_equal,
                             "%" G_GUINT64_FORMAT
                             " rows repeat the row before with its stamp and were dropped",
                             report->dropped_equal);
  if (time->wraps > 0)
    dyno_import_report_warn (report, "clock_wrap", time->column, time->wraps,
                             "The clock wrapped %" G_GUINT64_FORMAT " times and was unrolled",
                             time->wraps);
  if (time->midnights > 0)
    dyno_import_report_warn (report, "midnight", time->column, time->midnights,
                             "The log passes midnight %" G_GUINT64_FORMAT " times",
                             time->midnights);
  if (time->restarts > 0)
    dyno_import_report_warn (report, "clock_restart", time->column, time->restarts,
                             "The clock started again %" G_GUINT64_FORMAT
                             " times; the rows go on one step later and are marked",
                             time->restarts);
  if (time->backward > 0)
    dyno_import_report_warn (report, "clock_sorted", time->column, time->backward,
                             "%" G_GUINT64_FORMAT
                             " stamps lie before that of the row above; the rows were sorted",
                             time->backward);
}

static void
split_first (DynoImportTime *time,
             const char     *stamp)
{
  const char *begin = strchr ("Tt ", stamp[10]) != NULL ? stamp + 11 : stamp + 10;
  gsize n = strspn (begin, "0123456789:.,");

  time->date = g_strndup (stamp, 10);
  time->first = g_strndup (begin, n);
  while (begin[n] == ' ')
    n++;
  if (begin[n] != '\0')
    time->offset = g_strdup (begin + n);
}

static void
describe_unix (DynoImportTime *time,
               double          unix_s)
{
  gint64 unix_ms = unix_s < LAST_UNIX_S ? (gint64) rint (unix_s * 1000) : -1;
  g_autoptr(GDateTime) date = unix_ms >= 0 ? g_date_time_new_from_unix_utc (unix_ms / 1000) : NULL;

  if (date == NULL)
    return;
  time->date = g_strdup_printf ("%04d-%02d-%02d", g_date_time_get_year (date),
                                g_date_time_get_month (date), g_date_time_get_day_of_month (date));
  time->first = g_strdup_printf ("%02d:%02d:%02d.%03d", g_date_time_get_hour (date),
                                 g_date_time_get_minute (date), g_date_time_get_second (date),
                                 (int) (unix_ms % 1000));
  time->offset = g_strdup ("Z");
}

static char *
dup_number (double stamp)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (dyno_import_report_number (number, stamp, 15));
}

static void
describe_start (DynoImportStamps            *self,
                const DynoImportStampReader *reader)
{
  DynoImportReport *report = self->report;
  DynoImportTime *time = &report->time;

  if (reader->form == DYNO_IMPORT_STAMP_WALL_CLOCK)
    split_first (time, reader->first);
  else if (g_str_has_prefix (time->form, "unix"))
    describe_unix (time, self->stamps[0] / self->per_second);
  if (time->first == NULL)
    time->first = reader->first != NULL ? g_strdup (reader->first) : dup_number (self->stamps[0]);

  if (time->date != NULL && time->offset == NULL)
    dyno_import_report_assume (report, "zone", time->column, 0.7, NULL,
                               "The stamps name no time zone; that of the shop is meant");
  if (time->date != NULL || report->preamble == NULL)
    return;
  time->date = dyno_import_find_date (report->preamble);
  if (time->date != NULL)
    dyno_import_report_assume (report, "date", NULL, 0.6, NULL,
                               "The stamps have no date; %s stands above the header", time->date);
}

static void
choose_form (DynoImportStamps            *self,
             const DynoImportStampReader *reader,
             const DynoImportTimeUnit    *unit)
{
  if (reader->form == DYNO_IMPORT_STAMP_WALL_CLOCK)
    set_unit (self, "wall-clock", 1);
  else if (reader->form == DYNO_IMPORT_STAMP_TIME_OF_DAY)
    set_unit (self, "time-of-day", 1);
  else if (unit->unit != NULL && is_credible (self, unit))
    take_unit (self, unit);
  else
    guess_unit (self);
}

static double *
make_from_stamps (DynoImportStamps            *self,
                  const DynoImportStampReader *reader,
                  const DynoImportTimeUnit    *unit,
                  gboolean                     is_forced,
                  GError                     **error)
{
  DynoImportColumn *column = &self->table->columns[self->table->time_column];

  self->column = column->cell;
  self->report->time.column = g_strdup (column->cell);
  self->is_clock = reader->form != DYNO_IMPORT_STAMP_NUMBER;
  self->is_time_of_day = reader->form == DYNO_IMPORT_STAMP_TIME_OF_DAY;
  collect_stamps (self, column);
  if (self->n == 0)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "import_no_time",
                      "No stamp of the column “%s” can be read. Name another one "
                      "(--map \"COLUMN=time\"), or give the rate of the rows (--rate HZ).",
                      column->cell);
      return NULL;
    }

  choose_form (self, reader, unit);
  describe_start (self, reader);
  self->decimals = count_decimals (self->stamps, self->n);
  if (!dyno_import_stamps_repair (self, is_forced, error))
    return NULL;

  turn_into_seconds (self);
  if (self->order != NULL)
    dyno_import_table_reorder (self->table, self->order, self->n);
  drop_repeated (self, unit->keeps_rows);

  return g_steal_pointer (&self->stamps);
}

/* One behind the last row stands at its time. */
static void
place_markers (const double     *time_s,
               gsize             n,
               DynoImportReport *report)
{
  for (guint i = 0; i < report->markers->len; i++)
    {
      DynoImportMarker *marker = &g_array_index (report->markers, DynoImportMarker, i);

      marker->at_s = time_s[MIN (marker->before_row, n) - 1];
    }
}

static double *
make_from_rate (const DynoImportTable   *table,
                const DynoImportOptions *options,
                DynoImportReport        *report)
{
  double *time_s = g_new (double, MAX (table->n_rows, 1));
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  report->time.form = "rate";
  for (gsize i = 0; i < table->n_rows; i++)
    time_s[i] = (double) i / options->rate_hz;
  place_markers (time_s, table->n_rows, report);
  dyno_import_report_assume (report, "rate", NULL, 1, "--rate",
                             "The rows are taken at %s Hz, as given%s",
                             dyno_import_report_number (number, options->rate_hz, 6),
                             table->time_column >= 0 ? "; their stamps are not used" : "");

  return time_s;
}

gboolean
dyno_import_time_check (const DynoImportTable   *table,
                        const DynoImportOptions *options,
                        GError                 **error)
{
  if (table->time_column >= 0 || options->rate_hz > 0 || options->row_index)
    return TRUE;

  dyno_error_set (
      error, DYNO_ERROR_INVALID, "import_no_time",
      "No column of the log is known to hold the time. Name it (--map \"COLUMN=time\"), or "
      "give the rate of the rows (--rate HZ).");

  return FALSE;
}

double *
dyno_import_time_make (DynoImportTable             *table,
                       const DynoImportStampReader *reader,
                       const DynoImportTimeUnit    *unit,
                       const DynoImportOptions     *options,
                       DynoImportReport            *report,
                       GError                     **error)
{
  DynoImportStamps self = { .table = table, .report = report };
  double *time_s = NULL;

  if (options->rate_hz > 0)
    return make_from_rate (table, options, report);
  if (table->time_column >= 0)
    {
      time_s = make_from_stamps (&self, reader, unit, options->force, error);
      if (time_s != NULL)
        {
          place_markers (time_s, self.n, report);
          warn_of_repairs (report);
        }
      g_free (self.stamps);
      g_free (self.order);
      return time_s;
    }
  report->time.form = "row-index";
  dyno_import_report_assume (report, "no_time", NULL, 1, "--rate HZ",
                             "The log has no time; what needs time is not available");

  return NULL;
}
