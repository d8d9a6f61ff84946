/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"
#include "dyno-simulator.h"

G_BEGIN_DECLS

/* What the simulated dyno does, told line by line. The simulator's thread brings
 * the events, the main thread prints them. */

typedef struct _DynoSimulatorNews DynoSimulatorNews;

/* Made on the main thread; `config` is borrowed until the end. */
DynoSimulatorNews *dyno_simulator_news_new     (DynoCtl                   *ctl,
                                                const DynoSimulatorConfig *config);
void               dyno_simulator_news_free    (DynoSimulatorNews         *self);

/* For dyno_simulator_new (); `user_data` is the DynoSimulatorNews. */
void               dyno_simulator_news_cb      (const DynoSimulatorEvent  *event,
                                                gpointer                   user_data);

/* The simulator said that it is done. Main thread. */
gboolean           dyno_simulator_news_is_over (DynoSimulatorNews         *self);
/* After the simulator was stopped: prints what is left and the sums. */
void               dyno_simulator_news_end     (DynoSimulatorNews         *self,
                                                DynoSimulator             *simulator);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSimulatorNews, dyno_simulator_news_free)

G_END_DECLS
