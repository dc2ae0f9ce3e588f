//! From a name to addresses, for one connection: what is checked is what is connected to.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::Policy;

/// Asks where a host is.
pub trait Lookup: Send + Sync {
    /// Every address of the host.
    fn addresses(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// Asks as every program of this machine does.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Lookup for System {
    fn addresses(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// The resolver of the client. The connection goes to one of the addresses that it returns and
/// nowhere else, so that a name which changes its mind between a check and the connection gains
/// nothing: there is no moment between.
pub(crate) struct Guard {
    pub(crate) policy: Arc<Policy>,
    pub(crate) lookup: Arc<dyn Lookup>,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = Arc::clone(&self.policy);
        let host = name.as_str().to_owned();
        let found = self.lookup.addresses(host.clone());
        Box::pin(async move {
            let found = found.await?;
            // One bad address among good ones condemns them all: it is there on purpose.
            for address in &found {
                policy.allow(&host, *address)?;
            }
            let found = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(found) as Addrs)
        })
    }
}
