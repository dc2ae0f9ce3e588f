//! eBay: OAuth, Browse and the limits of its API.
