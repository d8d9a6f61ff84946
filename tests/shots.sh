#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The DynoAI authors
#
# shots.sh PROGRAM BUILD-FOLDER [SCENE...]: pictures into BUILD-FOLDER/shots, those of
# the page Runs by PROGRAM-runs beside it; then those of high contrast, which libadwaita
# decides once when it starts.

set -eu
program=$1
build=$2
shift 2

export DYNO_SCREEN=3840x2160x24 GSK_RENDERER=cairo GSETTINGS_BACKEND=memory GTK_USE_PORTAL=0
export GSETTINGS_SCHEMA_DIR="$build/data" LC_ALL=C.UTF-8 TZ=UTC G_DEBUG=fatal-warnings
run=$(dirname "$0")/run-ui.sh

"$run" "$program" "$build/shots" "$@"
"$run" "$program-runs" "$build/shots" "$@"
ADW_DEBUG_HIGH_CONTRAST=1 "$run" "$program-runs" "$build/shots" "$@"
ADW_DEBUG_HIGH_CONTRAST=1 "$run" "$program" "$build/shots" "${@:-pull}" || exit
