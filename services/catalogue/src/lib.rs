//! Where cards and reference prices come from: `TCGdex`, Cardmarket, and the ECB for rates.
