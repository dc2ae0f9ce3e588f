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
