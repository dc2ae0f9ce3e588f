//! The variables, against the files that document them.

use std::{collections::BTreeMap, fs, io};

use crate::{
    Reader, Source, admin::Admin, api::Api, database::Database, files::Files, log::Log,
    market::Market, telemetry::Telemetry, variables, worker::Worker,
};

/// An environment made of pairs, with files.
#[derive(Default)]
struct Fake(BTreeMap<&'static str, &'static str>);

impl Source for Fake {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|value| (*value).to_owned())
    }

    fn read_file(&self, path: &str) -> io::Result<String> {
        match path {
            "/run/secrets/token" => Ok("0123456789abcdef0123456789abcdef\n".to_owned()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

fn fake<const N: usize>(pairs: [(&'static str, &'static str); N]) -> Fake {
    Fake(pairs.into())
}

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn text(path: &str) -> String {
    fs::read_to_string(format!("{ROOT}/{path}")).unwrap()
}

/// Name and example value of every variable in a file of `env/`.
fn examples(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The same of all files that a role reads; the one of compose/compose.yaml has names of its own.
fn documented() -> BTreeMap<String, String> {
    let files = fs::read_dir(format!("{ROOT}/env")).unwrap().map(|entry| entry.unwrap().path());
    let of_roles = files.filter(|path| !path.ends_with("compose.env.example"));
    of_roles.flat_map(|path| examples(&fs::read_to_string(path).unwrap())).collect()
}

fn read() -> BTreeMap<String, String> {
    let pair = |variable: &crate::Variable| {
        (variable.name.to_owned(), variable.default.unwrap_or("").to_owned())
    };
    variables().iter().map(pair).collect()
}

/// What a compose file takes from its surroundings, as `NAME` or `NAME:-default`, in order.
fn substituted(compose: &str) -> Vec<&str> {
    let code = compose.lines().filter(|line| !line.trim_start().starts_with('#'));
    code.flat_map(|line| line.split("${").skip(1).filter_map(|rest| rest.split('}').next()))
        .collect()
}

#[test]
fn the_example_files_document_every_variable_with_its_default() {
    assert_eq!(documented(), read());
}

#[test]
fn the_example_for_compose_names_what_compose_asks_for_with_its_default() {
    let compose = text("compose/compose.yaml");
    let mut asked = BTreeMap::new();
    for wanted in substituted(&compose) {
        let (name, default) = match wanted.split_once(":-") {
            Some((name, default)) => (name, default),
            None => (wanted.split(":?").next().unwrap(), ""),
        };
        let before = asked.insert(name.to_owned(), default.to_owned());
        assert!(before.is_none_or(|before| before == default), "{name} has two defaults");
    }
    assert_eq!(examples(&text("env/compose.env.example")), asked);
}

/// Variables that a way of running has no use for, and why.
fn is_elsewhere(deployment: &str, name: &str) -> bool {
    match name {
        // The image sets it; a prefix is for brokers that are shared.
        "LOG_FORMAT" | "AMQP_PREFIX" => true,
        // An old name, for those who come with an old file.
        "FLASK_SECRET_KEY" => deployment == "kubernetes",
        // The one who runs the broker there makes its users.
        name => deployment == "kubernetes" && name.starts_with("RABBITMQ_"),
    }
}

/// Whoever follows the examples shall not miss a variable, nor change a default unawares.
#[test]
fn every_variable_has_its_place_in_each_deployment_and_keeps_its_default() {
    let kubernetes = fs::read_dir(format!("{ROOT}/compose/kubernetes")).unwrap();
    let kubernetes = kubernetes.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let image = text("compose/Dockerfile");
    for (deployment, files) in [
        ("compose", text("compose/compose.yaml")),
        ("coolify", text("compose/coolify.yaml")),
        ("kubernetes", kubernetes.collect()),
    ] {
        for (name, default) in read() {
            let known = files.contains(&format!(" {name}: "))
                || files.contains(&format!(" name: {name}\n"))
                || image.contains(&format!("{name}="));
            assert!(known || is_elsewhere(deployment, &name), "{deployment} does not know {name}");
            let Some((_, rest)) = files.split_once(&format!("${{{name}:-")) else { continue };
            // Docker has networks of its own, and an account needs some name.
            if !["TRUSTED_PROXIES", "ADMIN_USERNAME", "SERVICE_TOKEN"].contains(&name.as_str()) {
                assert_eq!(rest.split('}').next(), Some(default.as_str()), "{deployment}: {name}");
            }
        }
    }
}

#[test]
fn every_problem_is_named_at_once() {
    let source =
        fake([("API_LISTEN", "everywhere"), ("API_RATE_LIMIT", "many"), ("MOCK_MODE", "maybe")]);
    let mut reader = Reader::new(&source);
    Api::load(&mut reader);
    Database::load(&mut reader);
    Files::load(&mut reader);
    let problems = reader.finish().unwrap_err().to_string();
    let expected = "\
API_LISTEN: `everywhere` is not an address and a port
SERVICE_TOKEN: is not set
API_RATE_LIMIT: `many` is not a number of requests a minute
API_KEY_PEPPER: is not set
JWT_SECRET_KEY: is not set
DATABASE_URL: is not set
MOCK_MODE: `maybe` is neither `true` nor `false`";
    assert_eq!(problems, expected);
}

#[test]
fn a_secret_can_come_from_a_file() {
    let source = fake([
        ("SERVICE_TOKEN_FILE", "/run/secrets/token"),
        ("API_KEY_PEPPER_FILE", "/run/secrets/token"),
        ("JWT_SECRET_KEY", SECRET),
    ]);
    let mut reader = Reader::new(&source);
    let api = Api::load(&mut reader);
    assert_eq!(reader.finish(), Ok(()));
    assert_eq!(secrecy::ExposeSecret::expose_secret(&api.service_token).len(), 32);
    assert!(!format!("{api:?}").contains("0123456789abcdef"));

    let source = fake([("SERVICE_TOKEN_FILE", "/nowhere")]);
    let mut reader = Reader::new(&source);
    Api::load(&mut reader);
    let problems = reader.finish().unwrap_err().to_string();
    assert!(problems.starts_with("SERVICE_TOKEN_FILE: `/nowhere` cannot be read"), "{problems}");
}

#[test]
fn a_weak_token_is_refused() {
    let short = "0123456789abcdef0123456789abcde";
    for token in [short, "<SERVICE_TOKEN of the deployment>", "change-me-please-and-then-some-more"]
    {
        assert_refused("SERVICE_TOKEN", token);
        assert_refused("SERVICE_PREVIOUS_TOKEN", token);
    }
}

/// Checks that the API starts, and not with this value.
fn assert_refused(name: &'static str, value: &'static str) {
    let load = |source: &Fake| {
        let mut reader = Reader::new(source);
        Api::load(&mut reader);
        reader.finish()
    };
    let mut source =
        fake([("SERVICE_TOKEN", SECRET), ("API_KEY_PEPPER", SECRET), ("JWT_SECRET_KEY", SECRET)]);
    assert_eq!(load(&source), Ok(()));
    source.0.insert(name, value);
    let problems = load(&source).unwrap_err().to_string();
    assert!(problems.starts_with(name), "{name}={value}: {problems}");
    assert_eq!(problems.lines().count(), 1, "{problems}");
}

#[test]
fn what_proves_keys_and_tokens_cannot_be_guessed() {
    for name in ["API_KEY_PEPPER", "JWT_SECRET_KEY", "JWT_PREVIOUS_SECRET_KEY"] {
        for value in [
            "short",
            "5f0c1b9e7a3d4826b1f0e9d8c7b6a59",
            "change-me-please-change-me-please",
            "<32 characters that nobody can guess>",
            "00000000000000000000000000000000",
        ] {
            assert_refused(name, value);
        }
    }
    for value in ["29", "3601", "0", "-1", "soon"] {
        assert_refused("JWT_LIFETIME_SECONDS", value);
    }
    for value in ["*", "reports.example", "https://", "https://a.example/", "https://A.example"] {
        assert_refused("API_ALLOWED_ORIGINS", value);
    }
}

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA";
const SECRET: &str = "5f0c1b9e7a3d4826b1f0e9d8c7b6a594";

#[test]
fn the_admin_site_refuses_what_can_be_guessed_and_says_which() {
    let problems = |name: &'static str, value: &'static str| {
        let mut source = fake([
            ("ADMIN_USERNAME", "nadia"),
            ("ADMIN_PASSWORD_HASH", HASH),
            ("SESSION_SECRET_KEY", SECRET),
            ("API_KEY_PEPPER", SECRET),
        ]);
        source.0.insert(name, value);
        let mut reader = Reader::new(&source);
        Admin::load(&mut reader);
        reader.finish().map_err(|problems| problems.to_string())
    };
    assert_eq!(problems("ADMIN_LISTEN", "127.0.0.1:0"), Ok(()));
    for (name, value) in [
        ("SESSION_SECRET_KEY", "short"),
        ("SESSION_SECRET_KEY", "change-me-please-change-me-please"),
        ("SESSION_SECRET_KEY", "une_cle_secrete_aleatoire_tres_longue_minimum_32_caracteres"),
        ("SESSION_SECRET_KEY", "<32 characters that nobody can guess>"),
        ("SESSION_SECRET_KEY", "00000000000000000000000000000000"),
        ("ADMIN_PASSWORD_HASH", "my password"),
        ("ADMIN_PASSWORD_HASH", "$2b$12$abcdefghijklmnopqrstuv"),
        ("ADMIN_USERNAME", ""),
        ("ADMIN_USERNAME", "two words"),
        ("ADMIN_LISTEN", "here"),
        ("PUBLIC_URL", "cards.example"),
    ] {
        let problems = problems(name, value).unwrap_err();
        assert!(problems.starts_with(name), "{name}={value}: {problems}");
        assert_eq!(problems.lines().count(), 1, "{problems}");
    }
}

#[test]
fn the_old_name_of_the_session_secret_still_counts() {
    let source = fake([
        ("ADMIN_USERNAME", "nadia"),
        ("ADMIN_PASSWORD_HASH", HASH),
        ("FLASK_SECRET_KEY", SECRET),
        ("API_KEY_PEPPER", SECRET),
    ]);
    let mut reader = Reader::new(&source);
    let admin = Admin::load_if_named(&mut reader).unwrap();
    assert_eq!(reader.finish(), Ok(()));
    assert_eq!(secrecy::ExposeSecret::expose_secret(&admin.session_secret), SECRET);
    assert!(!format!("{admin:?}").contains(SECRET));

    let nobody = Fake::default();
    let mut reader = Reader::new(&nobody);
    assert!(Admin::load_if_named(&mut reader).is_none());
    assert_eq!(reader.finish(), Ok(()));
}

#[test]
fn limits_are_checked() {
    for (name, value) in [("LEASE_SECONDS", "0"), ("LEASE_SECONDS", "-1"), ("LOG_FORMAT", "xml")] {
        let source = Fake([(name, value)].into());
        let mut reader = Reader::new(&source);
        Worker::load(&mut reader);
        Log::load(&mut reader);
        let problems = reader.finish().unwrap_err().to_string();
        assert!(problems.starts_with(name), "{problems}");
    }
}

#[test]
fn addresses_are_checked() {
    for (name, value) in [
        ("METRICS_LISTEN", "9464"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("EBAY_API_URL", "api.ebay.com"),
    ] {
        let source = Fake([(name, value)].into());
        let mut reader = Reader::new(&source);
        Telemetry::load(&mut reader);
        Market::load(&mut reader);
        let problems = reader.finish().unwrap_err().to_string();
        assert!(
            problems.starts_with(&format!("{name}: `{value}` is not an address")),
            "{problems}"
        );
        assert_eq!(problems.lines().count(), 1, "{problems}");
    }
}
