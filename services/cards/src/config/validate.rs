//! Refuses a configuration that no price may come from.

use rust_decimal::Decimal;

use super::{BuyConfig, ClassicConfig, ClassifyConfig, PricingConfig, RobustConfig, VatScheme};

/// A value that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` is out of range: {rule}")]
pub struct ConfigError {
    /// Path in the configuration, such as `buy.step_eur`.
    pub field: &'static str,
    /// What would be right.
    pub rule: &'static str,
}

impl PricingConfig {
    /// Checks what types cannot hold.
    ///
    /// # Errors
    /// The first field that is out of range.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.classify.validate()?;
        self.robust.validate()?;
        self.classic.validate()?;
        self.buy.validate()
    }
}

fn check(holds: bool, field: &'static str, rule: &'static str) -> Result<(), ConfigError> {
    if holds { Ok(()) } else { Err(ConfigError { field, rule }) }
}

fn is_rate(rate: Decimal) -> bool {
    (Decimal::ZERO..Decimal::ONE).contains(&rate)
}

impl ClassifyConfig {
    fn validate(&self) -> Result<(), ConfigError> {
        let factors = &self.condition_factors;
        let descending = [
            Decimal::ONE,
            factors.lightly_played,
            factors.moderately_played,
            factors.heavily_played,
            factors.damaged,
        ];
        let holds = descending.is_sorted_by(|better, worse| better >= worse)
            && factors.damaged > Decimal::ZERO;
        let rule = "factors fall from 1 with the condition and stay above 0";
        check(holds, "classify.condition_factors", rule)?;
        let shipping = self.default_shipping_eur >= Decimal::ZERO;
        check(shipping, "classify.default_shipping_eur", "at least 0")
    }
}

impl RobustConfig {
    fn validate(&self) -> Result<(), ConfigError> {
        for (value, field) in [
            (self.window_log, "robust.window_log"),
            (self.biweight_cutoff_widths, "robust.biweight_cutoff_widths"),
            (self.biweight_correction, "robust.biweight_correction"),
            (self.prior_voices, "robust.prior_voices"),
            (self.prior_width, "robust.prior_width"),
            (self.min_width, "robust.min_width"),
            (self.fifth_variance, "robust.fifth_variance"),
            (self.error_log, "robust.error_log"),
            (self.history_decay_days, "robust.history_decay_days"),
            (self.votes_unit, "robust.votes_unit"),
            (self.precision_unit, "robust.precision_unit"),
            (self.spread_unit, "robust.spread_unit"),
        ] {
            check(value.is_finite() && value > 0.0, field, "a number above 0")?;
        }
        check(self.min_width <= self.max_width, "robust.max_width", "at least `min_width`")?;
        check(self.voices_per_seller > 0, "robust.voices_per_seller", "at least 1")?;
        check(self.min_group > 0, "robust.min_group", "at least 1")?;
        check(self.variance_floor >= 0.0, "robust.variance_floor", "at least 0")?;
        let knots = &self.confidence;
        let holds = !knots.is_empty()
            && knots.is_sorted_by(|low, high| low.score < high.score)
            && knots.iter().all(|knot| (0.0..=1.0).contains(&knot.confidence));
        check(holds, "robust.confidence", "at least one step, scores ascending, shares from 0 to 1")
    }
}

impl ClassicConfig {
    fn validate(&self) -> Result<(), ConfigError> {
        let trims = self.trim_low_rate >= 0.0
            && self.trim_high_rate >= 0.0
            && self.trim_low_rate + self.trim_high_rate < 1.0;
        check(trims, "classic.trim_low_rate", "at least 0, and below 1 with `trim_high_rate`")?;
        let bounds = self.mismatch_lower >= 0.0 && self.mismatch_lower < self.mismatch_upper;
        check(bounds, "classic.mismatch_lower", "at least 0 and below `mismatch_upper`")?;
        check(self.dispersion_bad >= 1.0, "classic.dispersion_bad", "at least 1")?;
        check(self.anomaly_rate > 0.0, "classic.anomaly_rate", "above 0")?;
        check(self.min_confidence <= 100, "classic.min_confidence", "from 0 to 100")?;
        for (rate, field) in [
            (self.risk.dispersion, "classic.risk.dispersion"),
            (self.risk.supply, "classic.risk.supply"),
            (self.risk.low_sample, "classic.risk.low_sample"),
            (self.risk.fallback, "classic.risk.fallback"),
        ] {
            check((0.0..1.0).contains(&rate), field, "at least 0 and below 1")?;
        }
        Ok(())
    }
}

impl BuyConfig {
    fn validate(&self) -> Result<(), ConfigError> {
        let coefficients = self.coefficients;
        for (rate, field) in [
            (self.fees_rate, "buy.fees_rate"),
            (self.margin_rate, "buy.margin_rate"),
            (self.risk_rate, "buy.risk_rate"),
            (self.hysteresis_rate, "buy.hysteresis_rate"),
        ] {
            check(is_rate(rate), field, "at least 0 and below 1")?;
        }
        if let VatScheme::Margin { rate } = self.vat {
            check(is_rate(rate), "buy.vat.rate", "at least 0 and below 1")?;
        }
        for (coefficient, field) in [
            (coefficients.neuf, "buy.coefficients.neuf"),
            (coefficients.bon, "buy.coefficients.bon"),
            (coefficients.correct, "buy.coefficients.correct"),
        ] {
            let holds = (Decimal::ZERO..=Decimal::ONE).contains(&coefficient);
            check(holds, field, "from 0 to 1")?;
        }
        check(self.step_eur > Decimal::ZERO, "buy.step_eur", "above 0")?;
        check(self.fixed_costs_eur >= Decimal::ZERO, "buy.fixed_costs_eur", "at least 0")?;
        check(self.min_buy_eur >= Decimal::ZERO, "buy.min_buy_eur", "at least 0")?;
        check(self.max_buy_eur >= self.min_buy_eur, "buy.max_buy_eur", "at least `min_buy_eur`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(PricingConfig::default().validate(), Ok(()));
    }

    #[test]
    fn bad_values_are_named() {
        let field = |change: fn(&mut PricingConfig)| {
            let mut config = PricingConfig::default();
            change(&mut config);
            config.validate().map_err(|error| error.field)
        };
        assert_eq!(field(|config| config.buy.step_eur = Decimal::ZERO), Err("buy.step_eur"));
        assert_eq!(field(|config| config.buy.fees_rate = Decimal::ONE), Err("buy.fees_rate"));
        assert_eq!(field(|config| config.robust.window_log = 0.0), Err("robust.window_log"));
        assert_eq!(
            field(|config| config.classic.trim_high_rate = 1.0),
            Err("classic.trim_low_rate")
        );
        assert_eq!(field(|config| config.classic.risk.supply = 1.0), Err("classic.risk.supply"));
        assert_eq!(field(|config| config.robust.confidence.clear()), Err("robust.confidence"));
        assert_eq!(field(|config| config.robust.confidence.reverse()), Err("robust.confidence"));
        assert_eq!(
            field(|config| config.classify.condition_factors.damaged = Decimal::ZERO),
            Err("classify.condition_factors"),
        );
    }

    #[test]
    fn missing_fields_have_their_defaults_and_unknown_ones_are_refused() {
        let config: PricingConfig = serde_json::from_str(
            r#"{"caution": "careful", "buy": {"margin_rate": "0.30", "vat": {"scheme": "margin", "rate": "0.2"}}}"#,
        )
        .unwrap();
        assert_eq!(config.buy.margin_rate, Decimal::new(30, 2));
        assert_eq!(config.buy.step_eur, Decimal::new(1, 1));
        assert!((config.publish_min(false) - 1.0).abs() < 1e-9);
        assert!(serde_json::from_str::<PricingConfig>(r#"{"bye": {}}"#).is_err());
    }
}
