# shellcheck shell=bash disable=SC2154
# Installs what is missing, from the distribution's own packages.

install_missing() {
    local packages=()
    [[ ${DATABASE_URL:-} ]] || pg_bin >/dev/null || packages+=(postgresql)
    [[ ${AMQP_URL:-} || -x $rabbitmq_bin/rabbitmq-server ]] || packages+=(rabbitmq-server)
    [[ ${#packages[@]} -eq 0 ]] || install_packages "${packages[@]}"
}

install_packages() { # PACKAGES…
    local as_root=() log
    command -v apt-get >/dev/null || die "install $* first: there is no apt-get here"
    if [[ $EUID -ne 0 ]]; then
        command -v sudo >/dev/null || die "install $* first: that takes root, and there is no sudo here"
        as_root=(sudo)
    fi
    note "installing $* with apt-get"
    log=$(mktemp)
    if ! "${as_root[@]}" sh -s -- "$@" <<<"$(apt_script)" >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        die "apt-get failed; its whole output is in $log"
    fi
    rm -f "$log"
}

# The packages would start services of their own. A policy-rc.d that is there already is the
# machine's decision; otherwise one stands there for the moment and forbids it.
apt_script() {
    cat <<'SCRIPT'
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -q install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" </dev/null
SCRIPT
}
