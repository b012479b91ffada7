#!/bin/bash
# Usage: get_pythons.sh DEST [VERSION...], for example get_pythons.sh ~/pythons 3.14 3.15
#
# Install newer CPythons than this Debian has into the folder DEST (DEST/usr/bin/python3.14 ...),
# with a C library of their own; the system stays as it is. It takes about 20 s and asks the mirror
# that this machine is set up with for a newer suite (SUITE=forky unless set). Suites move: use
# whatever patch version comes.
# Call the real path (DEST/usr/bin/python3.X), not a link to it.
set -euo pipefail
DEST=$(realpath -m "${1:?where to put them}"); shift
VERSIONS=("${@:-3.14}"); [ $# -gt 0 ] || VERSIONS=(3.14 3.15)
SUITE=${SUITE:-forky}
ready=1; for v in "${VERSIONS[@]}"; do [ -x "$DEST/usr/bin/python$v" ] || ready=0; done
if [ $ready = 1 ]; then for v in "${VERSIONS[@]}"; do "$DEST/usr/bin/python$v" -c 'import sys; print(sys.version)'; done; exit 0; fi
WORK=$(mktemp -d); trap 'rm -rf "$WORK"' EXIT
mkdir -p "$WORK"/{lists/partial,cache/archives/partial,debs} "$DEST"
MIRROR=$(sed -n 's/^URIs: //p' /etc/apt/sources.list.d/debian.sources | head -1)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $MIRROR $SUITE main" > "$WORK/sources.list"
: > "$WORK/status"
APT=(-q -o Dir::Etc::sourcelist="$WORK/sources.list" -o Dir::Etc::sourceparts=- -o Dir::Etc::preferences=/dev/null
     -o Dir::Etc::preferencesparts=/dev/null -o Dir::State="$WORK" -o Dir::State::lists="$WORK/lists"
     -o Dir::State::status="$WORK/status" -o Dir::Cache="$WORK/cache" -o Debug::NoLocking=1
     -o Acquire::Languages=none -o APT::Sandbox::User= -o APT::Update::Post-Invoke-Success::= )
apt-get "${APT[@]}" update > "$WORK/log" 2>&1 || { tail -5 "$WORK/log"; exit 1; }
PACKAGES=(); for v in "${VERSIONS[@]}"; do PACKAGES+=("python$v"); done
LIST=$(apt-get "${APT[@]}" install -s --no-install-recommends "${PACKAGES[@]}" | awk '/^Inst/{print $2}' |
       grep -vE '^(debconf|netbase|gcc-.*-base|media-types|readline-common)$')
(cd "$WORK/debs" && apt-get "${APT[@]}" download $LIST >> "$WORK/log" 2>&1) || { tail -5 "$WORK/log"; exit 1; }
for d in "$WORK"/debs/*.deb; do dpkg-deb -x "$d" "$DEST"; done
PATCHELF=$(command -v patchelf) || {
  apt-get -q update >> "$WORK/log" 2>&1 || true
  (cd "$WORK" && apt-get -q download patchelf >> "$WORK/log" 2>&1 && dpkg-deb -x patchelf*.deb "$WORK/tool"); PATCHELF=$WORK/tool/usr/bin/patchelf; }
ARCH=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || gcc -print-multiarch)
LOADER=$(ls "$DEST/usr/lib/$ARCH"/ld-linux*.so.* | head -1)
for v in "${VERSIONS[@]}"; do
  p=$DEST/usr/bin/python$v
  "$PATCHELF" --set-interpreter "$LOADER" --force-rpath --set-rpath "\$ORIGIN/../lib/$ARCH" "$p"
  rm -f "$DEST/usr/lib/python$v/sitecustomize.py" "$DEST/usr/lib/python$v/EXTERNALLY-MANAGED"
  "$p" -m compileall -q -j0 "$DEST/usr/lib/python$v" || true
  "$p" -I -c 'import sys, asyncio, ssl, sqlite3, ctypes, multiprocessing.synchronize; print(sys.version)'
done
