//! `courtier import-catalogue`: orders `catalogue.import`.

use std::{process::ExitCode, time::Duration};

use serde_json::json;

use crate::{
    enqueue::{is_over_for_now, order, report},
    options::ImportCatalogueArguments,
    output,
};

/// All sets take an hour and more, at the pace that the source is asked.
const PATIENCE: Duration = Duration::from_hours(24);

pub(crate) async fn run(arguments: ImportCatalogueArguments) -> anyhow::Result<ExitCode> {
    let ImportCatalogueArguments { source, set, prices_only, watch, format } = arguments;
    let mut parameters = json!({ "source": source, "prices_only": prices_only });
    if let Some(set) = set {
        parameters["set"] = json!(set);
    }
    let Some(order) = order("catalogue.import", parameters, watch).await? else {
        return Ok(ExitCode::from(output::REFUSED));
    };
    if !watch {
        order.say(format);
        return Ok(ExitCode::SUCCESS);
    }
    match order.follow(PATIENCE, is_over_for_now).await? {
        Some(command) => Ok(report(&command, format)),
        None => Ok(ExitCode::from(output::STILL_RUNNING)),
    }
}
