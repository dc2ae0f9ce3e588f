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
command-cards-price = Prix d’une carte
command-cards-reprice = Prix d’une carte, tout de suite
command-catalogue-import = Import du catalogue
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
health-ebay-blocked = Refuse les appels jusqu’à { $until }
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
rule-pricing = Ces règles ne peuvent pas servir : { $rule }.
usage = Appels eBay, sept jours
usage-today = aujourd’hui { $n }
usage-label = Appels eBay des sept derniers jours. { $today } aujourd’hui, plafond { $limit }
changes = Derniers changements
changes-none = Rien n’a encore été changé.
changes-setting = Réglage
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
