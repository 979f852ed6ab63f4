#!/bin/sh
# kills.sh - a scan of the tip archive, killed at KILLS (200) random instants
set -eu
here=$(cd "$(dirname "$0")" && pwd)
shared=${PVWATCH_SHARED:-$here/../../../shared}
: "${PVWATCH_ARCHIVES:=${XDG_CACHE_HOME:-$HOME/.cache}/pvwatch-archives}"
export PVWATCH_ARCHIVES
ARCHIVE=$(sh "$shared/tools/archives" | grep /tip-)
KILLS=${KILLS:-200}
export ARCHIVE KILLS
exec sh "$here/../t0220-killed.sh"
