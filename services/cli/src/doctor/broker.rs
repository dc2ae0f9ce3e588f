//! The broker's topology, and who listens.

use broker::Broker;

use crate::check::{Cause, Check};

pub(crate) async fn checks(broker: &Broker) -> Vec<Check> {
    let name = "broker topology";
    let differences = match broker.inspect().await {
        Ok(differences) => differences,
        // Comparing means declaring, which the user of an API may not.
        Err(broker::Error::Refused { .. }) => {
            let detail = "is not compared: this user may only look, as that of an API should";
            return vec![Check::well(Cause::Broker, name, detail), consumers(broker).await];
        }
        Err(error) => {
            let advice = "check host, port, user, password and virtual host in AMQP_URL, and that \
                          RabbitMQ runs; its port for amqp:// is 5672, that for amqps:// 5671";
            return vec![Check::ill(Cause::Broker, "broker", error.to_string(), advice)];
        }
    };
    if !differences.is_empty() {
        let named: Vec<_> = differences.iter().map(ToString::to_string).collect();
        let advice = "missing parts come with the first worker or scheduler; delete a queue that \
                      differs once it is empty";
        return vec![Check::ill(Cause::Broker, name, named.join("; "), advice)];
    }
    let protection = if broker.is_encrypted() { "encrypted" } else { "not encrypted" };
    let detail = format!("is as it should be; the connection is {protection}");
    vec![Check::well(Cause::Broker, name, detail), consumers(broker).await]
}

async fn consumers(broker: &Broker) -> Check {
    let name = "consumers";
    let advice = "start `courtier worker` (lanes) and `courtier scheduler` (dead letters)";
    match broker.depths().await {
        Ok(depths) => {
            let alone = depths.iter().filter(|depth| depth.consumers == 0);
            let alone: Vec<_> = alone.map(|depth| depth.lane.as_str()).collect();
            if alone.is_empty() {
                return Check::well(Cause::Broker, name, "every lane has one");
            }
            let detail = format!("nobody listens to {}", alone.join(", "));
            Check::ill(Cause::Broker, name, detail, advice)
        }
        Err(error) => Check::ill(Cause::Broker, name, error.to_string(), advice),
    }
}
