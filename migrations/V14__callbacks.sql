-- Callbacks: a command may name an address that is told when it ends.

-- The address may hold a key, as n8n's resume URL does: people are shown it without its query.
alter table commands
    add column callback_url text,
    -- The command `callbacks.deliver` of the newest end.
    add column callback_id uuid;

-- A UUIDv7 of this instant, for rows that the database makes by itself: ids of commands are in the
-- order of time. Bits 52 and 53 turn version 4 into 7.
create function uuid_v7() returns uuid
    language sql volatile parallel safe
    return encode(
        set_bit(set_bit(overlay(
            uuid_send(gen_random_uuid())
            placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
            from 1 for 6
        ), 52, 1), 53, 1), 'hex')::uuid;

-- Orders the callback in the statement that ends the command, whichever that is: it is on disk
-- together with the end, and no way to end a command can forget it.
create function order_callback() returns trigger
    language plpgsql
as $$
begin
    new.callback_id := uuid_v7();
    insert into commands (id, name, tenant_id, payload, traceparent)
    values (new.callback_id, 'callbacks.deliver', new.tenant_id,
            jsonb_build_object('command_id', new.id), new.traceparent);
    insert into outbox (command_id, name, traceparent)
    values (new.callback_id, 'callbacks.deliver', new.traceparent);
    perform pg_notify('outbox', '');
    return new;
end
$$;

create trigger commands_callback
    before update of status on commands
    for each row
    when (new.callback_url is not null and new.finished_at is not null and old.finished_at is null)
    execute function order_callback();
