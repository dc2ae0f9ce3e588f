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
command-callbacks-deliver = Callback
command-cards-price = Price of a card
command-cards-reprice = Price of a card, now
command-catalogue-import-tcgdex = New cards, TCGdex
command-catalogue-import-cardmarket = Reference prices, Cardmarket
command-catalogue-import-ecb = Exchange rates, ECB
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
health-ebay-blocked = Left alone until { $until }
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
colon-after = {": "}
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
commands-most = all that match, the newest { $n } at most
commands-retry-title = Retry commands
commands-retry-ask = { $n ->
    [one] Retry this command?
   *[other] Retry these { $n } commands?
 }
commands-retry-then = What has ended badly or waits is queued again. What runs, is queued or has succeeded stays as it is.
commands-retry-do = { $n ->
    [one] Retry the command
   *[other] Retry { $n } commands
 }
commands-table = Table: commands
commands-command = Command
commands-attempt = Attempt
commands-created = Created
commands-span = Duration
commands-order = Newest first. Counts look at the newest 10,000.
subject-card = card no. { $n }
subject-mode-full = full batch
subject-mode-hybrid = completed by estimates
subject-source-tcgdex = TCGdex
subject-source-cardmarket = Cardmarket
subject-source-ecb = ECB
subject-kind-standard = price list
subject-kind-full = whole catalogue
subject-kind-anomalies = anomalies
subject-kind-sales = sales
subject-kind-sales-summary = sales by card
subject-kind-listings = listings
subject-kind-sets = sets
subject-kind-batch = results of a batch
command-attempts = attempt { $n } of { $most }
command-progress = { $n } of { $total }
command-strip = { $n ->
    [0] No failed attempt, { $span } in all
    [one] One failed attempt, { $span } in all
   *[other] { $n } failed attempts, { $span } in all
 }
command-stopping = stops at its next safe point
command-failed = The last attempt failed.
command-waits = This command waits, and goes on by itself.
command-stopped = This command was cancelled.
command-cancel-ask = Cancel { $name }?
command-cancel-then = If it waits, it ends at once. If it runs, it stops at its next safe point; what it has written stays. It can be retried later.
command-cancel-do = Cancel the command
command-course = Course
command-facts = Facts
command-id = Id
command-started = Begun
command-finished = Ended
command-far = So far
command-callback = Tells
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
dead-letters-sub = { $n ->
    [one] One command. It stays here until somebody replays or dismisses it.
   *[other] { $n } commands, { $causes ->
        [one] one cause
       *[other] { $causes } causes
    }. They stay here until somebody replays or dismisses them.
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
schedule-nightly-batch = Nightly batch
schedule-new-cards = New cards, TCGdex
schedule-price-guide = Reference prices, Cardmarket
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
scope-tickets = Tickets and time entries
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
setting-ebay_burst = Burst
setting-ebay_burst-unit = calls
setting-ebay_burst-hint = What may pass at once after a pause; in the long run the rate holds.
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
rule-pricing-json = This is no JSON: see line { $line }, column { $column }.
rule-pricing-unknown = These rules do not know “{ $name }”.
rule-pricing-value = A value is of the wrong kind: see line { $line }, column { $column }.
rule-pricing-range = { $name }: { $rule }.
range-above-0 = above 0
range-a-number-above-0 = a number above 0
range-at-least-0 = at least 0
range-at-least-1 = at least 1
range-at-least-0-and-below-1 = at least 0 and below 1
range-from-0-to-1 = from 0 to 1
range-from-0-to-100 = from 0 to 100
range-at-least-min-width = at least min_width
range-at-least-min-buy-eur = at least min_buy_eur
range-at-least-0-and-below-mismatch-upper = at least 0 and below mismatch_upper
range-at-least-0-and-below-1-with-trim-high-rate = at least 0, and below 1 with trim_high_rate
range-factors-fall-from-1-with-the-condition-and-stay-above-0 = factors fall from 1 with the condition and stay above 0
range-at-least-one-step-scores-ascending-shares-from-0-to-1 = at least one step, scores ascending, shares from 0 to 1
usage = eBay calls, seven days
usage-today = today { $n }
usage-label = eBay calls of the last seven days. { $today } today, limit { $limit }
changes = Last changes
changes-none = Nothing was changed yet.
changes-setting = Setting
sessions = Sessions
sessions-table = Table: sessions
sessions-browser = Browser
sessions-seen = Last click
sessions-end = Sign out everywhere else
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
audit-tenants-create = Tenant created
audit-tenants-update = Tenant changed
audit-dead-letter-replay = Dead letter replayed
audit-schedule-set = Schedule changed
audit-schedule-remove = Schedule removed
detail-address = address
detail-command = command
detail-parameters = parameters
detail-outcome = effect
detail-commands = commands
detail-done = done
detail-name = name
detail-timezone = time zone
detail-scopes = scopes
detail-expires-at = expires
detail-decision = decision
detail-note = note
detail-cards = cards
detail-new-sets = new sets
detail-bad-lines = faulty lines
detail-reason = reason
detail-resume-at = resumes
detail-letters = letters
detail-sessions = sessions
detail-hidden = hidden
detail-overrides = corrections
detail-query = query
detail-number-format = number
detail-padded = three digits
detail-active = followed
detail-tenant-id = tenant
detail-cause = cause
audit-session-end-others = Signed out everywhere else

## Shop: words about cards
card = Card
card-anchor = eBay anchor
card-buy-mint = Buy, mint
card-confidence = Confidence
card-state = Price
card-looked = Looked at
variant-normal = Normal
variant-reverse = Reverse
variant-holo = Holo
variant-first-ed = 1st edition
verdict-ok = Published
verdict-low-conf = Low confidence
verdict-review = To review
verdict-review-ref = Suspect reference
verdict-disabled = No price
reason-no-data = Nothing known
reason-too-few = Too few listings
reason-ref-disagrees = Suspect reference
reason-move = Price move
reason-votes = Two groups of prices
reason-precision = Imprecise price
reason-spread = Scattered prices
reason-below-min = Below the minimum
reason-buy-below-min = Buy price below the minimum
reason-switched-off = Withdrawn
reason-approved = Approved
reason-set-by-hand = Set by hand
reason-no-listings = No listings
reason-too-few-prices = Too few prices
reason-estimated = { $n ->
    [one] Estimated from { $n } card
   *[other] Estimated from { $n } cards
 }
reason-rejected = Price kept
shelf-hidden = Hidden
shelf-failing = Failing
shelf-never = Never looked at
shelf-suspended = Off the shelf
shelf-published = Published
shelf-low-conf = Low confidence
shelf-reference = Suspect reference
shelf-review = To review
shelf-below-min = Below the minimum
shelf-withdrawn = Withdrawn
shelf-no-price = No price
table-of = Table: { $name }
pages-range = { $first } to { $last }

## Cards
cards-sentence = { $n ->
    [0] No card followed.
    [one] One card followed.
   *[other] { $n } cards followed.
 } { $fresh ->
    [0] None has a price less than 30 days old.
    [one] One has a price less than 30 days old.
   *[other] { $fresh } have a price less than 30 days old.
 }
cards-export = Export as CSV
cards-launch = Launch a batch…
cards-search = Name, number or id
cards-set = Set
cards-variant = Variant
cards-verdict = Verdict
cards-price = Anchor price
cards-all-sets = All sets
cards-all-variants = All variants
cards-all-verdicts = All verdicts
cards-all-prices = All prices
cards-least = €{ $n } and more
cards-views = Views
cards-view-all = All
cards-view-never = Never looked at
cards-view-unpriced = No price
cards-view-review = To review
cards-view-suspended = Off the shelf
cards-view-failing = Failing
cards-view-manual = Decided by hand
cards-moved = 30 days
cards-table = Table: cards
cards-none = No cards.
cards-none-do = The catalogue is empty. Import a set from TCGdex, or a CSV file.
cards-none-button = Import sets
cards-no-match = No card matches these filters.
cards-no-match-text = No card matches “{ $text }” with these filters.

## Page of a card
price-neuf = Buy, mint
price-bon = Buy, good
price-correct = Buy, fair
card-prices = Prices
card-share = { $percent } of mint
card-moved = { $percent } in 30 days
card-evidence = { $n ->
    [0] no listing kept
    [one] { $n } listing, { $sellers } seller
   *[other] { $n } listings, { $sellers ->
        [one] { $sellers } seller
       *[other] { $sellers } sellers
    }
 }
card-total = { $n ->
    [0] no listing
    [one] { $n } listing
   *[other] { $n } listings
 }
card-not-bought = nothing is on show
card-sells-for = Sells for
card-last-look = Last look
card-on-ebay = See on eBay
card-reprice = Look now
card-failing = The last look at this card failed.
card-suspended = These prices are off the shelf until somebody decides, or a look confirms them.
card-saved = Overrides saved. The next look follows them.
card-decided = Decision saved.
card-set = Prices published.
card-withdrawn = The card is withdrawn, until somebody publishes a price.
card-undone = The decision is taken back.
card-changed = A look has changed the proposal meanwhile. Nothing was decided: look at it again.
card-not-undone = Nothing to take back: the price has changed since.
decision-refused = This decision is not possible: there is no proposal to approve.
decision-approve = Approved
decision-set = Set by hand
decision-reject = Price kept
decision-withdraw = Withdrawn
decisions = Decisions
form-refused = { $n ->
    [one] One field needs a correction. Nothing was saved.
   *[other] { $n } fields need a correction. Nothing was saved.
 }
reprice-running = The card is being looked at…
reprice-retrying = eBay did not answer. Another attempt follows.
reprice-postponed = No calls are left today. The look leaves with the reset.
reprice-failed = The card could not be looked at.
reprice-done = The card was looked at.
reprice-listings = { $n ->
    [0] No listing.
    [one] One listing.
   *[other] { $n } listings.
 }
reprice-anchor = It sells for { $price }. { $verdict }.
history = Twelve months
history-looks = { $n ->
    [0] no look
    [one] { $n } look
   *[other] { $n } looks
 }
history-label = Selling price over { $n } looks, { $price } at the last
history-band = Middle of the listings
history-too-short = A line takes two looks.
history-versions = See the prices that were on show
history-from = Since
strip-anchor = anchor { $price }
strip-tick = €{ $n }
strip-label = { $n } listings kept between { $low } and { $high }, { $others } others, logarithmic scale
strip-label-none = No listing kept, { $others } others, logarithmic scale
fall = From the market to the buy price
fall-table = How the price is made
fall-rules = Rules
fall-total = Buy price, mint
fall-group-middle = Middle of the listings
fall-group-middle-detail = of the group that is kept
fall-lower-fifth = Lower end of the market
fall-lower-fifth-detail = a fifth asks less
fall-history-and-sales = History and sales
fall-caution = Caution
fall-caution-detail = asked is not paid
fall-anchor = Anchor
fall-fees = Selling fees
fall-margin = Margin
fall-risk = Risk
fall-fixed-costs = Fixed costs
fall-fixed-costs-detail = for each sale
fall-vat = VAT on margin
fall-state = State of the card
fall-rounding = Rounding
fall-limit = Buying limits
fall-hold = Price held
fall-hold-detail = the change is too small
listings = Listings of the last look
listings-table = Table: listings
listings-words = { $n ->
    [one] { $n } listing
   *[other] { $n } listings
 }: { $kept } kept, { $rest } rejected
listings-more = See { $n } more listings
listings-none = eBay showed no listing for this query.
listings-no-look = This card was not looked at yet, or its listings are no longer kept.
listing = Listing
listing-price = Price
listing-postage = Postage
listing-total = Total
listing-verdict = Verdict
listing-why = Why
listing-free = free
listing-kept = Kept
listing-outside = Outlier
listing-repeat = Same seller
listing-repeat-why = this seller is heard already
listing-postage-guessed = postage unknown, estimated
reject-own-listing = Our listing
reject-variation = Variation
reject-variation-why = one title for several cards
reject-auction = Auction
reject-auction-why = running, its price is not made yet
reject-not-for-sale = Not for sale
reject-low-feedback = Little feedback
reject-other-country = Other country
reject-unknown-currency = Unknown currency
reject-no-price = No price
reject-graded = Graded
reject-graded-why = sold in a case
reject-proxy = Replica
reject-code-card = Code card
reject-not-a-card = Not a card
reject-sealed = Sealed
reject-sealed-why = booster, box or deck
reject-lot = Bundle
reject-lot-why = several cards
reject-other-language = Other language
reject-other-number = Other number
reject-no-number = No number
reject-other-name = Other name
reject-special-print = Special print
reject-first-edition = 1st edition
reject-not-first-edition = Not 1st edition
reject-reverse = Reverse
reject-not-reverse = Not reverse
reject-holo = Holo
reject-not-holo = Not holo
reject-poor-condition = Too worn
overrides = Overrides
overrides-active = { $n ->
    [0] none
   *[other] { $n } active
 }
override-query = eBay query
override-query-built = Empty: “{ $query }”, computed. Overrides of name and number change this query.
override-query-long = At most { $max } characters. You wrote { $given }.
override-name = Name
override-local_id = Number
override-card_count_official = Printed total
override-card_number_full = Whole number
override-set_name = Set
override-source = Source: { $value }
override-format = Number in the query
override-padded = Numbers of three digits (004/088)
override-active = Follow this card
override-long = At most { $max } characters. You wrote { $given }.
override-slash = Write the number without a slash, such as 4. You wrote “{ $given }”.
format-local-only = 4
format-local-total = 4/62
format-promo = 4 promo
set-prices = Set the prices
set-prices-about = Published as they are, until a look says otherwise. What is withdrawn stays so until somebody publishes a price.
set-note = Note
set-publish = Publish these prices
set-withdraw = Withdraw
price-rule = An amount above €0, such as 12.50. You wrote “{ $given }”.
price-order = A worse card is not worth more: { $before } at most. You wrote “{ $given }”.

## To review
review-sentence = { $n ->
    [one] One price waits for a decision, since { $span }.
   *[other] { $n } prices wait for a decision. The oldest, since { $span }.
 }
review-nothing-waits = No price waits for a decision.
review-reasons = Reasons
review-all = All
review-words = { $n ->
    [one] { $n } card on this page, oldest first
   *[other] { $n } cards on this page, oldest first
 }
review-none = Nothing to review.
review-none-here = Nothing to review for this reason.
review-none-about = Prices that are sure are published by themselves; the others come here.
review-next = Next batch: { $at }.
review-unchanged = unchanged
review-not-on-show = nothing
review-no-proposal = no price
review-approve = Approve { $price }
review-keep = Keep { $price }
review-reject = Publish nothing
review-query = Query…
review-set = Set a price…
review-done = { $card }: { $price }.
review-undone = { $card }: decision taken back.
review-changed = { $card }: a look has changed the proposal meanwhile. Nothing was decided.
review-not-undone = { $card }: nothing to take back, the price has changed since.
review-sure = { $n ->
    [one] Approve the sure one…
   *[other] Approve the { $n } sure ones…
 }
sure-title = Sure prices
sure-ask = { $n ->
    [one] Approve this sure price?
   *[other] Approve these { $n } sure prices?
 }
sure-why = Only their move keeps them back: the listings are enough for the careful rule, and Cardmarket agrees with them.
sure-do = { $n ->
    [one] Approve this price
   *[other] Approve { $n } prices
 }
sure-not = Approve nothing
sure-done = { $n ->
    [0] No price was approved.
    [one] One price published.
   *[other] { $n } prices published.
 }
sure-undone = { $n ->
    [0] No decision was taken back.
    [one] One decision taken back.
   *[other] { $n } decisions taken back.
 }
sure-left = { $n ->
    [one] One price has changed meanwhile, and stays as it is.
   *[other] { $n } prices have changed meanwhile, and stay as they are.
 }
why-reference-above = Cardmarket says { $reference }, { $factor } times the { $anchor } of the listings.
why-reference-below = Cardmarket says { $reference }, the listings { $factor } times as much: { $anchor }.
why-move = The anchor goes from { $before } to { $after } in one look.
why-too-few = Too few sellers for a price.
why-votes = The listings form two groups of prices, and neither clearly wins.
why-precision = The listings do not suffice for a price within 30 %.
why-spread = The listings are too far apart for one market.
why-listings = { $n ->
    [one] One listing is kept, at { $low }.
   *[other] { $n } listings of { $sellers ->
        [one] { $sellers } seller
       *[other] { $sellers } sellers
    } ask { $low } to { $high }.
 }
why-no-listings = No listing is kept.
why-suspended = The price on show seemed far too high: it is off the shelf.

## Batches
batch = Batch
batch-of = Batch of { $at }
batch-of-day = Batch of { $at }
batch-planning = Planning
batch-stopping = Stopping
batch-deferred = Goes on tomorrow
batches-running = The batch of { $at } is running.
batches-next = No batch is running. Next nightly batch: { $at }.
batches-none-planned = No batch is running, and the nightly batch is off.
batches-none = No batch has run yet.
batches-none-about = Estimate one above, or let the nightly one leave.
batches-table = Table: batches
batches-state = State
batches-cards = Cards
batches-span = Duration
launch = Launch a batch
launch-mode = Cards beyond the batch
launch-limit = At most
launch-limit-all = all
launch-limit-unit = cards
launch-limit-rule = A number of cards, at least 1, or nothing. You wrote “{ $given }”.
launch-estimate = Estimate
launch-cards = Cards to look at
launch-calls = eBay calls
launch-later = Beyond the quota
launch-waiting = Not due yet
launch-go = { $n ->
    [one] Look at { $n } card
   *[other] Look at { $n } cards
 }
launch-not = Launch nothing
launch-days = { $n ->
    [0] This batch is enough: all will be fresh.
    [one] All will be fresh in a day.
   *[other] All will be fresh in { $n } days.
 }
launch-nothing-due = No card is due: all were looked at not long ago.
launch-no-calls = No call is left for a batch today.
launch-no-cards = There is no card in this set.
mode-full = stay as they are
mode-hybrid = estimated from Cardmarket
batch-published = Prices published
batch-unchanged = Unchanged
batch-end-in = in { $span }
batch-stop = Stop…
batch-resume = Resume
batch-stop-title = Stop this batch?
batch-stop-about = Cards on their way still end; the others do not leave. Published prices stay. The batch can be resumed where it stopped.
batch-stop-do = Stop the batch
batch-stop-not = Continue the batch
batch-dead = This batch was given up: { $error }
batch-postponed = The calls of the day are spent. The batch goes on by itself after the reset.
batch-queued = This batch waits for a worker.
batch-is-stopping = This batch is stopping: cards on their way still end.
batch-over = On { $scope }. Ended { $at }, after { $span }.
batch-begun-at = On { $scope }.
progress-label = { $good } succeeded, { $review } to review, { $failed } failed, of { $targeted }
pace = Cards per second
pace-limit = limit: { $n } calls/s
pace-none = Nothing yet.
pace-label = Cards per second since the begin, { $n } at most
events = What happened
event-begin = Begin
event-cards = { $n ->
    [one] Begin: { $n } card
   *[other] Begin: { $n } cards
 }
moves = How far prices moved
moves-unit = number of cards
moves-label = { $up } prices up, { $down } down, { $same } unchanged
top-moves = Largest moves
move-before = Before
move-after = After
move-share = Move
odd = Worth a look
odd-cards = { $n ->
    [one] { $n } card
   *[other] { $n } cards
 }
odd-why = Why
odd-move = moved far
odd-dispersion = scattered prices
odd-cardmarket-fallback = priced by its reference
odd-to-review = to review
odd-suspended = off the shelf
odd-kind = { $kind }: { $what }
odd-more = These moved furthest.
causes = Without a price, by cause
cause = Cause
cause-again = Look at the { $n }
cause-open = Open the card
item-failed = Failed
item-skipped = Skipped
item-deferred = Deferred
item-stopped = Not looked at
set-over = Over
sets-over = { $done } over of { $n }
sets-quiet = All sets are over without failures or prices to review.
sets-folded = { $n ->
    [one] One other set is over without failures or prices to review.
   *[other] { $n } other sets are over without failures or prices to review.
 }
sets-unfold = Show them
audit-batch-stop = Batch stopped
audit-batch-resume = Batch resumed
audit-cards-decide = Price decided
audit-cards-undo = Decision taken back
audit-cards-save = Card corrected
audit-catalogue-import-csv = File imported
audit-catalogue-visibility = Visibility changed

## Commands that are followed
order-refresh = See the page up to date
order-progress = { $done } of { $total }
result-file = file
result-rows = rows
result-bytes = size
result-sets = sets
result-cards = cards
result-created = created
result-updated = changed
result-unchanged = unchanged
result-changed = changed
result-day = day
result-currencies = currencies
command-exports-cards = File of the shop

## Sets
sets-sentence = { $n ->
    [0] No sets.
    [one] One set, { $shown } followed.
   *[other] { $n } sets, { $shown } followed.
 }
sets-import = Import
sets-import-file = From a file
sets-import-do = Import
sets-import-note = The shop’s overrides stay. An import that was stopped goes on with the next set.
sets-source = From
sets-set = Only the set
sets-set-all = all, or base1
sets-none = No sets.
sets-priced = With a price
sets-fresh = Less than 30 days
source-tcgdex = TCGdex: sets and cards
source-cardmarket = Cardmarket: reference prices
source-ecb = ECB: exchange rates
serie-words = { $sets ->
    [one] { $sets } set
   *[other] { $sets } sets
 }, { $cards ->
    [one] { $cards } card
   *[other] { $cards } cards
 }
serie-hide = Hide the series
serie-show = Show the series
set-import = Import
set-import-label = Import { $set }
set-hide = Hide
set-hide-label = Hide { $set }
set-show = Show
set-show-label = Show { $set }
import-set-only-tcgdex = Only TCGdex knows sets. Leave this field empty, or choose TCGdex.
import-set-rule = An id such as base1. You wrote “{ $given }”.

## Sales detected
sales-sentence = { $n ->
    [0] No sale detected in 30 days.
    [one] One sale detected in 30 days, for { $total }.
   *[other] { $n } sales detected in 30 days, for { $total }.
 }
sales-by-day = Sales by day
sales-unit = with postage, over 30 days
sales-label = { $n } sales detected in 30 days, by day
sales-search = Card or listing
sales-span = Span
sales-all = All dates
sales-days = { $n } days
sales-table = Table: sales detected
sales-at = Detected
sales-none = No sale detected.
sales-none-about = A listing that vanishes between two looks is checked with eBay; when it was sold, it comes here.
sales-no-match = No sale matches these filters.

## Import
import-sub = A file is always shown before it is written. Faulty lines stay out, the others go in.
import-choose = Choose a file
import-file = CSV file
import-hint = The shop’s file (columns parted by “;”) or a dump of the card database. At most { $limit }.
import-look = See what it would do
import-format = See the columns
import-preview = dry run, nothing is written
import-no-file = Choose a file.
import-gone = This file is no longer kept. Choose it again.
import-refused = This file cannot be imported. Nothing was written.
import-created = New cards
import-updated = Changed cards
import-unchanged = Unchanged
import-sets = New sets
import-bad = Faulty lines
import-bad-lines = Faulty lines
import-line = Line
import-problem = Problem
import-changes = What changes
import-columns = Columns
import-new-card = new
import-ignored = Unknown columns, not read:
import-nothing = No line changes anything.
import-do = { $n ->
    [one] Import the card
   *[other] Import { $n } cards
 }
import-not = Import nothing
import-will-leave-out = { $n ->
    [one] One faulty line will stay out.
   *[other] { $n } faulty lines will stay out.
 }
import-done = { $name } is imported.
import-figures = { $created } new, { $updated } changed.
import-left-out = { $n ->
    [one] One faulty line stayed out.
   *[other] { $n } faulty lines stayed out.
 }
import-more = and { $n } more

## Exports
exports-sub = Each file replaces the one before. A file that is not complete is never shown.
exports-shop = Files of the shop
exports-file = File
exports-files = Files
exports-size = Size
exports-made = Made
exports-rows = Rows
exports-checksum = Checksum
exports-download = Download
exports-produce = Make
exports-again = Make anew
exports-batches = Results of batches
exports-tenants = Power BI exports
exports-tenant = Tenant
exports-no-tenants = No tenants.
export-standard = Price list
export-standard-about = cards that are bought today
export-full = Whole catalogue
export-full-about = all cards, all figures
export-anomalies = Anomalies
export-anomalies-about = cards to look at, and why
export-sales = Sales detected
export-sales-about = each sale
export-sales-summary = Sales by card
export-sales-summary-about = number, total, mean
export-listings = Listings
export-listings-about = of the last look at each card
export-sets = Sets
export-sets-about = those that are not hidden
export-sentence = { $n } files, made { $at }.
export-table = { $files ->
    [one] { $files } file
   *[other] { $files } files
 }, { $rows } rows
export-single = Tables of one file
export-more = and { $n } files of older days

figures = See the figures
figures-from = From
figures-about = About
figures-day = Day
figures-at = Time
figures-calls = Calls
figures-so-far = Since the day began
figures-sales = Sales
figures-total = Total with postage
flaw-in-column = column { $column }: { $flaw }
flaw-too-many-cells = { $found } cells, and the first line names { $named }; put a cell that holds the separator in quotation marks
flaw-not-utf-8 = the text is not UTF-8; save the file as UTF-8
flaw-control-characters = line breaks and control characters are not allowed
flaw-too-long = at most { $n } characters are allowed
flaw-empty = must not be empty
flaw-impossible = { $given } is not possible here; write { $wanted }
flaw-no-set-id = only letters without accents, digits, dots, hyphens and underscores are allowed
flaw-no-card-id = write a card’s number or its id, such as base1-4-HOLO
flaw-number-with-total = write { $number } here and { $total } in set_cardcount_official
flaw-total-with-number = write what stands after the slash, such as 102 or H32
flaw-other-set = a card does not change its set; leave this empty, or write the printed total into set_cardcount_official
flaw-created-before = line { $first } creates { $id } already
flaw-no-such-card = there is no card { $id }; leave it empty to make one
flaw-exists = card { $id } exists: write that in column id to change it

## Causes of a failure or a wait
cause-ebay-unreachable = eBay cannot be reached.
cause-ebay-unreachable-do = Check the network and EBAY_API_URL.
cause-ebay-late = eBay did not answer in time.
cause-ebay-broken = The connection to eBay broke.
cause-ebay-token = eBay does not accept the access token.
cause-ebay-credentials = eBay refuses the application’s credentials.
cause-ebay-credentials-do = Check EBAY_CLIENT_ID and EBAY_CLIENT_SECRET, then retry.
cause-ebay-forbidden = eBay forbids this call to the application.
cause-ebay-forbidden-do = Check its rights in your eBay developer account.
cause-ebay-limit = eBay’s call limit is reached.
cause-ebay-limit-do = Everything goes on after the reset.
cause-ebay-refused = eBay refused the request (error { $first }).
cause-ebay-failed = eBay is in trouble (error { $first }).
cause-ebay-doubtful = eBay did only a part of what was asked.
cause-ebay-unreadable = eBay’s answer cannot be read.
cause-ebay-not-sent = The request was not sent to eBay.
cause-ebay-tokens = eBay was asked for { $first } access tokens today already.
cause-breather = There are calls left, but none could be had for a moment.
cause-ebay-not-set = eBay’s credentials are not set.
cause-ebay-not-set-do = Give EBAY_CLIENT_ID and EBAY_CLIENT_SECRET to the workers.
cause-quota = The calls of this day are used up.
cause-quota-do = Everything goes on after the reset.
cause-deferred = { $first ->
    [one] One card is deferred.
   *[other] { $first } cards are deferred.
 }
cause-set-skipped = { $first } cards of this set failed in a row.
cause-database = The database did not answer.
cause-broker = RabbitMQ gave up delivering the command.
cause-worker-panic = The worker met a fault of the program.
cause-worker-panic-do = Another try will hardly help: report it with the detail.
cause-worker-older = This worker does not know “{ $first }”.
cause-worker-older-do = Bring all workers to the same version.
cause-worker-lost = The worker was lost while the command ran.
cause-result = The result could not be kept.
cause-payload = The parameters that were kept cannot be read any more.
cause-no-word = This card’s command ended without giving a reason.
cause-stopped = Stopped on request.
cause-sources-not-set = No source of cards is set up.
cause-set-unknown = TCGdex does not know the set “{ $first }”.
cause-no-products = No card has a product at Cardmarket.
cause-no-products-do = Import the cards from TCGdex first.
cause-no-cards = The catalogue has none of these cards.
cause-no-cards-do = Import them first, from the sets.
cause-card-unknown = This card is not in the catalogue any more.
cause-card-nameless = The card has no name to search for.
cause-card-nameless-do = Write its eBay query on its page.
cause-batch-gone = This batch has been removed.
cause-tenant-unknown = This tenant is gone.
cause-tickets-missing = The source has nothing for this tenant.
cause-tickets-missing-do = Check MOCK_DATA_PATH and the tenant’s id.
cause-day-ahead = { $first } is still to come; the last possible day is { $second }.
cause-manifest = The list of exported files cannot be read.
cause-manifest-do = Produce all exports of this tenant anew.
cause-callback-gone = The command to tell of is gone.
cause-callback-secret = The workers have nothing to sign callbacks with.
cause-callback-secret-do = Give them CALLBACK_SECRET.
cause-callback-refused = The address of the callback is not allowed.
cause-callback-refused-do = Add its host to CALLBACK_ALLOWED_HOSTS, or correct the address.
cause-server-late = { $first } did not answer in time.
cause-server-status = { $first } answered with error { $second }.
cause-server-unreachable = { $first } cannot be reached.
cause-server-broken = The connection to { $first } broke.
cause-server-unreadable = The answer of { $first } cannot be read.
cause-file-unreadable = A file could not be read.

## How far a command is
progress-rate = { $first } cards/s
progress-failed = { $first } failed
progress-skipped = { $first } skipped
progress-deferred = { $first } deferred
progress-stopped = { $first } not looked at
progress-beyond = { $first } beyond this batch
progress-records = { $first } records
progress-bytes = { $first } of { $second } read
progress-days = { $first } to { $second }
progress-planning = planning
progress-estimating = estimating
progress-downloading = downloading
progress-sets = looking for sets
progress-prices = prices
progress-rows = rows
progress-waiting = waiting
progress-waited = waited
progress-done = done

## Import: a whole file
file-unreadable = The file cannot be read. Save it anew, then send it.
file-empty = The file is empty: its first line must name the columns.
file-missing-column = Column { $column } is missing: the first line must name the columns, parted by “{ $separator }”.
file-repeated-column = Column { $column } is named twice: keep one.
file-header = The first line cannot be read. Save the file as CSV, encoded as UTF-8.
