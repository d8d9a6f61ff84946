/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-channel.h"
#include "dyno-klhdv.h"

G_BEGIN_DECLS

/* Which channel of a provider is our rpm, our mixture, our MAP (jetdrive.md
 * §3.2): by name and unit, never by number. A table holds the names in order of
 * preference; of the candidates the first that lives is bound, provisionally
 * the first announced where none does. A binding stays until its channel has
 * been dead for 5 s, is released, or a pin overrules it; only while it is
 * younger than 5 s may a better name that begins to live take its place, for
 * the channels of one list do not all speak in the same moment. Pure. */

#define DYNO_BINDING_ROWS 33
#define DYNO_BINDING_MOST_CODES 3
#define DYNO_BINDING_MOST_NAMES 10

typedef enum
{
  DYNO_NEED_NONE,
  DYNO_NEED_RECOMMENDED,
  DYNO_NEED_REQUIRED,
} DynoNeed;

/* A name as dyno_binding_fold () writes it; `*` stands for any text. */
typedef struct
{
  const char *folded; /* NULL ends the list */
  int         code;   /* the only unit code that will do; 0: those of the row */
} DynoBindingName;

/* One line of the table. */
typedef struct
{
  DynoChannel     canonical;
  DynoNeed        need;
  int             codes[DYNO_BINDING_MOST_CODES]; /* −1 ends them */
  double          low;                            /* plausible while live: wire unit, */
  double          high;                           /* mixture as AFR, pulse width in s */
  DynoBindingName names[DYNO_BINDING_MOST_NAMES]; /* best first */
} DynoBindingRow;

/* An operator's word: this channel is that. `canonical` NONE: it is nothing. */
typedef struct
{
  char       *provider;   /* (owned) */
  char       *channel;    /* (owned) name on the wire */
  guint8      unit_code;
  guint       occurrence; /* n-th of its name, from 1 */
  DynoChannel canonical;
} DynoPin;

/* How a channel came to its canonical one, best first. */
typedef enum
{
  DYNO_BOUND_NOT,
  DYNO_BOUND_BY_PIN,
  DYNO_BOUND_BY_NAME,
  DYNO_BOUND_BY_PREFIX,  /* the wire cut the name */
  DYNO_BOUND_BY_PATTERN,
} DynoBoundBy;

typedef struct
{
  guint       slot;        /* the provider's number of the channel */
  guint16     id;
  guint8      rank;        /* place of the name in its row */
  DynoBoundBy by;
} DynoCandidate;

typedef struct
{
  gboolean    is_bound;
  gboolean    is_provisional; /* it has not lived yet */
  gboolean    is_pinned;
  guint       slot;
  gint64      since_us;       /* when it began to live in this place */
  DynoBoundBy by;
  guint8      rank;
} DynoBound;

typedef struct _DynoBinding DynoBinding;

/* Does the channel of that slot live at the moment of asking? */
typedef gboolean (*DynoBindingLives) (guint    slot,
                                      gpointer user_data);

extern const DynoBindingRow dyno_binding_rows[DYNO_BINDING_ROWS];
/* NULL for a channel the table does not name. */
const DynoBindingRow *dyno_binding_find_row    (DynoChannel          canonical);

/* "(DWRT CPU) Air Fuel  Ratio 1" becomes "air/fuel ratio 1". (transfer full) */
char                 *dyno_binding_fold        (const char          *name);
/* A folded name against a folded name of the table, `*` and all. */
DynoBoundBy           dyno_binding_match       (const char          *pattern,
                                                const char          *folded,
                                                gboolean             is_full_width);

DynoBinding          *dyno_binding_new         (void);
void                  dyno_binding_free        (DynoBinding         *self);

/* A channel is there; `slot` numbers it until it is removed. */
void                  dyno_binding_add         (DynoBinding         *self,
                                                guint                slot,
                                                guint16              id,
                                                const char          *name,
                                                guint8               unit_code,
                                                gboolean             is_full_width);
void                  dyno_binding_remove      (DynoBinding         *self,
                                                guint                slot);
void                  dyno_binding_clear       (DynoBinding         *self);

/* Pins that hold now; a slot may be pinned to one canonical or to NONE. */
void                  dyno_binding_clear_pins  (DynoBinding         *self);
void                  dyno_binding_pin         (DynoBinding         *self,
                                                guint                slot,
                                                DynoChannel          canonical);

/* Binds anew; TRUE where a row changed. Ask dyno_binding_bound () for all. */
gboolean              dyno_binding_update      (DynoBinding         *self,
                                                gint64               now_us,
                                                DynoBindingLives     lives,
                                                gpointer             user_data);
const DynoBound      *dyno_binding_bound       (const DynoBinding   *self,
                                                guint                row);
/* The same by canonical channel; NULL for one that the table does not name. */
const DynoBound      *dyno_binding_bound_to    (const DynoBinding   *self,
                                                DynoChannel          canonical);
/* Puts a row back as it was, from a key frame. */
void                  dyno_binding_restore     (DynoBinding         *self,
                                                DynoChannel          canonical,
                                                const DynoBound     *bound);

/* 0…1, and a word: "pinned", "name", "prefix", "pattern". */
double                dyno_bound_confidence    (const DynoBound     *bound);
const char           *dyno_bound_reason        (const DynoBound     *bound);

DynoPin              *dyno_pin_new             (const char          *provider,
                                                const char          *channel,
                                                guint8               unit_code,
                                                guint                occurrence,
                                                DynoChannel          canonical);
void                  dyno_pin_free            (DynoPin             *pin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBinding, dyno_binding_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPin, dyno_pin_free)

G_END_DECLS
