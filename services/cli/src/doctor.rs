//! `courtier doctor`: checks what an installation needs, and says what to do.

pub(crate) mod broker;
pub(crate) mod database;
mod ebay;
pub(crate) mod network;
mod ping;
pub(crate) mod variables;
pub(crate) mod volumes;

use std::process::ExitCode;

use settings::admin::Admin;
use settings::api::{self, Api};
use settings::broker::Broker;
use settings::database::Database;
use settings::files::Files;
use settings::market::Market;
use store::Role;

use crate::check::{self, Cause, Check};
use crate::options::DoctorArguments;
use crate::start;

pub(crate) async fn run(arguments: DoctorArguments) -> anyhow::Result<ExitCode> {
    let (database, broker, files, market) = start::load(|reader| {
        let (database, broker) = (Database::load(reader), Broker::load(reader));
        (database, broker, Files::load(reader), Market::load(reader))
    })?;
    let store = start::store(&database, Role::Worker)?;
    let broker = start::broker(&broker)?;
    let mut all = token();
    all.extend(account());
    let database = database::checks(&store).await;
    let database_ok = database.iter().all(|check| check.ok);
    all.extend(database);
    all.extend(broker::checks(&broker).await);
    all.extend(volumes::checks(&files, volumes::is_shop(&store, &files).await));
    all.extend(network(&arguments).await?);
    if database_ok {
        all.push(ping::check(&store).await);
    }
    all.push(ebay::check(&market, arguments.ebay).await);
    let well = check::show(&all, arguments.format.json);
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The service token and the API's other variables, as `courtier api` would read them.
fn token() -> Vec<Check> {
    let detail = "is set, and long enough, and so are the API's secrets";
    match start::load(Api::load) {
        Ok(_) => vec![Check::well(Cause::Token, "service token", detail)],
        Err(problems) => variables::checks(&problems),
    }
}

/// The account of the admin site, if one is named here.
fn account() -> Vec<Check> {
    let detail = match start::load(Admin::load_if_named) {
        Ok(Some(admin)) => format!("is `{}`", admin.username),
        Ok(None) => "is not set here".to_owned(),
        Err(problems) => return variables::checks(&problems),
    };
    vec![Check::well(Cause::Settings, "admin account", detail)]
}

/// The API as n8n would reach it.
async fn network(arguments: &DoctorArguments) -> anyhow::Result<Vec<Check>> {
    let token = start::load(Api::load).ok().map(|api| api.service_token);
    let url = match &arguments.url {
        Some(url) => url.clone(),
        None if network::is_known(network::INSIDE).await => network::INSIDE.to_owned(),
        None => format!("http://{}", network::on_this_host(start::load(api::listen)?)),
    };
    Ok(network::checks(&url, token.as_ref()).await)
}
