# English. The same keys as every other language, in the same order.

## Frame
skip = Skip to content
menu = Menu
menu-main = Main menu
menu-and-session = Menu and session
menu-waiting = to deal with
menu-prices = Prices
menu-work = Work
menu-services = Services
menu-system = System
close = Close
language = Language
theme = Appearance
theme-auto = Auto
theme-light = Light
theme-dark = Dark
sign-in = Sign in
sign-out = Sign out
save = Save
undo = Undo
discard = Discard changes
filter = Filter
filter-none = Remove the filters
newest-first = Newest first.
pages = Pages
previous = Previous
next = Next
of = of { $n }
per-minute = { $n }/min
error-title = Error: { $title }
live-on = Live
live-as-of = As of { $at }
live-lost = Connection lost. Figures of { $at }, trying again
unreadable-rest = The rest of the page is up to date.

## Names of pages
page-status = Status
page-cards = Cards
page-review = To review
page-sets = Sets
page-sales = Sales
page-import = Import
page-exports = Exports
page-batches = Batches
page-commands = Commands
page-dead-letters = Dead letters
page-lanes = Lanes
page-workers = Workers
page-tenants = Tenants
page-api-keys = API keys
page-settings = Settings
page-audit = Audit log
page-login = Sign in

## Sign in
login-username = Name
login-password = Password
login-refused = Unknown name or password.
login-refused-hint = After several errors, signing in takes a break.

## Failures
failure-home = Open the status page
failure-not-found = This page does not exist.
failure-not-found-safe = It may have been removed, or the address is incomplete.
failure-not-found-do = Start from the menu, or from the status page.
failure-nothing-changed = Nothing was changed.
failure-broken = The request could not be read.
failure-reload-do = Go back, reload the page, and try again.
failure-not-our-form = This form is out of date.
failure-not-our-form-do = Your session has changed since the page was opened. Go back, reload the page, and send it again.
failure-too-large = What you sent is too large.
failure-too-large-do = Send at most { $limit }.
failure-away = The database does not answer.
failure-away-safe = Nothing is lost: commands that were accepted are kept, and go on when it is back.
failure-away-do = Try again in a moment. If it stays away, look at PostgreSQL and at the log of this site.
failure-internal = This page could not be made.
failure-internal-safe = The fault is ours, and is in the log. Nothing else is affected.
failure-internal-do = Try again; if it happens again, the log says why.

## States
status-queued = Queued
status-running = Running
status-succeeded = Succeeded
status-retrying = Retrying
status-postponed = Postponed
status-cancelled = Cancelled
status-dead = Dead

## Commands, in words
command-batch-run = Batch of cards
command-cards-price = Price of a card
command-cards-reprice = Price of a card, now
command-catalogue-import = Import of the catalogue
command-diagnostics-ping = Test of the whole path
command-diagnostics-wait = Test that waits
command-exports-generate = Power BI exports
command-ingest-tickets = Ingest of tickets
command-ingest-time-entries = Ingest of time entries
command-kpi-compute-daily = KPIs of a day
command-kpi-compute-range = KPIs of a period

## Status
status-well = Everything answers.
status-no-batch = No batch is running.
status-no-worker = No worker is running: commands wait.
status-no-broker = RabbitMQ does not answer: commands are accepted and wait.
status-no-database = PostgreSQL does not answer.
status-dead-letters = { $n ->
    [one] One dead command waits for a decision.
   *[other] { $n } dead commands wait for a decision.
 }
status-dead-why = They stay until somebody replays or dismisses them.
status-dead-see = See the causes
quota = eBay quota
quota-more = Limit and history
quota-used-since = Calls spent since { $at }
quota-free = Left
quota-in-flight = In flight
quota-reset = Reset
quota-point = { $n } at { $at }
quota-forecast = forecast: { $n }
quota-reserved = reserved for people
quota-label = eBay calls of the day. { $used } at { $at }, { $forecast } forecast for { $end }, limit { $limit }
quota-note = Solid: spent. Dashed: forecast. The reserve of { $percent }% stays free for people who wait.
quota-note-night = Solid: spent. Dashed: forecast, with the batch of { $at }. The reserve of { $percent }% stays free for people who wait.
quota-unreadable = The quota could not be read.
batch-running = Current batch
batch-last = Last batch
batch-done = Cards done
batch-end = Estimated end
batch-bar = { $done } cards of { $targeted }
batch-rate = { $n } cards/s
batch-rate-label = Rate
batch-failed = Failed
batch-calls = eBay calls
batch-begun = Begun
batch-follow = Follow
batch-report = Report
batch-targeted = Cards targeted
batch-succeeded = Priced
batch-in = in { $span }
batch-finished = Finished
batch-stopped = Stopped
batch-all-sets = all sets
batch-never = No batch has run yet. Tonight’s begins by itself when it is switched on in the settings.
batch-sentence = The batch of { $at } is running and will end around { $end }.
batch-sentence-open = The batch of { $at } is running.
batch-sentence-stopping = The batch of { $at } is stopping.
batch-unreadable = The batch could not be read.
health = Health
health-unreachable = does not answer
health-database = { $ms } ms, { $n ->
    [one] one connection in use
   *[other] { $n } connections in use
 }
health-broker = { $ms } ms, { $n ->
    [one] one consumer
   *[other] { $n } consumers
 }
health-broker-away = does not answer; the outbox keeps what is accepted
health-outbox = Outbox
health-outbox-empty = empty
health-outbox-waiting = { $n } waiting, the oldest for { $span }
health-ebay = { $n } calls by its own count, { $at }
health-ebay-open = accepts calls
health-ebay-blocked = Refuses calls until { $until }
lanes-more = All lanes
lanes-table = Table: lanes
lanes-lane = Lane
lanes-waiting = Waiting
lanes-running = Running
lanes-oldest = Oldest
lanes-rate = Rate, 15 min
lanes-idle = idle
lanes-unreadable = The lanes could not be read.
runs = Last runs
runs-more = All commands
runs-none = Nothing has run yet.
runs-unreadable = The last runs could not be read.
workers-table = Table: workers
workers-name = Name
workers-slots = Slots
workers-seen = Sign of life
workers-all-lanes = all lanes
workers-silent = Silent
workers-none = No worker is running.
workers-none-do = Commands are accepted and wait. Start one with “courtier worker”.
workers-unreadable = The workers could not be read.

## Lists and forms
chosen = chosen
choose = Choose
choose-all = Choose all
state = State
tenant = Tenant
tenant-any = All tenants
copy = Copy
copied = Copied
never = never
follow = Follow
from = From
to = To
colon = {":"}
per-day = per day
do-nothing = Leave it
dry-run = dry run, nothing was sent yet
days = { $n ->
    [one] One day
   *[other] { $n } days
 }
rule-date = Write a date as 2026-11-21. You wrote “{ $given }”.
rule-period = The period ends today at the latest, and not before it begins.

## Commands
commands-sentence = { $running } running, { $queued } waiting.
commands-states = States
commands-all = All
commands-about = about { $n }
commands-name = Name
commands-any-name = All commands
commands-none = No command is in this list.
commands-further = None among the newest 20,000. Look further with “Next”.
commands-none-chosen = No command was chosen.
commands-retry = Retry now
commands-cancel = Cancel…
commands-retried = { $n ->
    [one] One command runs again.
   *[other] { $n } commands run again.
 }
commands-cancelled = { $n ->
    [one] One command was cancelled, or told to stop.
   *[other] { $n } commands were cancelled, or told to stop.
 }
commands-cancel-title = Cancel commands
commands-cancel-ask = { $n ->
    [one] Cancel this command?
   *[other] Cancel these { $n } commands?
 }
commands-cancel-then = What waits ends at once. What runs stops at its next safe point; what it has written stays. A cancelled command can be retried.
commands-cancel-do = { $n ->
    [one] Cancel the command
   *[other] Cancel { $n } commands
 }
commands-table = Table: commands
commands-command = Command
commands-attempt = Attempt
commands-created = Created
commands-span = Duration
commands-order = Newest first. Counts look at the newest 10,000.
command-attempts = attempt { $n } of { $most }
command-progress = { $n } of { $total }
command-strip = { $n ->
    [0] No failed attempt, { $span } in all
    [one] One failed attempt, { $span } in all
   *[other] { $n } failed attempts, { $span } in all
 }
command-stopping = stops at its next safe point
command-failed = The last attempt failed.
command-cancel-ask = Cancel { $name }?
command-cancel-then = If it waits, it ends at once. If it runs, it stops at its next safe point; what it has written stays. It can be retried later.
command-cancel-do = Cancel the command
command-course = Course
command-facts = Facts
command-id = Id
command-started = Begun
command-finished = Ended
command-far = So far
command-payload = Parameters
command-masked = secrets masked
command-result = Result
event-created = Accepted
event-queued = Waits in its lane
event-running = Attempt { $n } is running
event-succeeded = Attempt { $n } succeeded
event-failed = Attempt { $n } failed
event-dead = Attempt { $n } failed, and was the last
event-postponed = Attempt { $n } was postponed
event-cancelled = Attempt { $n } was cancelled
event-next = Attempt { $n } to come
event-next-left = { $left ->
    [one] In { $span }. One attempt left, then the command is given up.
   *[other] In { $span }. { $left } attempts left, then the command is given up.
 }
event-next-postponed = In { $span }. A postponement uses up no attempt.

## Dead letters
dead-letters-sub = { $causes ->
    [one] { $n } commands, one cause. They stay here until somebody replays or dismisses them.
   *[other] { $n } commands, { $causes } causes. They stay here until somebody replays or dismisses them.
 }
dead-letters-none-sub = Nothing was given up.
dead-letters-none = Nothing to decide.
dead-letters-none-why = A command that fails for good appears here, with its cause.
dead-letters-causes = Causes
dead-letters-cause = Cause
dead-letters-table = Table: dead letters
dead-letters-since = Since
dead-letters-reason = Reason
dead-letters-died = Given up
dead-letters-of-cause = Commands of this cause
dead-letters-count = { $n ->
    [one] One command died of this cause.
   *[other] { $n } commands died of this cause.
 }
dead-letters-replay = Replay…
dead-letters-dismiss = Dismiss…
dead-letters-replay-ask = { $n ->
    [one] Replay the command of this cause?
   *[other] Replay the { $n } commands of this cause?
 }
dead-letters-will = Will be replayed
dead-letters-left = Will be left
dead-letters-left-why = no command behind it, or dead no more
dead-letters-replay-then = Each command keeps its id and starts again with all its attempts. What it has already done is not done twice.
dead-letters-replay-do = { $n ->
    [one] Replay one command
   *[other] Replay { $n } commands
 }
dead-letters-dismiss-ask = { $n ->
    [one] Dismiss the command of this cause?
   *[other] Dismiss the { $n } commands of this cause?
 }
dead-letters-dismiss-then = They leave this list and stay dead. Each can still be retried from its own page.
dead-letters-dismiss-do = { $n ->
    [one] Dismiss one command
   *[other] Dismiss { $n } commands
 }
dead-letters-replayed = { $n ->
    [0] No command could be replayed.
    [one] One command runs again.
   *[other] { $n } commands run again.
 }
dead-letters-dismissed = { $n ->
    [one] One command dismissed.
   *[other] { $n } commands dismissed.
 }

## Lanes
lanes-sentence = { $running } running, { $waiting } waiting in all lanes.
lane-batch = batches, one at a time
lane-cards = cards of a batch
lane-catalogue = imports of sets, cards and references
lane-diagnostics = tests of the whole path
lane-exports = files for Power BI and the shop
lane-ingest = tickets and time entries
lane-kpi = indicators of tenants
lane-reprice = cards that somebody waits for
lane-quota = the count of eBay
lane-callbacks = answers to callers
departures = Next departures
departures-none = Nothing is scheduled.
departures-unreadable = The departures could not be read.
departures-tenants = { $n } tenants
lanes-paused = Paused
lanes-paused-until = Paused until { $at }
lanes-pause = Pause…
lanes-resume = Resume
lanes-pause-ask = Pause the lane { $lane }?
lanes-pause-then = What runs goes on to its end. What waits stays where it is, and new commands join it. Nothing is lost.
lanes-pause-do = Pause the lane
lanes-not-paused = The lane was not paused.
lanes-reason = Reason
lanes-reason-hint = For those who wonder why nothing moves.
lanes-reason-rule = Write a reason of 1 to 200 characters.
lanes-how-long = How long
lanes-for = { $span }
lanes-until-resumed = until somebody resumes it
command-kpi-recompute = KPIs of stale days
command-quota-reconcile = Count of eBay
audit-lane-pause = Lane paused
audit-lane-resume = Lane resumed

## Tenants
tenants-sub = { $n ->
    [one] One tenant. Each links a source of tickets to its indicators.
   *[other] { $n } tenants. Each links a source of tickets to its indicators.
 }
tenants-none = No tenant.
tenants-none-do = “courtier seed” creates those of the data source.
tenants-table = Table: tenants
tenant-active = Active
tenant-inactive = Inactive
tenant-tickets = Tickets
tenant-entries = Time entries
tenant-sentence = Indicators from { $from } to { $to }, days of { $zone }.
tenant-no-days = No day was computed yet.
tenant-dirty = { $n ->
    [one] One day to recompute
   *[other] { $n } days to recompute
 }
tenant-dirty-label = Days to recompute
tenant-dirty-none = none
tenant-ordered = The computation was ordered.
tenant-not-ordered = Nothing was ordered.
tenant-figures = Figures
tenant-billable = Billable share
tenant-billable-short = Billable
tenant-resolution = Time to resolve
tenant-resolution-short = Resolution
tenant-first-call = Resolved at first contact
tenant-first-call-short = First contact
tenant-open = Open tickets
tenant-open-short = Open
tenant-open-chart = Open tickets at the end of the day
tenant-open-label = Open tickets at the end of each day, { $n } on the last
tenant-urgent = { $n } of them urgent
tenant-last-ingest = Last ingest
tenant-trends = Tickets created and closed
tenant-trends-label = Tickets by day: { $created } created, { $closed } closed
tenant-anomaly = { $date }: { $n } tickets
tenant-created = Created
tenant-closed = Closed
tenant-hours = Hours worked
tenant-hours-short = Hours
tenant-hours-unit = hours per day
tenant-hours-label = Hours by day: { $billable } billable of { $total }
tenant-is-billable = Billable
tenant-is-not-billable = Not billable
tenant-fresh = Freshness
tenant-recompute-dirty = { $n ->
    [one] Recompute the day
   *[other] Recompute the { $n } days
 }
tenant-recompute = Recompute the period
tenant-days = Day by day
tenant-day = Day
tenant-days-table = Table: indicators by day

## API keys
api-keys-sub = A key lets a program read the figures of one tenant. It is shown once.
api-keys-none = No key yet.
api-keys-none-why = Power BI and other readers need one each.
api-keys-table = Table: API keys
api-keys-name = Name
api-keys-name-hint = What the key is for, such as “Power BI”.
api-keys-name-rule = Give the key a name of 1 to 80 characters.
api-keys-tenant-rule = Choose an active tenant.
api-keys-scope-rule = Choose at least one right.
api-keys-rights = Rights
api-keys-expires = Expires
api-keys-used = Last use
api-keys-lasts = Lasts
api-keys-endless = no end
api-keys-new = New key
api-keys-create = Create the key
api-keys-refused = No key was created.
api-keys-created = The key was created.
api-keys-once = Copy it now: it is not shown again, and cannot be had again.
api-keys-alive = Valid
api-keys-expired = Expired
api-keys-revoked = Revoked
api-keys-was-revoked = The key is revoked. The API refuses it from now on.
api-keys-not-revoked = The key was not revoked.
api-keys-revoke = Revoke…
api-keys-revoke-ask = Revoke the key “{ $name }”?
api-keys-revoke-then = Whoever uses it is refused at once. A revoked key cannot be brought back; a new one can be created.
api-keys-revoke-do = Revoke the key
api-keys-keep = Keep the key
api-keys-type = Type “{ $name }” to confirm
api-keys-type-rule = Type the name of the key exactly: “{ $name }”.
scope-kpis = Indicators
scope-exports = Exports
scope-cards = Cards and prices

## Settings
settings-sub = Every setting takes effect within seconds, everywhere. Nothing to restart.
settings-refused = { $n ->
    [one] One setting needs correcting. Nothing was saved.
   *[other] { $n } settings need correcting. Nothing was saved.
 }
settings-saved = Settings saved.
settings-effect = The next nightly batch begins: { $at }.
settings-effect-off = No nightly batch will begin: it is switched off.
settings-departures = Next departures with the settings in force: { $days }.
settings-night = Nightly batch
settings-departure = Departure
settings-rhythm = Rhythm
settings-pricing = Price rules
setting-batch_enabled = Price cards every night
setting-batch_hour = Hour
setting-batch_hour-unit = h
setting-batch_hour-rule = The hour goes from { $min } to { $max }. You wrote “{ $given }”.
setting-batch_minute = Minute
setting-batch_minute-unit = min
setting-batch_minute-rule = The minute goes from { $min } to { $max }. You wrote “{ $given }”.
setting-batch_timezone = Time zone
setting-batch_timezone-hint = IANA name, such as Europe/Paris. This site shows all times in it.
setting-daily_api_limit = Calls a day
setting-daily_api_limit-unit = calls
setting-daily_api_limit-hint = eBay’s limit, reset at midnight Pacific time. Never exceeded.
setting-daily_api_limit-rule = The limit goes from { $min } to { $max } calls. You wrote “{ $given }”.
setting-interactive_reserve_percent = Reserve for people
setting-interactive_reserve_percent-unit = %
setting-interactive_reserve_percent-hint = Share of the limit that batches leave free.
setting-interactive_reserve_percent-rule = The reserve goes from { $min } to { $max }%. You wrote “{ $given }”.
setting-ebay_requests_per_second = Rate
setting-ebay_requests_per_second-unit = calls/s
setting-ebay_requests_per_second-hint = Of all workers together.
setting-low_value_threshold = A card is “small” below
setting-low_value_threshold-unit = €
setting-low_value_refresh_days = Price small cards every
setting-low_value_refresh_days-unit = days
setting-max_error_retries = Failures before a card is left alone
setting-max_error_retries-unit = failures
setting-pricing = Rule and constants
setting-pricing-hint = JSON; what is left out has its default. {"{}"} means all defaults.
rule-number = A number from { $min } to { $max }. You wrote “{ $given }”.
rule-zone = Write an IANA name such as Europe/Paris. You wrote “{ $given }”.
rule-pricing = The rules cannot be used: { $rule }.
usage = eBay calls, seven days
usage-today = today { $n }
usage-label = eBay calls of the last seven days. { $today } today, limit { $limit }
changes = Last changes
changes-none = Nothing was changed yet.
changes-setting = Setting
changes-before-after = Before, after

## Audit log
audit-sub = Who changed what, and when. Lines can be added, never changed.
audit-what = What
audit-detail = Detail
audit-actor = Who
audit-action = Action, such as settings.set
audit-at = When
audit-table = Table: audit log
audit-none = Nothing was changed yet.
audit-no-match = No line matches these filters.
audit-change = { $before } → { $after }
audit-settings-set = Setting changed
audit-session-begin = Signed in
audit-session-end = Signed out
audit-commands-order = Command ordered
audit-commands-retry = Command retried
audit-commands-cancel = Command cancelled
audit-dead-letters-replay = Dead letters replayed
audit-dead-letters-dismiss = Dead letters dismissed
audit-api-keys-create = API key created
audit-api-keys-revoke = API key revoked
