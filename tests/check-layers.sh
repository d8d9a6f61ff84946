#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The DynoAI authors
#
# The borders of src/README.md, held by a machine. Prints each breach as
# file:line and ends with the number of them.

set -u
cd "${1:-.}" || exit 2

# Breaches are collected in a file: what stands behind a pipe is a shell of its own.
found=$(mktemp) || exit 2
trap 'rm -f "$found"' EXIT

# breach TITLE, matches on standard input
breach () {
  matches=$(cat)
  [ -z "$matches" ] && return
  printf '%s\n%s\n\n' "$1" "$matches"
  printf '%s\n' "$matches" >>"$found"
}

# An outside header outside its rooms: pattern, then the rooms that may.
header () {
  pattern=$1
  shift
  allowed=
  for room; do allowed="$allowed|^src/$room[/.]"; done
  grep -rnE "^#include <$pattern" src | grep -vE "${allowed#|}" | breach "<$pattern> outside: $*"
}
header 'gnutls/'       base server
header 'crypt\.h'      base
header 'pwquality\.h'  base
header 'json-glib/'    base
header 'sys/socket\.h' capture server
header 'netinet/'      capture server
header 'arpa/inet\.h'  capture server
header 'net/if\.h'     capture server
header 'linux/'        base capture
header 'termios\.h'    capture
header 'gst/'          capture
header 'sqlite3\.h'    store
header 'libsecret/'    shop
header 'cairo'         shop app
header 'pango/'        shop app
header 'gdk-pixbuf/'   shop app
header 'archive'       shop
header 'qrencode\.h'   shop
header 'whisper\.h'    assistant
header 'libsoup/'      'base/dyno-http' server
header 'gtk/'          app dynoai
header 'adwaita\.h'    app dynoai
header 'sys/ioctl\.h'  ctl

for header in src/store/*.h; do
  name=$(basename "$header")
  case $name in dyno-store*.h | dyno-lock.h | dyno-chain.h) continue ;; esac
  grep -rnF "#include \"$name\"" src | grep -v '^src/store/'
done | breach "the store's inside, past its verbs"

# The structs of capture and store reach the faces through the shop's headers.
grep -rnE '#include "dyno-store[.-]|[^_a-z]dyno_store_[a-z_]+ ?\(' src/app src/server src/ctl src/assistant src/dyno*.c 2>/dev/null |
  breach 'the store, past the shop'
for header in src/capture/*.h; do
  grep -rnF "#include \"$(basename "$header")\"" src/app src/server 2>/dev/null
done | breach 'the capture, past the shop'

grep -rn '#include "\.\./' src | breach 'an include that climbs out of its room'

grep -rnE '#include ".*-private\.h"' src tests | while IFS=: read -r file line text; do
  name=$(printf '%s' "$text" | sed 's/.*"\(.*\)".*/\1/')
  [ -f "$(dirname "$file")/$name" ] && case $file in src/*) continue ;; esac
  printf '%s:%s: %s\n' "$file" "$line" "$name"
done | breach "another room's private header"

grep -rnE 'CHECK_VERSION' src | grep -v '^src/app/dyno-compat\.c' |
  breach 'CHECK_VERSION outside dyno-compat.c'
grep -rnE 'g_thread_(try_)?new' src |
  grep -vE '^src/(base/dyno-worker|capture/dyno-capture|server/dyno-server)\.c' |
  breach 'a thread of its own outside worker, capture, server'
grep -rnE '\b(g_get_(real|monotonic)_time|g_date_time_new_now|clock_gettime|time|g_random_[a-z_]+|rand|random|dyno_crypt_random|fopen|g_file_[a-z_]+|g_open|G_DEFINE_(FINAL_)?TYPE[A-Z_]*) ?\(' src/analysis |
  grep -vE ':[0-9]+:( \*|/\*)' | breach 'clock, chance, files or a GObject in analysis'
grep -rnE '#include <(gio|glib-object)' src/analysis | breach 'Gio or GObject in analysis'
grep -rnE '"#[0-9A-Fa-f]{6}"|0x[0-9A-Fa-f]{6}\b.*colou?r' src --include='*.c' |
  grep -v '^src/shop/dyno-palette\.c' | breach 'a colour in C outside dyno-palette.c'
grep -rn 'g_free (self->.*);.*g_free (self->.*);' src | breach 'two statements on a line'

if [ -e .git ] && command -v git >/dev/null; then
  git ls-files | sed 's,/.*,,' | sort -u |
    grep -vxE '\.gitignore|\.editorconfig|\.clang-format|\.ci|meson\.build|meson_options\.txt|README\.md|CONTRIBUTING\.md|COPYING|dev|src|data|po|ui|tests|flatpak' |
    breach 'a top-level entry that the tree does not know'
fi

if [ -s po/POTFILES.in ]; then
  grep -rlE '\b(_|N_|C_|ngettext) \(|translatable="yes"' src ui data 2>/dev/null |
    grep -E '\.(c|ui|in)$' | sort | while read -r file; do
      grep -qx "$file" po/POTFILES.in || printf '%s\n' "$file"
    done | breach 'translatable text that po/POTFILES.in does not list'
fi

breaches=$(wc -l <"$found")
[ "$breaches" -eq 0 ] && echo 'layers: clean' && exit 0
echo "layers: $breaches breaches"
exit 1
