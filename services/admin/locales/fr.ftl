# Français. Les mêmes clés que les autres langues, dans le même ordre.

## Cadre
skip = Aller au contenu
menu = Menu
menu-main = Menu principal
menu-and-session = Navigation et session
menu-waiting = à traiter
menu-prices = Prix
menu-work = Travaux
menu-services = Services
menu-system = Système
close = Fermer
language = Langue
theme = Apparence
theme-auto = Auto
theme-light = Clair
theme-dark = Nuit
sign-in = Se connecter
sign-out = Se déconnecter
save = Enregistrer
undo = Annuler
discard = Abandonner les changements
filter = Filtrer
filter-none = Retirer les filtres
newest-first = Les plus récentes d’abord.
pages = Pages
previous = Précédentes
next = Suivantes
of = sur { $n }
per-minute = { $n }/min
error-title = Erreur : { $title }
live-on = En direct
live-as-of = À { $at }
live-lost = Connexion perdue. Données de { $at }, nouvel essai
unreadable-rest = Le reste de la page est à jour.

## Noms des pages
page-status = État
page-cards = Cartes
page-review = À revoir
page-sets = Extensions
page-sales = Ventes repérées
page-import = Import
page-exports = Exports
page-batches = Relevés
page-commands = Tâches
page-dead-letters = Tâches abandonnées
page-lanes = Files
page-workers = Exécuteurs
page-tenants = Organisations
page-api-keys = Clés d’API
page-settings = Réglages
page-audit = Journal d’audit
page-login = Connexion

## Connexion
login-username = Nom
login-password = Mot de passe
login-refused = Nom ou mot de passe inconnu.
login-refused-hint = Après plusieurs erreurs, la connexion marque une pause.

## Échecs
failure-home = Ouvrir l’état
failure-not-found = Cette page n’existe pas.
failure-not-found-safe = Elle a pu être retirée, ou l’adresse est incomplète.
failure-not-found-do = Repartez du menu, ou de la page d’état.
failure-nothing-changed = Rien n’a été changé.
failure-broken = La demande n’a pas pu être lue.
failure-reload-do = Revenez en arrière, rechargez la page et recommencez.
failure-not-our-form = Ce formulaire est périmé.
failure-not-our-form-do = Votre session a changé depuis l’ouverture de la page. Revenez en arrière, rechargez la page et renvoyez le formulaire.
failure-too-large = L’envoi est trop volumineux.
failure-too-large-do = Envoyez { $limit } au plus.
failure-away = La base de données ne répond pas.
failure-away-safe = Rien n’est perdu : les tâches acceptées sont gardées et reprendront à son retour.
failure-away-do = Réessayez dans un instant. Si elle reste absente, voyez PostgreSQL et le journal de ce site.
failure-internal = Cette page n’a pas pu être faite.
failure-internal-safe = La faute est la nôtre, elle est au journal. Le reste n’est pas touché.
failure-internal-do = Réessayez ; si cela se répète, le journal dit pourquoi.

## États
status-queued = En attente
status-running = En cours
status-succeeded = Réussie
status-retrying = Nouvel essai
status-postponed = Reportée
status-cancelled = Annulée
status-dead = Abandonnée

## Tâches, en clair
command-batch-run = Relevé de cartes
command-callbacks-deliver = Rappel
command-cards-price = Prix d’une carte
command-cards-reprice = Prix d’une carte, tout de suite
command-catalogue-import = Import du catalogue
command-catalogue-import-tcgdex = Nouvelles cartes, TCGdex
command-catalogue-import-cardmarket = Prix de référence, Cardmarket
command-catalogue-import-ecb = Taux de change, BCE
command-diagnostics-ping = Essai de bout en bout
command-diagnostics-wait = Essai qui attend
command-exports-generate = Exports Power BI
command-ingest-tickets = Collecte de tickets
command-ingest-time-entries = Collecte de temps passés
command-kpi-compute-daily = Indicateurs d’un jour
command-kpi-compute-range = Indicateurs d’une période

## État
status-well = Tout répond.
status-no-batch = Aucun relevé en cours.
status-no-worker = Aucun exécuteur ne tourne : les tâches attendent.
status-no-broker = RabbitMQ ne répond pas : les tâches sont acceptées et attendent.
status-no-database = PostgreSQL ne répond pas.
status-dead-letters = { $n ->
    [one] Une tâche abandonnée attend une décision.
   *[other] { $n } tâches abandonnées attendent une décision.
 }
status-dead-why = Elles restent jusqu’à ce qu’on les rejoue ou qu’on les classe.
status-dead-see = Voir les causes
quota = Quota eBay
quota-more = Plafond et historique
quota-used-since = Appels dépensés depuis { $at }
quota-free = Encore disponibles
quota-in-flight = En vol
quota-reset = Remise à zéro
quota-point = { $n } à { $at }
quota-forecast = prévu : { $n }
quota-reserved = réservé aux demandes à la main
quota-label = Appels eBay du jour. { $used } à { $at }, { $forecast } prévus { $end }, plafond { $limit }
quota-note = Trait plein : dépensé. Pointillé : prévu. La réserve de { $percent } % reste libre pour les demandes à la main.
quota-note-night = Trait plein : dépensé. Pointillé : prévu, relevé de { $at } compris. La réserve de { $percent } % reste libre pour les demandes à la main.
quota-unreadable = Le quota n’a pas pu être lu.
batch-running = Relevé en cours
batch-last = Dernier relevé
batch-done = Cartes relevées
batch-end = Fin estimée
batch-bar = { $done } cartes sur { $targeted }
batch-rate = { $n } cartes/s
batch-rate-label = Cadence
batch-failed = En échec
batch-calls = Appels eBay
batch-begun = Lancé
batch-follow = Suivre
batch-report = Bilan
batch-targeted = Cartes visées
batch-succeeded = Relevées
batch-in = en { $span }
batch-finished = Terminé
batch-stopped = Arrêté
batch-all-sets = toutes les extensions
batch-never = Aucun relevé n’a encore tourné. Celui de la nuit part seul, s’il est activé dans les réglages.
batch-sentence = Le relevé de { $at } avance et finira vers { $end }.
batch-sentence-open = Le relevé de { $at } avance.
batch-sentence-stopping = Le relevé de { $at } s’arrête.
batch-unreadable = Le relevé n’a pas pu être lu.
health = Santé
health-unreachable = ne répond pas
health-database = { $ms } ms, { $n ->
    [one] { $n } connexion occupée
   *[other] { $n } connexions occupées
 }
health-broker = { $ms } ms, { $n ->
    [one] { $n } consommateur
   *[other] { $n } consommateurs
 }
health-broker-away = ne répond pas ; la boîte d’envoi garde ce qui est accepté
health-outbox = Boîte d’envoi
health-outbox-empty = vide
health-outbox-waiting = { $n } en attente, la plus ancienne depuis { $span }
health-ebay = { $n } appels selon eBay, { $at }
health-ebay-open = accepte les appels
health-ebay-blocked = Laissé en paix jusqu’à { $until }
lanes-more = Toutes les files
lanes-table = Tableau : files
lanes-lane = File
lanes-waiting = En attente
lanes-running = En cours
lanes-oldest = La plus ancienne
lanes-rate = Débit, 15 min
lanes-idle = au repos
lanes-unreadable = Les files n’ont pas pu être lues.
runs = Dernières exécutions
runs-more = Toutes les tâches
runs-none = Rien n’a encore tourné.
runs-unreadable = Les dernières exécutions n’ont pas pu être lues.
workers-table = Tableau : exécuteurs
workers-name = Nom
workers-slots = Places
workers-seen = Signe de vie
workers-all-lanes = toutes les files
workers-silent = Muet
workers-none = Aucun exécuteur ne tourne.
workers-none-do = Les tâches sont acceptées et attendent. Lancez-en un : « courtier worker ».
workers-unreadable = Les exécuteurs n’ont pas pu être lus.

## Listes et formulaires
chosen = choisies
choose = Choisir
choose-all = Tout choisir
state = État
tenant = Organisation
tenant-any = Toute organisation
copy = Copier
copied = Copié
never = jamais
follow = Suivre
from = Du
to = Au
colon = {" :"}
colon-after = {" : "}
per-day = par jour
do-nothing = Ne rien faire
dry-run = essai à blanc, rien n’est encore envoyé
days = { $n ->
    [one] { $n } jour
   *[other] { $n } jours
 }
rule-date = Écrivez une date comme 2026-11-21. Vous avez écrit « { $given } ».
rule-period = La période finit aujourd’hui au plus tard, et pas avant son début.

## Tâches
commands-sentence = { $running } en cours, { $queued } en attente.
commands-states = États
commands-all = Toutes
commands-about = environ { $n }
commands-name = Nom
commands-any-name = Toute tâche
commands-none = Aucune tâche dans cette liste.
commands-further = Aucune parmi les 20 000 plus récentes. Cherchez plus loin avec « Suivantes ».
commands-none-chosen = Aucune tâche n’a été choisie.
commands-retry = Réessayer maintenant
commands-cancel = Annuler…
commands-retried = { $n ->
    [one] { $n } tâche repart.
   *[other] { $n } tâches repartent.
 }
commands-cancelled = { $n ->
    [one] { $n } tâche a été annulée, ou s’arrête.
   *[other] { $n } tâches ont été annulées, ou s’arrêtent.
 }
commands-cancel-title = Annuler des tâches
commands-cancel-ask = { $n ->
    [one] Annuler cette tâche ?
   *[other] Annuler ces { $n } tâches ?
 }
commands-cancel-then = Ce qui attend s’arrête aussitôt. Ce qui tourne s’arrête au prochain point sûr ; ce qui est écrit reste. Une tâche annulée peut être rejouée.
commands-cancel-do = { $n ->
    [one] Annuler la tâche
   *[other] Annuler { $n } tâches
 }
commands-most = toutes celles du filtre, les { $n } plus récentes au plus
commands-retry-title = Rejouer des tâches
commands-retry-ask = { $n ->
    [one] Rejouer cette tâche ?
   *[other] Rejouer ces { $n } tâches ?
 }
commands-retry-then = Ce qui a échoué ou attend repart dans la file. Ce qui tourne, attend déjà son tour ou a réussi reste tel quel.
commands-retry-do = { $n ->
    [one] Rejouer la tâche
   *[other] Rejouer { $n } tâches
 }
commands-table = Tableau : tâches
commands-command = Tâche
commands-attempt = Essai
commands-created = Créée
commands-span = Durée
commands-order = Les plus récentes d’abord. Les compteurs portent sur les 10 000 plus récentes.
subject-card = carte n° { $n }
subject-mode-full = relevé complet
subject-mode-hybrid = complété d’estimations
subject-source-tcgdex = TCGdex
subject-source-cardmarket = Cardmarket
subject-source-ecb = BCE
subject-kind-standard = liste de prix
subject-kind-full = catalogue complet
subject-kind-anomalies = anomalies
subject-kind-sales = ventes
subject-kind-sales-summary = ventes par carte
subject-kind-listings = annonces
subject-kind-sets = extensions
subject-kind-batch = résultats d’un relevé
command-attempts = essai { $n } sur { $most }
command-progress = { $n } sur { $total }
command-strip = { $n ->
    [0] Aucun essai manqué, { $span } en tout
    [one] { $n } essai manqué, { $span } en tout
   *[other] { $n } essais manqués, { $span } en tout
 }
command-stopping = s’arrête au prochain point sûr
command-failed = Le dernier essai a échoué.
command-waits = Cette tâche attend, et reprendra seule.
command-stopped = Cette tâche a été annulée.
command-cancel-ask = Annuler { $name } ?
command-cancel-then = Si elle attend, elle s’arrête aussitôt. Si elle tourne, elle s’arrête au prochain point sûr ; ce qui est écrit reste. Elle pourra être rejouée.
command-cancel-do = Annuler la tâche
command-course = Déroulé
command-facts = Repères
command-id = Identifiant
command-started = Commencée
command-finished = Terminée
command-far = Avancement
command-callback = Prévient
command-payload = Paramètres
command-masked = secrets masqués
command-result = Résultat
event-created = Acceptée
event-queued = Attend dans sa file
event-running = Essai { $n } en cours
event-succeeded = Essai { $n } réussi
event-failed = Essai { $n } manqué
event-dead = Essai { $n } manqué, le dernier
event-postponed = Essai { $n } reporté
event-cancelled = Essai { $n } annulé
event-next = Essai { $n } prévu
event-next-left = { $left ->
    [one] Dans { $span }. Encore { $left } essai, puis la tâche sera abandonnée.
   *[other] Dans { $span }. Encore { $left } essais, puis la tâche sera abandonnée.
 }
event-next-postponed = Dans { $span }. Un report ne compte pas comme essai.

## Tâches abandonnées
dead-letters-sub = { $n ->
    [one] Une tâche. Elle reste ici jusqu’à ce qu’on la rejoue ou qu’on la classe.
   *[other] { $n } tâches, { $causes ->
        [one] une cause
       *[other] { $causes } causes
    }. Elles restent ici jusqu’à ce qu’on les rejoue ou qu’on les classe.
 }
dead-letters-none-sub = Rien n’a été abandonné.
dead-letters-none = Rien à décider.
dead-letters-none-why = Une tâche qui échoue pour de bon apparaît ici, avec sa cause.
dead-letters-causes = Causes
dead-letters-cause = Cause
dead-letters-table = Tableau : tâches abandonnées
dead-letters-since = Depuis
dead-letters-reason = Raison
dead-letters-died = Abandonnée
dead-letters-of-cause = Tâches de cette cause
dead-letters-count = { $n ->
    [one] { $n } tâche abandonnée pour cette cause.
   *[other] { $n } tâches abandonnées pour cette cause.
 }
dead-letters-replay = Rejouer…
dead-letters-dismiss = Classer…
dead-letters-replay-ask = { $n ->
    [one] Rejouer la tâche de cette cause ?
   *[other] Rejouer les { $n } tâches de cette cause ?
 }
dead-letters-will = Seront rejouées
dead-letters-left = Seront laissées
dead-letters-left-why = sans tâche, ou plus abandonnées
dead-letters-replay-then = Chaque tâche garde son identifiant et repart avec tous ses essais. Ce qu’elle a déjà fait ne sera pas fait deux fois.
dead-letters-replay-do = { $n ->
    [one] Rejouer { $n } tâche
   *[other] Rejouer { $n } tâches
 }
dead-letters-dismiss-ask = { $n ->
    [one] Classer la tâche de cette cause ?
   *[other] Classer les { $n } tâches de cette cause ?
 }
dead-letters-dismiss-then = Elles quittent cette liste et restent abandonnées. Chacune peut encore être réessayée depuis sa page.
dead-letters-dismiss-do = { $n ->
    [one] Classer { $n } tâche
   *[other] Classer { $n } tâches
 }
dead-letters-replayed = { $n ->
    [0] Aucune tâche n’a pu être rejouée.
    [one] { $n } tâche repart.
   *[other] { $n } tâches repartent.
 }
dead-letters-dismissed = { $n ->
    [one] { $n } tâche classée.
   *[other] { $n } tâches classées.
 }

## Files
lanes-sentence = { $running } en cours, { $waiting } en attente dans toutes les files.
lane-batch = les relevés, un à la fois
lane-cards = les cartes d’un relevé
lane-catalogue = import d’extensions, de cartes et de références
lane-diagnostics = essais de bout en bout
lane-exports = fichiers pour Power BI et la boutique
lane-ingest = tickets et temps passés
lane-kpi = indicateurs des organisations
lane-reprice = cartes que quelqu’un attend
lane-quota = le compte d’eBay
lane-callbacks = réponses aux appelants
departures = Prochains départs
schedule-nightly-batch = Relevé de nuit
schedule-new-cards = Nouvelles cartes, TCGdex
schedule-price-guide = Prix de référence, Cardmarket
departures-none = Rien n’est prévu.
departures-unreadable = Les départs n’ont pas pu être lus.
departures-tenants = { $n } organisations
lanes-paused = En pause
lanes-paused-until = En pause jusqu’à { $at }
lanes-pause = Mettre en pause…
lanes-resume = Reprendre
lanes-pause-ask = Mettre en pause la file { $lane } ?
lanes-pause-then = Ce qui tourne va à son terme. Ce qui attend reste en place, et les nouvelles tâches s’y ajoutent. Rien n’est perdu.
lanes-pause-do = Mettre en pause
lanes-not-paused = La file n’a pas été mise en pause.
lanes-reason = Raison
lanes-reason-hint = Pour qui se demandera pourquoi rien n’avance.
lanes-reason-rule = Écrivez une raison de 1 à 200 caractères.
lanes-how-long = Durée
lanes-for = { $span }
lanes-until-resumed = jusqu’à ce qu’on la reprenne
command-kpi-recompute = Indicateurs des jours à recalculer
command-quota-reconcile = Décompte eBay
audit-lane-pause = File mise en pause
audit-lane-resume = File reprise

## Organisations
tenants-sub = { $n ->
    [one] { $n } organisation. Elle relie une source de tickets à ses indicateurs.
   *[other] { $n } organisations. Chacune relie une source de tickets à ses indicateurs.
 }
tenants-none = Aucune organisation.
tenants-none-do = « courtier seed » crée celles de la source de données.
tenants-table = Tableau : organisations
tenant-active = Active
tenant-inactive = Inactive
tenant-tickets = Tickets
tenant-entries = Temps passés
tenant-sentence = Indicateurs du { $from } au { $to }, journées de { $zone }.
tenant-no-days = Aucun jour n’a encore été calculé.
tenant-dirty = { $n ->
    [one] { $n } jour à recalculer
   *[other] { $n } jours à recalculer
 }
tenant-dirty-label = Jours à recalculer
tenant-dirty-none = aucun
tenant-ordered = Le calcul est commandé.
tenant-not-ordered = Rien n’a été commandé.
tenant-figures = Bilan
tenant-billable = Taux facturable
tenant-billable-short = Facturable
tenant-resolution = Délai de résolution
tenant-resolution-short = Résolution
tenant-first-call = Résolus au premier contact
tenant-first-call-short = Premier contact
tenant-open = Tickets ouverts
tenant-open-short = Ouverts
tenant-open-chart = Tickets ouverts en fin de journée
tenant-open-label = Tickets ouverts en fin de journée, { $n } le dernier jour
tenant-urgent = { $n ->
    [0] aucun urgent
    [one] dont { $n } urgent
   *[other] dont { $n } urgents
 }
tenant-last-ingest = Dernière collecte
tenant-trends = Tickets créés et clos
tenant-trends-label = Tickets par jour : { $created } créés, { $closed } clos
tenant-anomaly = { $date } : { $n } tickets
tenant-created = Créés
tenant-closed = Clos
tenant-hours = Heures travaillées
tenant-hours-short = Heures
tenant-hours-unit = heures par jour
tenant-hours-label = Heures par jour : { $billable } facturables sur { $total }
tenant-is-billable = Facturables
tenant-is-not-billable = Non facturables
tenant-fresh = Fraîcheur
tenant-recompute-dirty = { $n ->
    [one] Recalculer le jour
   *[other] Recalculer les { $n } jours
 }
tenant-recompute = Recalculer la période
tenant-days = Jour par jour
tenant-day = Jour
tenant-days-table = Tableau : indicateurs par jour

## Clés d’API
api-keys-sub = Une clé laisse un programme lire les chiffres d’une organisation. Elle n’est montrée qu’une fois.
api-keys-none = Aucune clé.
api-keys-none-why = Power BI et les autres lecteurs en ont besoin chacun d’une.
api-keys-table = Tableau : clés d’API
api-keys-name = Nom
api-keys-name-hint = À quoi sert la clé, par exemple « Power BI ».
api-keys-name-rule = Donnez à la clé un nom de 1 à 80 caractères.
api-keys-tenant-rule = Choisissez une organisation active.
api-keys-scope-rule = Choisissez au moins un droit.
api-keys-rights = Droits
api-keys-expires = Expire
api-keys-used = Dernier usage
api-keys-lasts = Durée
api-keys-endless = sans fin
api-keys-new = Nouvelle clé
api-keys-create = Créer la clé
api-keys-refused = Aucune clé n’a été créée.
api-keys-created = La clé est créée.
api-keys-once = Copiez-la maintenant : elle ne sera plus montrée, et ne peut être retrouvée.
api-keys-alive = Valable
api-keys-expired = Expirée
api-keys-revoked = Révoquée
api-keys-was-revoked = La clé est révoquée. L’API la refuse désormais.
api-keys-not-revoked = La clé n’a pas été révoquée.
api-keys-revoke = Révoquer…
api-keys-revoke-ask = Révoquer la clé « { $name } » ?
api-keys-revoke-then = Qui l’utilise sera refusé aussitôt. Une clé révoquée ne revient pas ; on peut en créer une autre.
api-keys-revoke-do = Révoquer la clé
api-keys-keep = Garder la clé
api-keys-type = Tapez « { $name } » pour confirmer
api-keys-type-rule = Tapez exactement le nom de la clé : « { $name } ».
scope-kpis = Indicateurs
scope-tickets = Tickets et temps passés
scope-exports = Exports
scope-cards = Cartes et prix

## Réglages
settings-sub = Chaque réglage prend effet dans les secondes qui suivent, partout. Rien à redémarrer.
settings-refused = { $n ->
    [one] Un réglage est à corriger. Rien n’a été enregistré.
   *[other] { $n } réglages sont à corriger. Rien n’a été enregistré.
 }
settings-saved = Réglages enregistrés.
settings-effect = Le prochain relevé de nuit partira : { $at }.
settings-effect-off = Aucun relevé de nuit ne partira : il est désactivé.
settings-departures = Prochains départs avec les réglages en vigueur : { $days }.
settings-night = Relevé de nuit
settings-departure = Heure de départ
settings-rhythm = Rythme des relevés
settings-pricing = Règles de prix
setting-batch_enabled = Relever les prix chaque nuit
setting-batch_hour = Heure
setting-batch_hour-unit = h
setting-batch_hour-rule = L’heure va de { $min } à { $max }. Vous avez écrit « { $given } ».
setting-batch_minute = Minute
setting-batch_minute-unit = min
setting-batch_minute-rule = La minute va de { $min } à { $max }. Vous avez écrit « { $given } ».
setting-batch_timezone = Fuseau horaire
setting-batch_timezone-hint = Nom IANA, comme Europe/Paris. Ce site montre toutes les heures dans ce fuseau.
setting-daily_api_limit = Plafond d’appels par jour
setting-daily_api_limit-unit = appels
setting-daily_api_limit-hint = Le plafond d’eBay, remis à zéro à minuit heure du Pacifique. Jamais dépassé.
setting-daily_api_limit-rule = Le plafond va de { $min } à { $max } appels. Vous avez écrit « { $given } ».
setting-interactive_reserve_percent = Réserve pour les demandes à la main
setting-interactive_reserve_percent-unit = %
setting-interactive_reserve_percent-hint = Part du plafond que les relevés laissent libre.
setting-interactive_reserve_percent-rule = La réserve va de { $min } à { $max } %. Vous avez écrit « { $given } ».
setting-ebay_requests_per_second = Cadence
setting-ebay_requests_per_second-unit = appels/s
setting-ebay_requests_per_second-hint = De tous les exécuteurs ensemble.
setting-ebay_burst = Rafale
setting-ebay_burst-unit = appels
setting-ebay_burst-hint = Ce qui peut passer d’un coup après une pause ; à la longue, la cadence tient.
setting-low_value_threshold = Une carte est « petite » sous
setting-low_value_threshold-unit = €
setting-low_value_refresh_days = Relever les petites cartes tous les
setting-low_value_refresh_days-unit = jours
setting-max_error_retries = Échecs avant de laisser une carte de côté
setting-max_error_retries-unit = échecs
setting-pricing = Règle et constantes
setting-pricing-hint = JSON ; ce qui manque garde sa valeur par défaut. {"{}"} : tout par défaut.
rule-number = Un nombre de { $min } à { $max }. Vous avez écrit « { $given } ».
rule-zone = Écrivez un nom IANA comme Europe/Paris. Vous avez écrit « { $given } ».
rule-pricing-json = Ce n’est pas du JSON : voyez la ligne { $line }, colonne { $column }.
rule-pricing-unknown = Ces règles ne connaissent pas « { $name } ».
rule-pricing-value = Une valeur n’est pas de la bonne sorte : voyez la ligne { $line }, colonne { $column }.
rule-pricing-range = { $name } : { $rule }.
range-above-0 = plus que 0
range-a-number-above-0 = un nombre plus que 0
range-at-least-0 = au moins 0
range-at-least-1 = au moins 1
range-at-least-0-and-below-1 = au moins 0 et moins de 1
range-from-0-to-1 = de 0 à 1
range-from-0-to-100 = de 0 à 100
range-at-least-min-width = au moins min_width
range-at-least-min-buy-eur = au moins min_buy_eur
range-at-least-0-and-below-mismatch-upper = au moins 0 et moins que mismatch_upper
range-at-least-0-and-below-1-with-trim-high-rate = au moins 0, et moins de 1 avec trim_high_rate
range-factors-fall-from-1-with-the-condition-and-stay-above-0 = les facteurs baissent depuis 1 avec l’état et restent au-dessus de 0
range-at-least-one-step-scores-ascending-shares-from-0-to-1 = au moins un palier, scores croissants, parts de 0 à 1
usage = Appels eBay, sept jours
usage-today = aujourd’hui { $n }
usage-label = Appels eBay des sept derniers jours. { $today } aujourd’hui, plafond { $limit }
changes = Derniers changements
changes-none = Rien n’a encore été changé.
changes-setting = Réglage
sessions = Sessions
sessions-table = Tableau : sessions
sessions-browser = Navigateur
sessions-seen = Dernier clic
sessions-end = Se déconnecter partout ailleurs
changes-before-after = Avant, après

## Journal d’audit
audit-sub = Qui a changé quoi, et quand. Des lignes s’ajoutent, aucune ne change.
audit-what = Quoi
audit-detail = Détail
audit-actor = Qui
audit-action = Action, comme settings.set
audit-at = Quand
audit-table = Tableau : journal d’audit
audit-none = Rien n’a encore été changé.
audit-no-match = Aucune ligne ne correspond à ces filtres.
audit-change = { $before } → { $after }
audit-settings-set = Réglage changé
audit-session-begin = Connexion
audit-session-end = Déconnexion
audit-commands-order = Tâche commandée
audit-commands-retry = Tâche réessayée
audit-commands-cancel = Tâche annulée
audit-dead-letters-replay = Tâches abandonnées rejouées
audit-dead-letters-dismiss = Tâches abandonnées classées
audit-api-keys-create = Clé d’API créée
audit-api-keys-revoke = Clé d’API révoquée
audit-tenants-create = Organisation créée
audit-tenants-update = Organisation modifiée
audit-session-end-others = Déconnexion partout ailleurs
audit-dead-letter-replay = Tâche abandonnée rejouée
audit-schedule-set = Départ changé
audit-schedule-remove = Départ retiré
detail-address = adresse
detail-command = tâche
detail-parameters = paramètres
detail-outcome = effet
detail-commands = tâches
detail-done = faites
detail-name = nom
detail-timezone = fuseau
detail-scopes = droits
detail-expires-at = expire
detail-decision = décision
detail-note = note
detail-cards = cartes
detail-new-sets = nouvelles extensions
detail-bad-lines = lignes fautives
detail-reason = raison
detail-resume-at = reprise
detail-letters = tâches
detail-sessions = sessions
detail-hidden = masquée
detail-overrides = corrections
detail-query = requête
detail-number-format = numéro
detail-padded = trois chiffres
detail-active = suivie
detail-tenant-id = organisation
detail-cause = cause

## Boutique : mots des cartes
card = Carte
card-anchor = Ancre eBay
card-buy-mint = Achat neuf
card-confidence = Confiance
card-state = Prix
card-looked = Relevé
variant-normal = Normale
variant-reverse = Reverse
variant-holo = Holo
variant-first-ed = 1re édition
verdict-ok = Publié
verdict-low-conf = Confiance faible
verdict-review = À revoir
verdict-review-ref = Référence suspecte
verdict-disabled = Sans prix
reason-no-data = Rien de connu
reason-too-few = Trop peu d’annonces
reason-ref-disagrees = Référence suspecte
reason-move = Bond de prix
reason-votes = Deux groupes de prix
reason-precision = Prix imprécis
reason-spread = Prix dispersés
reason-below-min = Sous le minimum
reason-buy-below-min = Achat sous le minimum
reason-switched-off = Retirée de la vente
reason-approved = Approuvé
reason-set-by-hand = Fixé à la main
reason-rejected = Prix gardé
reason-no-listings = Aucune annonce
reason-too-few-prices = Trop peu de prix
reason-estimated = { $n ->
    [one] Estimé d’après { $n } carte
   *[other] Estimé d’après { $n } cartes
 }
shelf-hidden = Masquée
shelf-failing = En échec
shelf-never = Jamais relevée
shelf-suspended = Hors étalage
shelf-published = Publié
shelf-low-conf = Confiance faible
shelf-reference = Référence suspecte
shelf-review = À revoir
shelf-below-min = Sous le minimum
shelf-withdrawn = Retirée de la vente
shelf-no-price = Sans prix
table-of = Tableau : { $name }
pages-range = { $first } à { $last }

## Cartes
cards-sentence = { $n ->
    [0] Aucune carte suivie.
    [one] Une carte suivie.
   *[other] { $n } cartes suivies.
 } { $fresh ->
    [0] Aucune n’a de prix de moins de 30 jours.
    [one] Une a un prix de moins de 30 jours.
   *[other] { $fresh } ont un prix de moins de 30 jours.
 }
cards-export = Exporter en CSV
cards-launch = Lancer un relevé…
cards-search = Nom, numéro ou identifiant
cards-set = Extension
cards-variant = Variante
cards-verdict = Verdict
cards-price = Prix d’ancre
cards-all-sets = Toute extension
cards-all-variants = Toute variante
cards-all-verdicts = Tout verdict
cards-all-prices = Tout prix
cards-least = { $n } € et plus
cards-views = Vues
cards-view-all = Toutes
cards-view-never = Jamais relevées
cards-view-unpriced = Sans prix
cards-view-review = À revoir
cards-view-suspended = Hors étalage
cards-view-failing = En échec
cards-view-manual = Décidées à la main
cards-moved = 30 jours
cards-table = Tableau : cartes
cards-none = Aucune carte.
cards-none-do = Le catalogue est vide. Importez une extension depuis TCGdex, ou un fichier CSV.
cards-none-button = Importer des extensions
cards-no-match = Aucune carte ne correspond à ces filtres.
cards-no-match-text = Aucune carte ne correspond à « { $text } » avec ces filtres.

## Fiche d’une carte
price-neuf = Achat, neuf
price-bon = Achat, bon
price-correct = Achat, correct
card-prices = Prix
card-share = { $percent } du neuf
card-moved = { $percent } en 30 jours
card-evidence = { $n ->
    [0] aucune annonce retenue
    [one] { $n } annonce, { $sellers } vendeur
   *[other] { $n } annonces, { $sellers ->
        [one] { $sellers } vendeur
       *[other] { $sellers } vendeurs
    }
 }
card-total = { $n ->
    [0] aucune annonce
    [one] { $n } annonce
   *[other] { $n } annonces
 }
card-not-bought = rien n’est affiché
card-sells-for = Se vend
card-last-look = Dernier relevé
card-on-ebay = Voir sur eBay
card-reprice = Relever maintenant
card-failing = Le dernier relevé de cette carte a échoué.
card-suspended = Ces prix sont hors étalage jusqu’à ce que quelqu’un décide, ou qu’un relevé les confirme.
card-saved = Corrections enregistrées. Le prochain relevé en tient compte.
card-decided = Décision enregistrée.
card-set = Prix publiés.
card-withdrawn = La carte est retirée de la vente, jusqu’à ce que quelqu’un publie un prix.
card-undone = La décision est reprise.
card-changed = Un relevé a changé la proposition entre-temps. Rien n’a été décidé : regardez-la de nouveau.
card-not-undone = Rien à reprendre : le prix a changé depuis.
decision-refused = Cette décision n’est pas possible : il n’y a pas de proposition à approuver.
decision-approve = Approuvé
decision-set = Fixé à la main
decision-reject = Prix gardé
decision-withdraw = Retirée de la vente
decisions = Décisions
form-refused = { $n ->
    [one] Un champ est à corriger. Rien n’a été enregistré.
   *[other] { $n } champs sont à corriger. Rien n’a été enregistré.
 }
reprice-running = La carte est en cours de relevé…
reprice-retrying = eBay n’a pas répondu. Un nouvel essai suit.
reprice-postponed = Il n’y a plus d’appels aujourd’hui. Le relevé partira à la remise à zéro.
reprice-failed = La carte n’a pas pu être relevée.
reprice-done = La carte est relevée.
reprice-listings = { $n ->
    [0] Aucune annonce.
    [one] Une annonce.
   *[other] { $n } annonces.
 }
reprice-anchor = Elle se vend { $price }. { $verdict }.
history = Douze mois
history-looks = { $n ->
    [0] aucun relevé
    [one] { $n } relevé
   *[other] { $n } relevés
 }
history-label = Prix de vente sur { $n } relevés, { $price } au dernier
history-band = Milieu des annonces
history-too-short = Il faut deux relevés pour tracer une courbe.
history-versions = Voir les prix affichés
history-from = Depuis
strip-anchor = ancre { $price }
strip-tick = { $n } €
strip-label = { $n } annonces retenues entre { $low } et { $high }, { $others } autres, échelle logarithmique
strip-label-none = Aucune annonce retenue, { $others } autres, échelle logarithmique
fall = Du marché au prix d’achat
fall-table = Calcul du prix
fall-rules = Règles
fall-total = Prix d’achat, neuf
fall-group-middle = Milieu des annonces
fall-group-middle-detail = du groupe retenu
fall-lower-fifth = Bas du marché
fall-lower-fifth-detail = un cinquième demande moins
fall-history-and-sales = Historique et ventes
fall-caution = Prudence
fall-caution-detail = demandé n’est pas payé
fall-anchor = Ancre
fall-fees = Frais de vente
fall-margin = Marge visée
fall-risk = Risque
fall-fixed-costs = Frais fixes
fall-fixed-costs-detail = par vente
fall-vat = TVA sur la marge
fall-state = État de la carte
fall-rounding = Arrondi
fall-limit = Limites d’achat
fall-hold = Prix gardé
fall-hold-detail = l’écart est trop petit
listings = Annonces du dernier relevé
listings-table = Tableau : annonces
listings-words = { $n ->
    [one] { $n } annonce
   *[other] { $n } annonces
 } : { $kept ->
    [one] { $kept } retenue
   *[other] { $kept } retenues
 }, { $rest ->
    [one] { $rest } écartée
   *[other] { $rest } écartées
 }
listings-more = Voir { $n } autres annonces
listings-none = eBay n’a montré aucune annonce pour cette requête.
listings-no-look = Cette carte n’a pas encore été relevée, ou ses annonces ne sont plus gardées.
listing = Annonce
listing-price = Prix
listing-postage = Port
listing-total = Total
listing-verdict = Verdict
listing-why = Pourquoi
listing-free = offert
listing-kept = Retenue
listing-outside = Hors groupe
listing-repeat = Même vendeur
listing-repeat-why = ce vendeur est déjà entendu
listing-postage-guessed = port inconnu, estimé
reject-own-listing = Notre annonce
reject-variation = Choix multiple
reject-variation-why = un titre pour plusieurs cartes
reject-auction = Enchère
reject-auction-why = en cours, le prix n’est pas fait
reject-not-for-sale = Pas à vendre
reject-low-feedback = Vendeur peu noté
reject-other-country = Autre pays
reject-unknown-currency = Devise inconnue
reject-no-price = Sans prix
reject-graded = Gradée
reject-graded-why = vendue sous coque
reject-proxy = Reproduction
reject-code-card = Carte à code
reject-not-a-card = Pas une carte
reject-sealed = Scellé
reject-sealed-why = booster, boîte ou deck
reject-lot = Lot
reject-lot-why = plusieurs cartes
reject-other-language = Autre langue
reject-other-number = Autre numéro
reject-no-number = Sans numéro
reject-other-name = Autre nom
reject-special-print = Tirage spécial
reject-first-edition = 1re édition
reject-not-first-edition = Pas 1re édition
reject-reverse = Reverse
reject-not-reverse = Pas reverse
reject-holo = Holo
reject-not-holo = Pas holo
reject-poor-condition = Trop abîmée
overrides = Corrections
overrides-active = { $n ->
    [0] aucune
    [one] { $n } active
   *[other] { $n } actives
 }
override-query = Requête eBay
override-query-built = Vide : « { $query } », calculée. Les corrections du nom et du numéro changent cette requête.
override-query-long = { $max } caractères au plus. Vous en avez écrit { $given }.
override-name = Nom
override-local_id = Numéro
override-card_count_official = Total imprimé
override-card_number_full = Numéro complet
override-set_name = Extension
override-source = Source : { $value }
override-format = Numéro dans la requête
override-padded = Numéro sur trois chiffres (004/088)
override-active = Suivre cette carte
override-long = { $max } caractères au plus. Vous en avez écrit { $given }.
override-slash = Écrivez le nombre sans barre, comme 4. Vous avez écrit « { $given } ».
format-local-only = 4
format-local-total = 4/62
format-promo = 4 promo
set-prices = Fixer les prix
set-prices-about = Publiés tels quels, jusqu’au prochain relevé qui dit autre chose. Une carte retirée le reste jusqu’à ce que quelqu’un publie un prix.
set-note = Note
set-publish = Publier ces prix
set-withdraw = Retirer de la vente
price-rule = Un montant de plus de 0 €, comme 12,50. Vous avez écrit « { $given } ».
price-order = Une carte moins belle ne vaut pas plus : { $before } au plus. Vous avez écrit « { $given } ».

## À revoir
review-sentence = { $n ->
    [one] Un prix attend un avis avant d’être publié, depuis { $span }.
   *[other] { $n } prix attendent un avis avant d’être publiés. Le plus ancien, depuis { $span }.
 }
review-nothing-waits = Aucun prix n’attend d’avis.
review-reasons = Motifs
review-all = Tous
review-words = { $n ->
    [one] { $n } carte sur cette page, la plus ancienne d’abord
   *[other] { $n } cartes sur cette page, la plus ancienne d’abord
 }
review-none = Rien à revoir.
review-none-here = Rien à revoir pour ce motif.
review-none-about = Les prix sûrs sont publiés seuls ; les autres arrivent ici.
review-next = Prochain relevé : { $at }.
review-unchanged = inchangé
review-not-on-show = rien
review-no-proposal = pas de prix
review-approve = Approuver { $price }
review-keep = Garder { $price }
review-reject = Ne rien publier
review-query = Requête…
review-set = Fixer un prix…
review-done = { $card } : { $price }.
review-undone = { $card } : décision reprise.
review-changed = { $card } : un relevé a changé la proposition entre-temps. Rien n’a été décidé.
review-not-undone = { $card } : rien à reprendre, le prix a changé depuis.
review-sure = { $n ->
    [one] Approuver le prix sûr…
   *[other] Approuver les { $n } sûrs…
 }
sure-title = Prix sûrs
sure-ask = { $n ->
    [one] Approuver ce prix sûr ?
   *[other] Approuver ces { $n } prix sûrs ?
 }
sure-why = Seul leur bond les retient : les annonces suffisent à la règle prudente, et Cardmarket s’accorde avec elles.
sure-do = { $n ->
    [one] Approuver ce prix
   *[other] Approuver { $n } prix
 }
sure-not = Ne rien approuver
sure-done = { $n ->
    [0] Aucun prix n’a été approuvé.
    [one] Un prix publié.
   *[other] { $n } prix publiés.
 }
sure-undone = { $n ->
    [0] Aucune décision n’a été reprise.
    [one] Une décision reprise.
   *[other] { $n } décisions reprises.
 }
sure-left = { $n ->
    [one] Un prix a changé entre-temps, et reste tel quel.
   *[other] { $n } prix ont changé entre-temps, et restent tels quels.
 }
why-reference-above = Cardmarket annonce { $reference }, { $factor } fois les { $anchor } des annonces.
why-reference-below = Cardmarket annonce { $reference }, les annonces { $factor } fois plus : { $anchor }.
why-move = L’ancre passe de { $before } à { $after } en un relevé.
why-too-few = Trop peu de vendeurs pour un prix.
why-votes = Les annonces forment deux groupes de prix, et aucun ne l’emporte nettement.
why-precision = Les annonces ne suffisent pas pour un prix à 30 % près.
why-spread = Les annonces sont trop écartées pour un seul marché.
why-listings = { $n ->
    [one] Une annonce est retenue, à { $low }.
   *[other] { $n } annonces de { $sellers ->
        [one] { $sellers } vendeur
       *[other] { $sellers } vendeurs
    } vont de { $low } à { $high }.
 }
why-no-listings = Aucune annonce n’est retenue.
why-suspended = Le prix affiché semblait bien trop haut : il est hors étalage.

## Relevés
batch = Relevé
batch-of = Relevé de { $at }
batch-of-day = Relevé du { $at }
batch-planning = Préparation
batch-stopping = S’arrête
batch-deferred = Suite demain
batches-running = Le relevé de { $at } est en cours.
batches-next = Aucun relevé en cours. Prochain relevé de nuit : { $at }.
batches-none-planned = Aucun relevé en cours, et le relevé de nuit est désactivé.
batches-none = Aucun relevé n’a encore tourné.
batches-none-about = Estimez-en un ci-dessus, ou laissez partir celui de la nuit.
batches-table = Tableau : relevés
batches-state = État
batches-cards = Cartes
batches-span = Durée
launch = Lancer un relevé
launch-mode = Cartes sans relevé
launch-limit = Au plus
launch-limit-all = toutes
launch-limit-unit = cartes
launch-limit-rule = Un nombre de cartes, au moins 1, ou rien. Vous avez écrit « { $given } ».
launch-estimate = Estimer
launch-cards = Cartes à relever
launch-calls = Appels eBay
launch-later = Au-delà du quota
launch-waiting = Pas encore à revoir
launch-go = { $n ->
    [one] Relever { $n } carte
   *[other] Relever { $n } cartes
 }
launch-not = Ne rien lancer
launch-days = { $n ->
    [0] Ce relevé suffit : tout sera à jour.
    [one] Tout sera à jour dans un jour.
   *[other] Tout sera à jour dans { $n } jours.
 }
launch-nothing-due = Aucune carte n’est à relever : toutes l’ont été il y a peu.
launch-no-calls = Il ne reste aucun appel pour un relevé aujourd’hui.
launch-no-cards = Il n’y a aucune carte dans cette extension.
mode-full = rester telles quelles
mode-hybrid = estimées d’après Cardmarket
batch-published = Prix publiés
batch-unchanged = Inchangés
batch-end-in = dans { $span }
batch-stop = Arrêter…
batch-resume = Reprendre
batch-stop-title = Arrêter ce relevé ?
batch-stop-about = Les cartes déjà parties se terminent ; les autres ne partent pas. Les prix publiés restent. Le relevé peut être repris là où il s’est arrêté.
batch-stop-do = Arrêter le relevé
batch-stop-not = Continuer le relevé
batch-dead = Ce relevé a été abandonné : { $error }
batch-postponed = Les appels du jour sont épuisés. Le relevé reprendra seul à la remise à zéro.
batch-queued = Ce relevé attend un exécuteur.
batch-is-stopping = Ce relevé s’arrête : les cartes déjà parties se terminent.
batch-over = Sur { $scope }. Terminé : { $at }, en { $span }.
batch-begun-at = Sur { $scope }.
progress-label = { $good } réussies, { $review } à revoir, { $failed } en échec, sur { $targeted }
pace = Cartes par seconde
pace-limit = limite : { $n } appels/s
pace-none = Rien encore.
pace-label = Cartes par seconde depuis le départ, { $n } au plus
events = Ce qui s’est passé
event-begin = Départ
event-cards = { $n ->
    [one] Départ : { $n } carte
   *[other] Départ : { $n } cartes
 }
moves = De combien les prix ont bougé
moves-unit = nombre de cartes
moves-label = { $up } prix en hausse, { $down } en baisse, { $same } inchangés
top-moves = Les plus forts mouvements
move-before = Avant
move-after = Après
move-share = Écart
odd = À regarder
odd-cards = { $n ->
    [one] { $n } carte
   *[other] { $n } cartes
 }
odd-why = Pourquoi
odd-move = fort écart
odd-dispersion = prix dispersés
odd-cardmarket-fallback = prix de la référence
odd-to-review = à revoir
odd-suspended = hors étalage
odd-kind = { $kind } : { $what }
odd-more = Celles-ci ont bougé le plus.
causes = Sans prix, par cause
cause = Cause
cause-again = Relever les { $n }
cause-open = Ouvrir la carte
item-failed = En échec
item-skipped = Sautées
item-deferred = Reportées
item-stopped = Pas relevées
set-over = Finie
sets-over = { $done ->
    [one] { $done } finie
   *[other] { $done } finies
 } sur { $n }
sets-quiet = Toutes les extensions sont finies sans échec ni prix à revoir.
sets-folded = { $n ->
    [one] Une autre extension finie sans échec ni prix à revoir.
   *[other] { $n } autres extensions finies sans échec ni prix à revoir.
 }
sets-unfold = Les afficher
audit-batch-stop = Relevé arrêté
audit-batch-resume = Relevé repris
audit-cards-decide = Prix décidé
audit-cards-undo = Décision reprise
audit-cards-save = Carte corrigée
audit-catalogue-import-csv = Fichier importé
audit-catalogue-visibility = Visibilité changée

## Tâches suivies
order-refresh = Voir la page à jour
order-progress = { $done } sur { $total }
result-file = fichier
result-rows = lignes
result-bytes = taille
result-sets = extensions
result-cards = cartes
result-created = créées
result-updated = changées
result-unchanged = inchangées
result-changed = changées
result-day = jour
result-currencies = devises
command-exports-cards = Fichier de la boutique

## Extensions
sets-sentence = { $n ->
    [0] Aucune extension.
    [one] Une extension, { $shown } suivie.
   *[other] { $n } extensions, { $shown } suivies.
 }
sets-import = Importer
sets-import-file = Depuis un fichier
sets-import-do = Importer
sets-import-note = Les corrections de la boutique restent. Un import arrêté reprend avec l’extension suivante.
sets-source = Depuis
sets-set = Seulement l’extension
sets-set-all = toutes, ou base1
sets-none = Aucune extension.
sets-priced = Avec prix
sets-fresh = Moins de 30 jours
source-tcgdex = TCGdex : extensions et cartes
source-cardmarket = Cardmarket : prix de référence
source-ecb = BCE : taux de change
serie-words = { $sets ->
    [one] { $sets } extension
   *[other] { $sets } extensions
 }, { $cards ->
    [one] { $cards } carte
   *[other] { $cards } cartes
 }
serie-hide = Masquer le bloc
serie-show = Montrer le bloc
set-import = Importer
set-import-label = Importer { $set }
set-hide = Masquer
set-hide-label = Masquer { $set }
set-show = Montrer
set-show-label = Montrer { $set }
import-set-only-tcgdex = Seul TCGdex connaît les extensions. Laissez ce champ vide, ou choisissez TCGdex.
import-set-rule = Un identifiant comme base1. Vous avez écrit « { $given } ».

## Ventes repérées
sales-sentence = { $n ->
    [0] Aucune vente repérée en 30 jours.
    [one] Une vente repérée en 30 jours, pour { $total }.
   *[other] { $n } ventes repérées en 30 jours, pour { $total }.
 }
sales-by-day = Ventes par jour
sales-unit = port compris, sur 30 jours
sales-label = { $n } ventes repérées en 30 jours, par jour
sales-search = Carte ou annonce
sales-span = Période
sales-all = Toutes les dates
sales-days = { $n } jours
sales-table = Tableau : ventes repérées
sales-at = Repérée
sales-none = Aucune vente repérée.
sales-none-about = Une annonce qui disparaît entre deux relevés est vérifiée auprès d’eBay ; vendue, elle arrive ici.
sales-no-match = Aucune vente ne correspond à ces filtres.

## Import
import-sub = Un fichier est toujours montré avant d’être écrit. Les lignes fautives restent dehors, les autres passent.
import-choose = Choisir un fichier
import-file = Fichier CSV
import-hint = Le fichier de la boutique (colonnes séparées par « ; ») ou un dump de la base de cartes. { $limit } au plus.
import-look = Voir ce qu’il ferait
import-format = Voir les colonnes
import-preview = essai à blanc, rien n’est écrit
import-no-file = Choisissez un fichier.
import-gone = Ce fichier n’est plus gardé. Choisissez-le de nouveau.
import-refused = Ce fichier ne peut pas être importé. Rien n’a été écrit.
import-created = Nouvelles cartes
import-updated = Cartes changées
import-unchanged = Inchangées
import-sets = Nouvelles extensions
import-bad = Lignes fautives
import-bad-lines = Lignes fautives
import-line = Ligne
import-problem = Problème
import-changes = Ce qui change
import-columns = Colonnes
import-new-card = nouvelle
import-ignored = Colonnes inconnues, non lues :
import-nothing = Aucune ligne ne change quoi que ce soit.
import-do = { $n ->
    [one] Importer la carte
   *[other] Importer { $n } cartes
 }
import-not = Ne rien importer
import-will-leave-out = { $n ->
    [one] Une ligne fautive restera dehors.
   *[other] { $n } lignes fautives resteront dehors.
 }
import-done = { $name } est importé.
import-figures = { $created } nouvelles, { $updated } changées.
import-left-out = { $n ->
    [one] Une ligne fautive est restée dehors.
   *[other] { $n } lignes fautives sont restées dehors.
 }
import-more = et { $n } autres

## Exports
exports-sub = Chaque fichier remplace le précédent. Un fichier qui n’est pas complet n’est jamais montré.
exports-shop = Fichiers de la boutique
exports-file = Fichier
exports-files = Fichiers
exports-size = Taille
exports-made = Produit
exports-rows = Lignes
exports-checksum = Empreinte
exports-download = Télécharger
exports-produce = Produire
exports-again = Refaire
exports-batches = Résultats de relevés
exports-tenants = Exports Power BI
exports-tenant = Organisation
exports-no-tenants = Aucune organisation.
export-standard = Liste de prix
export-standard-about = cartes achetées aujourd’hui
export-full = Catalogue complet
export-full-about = toutes les cartes, tous les chiffres
export-anomalies = Anomalies
export-anomalies-about = cartes à regarder, et pourquoi
export-sales = Ventes repérées
export-sales-about = chaque vente
export-sales-summary = Ventes par carte
export-sales-summary-about = nombre, total, moyenne
export-listings = Annonces
export-listings-about = du dernier relevé de chaque carte
export-sets = Extensions
export-sets-about = celles qui ne sont pas masquées
export-sentence = { $n } fichiers, produits : { $at }.
export-table = { $files ->
    [one] { $files } fichier
   *[other] { $files } fichiers
 }, { $rows } lignes
export-single = Tables en un seul fichier
export-more = et { $n } fichiers de jours plus anciens

figures = Voir les chiffres
figures-from = De
figures-about = Environ
figures-day = Jour
figures-at = Heure
figures-calls = Appels
figures-so-far = Depuis le début du jour
figures-sales = Ventes
figures-total = Total, port compris
flaw-in-column = colonne { $column } : { $flaw }
flaw-too-many-cells = { $found } cellules, alors que la première ligne en nomme { $named } ; mettez entre guillemets une cellule qui contient le séparateur
flaw-not-utf-8 = le texte n’est pas en UTF-8 ; enregistrez le fichier en UTF-8
flaw-control-characters = ni retour à la ligne ni caractère de contrôle
flaw-too-long = { $n } caractères au plus
flaw-empty = ne doit pas être vide
flaw-impossible = « { $given } » n’est pas possible ici ; écrivez { $wanted }
flaw-no-set-id = seulement des lettres sans accent, des chiffres, des points, des tirets et des soulignés
flaw-no-card-id = écrivez le numéro d’une carte ou son identifiant, comme base1-4-HOLO
flaw-number-with-total = écrivez { $number } ici et { $total } dans set_cardcount_official
flaw-total-with-number = écrivez ce qui suit la barre oblique, comme 102 ou H32
flaw-other-set = une carte ne change pas d’extension ; laissez vide, ou écrivez le total imprimé dans set_cardcount_official
flaw-created-before = la ligne { $first } crée déjà { $id }
flaw-no-such-card = la carte { $id } n’existe pas ; laissez vide pour en créer une
flaw-exists = la carte { $id } existe déjà : écrivez-la dans la colonne id pour la modifier

## Causes d’un échec ou d’une attente
cause-ebay-unreachable = eBay est injoignable.
cause-ebay-unreachable-do = Vérifiez le réseau et EBAY_API_URL.
cause-ebay-late = eBay n’a pas répondu à temps.
cause-ebay-broken = La connexion à eBay s’est rompue.
cause-ebay-token = eBay n’accepte pas le jeton d’accès.
cause-ebay-credentials = eBay refuse les identifiants de l’application.
cause-ebay-credentials-do = Vérifiez EBAY_CLIENT_ID et EBAY_CLIENT_SECRET, puis réessayez.
cause-ebay-forbidden = eBay interdit cet appel à l’application.
cause-ebay-forbidden-do = Vérifiez ses droits dans votre compte de développeur eBay.
cause-ebay-limit = Le plafond d’appels d’eBay est atteint.
cause-ebay-limit-do = Tout reprend à la remise à zéro.
cause-ebay-refused = eBay a refusé la demande (erreur { $first }).
cause-ebay-failed = eBay est en panne (erreur { $first }).
cause-ebay-doubtful = eBay n’a fait qu’une partie de ce qui était demandé.
cause-ebay-unreadable = La réponse d’eBay est illisible.
cause-ebay-not-sent = La demande n’a pas été envoyée à eBay.
cause-ebay-tokens = { $first } jetons d’accès ont déjà été demandés à eBay aujourd’hui.
cause-breather = Il reste des appels, mais aucun n’était disponible à cet instant.
cause-ebay-not-set = Les identifiants eBay ne sont pas configurés.
cause-ebay-not-set-do = Donnez EBAY_CLIENT_ID et EBAY_CLIENT_SECRET aux exécuteurs.
cause-quota = Les appels du jour sont épuisés.
cause-quota-do = Tout reprend à la remise à zéro.
cause-deferred = { $first ->
    [one] Une carte est reportée.
   *[other] { $first } cartes sont reportées.
 }
cause-set-skipped = { $first } cartes de cette extension ont échoué de suite.
cause-database = La base de données ne répondait pas.
cause-broker = RabbitMQ a renoncé à livrer la tâche.
cause-worker-panic = L’exécuteur a rencontré une faute du programme.
cause-worker-panic-do = Réessayer n’y changera sans doute rien : signalez-la avec le détail.
cause-worker-older = Cet exécuteur ne connaît pas « { $first } ».
cause-worker-older-do = Mettez tous les exécuteurs à la même version.
cause-worker-lost = L’exécuteur a disparu pendant la tâche.
cause-result = Le résultat n’a pas pu être gardé.
cause-payload = Les paramètres gardés ne se lisent plus.
cause-no-word = La tâche de cette carte a pris fin sans donner de raison.
cause-stopped = Arrêt demandé.
cause-sources-not-set = Aucune source de cartes n’est configurée.
cause-set-unknown = TCGdex ne connaît pas l’extension « { $first } ».
cause-no-products = Aucune carte n’a de fiche chez Cardmarket.
cause-no-products-do = Importez d’abord les cartes depuis TCGdex.
cause-no-cards = Le catalogue n’a aucune de ces cartes.
cause-no-cards-do = Importez-les d’abord, depuis les extensions.
cause-card-unknown = Cette carte n’est plus au catalogue.
cause-card-nameless = La carte n’a pas de nom à chercher.
cause-card-nameless-do = Écrivez sa requête eBay sur sa fiche.
cause-batch-gone = Ce relevé a été effacé.
cause-tenant-unknown = Cette organisation n’existe plus.
cause-tickets-missing = La source n’a rien pour cette organisation.
cause-tickets-missing-do = Vérifiez MOCK_DATA_PATH et l’identifiant de l’organisation.
cause-day-ahead = Le { $first } est encore à venir ; le dernier jour possible est le { $second }.
cause-manifest = La liste des fichiers exportés est illisible.
cause-manifest-do = Refaites tous les exports de cette organisation.
cause-callback-gone = La tâche à annoncer n’existe plus.
cause-callback-secret = Les exécuteurs n’ont pas de quoi signer les rappels.
cause-callback-secret-do = Donnez-leur CALLBACK_SECRET.
cause-callback-refused = L’adresse du rappel n’est pas permise.
cause-callback-refused-do = Ajoutez son hôte à CALLBACK_ALLOWED_HOSTS, ou corrigez l’adresse.
cause-server-late = { $first } n’a pas répondu à temps.
cause-server-status = { $first } a répondu par l’erreur { $second }.
cause-server-unreachable = { $first } est injoignable.
cause-server-broken = La connexion à { $first } s’est rompue.
cause-server-unreadable = La réponse de { $first } est illisible.
cause-file-unreadable = Un fichier n’a pas pu être lu.

## Avancement d’une tâche
progress-rate = { $first } cartes/s
progress-failed = { $first } en échec
progress-skipped = { $first } sautées
progress-deferred = { $first } reportées
progress-stopped = { $first } pas relevées
progress-beyond = { $first } au-delà de ce relevé
progress-records = { $first } fiches
progress-bytes = { $first } lus sur { $second }
progress-days = du { $first } au { $second }
progress-planning = préparation
progress-estimating = estimation
progress-downloading = téléchargement
progress-sets = recherche des extensions
progress-prices = prix
progress-rows = lignes
progress-waiting = attente
progress-waited = attente finie
progress-done = fini

## Import : un fichier entier
file-unreadable = Le fichier n’a pas pu être lu. Enregistrez-le de nouveau, puis envoyez-le.
file-empty = Le fichier est vide : sa première ligne doit nommer les colonnes.
file-missing-column = La colonne { $column } manque : la première ligne doit nommer les colonnes, séparées par « { $separator } ».
file-repeated-column = La colonne { $column } est nommée deux fois : gardez-en une.
file-header = La première ligne n’a pas pu être lue. Enregistrez le fichier en CSV, encodé en UTF-8.
