#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The DynoAI authors
#
# Runs a program of the suite `ui`: an X server of its own, a session bus of its
# own inside it, folders of its own, a fixed font, no animation. Where one of the
# two is missing the test is skipped by that reason.

set -u
for tool in xvfb-run Xvfb dbus-run-session; do
  if ! command -v "$tool" >/dev/null 2>&1; then
    echo "1..0 # SKIP $tool is not installed"
    exit 0
  fi
done

home=$(mktemp -d "${TMPDIR:-/tmp}/dyno-ui-XXXXXX") || exit 99
trap 'rm -rf "$home"' EXIT INT TERM
mkdir -p "$home/config/gtk-4.0" "$home/data" "$home/cache" "$home/run"
chmod 700 "$home/run"
cat >"$home/config/gtk-4.0/settings.ini" <<'INI'
[Settings]
gtk-font-name=Cantarell 11
gtk-enable-animations=false
INI

export XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data"
export XDG_CACHE_HOME="$home/cache" XDG_RUNTIME_DIR="$home/run"
unset WAYLAND_DISPLAY

# xvfb-run outside, so that what the bus starts finds the display. Two that look for a
# free number in the same moment would take the same one: each begins elsewhere.
xvfb-run -a -n "$((100 + $$ % 20000))" -s "-screen 0 ${DYNO_SCREEN:-1920x1080x24} -nolisten tcp -noreset" \
  dbus-run-session -- "$@"
