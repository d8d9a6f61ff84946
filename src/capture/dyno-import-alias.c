/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-alias.h"

#include <string.h>

#define CUT_LENGTH 30 /* bytes that JETDRIVE keeps of a name */

typedef struct
{
  DynoChannel channel;
  const char *names; /* folded, "|" between, best first; "=unit" where the name tells it, */
                     /* "~" before one that is the last resort */
} Row;

static const Row rows[] = {
  { DYNO_CHANNEL_TIME,
    "time|timestamp|log time|logentryseconds=s|timestamp ms=ms|time ms=ms|zeit" },
  { DYNO_CHANNEL_RPM,
    "engine rpm|engine speed|engspeed|rpm|digital rpm 1|digital rpm 2|zt 2 rpm|"
    "engine/rpm|plx engine speed|motordrehzahl|nmot|n|nmot w|enginespeed" },
  { DYNO_CHANNEL_MAP,
    "manifold absolute pressure|map kpa=kPa|map|man abs press|manifold pressure|"
    "plx manifold absolute pressure|engine/map|intake manifold pressure" },
  { DYNO_CHANNEL_MIX_F,
    "air/fuel ratio 1|wbo2 afr front|afr meas f|measured afr f|wb afr f|afr front|afr f|wbo2 f|"
    "at lambda 1|lambda 1" },
  { DYNO_CHANNEL_MIX_R,
    "air/fuel ratio 2|wbo2 afr rear|afr meas r|measured afr r|wb afr r|afr rear|afr r|wbo2 r|"
    "at lambda 2|lambda 2" },
  { DYNO_CHANNEL_MIX,
    "zt 2 afr|afr|air/fuel ratio|afr measured|measured afr|wideband o2 1|wideband o2 overall|"
    "plx o2 wideband|wbo2|lambda" },
  { DYNO_CHANNEL_TARGET_F, "afr cmd f|cmd afr f|afr target f|commanded afr f" },
  { DYNO_CHANNEL_TARGET_R, "afr cmd r|cmd afr r|afr target r|commanded afr r" },
  { DYNO_CHANNEL_TARGET,
    "afr cmd|desired afr|desired air/fuel|desired lambda|set lambda|afr target|lambda target|"
    "target lambda|afr set point|afr sp|commanded afr" },
  { DYNO_CHANNEL_POWER_CORR, "power|horsepower=hp|hp=hp" },
  { DYNO_CHANNEL_POWER, "power (uncorrected)" },
  { DYNO_CHANNEL_TORQUE_CORR, "torque|tq" },
  { DYNO_CHANNEL_TORQUE, "torque (uncorrected)|engine torque" },
  { DYNO_CHANNEL_FORCE, "force drum 1|force 1|force" },
  { DYNO_CHANNEL_SPEED, "speed 1|speed|~vehicle speed" },
  { DYNO_CHANNEL_ACCEL, "acceleration" },
  { DYNO_CHANNEL_CORRECTION, "correction factor" },
  { DYNO_CHANNEL_BARO, "pressure|baro pressure|barometric pressure" },
  { DYNO_CHANNEL_AMBIENT_TEMP, "temperature 1" },
  { DYNO_CHANNEL_HUMIDITY, "humidity|relative humidity" },
  { DYNO_CHANNEL_TPS,
    "throttle position|throttle pos|tps|zt 2 tps|sensors/tps1|throttle|tp" },
  { DYNO_CHANNEL_IAT, "intake air temperature|iat|intake temp" },
  { DYNO_CHANNEL_ENGINE_TEMP, "engine temperature|clt|coolant temp|ect|et|engine temp" },
  { DYNO_CHANNEL_SPARK_F, "spark advance front|advance f" },
  { DYNO_CHANNEL_SPARK_R, "spark advance rear|advance r" },
  { DYNO_CHANNEL_SPARK, "advance|timing advance|ignition/angle|ignition timing" },
  { DYNO_CHANNEL_KNOCK_F, "front spark knock retard|spark knock f|knock ret f|"
                          "knock retard f|knock retard front|knock f|knock front|front knock|"
                          "spark retard f" },
  { DYNO_CHANNEL_KNOCK_R, "rear spark knock retard|spark knock r|knock ret r|"
                          "knock retard r|knock retard rear|knock r|knock rear|rear knock|"
                          "spark retard r" },
  { DYNO_CHANNEL_KNOCK, "knock|knock retard|kr" },
  { DYNO_CHANNEL_VE_F, "ve front|ve f|ve1" },
  { DYNO_CHANNEL_VE_R, "ve rear|ve r" },
  { DYNO_CHANNEL_PW_F, "injector time front|inj pw f|pw" },
  { DYNO_CHANNEL_PW_R, "injector time rear|inj pw r" },
  { DYNO_CHANNEL_VBATT, "battery voltage|battery v|vbatt|b+" },
  { DYNO_CHANNEL_GEAR, "gear|gear position" },
  { DYNO_CHANNEL_STFT,
    "stft bank 1|short term fuel trim bank 1|short term fuel % trim bank 1|stft" },
  { DYNO_CHANNEL_LTFT,
    "ltft bank 1|long term fuel trim bank 1|long term fuel % trim bank 1|ltft" },
  { DYNO_CHANNEL_WB_READY_F, "sensor ready 1" },
  { DYNO_CHANNEL_WB_READY_R, "sensor ready 2" },
};

/* `word` stands in `text` between blanks or ends. */
static const char *
find_word (const char *text,
           const char *word)
{
  gsize n = strlen (word);

  for (const char *p = strstr (text, word); p != NULL; p = strstr (p + 1, word))
    {
      if ((p == text || p[-1] == ' ') && (p[n] == '\0' || p[n] == ' '))
        return p;
    }

  return NULL;
}

static void
replace_word (GString    *text,
              const char *word,
              const char *with)
{
  const char *at = find_word (text->str, word);
  gssize place;

  if (at == NULL)
    return;
  place = at - text->str;
  g_string_erase (text, place, (gssize) strlen (word));
  g_string_insert (text, place, with);
}

char *
dyno_import_name_fold (const char *name)
{
  GString *text = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p++)
    {
      if (strchr (" \t_-.", *p) == NULL)
        g_string_append_c (text, g_ascii_tolower (*p));
      else if (text->len > 0 && text->str[text->len - 1] != ' ')
        g_string_append_c (text, ' ');
    }
  if (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  replace_word (text, "air fuel", "air/fuel");
  replace_word (text, "a/f", "air/fuel");

  return g_string_free (text, FALSE);
}

typedef struct
{
  char           *folded; /* (owned) */
  DynoImportAlias alias;
} Entry;

typedef struct
{
  GArray     *entries; /* (owned) of Entry, in the order of the table */
  GHashTable *places;  /* (owned) folded name to place + 1 */
} Index;

static void
index_add (Index      *self,
           const Row  *row,
           guint       order,
           const char *name)
{
  gboolean is_last = name[0] == '~';
  const char *begin = name + is_last;
  const char *equals = strchr (begin, '=');
  const DynoUnit *unit = equals != NULL ? dyno_unit_find (equals + 1) : NULL;
  Entry entry = {
    .folded = equals != NULL ? g_strndup (begin, (gsize) (equals - begin)) : g_strdup (begin),
    .alias = { .channel = row->channel,
               .order = order,
               .is_last = is_last,
               .unit = unit != NULL ? unit->symbol : NULL },
  };

  g_array_append_val (self->entries, entry);
  g_hash_table_insert (self->places, entry.folded, GUINT_TO_POINTER (self->entries->len));
}

static const Index *
get_index (void)
{
  static Index index;
  static gsize is_made = 0;

  if (g_once_init_enter (&is_made))
    {
      index.entries = g_array_new (FALSE, FALSE, sizeof (Entry));
      index.places = g_hash_table_new (g_str_hash, g_str_equal);
      for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        {
          g_auto(GStrv) names = g_strsplit (rows[i].names, "|", -1);

          for (guint order = 0; names[order] != NULL; order++)
            index_add (&index, &rows[i], order, names[order]);
        }
      g_once_init_leave (&is_made, 1);
    }

  return &index;
}

static gboolean
find_whole (const char      *folded,
            DynoImportAlias *alias)
{
  const Index *index = get_index ();
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (index->places, folded));

  if (place == 0)
    return FALSE;
  *alias = g_array_index (index->entries, Entry, place - 1).alias;

  return TRUE;
}

/* The first alias that goes on where the name was cut. */
static gboolean
find_cut (const char      *folded,
          DynoImportAlias *alias)
{
  const Index *index = get_index ();

  for (guint i = 0; i < index->entries->len; i++)
    {
      const Entry *entry = &g_array_index (index->entries, Entry, i);

      if (g_str_has_prefix (entry->folded, folded))
        {
          *alias = entry->alias;
          alias->is_prefix = TRUE;
          return TRUE;
        }
    }

  return FALSE;
}

/* "WB Volts Petrol AFR": a voltage that the dyno has turned into AFR already. */
static gboolean
find_volts (const char      *folded,
            DynoImportAlias *alias)
{
  const char *volts = find_word (folded, "volts");
  const char *fuel = volts != NULL ? strchr (volts, ' ') : NULL;
  const char *last = strrchr (folded, ' ');

  if (volts == folded || fuel == NULL || last <= fuel)
    return FALSE;
  if (!g_str_equal (last, " afr") && !g_str_equal (last, " afr2"))
    return FALSE;

  *alias = (DynoImportAlias){ .channel = g_str_equal (last, " afr") ? DYNO_CHANNEL_MIX_F
                                                                    : DYNO_CHANNEL_MIX_R,
                              .order = 100 };

  return TRUE;
}

static gboolean
is_target (DynoChannel channel)
{
  return channel == DYNO_CHANNEL_TARGET_F || channel == DYNO_CHANNEL_TARGET_R
         || channel == DYNO_CHANNEL_TARGET;
}

static gboolean
says_target (const char *folded)
{
  static const char *const words[] = { "desired", "target", "cmd", "set", "setpoint", "commanded" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (find_word (folded, words[i]) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* A bare "Pressure" is the barometer of the weather module and nothing else. */
static gboolean
is_allowed (const DynoImportName  *name,
            const char            *folded,
            const DynoImportAlias *alias)
{
  g_autofree char *module = dyno_import_name_fold (name->module);

  if (g_str_equal (folded, "pressure") && find_word (module, "atmo") == NULL)
    return FALSE;

  return is_target (alias->channel) || !says_target (folded);
}

static gboolean
find_name (const DynoImportName *name,
           const char           *spelling,
           gboolean              is_cut,
           DynoImportAlias      *alias)
{
  g_autofree char *folded = dyno_import_name_fold (spelling);
  gboolean is_found;

  if (is_cut)
    is_found = folded[0] != '\0' && find_cut (folded, alias);
  else
    is_found = find_whole (folded, alias) || find_volts (folded, alias);

  return is_found && is_allowed (name, folded, alias);
}

gboolean
dyno_import_alias_find (const DynoImportName *name,
                        DynoImportAlias      *alias)
{
  gboolean may_be_cut = strlen (name->name) == CUT_LENGTH;

  *alias = (DynoImportAlias){ 0 };
  if (find_name (name, name->name, FALSE, alias)
      || (name->second != NULL && find_name (name, name->second, FALSE, alias))
      || (may_be_cut && find_name (name, name->name, TRUE, alias)))
    return TRUE;
  *alias = (DynoImportAlias){ 0 };

  return FALSE;
}

gboolean
dyno_import_name_says_lambda (const DynoImportName *name)
{
  g_autofree char *folded = dyno_import_name_fold (name->name);

  return find_word (folded, "lambda") != NULL;
}

gboolean
dyno_import_name_says_afr (const DynoImportName *name)
{
  g_autofree char *folded = dyno_import_name_fold (name->name);

  return find_word (folded, "afr") != NULL || strstr (folded, "air/fuel") != NULL;
}

gboolean
dyno_import_name_is_numbered (const DynoImportName *name)
{
  return g_str_has_prefix (name->name, "chan_") && name->name[5] != '\0'
         && strspn (name->name + 5, "0123456789") == strlen (name->name + 5);
}
