# shellcheck shell=bash disable=SC2154
# RabbitMQ of an instance: a node with an epmd of its own, all of it in $dir/rabbitmq.

rabbitmq_bin=/usr/lib/rabbitmq/bin

# The wrappers in /usr/sbin switch to the user rabbitmq and to the machine's own node. So the
# scripts behind them are called, with every path and port that a node of our own needs.
as_node() {
    local home=$dir/rabbitmq plain=(RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$amqp_port")
    [[ -z $tls ]] || plain=()
    env -C "$home" -u NOTIFY_SOCKET HOME="$home" LC_ALL=C.UTF-8 \
        ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$((base_port + 2)) \
        RABBITMQ_NODENAME=courtier@localhost RABBITMQ_DIST_PORT=$((base_port + 3)) "${plain[@]}" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}' \
        RABBITMQ_MNESIA_BASE="$home/mnesia" RABBITMQ_LOG_BASE="$home/log" \
        RABBITMQ_SCHEMA_DIR="$home/schema" RABBITMQ_GENERATED_CONFIG_DIR="$home/config" \
        RABBITMQ_CONFIG_FILE="$home/rabbitmq.conf" RABBITMQ_CONF_ENV_FILE=/dev/null \
        RABBITMQ_ENABLED_PLUGINS_FILE="$home/enabled_plugins" RABBITMQ_PID_FILE="$home/pid" "$@"
}

launch_broker() {
    local home=$dir/rabbitmq
    mkdir -p "$home"
    chmod 700 "$home"
    printf '[].\n' >"$home/enabled_plugins"
    {
        printf 'default_user = app\ndefault_pass = %s\n' "$secret"
        [[ -z $tls ]] || printf '%s\n' 'listeners.tcp = none' "listeners.ssl.1 = 127.0.0.1:$amqp_port" \
            "ssl_options.certfile = $tls/cert.pem" "ssl_options.keyfile = $tls/key.pem"
    } >"$home/rabbitmq.conf"
    # Some containers allow a thousand million open files, and Erlang would reserve memory for each.
    (ulimit -Sn 65536 2>/dev/null || true
        as_node setsid -f "$rabbitmq_bin/rabbitmq-server" </dev/null >"$home/out.log" 2>&1)
}

# Every process that the node started carries its HOME: no pid file is as complete as that.
node_pids() { (grep -lzxF "HOME=$dir/rabbitmq" /proc/[0-9]*/environ 2>/dev/null || true) | cut -d/ -f3; }

broker_is_gone() { # epmd outlives its node
    local pid
    for pid in $(node_pids); do
        [[ $(cat "/proc/$pid/comm" 2>/dev/null) == @(epmd|) ]] || return 1
    done
}

broker_is_up() { grep -qs 'Starting broker.*completed' "$dir/rabbitmq/out.log"; }
boot_has_ended() { broker_is_up || broker_is_gone; }
await_broker() { wait_until 120 boot_has_ended && broker_is_up && ! broker_is_gone; }

kill_broker() { # and its epmd
    local pids pid
    while pids=$(node_pids) && [[ $pids ]]; do
        xargs kill -KILL <<<"$pids" 2>/dev/null || true
        for pid in $pids; do wait_until 20 is_gone "$pid" || return 1; done
    done
}

# The pid file goes early in a shutdown, but the ports are free only once the process is gone.
stop_broker() {
    local pid
    pid=$(cat "$dir/rabbitmq/pid")
    kill -TERM "$pid"
    wait_until 60 is_gone "$pid" || note "RabbitMQ does not stop and is killed"
    kill_broker
}

start_broker() {
    ! broker_is_gone || { kill_broker && launch_broker; }
    await_broker || die "RabbitMQ did not start: see $dir/rabbitmq/out.log"
}
