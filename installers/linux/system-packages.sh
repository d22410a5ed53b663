#!/bin/bash
# Install what the workstation needs from Debian: Qt's libraries, fonts, and the stock tools that
# prove bundles and drive the tests. Installs as root; otherwise prints the one line that is missing.
set -euo pipefail

# A name with | lists alternatives, oldest release first: Debian 13 renamed some libraries.
packages=(
    # Python and make
    python3 python3-venv make
    # Qt, always
    fontconfig libfontconfig1 libfreetype6 libegl1 libgl1 libxkbcommon0 libdbus-1-3
    'libglib2.0-0|libglib2.0-0t64'
    # Qt on X11
    libx11-xcb1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
    libxcb-randr0 libxcb-render0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1
    libxcb-xfixes0 libxcb-xkb1
    # Qt on Wayland
    libwayland-client0 libwayland-cursor0 libwayland-egl1
    # Printing
    'libcups2|libcups2t64'
    # Chinese, and the rare characters of names
    fonts-noto-cjk fonts-hanazono
    # Stock tools that open and prove a bundle: the audit script and the tests use them
    age openssh-client zstd
    # Tests: faults, a screen without a screen, printed pages
    strace xvfb poppler-utils
)

is_installed() {
    [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

is_offered() {
    [[ -n "$(apt-cache show --no-all-versions "$1" 2>/dev/null)" ]]
}

# Name the packages that are missing, one per line; of alternatives the one that is offered here.
missing() {
    local entry name chosen
    for entry in "${packages[@]}"; do
        chosen=
        for name in ${entry//|/ }; do
            if is_installed "$name"; then
                continue 2
            fi
            if [[ -z "$chosen" ]] || { ! is_offered "$chosen" && is_offered "$name"; }; then
                chosen=$name
            fi
        done
        echo "$chosen"
    done
}

if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian: please install the equals of: ${packages[*]}" >&2
    exit 0
fi

mapfile -t wanted < <(missing)
if ((${#wanted[@]} == 0)); then
    exit 0
fi

if ((EUID != 0)); then
    echo "缺少系统软件包，请先运行这一行 / system packages are missing, run this line first:" >&2
    echo "sudo apt-get update && sudo apt-get install -y --no-install-recommends ${wanted[*]}"
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# Ask again: on a bare machine the lists were empty, so no alternative was on offer before.
mapfile -t wanted < <(missing)
apt-get install -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends "${wanted[@]}"
