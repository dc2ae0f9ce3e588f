//! Random numbers of the shapes that markets have.

use std::f64::consts::{PI, TAU};

use super::Shape;
use crate::generate::Random;

/// Euler's constant, the mean of the Gumbel law.
const EULER: f64 = 0.577_215_664_901_532_9;

/// Draws for one market.
#[derive(Clone, Debug)]
pub(super) struct Draws(pub(super) Random);

impl Draws {
    /// Above 0 and below 1.
    pub(super) fn uniform(&mut self) -> f64 {
        let high = u32::try_from(self.0.next() >> 32).unwrap_or(u32::MAX);
        (f64::from(high) + 0.5) / (f64::from(u32::MAX) + 1.0)
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    pub(super) fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.0.below(n as u64)).unwrap_or(0)
    }

    /// Box and Muller 1958.
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (TAU * self.uniform()).cos()
    }

    pub(super) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * self.uniform().ln()
    }

    /// Unit standard deviation, mean or median 0.
    pub(super) fn shape(&mut self, shape: Shape) -> f64 {
        match shape {
            Shape::Normal => self.normal(),
            Shape::HeavyTails => {
                // Chi-squared with 4 degrees of freedom is twice the sum of two exponentials.
                let chi_squared = 2.0 * (self.exponential(1.0) + self.exponential(1.0));
                self.normal() / (chi_squared / 4.0).sqrt() / 2.0_f64.sqrt()
            }
            Shape::RightSkewed => self.gumbel(),
            Shape::LeftSkewed => -self.gumbel(),
        }
    }

    fn gumbel(&mut self) -> f64 {
        (-(-self.uniform().ln()).ln() - EULER) * 6.0_f64.sqrt() / PI
    }
}

impl Shape {
    /// The fifth of the draws that is lowest ends here.
    pub(super) fn fifth(self) -> f64 {
        match self {
            Self::Normal => -0.8416,
            Self::HeavyTails => -0.6653,
            Self::RightSkewed => -0.8211,
            Self::LeftSkewed => -0.7197,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_unit_deviation_and_the_stated_fifth() {
        for shape in [Shape::Normal, Shape::HeavyTails, Shape::RightSkewed, Shape::LeftSkewed] {
            let mut draws = Draws(Random::new(5, 0));
            let values: Vec<f64> = (0..100_000).map(|_| draws.shape(shape)).collect();
            let n = f64::from(100_000_u32);
            let mean = values.iter().sum::<f64>() / n;
            let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
            let below = values.iter().filter(|x| **x < shape.fifth()).count();
            assert!(mean.abs() < 0.02, "{shape:?}: {mean}");
            assert!((variance - 1.0).abs() < 0.06, "{shape:?}: {variance}");
            assert!((19_600..20_400).contains(&below), "{shape:?}: {below}");
        }
    }
}
