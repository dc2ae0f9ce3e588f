# shellcheck shell=bash disable=SC2154
# PostgreSQL of an instance: data, password and log in $pg_home, TCP on $pg_port, no socket file.

pg_bin() { # the newest PostgreSQL here
    local initdb
    initdb=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
    [[ -x $initdb ]] && dirname "$initdb"
}

# PostgreSQL refuses to run as root: root borrows the user that the package made.
as_postgres() {
    if [[ $EUID -eq 0 ]]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

make_pg_home() {
    pg_home=$dir/postgres
    if ! as_postgres test -x "$dir"; then
        pg_home=$(mktemp -d /var/tmp/courtier-XXXXXX)
        note "the user postgres cannot enter $dir: PostgreSQL keeps its data in $pg_home"
    fi
    mkdir -p "$pg_home"
    chmod 700 "$pg_home"
    [[ $EUID -ne 0 ]] || chown postgres: "$pg_home"
}

create_postgres() {
    # shellcheck disable=SC2016
    as_postgres sh -c 'umask 077 && cat >"$1"' sh "$pg_home/password" <<<"$secret"
    as_postgres "$(pg_bin)/initdb" -D "$pg_home/data" -U app -A password -E UTF8 --locale=C.UTF-8 \
        --pwfile="$pg_home/password" --no-sync >"$dir/pg_ctl.log" 2>&1 || return 1
    {
        printf "listen_addresses = '127.0.0.1'\nport = %s\nunix_socket_directories = ''\n" "$pg_port"
        printf 'max_connections = 300\nshared_buffers = 256MB\nmax_wal_size = 4GB\n'
        [[ $durable == 1 ]] || printf 'fsync = off\nfull_page_writes = off\n'
        [[ -z $tls ]] || printf "ssl = on\nssl_cert_file = '%s/cert.pem'\nssl_key_file = '%s/key.pem'\n" "$pg_home" "$pg_home"
    } >>"$pg_home/data/postgresql.conf"
    [[ -z $tls ]] || copy_certificate
    pg_ctl start || return 1
    PGPASSWORD=$secret "$(pg_bin)/createdb" -h 127.0.0.1 -p "$pg_port" -U app app >>"$dir/pg_ctl.log" 2>&1
}

copy_certificate() { # PostgreSQL takes a key only from a file of its own user
    local file
    for file in cert.pem key.pem; do
        # shellcheck disable=SC2016
        as_postgres sh -c 'umask 077 && cat >"$1"' sh "$pg_home/$file" <"$tls/$file"
    done
}

pg_ctl() { # ARGS…
    as_postgres "$(pg_bin)/pg_ctl" -D "$pg_home/data" -l "$pg_home/server.log" -w "$@" \
        </dev/null >>"$dir/pg_ctl.log" 2>&1
}

# A pid file can be older than the machine's last start; the working directory tells.
postgres_runs() {
    # shellcheck disable=SC2016
    as_postgres bash -c '[[ /proc/$(head -n 1 "$1/postmaster.pid")/cwd -ef $1 ]]' bash "$pg_home/data" 2>/dev/null
}

kill_postgres() { ! postgres_runs || pg_ctl stop -m immediate; }

restart_postgres() { # MODE
    pg_ctl restart -m "$1" || die "PostgreSQL did not restart: see $pg_home/server.log"
}
