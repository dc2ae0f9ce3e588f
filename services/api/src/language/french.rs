//! French for the texts of problems.
//!
//! The English text is the key, as in gettext: `{}` stands for what varies, and what it stands for
//! is translated too where it is a text of ours. A test reads the sources of this crate and misses
//! any text that has no line here.

use std::borrow::Cow;

/// English and French.
#[rustfmt::skip]
const TEXTS: &[(&str, &str)] = &[
    // Titles.
    ("Bad Request", "Requête incorrecte"),
    ("Unauthorized", "Authentification requise"),
    ("Forbidden", "Accès refusé"),
    ("Not Found", "Introuvable"),
    ("Method Not Allowed", "Méthode non autorisée"),
    ("Conflict", "Conflit"),
    ("Payload Too Large", "Corps trop volumineux"),
    ("Unsupported Media Type", "Type de contenu non pris en charge"),
    ("Range Not Satisfiable", "Plage impossible à servir"),
    ("Unprocessable Entity", "Paramètres incorrects"),
    ("Too Many Requests", "Trop de requêtes"),
    ("Internal Server Error", "Erreur interne"),
    ("Not Implemented", "Non pris en charge"),
    ("Service Unavailable", "Service indisponible"),

    // Who may do what.
    ("send the service token as `Authorization: Bearer …`", "envoyez le jeton de service : `Authorization: Bearer …`"),
    ("send one credential, not several", "envoyez une seule preuve d’identité"),
    ("this is not the service token", "ce n’est pas le jeton de service"),
    ("send the tenant's API key as `X-API-Key: msp_ak_…`", "envoyez la clé d’API du client : `X-API-Key: msp_ak_…`"),
    ("this API key is unknown, expired or revoked", "cette clé d’API est inconnue, expirée ou révoquée"),
    ("the tenant of this API key is not active", "le client de cette clé d’API n’est pas actif"),
    ("this API key was not given the right to read this", "cette clé d’API n’a pas le droit de lire ceci"),
    ("this API key has not all the rights asked for", "cette clé d’API n’a pas tous les droits demandés"),
    ("only an API key can be exchanged, not a token", "seule une clé d’API s’échange, pas un jeton"),
    ("this token was not given out here: exchange an API key for one", "ce jeton ne vient pas d’ici : échangez une clé d’API contre un jeton"),
    ("this token has expired: exchange the API key for a new one", "ce jeton a expiré : échangez la clé d’API contre un nouveau"),
    ("this token is not valid yet: compare the clocks", "ce jeton n’est pas encore valable : comparez les horloges"),

    // What is not there.
    ("nothing lives at {}", "il n’y a rien à {}"),
    ("there is no command {}", "il n’y a pas de commande {}"),
    ("there is no batch {}", "il n’y a pas de lot {}"),
    ("there is no card {}", "il n’y a pas de carte {}"),
    ("card {} was not looked at yet", "la carte {} n’a pas encore été consultée"),
    ("there is no export file {}", "il n’y a pas de fichier d’export {}"),
    ("there is no set `{}`", "il n’y a pas d’ensemble `{}`"),
    ("$format: json is the only format", "$format : json est le seul format"),
    ("OData-MaxVersion: answers are OData 4.0", "OData-MaxVersion : les réponses sont en OData 4.0"),
    ("{}: is not an option of this resource", "{} : n’est pas une option de cette ressource"),
    ("$expand: is not implemented", "$expand : n’est pas pris en charge"),
    ("the documentation has no file {}", "la documentation n’a pas de fichier {}"),
    ("the figures of {} are not computed", "les indicateurs du {} ne sont pas calculés"),
    ("no figures of {} are known from that moment", "on ne connaît aucun indicateur du {} à ce moment"),

    // What cannot be done.
    ("this path answers {}", "ce chemin répond à {}"),
    ("the command is {}: it cannot {}", "la commande est {} : action impossible ({})"),
    ("the command of this key is not kept any more", "la commande de cette clé n’est plus conservée"),
    ("this idempotency key was used for a request with other parameters", "cette clé d’idempotence a servi pour une requête avec d’autres paramètres"),
    ("the file ends after {} bytes", "le fichier se termine après {} octets"),
    ("the body may hold {} bytes at most", "le corps peut contenir {} octets au plus"),
    ("the rate limit of this credential is spent; retry in {} s", "la limite de requêtes est atteinte ; réessayez dans {} s"),
    ("the request failed for a reason inside the service; quote the request id to its operator", "la requête a échoué pour une raison interne ; donnez son identifiant à l’exploitant"),
    ("too many commands wait to be accepted; retry shortly", "trop de commandes attendent ; réessayez dans un instant"),
    ("the database cannot be reached; retry shortly", "la base de données est injoignable ; réessayez dans un instant"),
    ("no answer was ready within {} s", "aucune réponse n’était prête en {} s"),

    // Bodies.
    ("the body must be a JSON object", "le corps doit être un objet JSON"),
    ("the body must be a JSON object of parameters", "le corps doit être un objet JSON de paramètres"),
    ("the body is not JSON: {}", "le corps n’est pas du JSON : {}"),
    ("the body broke off", "le corps s’est interrompu"),
    ("the body must be application/json, not `{}`", "le corps doit être en application/json, pas en `{}`"),
    ("the parameters hold text that cannot be stored, such as the character U+0000", "les paramètres contiennent un texte impossible à stocker, comme le caractère U+0000"),

    // Fields.
    ("is required", "est obligatoire"),
    ("is required, or `from` and `to`", "est obligatoire, ou bien `from` et `to`"),
    ("is required with {}", "est obligatoire avec {}"),
    ("is required with the kind {}", "est obligatoire avec le genre {}"),
    ("is given twice", "est donné deux fois"),
    ("is not a parameter of this request", "n’est pas un paramètre de cette requête"),
    ("is not a parameter; there are {}", "n’est pas un paramètre ; il y a {}"),
    ("is in the query string and in the body", "est à la fois dans l’adresse et dans le corps"),
    ("is `{}` in one place and `{}` in another", "vaut `{}` à un endroit et `{}` à un autre"),
    ("is not the lane of `{}`", "n’est pas la voie de `{}`"),
    ("is not the name of a setting", "n’est pas le nom d’un réglage"),
    ("is unknown", "est inconnu"),
    ("cannot stand with {}", "ne peut accompagner {}"),
    ("cannot be combined with from and to", "ne peut accompagner from et to"),
    ("stands with `date` only", "n’accompagne que `date`"),
    ("goes with the kind {} alone", "ne va qu’avec le genre {}"),
    ("must not hold the character NUL", "ne doit pas contenir le caractère NUL"),
    ("must not be above `{}`", "ne doit pas dépasser `{}`"),
    ("must not be before from", "ne doit pas précéder from"),
    ("must be between {} and {}", "doit être entre {} et {}"),
    ("must be at least {}", "doit être au moins {}"),
    ("must be at most {}", "doit être au plus {}"),
    ("must be more than 0 EUR", "doit dépasser 0 EUR"),
    ("must be one of {}", "doit être l’un de {}"),
    ("must be a number of seconds, at most {}", "doit être un nombre de secondes, au plus {}"),
    ("must be that of a `next` with the same `sort`", "doit être celui d’un `next` avec le même `sort`"),
    ("must be that of a `next` of this list", "doit être celui d’un `next` de cette liste"),
    ("must be an instant such as 2026-01-24T00:00:00Z, or a date", "doit être un instant comme 2026-01-24T00:00:00Z, ou une date"),
    ("must be 1 to 255 visible ASCII characters", "doit compter 1 à 255 caractères ASCII visibles"),
    ("must be name, price or staleness", "doit être name, price ou staleness"),
    ("must be company, board, priority or member", "doit être company, board, priority ou member"),
    ("must be billable, no_charge or not_billable", "doit être billable, no_charge ou not_billable"),
    ("must name a right", "doit nommer un droit"),
    ("must name a card, or be left out", "doit nommer une carte, ou être omis"),
    ("must be {}", "doit être {}"),
    ("`{}` is none of {}", "`{}` n’est aucun de {}"),
    ("there is no tenant with this id", "il n’y a pas de client avec cet identifiant"),
    ("this tenant is not active", "ce client n’est pas actif"),
    ("to ({}) is before from ({}): swap them", "to ({}) précède from ({}) : inversez-les"),
    ("{} is too early: give a date from {} on", "{} est trop tôt : donnez une date à partir du {}"),
    ("{} is in the future: give a date up to {}", "{} est dans le futur : donnez une date jusqu’au {}"),
    ("{} days are too many: ask for at most {} at a time", "{} jours sont trop : demandez-en {} au plus à la fois"),
    ("{} days are too many: at most {}", "{} jours sont trop : {} au plus"),

    // What a field must be.
    ("a date such as {}", "une date comme {}"),
    ("an instant such as {}", "un instant comme {}"),
    ("an amount in EUR such as 12.50", "un montant en EUR comme 12.50"),
    ("a number", "un nombre"),
    ("a text", "un texte"),
    ("a word", "un mot"),
    ("words", "des mots"),
    ("a name", "un nom"),
    ("a moment", "un moment"),
    ("a class", "une classe"),
    ("a dimension", "une dimension"),
    ("a UUID", "un UUID"),
    ("a status", "un état"),
    ("a lane", "une voie"),
    ("a value", "une valeur"),
    ("a verdict", "un verdict"),
    ("a state of a card", "un état de carte"),
    ("true or false", "true ou false"),
    ("the name of a figure", "le nom d’un indicateur"),
    ("csv or parquet", "csv ou parquet"),
    ("the name of a table", "le nom d’une table"),
    ("the id of a command", "l’identifiant d’une commande"),
    ("the id of a batch", "l’identifiant d’un lot"),
    ("the id of a version", "l’identifiant d’une version"),
    ("the id of a set", "l’identifiant d’une série"),
    ("the id of a ticket", "l’identifiant d’un ticket"),
    ("the number of a card", "le numéro d’une carte"),
    ("the turn of a card", "le tour d’une carte"),
    ("rights separated by blanks", "des droits séparés par des espaces"),
    ("NORMAL, REVERSE, HOLO or FIRST_ED", "NORMAL, REVERSE, HOLO ou FIRST_ED"),
];

/// Deepest nesting of texts in texts.
const MAX_DEPTH: u8 = 3;

/// A text of ours in French, else the text itself.
pub(super) fn translate(english: &str) -> Cow<'_, str> {
    translate_within(english, MAX_DEPTH)
}

fn translate_within(english: &str, depth: u8) -> Cow<'_, str> {
    if depth == 0 {
        return Cow::Borrowed(english);
    }
    // Of all that fit, the one that leaves least open.
    let fitting =
        TEXTS.iter().filter_map(|(pattern, french)| Some((parts(english, pattern)?, french)));
    let open = |(parts, _): &(Vec<&str>, _)| parts.iter().map(|part| part.len()).sum::<usize>();
    let Some((parts, french)) = fitting.min_by_key(open) else { return Cow::Borrowed(english) };
    let mut pieces = french.split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (part, piece) in parts.iter().zip(pieces) {
        text += &translate_within(part, depth - 1);
        text += piece;
    }
    Cow::Owned(text)
}

/// What the `{}` of a pattern stand for in a text, if it has this form.
fn parts<'a>(text: &'a str, pattern: &str) -> Option<Vec<&'a str>> {
    let mut literals = pattern.split("{}");
    let mut rest = text.strip_prefix(literals.next()?)?;
    let mut literals = literals.peekable();
    let mut parts = Vec::new();
    while let Some(literal) = literals.next() {
        let at = match literals.peek() {
            Some(_) => rest.find(literal)?,
            // The last one has to end the text.
            None => rest.len() - rest.strip_suffix(literal).map(|_| literal.len())?,
        };
        parts.push(&rest[..at]);
        rest = &rest[at + literal.len()..];
    }
    rest.is_empty().then_some(parts)
}

#[cfg(test)]
mod tests;
